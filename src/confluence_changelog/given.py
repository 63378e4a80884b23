"""What the content of a cell is made from, and the lines of it: text and people. Pure."""

from collections.abc import Mapping
from itertools import accumulate, chain, repeat
from types import MappingProxyType
from typing import NamedTuple

from confluence_changelog.entry import Entry
from confluence_changelog.links import linked
from confluence_changelog.markdown import Style, words
from confluence_changelog.settings import RowSettings
from confluence_changelog.text import cut, inline, one_line

_LONGEST_LINE = 1000
"""Characters of a subject or a name that are shown: a commit can hold more than a page can."""


class Target(NamedTuple):
    """What a row is laid out for."""

    folds: bool = False
    """Whether an expand macro may stand in a cell."""
    mentions: Mapping[str, str] = MappingProxyType({})
    """E-mail address, in lower case, to the mark-up that mentions its user."""


NOWHERE = Target()
"""No Confluence that is known of."""


class Given(NamedTuple):
    """What a cell is made from."""

    entry: Entry
    settings: RowSettings
    number: str
    target: Target
    style: Style
    alone: bool
    """Whether the field is all that the cell shows."""


def line(text: str, style: Style | None = None) -> str:
    """Return a text as one line of mark-up, cut where it is too long to be one.

    With a style, code and links in it are laid out.
    """
    shown = _cut(text)
    return words(shown, style) if style else inline(shown)


def linked_line(text: str, given: Given) -> str:
    """Return a text that is no prose as one line of mark-up, with links and without code."""
    shown = _cut(one_line(text))
    return linked(shown, given.style.patterns) if given.style.linked else inline(shown)


def _cut(text: str) -> str:
    shown, was_cut = cut(text, _LONGEST_LINE)
    return f"{shown} …" if was_cut else shown


def person(name: str, email: str, given: Given) -> str:
    """Return a mention of a person, or else the name."""
    return given.target.mentions.get(email.lower()) or line(name)


def author(given: Given, _detail: str) -> str:
    """Return the author, the program that made the commit for them, and the co-authors."""
    entry = given.entry
    shown = person(entry.author, entry.author_email, given)
    if entry.bot:
        shown += f" (by {line(entry.bot)})"
    return f"{shown} (with {co_authors(given, '')})" if entry.co_authors else shown


def co_authors(given: Given, _detail: str) -> str:
    """Return the co-authors, as many as a line holds."""
    entry = given.entry
    emails = chain(entry.co_author_emails, repeat(""))
    ends = accumulate(len(name) + 2 for name in entry.co_authors)
    shown = [
        person(name, email, given)
        for name, email, end in zip(entry.co_authors, emails, ends, strict=False)
        if end <= _LONGEST_LINE
    ]
    return ", ".join([*shown, *(["…"] if len(shown) < len(entry.co_authors) else [])])
