"""The command `archive`, as people and schedules run it."""

import json
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.sandbox import TOKEN, Sandbox
from support.archived import bodies, by_hand, everything, make_log, ours, rows_of, said

ROWS = [ours(5), by_hand("five"), ours(4), ours(3), by_hand("old")]


@pytest.fixture
def log(confluence_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """Return the page of a log that the environment names, outside of any repository."""
    page = make_log(confluence_sandbox, ROWS)
    monkeypatch.setenv("CONFLUENCE_URL", confluence_sandbox.url)
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    monkeypatch.setenv("CONFLUENCE_PAGE", str(page))
    monkeypatch.chdir(tmp_path)
    return page


def test_it_says_what_it_moved(
    confluence_sandbox: Sandbox, log: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", "--rows", "2"]) == 0
    said_first = capsys.readouterr().out
    assert said_first.startswith("Moved 3 rows to 'Log \u2013 archive 1'.\n  http")
    assert main(["archive", "--rows", "2"]) == 0
    assert capsys.readouterr().out.startswith("Nothing to archive: 'Log' keeps all its rows.\n")
    assert everything(confluence_sandbox, log) == said(ROWS)


def test_a_dry_run_writes_nothing(
    confluence_sandbox: Sandbox, log: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", "--rows", "2", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Would move 3 rows of 'Log'.\n")
    assert {request["method"] for request in confluence_sandbox.requests()} == {"GET"}


def test_json(confluence_sandbox: Sandbox, log: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "--rows", "4", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["rows"], shown["page"]["id"], shown["dry_run"]) == (1, str(log), False)
    assert [(move["title"], move["rows"]) for move in shown["moved"]] == [
        ("Log \u2013 archive 1", 1)
    ]


def test_the_configuration_says_how_much_and_how_it_is_called(
    confluence_sandbox: Sandbox, log: int, tmp_path: Path
) -> None:
    text = '[archive]\nrows = 2\ntitle = "{part}: {log}"\nlabel = "Früher:"\npage_rows = 2\n'
    file = tmp_path / "archive.toml"
    file.write_text(text, encoding="utf-8")
    assert main(["archive", "--config", str(file)]) == 0
    body = confluence_sandbox.page(log).storage
    assert "Früher: <a" in body.replace("&uuml;", "ü")
    assert ">1: Log</a>" in body
    assert ">2: Log</a>" in body
    assert [len(rows_of(each)) for each in bodies(confluence_sandbox, log)] == [1, 2]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Nothing says how much the log keeps"),
        (["--rows", "0"], "Nothing says how much the log keeps"),
        (["--rows", "-1"], "must be at least 0"),
    ],
)
def test_wrong_use(
    log: int, options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", *options]) == 2
    assert sentence in capsys.readouterr().err
