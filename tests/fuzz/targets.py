"""What holds for any text: one function for each target of fuzzing.

Hypothesis calls them with texts of its making (`test_fuzz`), libFuzzer with others (`explore`). A
function returns nothing; what it asserts is wrong when it fails, and so is any other exception.
"""

import json
import re
from collections.abc import Callable
from xml.parsers import expat

from lxml import etree

from confluence_changelog.errors import MalformedStorageError, PageError
from confluence_changelog.identity import digest, marks
from confluence_changelog.insert import plan
from confluence_changelog.markdown import blocks, words
from confluence_changelog.message import parse_message
from confluence_changelog.redact import REMOVED, redact
from confluence_changelog.storage.edit import undo
from confluence_changelog.storage.find import describe
from confluence_changelog.storage.rows import Row
from confluence_changelog.storage.scan import Cell, cells, scan, without_tables
from confluence_changelog.storage.table import headings
from confluence_changelog.storage.validate import validate
from confluence_changelog.storage.visible import links, visible_text
from confluence_changelog.storage.xml import epilogue, prologue
from confluence_changelog.text import clean, cut, inline, json_safe, plain
from support.entries import entry, layout, nowhere

_CI = re.compile(r"##(?:vso|teamcity)?\[|(?:^|\s)::", re.IGNORECASE)
_HIDING = "{urn:confluence:ac}"
_LAYOUT = frozenset(
    f"{{urn:confluence:ac}}{name}" for name in ("layout", "layout-section", "layout-cell")
)


def _parse(text: str) -> etree._Element | None:
    """Parse with lxml; None where it is not well-formed."""
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    try:
        return etree.fromstring(f"{prologue()}{text}{epilogue()}".encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return None


def _tables(root: etree._Element) -> list[etree._Element]:
    """The top-level tables, by a rule of its own."""
    found: list[etree._Element] = []
    for table in root.iter("table"):
        above = list(table.iterancestors())
        if not any(
            element.tag == "table"
            or (str(element.tag).startswith(_HIDING) and element.tag not in _LAYOUT)
            for element in above
        ):
            found.append(table)
    return found


def _rows(table: etree._Element) -> int:
    sections = [child for child in table if child.tag in ("thead", "tbody", "tfoot")]
    return sum(child.tag == "tr" for place in (table, *sections) for child in place)


def scanning(text: str) -> None:
    """The scanner refuses, or finds what lxml finds; it raises nothing else."""
    try:
        tables = scan(text)
    except MalformedStorageError:
        return
    describe_safely(text)
    for table in tables:
        for row in table.rows:
            assert text.startswith("<tr", row.start)
            assert text[row.end - 1] == ">"
            for cell in _cells(text, row):
                assert row.start < cell.start <= cell.end <= row.end
                without_tables(text, cell)
    root = _parse(text)
    if root is not None and all(
        (isinstance(e.tag, str) and "}" not in e.tag) or _is_known(e) for e in root.iter()
    ):
        expected = _tables(root)
        assert len(tables) == len(expected)
        for found, table in zip(tables, expected, strict=True):
            if all(map(_is_in_place, table.iter("tr", "thead", "tbody", "tfoot"))):
                assert len(found.rows) == _rows(table)


def _is_in_place(element: etree._Element) -> bool:
    """Whether HTML takes a row or section for one; where not, the proof refuses what the scan finds."""
    parent = element.getparent()
    sections = ("thead", "tbody", "tfoot")
    return parent is not None and (
        parent.tag == "table"
        or (element.tag == "tr" and parent.tag in sections and _is_in_place(parent))
    )


def _is_known(element: etree._Element) -> bool:
    """Whether it is of none but Confluence's namespaces: a table of another is none to lxml."""
    name = element.tag
    return (
        not isinstance(name, str) or not name.startswith("{") or name.startswith("{urn:confluence:")
    )


def _cells(text: str, row: Row) -> tuple[Cell, ...]:
    try:
        return cells(text, row)
    except MalformedStorageError:
        return ()


def describe_safely(text: str) -> None:
    """Headings can be read, or are refused."""
    try:
        tables = scan(text)
        describe(text, tables)
        for table in tables:
            headings(text, table)
    except PageError:
        return


def validating(text: str) -> None:
    """The validator names a place, and agrees with lxml."""
    fault = validate(text)
    root = _parse(text)
    if fault is None:
        assert root is not None
    else:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.reason
        lines = text.split("\n")
        assert fault.line <= len(lines)
        assert root is None or _is_only_ours(text)


def _is_only_ours(text: str) -> bool:
    """Whether expat refuses what libxml2 takes, which is no fault of ours."""
    parser = expat.ParserCreate("utf-8", "\x1f")
    try:
        parser.Parse(f"{prologue()}{text}{epilogue()}".encode(), True)
    except (expat.ExpatError, UnicodeEncodeError):
        return True
    return False


def seeing(text: str) -> None:
    """What a reader sees and what identifies a row can be told of any text."""
    shown = visible_text(text)
    assert all(line == " ".join(line.split()) and line for line in shown.split("\n") if shown)
    for link in links(text):
        assert 0 <= link.start < link.end <= len(text)
    for mark in marks(text):
        assert 0 <= mark.start < mark.end <= len(text)
        assert re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", mark.identity.id)
    assert re.fullmatch("[0-9a-f]{12}", digest(text))


def planning(text: str) -> None:
    """A page is refused, or gets its rows and nothing else."""
    entries = [entry(2, subject="a <b> ]]> &", body="- x\n- y"), entry(1, url="")]
    for number in (None, 1):
        try:
            edit = plan(text, entries, layout(number=number), nowhere)
        except PageError:
            continue
        assert undo(edit.body, edit.spans) == text
        rest = edit.body
        for row in edit.rows:
            assert rest.count(row.storage) == 1
            rest = rest.replace(row.storage, "")
        assert rest == text
        again = plan(edit.body, entries, layout(number=number), nowhere)
        assert again.spans == ()


def reading_messages(text: str) -> None:
    """A message has parts, whatever it is; none of them is made up."""
    subject, body, trailers = parse_message(text)
    assert "\n" not in subject
    assert not body or body.strip()
    letters = "".join(text.split())
    assert "".join(subject.split()) in letters
    for trailer in trailers:
        assert "".join(trailer.key.split()) in letters


def laying_out(text: str) -> None:
    """Text becomes mark-up that is well-formed, and whose text it is."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    for storage in (blocks(text), inline(text), words(text)):
        root = _parse(storage)
        assert root is not None
        assert {element.tag for element in root.iter()} <= {
            *("storage", "p", "ul", "ol", "li", "blockquote", "code", "br", "a"),
            *(f"{_HIDING}{name}" for name in ("structured-macro", "parameter", "plain-text-body")),
        }
    assert _squeezed("".join(_parsed(inline(text)).itertext())) == _squeezed(cleaned)
    short, was_cut = cut(text, 40)
    assert len(short) <= 40
    assert was_cut or short == text


def _parsed(storage: str) -> etree._Element:
    root = _parse(storage)
    assert root is not None
    return root


def _squeezed(text: str) -> str:
    return "".join(text.split())


def showing(text: str) -> None:
    """What is printed is one line without commands and controls."""
    shown = plain(text)
    assert not _CI.search(shown), ascii(shown)
    assert shown.splitlines() in ([shown], [])
    assert clean(shown) == shown
    wrapped = json_safe(json.dumps([text], ensure_ascii=False))
    assert not re.search(r"##(?:vso|teamcity)?\[", wrapped, re.IGNORECASE)
    assert json.loads(wrapped) == [text]


def redacting(text: str) -> None:
    """A text is left as it is, or shows what was taken out; taking out once is enough."""
    safe, names = redact(text)
    assert bool(names) == (safe != text)
    assert safe.count(REMOVED) >= len(names)
    assert redact(safe) == (safe, ()), ascii(safe)


TARGETS: dict[str, Callable[[str], None]] = {
    target.__name__: target
    for target in (
        *(scanning, validating, seeing, planning),
        *(reading_messages, laying_out, showing, redacting),
    )
}
