"""What a log and its archives say of each other, in anchor macros, which no reader sees. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from confluence_changelog.errors import LogTableError
from confluence_changelog.identity import Anchor, anchors, marks
from confluence_changelog.row import anchor
from confluence_changelog.storage.rows import Row
from confluence_changelog.storage.scan import each_cell
from confluence_changelog.storage.table import LogTable
from confluence_changelog.storage.visible import visible_text

TRACE = "cl1-archive-"
"""Stands in every archive row."""
RECORD = "cl1-archived-"
"""What the name of a record's anchor begins with."""
NOTHING = "0" * 12
"""The digest of no rows."""

_MARK = re.compile(r"cl1-archive-([0-9]{1,19})-([0-9]{1,9})(-void)?")
_RECORD = re.compile(
    r"cl1-archived-([0-9]{1,19})-([0-9]{1,9})-([0-9]{1,6})-([0-9a-f]{12})-([0-9a-f]{12})"
    r"-([0-9Q.-]*[0-9])(-closed)?"
)


class Mark(NamedTuple):
    """What the log says of an archive."""

    page: str
    """Its page id."""
    number: int
    """Of the last move that counts, or is void; 0 before the first."""
    void: bool = False
    """Whether the move with that number does not count."""

    @property
    def name(self) -> str:
        """The name of its anchor."""
        return f"{TRACE}{self.page}-{self.number}{'-void' if self.void else ''}"


class Record(NamedTuple):
    """What an archive says of itself."""

    log: str
    """The page id of the log."""
    part: str
    """Which rows it takes: ``2025``, ``2025-Q3``, ``2025-03`` or a number, and ``.2`` for a second page."""
    number: int = 0
    """Of the last move to it."""
    rows: int = 0
    """How many rows that put at its top."""
    shown: str = NOTHING
    """Digest of what a reader sees of them."""
    source: str = NOTHING
    """Digest of their storage text in the log."""
    closed: bool = False
    """Whether it takes no more rows."""

    @property
    def name(self) -> str:
        """The name of its anchor."""
        counted = f"{self.number}-{self.rows}-{self.shown}-{self.source}"
        return f"{RECORD}{self.log}-{counted}-{self.part}{'-closed' if self.closed else ''}"


class ArchiveRow(NamedTuple):
    """The archive row of a log."""

    row: int
    """Its index among the rows of the table."""
    marks: tuple[Mark, ...]
    """The archive that was begun last comes last."""


def archive_row(text: str, table: LogTable) -> ArchiveRow | None:
    """Return the archive row of a log, or None.

    Raises:
        LogTableError: there are two, or an archive stands in it twice.

    """
    if text.find(TRACE, table.table.start, table.table.end) < 0:
        return None
    found = [
        ArchiveRow(index, tuple(mark for mark, _ in marks_in(text, row)))
        for index, row in enumerate(table.table.rows[table.first :], table.first)
        if is_archive_row(text, row)
    ]
    if len(found) > 1:
        raise LogTableError(
            f"Rows {found[0].row + 1} and {found[1].row + 1} of the log both link its archives; delete "
            "the copy of that row."
        )
    pages = [mark.page for mark in found[0].marks] if found else []
    if len(pages) != len(set(pages)):
        raise LogTableError(
            f"Row {found[0].row + 1} of the log links an archive twice; delete the copy of that link."
        )
    return found[0] if found else None


def is_archive_row(text: str, row: Row) -> bool:
    """Tell whether a row links archives: only anchors in its first cell count."""
    return text.find(TRACE, row.start, row.end) >= 0 and bool(marks_in(text, row))


def marks_in(text: str, row: Row) -> list[tuple[Mark, Anchor]]:
    """Return the marks in the first cell of a row, with their anchors as offsets into the text."""
    cell = next(each_cell(text, row), None)
    if cell is None:
        return []
    return [
        (
            Mark(match[1], int(match[2]), bool(match[3])),
            Anchor(each.name, each.start + cell.start, each.end + cell.start),
        )
        for each in anchors(text[cell.start : cell.end])
        if (match := _MARK.fullmatch(each.name))
    ]


def new_archive_row(columns: int, label: str, link: str) -> str:
    """Return the archive row of a log that has none; `link` is what `linked` returns."""
    span = f' colspan="{columns}"' if columns > 1 else ""
    return f"<tr><td{span}><p>{escape(label, quote=False)} {link}</p></td></tr>"


def linked(mark: Mark, title: str, address: str) -> str:
    """Return the link to an archive with its mark."""
    return f'<a href="{escape(address)}">{escape(title, quote=False)}</a>{anchor(mark.name)}'


def read_record(body: str) -> tuple[Record, Anchor] | None:
    """Return the record in a page body; None where there is none, or more than one."""
    if RECORD not in body:
        return None
    found = [
        (Record(m[1], m[6], int(m[2]), int(m[3]), m[4], m[5], bool(m[7])), each)
        for each in anchors(body)
        if (m := _RECORD.fullmatch(each.name))
    ]
    return found[0] if len(found) == 1 else None


def essence(row: str) -> tuple[str, ...]:
    """Return what a row says, however it is stored: its text, and the commits it has identities of."""
    text = "".join(unicodedata.normalize("NFC", visible_text(row)).split())
    return (text, *sorted(mark.identity.id for mark in marks(row)))


def shown_digest(rows: Sequence[str]) -> str:
    """Return the digest of what rows say."""
    return digest_of([essence(row) for row in rows])


def digest_of(said: Sequence[tuple[str, ...]]) -> str:
    """Return the digest of rows of which `essence` says this."""
    return hash_of(repr(list(said)))


def hash_of(text: str) -> str:
    """Return 12 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
