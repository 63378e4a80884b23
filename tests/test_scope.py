"""Which commits get a row, and why the others do not."""

import pytest

from confluence_changelog.errors import ConfigurationError, GitError, UnknownRevisionError
from confluence_changelog.git import open_repository
from confluence_changelog.history import log
from confluence_changelog.scope import Scope, Selection, published_refs, select
from support.repositories import Repo, RepoBuilder, RepoFactory

PATHS = "touches none of the configured paths"


def build(repo: Repo) -> None:
    repo.commit({"app/a.yaml": "1", "app/z.yaml": "2"}, "Add a", date="2026-01-01T09:00Z")
    repo.tag("v1", message="One")
    repo.commit({"docs/b.md": "1"}, "docs: Add b", date="2026-01-02T00:30+0100")
    repo.checkout("side", new=True)
    renovate = "Renovate[bot] <bot@example.com>"
    repo.commit({"app/c.yaml": "1"}, "Add c", author=renovate, date="2026-01-03T09:00Z")
    repo.checkout("main")
    repo.commit({"app/a.yaml": None, "lib/a.yaml": "1"}, "Move a", date="2026-01-04T09:00Z")
    repo.merge("side", message="Merge side")
    repo.checkout("topic", new=True)
    repo.commit({}, "Try", date="2026-01-06T09:00Z")
    repo.checkout("main")


@pytest.fixture
def repo(build_repo: RepoBuilder) -> Repo:
    """Return main with one commit a day, a merge, and an unmerged branch."""
    return build_repo(build)


def selection(repo: Repo, scope: Scope, *revisions: str) -> Selection:
    repository = open_repository(repo.path)
    return select(repository, log(repository, revisions or ("main",)), scope)


def parted(repo: Repo, scope: Scope, *revisions: str) -> tuple[str, dict[str, str]]:
    """Return the subjects in scope, and the reasons for the other subjects."""
    found = selection(repo, scope, *revisions)
    return ", ".join(c.message.strip() for c in found.in_scope), {
        skipped.commit.message.strip(): skipped.reason for skipped in found.skipped
    }


def test_by_default_all_but_merges_of_the_default_branch(repo: Repo) -> None:
    assert parted(repo, Scope(), "main", "topic") == (
        "Add c, Move a, docs: Add b, Add a",
        {"Try": "not on a published branch (main)", "Merge side": "merge commit"},
    )


def test_the_order_is_kept(repo: Repo) -> None:
    repository = open_repository(repo.path)
    commits = sorted(log(repository, ["main", "topic"]))
    found = select(repository, iter(commits), Scope())
    assert list(found.in_scope) == [c for c in commits if c in set(found.in_scope)]
    assert [s.commit for s in found.skipped] == [c for c in commits if c not in found.in_scope]


def test_merges(repo: Repo) -> None:
    in_scope, skipped = parted(repo, Scope(merges=True))
    assert in_scope.startswith("Merge side, ")
    assert skipped == {}


def test_branches(repo: Repo) -> None:
    in_scope, skipped = parted(repo, Scope(branches=("top*", "side")), "topic", "main")
    assert in_scope == "Try, Add c, Move a, docs: Add b, Add a"
    assert skipped == {"Merge side": "merge commit"}
    reason = "not on a published branch (side)"
    assert parted(repo, Scope(branches=("side",)), "main") == (
        "Add c, docs: Add b, Add a",
        {"Merge side": reason, "Move a": reason},
    )


def test_remote_tracking_refs_publish(repo: Repo) -> None:
    """A commit that is only local on main is on a published branch; fetched ones are too."""
    clone = repo.clone()
    repo.commit({}, "Pushed by another")
    clone.git("fetch", "-q")
    clone.commit({}, "Not pushed yet")
    in_scope, skipped = parted(clone, Scope(), "main", "origin/main", "^v1", "^origin/side")
    assert in_scope == "Not pushed yet, Pushed by another, Move a"
    assert skipped == {"Merge side": "merge commit"}


@pytest.mark.parametrize(
    ("since", "in_scope", "reason"),
    [
        ("2026-01-04", "Move a", "before 2026-01-04"),
        ("2026-01-01", "Move a, Add c, docs: Add b, Add a", ""),
        # 00:30 in its zone is still the day before in UTC
        ("2026-01-02", "Move a, Add c", "before 2026-01-02"),
        (
            "2026-01-02T00:30:00+01:00",
            "Move a, Add c, docs: Add b",
            "before 2026-01-02T00:30:00+01:00",
        ),
        ("2026-01-03 09:00:01", "Move a", "before 2026-01-03 09:00:01"),
        ("v1", "Move a, Add c, docs: Add b", "not after v1"),
        ("side", "Move a", "not after side"),
        ("main", "", "not after main"),
        ("topic", "", "not after topic"),
    ],
)
def test_since(repo: Repo, since: str, in_scope: str, reason: str) -> None:
    found, skipped = parted(repo, Scope(since=since), "main^1", "side")
    assert found == in_scope
    assert set(skipped.values()) == ({reason} if reason else set())


@pytest.mark.parametrize("since", ["2026-13-01", "2026-02-30", "2026-01-01Tnoon"])
def test_since_that_is_no_date(repo: Repo, since: str) -> None:
    with pytest.raises(ConfigurationError, match=since):
        selection(repo, Scope(since=since))


@pytest.mark.parametrize("since", ["last week", "v2", "--all", "1" * 40])
def test_since_that_names_nothing(repo: Repo, since: str) -> None:
    with pytest.raises(ConfigurationError, match=f'since = "{since}" is neither a date'):
        selection(repo, Scope(since=since))


def test_since_that_a_shallow_clone_lacks(repo: Repo) -> None:
    clone = repo.clone(depth=2)
    with pytest.raises(UnknownRevisionError, match="git fetch --unshallow"):
        selection(clone, Scope(since="v1"), "main", "^main~1", "^main^2")


@pytest.mark.parametrize(
    ("paths", "in_scope"),
    [
        (("app/",), "Move a, Add c, Add a"),  # what moved away was touched, too
        (("/lib/**",), "Move a"),
        (("*.md",), "docs: Add b"),
        (("*", "!docs/"), "Move a, Add c, Add a"),
        (("a.yaml", "!lib/a.yaml"), "Move a, Add a"),
        (("app/", "!app/c.yaml"), "Move a, Add a"),
        (("/a.yaml",), ""),
        (("nothing", "docs/b.md"), "docs: Add b"),
    ],
)
def test_paths(repo: Repo, paths: tuple[str, ...], in_scope: str) -> None:
    found, skipped = parted(repo, Scope(paths=paths), "main^1", "side")
    assert found == in_scope
    assert set(skipped.values()) == ({PATHS} if in_scope.count(",") < 3 else set())


def test_paths_of_merges_and_of_empty_commits(repo: Repo) -> None:
    scope = Scope(branches=("*",), paths=("app/",), merges=True)
    in_scope, skipped = parted(repo, scope, "topic")
    assert in_scope == "Merge side, Add c, Move a, Add a"
    assert skipped == {"Try": PATHS, "docs: Add b": PATHS}


@pytest.mark.parametrize(
    ("pattern", "skips"),
    [
        ("renovate[[]bot]", True),
        ("BOT@*", True),
        ("Renovate* <*@example.com>", True),
        ("*bot*", True),
        ("bot", False),
        ("ada*", False),
        ("*@example.org", False),
    ],
)
def test_skip_authors(repo: Repo, pattern: str, skips: bool) -> None:
    found, skipped = parted(repo, Scope(skip_authors=("nobody", pattern)), "side", "^main^1")
    assert found == ("" if skips else "Add c")
    assert skipped == ({"Add c": f"author is left out ({pattern})"} if skips else {})


@pytest.mark.parametrize(
    ("pattern", "in_scope"),
    [
        ("^docs:", "Move a, Add c, Add a"),
        ("(?i)ADD", "Move a"),
        ("a$", "Add c, docs: Add b"),
        ("nothing", "Move a, Add c, docs: Add b, Add a"),
    ],
)
def test_skip_subjects(repo: Repo, pattern: str, in_scope: str) -> None:
    found, skipped = parted(repo, Scope(skip_subjects=(pattern,)), "main^1", "side")
    assert found == in_scope
    assert set(skipped.values()) <= {f"subject is left out ({pattern})"}


def test_skip_subjects_reads_the_subject_only(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.commit({}, "\n\nRaise it\n\nSkip nothing\n")
    assert parted(repo, Scope(skip_subjects=("Skip",)))[1] == {}
    assert len(parted(repo, Scope(skip_subjects=("^Raise it$",)))[1]) == 1


@pytest.mark.parametrize(
    ("scope", "named"),
    [
        (Scope(skip_subjects=("fine", "(")), r'"\(" of skip_subjects is no regular expression'),
        (Scope(skip_subjects=("",)), '"" of skip_subjects is empty'),
        (Scope(skip_authors=("a*", " ")), '" " of skip_authors is empty'),
        (Scope(paths=("app/", "!")), '"!" of paths is no gitignore pattern'),
        (Scope(paths=("# all",)), '"# all" of paths can match nothing'),
        (Scope(paths=("",)), '"" of paths can match nothing'),
        (Scope(paths=("!docs/", "!lib/")), '"!docs/" of paths takes paths out of nothing'),
    ],
)
def test_what_is_wrong_is_named_even_without_commits(repo: Repo, scope: Scope, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        select(open_repository(repo.path), [], scope)


def test_branches_that_do_not_exist_are_refused(repo: Repo) -> None:
    with pytest.raises(ConfigurationError, match="master"):
        selection(repo, Scope(branches=("master",)))


def test_without_commits_nothing_is_asked(repo: Repo) -> None:
    repo.checkout("v1")
    repository = open_repository(repo.path)
    assert select(repository, [], Scope()) == ((), ())
    with pytest.raises(GitError, match="HEAD is detached"):
        published_refs(repository, ())
