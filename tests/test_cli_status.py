"""`status`: what waits, since when, why, and what the policy finds wrong."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from confluence_changelog import lock, notes
from confluence_changelog.cli import main
from confluence_changelog.notes import Note
from support.hooked import folder
from support.repositories import Repo, RepoFactory

WHY = "\n\nThe old one leaves on Friday."
EMPTY = "No commit waits for a row.\nNo commit in scope of the last 30 days violates the policy.\n"


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({}, "old")  # longer ago than anybody asks for
    repo.now = datetime.now(UTC) - timedelta(days=2)
    repo.commit({"confluence-changelog.toml": ""}, f"Begin{WHY}")
    monkeypatch.chdir(repo.path)
    return repo


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["status", *options]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_nothing_waits(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys) == EMPTY
    assert not folder(repo).exists()


def test_an_empty_repository(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_repo().path)
    assert shown(capsys) == EMPTY


def test_a_folder_that_cannot_be_read(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    folder(repo).write_text("", encoding="utf-8")
    for command in (["status"], ["publish", "--pending"]):
        assert main(command) == 3
        err = capsys.readouterr().err
        assert err.startswith("error: ")
        assert f"{folder(repo)}" in err
        assert "Not a directory" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_result_that_cannot_be_written(repo: Repo) -> None:
    words = [sys.executable, "-m", "confluence_changelog", "status"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            words, cwd=repo.path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_waits_is_shown(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    common = repo.path / ".git"
    head, now = repo.rev_parse(), time.time()
    main_branch = "refs/heads/main"
    notes.write(notes.pending(common), [Note(head, now - 7300, main_branch, ("2" * 40,))])
    notes.write(notes.held(common), [Note("1" * 40, now - 90, main_branch)])
    (notes.pending(common) / "stray").write_text("")
    notes.write_failure(common, "Confluence is away.")
    with lock.exclusive(folder(repo) / "lock"):
        assert main(["status"]) == 0
        out, err = capsys.readouterr()
        data = json.loads(shown(capsys, "--format", "json"))
    assert f"1 commit waits for a row.\n  {head[:10]} Begin (noted 2 hours ago)\n" in out
    assert "1 commit waits for the cherry-picks to end.\n  1111111111 is not in this" in out
    assert "The last publisher stopped 0 seconds ago: Confluence is away.\n" in out
    assert "A publisher is at work.\n" in out
    assert "holds files that are no notes: stray" in err
    assert [(n["commit"], n["branch"]) for n in data["pending"]] == [(head, main_branch)]
    assert data["pending"][0]["replaces"] == ["2" * 40]
    noted = datetime.fromisoformat(data["pending"][0]["noted"])
    assert abs(noted.timestamp() - (now - 7300)) < 2
    assert [n["commit"] for n in data["held"]] == ["1" * 40]
    assert (data["unreadable"], data["publisher_running"]) == (["stray"], True)
    assert data["last_error"]["sentence"] == "Confluence is away."
    assert "A publisher is at work" not in main_out(capsys)


def main_out(capsys: pytest.CaptureFixture[str]) -> str:
    main(["status"])
    return capsys.readouterr().out


def test_violations_of_the_policy(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    bad = repo.commit({"a": "1"}, "fix")
    secret = repo.commit({"b": "1"}, "password: ghp_" + "0123456789abcdefghijABCDEFGHIJ012345")
    repo.commit({"c": "1"}, f"Add c{WHY}")
    repo.checkout("side", new=True)
    repo.commit({"d": "1"}, "wip")
    repo.checkout("main")
    out = shown(capsys)
    assert "2 commits in scope of the last 30 days violate the policy.\n" in out
    assert f"  {bad[:7]} fix\n" in out
    assert "[subject-empty]\n" in out
    assert "ghp_" not in out
    data = json.loads(shown(capsys, "--format", "json"))
    assert [item["commit"] for item in data["violations"]] == [secret, bad]
    rules = [rule["rule"] for rule in data["violations"][1]["rules"]]
    assert rules == ["subject-empty", "reason-missing"]


def test_what_the_policy_only_warns_of_is_no_violation(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"a": "1"}, f"Add {'a' * 80}{WHY}")
    assert shown(capsys) == EMPTY
    bad = repo.commit({"a": "2"}, f"Add {'a' * 80}")
    data = json.loads(shown(capsys, "--format", "json"))
    assert [item["commit"] for item in data["violations"]] == [bad]
    assert [rule["rule"] for rule in data["violations"][0]["rules"]] == ["reason-missing"]


def test_only_what_is_in_scope_is_judged(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({"confluence-changelog.toml": '[scope]\npaths = ["net/"]\n'}, f"Narrow{WHY}")
    repo.commit({"README": "1"}, "fix")
    repo.commit({"net/a": "1"}, "fix")
    repo.checkout("side", new=True)
    repo.checkout("main")
    assert "1 commit in scope of the last 30 days violates the policy" in shown(capsys)


def test_no_remote_is_asked(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """Its default branch is not known here, and it cannot be reached."""
    repo.git("remote", "add", "origin", "https://127.0.0.1:9/none.git")
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.commit({"a": "1"}, "fix")
    assert "1 commit in scope of the last 30 days violates the policy" in shown(capsys)


def test_what_cannot_be_known_is_said(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({"confluence-changelog.toml": '[scope]\nbranches = ["none"]\n'}, f"Break{WHY}")
    assert "Which commits violate the policy is not known: No branch of" in shown(capsys)
    data = json.loads(shown(capsys, "--format", "json"))
    assert "No branch of" in data["violations_unknown"]
