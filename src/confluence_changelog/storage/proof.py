"""Proves an edit with lxml, independently of the scanner that found its spans.

Two proofs before each write. Undoing the spans gives the old text to the character. And a parse of
the new text finds the log table by its own rule, with the new and replaced rows where they belong, each
equal to the row that was laid out; without them, and with the replaced ones back in place, the whole
document is canonically equal to the old one, less the rows that were to be removed from that.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import TYPE_CHECKING

from confluence_changelog.errors import MalformedStorageError, ProofError
from confluence_changelog.storage.edit import Span, undo
from confluence_changelog.storage.validate import validate
from confluence_changelog.storage.xml import epilogue, prologue

if TYPE_CHECKING:
    from lxml.etree import _Element

_LAYOUT = frozenset(
    f"{{urn:confluence:ac}}{name}" for name in ("layout", "layout-section", "layout-cell")
)
_MACRO = frozenset(
    f"{{urn:confluence:ac}}{name}" for name in ("structured-macro", "macro", "rich-text-body")
)
_HIDING = "{urn:confluence:ac}"


def prove(
    old: str,
    new: str,
    spans: Sequence[Span],
    number: int,
    inserted: Mapping[int, Sequence[str]],
    replaced: Mapping[int, str] = MappingProxyType({}),
    removed: Collection[int] = (),
    record: str = "",
) -> None:
    """Check that `new` is `old` with rows of one table inserted, replaced or removed, and nothing else.

    Args:
        old: the page body that was read.
        new: the body after the edit.
        spans: the edit.
        number: the number of the table, as `scan` counts.
        inserted: for each row index of the old table, the storage texts of the rows that were inserted
            before that row.
        replaced: for each row index of the old table, the storage text that took that row's place.
        removed: the indices of the rows of the old table that are gone.
        record: what the name of the one anchor macro begins with that may differ; empty for none.

    Raises:
        MalformedStorageError: the old text is not well-formed, so no edit of it can be proven.
        ProofError: the edit does more or less than it should; this is a fault of the program.

    """
    if undo(new, spans) != old:
        raise ProofError(_fault("undoing the edit does not give the old text"))
    before = parse_fragment(old, "The page body")
    after = parse_fragment(new, "The edited page body")
    old_rows, new_rows = _rows(before, number), _rows(after, number)
    more = sum(map(len, inserted.values())) - len(removed)
    if len(new_rows) - more != len(old_rows):
        raise ProofError(_fault(f"table {number} has {len(new_rows)} rows"))
    waiting = iter(new_rows)
    for index in range(len(old_rows) + 1):
        for expected in inserted.get(index, ()):
            _take_out(_checked(next(waiting), expected))
        row = None if index in removed else next(waiting, None)
        if row is not None and index in replaced:
            _put_back(_checked(row, replaced[index]), old_rows[index])
    for index in removed:
        _take_out(old_rows[index])
    if record:
        _take_anchor(before, record)
        _take_anchor(after, record)
    if canonical(before) != canonical(after):
        raise ProofError(_fault("something outside the new rows differs"))


def parse_fragment(text: str, what: str) -> "_Element":
    """Return the root around a fragment; `what` names it where it is not well-formed.

    Raises MalformedStorageError.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=True, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=True
    )
    document = f"{prologue()}{text}{epilogue()}"
    try:
        return etree.fromstring(document.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        fault = validate(text)
        reason = (
            f"line {fault.line}, column {fault.column}: {fault.reason}" if fault else str(error)
        )
        raise MalformedStorageError(
            f"{what} is not well-formed, {reason}; repair the page in Confluence's editor."
        ) from error


def _rows(root: "_Element", number: int) -> "list[_Element]":
    """Return the rows of a table, found without the scanner; those inside macros count last."""
    tables: list[_Element] = []
    inside: list[_Element] = []
    waiting = [(child, tables) for child in reversed(root)]
    while waiting:
        element, found = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        if element.tag == "table":
            found.append(element)
            continue
        if element.tag in _MACRO:
            found = inside
        elif element.tag not in _LAYOUT and element.tag.startswith(_HIDING):
            continue
        waiting.extend((child, found) for child in reversed(element))
    tables += inside
    if not 1 <= number <= len(tables):
        raise ProofError(_fault(f"there is no table {number}"))
    rows: list[_Element] = []
    for child in tables[number - 1]:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows.extend(child.iterchildren("tr"))
    return rows


def _checked(row: "_Element", expected: str) -> "_Element":
    if canonical(row) != canonical(parse_fragment(expected, "A new row")[0]):
        raise ProofError(_fault("a new row is not where it should be"))
    return row


def _take_out(row: "_Element") -> None:
    """Take a row out and leave the text behind it."""
    parent = row.getparent()
    if parent is None:
        raise ProofError(_fault("a row stands outside a table"))
    previous = row.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + (row.tail or "")
    else:
        parent.text = (parent.text or "") + (row.tail or "")
    parent.remove(row)


def _take_anchor(root: "_Element", beginning: str) -> None:
    """Take out the one anchor macro whose name begins like that."""
    macros = [
        macro
        for macro in root.iter("{urn:confluence:ac}structured-macro")
        if macro.get("{urn:confluence:ac}name") == "anchor"
        and any((child.text or "").strip().startswith(beginning) for child in macro)
    ]
    if len(macros) != 1:
        raise ProofError(_fault(f"it has {len(macros)} anchors {beginning}"))
    _take_out(macros[0])


def _put_back(row: "_Element", old: "_Element") -> None:
    """Put a copy of the old row where its replacement stands."""
    parent = row.getparent()
    if parent is None:
        raise ProofError(_fault("a row stands outside a table"))
    restored = deepcopy(old)
    restored.tail = row.tail
    parent.replace(row, restored)


def canonical(element: "_Element") -> bytes:
    """Return an element in canonical form. Raises MalformedStorageError where it has none."""
    from lxml import etree

    try:
        return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    except etree.C14NError as error:  # a relative namespace name (Canonical XML 1.1, 1.3)
        raise MalformedStorageError(
            "The page body declares a namespace prefix in a way that cannot be compared; repair the "
            "page in Confluence's editor."
        ) from error


def _fault(what: str) -> str:
    return (
        f"The edit was not sent because its proof failed: {what}; nothing was written, please "
        "report this page's table with the version of confluence-changelog."
    )
