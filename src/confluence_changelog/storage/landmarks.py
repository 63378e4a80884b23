"""Headings of a page: what people tell its tables by."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from sys import maxsize
from typing import NamedTuple

from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.tags import CLOSE, OPEN, Tag, tag_pattern, tags
from confluence_changelog.storage.visible import visible_text

_HEADING = tag_pattern("h[1-6]")


class Heading(NamedTuple):
    """A heading: ``level`` 1 to 6, its visible text, and where it begins."""

    level: int
    text: str
    start: int


def headings_of(text: str, tables: Sequence[Table]) -> list[Heading]:
    """Return the headings of a page body from top to bottom, those in tables left out."""
    ordered = sorted(tables, key=lambda table: table.start)
    starts = [table.start for table in ordered]
    found: list[Heading] = []
    opened: Tag | None = None
    for tag in tags(text, _HEADING, 0, len(text)):
        if tag.kind == OPEN:
            opened = tag
        elif tag.kind == CLOSE and opened is not None:
            at = bisect_right(starts, opened.start) - 1
            if at < 0 or ordered[at].end <= opened.start:
                shown = " ".join(visible_text(text[opened.end : tag.start]).split())
                found.append(Heading(int(tag.name[1]), shown, opened.start))
            opened = None
    return found


def headings_above(text: str, tables: Sequence[Table]) -> list[str]:
    """Return, for each table of a page body, the text of the last heading before it, or an empty one."""
    found = headings_of(text, tables)
    starts = [heading.start for heading in found]
    places = (bisect_right(starts, table.start) for table in tables)
    return [found[at - 1].text if at else "" for at in places]


def sections(
    headings: Sequence[Heading], tables: Sequence[Table], name: str
) -> list[tuple[Heading, list[Table]]]:
    """Return the headings of a name, each with the tables down to the next one of its level.

    Upper and lower case and white space are the same.
    """
    wanted = " ".join(name.split()).casefold()
    ordered = sorted(tables, key=lambda table: table.start)
    starts = [table.start for table in ordered]
    found = []
    for index, heading in enumerate(headings):
        if heading.text.casefold() != wanted:
            continue
        following = (headings[at] for at in range(index + 1, len(headings)))
        end = next((other.start for other in following if other.level <= heading.level), maxsize)
        below = ordered[bisect_left(starts, heading.start) : bisect_left(starts, end)]
        found.append((heading, below))
    return found
