"""Which rows of a log stand out of order: the fewest that account for all of the disorder.

A log is in order when no row stands above a row of one of its descendants. Commits of unrelated
branches may stand either way, so this is no sorted list: the relation "is an ancestor and stands
above" is a partial order of the rows, and the rows in order are one of its largest antichains. By
Dilworth's theorem a largest matching finds it, and König's construction says which rows to name.

Sets of rows are kept as the bits of one number each: row 0 is bit 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence


def descendants(
    rows: Mapping[str, int], history: Iterable[tuple[str, Sequence[str]]]
) -> Mapping[int, int]:
    """Return for each row the set of the rows whose commits descend from its commit.

    Args:
        rows: ids of commits to their rows.
        history: commits with their parents, children first. Between two of the commits it must hold
            every commit that is a descendant of one and an ancestor of the other.

    """
    found: dict[int, int] = {}
    handed: dict[str, int] = {}
    for commit, parents in history:
        later = handed.pop(commit, 0)
        row = rows.get(commit)
        if row is not None:
            found[row] = later
            later |= 1 << row
        if later:
            for parent in parents:
                handed[parent] = handed.get(parent, 0) | later
    return found


def misplaced(later: Mapping[int, int]) -> dict[int, int]:
    """Return the fewest rows without which the others are in order.

    Each comes with a row that it cannot stand beside: of its two commits the one that stands above
    is an ancestor of the other.

    Args:
        later: for each row the set of the rows whose commits descend from its commit.

    """
    clashes = {row: both for row, rest in later.items() if (both := rest >> row + 1 << row + 1)}
    pairs, cut_off = _match(clashes)
    found: dict[int, int] = {}
    for lower, upper in pairs.items():
        if cut_off >> lower & 1:
            found[lower] = upper
        else:
            found[upper] = lower
    return found


def _match(clashes: Mapping[int, int]) -> tuple[dict[int, int], int]:
    """Pair each row with one below it that it clashes with, for as many rows as possible.

    Returns the pairs, lower row to upper row, and the set of the lower rows to which an alternating
    path leads from an upper row without a partner.
    """
    pairs: dict[int, int] = {}
    taken = dead = 0
    for start in clashes:
        path, seen = _search(clashes, pairs, start, taken, dead)
        if not path:
            dead |= seen  # what a search in vain has seen is of no use to any other
        for upper, lower in path:
            pairs[lower] = upper
            taken |= 1 << lower
    return pairs, dead


def _search(
    clashes: Mapping[int, int], pairs: Mapping[int, int], start: int, taken: int, dead: int
) -> tuple[list[tuple[int, int]], int]:
    """Return the pairs that give `start` a partner and every other row its own; or what was seen."""
    came: dict[int, int] = {}
    partner_of = {start: -1}
    waiting, seen = [start], 0
    for upper in waiting:
        fresh = clashes[upper] & ~(seen | dead)
        if free := fresh & ~taken:
            path = [(upper, next(_bits(free)))]
            while (lower := partner_of[path[-1][0]]) >= 0:
                path.append((came[lower], lower))
            return path, 0
        seen |= fresh
        for lower in _bits(fresh):
            came[lower] = upper
            partner_of[pairs[lower]] = lower
            waiting.append(pairs[lower])
    return [], seen


def _bits(rows: int) -> Iterator[int]:
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest
