"""Running numbers of rows: they go on from the highest in the log. Pure."""

import re
from collections.abc import Mapping, Sequence

from confluence_changelog.fields import shows
from confluence_changelog.looks import numbering_columns
from confluence_changelog.placement import Places
from confluence_changelog.storage.grid import column_cells
from confluence_changelog.storage.table import LogTable
from confluence_changelog.storage.visible import visible_text

Fields = Sequence[str | None]
"""What each column shows."""

_LAST_DIGITS = re.compile(r"([0-9]{1,12})[^0-9]*\Z")
_DECORATED = re.compile(r"(?P<before>[\w #№°./-]*?)(?P<digits>[0-9]{1,12})(?P<after>[.):]?)")
_LONGEST = 24
"""Characters of a number with what it is decorated with: "CHG-2026-0042"."""


def with_literal_numbers(text: str, log: LogTable, fields: Fields) -> tuple[str | None, ...]:
    """Return what columns show, with the number in those where Data Center's editor keeps numbers.

    Columns of which something else is known are left as they are.
    """
    literal = numbering_columns(text, log)
    return tuple(
        "number" if shown is None and at in literal else shown for at, shown in enumerate(fields)
    )


def number_columns(fields: Fields) -> frozenset[int]:
    """Return the columns that show a running number."""
    return frozenset(at for at, shown in enumerate(fields) if shown and shows(shown, "number"))


def running_numbers(
    text: str,
    log: LogTable,
    fields: Fields,
    ids: Sequence[str],
    places: Places,
    replaced: Mapping[int, str],
) -> dict[str, str]:
    """Return the number of each new row, by id; nothing where no column shows one.

    A number that a prepared row has already is its own; prepared rows that are not filled do not count.

    Args:
        text: the page body.
        log: its log table.
        fields: what its columns show.
        ids: the commits that get a row, newest first.
        places: where these rows go.
        replaced: the index of a table row to the commit that takes it over, with its number.

    """
    if not number_columns(fields):
        return {}
    there = numbers_in(text, log, fields)
    found = {commit: there.get(index, "") for index, commit in replaced.items()}
    given = {commit: there.get(index, "") for index, commit in places.filled.items()}
    counted = (number for at, number in there.items() if at not in places.prepared)
    highest = max(counted, key=value_of, default="")
    for commit in reversed(ids):
        if commit not in found:
            found[commit] = given.get(commit) or _next(highest)
            highest = max(highest, found[commit], key=value_of)
    return found


def value_of(number: str) -> int:
    """Return the value of a number as it is shown; 0 of an empty one. "CR-0042" is 42, "1.10" is 10."""
    match = _LAST_DIGITS.search(number)
    return int(match[1]) if match else 0


def _next(number: str) -> str:
    """Return the next number, written like this one: "CR-0043" after "CR-0042", "8." after "7."."""
    match = _LAST_DIGITS.search(number)
    if not match:
        return "1"
    digits = str(int(match[1]) + 1).zfill(len(match[1]) if match[1].startswith("0") else 0)
    return f"{number[: match.start()]}{digits}{number[match.end(1) :]}"


def numbers_in(text: str, log: LogTable, fields: Fields) -> dict[int, str]:
    """Return the numbers of the rows of the log, by their index; those without one are left out.

    They are as they are shown, "CR-0042" or "7."; in a column that shows more they are digits alone.
    A cell that spans columns, such as the heading of a part of the log, holds no number.
    """
    column = min(number_columns(fields), default=None)
    if column is None:
        return {}
    found: dict[int, str] = {}
    for index, cell in column_cells(text, log.table, column):
        if index >= log.first and cell is not None and cell.colspan == 1:
            seen = " ".join(visible_text(text[cell.start : cell.end]).split())
            match = _LAST_DIGITS.search(seen)
            whole = fields[column] == "number" and len(seen) <= _LONGEST
            if match:
                found[index] = seen if whole and _DECORATED.fullmatch(seen) else match[1]
    return found
