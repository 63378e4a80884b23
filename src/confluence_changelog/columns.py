"""Which field each column of a table shows, by its header. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from confluence_changelog.fields import is_dated, shows
from confluence_changelog.phrases import PHRASES, phrases
from confluence_changelog.words import WORDS

BOTH = "{subject}{body}"
"""What a column shows that has to say everything."""

TIME = "date:%H:%M"
"""What a column for the time of day shows beside one for the date."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NO_WORD = re.compile(r"[^\w#°№]+")
_LIKE_DEFAULT = ("date", "author", "subject", "body")
_ABOUT = ("subject", "body")
_AMBIGUOUS = frozenset(("data", "day", "on", "changed", "modified", "published", "le"))
"""Words of dates that head other columns as well: "data" is a date in Portuguese and Italian."""


def map_headings(headings: Sequence[str]) -> tuple[str | None, ...]:
    """Return the field of each header, None where no word for it is known.

    A field has one column, the first of its name; only a date may have several. A column such as
    "Description" shows what no other column shows: subject, body, or both. One such as "Action" does so
    where there is no "Description" either, and one such as "Time" shows the time beside a date.
    """
    found: list[str | None] = []
    for heading in headings:
        name = _field(heading)
        found.append(name if name == "date" or name not in found else None)
    unsure = [at for at, heading in enumerate(headings) if folded(heading) in _AMBIGUOUS]
    if any(name == "date" and at not in unsure for at, name in enumerate(found)):
        for at in unsure:  # beside "Date" there may be "Added", "Changed", "Removed"
            found[at] = None if found[at] == "date" else found[at]
    _settle(found, "act", "text", when="text" not in found and "subject" not in found)
    _settle(found, "moment", "time" if "date" in found else "date", when=True)
    _settle(found, "time", TIME, when="date" in found)
    if "text" in found:
        rest = [name for name in ("subject", "body") if name not in found]
        found[found.index("text")] = rest[0] if len(rest) == 1 else BOTH if rest else None
    return tuple(found)


def _settle(found: list[str | None], name: str, meant: str, *, when: bool) -> None:
    """Put in place of a name what it means; nothing where it means nothing."""
    if name in found:
        found[found.index(name)] = meant if when else None


def likeness(headings: Sequence[str]) -> int:
    """Return how much a table with these headers looks like a change log.

    0: it has no date, nor a commit beside author and description; one header over two dates; or neither
    an author nor a description. 2: it has the default columns and no others.
    """
    fields = map_headings(headings)
    shown = [(head, field) for head, field in zip(headings, fields, strict=True) if field]
    dates = [head for head, field in shown if is_dated(field)]
    by = any(shows(field, "author") for _, field in shown)
    told = any(
        shows(field, name) and (by or _field(head) != "act")
        for head, field in shown
        for name in _ABOUT
    )
    sure = any(folded(head) not in _AMBIGUOUS for head in dates)
    if not dates:
        return int("commit" in fields and by and told)
    if len({*map(folded, dates)}) < len(dates) or not (by or told) or not (sure or (by and told)):
        return 0
    return 2 if fields == _LIKE_DEFAULT else 1


def folded(heading: str) -> str:
    """Return the words of a header in lower case and NFKC, without punctuation."""
    words = _NO_WORD.sub(" ", unicodedata.normalize("NFKC", heading).casefold())
    return unicodedata.normalize("NFC", " ".join(words.replace("_", " ").split()))


def _field(heading: str) -> str | None:
    """Return the field of a header as it stands, or without what is in brackets, or of a part of it."""
    heading = unicodedata.normalize("NFKC", heading)
    bare = _BRACKETS.sub(" ", heading)
    parts = re.split(r"[/|&+,·、]", bare)
    for text in (heading, bare, *(parts if len(parts) > 1 else ())):
        if found := _words().get(folded(text)):
            return found
    return None


@cache
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for field, words in WORDS.items():
        for word in words.split("|"):
            found.setdefault(folded(word), field)
    for field in PHRASES:
        for phrase in phrases(field):
            found.setdefault(folded(phrase), field)
    found.pop("", None)
    return found
