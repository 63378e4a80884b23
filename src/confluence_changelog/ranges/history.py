"""Looks at history without reading messages or paths: how far it reaches, and what is recent."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime

from confluence_changelog.ancestry import known
from confluence_changelog.git import Repository, read_subprocess, shallow_boundary


def recent(
    repository: Repository,
    tips: Iterable[str],
    start: datetime,
    *,
    less: tuple[Iterable[str], Iterable[str]] = ((), ()),
) -> tuple[str, ...]:
    """Return the ids of all commits of these tips whose committer's date is not before `start`.

    All of them are looked at: dates need not grow from parent to child. The commits of the range
    `less`, what it includes and what it excludes, are left out.
    """
    first = start.timestamp()
    taken = {commit for _, commit in _dated(repository, *less)}
    return tuple(
        commit
        for seconds, commit in _dated(repository, tips, ())
        if seconds >= first and commit not in taken
    )


def ends(
    repository: Repository, include: Iterable[str], exclude: Iterable[str], start: datetime
) -> bool:
    """Tell whether a shallow clone ends within a range, at a commit not before `start`.

    So does a range of which a commit is not there at all.
    """
    boundary = shallow_boundary(repository)
    if not boundary:
        return False
    wanted = list(include)
    if set(wanted) - known(repository, wanted):
        return True
    stops = known(repository, exclude)
    first = start.timestamp()
    return any(
        commit in boundary and seconds >= first
        for seconds, commit in _dated(repository, wanted, stops)
    )


def _dated(
    repository: Repository, include: Iterable[str], exclude: Iterable[str]
) -> Iterator[tuple[int, str]]:
    """Yield committer's date, in seconds, and id (Git: git-rev-list, --timestamp)."""
    included = [*include]
    if not included:
        return
    lines = [*included, *(f"^{commit}" for commit in exclude)]
    rest = b""
    args = ["rev-list", "--timestamp", "--stdin"]
    with closing(read_subprocess(repository, args, "\n".join(lines).encode("ascii"))) as output:
        for piece in output:
            *complete, rest = (rest + piece).split(b"\n")
            for line in complete:
                seconds, _, commit = line.decode("ascii").partition(" ")
                yield int(seconds), commit
