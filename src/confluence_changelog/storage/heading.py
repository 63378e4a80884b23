"""Finds the heading that a reader sees above a table."""

import re
from collections.abc import Sequence

from confluence_changelog.storage.scan import Table
from confluence_changelog.storage.visible import visible_text, without_opaque

_HEADING = re.compile(
    r"<h([1-6])(?=[\s>])(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>"
    r"((?:[^<]|<(?!/?h[1-6]))*+)</h\1\s*>"  # up to the next heading, so that open ones cost little
)


def headings_above(text: str, tables: Sequence[Table]) -> list[str]:
    """Return, for each top-level table of a page body, the text of the nearest heading above it.

    Headings in tables, comments and CDATA are none. The text is empty where there is none above.
    """
    found = [(match.start(), match[2]) for match in _HEADING.finditer(without_opaque(text))]
    above: list[str] = []
    shown, at, end = "", 0, 0
    for table in tables:
        while at < len(found) and found[at][0] < table.start:
            start, content = found[at]
            if start >= end:
                shown = " ".join(visible_text(content).split())
            at += 1
        above.append(shown)
        end = table.end
    return above
