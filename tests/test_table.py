"""Finding the log table and the place of a new row."""

import pytest

from confluence_changelog.errors import LogTableError
from confluence_changelog.storage.find import find_log_table
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.table import headings, insertion_point, top_line

NAMES = ("Date", "Who")
ROW = "<tr><td>1</td><td>2</td></tr>"
OTHER = "<table><tbody><tr><th>Server</th><th>Owner</th></tr></tbody></table>"
LOG = f"<table><tbody><tr><th>Date</th><th><p>who </p></th></tr>{ROW}</tbody></table>"


def test_the_only_table_with_the_headers_is_the_log() -> None:
    log = find_log_table(f"<p>x</p>{OTHER}{LOG}", NAMES)
    assert log.table.number == 2
    assert log.headings == ("Date", "who")
    assert log.columns == (0, 1)
    assert log.first == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<p>x</p>", "no table with the headers Date | Who: it has no table"),
        (OTHER, "no table with the headers Date | Who: table 1 has Server | Owner"),
        (LOG + LOG, "2 tables with the headers"),
    ],
)
def test_none_or_several_are_refused_and_listed(body: str, says: str) -> None:
    with pytest.raises(LogTableError) as error:
        find_log_table(body, NAMES)
    assert says in str(error.value)
    assert "`number` in [table]" in str(error.value)


@pytest.mark.parametrize(
    ("body", "number", "says"),
    [
        (LOG, 2, "no table 2: table 1 has Date | who"),
        (OTHER, 1, "no column with the header 'Date', its headers are Server | Owner"),
        (LOG.replace("who ", "date"), 1, "two columns with the header 'Date'"),
        ("<table><tbody></tbody></table>", 1, "has no rows"),
        (f"<table>{ROW.replace('<td>2</td>', '')}</table>", 1, "no header row and 1 columns"),
    ],
)
def test_a_numbered_table_that_does_not_fit_is_refused(body: str, number: int, says: str) -> None:
    with pytest.raises(LogTableError) as error:
        find_log_table(body, NAMES, number)
    assert says in str(error.value)


def test_a_numbered_table_may_have_more_columns_in_any_order() -> None:
    body = "<table><tr><th>No</th><th>Who</th><th>Date</th></tr></table>"
    assert find_log_table(body, NAMES, 1).columns == (2, 1)


def test_a_numbered_table_without_header_row_is_taken_by_position() -> None:
    log = find_log_table(f"<table>{ROW}</table>", NAMES, 1)
    assert (log.columns, log.first) == ((0, 1), 0)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><th>A</th><th>B</th></tr>", ("A", "B")),
        ("<tr><th colspan='2'>G</th></tr><tr><th>A</th><th>B</th></tr>", ("A", "B")),
        ("<tr><th rowspan='2'>A</th><th>G</th></tr><tr><th>B</th></tr>", ("A", "B")),
        ("<tr><th>A</th><th colspan='2'>B</th></tr>", ("A", "B", "B")),
        ("<thead><tr><td>A</td><td>B</td></tr></thead>", ("A", "B")),
        ("<tr><th>A</th><td>B</td></tr>", ()),
        ("<tr><th><strong>A&amp;B</strong><br />c</th></tr>", ("A&B c",)),
    ],
)
def test_headings_are_those_of_the_lowest_header_cell(rows: str, expected: tuple[str, ...]) -> None:
    body = f"<table>{rows}<tr><th>x</th><td>1</td></tr></table>"
    assert headings(body, scan(body)[0]) == expected


HEAD = "<tr><th>Date</th><th>Who</th></tr>"


@pytest.mark.parametrize(
    "marked",
    [
        f"<table><tbody>{HEAD}|{ROW}</tbody></table>",
        f"<table>\n<tbody>\n{HEAD}|\n{ROW}\n</tbody></table>",
        f"<table><tbody>{HEAD}|</tbody></table>",
        f"<table>{HEAD}|{ROW}</table>",
        f"<table><thead>{HEAD}</thead><tbody>\n|{ROW}</tbody></table>",
        f"<table><thead>{HEAD}</thead><tbody>|</tbody></table>",
        f"<table><thead>{HEAD}</thead>|{ROW}</table>",
        f"<table><thead>{HEAD}</thead><tfoot>{ROW}</tfoot><tbody class='x'>|</tbody></table>",
        f"<table><thead>{HEAD}</thead><tfoot>{ROW}</tfoot><tbody>|{ROW}</tbody></table>",
        f"<table><thead>{HEAD}</thead><tbody>{HEAD}|{ROW}</tbody></table>",
        f"<table><thead />{HEAD}|</table>",
        f"<table><thead/><tbody>{HEAD}|{ROW}</tbody></table>",
        f"<table><thead>{HEAD}{HEAD}</thead >|</table>",
        f"<table><thead>{HEAD}</thead>|<tfoot>{ROW}</tfoot></table>",
        "<table><colgroup><col /></colgroup><tbody class='x'><tr class=''><th>Date</th><th>Who</th></tr>|"
        "<tr><th>1</th><td>2</td></tr></tbody></table>",
    ],
)
def test_a_new_row_stands_directly_under_the_header_rows(marked: str) -> None:
    body = marked.replace("|", "")
    log = find_log_table(body, NAMES, 1)
    assert insertion_point(body, log, top_line(log)) == marked.index("|")


def test_a_later_row_stands_directly_below_another() -> None:
    body = f"<table><tbody>{HEAD}{ROW}\n{ROW}</tbody></table>"
    log = find_log_table(body, NAMES)
    assert insertion_point(body, log, 2) == body.index(f"\n{ROW}")


@pytest.mark.parametrize("empty", ["<tbody/>", '<tbody class="x" />'])
def test_a_body_that_is_an_empty_element_is_refused(empty: str) -> None:
    body = f"<table><thead>{HEAD}</thead>{empty}</table>"
    with pytest.raises(LogTableError, match="no body to put rows into"):
        insertion_point(body, find_log_table(body, NAMES), 1)


@pytest.mark.parametrize("span", ["2", "3", "0"])
def test_a_row_span_across_the_line_is_refused(span: str) -> None:
    spanning = f'<tr><td rowspan="{span}">1</td><td>2</td></tr>'
    body = f"<table><tbody>{HEAD}{spanning}<tr><td>3</td></tr></tbody></table>"
    log = find_log_table(body, NAMES)
    assert insertion_point(body, log, 1) == body.index(spanning)
    with pytest.raises(LogTableError, match="across the line"):
        insertion_point(body, log, 2)


def test_a_row_span_of_the_header_rows_is_no_hindrance() -> None:
    head = '<tr><th rowspan="2">Date</th><th>G</th></tr><tr><th>Who</th></tr>'
    body = f"<table><tbody>{head}|{ROW}</tbody></table>"
    log = find_log_table(body.replace("|", ""), NAMES)
    assert insertion_point(body.replace("|", ""), log, log.first) == body.index("|")
