"""`add`: rows by hand, over HTTP, on Data Center and Cloud."""

import json
import re
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.addition import Addition, added, name_of, plan_addition
from confluence_changelog.cli import main
from confluence_changelog.identity import marks
from confluence_changelog.log_table import Layout, logged_ids
from confluence_changelog.markdown import blocks
from confluence_changelog.row import anchor
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.settings import RowSettings, TableSettings
from confluence_changelog.storage.edit import undo
from confluence_changelog.storage.validate import validate
from confluence_changelog.text import clean
from support.repositories import Repo, RepoFactory
from support.sites import sandbox, writes
from support.terminal import converse

__all__ = ["sandbox"]

LAYOUT = Layout(TableSettings(), RowSettings())
TEXTS = ["Moved the mail relay", "The old rack is switched off."]
HEADINGS = ("Date", "Who", "What", "Why")
HEAD = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
PAGE = f"<p>x</p><table><tbody><tr>{HEAD}</tr><tr><td>old</td><td/><td/><td/></tr></tbody></table>"


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be in no repository: a change that is not in Git needs none."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday.")
    monkeypatch.chdir(repo.path)
    return repo


def body(sandbox: Sandbox) -> str:
    return sandbox.page(LOG_ID).storage


def first_cells(sandbox: Sandbox) -> list[str]:
    """Return the cells of the first row below the headers of the log, without the wrapper of one."""
    row = body(sandbox).rpartition("Why</th></tr>")[2].partition("</tr>")[0]
    row = re.sub('<div class="content-wrapper">(.*?)</div>', r"\1", row)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    return [
        re.sub(r"<ac:structured-macro.*?</ac:structured-macro>", "ANCHOR", cell) for cell in cells
    ]


def today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - as `add` does


def test_a_row_is_added_at_the_top(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    before = body(sandbox)
    assert main(["add", *TEXTS]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(
        f"Added a row to 'Change Log', version 2:\n  {today()} | Admin | {TEXTS[0]} | {TEXTS[1]}\n"
    )
    assert err == ""
    dated, *others = first_cells(sandbox)
    assert re.fullmatch(rf'<p><time datetime="{today()}" />(&nbsp;|&#160;|\u00a0)ANCHOR</p>', dated)
    assert others == ["<p>Admin</p>", f"<p>{TEXTS[0]}</p>", f"<p>{TEXTS[1]}</p>"]
    at = body(sandbox).rindex("Why</th></tr>") + len("Why</th></tr>")
    end = body(sandbox).index("</tr>", at) + len("</tr>")
    assert body(sandbox)[:at] + body(sandbox)[end:] == before
    version = sandbox.page(LOG_ID).version
    assert (version.message, version.minor) == ("Change log: a row added by hand", False)


@pytest.mark.parametrize(
    "words",
    [
        ["2026-01-31", "Bo", "It", "So"],
        ["--cell", "date=2026-01-31", "--cell", " WHO =Bo", "It", "So"],
        ["--cell", "Date=2026-01-31", "Bo", "It", "So"],
        ["--cell=Why=So", "--cell=What=It", "--cell=Who=Bo", "--cell=Date=2026-01-31"],
    ],
)
def test_how_texts_are_given(sandbox: Sandbox, words: list[str]) -> None:
    assert main(["add", *words]) == 0
    dated, *others = first_cells(sandbox)
    assert dated.startswith('<p><time datetime="2026-01-31" />')
    assert others == ["<p>Bo</p>", "<p>It</p>", "<p>So</p>"]


def test_what_is_not_given_is_filled_in_or_empty(sandbox: Sandbox) -> None:
    assert main(["add", "--cell", "What=a = b", "--cell", "Date=last Friday"]) == 0
    dated, *others = first_cells(sandbox)
    assert dated.startswith("<p>last Friday")
    assert others == ["<p>Admin</p>", "<p>a = b</p>", "<p><br /></p>"]


def test_numbers_go_on_and_dates_have_the_format_of_their_column(
    sandbox: Sandbox, repo: Repo
) -> None:
    sandbox.set_body(
        LOG_ID,
        "<table><tr><th>Nr</th><th>Datum</th><th>Was</th></tr>"
        "<tr><td>7</td><td>1.5.</td><td>Alt</td></tr></table>",
    )
    text = '[table.columns]\nNr = "number"\nDatum = "date:%d.%m.%Y"\nWas = "subject"\n'
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")
    assert main(["add", "Relais ersetzt", "--cell", "Datum=2026-11-20"]) == 0
    row = body(sandbox).partition("<tr><td><p>8</p>")[2]
    assert row.startswith(("</td><td><p>20.11.2026&#160;<ac:", "</td><td><p>20.11.2026&nbsp;<ac:"))
    assert "</td><td><p>Relais ersetzt</p></td></tr><tr><td>7</td>" in row


def test_a_key_is_added_once(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.switch(editor_resave=True)
    assert main(["add", "--key", "Änderung 1", *TEXTS]) == 0
    capsys.readouterr()
    again = " " + unicodedata.normalize("NFD", "Änderung 1")
    assert main(["add", "--key", again, "Another text", ""]) == 0
    assert "' is on 'Change Log' already." in capsys.readouterr().out
    assert main(["add", "--key", "Änderung 1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["already"] is True
    assert (writes(sandbox), sandbox.page(LOG_ID).latest) == (1, 2)
    assert main(["add", "--key", "Änderung 2", *TEXTS]) == 0
    assert sandbox.page(LOG_ID).latest == 3


@pytest.mark.parametrize("key", [["--key", "CHG-1"], []])
@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "after"},
        {"drop": "before"},
        {"edit": {"append": "<p>Theirs.</p>"}},
        {"drop": "after", "edit": {"append": "<p>Theirs.</p>"}, "edit_when": "after"},
    ],
)
def test_one_row_whatever_happens(
    sandbox: Sandbox, fault: dict[str, object], key: list[str]
) -> None:
    sandbox.put_fault(method="PUT", **fault)
    assert main(["add", *TEXTS, *key]) == 0
    assert body(sandbox).count(TEXTS[0]) == 1
    assert body(sandbox).endswith("Theirs.</p>") == ("edit" in fault)


def test_it_is_no_commits_row(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "--key", repo.rev_parse(), *TEXTS]) == 0
    assert main(["publish", "--range", "HEAD"]) == 0
    assert main(["add", "Later", "So"]) == 0
    capsys.readouterr()
    assert main(["audit"]) == 0
    places = [
        body(sandbox).index(text) for text in ("Later", "Add a resolver", TEXTS[0], "Chloe</td>")
    ]
    assert places == sorted(places)
    sandbox.clear_requests()
    assert main(["publish", "--range", "HEAD"]) == 0
    assert writes(sandbox) == 0
    assert logged_ids(body(sandbox), LAYOUT) == {repo.rev_parse()}


def test_texts_stay_text_and_secrets_out(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    hostile = "<script>x</script> ##vso[task] \u202e{macro}"
    assert main(["add", hostile, f"It was {token}\n\n- <ac:link/>\n- `b`"]) == 0
    out, err = capsys.readouterr()
    assert "&lt;script&gt;x&lt;/script&gt;" in body(sandbox)
    assert first_cells(sandbox)[3] == (
        "<p>It was [removed]</p><ul><li><p>&lt;ac:link/&gt;</p></li><li><p><code>b</code></p></li></ul>"
    )
    assert token not in out + err + body(sandbox)
    assert "warning: a GitHub token is shown as [removed]" in err
    assert "##vso" not in out
    assert "\u202e" not in out + body(sandbox)


def test_a_dry_run_writes_nothing(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", *TEXTS, "--key", "CHG-1", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Would add a row to 'Change Log', version 1:")
    assert writes(sandbox) == 0
    name = re.search(r"cl1-key-[0-9a-f]{32}", out)
    assert name
    assert main(["add", *TEXTS, "--key", "CHG-1"]) == 0
    assert body(sandbox).count(name[0]) >= 1


def test_columns_that_no_commit_fills(sandbox: Sandbox) -> None:
    header = "<tr><th>Nr</th><th>Was</th><th>Commit</th></tr>"
    sandbox.set_body(LOG_ID, f"<table><tbody>{header}</tbody></table>")
    Path("c.toml").write_text(
        "[table]\nnumber = 1\n[table.columns]\nCommit = 'commit'\nWas = 'subject'\n"
        "[row]\nwide_characters = 'replace'\n",
        encoding="utf-8",
    )
    assert main(["add", "7", "Neu \U0001f680", "--config", "c.toml"]) == 0
    row = body(sandbox).partition(header)[2]
    assert row.startswith(
        "<tr><td><p>7</p></td><td><p>Neu \ufffd</p></td><td><p><ac:structured-macro"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            [],
            "The texts of the row are missing; give one for each of What, Why, or some with --cell",
        ),
        (["x"], "a text for each of What, Why, or for each of Date, Who, What, Why, and not 1"),
        (["--cell", "Nix=x"], "no one column with the header 'Nix'; its columns are Date, Who"),
        (["--cell", "x"], "'x' is not of the form Header=text"),
        (["--cell", "What=x", "--cell", "what=y"], "'what' is given twice"),
        (["--key", " ", *TEXTS], "--key is empty"),
    ],
)
def test_what_is_wrong_is_said(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert main(["add", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert says in err
    assert writes(sandbox) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_at_a_terminal_cells_are_asked_for(sandbox: Sandbox, tmp_path: Path) -> None:
    asked = [
        (f"Date [{today()}]:", "2026-01-31"),
        ("Who [Admin]:", ""),
        ("What:", "It"),
        ("Why:", "So"),
    ]
    done = converse(["add"], asked, tmp_path)
    assert done.status == 0, done
    assert "2026-01-31 | Admin | It | So" in done.out
    nothing = converse(["add"], [("Date", ""), ("Who", ""), ("What", ""), ("Why", "")], tmp_path)
    assert nothing.status == 2
    assert "Nothing was typed, so no row was added." in nothing.screen
    assert sandbox.page(LOG_ID).latest == 2


@given(st.lists(st.text(), min_size=4, max_size=4), st.text())
def test_any_texts_make_a_provable_row(texts: list[str], key: str) -> None:
    addition = Addition(name_of(key), HEADINGS, tuple(map(clean, texts)))
    edit = plan_addition(PAGE, addition, LAYOUT)
    assert validate(edit.body) is None
    assert undo(edit.body, edit.spans) == PAGE
    assert edit.body.index("old") > edit.body.index(addition.name)
    assert added(edit.body, LAYOUT) == {name_of(key)}
    assert logged_ids(edit.body, LAYOUT) == frozenset()
    assert plan_addition(edit.body, addition, LAYOUT).spans == ()
    assert "##[" not in edit.body
    assert blocks(clean(texts[3])).count("<li>") == edit.rows[0].storage.count("<li>")


@given(st.text(), st.text())
def test_a_key_is_no_commit(one: str, other: str) -> None:
    assert marks(f"<p>{anchor(name_of(one))}</p>") == []
    same = unicodedata.normalize("NFC", one.strip()) == unicodedata.normalize("NFC", other.strip())
    assert (name_of(one) == name_of(other)) == same
