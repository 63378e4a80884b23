"""Reads a page body with lxml, by rules of its own: nothing here is shared with the product."""

import re
from collections.abc import Collection
from copy import deepcopy
from html.entities import name2codepoint

from lxml import etree

_AC, _RI = "urn:campaign:ac", "urn:campaign:ri"
_ENTITIES = "".join(
    f'<!ENTITY {name} "&#38;#{code};">'
    if name in ("lt", "amp")
    else f'<!ENTITY {name} "&#{code};">'
    for name, code in name2codepoint.items()
)
_PROLOGUE = f'<!DOCTYPE page [{_ENTITIES}]><page xmlns:ac="{_AC}" xmlns:ri="{_RI}">'
_HEADINGS = ["Date", "Who", "What", "Why"]
_STAMPS = ("local-id", f"{{{_AC}}}local-id", f"{{{_AC}}}macro-id")
"""Attributes that a save or an editor puts on what has none, with a random value."""
_LINK = re.compile(
    r"https://git\.example\.com/net/config/commit/([0-9a-f]{40})#cl1-repo-[0-9a-f]{12}"
)
_ANCHOR = re.compile(r"cl1-([0-9a-f]{40})-repo-[0-9a-f]{12}")
_ARCHIVE = re.compile(r"cl1-archive-[0-9]+-[0-9]+(-void)?")
_TOKEN = re.compile(r"token-\d+x")


class Reading:
    """What a page body says; ValueError where it is no XML or has no log."""

    def __init__(self, body: str) -> None:
        try:
            self._page = etree.fromstring(f"{_PROLOGUE}{body}</page>".encode())
        except etree.XMLSyntaxError as error:
            raise ValueError(str(error)) from error
        for element in self._page.iter(etree.Element):
            for name in _STAMPS:
                element.attrib.pop(name, "")
        rows = _log_rows(self._page)
        self.below = sum(1 for row in _after_archives(rows))
        """How many rows people typed below the row that links the archives."""
        rows = [row for row in rows if not _links_archives(row)]
        self.ids = tuple(map(_identity, rows))
        """For each row of the log, from top to bottom: its commit, or "" where people typed it."""
        self.rows = tuple(map(_canonical, rows))
        self.tokens = tuple(_TOKEN.findall(_text(self._page)))
        """In reading order."""

    def shown(self, commit: str) -> str:
        """Return the text of a commit's row; empty where it has none."""
        if commit not in self.ids:
            return ""
        return _text(etree.fromstring(self.rows[self.ids.index(commit)]))

    def places(self, commits: Collection[str]) -> list[int]:
        """Return the rows of some commits."""
        return [index for index, commit in enumerate(self.ids) if commit in commits]

    def handmade(self) -> tuple[bytes, ...]:
        """Return the rows that people typed."""
        return tuple(row for row, commit in zip(self.rows, self.ids, strict=True) if not commit)

    def without(self, rows: Collection[int]) -> bytes:
        """Return the whole page, canonically, without these rows of the log."""
        page = deepcopy(self._page)
        found = [row for row in _log_rows(page) if not _links_archives(row)]
        for row in [row for row in _log_rows(page) if _links_archives(row)]:
            _remove(row)
        for index in rows:
            _remove(found[index])
        return _canonical(page)

    def without_ours(self) -> bytes:
        """Return the whole page, canonically, without the rows of commits."""
        return self.without([index for index, commit in enumerate(self.ids) if commit])


def find_tokens(text: str) -> list[str]:
    """Return the tokens in a text."""
    return _TOKEN.findall(text)


def _log_rows(page: etree._Element) -> list[etree._Element]:
    logs = [table for table in page.iter("table") if _headings(table) == _HEADINGS]
    if len(logs) != 1:
        raise ValueError(f"there are {len(logs)} logs")
    return [row for row in logs[0].iter("tr") if row.find("th") is None]


def _links_archives(row: etree._Element) -> bool:
    """Tell whether a row links archives: an anchor in its first cell says so."""
    names = (each.text or "" for each in row[0].iter(f"{{{_AC}}}parameter"))
    return any(_ARCHIVE.fullmatch(name) for name in names)


def _after_archives(rows: list[etree._Element]) -> list[etree._Element]:
    places = [at for at, row in enumerate(rows) if _links_archives(row)]
    if len(places) > 1:
        raise ValueError("two rows link archives")
    return rows[places[0] + 1 :] if places else []


def _headings(table: etree._Element) -> list[str]:
    first = next(table.iter("tr"))
    return [_text(cell).strip() for cell in first.iterchildren("th")]


def _identity(row: etree._Element) -> str:
    """Return the commit whose link or anchor stands in the date cell."""
    date = row.find("td")
    if date is None:
        return ""
    for link in date.iter("a"):
        match = _LINK.fullmatch(link.get("href", ""))
        text = _text(link)
        if match and len(text) >= 4 and match[1].startswith(text):
            return match[1]
    for parameter in date.iter(f"{{{_AC}}}parameter"):
        if match := _ANCHOR.fullmatch(parameter.text or ""):
            return match[1]
    return ""


def _remove(row: etree._Element) -> None:
    parent, previous = row.getparent(), row.getprevious()
    assert parent is not None
    if previous is None:
        parent.text = (parent.text or "") + (row.tail or "")
    else:
        previous.tail = (previous.tail or "") + (row.tail or "")
    parent.remove(row)


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", with_tail=False)
