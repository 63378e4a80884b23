"""`tables` over HTTP, and logs with columns of their own from end to end."""

import json
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox
from support.repositories import Repo, RepoFactory
from support.sites import sandbox, writes

__all__ = ["sandbox"]

LOG = (
    "<h2>Servers</h2><table><tbody><tr><th>Server</th></tr></tbody></table><h2>Verlauf</h2>"
    "<table><tbody><tr><th>Nr.</th><th>Datum</th><th>Autor</th><th>Änderung</th><th>Vorgang</th>"
    "<th>Version</th><th>Farbe</th></tr><tr><td>41</td><td>1.5.2020</td><td>Bo</td><td>Alt</td>"
    "<td>-</td><td>v0</td><td>rot</td></tr></tbody></table>"
)


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday, see NET-4.")
    repo.tag("v1.0")
    monkeypatch.chdir(repo.path)
    return repo


def test_tables_are_listed(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    sandbox.set_body(LOG_ID, LOG)
    assert main(["tables", str(LOG_ID)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "Table 1, below 'Servers': Server (1 row)",
        "Table 2, below 'Verlauf': Nr. | Datum | Autor | Änderung | Vorgang | Version | Farbe (2 rows)",
        "  This is the log: Nr.: number, Datum: date, Autor: author, Änderung: {subject}{body}, "
        "Vorgang: ticket, Version: version, Farbe: stays empty",
    ]
    assert writes(sandbox) == 0


def test_tables_for_a_program(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    two = "<table><tr><th>Date</th><th>By</th></tr></table>" * 2
    sandbox.set_body(LOG_ID, two)
    assert main(["tables", str(LOG_ID), "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["log"] is None
    assert "2 tables with the headers of a change log" in shown["reason"]
    assert shown["tables"][0]["columns"] == ["date", "author"]


def test_a_page_without_tables(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(HOME_ID, "<p>x</p>")
    assert main(["tables", str(HOME_ID)]) == 0
    assert capsys.readouterr().out == "The page has no table.\n"


def test_a_handmade_log_gets_rows_without_configuration(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, LOG)
    assert main(["publish", "--range", "HEAD", "--page", str(LOG_ID), "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert "Add a resolver The old one leaves on Friday, see NET-4. | NET-4 | v1.0 |" in out
    assert out.splitlines()[1].startswith("  42 | ")
    assert "These columns stay empty in new rows: Farbe; name them" in err
    for count in (1, 0):
        command = ["publish", "--range", "HEAD", "--page", str(LOG_ID), "--format", "json"]
        assert main(command) == 0
        assert len(json.loads(capsys.readouterr().out)["published"]) == count
    assert main(["audit", "--page", str(LOG_ID)]) == 0
