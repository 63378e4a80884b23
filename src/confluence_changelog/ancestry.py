"""How commits are related: names to ids, order, reachability. Ids go to Git on standard input."""

import re
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import closing

from confluence_changelog.errors import ShallowHistoryError, UnknownRevisionError
from confluence_changelog.git import Repository, read_subprocess, run, shallow_boundary
from confluence_changelog.refusal import DEEPEN, printable, unknown_revision

_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def resolve(repository: Repository, revision: str) -> str:
    """Return the full id of the commit that a revision (not a range) names; tags are peeled.

    Raises UnknownRevisionError.
    """
    try:
        if "\0" not in revision:
            args = ["rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"]
            return run(repository, args).decode("ascii").strip()
    except UnknownRevisionError:
        pass
    shallow = bool(shallow_boundary(repository))
    raise unknown_revision(revision, repository.root, shallow=shallow)


def known(repository: Repository, ids: Iterable[str]) -> set[str]:
    """Return those of the full ids that are commits of this repository.

    A partial clone does not ask its remote for the others.
    """
    candidates = {i for i in ids if _FULL_ID.fullmatch(i)}
    # Git: rev-list-options; --missing=allow-any turns the fetching of missing objects off.
    options = ["--no-walk=unsorted", "--ignore-missing", "--missing=allow-any"]
    return set(_rev_list(repository, options, candidates))


def topo_order(repository: Repository, ids: Collection[str]) -> list[str]:
    """Return the ids, each once, in ``git log --topo-order``: newest first, children first.

    Raises UnknownRevisionError when this repository lacks one of the ids.
    """
    wanted = _require(repository, ids)
    ordered = []
    if len(wanted) < 2:
        return list(wanted)
    with closing(_rev_list(repository, ["--topo-order"], wanted)) as commits:
        for commit in commits:
            if commit in wanted:
                wanted.remove(commit)
                ordered.append(commit)
                if not wanted:
                    break
    return ordered


def reachable_from(repository: Repository, ids: Collection[str], others: Iterable[str]) -> set[str]:
    """Return those of ``ids`` that are among ``others`` or ancestors of one of them.

    As far as this clone can tell: see ``unreachable_from``. What this repository lacks of
    ``others`` is passed over. Raises UnknownRevisionError when it lacks one of ``ids``.
    """
    wanted = _require(repository, ids)
    return wanted - _only_from(repository, wanted, known(repository, others))


def unreachable_from(
    repository: Repository, ids: Collection[str], others: Iterable[str]
) -> set[str]:
    """Return those of ``ids`` that are neither among ``others`` nor ancestors of one of them.

    What this repository lacks of ``others`` is passed over. Raises UnknownRevisionError when it
    lacks one of ``ids``, and ShallowHistoryError when such a commit may after all be an ancestor,
    by way of the history that a shallow clone lacks.
    """
    starts = known(repository, others)
    apart = set(ids) - reachable_from(repository, ids, starts)
    boundary = known(repository, shallow_boundary(repository)) if apart else set()
    if ends := boundary - _only_from(repository, boundary, starts):
        raise ShallowHistoryError(
            f"The clone at {printable(repository.root)} is shallow and ends at {min(ends)[:7]}, so "
            f"that what belongs to a branch is not known: {DEEPEN}."
        )
    return apart


def first_parents(repository: Repository, ids: Collection[str], tips: Iterable[str]) -> set[str]:
    """Return those of ``ids`` that the first parents of ``tips`` lead to (Git: --first-parent)."""
    wanted = set(ids)
    with closing(_rev_list(repository, ["--first-parent"], known(repository, tips))) as commits:
        return {commit for commit in commits if commit in wanted}


def placements(
    repository: Repository, missing: Sequence[str], logged: Sequence[str]
) -> dict[str, int]:
    """Return where commits that are older than what a log holds belong in it.

    ``logged`` are the ids of the log's rows from top to bottom, with duplicates and with ids that
    this repository lacks. The answer has, for each of ``missing`` that is an ancestor of a logged
    commit, the index of the lowest row that holds a descendant of it: its row belongs below that
    one. For the others it has nothing. Raises UnknownRevisionError when the repository lacks one of
    ``missing``.
    """
    wanted = _require(repository, missing)
    rows = known(repository, logged)
    older = wanted - _only_from(repository, wanted, rows)
    if not older:
        return {}
    lowest = {commit: index for index, commit in enumerate(logged) if commit in rows}
    return _lowest_descendants(repository, older, lowest)


def _lowest_descendants(
    repository: Repository, older: set[str], lowest: dict[str, int]
) -> dict[str, int]:
    """Hand the greatest index from children to parents, children first; stop when all are met."""
    found: dict[str, int] = {}
    handed: dict[str, int] = {}
    with closing(_rev_list(repository, ["--topo-order", "--parents"], lowest)) as lines:
        for line in lines:
            commit, *parents = line.split()
            index = handed.pop(commit, -1)
            if commit in older and index >= 0:
                found[commit] = index
            older.discard(commit)
            if not older:
                break
            index = max(index, lowest.get(commit, -1))
            for parent in parents:
                handed[parent] = max(index, handed.get(parent, -1))
    return found


def _only_from(repository: Repository, ids: set[str], others: set[str]) -> set[str]:
    """Return the known ids that cannot be reached from other known ids."""
    if not ids or not others:
        return set(ids)
    return set(_rev_list(repository, [], ids, others)) & ids


def _require(repository: Repository, ids: Collection[str]) -> set[str]:
    """Return the ids as a set after making sure that all of them are here."""
    present = known(repository, ids)
    for commit in ids:
        if commit not in present:
            shallow = bool(shallow_boundary(repository))
            raise unknown_revision(commit, repository.root, shallow=shallow)
    return present


def _rev_list(
    repository: Repository, options: Sequence[str], ids: Iterable[str], others: Iterable[str] = ()
) -> Generator[str, None, None]:
    """Yield the lines of ``git rev-list <options> <ids> --not <others>``."""
    lines = [*ids, *(f"^{other}" for other in others)]
    if not lines:
        return
    rest = b""
    args = ["rev-list", *options, "--stdin"]
    with closing(read_subprocess(repository, args, "\n".join(lines).encode("ascii"))) as output:
        for piece in output:
            *complete, rest = (rest + piece).split(b"\n")
            yield from (line.decode("ascii") for line in complete)
