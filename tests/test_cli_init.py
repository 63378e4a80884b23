"""`init`: from a page and a repository to a configuration, on Data Center and Cloud."""

import os
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.cli import main
from confluence_changelog.config import FILE_NAME, load, parse
from confluence_changelog.draft import Draft, fields_by_name, is_recognisable, likely_logs, render
from confluence_changelog.fields import pieces
from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox
from confluence_changelog.settings import DEFAULT_COLUMNS, FIELDS, Config
from support.repositories import Repo, RepoFactory
from support.sites import sandbox, writes
from support.terminal import converse

__all__ = ["sandbox"]

PAGE = ["--page", str(LOG_ID)]
NO_TERMINALS = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind"
)


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday.")
    monkeypatch.chdir(repo.path)
    monkeypatch.delenv("CONFLUENCE_PAGE", raising=False)
    return repo


def written(repo: Repo) -> Config:
    return load(repo.path / FILE_NAME)


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err


def table(*headers: str) -> str:
    cells = "".join(f"<th>{header}</th>" for header in headers)
    return f"<table><tbody><tr>{cells}</tr></tbody></table>"


def test_without_a_question(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *PAGE]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "as Admin.\nPage: 'Change Log', version 1, http" in out
    assert f"\nWrote {FILE_NAME}.\n" in out
    assert "Hooks were not installed" in out
    assert "look like this:\n  Date: " in out
    assert "\n  What: Add a resolver\n  Why: The old one leaves on Friday.\n" in out
    config = written(repo)
    assert config.page.url == sandbox.url
    assert (config.page.id, config.page.flavour) == (LOG_ID, sandbox.flavour)
    assert (config.table.number, config.table.columns) == (None, DEFAULT_COLUMNS)
    assert config.scope.since == repo.rev_parse()
    assert writes(sandbox) == 0


def test_then_publishing_takes_two_requests(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["init", *PAGE, "--hooks", "none"]) == 0
    repo.commit({"dns.conf": "2"}, "Change a resolver\n\nIt was slow.")
    sandbox.clear_requests()
    assert main(["publish"]) == 0
    assert [each["method"] for each in sandbox.requests()] == ["GET", "PUT"]
    body = sandbox.page(LOG_ID).storage
    assert "Change a resolver" in body
    assert "Add a resolver" not in body


def test_any_address_of_the_page_will_do(sandbox: Sandbox, repo: Repo) -> None:
    address = f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}#top"
    for page in (address, "OPS:Change Log"):
        assert main(["init", "--page", page, "--replace"]) == 0
        assert written(repo).page.id == LOG_ID


def test_what_is_there_is_not_overwritten(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    file = repo.path / FILE_NAME
    file.write_text("[scope]\nheal = 1\n", encoding="utf-8")
    assert main(["init", *PAGE, "--yes"]) == 2
    assert "is there already and stays as it is; edit it, or give --replace" in one_sentence(capsys)
    assert file.read_text(encoding="utf-8") == "[scope]\nheal = 1\n"
    assert sandbox.requests() == []
    assert main(["init", *PAGE, "--replace"]) == 0
    assert written(repo).page.id == LOG_ID
    file.write_text("# nothing yet\n", encoding="utf-8")
    assert main(["init", *PAGE]) == 0
    assert written(repo).page.id == LOG_ID
    file.unlink()
    (repo.path / "pyproject.toml").write_text("[tool.confluence-changelog]\n", encoding="utf-8")
    assert main(["init", *PAGE, "--replace"]) == 2
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ([], 2, "init does not know: the page with the log; give --page, or --create SPACE:Title"),
        (["--page", "nonsense"], 2, "names no page"),
        (["--page", "OPS:None"], 3, "There is no page 'None' in space OPS"),
        ([*PAGE, "--table", "3"], 2, "The page has no table '3'; give a number from 1 to 2."),
        ([*PAGE, "--table", "1"], 2, "No column of table 1 (Area | Who) is known to show `date`"),
        ([*PAGE, "--columns", "Date"], 2, "--columns takes pairs"),
        ([*PAGE, "--columns", "Date=dat"], 2, "cannot show `dat`; did you mean `date`?"),
        ([*PAGE, "--columns", "Nix=date"], 3, "no column with the header 'Nix'"),
        ([*PAGE, "--since", "nowhere"], 2, "neither a date such as 2026-01-31 nor a commit"),
        (["--page", str(HOME_ID)], 3, "Page 65537 has no table at the top level; put one there"),
        (["--create", "Title"], 2, "'Title' names no page"),
        (["--create", "OPS:Change Log"], 3, "Space OPS has a page 'Change Log' already, http"),
    ],
)
def test_what_is_missing_or_wrong_is_one_sentence(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    says: str,
) -> None:
    assert main(["init", *words]) == status
    assert says in one_sentence(capsys)
    assert not (repo.path / FILE_NAME).exists()
    assert sandbox.page(LOG_ID).latest == 1


def test_no_address(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CONFLUENCE_URL")
    assert main(["init", *PAGE]) == 2
    assert "init does not know: address of Confluence, or of the page with the log; give --url" in (
        one_sentence(capsys)
    )
    assert main(["init", *PAGE, "--url", sandbox.url]) == 2
    assert "only to the host of CONFLUENCE_URL" in one_sentence(capsys)


def test_outside_of_a_work_tree(
    sandbox: Sandbox,
    make_repo: RepoFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 3
    assert "is in no Git repository" in one_sentence(capsys)
    monkeypatch.chdir(make_repo("bare", bare=True).path)
    assert main(["init"]) == 2
    assert "run init in a work tree" in one_sentence(capsys)


def test_a_repository_without_a_commit(
    sandbox: Sandbox,
    make_repo: RepoFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repo = make_repo("empty")
    monkeypatch.chdir(repo.path)
    assert main(["init", *PAGE]) == 0
    assert "There is no commit yet" in capsys.readouterr().out
    assert written(repo).scope.since == ""


@pytest.mark.parametrize("since", ["all", "2026-01-31", "HEAD~1"])
def test_where_the_log_begins(sandbox: Sandbox, repo: Repo, since: str) -> None:
    first = repo.rev_parse()
    repo.commit({"x": "1"}, "More\n\nBecause.")
    assert main(["init", *PAGE, "--since", since]) == 0
    assert written(repo).scope.since == {"all": "", "HEAD~1": first}.get(since, since)


@pytest.mark.parametrize(
    ("body", "words", "number", "columns"),
    [
        (
            table("Datum", "Wer", "Was", "Warum?"),
            [],
            None,
            {"Datum": "date", "Wer": "author", "Was": "subject", "Warum?": "body"},
        ),
        (
            table("Nr", "When", "Change", "Approved"),
            [],
            None,
            {
                "Nr": "number",
                "When": "date",
                "Change": "{subject}{body}",
                "Approved": "trailer:Approved-by",
            },
        ),
        (
            table("Area", "Who") + table("Date", "What") + table("Date", "What"),
            ["--table", "3"],
            3,
            {"Date": "date", "What": "subject"},
        ),
        (
            table("X", 'A "quoted" = &lt;header&gt;'),
            ["--columns", "X=date", 'A "quoted" = <header>=subject'],
            None,
            {"X": "date", 'A "quoted" = <header>': "subject"},
        ),
        (
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
            ["--columns", "Date=date", "What=subject"],
            1,
            {"Date": "date", "What": "subject"},
        ),
    ],
)
def test_table_and_columns(
    sandbox: Sandbox,
    repo: Repo,
    body: str,
    words: list[str],
    number: int | None,
    columns: dict[str, str],
) -> None:
    sandbox.set_body(LOG_ID, body)
    assert main(["init", *PAGE, *words]) == 0
    assert written(repo).table.number == number
    assert written(repo).table.columns == columns
    assert main(["publish", "--range", "HEAD", "--dry-run"]) == 0


def test_two_tables_that_could_be_it(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, table("Date", "What") + table("Date", "Why"))
    assert main(["init", *PAGE]) == 2
    assert "init does not know: which table is the log (its number); give --table" in (
        one_sentence(capsys)
    )


@pytest.mark.parametrize("below", [[], PAGE])
def test_a_page_is_made(sandbox: Sandbox, repo: Repo, below: list[str]) -> None:
    assert main(["init", "--create", "OPS:Our log", *below]) == 0
    config = written(repo)
    page = sandbox.page(int(config.page.id))
    assert page.title == "Our log"
    assert (page.parent == LOG_ID) == bool(below)
    assert main(["publish", "--range", "HEAD"]) == 0
    repo.commit({"x": "1"}, "More\n\nBecause.")
    assert main(["publish"]) == 0
    assert "More" in sandbox.page(page.id).storage


@pytest.mark.parametrize("words", [["--yes"], ["--hooks", "native"]])
def test_hooks_are_installed(sandbox: Sandbox, repo: Repo, words: list[str]) -> None:
    assert main(["init", *PAGE, *words]) == 0
    assert (repo.path / ".git" / "hooks" / "commit-msg").exists()


def test_hooks_that_cannot_be_installed_hinder_nothing(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo.path / ".pre-commit-config.yaml").write_text("- {no: [known, shape]}\n", encoding="utf-8")
    assert main(["init", *PAGE, "--hooks", "pre-commit"]) == 0
    out, err = capsys.readouterr()
    assert "warning: The hooks were not installed: " in err
    assert "look like this:" in out
    assert written(repo).page.id == LOG_ID


def test_a_user_who_may_not_edit(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.restrict(LOG_ID, "update", "editor")
    assert main(["init", *PAGE]) == 0
    assert "warning: This user may not edit the page" in capsys.readouterr().err


def test_credentials_that_are_ignored(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.switch(anonymous_access=True)
    monkeypatch.delenv("CONFLUENCE_USER")
    monkeypatch.delenv("CONFLUENCE_PASSWORD")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "wrong")
    assert main(["init", *PAGE]) in (2, 3)
    assert one_sentence(capsys)
    assert not (repo.path / FILE_NAME).exists()


@NO_TERMINALS
@pytest.mark.slow
def test_a_newcomer_is_walked_through(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing in the environment: the credentials are asked for, too, and are not kept."""
    user, secret = sandbox.credentials
    for name in ("CONFLUENCE_URL", "CONFLUENCE_USER", "CONFLUENCE_PASSWORD"):
        monkeypatch.delenv(name)
    # The sandbox' host is no *.atlassian.net, so that the kind is not known when it asks.
    answers = [
        ("Address of Confluence, or of the page with the log:", sandbox.url),
        ("Page with the log:", f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}"),
        ("Log in now? Only if this is your Confluence [y/N]:", "y"),
        ("User name (empty for a personal access token):", user),
        ("Password:", secret),
        ("in the keyring [y/N]:", ""),
        ("Which table is the log (its number) [2]:", ""),
        ("Is that right? [Y/n]:", "n"),
        ("Date shows [date]:", ""),
        ("Who shows [author]:", "committer"),
        ("What shows [subject]:", ""),
        ("Why shows [body]:", "-"),
        ("Commits get rows after this commit", ""),
        ("Install the hooks", "n"),
    ]
    done = converse(["init"], answers, repo.path, os.environ)
    assert done.status == 0, done
    assert secret not in done.screen.partition("Password:")[2] + done.out
    assert "  What: Add a resolver\n" in done.out
    config = written(repo)
    assert config.table.columns == {"Date": "date", "Who": "committer", "What": "subject"}
    assert (config.table.number, config.page.flavour) == (None, sandbox.flavour)
    assert config.scope.since == repo.rev_parse()
    assert writes(sandbox) == 0


@NO_TERMINALS
@pytest.mark.slow
def test_a_page_is_made_where_there_is_no_table(sandbox: Sandbox, repo: Repo) -> None:
    (repo.path / FILE_NAME).write_text("[scope]\nheal = 1\n", encoding="utf-8")
    answers = [
        ("is there already. Replace it [y/N]:", "y"),
        ("Page with the log:", str(HOME_ID)),
        ("Make a page with a ready log below it [y/N]:", "y"),
        ("Space and title of the new page, as in OPS:Change Log [OPS:Change Log]:", "OPS:Our log"),
        ("Is that right? [Y/n]:", ""),
        ("Commits get rows after this commit", "all"),
        ("Install the hooks", ""),
    ]
    done = converse(["init"], answers, repo.path)
    assert done.status == 0, done
    page = sandbox.page(int(written(repo).page.id))
    assert (page.title, page.parent) == ("Our log", HOME_ID)
    assert (repo.path / ".git" / "hooks" / "commit-msg").exists()
    assert written(repo).scope.since == ""


@NO_TERMINALS
@pytest.mark.slow
def test_a_person_who_does_not_want_it_replaced(sandbox: Sandbox, repo: Repo) -> None:
    (repo.path / FILE_NAME).write_text("[scope]\nheal = 1\n", encoding="utf-8")
    done = converse(["init", *PAGE], [("Replace it [y/N]:", "")], repo.path)
    assert done.status == 2
    assert written(repo).scope.heal == 1


@given(
    st.dictionaries(st.text(), st.sampled_from(FIELDS).filter(lambda field: field != "trailer")),
    st.text(),
    st.text(),
    st.none() | st.integers(1),
)
def test_the_file_says_what_was_settled(
    columns: dict[str, str], title: str, since: str, number: int | None
) -> None:
    draft = Draft("https://w.example.com", "65538", title, "cloud", number, columns, since, title)
    data = tomllib.loads(render(draft))
    assert data["page"] == {"url": "https://w.example.com", "id": 65538, "flavour": "cloud"}
    assert data["table"] == ({"columns": columns} | ({"number": number} if number else {}))
    assert data["scope"] == {"since": since}
    if is_recognisable(columns):
        assert parse(data, "it").table.columns == columns


@given(st.lists(st.sampled_from(["Date", "date ", "Wer", "Was", "WHY?", "Who", "Sha", "Nr", ""])))
def test_columns_by_name(headers: list[str]) -> None:
    found = fields_by_name(headers)
    assert set(found) <= set(headers)
    assert len(set(found.values())) == len(found)
    assert {piece.field for shown in found.values() for piece in pieces(shown)} <= set(FIELDS)
    if headers.count("Date") == 1 and "date " not in headers:
        assert found["Date"] == "date"


@pytest.mark.parametrize(
    ("tables", "likely"),
    [
        ([], []),
        ([["Area", "Who"], ["Date", "Who", "What", "Why"]], [1]),
        ([["Date", "What"], ["Datum", "Was"]], [0, 1]),
        ([["Date"]], []),
        ([["Who", "What", "Why"]], []),
    ],
)
def test_which_tables_are_likely_logs(tables: list[list[str]], likely: list[int]) -> None:
    assert likely_logs(tables) == likely
