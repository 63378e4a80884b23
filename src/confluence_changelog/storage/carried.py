"""Proves with lxml that copies of rows are what they should be, independently of what made them."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from confluence_changelog.errors import ProofError
from confluence_changelog.storage.proof import canonical, parse_fragment

if TYPE_CHECKING:
    from lxml.etree import _Element

_AC, _RI = "{urn:confluence:ac}", "{urn:confluence:ri}"
_IDS = (f"{_AC}macro-id", f"{_AC}local-id", "local-id")


def prove_carried(
    rows: Sequence[str], copies: Sequence[str], title: str, there: Collection[str]
) -> None:
    """Check that copies are the rows, but for ids, comment markers and what says which page is meant.

    Arguments as for `archives.carry.carried`. Raises ProofError.
    """
    if len(rows) != len(copies):
        raise ProofError(_FAULT)
    for row, copy in zip(rows, copies, strict=True):
        source = parse_fragment(row, "A row of the log")
        _change(source, title, there)
        if canonical(source) != canonical(parse_fragment(copy, "The copy of a row")):
            raise ProofError(_FAULT)


def _change(root: "_Element", title: str, there: Collection[str]) -> None:
    from lxml import etree

    etree.strip_tags(root, f"{_AC}inline-comment-marker")
    for element in list(root.iter(etree.Element)):
        for name in _IDS:
            element.attrib.pop(name, "")
        if _is_relative(element, there) and not _names_a_page(element):
            page = etree.Element(f"{_RI}page", {f"{_RI}content-title": title})
            page.tail, element.text = element.text, None
            element.insert(0, page)


def _is_relative(element: "_Element", there: Collection[str]) -> bool:
    if element.tag == f"{_RI}attachment":
        return True
    anchor = element.get(f"{_AC}anchor")
    return element.tag == f"{_AC}link" and anchor is not None and anchor not in there


def _names_a_page(element: "_Element") -> bool:
    first = next(iter(element), None)
    return first is not None and str(first.tag).startswith(_RI)


_FAULT = (
    "The rows were not moved because their copies are not proven to be the same; nothing was written, "
    "please report these rows with the version of confluence-changelog."
)
