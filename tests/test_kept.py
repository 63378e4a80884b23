"""In which order a log is kept: by its dates and numbers, and from `init` to `audit`."""

import json

import pytest

from confluence_changelog.cli import main
from confluence_changelog.config import FILE_NAME, load, parse
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.kept import seems_oldest_first
from confluence_changelog.log_table import read_log
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.storage.scan import scan
from support.entries import layout
from support.repositories import Repo, RepoFactory
from support.sites import sandbox

__all__ = ["sandbox"]

DAYS = ("<time datetime='2025-12-31' />", "2026-01-02", "on 2026-03-01")


def log(head: str, *rows: str) -> str:
    """Return a table of which each row is given by texts between bars."""
    cells = ["".join(f"<td>{text.strip()}</td>" for text in row.split("|")) for row in rows]
    heads = "".join(f"<th>{text.strip()}</th>" for text in head.split("|"))
    return f"<table><tr>{heads}</tr>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


@pytest.mark.parametrize(
    ("body", "rising"),
    [
        (log("Date|What", f"{DAYS[0]}|a", f"{DAYS[1]}|b", f"{DAYS[2]}|c"), "dates"),
        (log("Date|What", f"{DAYS[0]}|a", "May|x", f"{DAYS[0]}|b", f"{DAYS[2]}|c"), "dates"),
        (log("Date|What", f"{DAYS[2]}|a", f"{DAYS[1]}|b"), ""),
        (log("Date|What", f"{DAYS[0]}|a"), ""),
        (log("Date|What", f"{DAYS[0]}|a", f"{DAYS[0]}|b"), ""),
        (log("Date|What"), ""),
        (log("Nr|Date|What", "1|May|a", "2|May|b", "4|June|c"), "numbers"),
        (log("|Date|What", "1.|May|a", "2.|May|b", "|||"), "numbers"),
        (log("X|Date|What", "1|May|a", "2|May|b"), "numbers"),
        (log("X|Date|What", "1|May|a", "2b|May|b"), ""),
        (log("Nr|Date|What", "2|May|a", "1|May|b"), ""),
        (log("Nr|Date|What", "1|May|a", "1|May|b"), ""),
        (log("Nr|Date|What", "1|May|a"), ""),
        (log("Nr|Date|What", f"1|{DAYS[2]}|a", f"2|{DAYS[1]}|b"), ""),
        (log("Nr|Date|What", f"1|{DAYS[2]}|a", f"2|{DAYS[0]}|b", f"3|{DAYS[1]}|b"), "numbers"),
        (log("Date|What", "05.01.2026|a", "06.01.2026|b"), ""),
    ],
)
def test_what_rises(body: str, rising: str) -> None:
    found = read_log(body, layout({}, 1))
    assert seems_oldest_first(body, found.table, found.fields) == rising


@pytest.mark.parametrize("key", ["order", "empty_rows"])
def test_an_unknown_order_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match=f"table.{key}"):
        parse({"table": {key: "rising"}}, "it")


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    for number in range(1, 4):
        repo.commit({"dns.conf": str(number)}, f"Change {number}\n\nThe old one leaves on Friday.")
    monkeypatch.chdir(repo.path)
    return repo


NUMBERED = log("|Date|Who|What|Why", "1|May|Bo|Begun|By hand", "2|May|Bo|Gone on|By hand", "||||")
NUMBERED = NUMBERED.replace("<td>1<", '<td class="numberingColumn">1<').replace(
    "<td>2<", '<td class="numberingColumn">2<'
)


def shown(sandbox: Sandbox) -> list[str]:
    """Return number and text of the rows of the log."""
    body = sandbox.page(LOG_ID).storage
    rows = [body[row.start : row.end] for row in scan(body)[-1].rows[1:]]
    texts = [json.dumps(row) for row in rows]
    names = ("Begun", "Gone on", "Change 1", "Change 2", "Change 3", "Side", "Merged", "By phone")
    return [next((name for name in names if name in text), "-") for text in texts]


def test_a_log_that_is_kept_oldest_first(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, f"<p>Our log</p>{NUMBERED}")
    assert main(["init", "--since", "all", "--hooks", "none"]) == 0
    assert "The numbers of the log rise from top to bottom: new rows would go to its end.\n" in (
        capsys.readouterr().out
    )
    config = load(repo.path / FILE_NAME)
    assert (config.table.order, config.table.empty_rows) == ("oldest-first", "keep")
    first, second = repo.rev_parse("HEAD~2"), repo.rev_parse("HEAD~1")
    assert main(["publish", "--commit", first, "--commit", "HEAD"]) == 0
    assert main(["add", "By phone", "It was urgent."]) == 0
    assert shown(sandbox) == ["Begun", "Gone on", "Change 1", "Change 3", "By phone", "-"]
    capsys.readouterr()
    assert main(["audit"]) == 1
    assert "1 commit has no row" in capsys.readouterr().out
    assert main(["audit", "--fix"]) == 0
    assert shown(sandbox) == [
        "Begun",
        "Gone on",
        "Change 1",
        "Change 2",
        "Change 3",
        "By phone",
        "-",
    ]
    assert main(["audit"]) == 0
    body = sandbox.page(LOG_ID).storage
    assert [body.count(f'<td class="numberingColumn">{number}</td>') for number in range(1, 8)] == [
        *[1] * 6,
        0,
    ]
    assert body.index(second) < body.index(repo.rev_parse("HEAD"))
    repo.commit({"dns.conf": "4"}, "Side\n\nThe old one leaves on Friday.")
    (repo.path / FILE_NAME).write_text(
        (repo.path / FILE_NAME)
        .read_text(encoding="utf-8")
        .replace("[table]", '[table]\nempty_rows = "fill"', 1),
        encoding="utf-8",
    )
    assert main(["publish"]) == 0
    assert shown(sandbox)[-2:] == ["By phone", "Side"]
    capsys.readouterr()
    assert main(["audit"]) == 0


def test_a_moved_row_of_it_is_found(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo.path / FILE_NAME).write_text('[table]\norder = "oldest-first"\n', encoding="utf-8")
    assert main(["publish", "--range", "HEAD"]) == 0
    body = sandbox.page(LOG_ID).storage
    rows = [body[row.start : row.end] for row in scan(body)[-1].rows]
    (newest,) = [row for row in rows if "Change 3" in row]
    sandbox.set_body(LOG_ID, body.replace(newest, "").replace(rows[0], rows[0] + newest))
    capsys.readouterr()
    assert main(["audit"]) == 1
    out = capsys.readouterr().out
    assert "1 row is out of order" in out
    assert "(stands above row" in out
    assert "whose commit came earlier)" in out


def test_a_preview_says_that_new_rows_go_to_the_wrong_end(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, NUMBERED)
    dry = ["publish", "--range", "HEAD", "--dry-run"]
    assert main(dry) == 0
    assert "warning: The numbers of the log rise from top to bottom" in capsys.readouterr().err
    (repo.path / FILE_NAME).write_text('[table]\norder = "oldest-first"\n', encoding="utf-8")
    assert main(dry) == 0
    assert "rise" not in capsys.readouterr().err


def test_what_init_is_told_about_the_order_holds(sandbox: Sandbox, repo: Repo) -> None:
    sandbox.set_body(LOG_ID, NUMBERED)
    init = ["init", "--since", "all", "--hooks", "none", "--replace", "--order"]
    for order in ("newest-first", "oldest-first"):
        assert main([*init, order]) == 0
        assert load(repo.path / FILE_NAME).table.order == order
