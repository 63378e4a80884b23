"""Links in plain text: web addresses, and what the configuration says. Pure.

Everything that is not linked stays the characters it is, and the text of a link is what was written.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from confluence_changelog.macros import jira
from confluence_changelog.reverts import SENTENCE
from confluence_changelog.settings import LinkPattern
from confluence_changelog.text import attribute, escape

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9+.-])https?://[^\s<>\"`\\^{|}\[\]\u3000-\u303f\uff00-\uffef]+", re.IGNORECASE
)
_LONGEST_ADDRESS = 2000
_MOST_LINKS = 500
"""Links in one paragraph; what comes after them stays text."""
_BEHIND = ".,;:!?'*_~)\u2026\u201d\u2019\u00bb"
"""What ends a sentence, not an address; a bracket only where none is open in the address."""
_ISSUE = re.compile(r"[A-Z][A-Z0-9_]+-[0-9]+")
_PLACE = re.compile(r"\{([0-9]{1,2})\}")


class _Found(NamedTuple):
    """A part of a text and the mark-up for it; empty where it has to stay text."""

    start: int
    end: int
    markup: str


def linked(text: str, patterns: Sequence[LinkPattern] = ()) -> str:
    r"""Return cleaned text as inline storage mark-up, with links; ``\n`` becomes ``<br />``."""
    out: list[str] = []
    position = 0
    for found in _found(text, patterns)[:_MOST_LINKS]:
        if found.markup:
            out += [broken(text[position : found.start]), found.markup]
            position = found.end
    return "".join([*out, broken(text[position:])])


def broken(text: str) -> str:
    """Return text as mark-up without links, with its line breaks."""
    return escape(text).replace("\n", "<br />")


def link(address: str, markup: str) -> str:
    """Return a link to a web address around inline mark-up; the mark-up alone where it is none."""
    if not is_address(address):
        return markup
    return f'<a href="{attribute(escape(address))}">{markup}</a>'


def is_address(text: str) -> bool:
    """Tell whether a text is a web address, http or https, without user or password."""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # such as "https://[x"
        return False
    return is_web and "@" not in parts.netloc and len(text) <= _LONGEST_ADDRESS


def places(url: str) -> list[int]:
    """Return the numbers of the groups that a configured address names."""
    return [int(number) for number in _PLACE.findall(url)]


def _found(text: str, patterns: Sequence[LinkPattern]) -> list[_Found]:
    """Return what becomes a link, from left to right; of what overlaps the first, addresses before all."""
    found = sorted(_fixed(text))[:_MOST_LINKS] if "://" in text or "reverts" in text else []
    for pattern in patterns:
        for match in _compiled(pattern.pattern).finditer(text):
            if match[0] and not _overlaps(found, *match.span()):
                found.append(_Found(*match.span(), _by_pattern(pattern, match)))
                if len(found) > _MOST_LINKS:
                    break
    return sorted(found)


def _overlaps(found: Sequence[_Found], start: int, end: int) -> bool:
    return any(start < other.end and other.start < end for other in found)


def _fixed(text: str) -> Iterator[_Found]:
    """Yield addresses, and the sentence of a revert, which is linked elsewhere."""
    for match in SENTENCE.finditer(text):
        yield _Found(*match.span(), "")
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match[0])
        goes_on = text.startswith("[", match.end())  # such as https://ada:[removed]@example.com
        if not goes_on and is_address(address):
            markup = link(address, escape(address))
            yield _Found(match.start(), match.start() + len(address), markup)


def _trimmed(address: str) -> str:
    """Take off what belongs to the sentence; each character is looked at once."""
    end, open_brackets = len(address), address.count("(") - address.count(")")
    while end and address[end - 1] in _BEHIND:
        if address[end - 1] == ")":
            if open_brackets >= 0:
                break
            open_brackets += 1
        end -= 1
    return address[:end]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _by_pattern(pattern: LinkPattern, match: re.Match[str]) -> str:
    """Return the mark-up for what a pattern found; empty where it is nothing to link."""
    if pattern.macro:
        return jira(match[0], pattern.server) if _ISSUE.fullmatch(match[0]) else ""

    def value(place: re.Match[str]) -> str:
        return quote(match[int(place[1])] or "", safe="/", errors="replace")

    markup = broken(match[0])
    shown = link(_PLACE.sub(value, pattern.url), markup)
    return "" if shown == markup else shown
