"""Finds the tags of interest in storage-format text; comments, CDATA and instructions are passed over."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from confluence_changelog.errors import MalformedStorageError

_OPAQUE = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_REST_OF_TAG = re.compile(r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""")

OPEN, CLOSE, EMPTY = range(3)


class Tag(NamedTuple):
    """A tag of interest: ``text[start:end]``; ``kind`` is `OPEN`, `CLOSE` or `EMPTY`."""

    name: str
    kind: int
    start: int
    end: int


def tag_pattern(names: str) -> re.Pattern[str]:
    """Return the pattern of the tags whose names a regular expression (without groups) matches."""
    return re.compile(rf"<(?:/?({names})(?=[\s/>])|!--|!\[CDATA\[|\?)")


def next_tag(text: str, pattern: re.Pattern[str], start: int, end: int) -> Tag | None:
    """Return the first tag in ``text[start:end]`` that `pattern`, of `tag_pattern`, names.

    Raises:
        MalformedStorageError: a tag, a comment, CDATA or an instruction has no end.

    """
    while match := pattern.search(text, start, end):
        name = match[1]
        if name is None:
            start = _end_of_opaque(text, match)
            continue
        at = match.start()
        rest = _REST_OF_TAG.match(text, match.end(), end)
        if rest is None:
            raise misplaced(text, Tag(name, OPEN, at, match.end()))
        after = rest.end()
        kind = CLOSE if text[at + 1] == "/" else EMPTY if text[after - 2] == "/" else OPEN
        return Tag(name, kind, at, after)
    return None


def tags(text: str, pattern: re.Pattern[str], start: int, end: int) -> Iterator[Tag]:
    """Yield the tags in ``text[start:end]`` as `next_tag` finds them."""
    while tag := next_tag(text, pattern, start, end):
        yield tag
        start = tag.end


def _end_of_opaque(text: str, match: re.Match[str]) -> int:
    terminator = _OPAQUE[match[0]]
    end = text.find(terminator, match.end())
    if end < 0:
        raise MalformedStorageError(
            f"{place(text, match.start())} of the page body opens {match[0]} and never closes it; "
            "repair the page in Confluence's editor."
        )
    return end + len(terminator)


def place(text: str, offset: int) -> str:
    """Return an offset as ``Line 3, column 14`` (both counted from 1, columns in characters)."""
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return f"Line {line}, column {column}"


def misplaced(text: str, tag: Tag) -> MalformedStorageError:
    """Return the error for a tag that does not fit what is open."""
    slash = "/" if tag.kind == CLOSE else ""
    return MalformedStorageError(
        f"{place(text, tag.start)} of the page body has a <{slash}{tag.name}> that does not fit what "
        "is open there; repair the page in Confluence's editor."
    )
