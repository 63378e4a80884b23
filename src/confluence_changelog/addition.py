"""Rows that a person adds through this program, for a change that is in no commit. Pure.

Such a row is recognised by an anchor macro beside the date, named ``cl1-key-`` and 32 hex digits: a
digest of the key that the person gave. No name of a commit's row looks like that (see `identity`), so
neither the ledger nor an audit takes it for one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from confluence_changelog.content import EMPTY_CELL, date_content
from confluence_changelog.errors import LogTableError, ProofError, UsageError
from confluence_changelog.fields import carries, is_dated, is_template, pieces
from confluence_changelog.given import line
from confluence_changelog.identity import Identity, anchors
from confluence_changelog.insert import Edit
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.looks import Look, looks_of
from confluence_changelog.markdown import blocks, style_of
from confluence_changelog.numbering import number_columns, running_numbers
from confluence_changelog.placement import Places, is_oldest_first, places
from confluence_changelog.row import Row, anchor, make_row, storable
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage.splice import splice
from confluence_changelog.text import clean

_NAME = re.compile(r"cl1-key-[0-9a-f]{32}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FILLED_IN = ("author", "committer", "commit", "number")
"""Fields whose cells need no text, besides dates: the user, the next number, and a commit that there is
none of."""


class Addition(NamedTuple):
    """A row to be added."""

    name: str
    """Of its anchor; see `name_of`."""
    headings: tuple[str, ...]
    """The headers of the table that the texts were given for."""
    texts: tuple[str, ...]
    """The text of each cell, from left to right."""


def name_of(key: str) -> str:
    """Return the name of the anchor that recognises the row with a key.

    Keys are the same in any Unicode form, and with any white space around them.
    """
    text = unicodedata.normalize("NFC", key.strip()).encode("utf-8", "surrogatepass")
    return f"cl1-key-{hashlib.sha256(text).hexdigest()[:32]}"


def added(body: str, layout: Layout) -> frozenset[str]:
    """Return the names of the rows in a page body that were added by key.

    Raises LogTableError, MalformedStorageError.
    """
    return frozenset(names(body, read_log(body, layout)))


def is_filled_in(field: str | None) -> bool:
    """Tell whether the cell of a field needs no text."""
    return field in FILLED_IN or is_date(field)


def is_date(field: str | None) -> bool:
    """Tell whether a column shows a date and nothing else."""
    return bool(field) and is_dated(field or "") and not is_template(field or "")


def assign(
    log: Log, texts: Sequence[str], by_header: Sequence[tuple[str, str]]
) -> tuple[str | None, ...]:
    """Return the text of each column, None where none is given.

    Args:
        log: the log.
        texts: texts in the order of the columns that no header names: for all of them, or for those
            that are not filled in.
        by_header: pairs of header and text.

    Raises:
        UsageError: a header names no column, or several, or there are too few or too many texts.

    """
    given: dict[int, str] = {}
    for header, text in by_header:
        column = _column(log, header)
        if column in given:
            raise UsageError(f"The cell {header!r} is given twice; give it once.")
        given[column] = text
    left = [column for column in range(len(log.fields)) if column not in given]
    wanted = [column for column in left if not is_filled_in(log.fields[column])]
    if texts:
        columns = next((each for each in (left, wanted) if len(each) == len(texts)), None)
        if columns is None:
            raise UsageError(
                f"The log wants a text for each of {shown(log, wanted)}, or for each of "
                f"{shown(log, left)}, and not {len(texts)}."
            )
        given.update(zip(columns, texts, strict=True))
    return tuple(given.get(column) for column in range(len(log.fields)))


def split_cell(log: Log, text: str) -> tuple[str, str]:
    """Return header and text of ``Header=text``; a header may hold ``=`` itself.

    Raises UsageError where no column has the header.
    """
    places = [match.start() for match in re.finditer("=", text)]
    for place in reversed(places):
        if _folded(text[:place]) in map(_folded, log.table.headings):
            return text[:place], text[place + 1 :]
    if not places:
        raise UsageError(f"{text!r} is not of the form Header=text.")
    raise _no_column(log, text[: places[0]])


def plan_addition(body: str, addition: Addition, layout: Layout) -> Edit:
    """Return the edit that adds a row; an empty one where it is there.

    Raises:
        LogTableError, MalformedStorageError: the page cannot take the row.
        ProofError: the edit could not be proven.

    """
    log = read_log(body, layout)
    table = log.table.table
    if addition.name in names(body, log):
        return Edit((), (), (), (), body, len(table.rows))
    if log.table.headings != addition.headings:
        raise LogTableError(
            "The columns of the log were changed while the row was written; nothing was written, so "
            "look at the page and run again."
        )
    numbers, last = number_columns(log.fields), is_oldest_first(layout.table)
    where = places(body, log.table, layout.table, [addition.name], {}, numbers)
    look = looks_of(body, log.table, where, {}, numbers, upwards=last)[addition.name]
    row = lay_out_texts(_numbered(body, log, addition, where), log, layout.row, look)
    inserted = {at: [row.storage] for at, _ in where.inserted}
    spans, new = splice(body, log.table, inserted, dict.fromkeys(where.filled, row.storage))
    _check(new, log, layout, addition.name)
    return Edit((row,), (), (), spans, new, len(table.rows) + len(inserted))


def _numbered(body: str, log: Log, addition: Addition, where: Places) -> Addition:
    """Return the addition with the next running number, where its cell is empty."""
    numbers = running_numbers(body, log.table, log.fields, [addition.name], where, {})
    pairs = zip(addition.texts, log.fields, strict=True)
    texts = (
        text or (numbers[addition.name] if field == "number" else text) for text, field in pairs
    )
    return addition._replace(texts=tuple(texts))


def lay_out_texts(
    addition: Addition, log: Log, settings: RowSettings, look: Look | None = None
) -> Row:
    """Lay texts out as a row. Nothing in them becomes mark-up that is none in a commit message."""
    contents = [
        storable(_content(text, field, settings, is_place=column == log.column), settings)
        for column, (text, field) in enumerate(zip(addition.texts, log.fields, strict=True))
    ]
    identity = Identity(addition.name, "", "")
    return make_row(identity, contents, log.column, anchor(addition.name), look)


def shown(log: Log, columns: Sequence[int]) -> str:
    """Return the headers of columns for a person."""
    names = [log.table.headings[column] or f"column {column + 1}" for column in columns]
    return ", ".join(names) or "no column"


def _content(text: str, field: str | None, settings: RowSettings, *, is_place: bool) -> str:
    if not clean(text).strip():
        return EMPTY_CELL
    if field and is_date(field) and (day := _day(text.strip())):
        return date_content(day, settings, pieces(field)[0].detail)
    if is_place or field in ("date", "author", "committer", "subject"):
        style = style_of(settings, linked=not is_place) if field == "subject" else None
        return f"<p>{line(text, style) or '<br />'}</p>"
    return blocks(text, style_of(settings, linked=not (field and carries(field)))) or EMPTY_CELL


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:  # such as 2026-02-30
        return None


def names(body: str, log: Log) -> list[str]:
    """Return the names of the rows in a log that were added by key, from top to bottom."""
    rows = log.table.table.rows[log.table.first :]
    found = (
        anchors(body[row.start : row.end])
        for row in rows
        if "cl1-key-" in body[row.start : row.end]
    )
    return [each.name for names in found for each in names if _NAME.fullmatch(each.name)]


def _check(new: str, before: Log, layout: Layout, name: str) -> None:
    """Read the new body again: the row must be found, and the rows of commits be what they were."""
    after = read_log(new, layout)
    ids = [[logged.identity for logged in log.ledger.rows] for log in (before, after)]
    if ids[0] != ids[1] or names(new, after).count(name) != 1:
        raise ProofError(
            "The edit was not sent because the new row could not be read back from it; nothing was "
            "written, please report this with the version of confluence-changelog."
        )


def _column(log: Log, header: str) -> int:
    found = [at for at, each in enumerate(log.table.headings) if _folded(each) == _folded(header)]
    if len(found) != 1:
        raise _no_column(log, header)
    return found[0]


def _no_column(log: Log, header: str) -> UsageError:
    return UsageError(
        f"The log has no one column with the header {header!r}; its columns are "
        f"{shown(log, range(len(log.fields)))}."
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
