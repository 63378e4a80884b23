"""Which branches are published: found, asked for, or refused, and never guessed."""

import pytest

from confluence_changelog.branches import published, published_refs
from confluence_changelog.errors import ConfigurationError, GitError
from confluence_changelog.git import open_repository
from support.repositories import Repo, RepoBuilder, RepoFactory


def refs(repo: Repo, *branches: str) -> tuple[str, ...]:
    return published_refs(open_repository(repo.path), branches)


def build(repo: Repo) -> None:
    repo.commit({}, "One")
    for name in ("release/1", "release/2", "topic"):
        repo.branch(name)


@pytest.fixture
def server(build_repo: RepoBuilder) -> Repo:
    """Return a repository whose branch is main, with release/1, release/2 and topic."""
    return build_repo(build, "server")


def test_the_remotes_default_branch(server: Repo) -> None:
    clone = server.clone()
    clone.checkout("topic")
    assert refs(clone) == ("refs/heads/main", "refs/remotes/origin/main")
    clone.git("branch", "-q", "-D", "main")
    assert refs(clone) == ("refs/remotes/origin/main",)
    names, tips = published(open_repository(clone.path))
    assert names == ("main",)
    assert tips == {"refs/remotes/origin/main": server.rev_parse()}


def test_a_default_branch_with_another_name(server: Repo) -> None:
    server.checkout("release/2")
    assert refs(server.clone()) == ("refs/heads/release/2", "refs/remotes/origin/release/2")


def test_the_remote_is_asked_when_the_clone_does_not_know(server: Repo) -> None:
    """As actions/checkout leaves it: a detached HEAD and no origin/HEAD."""
    server.checkout("release/1")
    clone = server.clone()
    clone.checkout("origin/topic")
    clone.git("remote", "set-head", "origin", "--delete")
    assert refs(clone) == ("refs/heads/release/1", "refs/remotes/origin/release/1")


def test_a_remote_that_cannot_be_asked(server: Repo) -> None:
    clone = server.clone()
    clone.git("remote", "set-head", "origin", "--delete")
    clone.git("remote", "set-url", "origin", "https://ada:secret@127.0.0.1:9/no.git")
    with pytest.raises(GitError) as error:
        refs(clone)
    assert "set branches in the configuration" in str(error.value)
    assert "git remote set-head origin --auto" in str(error.value)
    assert "secret" not in str(error.value)
    assert refs(clone, "main") == ("refs/heads/main", "refs/remotes/origin/main")


def test_a_remote_that_has_no_default_branch(server: Repo) -> None:
    clone = server.clone()
    clone.git("remote", "set-head", "origin", "--delete")
    server.checkout("main~0")
    with pytest.raises(GitError, match=r"it names none.*git remote set-head origin --auto"):
        refs(clone)


def test_a_default_branch_that_was_not_fetched(server: Repo) -> None:
    clone = server.clone("clone", "--single-branch", "--branch=topic")
    with pytest.raises(GitError, match="git fetch origin main:refs/remotes/origin/main"):
        refs(clone)
    clone.git("fetch", "-q", "origin", "main:refs/remotes/origin/main")
    assert refs(clone) == ("refs/remotes/origin/main",)


def test_without_a_remote_the_checked_out_branch(server: Repo) -> None:
    server.checkout("topic")
    assert refs(server) == ("refs/heads/topic",)


def test_a_remote_never_fetched_from_does_not_count(server: Repo) -> None:
    server.git("remote", "add", "origin", "https://example.com/r.git")
    assert refs(server) == ("refs/heads/main",)


def test_a_detached_head_without_a_remote_is_refused(server: Repo) -> None:
    server.checkout("main~0")
    with pytest.raises(GitError, match=r"HEAD is detached.*set branches"):
        refs(server)


def test_before_the_first_commit(make_repo: RepoFactory) -> None:
    with pytest.raises(GitError, match=r"main of .* has no commit yet"):
        refs(make_repo())


def test_a_bare_repository_has_its_head(server: Repo) -> None:
    bare = server.clone("bare.git", bare=True)
    bare.git("symbolic-ref", "HEAD", "refs/heads/topic")
    assert refs(bare) == ("refs/heads/topic",)


def test_the_only_remote_may_have_any_name(server: Repo) -> None:
    clone = server.clone("clone", "--origin=team/forge")
    assert refs(clone) == ("refs/heads/main", "refs/remotes/team/forge/main")


def test_of_several_remotes_origin(server: Repo) -> None:
    clone = server.clone()
    clone.git("remote", "add", "-f", "another", server.path.as_uri())
    assert refs(clone, "main", "topic") == (
        "refs/heads/main",
        "refs/remotes/origin/main",
        "refs/remotes/origin/topic",
    )


def test_of_several_remotes_the_upstream(server: Repo) -> None:
    clone = server.clone("clone", "--origin=one")
    clone.git("remote", "add", "-f", "two", server.path.as_uri())
    clone.git("branch", "-q", "--set-upstream-to=two/main")
    assert refs(clone) == ("refs/heads/main", "refs/remotes/two/main")
    clone.git("branch", "-q", "--unset-upstream")
    for branches in ((), ("main",)):
        with pytest.raises(GitError, match=r"several remotes \(one, two\).*--set-upstream-to"):
            refs(clone, *branches)


def test_left_over_refs_of_a_removed_remote_do_not_count(server: Repo) -> None:
    server.git("update-ref", "refs/remotes/old/main", "HEAD")
    assert refs(server) == ("refs/heads/main",)


def test_patterns(server: Repo) -> None:
    clone = server.clone()
    assert refs(clone, "release/*", "nothing") == (
        "refs/remotes/origin/release/1",
        "refs/remotes/origin/release/2",
    )
    assert refs(clone, "*") == (
        "refs/heads/main",
        *(f"refs/remotes/origin/{name}" for name in ("main", "release/1", "release/2", "topic")),
    )


def test_patterns_that_match_nothing_are_named(server: Repo) -> None:
    for repo in (server, server.clone()):
        with pytest.raises(ConfigurationError, match=r"master, prod-\*") as error:
            refs(repo, "master", "prod-*")
        assert error.value.exit_code == 2
