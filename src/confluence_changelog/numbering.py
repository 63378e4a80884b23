"""Running numbers of rows: they go on from the highest in the log. Pure."""

import re
from collections.abc import Mapping, Sequence

from confluence_changelog.fields import shows
from confluence_changelog.storage.scan import cells
from confluence_changelog.storage.table import LogTable
from confluence_changelog.storage.visible import visible_text

_LAST_DIGITS = re.compile(r"([0-9]{1,12})[^0-9]*\Z")


def running_numbers(
    text: str,
    log: LogTable,
    fields: Sequence[str | None],
    ids: Sequence[str],
    replaced: Mapping[int, str],
) -> dict[str, str]:
    """Return the number of each new row, by id; nothing where no column shows one.

    Args:
        text: the page body.
        log: its log table.
        fields: what its columns show.
        ids: the commits that get a row, newest first.
        replaced: the index of a table row to the commit that takes it over, with its number.

    """
    column = _column(fields)
    if column is None:
        return {}
    there = {
        index: _number(text, log, index, column) for index in range(log.first, len(log.table.rows))
    }
    found = {commit: there.get(index, "") for index, commit in replaced.items()}
    highest = max(there.values(), key=lambda number: int(number or 0), default="")
    number, width = int(highest or 0), len(highest) if highest.startswith("0") else 0
    for commit in reversed(ids):
        if commit not in found:
            number += 1
            found[commit] = str(number).zfill(width)
    return found


def number_of(text: str, log: LogTable, fields: Sequence[str | None], row: int) -> str:
    """Return the number that a row of the table has; empty where it has none."""
    column = _column(fields)
    return "" if column is None else _number(text, log, row, column)


def _column(fields: Sequence[str | None]) -> int | None:
    return next((at for at, shown in enumerate(fields) if shown and shows(shown, "number")), None)


def _number(text: str, log: LogTable, row: int, column: int) -> str:
    found = cells(text, log.table.rows[row])
    if column >= len(found):
        return ""
    cell = found[column]
    match = _LAST_DIGITS.search(visible_text(text[cell.start : cell.end]))
    return match[1] if match else ""
