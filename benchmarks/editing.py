"""One row into a page with thousands, against editing a parsed tree of the same text."""

from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from history import FOLDER
from lxml import etree
from measure import interleave, megabytes, peak
from page import LAYOUT, body, entries
from report import Section
from sizes import SIZES, Sizes

from confluence_changelog.entry import Entry
from confluence_changelog.insert import plan
from confluence_changelog.ledger import read_ledger
from confluence_changelog.row import identity_field, lay_out
from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.find import find_log_table
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.table import LogTable, insertion_point
from confluence_changelog.storage.xml import epilogue, prologue

LXML, SOUP, SCAN, EDIT, LEDGER, PLAN = (
    "lxml: parse, insert, serialise",
    "BeautifulSoup (`html.parser`): parse, insert, `str`",
    "ours: scan alone",
    "ours: scan, new row, edit",
    "ours: the same, and the ledger read",
    "ours with its proofs (`insert.plan`)",
)
_COLUMNS = tuple(LAYOUT.table.columns)
_FIELDS = tuple(LAYOUT.table.columns.values())
_ABOUT = """\
A page of {characters:,} characters: {rows:,} rows that come from commits, a row by hand with a status \
macro after each fiftieth, and prose with entities, macros, another table, and CDATA that shows a table. \
One more row goes in. A publication also reads the ledger, {rows:,} identities, to know that the commit \
has none; the trees do not look for it. lxml reads the text in a root that declares the prefixes and \
the entities, and neither replaces entities nor drops CDATA. The proofs that come before each write parse \
the page with lxml, before and after the edit, and compare the two in canonical form: they cost more than \
the edit and cannot be switched off."""


def measure(size: str) -> Section:
    """Measure and return the results."""
    sizes = SIZES[size]
    text, entry = body(entries(sizes.rows)), _new()
    _file(sizes).parent.mkdir(exist_ok=True)
    _file(sizes).write_bytes(text.encode())
    cases = {
        LXML: lambda: with_lxml(text, entry),
        SCAN: lambda: scan(text),
        EDIT: lambda: ours(text, entry),
        LEDGER: lambda: known(text, entry),
        PLAN: lambda: proven(text, entry),
        SOUP: lambda: with_soup(text, entry),
    }
    if not ours(text, entry) == known(text, entry) == proven(text, entry):
        raise RuntimeError("the edit that is measured is not the edit that is made")
    times = interleave(cases, sizes.rounds, to=LXML)
    memory = dict(zip(cases, ("lxml", "scan", "ours", "known", "proven", "soup"), strict=True))
    rows = [
        [
            name,
            times[name].shown,
            times[name].ratio,
            _outside(text, run()),
            megabytes(peak("editing", memory[name], size)),
        ]
        for name, run in cases.items()
    ]
    rows.append(
        ["the text alone, and all imports", "", "", "", megabytes(peak("editing", "text", size))]
    )
    about = _ABOUT.format(characters=len(text), rows=sizes.rows)
    header = ("", "time", "ratio to lxml", "rest of the page", "peak memory")
    return Section("Editing", about, header, rows)


def case(name: str, sizes: Sizes) -> Callable[[], object]:
    """Return one case, set up, to be run in a process of its own; `measure` has left it the page."""
    text, entry = _file(sizes).read_bytes().decode(), _new()
    return {
        "lxml": lambda: with_lxml(text, entry),
        "scan": lambda: scan(text),
        "ours": lambda: ours(text, entry),
        "known": lambda: known(text, entry),
        "proven": lambda: proven(text, entry),
        "soup": lambda: with_soup(text, entry),
        "text": lambda: None,
    }[name]


def ours(text: str, entry: Entry) -> str:
    """Find the table and put the row in, as the trees do."""
    return _edited(text, find_log_table(text, _COLUMNS), entry)


def known(text: str, entry: Entry) -> str:
    """Do what `plan` does, without its proofs."""
    log = find_log_table(text, _COLUMNS)
    ledger = read_ledger(text, log, identity_field(_FIELDS), LAYOUT.row.repository)
    if entry.id in ledger.ids:
        raise RuntimeError("the new commit has a row already")
    return _edited(text, log, entry)


def _edited(text: str, log: LogTable, entry: Entry) -> str:
    row = lay_out(entry, _FIELDS, LAYOUT.row)
    return apply(text, [Span(insertion_point(text, log, log.first), "", row.storage)])


def proven(text: str, entry: Entry) -> str:
    """Do what a publication does."""
    return plan(text, [entry], LAYOUT, lambda _missing, _logged: {}).body


def with_lxml(text: str, entry: Entry) -> str:
    """Parse, insert behind the header row, and serialise."""
    parser = etree.XMLParser(resolve_entities=False, strip_cdata=False, no_network=True)
    root = etree.fromstring(prologue() + text + epilogue(), parser)
    storage = lay_out(entry, _FIELDS, LAYOUT.row).storage
    row = etree.fromstring(prologue() + storage + epilogue(), parser)[0]
    for table in root.iterchildren("table"):
        first = table.find(".//tr")
        if first is not None and [cell.text for cell in first] == list(_COLUMNS):
            first.addnext(row)
    return etree.tostring(root, encoding="unicode")


def with_soup(text: str, entry: Entry) -> str:
    """Parse, insert behind the header row, and serialise."""
    soup = BeautifulSoup(text, "html.parser")
    storage = lay_out(entry, _FIELDS, LAYOUT.row).storage
    for table in soup.find_all("table", recursive=False):
        first = table.find("tr")
        if [cell.get_text() for cell in first.find_all("th")] == list(_COLUMNS):
            first.insert_after(BeautifulSoup(storage, "html.parser"))
    return str(soup)


def _file(sizes: Sizes) -> Path:
    return FOLDER / f"page-{sizes.rows}.xml"


def _new() -> Entry:
    return entries(1, seed=6)[0]


def _outside(text: str, result: object) -> str:
    """Say whether all but the new row is as it was."""
    if not isinstance(result, str):
        return ""
    same = 0
    while same < len(text) and result[same] == text[same]:
        same += 1
    return "the same" if result.endswith(text[same:]) else "changed"
