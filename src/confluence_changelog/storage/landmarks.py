"""Headings of a page: what people tell its tables by."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from sys import maxsize
from typing import NamedTuple

from confluence_changelog.storage.alike import alike
from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.tags import CLOSE, OPEN, Tag, tag_pattern, tags
from confluence_changelog.storage.visible import visible_text, without_opaque
from confluence_changelog.storage.xml import unescape

_HEADING = tag_pattern("h[1-6]")
_MACRO = tag_pattern("ac:structured-macro|ac:macro")
_PARAMETER = r"\s*<ac:parameter\s[^<>]*>[^<]*</ac:parameter>"
_TITLE = re.compile(
    rf"(?:{_PARAMETER})*?\s*<ac:parameter\s+ac:name=[\"']title[\"'][^<>]*>([^<]*)</ac:parameter>"
)

_BOLD = re.compile(
    r"<p(?:\s[^<>]*)?>\s*(?:<(?:span|u|em)(?:\s[^<>]*)?>)*<(?:strong|b)>(?:<(?:span|u|em)(?:\s[^<>]*)?>)*"
    r"([^<>]+)(?:</?(?:span|u|em|strong|b|br\s*/)>)*\s*</p>"
)


class _Title(NamedTuple):
    """The title of a macro, and where the macro's content is."""

    text: str
    start: int
    end: int


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
            if not _is_in_table(opened.start, ordered, starts):
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
    """Return the headings that a name means, each with the tables down to the next one of its level.

    What `alike` says of names holds.
    """
    ordered = sorted(tables, key=lambda table: table.start)
    starts = [table.start for table in ordered]
    found = []
    for index in alike(name, [heading.text for heading in headings]):
        heading = headings[index]
        following = (headings[at] for at in range(index + 1, len(headings)))
        end = next((other.start for other in following if other.level <= heading.level), maxsize)
        below = ordered[bisect_left(starts, heading.start) : bisect_left(starts, end)]
        found.append((heading, below))
    return found


def titled(text: str, tables: Sequence[Table], name: str) -> list[Table]:
    """Return the tables in the macros, such as expand and panel, whose title a name means."""
    found = _titles(text)
    ordered = sorted(tables, key=lambda table: table.start)
    starts = [table.start for table in ordered]
    inside: dict[int, Table] = {}
    for at in alike(name, [title.text for title in found]):
        first, last = (bisect_left(starts, place) for place in (found[at].start, found[at].end))
        inside.update((table.start, table) for table in ordered[first:last])
    return list(inside.values())


def captioned(text: str, tables: Sequence[Table], name: str) -> list[Table]:
    """Return the first table below each bold paragraph that a name means, down to the next of them.

    Many people write headings as bold text.
    """
    ordered = sorted(tables, key=lambda table: table.start)
    starts = [table.start for table in ordered]
    found = [
        match
        for match in _BOLD.finditer(without_opaque(text))
        if not _is_in_table(match.start(), ordered, starts)
    ]
    chosen = []
    for index in alike(name, [unescape(match[1]) for match in found]):
        end = found[index + 1].start() if index + 1 < len(found) else maxsize
        below = bisect_left(starts, found[index].start())
        chosen += [table for table in ordered[below : below + 1] if table.start < end]
    return chosen


def _is_in_table(place: int, ordered: Sequence[Table], starts: Sequence[int]) -> bool:
    at = bisect_right(starts, place) - 1
    return at >= 0 and place < ordered[at].end


def _titles(text: str) -> list[_Title]:
    """Return the titles of macros, from the innermost outwards."""
    found: list[_Title] = []
    opened: list[Tag] = []
    for tag in tags(text, _MACRO, 0, len(text)):
        if tag.kind == OPEN:
            opened.append(tag)
        elif tag.kind == CLOSE and opened:
            start = opened.pop()
            if title := _TITLE.match(text, start.end):
                found.append(_Title(unescape(title[1]), start.end, tag.start))
    return found
