"""`range`, and `publish` without a range: from the environment of a run to the rows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.errors import ShallowHistoryError, UsageError
from confluence_changelog.git import open_repository
from confluence_changelog.ranges.find import read_event, to_publish
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.settings import Config, Scope
from ranges.environments import ZEROS, Situation, environment
from support.repositories import FIRST_DATE, Repo, RepoFactory

NOW = FIRST_DATE + timedelta(days=1)

RunOf = Callable[[str, Situation], None]
"""Sets the environment of a run."""


@pytest.fixture
def server(make_repo: RepoFactory) -> Repo:
    return make_repo("server.git", bare=True)


@pytest.fixture
def repo(make_repo: RepoFactory, server: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A clone with four commits, r, a, b, c, all pushed; the present folder."""
    repo = make_repo()
    repo.git("remote", "add", "origin", server.path.as_uri())
    for letter in "rabc":
        repo.commit({f"{letter}.conf": letter}, f"Set {letter}\n\nBecause of {letter}.")
    repo.git("push", "-q", "-u", "origin", "main")
    monkeypatch.chdir(repo.path)
    return repo


def _pushed(repo: Repo, count: int = 1) -> Situation:
    return Situation("push", "main", repo.rev_parse(f"HEAD~{count}"), repo.rev_parse())


@pytest.fixture
def run_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunOf:

    def run(system: str, at: Situation) -> None:
        for name, value in environment(system, at, tmp_path).items():
            monkeypatch.setenv(name, value)

    return run


def _subjects(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capsys.readouterr()
    assert main(["publish", "--format", "json", *arguments]) == 0
    rows = json.loads(capsys.readouterr().out)["published"]
    return [row["cells"][2] for row in rows]


def test_what_was_pushed_is_published_and_what_is_late_is_healed(
    sandbox: Sandbox, repo: Repo, run_of: RunOf, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.now = datetime.now(UTC) - timedelta(days=29)
    repo.commit({"d.conf": "d"}, "Set d\n\nIts run was lost.")
    repo.now = datetime.now(UTC)
    repo.commit({"e.conf": "e"}, "Set e\n\nBecause of e.")
    repo.git("push", "-q", "origin", "main")
    run_of("GitHub Actions", _pushed(repo))
    assert _subjects(capsys) == ["Set e", "Set d"]
    assert _subjects(capsys) == []
    assert sandbox.page(LOG_ID).latest == 2


def test_healing_can_be_switched_off(
    sandbox: Sandbox, repo: Repo, run_of: RunOf, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.now = datetime.now(UTC)
    (repo.path / "confluence-changelog.toml").write_text("[scope]\nheal = 0\n", encoding="utf-8")
    for letter in "de":
        repo.commit({f"{letter}.conf": "1"}, f"Set {letter}\n\nBecause.")
    repo.git("push", "-q", "origin", "main")
    run_of("GitHub Actions", _pushed(repo))
    assert _subjects(capsys) == ["Set e"]


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (Situation("pull request", "feature", "1" * 40, "2" * 40), "on a published branch"),
        (Situation("tag", "", ZEROS, "2" * 40), "A tag moves no branch"),
        (Situation("delete", "feature", "1" * 40, ZEROS), "was deleted"),
        (Situation("push", "feature", "1" * 40, "2" * 40), "feature is no published branch (main)"),
    ],
)
def test_nothing_to_publish_needs_no_credentials(
    at: Situation, why: str, repo: Repo, run_of: RunOf, capsys: pytest.CaptureFixture[str]
) -> None:
    run_of("GitHub Actions", at)
    assert main(["publish"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Nothing to publish. ")
    assert why in out
    assert main(["publish", "--format", "json"]) == 0
    assert why in json.loads(capsys.readouterr().out)["reason"]


def test_outside_of_ci_it_is_the_scope(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    config = repo.path / "confluence-changelog.toml"
    config.write_text(f'[scope]\nsince = "{repo.rev_parse("HEAD~3")}"\n', encoding="utf-8")
    assert main(["publish", "--commit", "HEAD~1"]) == 0
    assert _subjects(capsys) == ["Set c", "Set a"]
    assert _subjects(capsys) == []


def test_a_whole_history_is_not_published_unasked(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(_subjects(capsys)) == 4
    for number in range(51):
        repo.commit({"x.conf": str(number)}, f"Set x to {number}\n\nBecause.")
    assert main(["publish"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: 51 commits have no row, and nothing says where the log begins")
    assert sandbox.page(LOG_ID).latest == 2
    assert main(["publish", "--range", "HEAD"]) == 0


def test_the_range_is_explained(
    repo: Repo, run_of: RunOf, capsys: pytest.CaptureFixture[str]
) -> None:
    config = repo.path / "confluence-changelog.toml"
    config.write_text("[scope]\nskip_subjects = ['^Set b']\nheal = 0\n", encoding="utf-8")
    run_of("GitLab CI", _pushed(repo, 2))
    assert main(["range"]) == 0
    revisions = f"{repo.rev_parse()} ^{repo.rev_parse('HEAD~2')}"
    assert capsys.readouterr().out == f"{revisions}\n"
    assert main(["range", "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    before, after = repo.rev_parse("HEAD~2")[:10], repo.rev_parse()[:10]
    assert lines == [
        f"1. GitLab CI runs for a push of main, from {before} to {after}.",
        f"Range: {revisions}",
        f"  {repo.rev_parse()[:7]} Set c (in scope)",
        f"  {repo.rev_parse('HEAD~1')[:7]} Set b (no row: subject is left out (^Set b))",
        "2 commits, 1 in scope.",
    ]
    assert main(["range", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["system"], found["event"], found["scope"]) == ("GitLab CI", "push", False)
    assert [commit["reason"] for commit in found["commits"]] == ["", "subject is left out (^Set b)"]


def test_outside_of_ci_the_range_is_explained_too(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["range", "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1. No CI system that is known runs this")
    assert (
        lines[1]
        == "2. So it is the scope itself: main, from the first commit on, less what the log has."
    )
    assert lines[-1] == "4 commits, 4 in scope."


def test_a_shallow_clone_whose_remote_is_gone_stops(
    repo: Repo, server: Repo, tmp_path: Path
) -> None:
    at = _pushed(repo, 2)
    clone = server.clone("runner", depth=1)
    server.path.rename(tmp_path / "gone.git")
    opened = open_repository(clone.path)
    config = Config(scope=Scope(branches=("main",)))
    event = read_event(environment("GitHub Actions", at, tmp_path))
    with pytest.raises(ShallowHistoryError) as caught:
        to_publish(opened, config, event, NOW)
    text = str(caught.value)
    assert "is shallow and its history could not be fetched" in text
    assert text.endswith("add with: { fetch-depth: 0 } to the step that uses actions/checkout.")


def test_the_remote_is_believed_less_than_nothing(repo: Repo, server: Repo, tmp_path: Path) -> None:
    """A full clone whose remote is gone goes by the event."""
    at = _pushed(repo, 2)
    server.path.rename(tmp_path / "gone.git")
    config = Config(scope=Scope(branches=("main",), heal=0))
    event = read_event(environment("GitHub Actions", at, tmp_path))
    found = to_publish(open_repository(repo.path), config, event, NOW)
    assert (found.include, found.exclude) == ((at.after,), (at.before,))
    assert any("The remote could not be asked" in step for step in found.steps)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '{"before": 1, "after": []}'])
def test_an_event_that_is_none(text: str, repo: Repo, tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text(text, encoding="utf-8")
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(file),
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_SHA": repo.rev_parse(),
    }
    if text in ("", "{"):
        with pytest.raises(UsageError, match="could not be read; give the range with --range"):
            read_event(variables)
        return
    event = read_event(variables)
    assert event is not None
    assert (event.before, event.after) == ("", repo.rev_parse())


def test_ids_of_64_digits(tmp_path: Path, make_repo: RepoFactory) -> None:
    server = make_repo("server.git", bare=True, object_format="sha256")
    repo = make_repo(object_format="sha256")
    repo.git("remote", "add", "origin", server.path.as_uri())
    for letter in "ab":
        repo.commit({letter: letter}, f"Set {letter}")
    repo.git("push", "-q", "origin", "main")
    config = Config(scope=Scope(branches=("main",), heal=0))
    for before, scope in ((repo.rev_parse("HEAD~1"), False), ("0" * 64, True)):
        at = Situation("push", "main", before, repo.rev_parse())
        event = read_event(environment("GitLab CI", at, tmp_path))
        found = to_publish(open_repository(repo.path), config, event, NOW)
        assert found.is_scope == scope
        assert found.include == (repo.rev_parse(),)


def test_healing_is_no_way_to_a_whole_history(
    sandbox: Sandbox, repo: Repo, run_of: RunOf, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.now = datetime.now(UTC) - timedelta(days=2)
    for number in range(53):
        repo.commit({"x.conf": str(number)}, f"Set x to {number}\n\nBecause.")
    repo.git("push", "-q", "origin", "main")
    run_of("GitHub Actions", _pushed(repo, 2))
    assert main(["publish"]) == 2
    assert "commits have no row, and nothing says where the log begins" in capsys.readouterr().err
    assert sandbox.page(LOG_ID).latest == 1
    config = repo.path / "confluence-changelog.toml"
    config.write_text(f'[scope]\nsince = "{repo.rev_parse("HEAD~52")}"\n', encoding="utf-8")
    assert len(_subjects(capsys)) == 52
