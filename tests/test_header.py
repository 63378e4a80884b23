"""Header rows, however they are marked up, and names of columns and headings, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.columns import likeness
from confluence_changelog.errors import LogTableError
from confluence_changelog.storage.alike import alike
from confluence_changelog.storage.find import find_log_table, listing
from confluence_changelog.storage.header import header_of
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.table import LogTable

NAMES = ("Date", "Author", "Change")
LOG = "Date! Author! Change!"
BODY = "2026 Cy New"


def row(cells: str) -> str:
    """Make a row: ``!`` behind a cell makes it a header cell, ``*`` bold, ``3`` before ``|`` its span."""
    made = []
    for cell in cells.split():
        span, bar, text = cell.rpartition("|")
        tag = "th" if text.endswith("!") else "td"
        inside = text.rstrip("!*").replace("_", " ")
        inside = f"<strong>{inside}</strong>" if text.endswith("*") else inside
        spanning = f' colspan="{span}"' if bar else ""
        made.append(f"<{tag}{spanning}>{inside}</{tag}>")
    return f"<tr>{''.join(made)}</tr>"


def table(*rows: str) -> str:
    return f"<table><tbody>{''.join(map(row, rows))}</tbody></table>"


def found(body: str, *columns: str, **where: str) -> LogTable:
    return find_log_table(body, columns, likeness=likeness, **where)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ((LOG, BODY), 1),
        (("Date* Author* Change*", BODY), 1),
        (("Date Author Change", BODY), 1),
        (("Date! Author! Change*", BODY), 1),
        (("3|Change_log! ", LOG, BODY), 2),
        (("3|Change_log", LOG, BODY), 2),
        (("3|Change_log", "Date* Author* Change*", BODY), 2),
        (("3|Change_log!", "Date Author Change", BODY), 2),
        ((LOG, "(UTC)! (name)! (text)!", BODY), 2),
        ((LOG, "3|2026!", BODY), 1),
        ((LOG, "3|2026", BODY), 1),
        (("2|Who_and_when! What!", LOG, BODY), 2),
        (("2|Project Log", LOG, BODY), 2),
        (("- - -", "- - -", LOG, BODY), 3),
        ((LOG, "2026-01-15! Cy! New!", "2026-01-14! Cy! New!"), 1),
        ((LOG, "(UTC)! (name)! (text)!", "15.01.! Cy! New!"), 2),
    ],
)
def test_header_rows_are_found_however_they_are_marked_up(
    rows: tuple[str, ...], first: int
) -> None:
    for log in (found(table(*rows)), found(table(*rows), *NAMES)):
        assert log.headings == NAMES
        assert log.first == first
    (listed,) = listing(table(*rows), likeness=likeness)
    assert listed.headers == NAMES


def test_a_corner_without_a_text() -> None:
    log = found(
        "<table><tr><td /><th>Date</th><th>By</th></tr><tr><th>1</th><td>2026</td></tr></table>"
    )
    assert (log.headings, log.first) == (("", "Date", "By"), 1)


def test_configured_columns_make_a_header_row_in_any_language() -> None:
    log = found(table("Päivä* Kuka*", "2026 Cy"), "Päivä", "Kuka", number=1)  # type: ignore[arg-type]
    assert log.first == 1


@pytest.mark.parametrize(
    "rows",
    [(BODY, BODY), (BODY, BODY, BODY, BODY, LOG), ("3|Change_log", BODY), ("Date! 2026 2025",)],
)
def test_what_is_no_header_row_stays_none(rows: tuple[str, ...]) -> None:
    body = table(*rows)
    assert header_of(body, scan(body)[0], likeness) == (0, ())
    with pytest.raises(LogTableError, match="no table with the headers of a change log"):
        found(body)


@given(st.integers(0, 3), st.lists(st.integers(0, 3), max_size=4))
def test_rows_of_header_cells_alone_are_header_rows(headers: int, body: list[int]) -> None:
    """As long as nothing says what reads like a log."""
    text = table(*["a! b! c! d!"] * headers, *(f"{'x! ' * cells}x y z" for cells in body))
    got = header_of(text, scan(text)[0])
    assert got.rows == headers
    assert got.texts == (("a", "b", "c", "d") if headers else ())


@pytest.mark.parametrize(
    ("wanted", "texts", "places"),
    [
        ("Change log", ["CHANGE  LOG", "Change log:"], [0]),
        ("Change log", ["Change log:", "\N{MEMO} Change-log"], [0, 1]),
        ("Change log:", ["Change\xa0log"], [0]),
        ("Change log", ["3.1 Change log", "Log"], [0]),
        ("Change log", ["3) Change log"], [0]),
        ("2024 changes", ["2025 changes"], []),
        ("changes", ["2025 changes"], []),
        ("#", ["#", "Number"], [0]),
        ("\N{MEMO}", ["\N{MEMO}", "\N{PENCIL}"], [0]),
        ("\N{MEMO}", ["\N{PENCIL}"], []),
        ("Was?", ["Wann", "Was"], [1]),
    ],
)
def test_names_are_compared_as_people_write_them(
    wanted: str, texts: list[str], places: list[int]
) -> None:
    assert alike(wanted, texts) == places


def test_columns_and_headings_may_be_written_without_punctuation() -> None:
    body = f"<h2>2. What we changed:</h2>{table('Date: By What_changed?', BODY)}{table(LOG, BODY)}"
    log = found(body, "date", "What changed", heading="what we changed")
    assert (log.columns, log.table.number) == ((0, 2), 1)


EXPAND = (
    '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="icon">x</ac:parameter>'
    '<ac:parameter ac:name="title">History &amp; changes</ac:parameter><ac:rich-text-body>'
    "{}</ac:rich-text-body></ac:structured-macro>"
)


def test_the_title_of_a_macro_is_a_heading_for_what_is_in_it() -> None:
    inside = table(LOG, BODY)
    body = EXPAND.format(f"<ac:layout />{inside}") + EXPAND.replace("History", "x").format(inside)
    assert found(body, heading="history & changes").table.number == 1
    with pytest.raises(LogTableError, match="no heading 'icon'"):
        found(body, heading="icon")


def test_a_heading_comes_before_a_title() -> None:
    inside = table(LOG, BODY)
    body = EXPAND.format(inside) + f"<h3>History &amp; changes</h3>{inside}"
    assert not found(body, heading="History & changes").table.inside


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p><strong>Change log:</strong></p>",
        '<p style="x"><u><strong>Change&nbsp;log</strong></u> </p>',
        '<p local-id="1"><strong><span style="color: red;">CHANGE LOG</span></strong><br /></p>',
    ],
)
def test_a_bold_paragraph_is_a_heading_where_there_is_no_other(paragraph: str) -> None:
    inside = table(LOG, BODY)
    other = "<p><strong>Other</strong></p>"
    body = f"{other}{inside}{paragraph}{inside}{inside}{other}{inside}"
    assert found(body, heading="Change log").table.number == 2
    with pytest.raises(LogTableError, match="2 tables"):
        found(body, heading="other")
    with pytest.raises(LogTableError, match="no heading 'date'"):
        found(body.replace("2026", "<p><strong>Date</strong></p>"), heading="date")
    assert found(f"{body}<h2>Change log</h2>{inside}", heading="Change log").table.number == 5


@pytest.mark.parametrize(
    "not_bold",
    [
        "<p><strong>Change log</strong> of 2026</p>",
        "<p>Change log</p>",
        "<!-- <p><strong>Change log</strong></p> -->",
        "<ac:plain-text-body><![CDATA[<p><strong>Change log</strong></p>]]></ac:plain-text-body>",
    ],
)
def test_other_text_is_no_heading(not_bold: str) -> None:
    with pytest.raises(LogTableError, match="no heading 'Change log'"):
        found(not_bold + table(LOG, BODY), heading="Change log")
