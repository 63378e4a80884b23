"""Names, order, reachability, and where older commits belong in a log."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confluence_changelog.ancestry import (
    known,
    placements,
    reachable_from,
    resolve,
    topo_order,
    unreachable_from,
)
from confluence_changelog.errors import ShallowHistoryError, UnknownRevisionError
from confluence_changelog.git import Repository, open_repository
from support.repositories import Repo, RepoBuilder, RepoFactory

ABSENT = "1" * 40


def build(repo: Repo) -> None:
    for name in "ab":
        repo.commit({}, name)
        repo.tag(name)
    repo.commit({}, "c")
    repo.tag("c", message="Annotated")
    repo.checkout("a")
    repo.commit({}, "s")
    repo.tag("s")
    repo.checkout("main")
    repo.merge("s")
    repo.tag("m")


@pytest.fixture
def repo(build_repo: RepoBuilder) -> Repo:
    """Return main: a - b - c - m with s, on a, merged by m; the tags are named after them."""
    return build_repo(build)


def ids(repo: Repo, names: str) -> list[str]:
    return [ABSENT if name == "?" else repo.rev_parse(f"{name}^{{}}") for name in names]


def test_resolve(repo: Repo) -> None:
    repository = open_repository(repo.path)
    (c,) = ids(repo, "c")
    for revision in ("c", "refs/tags/c", c, c[:10], "m^", "main~1", "main^{/^c}"):
        assert resolve(repository, revision) == c


@pytest.mark.parametrize(
    "revision", ["nothing", "", "a..b", "a b", "--all", "-h", ABSENT, "main:", "a\0", "a\nb", "1"]
)
def test_resolve_refuses_what_names_no_commit(repo: Repo, revision: str) -> None:
    with pytest.raises(UnknownRevisionError) as error:
        resolve(open_repository(repo.path), revision)
    assert str(error.value).isprintable()


def test_resolve_before_the_first_commit(make_repo: RepoFactory) -> None:
    with pytest.raises(UnknownRevisionError, match='"HEAD"'):
        resolve(open_repository(make_repo().path), "HEAD")


def test_known(repo: Repo) -> None:
    repository = open_repository(repo.path)
    a, c = ids(repo, "ac")
    tree = repo.rev_parse("a^{tree}")
    others = [ABSENT, "1" * 64, tree, "main", "--all", "HEAD", a[:10], a.upper(), ""]
    assert known(repository, [a, c, a, *others]) == {a, c}
    assert known(repository, []) == set()


def test_known_in_a_partial_clone_asks_nobody(repo: Repo) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = repo.clone("partial", "--filter=blob:none")
    (a,) = ids(repo, "a")
    repo.path.rename(repo.path.parent / "gone")  # a request would fail
    assert known(open_repository(clone.path), [a, ABSENT]) == {a}


def test_topo_order(repo: Repo) -> None:
    repository = open_repository(repo.path)
    history = repo.git("log", "--topo-order", "--format=%H").split()
    assert topo_order(repository, history[::-1] * 2) == history
    assert topo_order(repository, ids(repo, "abc")) == ids(repo, "cba")
    assert topo_order(repository, ids(repo, "b")) == ids(repo, "b")
    assert topo_order(repository, []) == []


def test_topo_order_is_not_the_order_of_the_dates(make_repo: RepoFactory) -> None:
    repo = make_repo()
    commits = [repo.commit({}, year, date=f"{year}-01-01T00:00Z") for year in ("2030", "2001")]
    assert topo_order(open_repository(repo.path), commits) == commits[::-1]


def test_topo_order_refuses_unknown_commits(repo: Repo) -> None:
    with pytest.raises(UnknownRevisionError, match=ABSENT):
        topo_order(open_repository(repo.path), ids(repo, "a?"))


@pytest.mark.parametrize(
    ("asked", "others", "expected"),
    [
        ("abcsm", "c", "sm"),
        ("abcsm", "cs", "m"),
        ("abcsm", "m", ""),
        ("abcsm", "", "abcsm"),
        ("abcsm", "?", "abcsm"),
        ("bs", "?a", "bs"),
        ("a", "a", ""),
        ("", "m", ""),
    ],
)
def test_unreachable_from(repo: Repo, asked: str, others: str, expected: str) -> None:
    repository = open_repository(repo.path)
    found = unreachable_from(repository, ids(repo, asked), ids(repo, others))
    assert found == set(ids(repo, expected))
    assert reachable_from(repository, ids(repo, asked), ids(repo, others)) == (
        set(ids(repo, asked)) - found
    )


def test_unreachable_from_is_certain_or_refuses(repo: Repo) -> None:
    """In the clone main ends at m, and only the fetched branch shows that there is a c."""
    clone = repo.clone(depth=1)
    repo.branch("other", "c")
    clone.git("fetch", "-q", "--depth=1", "origin", "other")
    repository = open_repository(clone.path)
    c, m = ids(repo, "cm")
    assert unreachable_from(repository, [m], [m]) == set()
    assert reachable_from(repository, [c, m], [m]) == {m}
    with pytest.raises(ShallowHistoryError, match=rf"ends at {m[:7]}.*git fetch --unshallow"):
        unreachable_from(repository, [c], [m])
    clone.git("fetch", "-q", "--unshallow")
    assert unreachable_from(repository, [c], [m]) == set()


def test_unreachable_from_refuses_unknown_commits(repo: Repo) -> None:
    with pytest.raises(UnknownRevisionError, match=ABSENT):
        unreachable_from(open_repository(repo.path), [ABSENT], ids(repo, "a"))


@pytest.mark.parametrize(
    ("missing", "logged", "expected"),
    [
        ("m", "cba", {}),  # news: nothing in the log descends from it
        ("b", "ca", {"b": 0}),
        ("b", "mcsa", {"b": 1}),
        ("ab", "mcs", {"a": 2, "b": 1}),
        ("a", "msc", {"a": 2}),
        ("a", "cms", {"a": 2}),  # the lowest row decides, whatever the order of the rows
        ("a", "?c?", {"a": 1}),
        ("a", "cbc", {"a": 2}),  # rows that stand twice: the lowest
        ("sb", "ca", {"b": 0}),
        ("a", "???", {}),
        ("a", "", {}),
        ("", "m", {}),
    ],
)
def test_placements(repo: Repo, missing: str, logged: str, expected: dict[str, int]) -> None:
    found = placements(open_repository(repo.path), ids(repo, missing), ids(repo, logged))
    assert found == {ids(repo, name)[0]: index for name, index in expected.items()}


def test_placements_refuses_unknown_commits(repo: Repo) -> None:
    with pytest.raises(UnknownRevisionError, match=ABSENT):
        placements(open_repository(repo.path), [ABSENT], ids(repo, "m"))


def random_history(folder: Path, seed: int) -> tuple[Repository, list[str]]:
    """Return a history of ten commits with merges, forgotten branches and dates out of order."""
    dice = random.Random(seed)
    repo = Repo.init(folder / "repo")
    stream = ""
    for mark in range(1, 11):
        parents = dice.sample(range(1, mark), min(mark - 1, dice.choice([1, 1, 1, 2, 2, 0])))
        stream += f"commit refs/heads/b{mark}\nmark :{mark}\n"
        stream += f"committer A <a@example.com> {dice.randrange(10**9)} +0000\ndata 0\n"
        stream += "".join(
            f"{'merge' if i else 'from'} :{parent}\n" for i, parent in enumerate(parents)
        )
        stream += "\n"
    repo.git("fast-import", "--quiet", stdin=stream)
    commits = [repo.rev_parse(f"b{mark}") for mark in range(1, 11)]
    return open_repository(repo.path), commits


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_all_agree_with_merge_base(seed: int, dice: random.Random) -> None:
    """``git merge-base --is-ancestor``, asked for every pair, is what ancestry means."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        repository, commits = random_history(Path(folder), seed)
        repo = Repo(repository.root)
        below = {
            (old, new)
            for old in commits
            for new in commits
            if repo.run("merge-base", "--is-ancestor", old, new).returncode == 0
        }

        ordered = topo_order(repository, commits)
        assert sorted(ordered) == sorted(set(commits))
        assert not [pair for pair in below if ordered.index(pair[0]) < ordered.index(pair[1])]

        missing = dice.sample(commits, 4)
        logged = [c for c in dice.sample(commits, 10) if c not in missing]
        logged = [*logged, ABSENT, *dice.sample(logged, 2)]
        assert unreachable_from(repository, missing, logged) == {
            old for old in missing if not any((old, new) in below for new in logged)
        }
        rows = {old: [i for i, new in enumerate(logged) if (old, new) in below] for old in missing}
        expected = {old: indexes[-1] for old, indexes in rows.items() if indexes}
        assert placements(repository, missing, logged) == expected
