"""Puts rows into the log table of a page body, as spans of it, and proves the edit."""

from collections.abc import Mapping, Sequence

from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.proof import prove
from confluence_changelog.storage.table import LogTable, insertion_point


def splice(
    text: str,
    log: LogTable,
    inserted: Mapping[int, Sequence[str]],
    replaced: Mapping[int, str],
) -> tuple[tuple[Span, ...], str]:
    """Return the spans of an edit, and the text with them.

    Args:
        text: the page body.
        log: its log table.
        inserted: for an index of a table row, the rows to put before it.
        replaced: for an index of a table row, the row to put in its place.

    Raises:
        LogTableError, MalformedStorageError: the page cannot take the rows.
        ProofError: the edit could not be proven.

    """
    spans = [
        Span(insertion_point(text, log, index), "", "".join(rows))
        for index, rows in inserted.items()
    ]
    for index, row in replaced.items():
        place = log.table.rows[index]
        spans.append(Span(place.start, text[place.start : place.end], row))
    ordered = tuple(sorted(spans))
    new = apply(text, ordered)
    prove(text, new, ordered, log.table.number, inserted, replaced)
    return ordered, new
