"""Finds the log table of a page: by number, anchor, heading or headers, or because it looks like one."""

from collections.abc import Sequence
from typing import NamedTuple

from confluence_changelog.errors import LogTableError
from confluence_changelog.identity import anchors
from confluence_changelog.storage.header import Likeness, never
from confluence_changelog.storage.landmarks import (
    captioned,
    headings_above,
    headings_of,
    sections,
    titled,
)
from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.table import LogTable, fitting, headings, listed, match_columns

_SHOWN_TABLES = 8
_TRACE = "cl1-"
"""Stands in every identity of ours."""
_REMEDY = "name the log table by `heading`, `anchor` or `number` in [table] of the configuration"


class Listed(NamedTuple):
    """What tells a table of a page from the others."""

    number: int
    heading: str
    """The last heading before it; empty where there is none."""
    headers: tuple[str, ...]
    rows: int
    """How many it has, header rows among them."""
    inside: bool
    """Whether it is inside a macro."""


def find_log_table(
    text: str,
    columns: Sequence[str],
    number: int | None = None,
    *,
    heading: str = "",
    anchor: str = "",
    likeness: Likeness = never,
) -> LogTable:
    """Return the log table of a page body.

    Args:
        text: the page body in storage format.
        columns: the header texts of the configured columns; upper and lower case are the same.
        number: which table it is, as `scan` counts them.
        heading: the heading in whose section it is, the title of the macro that it is in, or the bold
            paragraph above it.
        anchor: the name of an anchor macro in it or, with no table in between, before it.
        likeness: judges headers where no columns are configured.

    Without number, heading and anchor it is the only table whose headers equal `columns`, or else
    the only one that has all of them; without columns, the one that looks most like a log. Tables
    inside macros count where no top-level table will do. A table that was pointed out must have every
    configured column among its headers (it may have more: their cells stay empty), or no header row
    and as many columns as are configured.

    Raises:
        LogTableError: no such table, more than one, or one whose columns do not fit.
        MalformedStorageError: the text is not storage format.

    """
    tables = scan(text)
    if number is not None:
        if not 1 <= number <= len(tables):
            raise LogTableError(
                f"The page has no table {number}: {describe(text, tables)}; correct `number` in "
                "[table] of the configuration."
            )
        found = tables[number - 1]
    elif anchor:
        found = _at_anchor(text, tables, anchor)
    else:
        among = _under_heading(text, tables, heading) if heading else tables
        found = _chosen(text, tables, among, columns, likeness, heading)
    return match_columns(text, found, columns, likeness)


def listing(
    text: str, tables: Sequence[Table] | None = None, likeness: Likeness = never
) -> list[Listed]:
    """Return the tables of a page body with what tells them apart.

    `likeness` says which rows that are not marked up as header rows are. Raises MalformedStorageError.
    """
    tables = scan(text) if tables is None else tables
    above = headings_above(text, tables)
    return [
        Listed(
            table.number, heading, headings(text, table, likeness), len(table.rows), table.inside
        )
        for table, heading in zip(tables, above, strict=True)
    ]


def describe(text: str, tables: Sequence[Table]) -> str:
    """Return the tables of a page with numbers, headers and headings, as one bounded phrase."""
    if not tables:
        return "it has no table"
    first = tables[:_SHOWN_TABLES]
    shown = [_described(table) for table in listing(text, first)]
    if len(tables) > len(shown):
        shown.append(f"and {len(tables) - len(shown)} more")
    return ", ".join(shown)


def _described(table: Listed) -> str:
    under = f" under {listed([table.heading])!r}" if table.heading else ""
    where = " inside a macro" if table.inside else ""
    return f"table {table.number}{under}{where} has {listed(table.headers) or 'no headers'}"


def _at_anchor(text: str, tables: Sequence[Table], name: str) -> Table:
    places = [anchor.start for anchor in anchors(text) if anchor.name == name]
    behind = [table for table in tables if len(places) == 1 and table.end > places[0]]
    if behind:
        return min(behind, key=lambda table: table.start)
    fault = "no anchor" if not places else f"{len(places)} anchors"
    if len(places) == 1:
        fault = "no table behind the anchor"
    raise LogTableError(
        f"The page has {fault} {name!r}: {describe(text, tables)}; correct `anchor` in [table] of the "
        "configuration, or put one anchor macro of that name before the log table."
    )


def _under_heading(text: str, tables: Sequence[Table], name: str) -> list[Table]:
    found = sections(headings_of(text, tables), tables, name)
    below = {table.number: table for _, under in found for table in under}
    if not found:
        named = titled(text, tables, name) or captioned(text, tables, name)
        below = {table.number: table for table in named}
    if below:
        return [below[number] for number in sorted(below)]
    fault = "no table below the heading" if found else "no heading"
    raise LogTableError(
        f"The page has {fault} {name!r}: {describe(text, tables)}; correct `heading` in [table] of the "
        "configuration."
    )


def _chosen(
    text: str,
    tables: Sequence[Table],
    among: Sequence[Table],
    columns: Sequence[str],
    likeness: Likeness,
    heading: str,
) -> Table:
    if heading and len(among) == 1:
        return among[0]
    fits = fitting(columns) if columns else likeness
    headers = [headings(text, table, fits) for table in among]
    ranked = [
        (fits(texts), not table.inside, table) for table, texts in zip(among, headers, strict=True)
    ]
    best = max(((rank, top) for rank, top, _ in ranked), default=(0, False))
    found = [table for rank, top, table in ranked if rank and (rank, top) == best]
    if not columns:
        found = _with_rows_of_ours(text, tables, found)
    if len(found) == 1:
        return found[0]
    which = f"{len(found)} tables" if found else "no table"
    which += f" under {heading!r}" if heading else ""
    there = describe(text, tables)
    if columns:
        raise LogTableError(
            f"The page has {which} with the headers {listed(columns)}: {there}; {_REMEDY}."
        )
    raise LogTableError(
        f"The page has {which} with the headers of a change log, a date and an author or a description: "
        f"{there}; {_REMEDY}."
    )


def _with_rows_of_ours(text: str, tables: Sequence[Table], found: Sequence[Table]) -> list[Table]:
    """Prefer the table that has rows of ours, so that a log is not begun anew in another one."""
    ours = [table for table in tables if text.find(_TRACE, table.start, table.end) >= 0]
    numbers = {table.number for table in ours}
    started = [table for table in found if table.number in numbers]
    if ours and not started and found:
        raise LogTableError(
            f"Table {ours[0].number} of the page has rows of commits, but its headers "
            f"{listed(headings(text, ours[0]))} are not those of a log and table {found[0].number}'s "
            f"are; {_REMEDY}."
        )
    return started or list(found)
