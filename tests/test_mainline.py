"""When commits came onto the branch, and how many lines they change, asked of real repositories."""

from pathlib import Path

import pytest

from confluence_changelog.collect import entries_of, in_range
from confluence_changelog.git import open_repository
from confluence_changelog.mainline import changed_lines, merge_dates
from confluence_changelog.row import lay_out
from confluence_changelog.settings import Config, Scope, TableSettings
from support.repositories import Repo, RepoFactory

COLUMNS = TableSettings(columns={"Date": "merge-date:%H:%M", "Lines": "lines"})


def shown(path: Path, config: Config = Config(table=COLUMNS), text: str = "HEAD") -> dict[str, str]:  # noqa: B008
    repository = open_repository(path)
    fields = tuple(config.table.columns.values())
    return {
        entry.subject: lay_out(entry, fields, config.row).cells[0].partition(" ")[0]
        for entry in entries_of(repository, in_range(repository, text), config)
    }


@pytest.fixture
def repo(make_repo: RepoFactory) -> Repo:
    """One commit a minute from 09:00; a branch in a branch is merged twice, then the whole."""
    repo = make_repo()
    repo.commit({"a": "1"}, "09:00")
    repo.checkout("topic", new=True)
    repo.commit({"b": "1"}, "09:01")
    repo.checkout("inner", new=True)
    repo.commit({"c": "1"}, "09:02")
    repo.checkout("topic")
    repo.merge("inner", message="09:03")
    repo.checkout("main")
    repo.commit({"d": "1"}, "09:04")
    repo.merge("topic", message="09:05")
    repo.commit({"e": "1"}, "09:06")
    return repo


def test_a_commit_has_the_date_of_the_merge_that_brought_it(repo: Repo) -> None:
    assert shown(repo.path) == {
        "09:00": "09:00",
        **dict.fromkeys(("09:01", "09:02", "09:03", "09:05"), "09:05"),
        "09:04": "09:04",
        "09:06": "09:06",
    }


def test_of_several_branches_the_earliest_counts(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "release", "main~2")
    repo.merge("inner", message="09:07")
    config = Config(table=COLUMNS, scope=Scope(branches=("main", "release")))
    found = shown(repo.path, config, "main release")
    assert (found["09:02"], found["09:07"]) == ("09:05", "09:07")


def test_what_is_on_no_branch_has_its_own_date(repo: Repo) -> None:
    repo.checkout("other", new=True)
    repo.commit({"f": "1"}, "09:07")
    config = Config(table=COLUMNS, scope=Scope(branches=("main",)))
    assert shown(repo.path, config, "main..other") == {"09:07": "09:07"}
    repository = open_repository(repo.path)
    assert merge_dates(repository, [], [repo.rev_parse()]) == {}
    assert merge_dates(repository, [repo.rev_parse()], [""]) == {}


def test_a_shallow_clone_knows_as_far_as_it_goes(repo: Repo) -> None:
    clone = repo.clone(depth=3)
    assert shown(clone.path, text="HEAD~1..HEAD") == {"09:06": "09:06"}


def test_lines_are_counted_of_text(make_repo: RepoFactory) -> None:
    repo = make_repo()
    first = repo.commit({"a": "1\n2\n", "b": b"\0\1"}, "One")
    repo.checkout("topic", new=True)
    second = repo.commit({"a": "1\n3\n4\n"}, "Two")
    repo.checkout("main")
    merge = repo.merge("topic", message="Three")
    empty = repo.commit({}, "Four")
    found = changed_lines(open_repository(repo.path), [empty, merge, "", second, first])
    assert found == {empty: "+0 -0", merge: "+2 -1", second: "+2 -1", first: "+2 -0"}
    assert changed_lines(open_repository(repo.path), [""]) == {}


def test_git_is_asked_for_neither_unless_a_column_shows_it(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setenv("GIT_TRACE", str(repo.path.parent / "trace"))
    repository = open_repository(repo.path)
    for columns in ({"Date": "date"}, {"Date": "date", "Lines": "lines"}):
        config = Config(table=TableSettings(columns=columns))
        entries_of(repository, in_range(repository, "HEAD"), config)
        trace = (repo.path.parent / "trace").read_text(encoding="utf-8")
        asked.append(trace)
    assert "--shortstat" not in asked[0]
    assert "%P,%cd" not in asked[1]
    assert asked[1].count("--shortstat") >= 1
