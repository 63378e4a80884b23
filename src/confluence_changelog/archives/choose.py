"""Which rows of a log are to be moved, and to which archive. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from confluence_changelog.archives.marks import ArchiveRow
from confluence_changelog.log_table import Log
from confluence_changelog.settings import ArchiveSettings
from confluence_changelog.storage.scan import cells, each_cell
from confluence_changelog.storage.table import LogTable

_TIME = re.compile(
    r"""<time\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*?datetime\s*=\s*["']([0-9]{4}-[0-9]{2}-[0-9]{2})["']"""
)
_SHAPES = {
    "year": re.compile(r"[0-9]{4}"),
    "quarter": re.compile(r"[0-9]{4}-Q[1-4]"),
    "month": re.compile(r"[0-9]{4}-[0-9]{2}"),
}
_FIRST_YEAR = 1900
_FEW = 10
"""The part of the rows that may be too many where not everything is to be moved at once."""


class Choice(NamedTuple):
    """Rows to be moved: ``rows[first:last]`` of the table, all to the archive of one part."""

    first: int
    last: int
    part: str
    """A calendar period; empty where archives are numbered."""
    left: int
    """How many rows further up are to be moved after these."""


def choose(
    body: str,
    log: Log,
    row: ArchiveRow | None,
    settings: ArchiveSettings,
    today: date,
    newest: str = "",
    *,
    lazily: bool = False,
) -> Choice | None:
    """Return the oldest rows that are to be moved next; None where none are.

    The first row of the log always stays, and so do rows that people typed below the archive row.

    Args:
        body: the page body.
        log: the log in it.
        row: its archive row.
        settings: how much the log may keep.
        today: what the current period is told by.
        newest: the part of the archive that was begun last; no row goes to an earlier one.
        lazily: whether a tenth too many rows or characters may stay, so that not each publication
            moves a row.

    """
    top, end = log.table.first + 1, _end(log.table, row)
    lots = (
        _beyond_rows(log, row, end, settings.rows, lazily=lazily),
        _beyond_size(body, log, end, settings.size, lazily=lazily),
        _beyond_period(body, log, end, settings.period, today),
    )
    first = _uncrossed(body, log.table, max(top, min(lots)), end)
    if first >= end:
        return None
    if not settings.period:
        return Choice(first, end, "", 0)
    parts = _parts(body, log, range(first, end), settings.period, newest)
    begin = end - 1
    while begin > first and parts[begin - 1 - first] == parts[-1]:
        begin -= 1
    begin = _uncrossed(body, log.table, begin, end)
    if begin == end:  # one cell spans the rows of two periods: they go together
        begin = first
    return Choice(begin, end, parts[-1], begin - first)


def uncrossed(body: str, table: LogTable, first: int, last: int) -> int:
    """Return the first row from `first` on that no cell spans into from above; else `last`."""
    return _uncrossed(body, table, first, last)


def base(part: str) -> str:
    """Return the part without the number of a further page."""
    return part.partition(".")[0]


def shown(part: str) -> str:
    """Return a part as a title says it."""
    name, _, number = part.partition(".")
    return f"{name} ({number})" if number else name


def after(part: str, wanted: str) -> str:
    """Return the part of a new archive for rows of the period `wanted`, or else with the next number.

    `part` is that of the archive that was begun last; empty where there is none.
    """
    if not wanted:
        return str(int(part) + 1) if is_number(part) else "1"
    if base(part) != wanted:
        return wanted
    return f"{wanted}.{int(part.partition('.')[2] or 1) + 1}"


def is_number(part: str) -> bool:
    """Tell whether a part is the number of an archive, and no period."""
    return part.isdigit() and int(part) < _FIRST_YEAR


def period_of(day: date, period: str) -> str:
    """Return the part that a day belongs to."""
    if period == "year":
        return f"{day.year:04}"
    if period == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return f"{day.year:04}-{day.month:02}"


def date_of(body: str, log: Log, index: int) -> date | None:
    """Return the date of a row, where its date cell holds one that Confluence knows for a date."""
    column = log.fields.index("date") if "date" in log.fields else log.column
    at = 0
    for cell in each_cell(body, log.table.table.rows[index]):
        if at == column:
            found = _TIME.search(body, cell.start, cell.end)
            return _day(found[1]) if found else None
        at += min(cell.colspan, 1000)
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _end(table: LogTable, row: ArchiveRow | None) -> int:
    """Return the index behind the last row that may be moved."""
    if row is not None:
        return row.row
    footers = (at for at, each in enumerate(table.table.rows) if each.section == "tfoot")
    return next(footers, len(table.table.rows))


def _beyond_rows(log: Log, row: ArchiveRow | None, end: int, most: int, *, lazily: bool) -> int:
    below = len(log.table.table.rows) - end - (row is not None)
    there = end - log.table.first + below
    if not most or there <= most + (most // _FEW if lazily else 0):
        return end
    return max(log.table.first, end - (there - most))


def _beyond_size(body: str, log: Log, end: int, most: int, *, lazily: bool) -> int:
    if not most or len(body) <= most + (most // _FEW if lazily else 0):
        return end
    spare = most - len(body)
    first = end
    while spare < 0 and first > log.table.first:
        first -= 1
        row = log.table.table.rows[first]
        spare += row.end - row.start
    return first


def _beyond_period(body: str, log: Log, end: int, period: str, today: date) -> int:
    """Return the first of the last rows of which none is of the current period.

    A row without a date stays with the row above it.
    """
    first = end
    if not period:
        return first
    current = period_of(today, period)
    for index in range(end - 1, log.table.first - 1, -1):
        day = date_of(body, log, index)
        if day is not None:
            if period_of(day, period) >= current:
                break
            first = index
    return first


def _parts(body: str, log: Log, rows: Sequence[int], period: str, newest: str) -> list[str]:
    """Return the part of each row: from bottom to top they never go back in time.

    A row without a date goes with the row above it.
    """
    days = [date_of(body, log, index) for index in rows]
    known = base(newest) if _SHAPES[period].fullmatch(base(newest)) else ""
    above = next((period_of(day, period) for day in days if day), "")
    own = []
    for day in days:
        above = period_of(day, period) if day else above
        own.append(above)
    return list(accumulate(reversed(own), max, initial=known))[:0:-1]


def _uncrossed(body: str, table: LogTable, first: int, last: int) -> int:
    rows = table.table.rows
    if body.find("rowspan", table.table.start, rows[last - 1].end if rows else 0) < 0:
        return first
    reach = 0
    for index in range(table.first, last):
        if index >= max(first, reach):
            return index
        for cell in cells(body, rows[index]):
            reach = max(reach, index + cell.rowspan if cell.rowspan else last)
    return last
