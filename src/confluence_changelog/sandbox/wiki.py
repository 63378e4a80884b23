"""Wiki mark-up as storage text, as far as short notes use it: headings, lists, emphasis, links."""

import re
from collections.abc import Iterator
from itertools import groupby

from .tokens import escape

_HEADING = re.compile(r"h([1-6])\.\s+(.*)")
_ITEM = re.compile(r"([*#-])\s+(.*)")
_LINK = re.compile(r"\[(?:([^\]|]+)\|)?(https?://[^\]\s]+)\]")
_MARKS = (
    (re.compile(r"(?<!\w)\*(\S(?:[^*]*\S)?)\*(?!\w)"), "strong"),
    (re.compile(r"(?<!\w)_(\S(?:[^_]*\S)?)_(?!\w)"), "em"),
    (re.compile(r"\{\{(.+?)\}\}"), "code"),
)


def storage(text: str) -> str:
    """Return wiki mark-up as storage text; what is not known stays as it is written."""
    return "".join(_blocks(text.splitlines()))


def _blocks(lines: list[str]) -> Iterator[str]:
    for kind, group in groupby((line.strip() for line in lines), _kind):
        if kind == "heading":
            for line in group:
                level, said = _HEADING.fullmatch(line).groups()  # type: ignore[union-attr]
                yield f"<h{level}>{_inline(said)}</h{level}>"
        elif kind in ("ul", "ol"):
            items = "".join(f"<li>{_inline(line[1:].strip())}</li>" for line in group)
            yield f"<{kind}>{items}</{kind}>"
        elif kind == "text":
            yield f"<p>{'<br />'.join(map(_inline, group))}</p>"


def _kind(line: str) -> str:
    if _HEADING.fullmatch(line):
        return "heading"
    if item := _ITEM.fullmatch(line):
        return "ol" if item[1] == "#" else "ul"
    return "text" if line else ""


def _inline(text: str) -> str:
    said = escape(text)
    for pattern, name in _MARKS:
        said = pattern.sub(rf"<{name}>\1</{name}>", said)
    return _LINK.sub(lambda link: f'<a href="{link[2]}">{link[1] or link[2]}</a>', said)
