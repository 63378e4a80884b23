"""Commits that their owner withdrew get no row, whoever asks."""

import pytest

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import open_repository
from confluence_changelog.history import log
from confluence_changelog.scope import select
from confluence_changelog.settings import Scope
from confluence_changelog.withdrawn import withdrawn
from support.repositories import Repo, RepoBuilder


def _fill(repo: Repo) -> None:
    for letter in "abcd":
        repo.commit({letter: letter}, letter)


@pytest.fixture
def repo(build_repo: RepoBuilder) -> Repo:
    return build_repo(_fill)


def _reasons(repo: Repo, scope: Scope) -> dict[str, str]:
    opened = open_repository(repo.path)
    skipped = select(opened, log(opened, ["main"]), scope).skipped
    return {item.commit.message.strip(): item.reason for item in skipped}


def test_a_note_withdraws(repo: Repo) -> None:
    for name, text in (("HEAD", "skip"), ("HEAD~1", " SKIP: a test\nmore"), ("HEAD~2", "skipping")):
        repo.git("notes", "--ref", "changelog", "add", "-m", text, name)
    why = "withdrawn by a note (refs/notes/changelog)"
    assert _reasons(repo, Scope()) == {"d": why, "c": why}


def test_other_notes_do_not(repo: Repo) -> None:
    repo.git("notes", "add", "-m", "skip", "HEAD")
    assert _reasons(repo, Scope()) == {}


def test_a_note_that_begins_late_or_is_no_text(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"\xff\x00" * 100_000 + b" skip")
    repo.git("notes", "--ref", "changelog", "add", "-C", blob, "HEAD")
    assert _reasons(repo, Scope()) == {}


def test_the_configuration_withdraws(repo: Repo) -> None:
    listed = (repo.rev_parse()[:7], repo.rev_parse("HEAD~1").upper(), "0" * 40)
    why = "withdrawn (skip_commits)"
    assert _reasons(repo, Scope(skip_commits=listed)) == {"d": why, "c": why}


@pytest.mark.parametrize("text", ["", "main", "abc123", "--all", "HEAD~1", "g" * 40])
def test_what_is_no_id_is_refused(text: str, repo: Repo) -> None:
    with pytest.raises(ConfigurationError, match="of skip_commits is no id of a commit"):
        withdrawn(open_repository(repo.path), [text])


def test_what_merges_brought_can_be_left_out(repo: Repo) -> None:
    repo.checkout("feature", new=True)
    repo.commit({"f": "f"}, "f")
    repo.checkout("main")
    repo.merge("feature", message="m")
    why = "came with a merge (first_parent)"
    assert _reasons(repo, Scope(first_parent=True, merges=True)) == {"f": why}
    assert _reasons(repo, Scope(first_parent=True)) == {"f": why, "m": "merge commit"}
