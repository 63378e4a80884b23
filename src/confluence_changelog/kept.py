"""In which order a log is kept, as far as its rows tell. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from confluence_changelog.fields import is_dated
from confluence_changelog.numbering import Fields, numbers_in, value_of
from confluence_changelog.storage.grid import column_cells
from confluence_changelog.storage.table import LogTable
from confluence_changelog.storage.visible import visible_text

_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_NUMBER = re.compile(r"[0-9]{1,12}\W?")


def seems_oldest_first(text: str, log: LogTable, fields: Fields) -> str:
    """Return what rises from the top of the log to its end: "dates" or "numbers"; empty for neither.

    Only Confluence's own dates and those of ISO 8601 are read, which cannot be mistaken. Where these fall,
    rising numbers mean nothing: Data Center's editor numbers rows from the top whatever they hold.
    """
    days = list(_days(text, log, fields))
    if len(set(days)) > 1 and days == sorted(days):
        return "dates"
    falls = len(set(days)) > 1 and days == sorted(days, reverse=True)
    return "numbers" if not falls and _rise(_numbers(text, log, fields)) else ""


def _days(text: str, log: LogTable, fields: Fields) -> Iterator[str]:
    column = next((at for at, shown in enumerate(fields) if shown and is_dated(shown)), None)
    for seen in _texts(text, log, column) if column is not None else ():
        if day := _DAY.search(seen):
            yield day[0]


def _numbers(text: str, log: LogTable, fields: Fields) -> list[int]:
    """Return the numbers of the rows; those in the first column where nothing says what it shows."""
    if found := numbers_in(text, log, fields):
        return [value_of(number) for number in found.values()]
    if not fields or fields[0]:
        return []
    texts = [seen for seen in _texts(text, log, 0) if seen]
    if not all(map(_NUMBER.fullmatch, texts)):
        return []
    return [int(re.sub(r"\W", "", seen)) for seen in texts]


def _texts(text: str, log: LogTable, column: int) -> Iterator[str]:
    for index, cell in column_cells(text, log.table, column):
        if index >= log.first and cell is not None and cell.colspan == 1:
            yield visible_text(text[cell.start : cell.end])


def _rise(numbers: Sequence[int]) -> bool:
    return len(numbers) > 1 and all(upper < lower for upper, lower in pairwise(numbers))
