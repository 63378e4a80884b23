"""From the notes to what is to be published: which commits, and whose rows they take.

Everything is read from the commits, the configuration too: the work tree may have moved on, or be
gone. Nothing here writes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from confluence_changelog import rewrite
from confluence_changelog.ancestry import known, reachable_from, topo_order
from confluence_changelog.branches import published
from confluence_changelog.collect import Collection, collect
from confluence_changelog.commit import Commit
from confluence_changelog.config import FILE_NAME, PYPROJECT, parse_files
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import Repository, run
from confluence_changelog.history import log
from confluence_changelog.notes import Note
from confluence_changelog.settings import Config

_HEADS = "refs/heads/"


class Pending(NamedTuple):
    """What is to be done about the notes."""

    found: Collection
    """The entries that get a row now, and the commits that get none, with the reason."""
    successors: Mapping[str, str]
    """Vanished commit -> the entry's commit that takes its row."""
    waiting: Mapping[str, str]
    """Commit that gets its row later -> the one that it replaces, which is still on the remote."""


def reachable(repository: Repository, notes: Iterable[Note]) -> list[str]:
    """Return the ids of the noted commits that a branch holds, in topological order."""
    present = known(repository, {note.id for note in notes})
    return topo_order(repository, reachable_from(repository, present, rewrite.tips(repository)))


def unreachable(repository: Repository, notes: Iterable[Note], ids: Sequence[str]) -> set[str]:
    """Return the ids of the noted commits that no branch holds any more, besides the reachable ids.

    In a shallow clone, where that may not be certain, they stay noted.
    """
    return rewrite.vanished(repository, {note.id for note in notes} - {*ids})


def read_config(repository: Repository, commit: str) -> Config:
    """Return the configuration in a commit; ConfigurationError where it has none."""
    names = (FILE_NAME, PYPROJECT)
    own, pyproject = (_file(repository, commit, name) for name in names)
    config = parse_files(own, pyproject, f"{commit[:10]}:")
    if config is None:
        raise ConfigurationError(
            f"Commit {commit[:10]} has no {FILE_NAME}: commit one, or name a file with --config."
        )
    return config


def plan(
    repository: Repository,
    notes: Sequence[Note],
    ids: Sequence[str],
    config: Config,
    report: Callable[[str], None] = lambda _: None,
) -> Pending:
    """Decide about notes.

    Args:
        repository: the repository.
        notes: all notes.
        ids: those of them that are `reachable`.
        config: the configuration.
        report: is told what happens.

    """
    config = _with_branches(repository, notes, config)
    commits = _expanded(repository, list(log(repository, ids, no_walk=True)))
    found = collect(repository, commits, config, report)
    olds = _replaced(repository, notes, [entry.id for entry in found.entries])
    gone = rewrite.vanished(repository, {old for each in olds.values() for old in each})
    pushed = _still_pushed(repository, olds, gone, config)
    waiting = {
        new: next(old for old in each if old in pushed)
        for new, each in olds.items()
        if pushed & {*each}
    }
    entries = tuple(entry for entry in found.entries if entry.id not in waiting)
    successors = {
        old: entry.id for entry in entries for old in olds.get(entry.id, ()) if old in gone
    }
    return Pending(replace(found, entries=entries), successors, waiting)


def _file(repository: Repository, commit: str, name: str) -> str | None:
    """Return a file of a commit as text; None where the commit has none."""
    line = f"{commit}:{name}\n".encode("ascii")
    output = run(repository, ["cat-file", "--batch"], line)
    header, _, rest = output.partition(b"\n")
    if b" blob " not in header:
        return None
    return rest[: int(header.split()[-1])].decode("utf-8-sig", "replace")


def _with_branches(repository: Repository, notes: Sequence[Note], config: Config) -> Config:
    """Name the published branches where only the hooks can: the one that was checked out then."""
    if config.scope.branches or run(repository, ["remote"]).strip():
        return config
    names = dict.fromkeys(n.branch.removeprefix(_HEADS) for n in notes if n.branch)
    branches = [name for name in names if _exists(repository, name)]
    return config._replace(scope=config.scope._replace(branches=tuple(branches)))


def _exists(repository: Repository, branch: str) -> bool:
    return bool(run(repository, ["for-each-ref", f"{_HEADS}{branch}"]))


def _expanded(repository: Repository, commits: Sequence[Commit]) -> list[Commit]:
    """Add to merge commits what they merged: a merge with conflicts is noted by its commit alone."""
    ids = {commit.id for commit in commits}
    merged: set[str] = set()
    for commit in commits:
        if len(commit.parents) > 1:
            merged.update(rewrite.commits_since(repository, commit.parents[0], commit.id))
    if merged <= ids:
        return list(commits)
    return list(log(repository, topo_order(repository, ids | merged), no_walk=True))


def _replaced(
    repository: Repository, notes: Sequence[Note], ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return for each commit all those whose place it took, one after the other."""
    branches = dict.fromkeys(note.branch for note in notes if note.branch)
    steps: dict[str, list[str]] = {
        new: [old] for new, old in rewrite.amended(repository, branches).items()
    }
    for note in notes:
        steps.setdefault(note.id, []).extend(note.replaces)
    found = {new: _closure(new, steps) for new in ids}
    return {new: olds for new, olds in found.items() if olds}


def _closure(start: str, steps: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found = {start: None}
    todo = [start]
    while todo:
        for old in steps.get(todo.pop(), ()):
            if old not in found:
                found[old] = None
                todo.append(old)
    return tuple(found)[1:]


def _still_pushed(
    repository: Repository,
    olds: Mapping[str, Sequence[str]],
    gone: set[str],
    config: Config,
) -> set[str]:
    """Return the replaced commits that of all published branches only the remote's still hold.

    Their rows are right as long as they are there. What a local branch holds as well was not
    replaced in the end, but merged for instance.
    """
    rest = known(repository, {old for each in olds.values() for old in each} - gone)
    if not rest:
        return set()
    tips = published(repository, config.scope.branches).tips
    here = [tip for ref, tip in tips.items() if ref.startswith(_HEADS)]
    there = [tip for ref, tip in tips.items() if not ref.startswith(_HEADS)]
    return reachable_from(repository, rest, there) - reachable_from(repository, rest, here)
