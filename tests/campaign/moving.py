"""Judges a log with archives after a campaign. Pure, and independent of the product's code.

What was taken out of the log, version by version, is put together to what the archives must hold.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree

from campaign.reading import Reading, find_tokens

if TYPE_CHECKING:
    from campaign.verdict import Case


def faults(case: "Case", readings: Sequence[Reading], alone: Reading) -> Iterator[tuple[str, str]]:
    """Yield kind and text of all that is wrong with the log, its history and its archives."""
    try:
        archives = [Reading(body) for body in case.archives or ()]
    except ValueError as error:
        yield "unreadable", f"an archive: {error}"
        return
    moved: list[bytes] = []
    for (old, before), (new, after) in pairwise(zip(case.versions, readings, strict=True)):
        if new.number != old.number + 1:
            yield "version", f"version {new.number} follows version {old.number}"
        if tokens := Counter(before.tokens) - Counter(after.tokens) - _tokens(before, after):
            yield "lost token", f"version {new.number}: {sorted(tokens)}"
        if new.ours and (first := _taken(before, after)) is not None:
            taken = before.rows[first : len(before.rows) - before.below]
            moved = [*taken, *moved]
            if before.without(range(first, first + len(taken))) != after.without(()):
                yield "changed", f"version {new.number}: more than rows at the end is gone"
        elif lost := Counter(filter(None, before.ids)) - Counter(filter(None, after.ids)):
            yield "lost row", f"version {new.number}: {sorted(lost)}"
    if moved != [row for archive in archives for row in archive.rows]:
        yield "archive", "the archives do not hold exactly what was taken out of the log, in order"
    yield from _whole(case, [readings[-1], *archives], alone)


def _taken(before: Reading, after: Reading) -> int | None:
    """Return the first row of those at the end of the log that are gone; None where rows were added.

    What people typed below the row that links the archives stays.
    """
    gone = len(before.rows) - len(after.rows)
    if gone <= 0:
        return None
    return len(before.rows) - before.below - gone


def _tokens(before: Reading, after: Reading) -> Counter[str]:
    """Return the tokens of rows that moved."""
    gone = Counter(before.rows) - Counter(after.rows)
    return Counter(token for row in gone.elements() for token in find_tokens(row.decode()))


def _whole(case: "Case", pages: Sequence[Reading], alone: Reading) -> Iterator[tuple[str, str]]:
    """Compare all pages at last with what should stand there."""
    counts = Counter(commit for page in pages for commit in page.ids if commit)
    for commit in case.commits:
        if counts[commit] != 1:
            yield ("double" if counts[commit] else "missing"), f"{commit} has {counts[commit]} rows"
    for commit in counts.keys() - set(case.commits):
        yield "unexpected", f"{commit} has a row"
    log, below = pages[0], pages[0].below
    end = len(log.rows) - below
    typed = [*_typed(log, 0, end), *(row for page in pages[1:] for row in page.handmade())]
    typed += _typed(log, end, end + below)
    if list(map(_text, typed)) != list(map(_text, alone.handmade())):
        yield "handmade", "rows that people typed are lost, changed or in another order"
    if log.without(range(len(log.rows))) != alone.without(range(len(alone.rows))):
        yield "page", "something besides the rows of the log differs"


def _text(row: bytes) -> str:
    """Return the text of a row; an editor that saved the log adds mark-up to rows that had not moved."""
    return "".join("".join(map(str, etree.fromstring(row).itertext())).split())


def _typed(page: Reading, first: int, last: int) -> list[bytes]:
    pairs = list(zip(page.rows, page.ids, strict=True))[first:last]
    return [row for row, commit in pairs if not commit]
