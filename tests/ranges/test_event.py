"""What is read from the environment of a run: pure, for every system and every kind of run."""

from pathlib import Path

import pytest

from confluence_changelog.errors import UsageError
from confluence_changelog.ranges.event import Event, moved
from confluence_changelog.ranges.find import read_event
from ranges.environments import SYSTEMS, TELLS_BEFORE, TELLS_NEW, ZEROS, Situation, environment, has

OLD, NEW = "1" * 40, "2" * 40
KINDS = {
    "push": "push",
    "create": "push",
    "delete": "push",
    "tag": "tag",
    "pull request": "pull request",
    "queue": "merge queue",
    "manual": "other",
    "schedule": "other",
}
NO_REASON = ("Bitbucket Pipelines", "Jenkins", "TeamCity", "CircleCI")
"""The systems that do not say why they run: all is a push to them."""


def _read(system: str, at: Situation, folder: Path) -> Event:
    event = read_event(environment(system, at, folder))
    assert event is not None
    assert event.system == system
    return event


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_kind_and_the_commits(system: str, kind: str, tmp_path: Path) -> None:
    if not has(system, kind):
        return
    before, after = {"create": (ZEROS, NEW), "delete": (OLD, ZEROS)}.get(kind, (OLD, NEW))
    event = _read(system, Situation(kind, "feature", before, after), tmp_path)
    expected = KINDS[kind]
    is_told = not (system in NO_REASON and expected == "other")
    assert event.kind == (expected if is_told else "push")
    assert event.deleted == (kind == "delete")
    assert event.created == (kind == "create" and system in TELLS_NEW)
    assert event.after == ("" if kind == "delete" else NEW)
    if kind == "push":
        assert event.before == (OLD if system in TELLS_BEFORE else "")
        assert event.branch == ("" if system == "TeamCity" else "feature")
    assert event.deepen


@pytest.mark.parametrize("system", [system for system in SYSTEMS if has(system, "pull request")])
def test_a_request(system: str, tmp_path: Path) -> None:
    at = Situation("pull request", "feature", OLD, NEW, squash=True)
    event = _read(system, at, tmp_path)
    assert (event.branch, event.after) == ("main", NEW)
    assert "refs/heads/main" in event.refs
    tells_title = system not in ("Bitbucket Pipelines", "Azure Pipelines", "Woodpecker")
    assert event.title == ("Add a resolver" if tells_title else "")
    tells_all = system.endswith(" Actions") or system == "GitLab CI"
    assert event.description == ("The old one leaves on Friday." if tells_all else None)
    assert event.squash == (system == "GitLab CI")


def test_the_commit_that_a_request_begins_from_is_not_the_tip_of_its_target(tmp_path: Path) -> None:
    """GitLab: only pipelines for merged results know the tip."""
    at = Situation("pull request", "feature", OLD, NEW)
    variables = dict(environment("GitLab CI", at, tmp_path))
    event = read_event(variables)
    assert event is not None
    assert (event.before, event.start) == ("", OLD)
    event = read_event(variables | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "3" * 40})
    assert event is not None
    assert (event.before, event.start) == ("3" * 40, OLD)


def test_a_description_that_is_cut(tmp_path: Path) -> None:
    at = Situation("pull request", "feature", OLD, NEW)
    cut = {"CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED": "true"}
    event = read_event(dict(environment("GitLab CI", at, tmp_path)) | cut)
    assert event is not None
    assert event.is_cut


@pytest.mark.parametrize(
    ("ref", "branch"),
    [
        ("origin/main", "main"),
        ("origin/feature/x", "feature/x"),
        ("refs/remotes/origin/main", "main"),
        ("main", "main"),
        ("", ""),
    ],
)
def test_the_branch_of_jenkins(ref: str, branch: str) -> None:
    event = read_event({"JENKINS_URL": "https://jenkins.example.com/", "GIT_BRANCH": ref})
    assert event is not None
    assert event.branch == branch


@pytest.mark.parametrize("digits", [40, 64])
def test_zeros_are_nothing(digits: int) -> None:
    zeros, commit = "0" * digits, "a" * digits
    assert moved(zeros, commit) == ("", commit, True, False)
    assert moved(commit, zeros) == (commit, "", False, True)
    assert moved("", commit) == ("", commit, False, False)


def test_outside_of_ci_there_is_no_event() -> None:
    assert read_event({"CI": "true", "GITHUB_SHA": NEW}) is None


@pytest.mark.parametrize("text", ["--all", "main", "1" * 39, "HEAD~1", "g" * 40])
def test_what_is_no_id_is_refused(text: str) -> None:
    variables = {"GITLAB_CI": "true", "CI_COMMIT_SHA": NEW, "CI_COMMIT_BEFORE_SHA": text}
    with pytest.raises(UsageError, match="is no id of a commit; give the range"):
        read_event(variables)
