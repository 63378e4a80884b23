"""Which rows are corrected in place: those of commits whose text has another wording by now. Pure.

A row keeps its identity, its place and its number. It is corrected while it is as published, and left
alone where somebody has edited it by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from confluence_changelog.entry import Entry
from confluence_changelog.fields import shows
from confluence_changelog.identity import digest, marks
from confluence_changelog.ledger import Ledger, LoggedRow
from confluence_changelog.numbering import numbers_in
from confluence_changelog.replace import is_as_published
from confluence_changelog.row import cell_contents
from confluence_changelog.storage.scan import cells
from confluence_changelog.storage.table import LogTable

if TYPE_CHECKING:
    from confluence_changelog.log_table import Layout, Log

_WORDED = ("subject", "body", "message", "ticket", "trailer")
"""Fields that show parts of a message."""


class Wanting(NamedTuple):
    """Rows that do not show the correction of their commit."""

    rows: dict[int, Entry]
    """Index of the table row -> the entry that it is to show."""
    altered: tuple[str, ...]
    """Commits whose rows cannot be corrected, because they were edited by hand."""


def wanting(text: str, log: "Log", layout: "Layout", entries: Sequence[Entry]) -> Wanting:
    """Return which rows do not show what they should. One whose commit stands twice is passed over.

    Only cells that show parts of the message are compared: a tag or a format of dates that has changed
    since is no correction.

    Args:
        text: the page body.
        log: the log in it.
        layout: how rows are laid out.
        entries: the entries of corrected commits.

    """
    if not entries:
        return Wanting({}, ())
    table, fields, _, column = log
    worded = [
        at for at, shown in enumerate(fields) if shown and any(shows(shown, w) for w in _WORDED)
    ]
    places = _places(log.ledger)
    numbers = numbers_in(text, table, fields)
    rows: dict[int, Entry] = {}
    altered: list[str] = []
    for entry in entries:
        if (logged := places.get(entry.id)) is None:
            continue
        number = numbers.get(logged.row, "")
        contents = cell_contents(entry, fields, layout.row, number=number, target=layout.target)
        if _shows(text, table, logged.row, contents, worded):
            continue
        if is_as_published(text, table, logged.row, column, logged.identity.digest):
            rows[logged.row] = entry
        else:
            altered.append(entry.id)
    return Wanting(rows, tuple(altered))


def _places(ledger: Ledger) -> Mapping[str, LoggedRow]:
    """Return the rows of commits that stand once."""
    found: dict[str, LoggedRow] = {}
    double: set[str] = set()
    for logged in ledger.rows:
        if logged.identity.id in found:
            double.add(logged.identity.id)
        found[logged.identity.id] = logged
    return {commit: logged for commit, logged in found.items() if commit not in double}


def _shows(
    text: str, log: LogTable, index: int, wanted: Sequence[str], columns: Iterable[int]
) -> bool:
    """Tell whether these cells of a row show what is wanted."""
    found = [text[cell.start : cell.end] for cell in cells(text, log.table.rows[index])]
    if len(found) != len(wanted):
        return False
    return all(digest(_unmarked(found[at])) == digest(wanted[at]) for at in columns)


def _unmarked(content: str) -> str:
    for mark in reversed(marks(content)):
        content = content[: mark.start] + content[mark.end :]
    return content
