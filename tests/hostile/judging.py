"""Reads pages with lxml alone, independently of the scanner and the proof of the project."""

from collections.abc import Iterator
from html.entities import name2codepoint

from lxml import etree

_DECLARED = "".join(
    f'<!ENTITY {name} "&#{code};">'
    for name, code in name2codepoint.items()
    if name not in ("amp", "lt", "gt", "quot", "apos")
)
ROW = frozenset(("tr", "td", "div", "p", "time", "a", "br", "ul", "ol", "li", "blockquote", "code"))
"""What a row of ours may consist of, besides macros; a ``div`` where a neighbour has one."""
_AC = "{urn:ac}"
_MACROS = {
    "code": ({"language"}, {f"{_AC}plain-text-body"}),
    "expand": ({"title"}, {f"{_AC}rich-text-body"}),
}
"""Macros of ours: the names of their parameters, and their bodies."""
MACROS = frozenset(
    f"{_AC}{name}"
    for name in ("structured-macro", "parameter", "plain-text-body", "rich-text-body")
)
"""What macros consist of."""


def parse(body: str) -> etree._Element:
    """Parse a page body."""
    root = '<root xmlns:ac="urn:ac" xmlns:ri="urn:ri" xmlns:at="urn:at">'
    document = f"<!DOCTYPE root [{_DECLARED}]>{root}{body}</root>"
    parser = etree.XMLParser(huge_tree=True, remove_comments=True)
    page = etree.fromstring(document.encode(), parser)
    for macro in page.iter("{urn:ac}structured-macro"):  # a save gives macros these
        macro.attrib.pop("{urn:ac}macro-id", "")
        macro.attrib.pop("{urn:ac}schema-version", "")
    return page


def our_rows(page: etree._Element) -> dict[str, list[etree._Element]]:
    """The rows that carry an identity, by their commit."""
    found: dict[str, list[etree._Element]] = {}
    for row in page.iter("tr"):
        for commit in _identities(row):
            found.setdefault(commit, []).append(row)
    return found


def _identities(row: etree._Element) -> Iterator[str]:
    for cell in row[:1]:
        for link in cell.iter("a"):
            address, _, fragment = link.get("href", "").partition("#")
            if fragment.startswith("cl1-"):
                yield address.rpartition("/")[2]
        for parameter in cell.iter("{urn:ac}parameter"):
            name = parameter.text or ""
            if name.startswith("cl1-"):
                yield name.split("-")[1]


def without(page: etree._Element, commits: frozenset[str]) -> bytes:
    """Return the page in canonical form without the rows of these commits."""
    for commit, rows in our_rows(page).items():
        if commit in commits:
            for row in rows:
                parent = row.getparent()
                assert parent is not None
                parent.remove(row)
    return etree.tostring(page)


def shown(element: etree._Element) -> str:
    """Return the text of an element, without that of parameters and white space at its ends."""
    texts = element.xpath(".//text()[not(parent::*[local-name()='parameter'])]")
    return " ".join("".join(map(str, texts)).split())


def assert_macros_of_ours(row: etree._Element) -> None:
    """Assert that a row has no macros but code and expands, each a block in a cell or an expand."""
    for macro in row.iter(f"{_AC}structured-macro"):
        parameters, bodies = _MACROS[macro.get(f"{_AC}name", "")]
        named = macro.findall(f"{_AC}parameter")
        assert {each.get(f"{_AC}name") for each in named} <= parameters
        assert {str(each.tag) for each in macro} - {f"{_AC}parameter"} == bodies
        parent = macro.getparent()
        assert parent is not None
        assert parent.tag in ("td", "div", f"{_AC}rich-text-body")


def names(element: etree._Element) -> frozenset[str]:
    """Return the names of an element and of all below it."""
    return frozenset(str(inner.tag) for inner in element.iter())
