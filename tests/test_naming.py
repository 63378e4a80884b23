"""Which repository, branch and tag a commit belongs to, asked of real repositories."""

from pathlib import Path

from confluence_changelog.collect import entries_of, in_range
from confluence_changelog.git import open_repository
from confluence_changelog.settings import Config, RowSettings, Scope, TableSettings
from support.repositories import Repo, RepoFactory

ALL = Config()


def named(path: Path, config: Config = ALL, text: str = "HEAD") -> list[tuple[str, str, str, str]]:
    repository = open_repository(path)
    found = entries_of(repository, in_range(repository, text), config)
    return [(each.subject, each.branch, each.repository, each.version) for each in found]


def filled(repo: Repo) -> Repo:
    repo.commit({"a": "1"}, "One")
    repo.tag("v1")
    repo.commit({"a": "2"}, "Two")
    repo.tag("v2", message="Second")
    repo.commit({"a": "3"}, "Three")
    return repo


def test_commits_have_a_branch_and_the_tag_that_has_them(make_repo: RepoFactory) -> None:
    repo = filled(make_repo("dns.git"))
    assert named(repo.path) == [
        ("Three", "main", "dns", ""),
        ("Two", "main", "dns", "v2"),
        ("One", "main", "dns", "v1"),
    ]
    repo.git("remote", "add", "origin", "https://github.com/example/config.git")
    assert {name for _, _, name, _ in named(repo.path)} == {"config"}
    assert {n for *_, n, _ in named(repo.path, Config(row=RowSettings(repository="x")))} == {"x"}


def test_of_several_branches_the_nearest_counts(make_repo: RepoFactory) -> None:
    repo = filled(make_repo())
    repo.branch("release/1", "v2")
    repo.checkout("release/1")
    repo.commit({"a": "4"}, "Mend")
    scope = Config(scope=Scope(branches=("main", "release/*")))
    found = named(repo.path, scope, "release/1")
    assert [each[:2] for each in found[:1]] == [("Mend", "release/1")]
    assert named(repo.path, scope, "main")[0][:2] == ("Three", "main")


def test_remote_branches_have_their_own_names(make_repo: RepoFactory) -> None:
    repo = filled(make_repo())
    repo.branch("release/1", "v1")
    clone = repo.clone()
    clone.git("checkout", "-q", "--detach")
    clone.git("branch", "-D", "main")
    scope = Config(scope=Scope(branches=("main", "release/*")))
    found = {subject: branch for subject, branch, *_ in named(clone.path, scope)}
    assert found == {"Three": "main", "Two": "main", "One": "release/1"}


def test_what_is_no_commit_yet_has_a_repository_alone(make_repo: RepoFactory) -> None:
    repository = open_repository(filled(make_repo()).path)
    commit = in_range(repository, "HEAD")[0]._replace(id="", abbreviated="")
    (entry,) = entries_of(repository, [commit], ALL)
    assert (entry.repository, entry.version) == ("repo", "")


def test_git_is_asked_for_what_columns_show_only(make_repo: RepoFactory) -> None:
    repo = filled(make_repo())
    columns = TableSettings(columns={"Date": "date", "Tag": "version"})
    assert named(repo.path, Config(table=columns))[-1][1:] == ("", "repo", "v1")


def test_a_range_without_a_published_branch_has_none(make_repo: RepoFactory) -> None:
    repo = filled(make_repo())
    repo.git("checkout", "-q", "--detach")
    repo.git("branch", "-D", "main")
    assert named(repo.path)[0][1] == ""
