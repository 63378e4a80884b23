"""Long bodies and lists of files fold where Confluence can, and are cut where not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from confluence_changelog.cli import main
from confluence_changelog.given import Target
from confluence_changelog.markdown import split
from confluence_changelog.mentions import likely_target
from confluence_changelog.row import Row, lay_out
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.settings import Config, PageSettings, RowSettings
from confluence_changelog.storage.xml import epilogue, prologue
from confluence_changelog.text import clean
from support.entries import entry
from support.repositories import RepoFactory

FOLDS = Target(folds=True)
LONG = "\n\n".join(f"Paragraph {number} says why." for number in range(40))
TITLE = '<ac:parameter ac:name="title">'


def row(body: str, target: Target = FOLDS, **settings: int | str) -> Row:
    return lay_out(entry(body=body), ("date", "body"), RowSettings(**settings), target=target)  # type: ignore[arg-type]


def inside(made: Row) -> str:
    (found,) = re.findall("<ac:rich-text-body>(.*)</ac:rich-text-body>", made.storage, re.DOTALL)
    return str(found)


def test_the_beginning_is_shown_and_the_rest_folds() -> None:
    made = row(LONG, body_limit=100, fold_title="R&D <more>")
    before, _, after = made.storage.partition(f"{TITLE}R&amp;D &lt;more&gt;</ac:parameter>")
    assert before.count("<p>Paragraph") == 4
    assert after.count("<p>Paragraph") == 36
    assert "continues" not in made.storage
    assert made.cells[1].endswith("Paragraph 3 says why.\n▸ R&D <more>")


def test_folded_code_that_looks_like_mark_up_is_not_shown_either() -> None:
    made = row(f"Why.\n\n```\n</ac:rich-text-body>{'x' * 100}\n```", body_limit=10)
    assert made.cells[1] == "Why.\n▸ More"


def test_a_long_first_block_is_cut_and_all_of_it_folds() -> None:
    made = row("word " * 100, body_limit=50)
    assert f"{'word ' * 10}…</p>" in made.storage
    assert inside(made) == f"<p>{('word ' * 100).strip()}</p>"


def test_what_does_not_fit_an_expand_either_continues_in_the_commit() -> None:
    made = row(LONG, body_limit=100, fold=200)
    assert inside(made).count("<p>Paragraph") < 10
    assert inside(made).endswith(f'<p>… <a href="{entry().url}">continues in the commit</a></p>')


@pytest.mark.parametrize(("target", "fold"), [(Target(), 20_000), (FOLDS, 0)])
def test_otherwise_it_is_cut(target: Target, fold: int) -> None:
    made = row(LONG, target, body_limit=100, fold=fold)
    assert "structured-macro" not in made.storage
    assert made.cells[1].endswith("… continues in the commit")


@given(
    st.lists(st.sampled_from(["a", "- b\n", "\n\n", "> ", "```\n", "    ", "1. ", "\t"])),
    st.integers(0, 60),
)
def test_a_text_is_split_between_blocks_and_nothing_is_lost(parts: list[str], limit: int) -> None:
    text = "".join(parts)
    first, rest = split(text, limit)
    assert len(first) <= limit
    assert "".join((first + rest).split()) == "".join(clean(text).split())


def test_files_fold() -> None:
    paths = tuple(f"net/{number}.conf" for number in range(30))
    made = lay_out(entry(paths=paths), ("date", "files:3"), RowSettings(), target=FOLDS)
    assert f"{TITLE}27 more</ac:parameter>" in made.storage
    assert made.storage.count("<code>net/") == 30
    fewer = lay_out(entry(paths=paths), ("date", "files:3"), RowSettings(fold=60), target=FOLDS)
    assert fewer.cells[1].splitlines()[-1] == "▸ 27 more"
    assert inside(fewer).endswith("<br />… 22 more</p>")
    for shown in ("{files:3} of {branch}", "files:0"):
        other = lay_out(entry(paths=paths), ("date", shown), RowSettings(), target=FOLDS)
        assert "structured-macro" not in other.storage


@given(st.text(), st.integers(1, 40), st.integers(0, 40))
def test_any_body_folds_into_mark_up(body: str, limit: int, fold: int) -> None:
    made = row(body, body_limit=limit, fold=fold)
    etree.fromstring(f"{prologue()}{made.storage}{epilogue()}".encode())


@pytest.mark.parametrize(
    ("page", "address", "folds"),
    [
        (PageSettings(), "", False),
        (PageSettings(id="42"), "", False),
        (PageSettings(url="https://wiki.example.com"), "", True),
        (PageSettings(id="https://x.atlassian.net/wiki/spaces/A/pages/1"), "", False),
        (PageSettings(), "https://x.atlassian.net/wiki", False),
        (PageSettings(), "https://[x", False),
        (PageSettings(flavour="data-center"), "", True),
        (PageSettings(url="https://wiki.example.com", flavour="cloud"), "", False),
    ],
)
def test_a_preview_goes_by_the_address(page: PageSettings, address: str, folds: bool) -> None:
    assert likely_target(Config(page), address) == Target(folds=folds)


BODY = f"See:\n\n```yaml\na: ##[x]]]>\n::error::b\n```\n\n{LONG * 4}"


@pytest.mark.parametrize(
    "flavour",
    [
        pytest.param(name, marks=pytest.mark.confluence_sandbox(flavour=name))
        for name in ("data-center", "cloud")
    ],
)
def test_rows_with_macros_are_found_unaltered(
    flavour: str,
    confluence_sandbox: Sandbox,
    make_repo: RepoFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Published, saved by Confluence, and audited; a dry run says the same and commands nothing."""
    sandbox, repo = confluence_sandbox, make_repo()
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    columns = '[table]\nnumber = 2\n[row]\nbody_limit = 300\n[page]\nid = "65538"\n'
    repo.commit({"confluence-changelog.toml": columns}, f"Change\n\n{BODY}")
    monkeypatch.chdir(repo.path)
    assert main(["publish", "--range", "HEAD", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "##[" not in said
    assert not re.search(r"(?m)^\s*::", said)
    assert main(["publish", "--range", "HEAD"]) == 0
    storage = sandbox.page(LOG_ID).storage
    assert storage.count('ac:name="expand"') == (flavour == "data-center")
    assert "a: #" in storage
    assert "##[" not in storage
    assert main(["audit"]) == 0, capsys.readouterr()
    sandbox.clear_requests()
    assert main(["publish", "--range", "HEAD"]) == 0
    assert {request["method"] for request in sandbox.requests()} == {"GET"}
