"""The short ways through plain rows give what a closer look gives, on well-formed text and on any other."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog import ledger
from confluence_changelog.errors import ChangelogError
from confluence_changelog.ledger import Ledger, read_ledger
from confluence_changelog.row import lay_out
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage import rows as rows_module
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.table import LogTable
from support.entries import commit_id, entry

T = TypeVar("T")
NOTHING = re.compile("(?!)")
FIELDS = ("date", "author", "subject", "body")


@contextmanager
def closer_look() -> Iterator[None]:
    """Close the short ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_AFTER_PLAIN_ROW", NOTHING)
        patch.setattr(ledger, "_plain_row", lambda *_: NOTHING)
        yield


def outcome(read: Callable[[], T]) -> T | str:
    try:
        return read()
    except ChangelogError as error:
        return str(error)


def both(read: Callable[[], T]) -> T | str:
    """Return what both ways give."""
    short = outcome(read)
    with closer_look():
        assert outcome(read) == short
    return short


PIECES = (
    *(
        "<tr>",
        "</tr>",
        "</tr><tr>",
        "<tr class='x>'>",
        "</tr >",
        "</tr>\n<tr>",
        "<tr/>",
        "<tr",
        "</tr",
    ),
    *("<td>", "</td>", "<p>x</p>", "<time/>", "<track>", "</track>", "<td/>", "text"),
    *("<table>", "</table>", "<tbody>", "</tbody>", "<thead>", "</thead>", "<tfoot>", "</tfoot>"),
    *("<ac:link>", "</ac:link>", "<ac:layout>", "</ac:layout>", "<ac:x/>"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE>"),
)
WHOLE = (
    "<tr><td>a</td></tr>",
    "<tr><td><p>b</p></td></tr>",
    "<tr><td><table><tr><td>c</td></tr></table></td></tr>",
    "<tr><td><ac:link></ac:link></td></tr>",
    "<tr><td><![CDATA[</tr><tr>]]></td></tr>",
    "<tr><td><!-- </tr><tr> --></td></tr>",
    "\n<tr id='1'><td>d</td></tr>\n",
    "</tbody><tbody>",
)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_tags_in_a_table(pieces: list[str]) -> None:
    both(lambda: scan(f"<table>{''.join(pieces)}</table>"))


@given(st.lists(st.sampled_from(WHOLE), max_size=10), st.lists(st.sampled_from(PIECES), max_size=1))
def test_rows_with_and_without_a_fault(rows: list[str], fault: list[str]) -> None:
    text = f"<table><tbody>{''.join(rows[:5])}{''.join(fault)}{''.join(rows[5:])}</tbody></table>"
    tables = both(lambda: scan(text))
    if not fault:
        assert len(tables[0].rows) == sum("<td>" in row for row in rows)


def ours(number: int) -> str:
    return lay_out(entry(number), FIELDS, RowSettings()).storage


MARK = re.search("<a href.*?</a>", ours(1)).group()
MARKS = (
    MARK,
    MARK.replace("href", "class='x' href"),
    MARK.replace("https:", f"https://{commit_id(2)}"),
    MARK.replace("0000001<", "0000002<"),
    MARK.replace("0000001<", "000<"),
    MARK.replace("0000001<", "<b>0000001</b><"),
    MARK.replace("/commit/", "/?h="),
    MARK.replace("/commit/", "/?a=b&amp;h="),
    MARK.replace("/commit/", f"/{commit_id(1)[:7]}{'d' * 33}/"),
    MARK.replace("/commit/", "/commit-"),
    MARK.replace("#cl1", "/diff#cl1"),
    MARK.replace("#cl1", "c" * 24 + "#cl1"),
    MARK.replace("cl1-repo", "cl1-my-repo#1"),
    MARK.replace("cl1-repo", "cl1-other"),
    re.sub('#cl1[^"]*', "", MARK),
    f"<!-- {MARK} -->",
    f"<ac:link>{MARK}</ac:link>",
    "<ac:structured-macro ac:name='anchor'><ac:parameter ac:name=''>"
    f"cl1-{commit_id(4)}-repo-{'0' * 12}</ac:parameter></ac:structured-macro>",
    f"<table><tr><td>{MARK}</td></tr></table>",
    '<a href="https://example.com">link</a>',
)
AROUND = (
    "",
    "<p>",
    "</p>",
    "&#160;",
    "<time datetime='2026-03-04' />",
    "<br/>",
    "</td><td>",
    "<td>",
)
TAGS = (
    "<td>",
    "<th>",
    '<th scope="row">',
    "<td class='a'>",
    '<td title="a > b">',
    "<td colspan='2'>",
    "<td rowspan='2'>",
    "<td",
)
CELLS = st.builds(
    lambda tag, before, mark, after, end: f"{tag}{before}{mark}{after}{end}",
    st.sampled_from(TAGS),
    st.sampled_from(AROUND),
    st.sampled_from((*MARKS, "text", "")),
    st.sampled_from((*AROUND, *MARKS)),
    st.sampled_from(("</td>", "</td>", "</td >", "</th>", "")),
)


def ledger_of(text: str, column: int) -> Ledger | str:
    tables = scan(text)
    log = LogTable(tables[0], (), (), 0)
    return read_ledger(text, log, column, "repo")


@given(st.lists(st.lists(CELLS, max_size=3), max_size=4), st.integers(0, 2))
def test_any_cells_in_the_identity_column(rows: list[list[str]], column: int) -> None:
    text = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    both(lambda: ledger_of(f"<table>{text}</table>", column))


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("mark", MARKS)
def test_each_kind_of_mark(mark: str, column: int) -> None:
    before = "<td>x</td>" * column
    both(lambda: ledger_of(f"<table><tr>{before}<td><p>{mark}</p></td></tr></table>", column))


def test_rows_of_ours_take_the_short_way() -> None:
    """Otherwise the tests above compare the closer look with itself."""
    text = "<table><tbody>" + "".join(ours(number) for number in (3, 2, 1)) + "</tbody></table>"
    (table,) = scan(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_TRACE", NOTHING)
        found = read_ledger(text, LogTable(table, (), (), 0), 0, "repo")
    assert [row.identity.id for row in found.rows] == [commit_id(n) for n in (3, 2, 1)]
    assert rows_module._AFTER_PLAIN_ROW.findall(text).count("</tr><tr>") == 2


def test_hostile_rows_take_linear_time() -> None:
    """Quadratic reading of these would take minutes."""
    for piece in ("<track>", "</tr >", '<tr><td><a href="', "<ac:x/>", "<td>-", "<a "):
        outcome(lambda piece=piece: ledger_of(f"<table><tr>{piece * 50_000}</tr></table>", 0))
        rows = f"<tr><td>{piece}</td></tr>" * 20_000
        outcome(lambda rows=rows: ledger_of(f"<table>{rows}</table>", 0))
