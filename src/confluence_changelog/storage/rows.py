"""Tables, their sections and their rows, as offsets into storage-format text."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from confluence_changelog.storage.tags import CLOSE, EMPTY, OPEN, Tag, misplaced

_AFTER_PLAIN_ROW = re.compile(r"<(?:/(?:tr><tr>|t(?:[abfor]|he)|ac:)|t(?:[abfor]|he)|ac:|[!?])")
"""``</tr><tr>``, or where anything of `scan._STRUCTURE` begins (a little else is found as well)."""


class Row(NamedTuple):
    """A table row: ``text[start:end]`` is the whole ``<tr>…</tr>``."""

    start: int
    end: int
    section: str
    """``thead``, ``tbody``, ``tfoot``, or empty where the row stands directly in the table."""


class Section(NamedTuple):
    """A ``thead``, ``tbody`` or ``tfoot``: ``start`` is where its content begins."""

    name: str
    start: int
    after: int = -1
    """Where it has been closed."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is in no other table's cell, and not in CDATA or a comment."""

    number: int
    """Counted from 1 in document order; those inside macros come after all others."""
    start: int
    end: int
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    """Sections that are not empty elements, in document order."""
    inside: bool = False
    """Whether it is in the rich-text body of a macro, such as an expand."""


@dataclass(slots=True)
class OpenTable:
    """The table that is being read."""

    start: int
    rows: list[Row] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    section: str = ""
    row_start: int = -1

    def add(self, tag: Tag, text: str) -> int:
        """Take a tag that stands in the table itself, not in a cell; return where to go on."""
        if tag.name == "tr":
            return self._add_row(tag, text)
        if tag.kind == OPEN and not self.section and self.row_start < 0:
            self.section = tag.name
            self.sections.append(Section(tag.name, tag.end))
        elif tag.kind == CLOSE and self.section == tag.name and self.row_start < 0:
            self.section = ""
            self.sections[-1] = self.sections[-1]._replace(after=tag.end)
        elif tag.kind != EMPTY:
            raise misplaced(text, tag)
        return tag.end

    def _add_row(self, tag: Tag, text: str) -> int:
        if tag.kind == OPEN and self.row_start < 0:
            return self._add_plain_rows(tag, text)
        if tag.kind == CLOSE and self.row_start >= 0:
            self.rows.append(Row(self.row_start, tag.end, self.section))
            self.row_start = -1
        elif tag.kind == EMPTY and self.row_start < 0:
            self.rows.append(Row(tag.start, tag.end, self.section))
        else:
            raise misplaced(text, tag)
        return tag.end

    def _add_plain_rows(self, tag: Tag, text: str) -> int:
        """Take the row that `tag` opens and those directly behind it, as far as they are plain.

        A plain row holds no tag of `scan._STRUCTURE` and ends in ``</tr><tr>``. The row behind the last
        plain one stays open. Return where its content begins.
        """
        start, inside, section = tag.start, tag.end, self.section
        add, new = self.rows.append, tuple.__new__  # half the cost of calling Row, for thousands
        for match in _AFTER_PLAIN_ROW.finditer(text, inside):
            if match[0] != "</tr><tr>":
                break
            inside = match.end()
            end = inside - len("<tr>")
            add(new(Row, (start, end, section)))
            start = end
        self.row_start = start
        return inside

    def close(self, number: int, tag: Tag, text: str, *, inside: bool) -> Table:
        """Return the table that this tag ends."""
        if self.row_start >= 0 or self.section:
            raise misplaced(text, tag)
        return Table(number, self.start, tag.end, tuple(self.rows), tuple(self.sections), inside)
