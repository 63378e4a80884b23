"""What waits for a row goes with a push, and the push waits for nothing."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from confluence_changelog import lock, notes
from confluence_changelog.cli import main
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.hooked import eventually, folder, gate, logged, noted
from support.repositories import Repo, RepoFactory


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox() as running:
        monkeypatch.setenv("CONFLUENCE_URL", running.url)
        monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
        monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
        yield running


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with a remote, a note of its commit, and the pre-push hook that `install` writes."""
    repo = make_repo()
    made = repo.commit({"confluence-changelog.toml": ""}, "Begin\n\nThe log begins here.")
    origin = repo.clone("origin.git", bare=True)
    repo.git("remote", "add", "origin", str(origin.path))
    repo.git("fetch", "-q", "origin")
    repo.git("remote", "set-head", "origin", "main")
    monkeypatch.chdir(repo.path)
    assert main(["install", "--hook-type", "pre-push"]) == 0
    notes.write(notes.pending(repo.path / ".git"), [notes.Note(made, time.time())])
    return repo


def settle(repo: Repo) -> None:
    eventually(lambda: not noted(repo) and not lock.is_held(folder(repo) / "lock"))


def test_a_push_sends_off_what_waits(sandbox: Sandbox, repo: Repo) -> None:
    repo.branch("side")
    repo.git("push", "-q", "origin", "side")
    settle(repo)
    assert logged(sandbox) == [repo.rev_parse()]


def test_a_push_does_not_wait_for_confluence(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gate(sandbox) as (url, came, opened):
        monkeypatch.setenv("CONFLUENCE_URL", url)
        repo.git("push", "-q", "origin", "main:side")
        came.wait()
        assert noted(repo)  # the push is over
        opened.set()
        settle(repo)


def test_a_push_that_is_refused_sends_off_nothing(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr("confluence_changelog.spawn.start", lambda *places: started.append(places))
    monkeypatch.setenv("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/main")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", repo.rev_parse())
    monkeypatch.setenv("PRE_COMMIT_TO_REF", repo.commit({"a": "1"}, "fix"))
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert main(["check", "--pre-push"]) == 1
        assert started == []
        repo.git("commit", "-q", "--amend", "-m", "Add a\n\nThe report needs it today.")
        monkeypatch.setenv("PRE_COMMIT_TO_REF", repo.rev_parse())
        assert main(["check", "--pre-push"]) == 0
        assert started == [(repo.path, repo.path / ".git")]


@pytest.mark.parametrize("change", [{"CI": "1"}, {"CONFLUENCE_TOKEN": ""}], ids=str)
def test_where_no_publisher_is_wanted(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    repo.git("push", "-q", "origin", "main:side")
    assert len(noted(repo)) == 1
    assert not lock.is_held(folder(repo) / "lock")
    assert sandbox.requests() == []
