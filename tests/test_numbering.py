"""Running numbers, configured or kept as text by Data Center's editor, go on from the highest."""

import pytest

from confluence_changelog.addition import Addition, name_of, plan_addition
from confluence_changelog.insert import Edit, plan
from confluence_changelog.log_table import read_log
from confluence_changelog.reread import standing
from support.entries import commit_id, entry, layout, nowhere
from support.tables import kept

HEAD = '<tr><th class="numberingColumn"><br /></th><th>Date</th><th>What</th></tr>'


def body(*rows: str, head: str = HEAD) -> str:
    return f"<table><tbody>{head}{''.join(rows)}</tbody></table>"


def row(number: object, text: str = "x", *, kind: str = "td") -> str:
    cell = f'<{kind} class="numberingColumn">{number}</{kind}>'
    return f"<tr>{cell}<td>{text}</td><td>{text}</td></tr>"


def published(
    text: str, count: int = 2, *, order: str = "newest-first", empty: str = "keep"
) -> Edit:
    where = kept(order, empty)
    automatic = where._replace(table=where.table._replace(columns={}))
    return plan(text, [entry(number) for number in range(count, 0, -1)], automatic, nowhere)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(3), row(2), row(1)], "5 4"),
        ([row(1), row(2), row(7)], "9 8"),
        ([row("009")], "011 010"),
        ([row("<p>4</p>")], "6 5"),
        ([row(3, kind="th")], "5 4"),
        ([row(""), row("x")], "2 1"),
        (['<tr><td class="numberingColumn" colspan="3">2025</td></tr>', row(3)], "5 4"),
        (["<tr><td colspan='3'>2025</td></tr>", row(3)], "5 4"),
        (
            [
                row(3).replace("<td c", '<td rowspan="2" c'),
                "<tr><td>99</td><td>x</td></tr>",
                row(2),
            ],
            "5 4",
        ),
        ([], "2 1"),
    ],
)
def test_literal_numbers_go_on(rows: list[str], expected: str) -> None:
    """So they do though nothing is configured and the column has no header."""
    edit = published(body(*rows))
    assert [new.cells[0] for new in edit.rows] == expected.split()
    kind = "th" if rows and "th class" in rows[0] else "td"
    for new, number in zip(edit.rows, expected.split(), strict=True):
        shown = f"<p>{number}</p>" if "<p>4" in "".join(rows) else number
        assert new.storage.startswith(f'<tr><{kind} class="numberingColumn">{shown}</{kind}><td>')
    assert published(edit.body).spans == ()
    last = published(body(*rows), order="oldest-first")
    assert sorted(new.cells[0] for new in last.rows) == sorted(expected.split())


@pytest.mark.parametrize(
    ("shown", "following"),
    [
        ("7.", "8."),
        ("CR-0042", "CR-0043"),
        ("#9", "#10"),
        ("Nr. 3", "Nr. 4"),
        ("2026-007", "2026-008"),
        ("1.10", "1.11"),
        ("№ 12", "№ 13"),
        ("5 (was 4)", "5"),
        ("see 4711 for more than this", "4712"),
    ],
)
def test_a_number_is_written_as_the_one_before_it(shown: str, following: str) -> None:
    head = "<tr><th>No.</th><th>Date</th><th>What</th></tr>"
    text = body(f"<tr><td>{shown}</td><td>x</td><td>x</td></tr>", head=head)
    edit = published(text, 1)
    assert [new.cells[0] for new in edit.rows] == [following]
    assert published(edit.body, 1).spans == ()


def test_a_column_of_numbers_that_the_header_alone_tells() -> None:
    edit = published(body())
    assert edit.rows[0].storage.startswith('<tr><td class="numberingColumn">2</td>')
    assert read_log(body(), layout({}, 1)).fields == ("number", "date", "subject")


def test_a_column_that_is_said_to_stay_empty_stays_empty() -> None:
    columns = {"Date": "date", "What": "subject"}
    text = body(row(1), head=HEAD.replace("<br />", "No"))
    assert read_log(text, layout(columns, 1)).fields == ("number", "date", "subject")
    assert read_log(text, layout({"No": "", **columns}, 1)).fields == ("", "date", "subject")


@pytest.mark.parametrize(
    ("order", "empty", "rows", "expected"),
    [
        ("oldest-first", "fill", [row(1), row(2, ""), row(3, ""), row(4, "")], "3 2"),
        ("oldest-first", "fill", [row(1), row(2, "")], "3 2"),
        ("oldest-first", "keep", [row(1), row(2, ""), row(3, "")], "3 2"),
        ("oldest-first", "fill", [row(1), row("", ""), row("", "")], "3 2"),
        ("newest-first", "fill", [row(3, ""), row(2, ""), row(1)], "3 2"),
        ("newest-first", "fill", [row(2, ""), row(1)], "3 2"),
        ("newest-first", "fill", [row(9, ""), row(1)], "10 9"),
    ],
)
def test_prepared_rows_may_be_numbered(
    order: str, empty: str, rows: list[str], expected: str
) -> None:
    edit = published(body(*rows), order=order, empty=empty)
    assert [new.cells[0] for new in edit.rows] == expected.split()
    assert bool([span for span in edit.spans if span.old]) == (empty == "fill")


def test_a_number_stays_when_a_commit_is_amended() -> None:
    where = layout({}, 1)
    text = plan(body(row(1)), [entry(3), entry(2)], where, nowhere).body
    successors = {commit_id(2): commit_id(7)}
    edit = plan(text, [entry(8), entry(7)], where, nowhere, successors)
    assert [new.cells[0] for new in edit.replaced] == ["2"]
    assert [new.cells[0] for new in edit.rows] == ["4"]
    rows = standing(edit.body, read_log(edit.body, where))
    assert not any(each.is_altered for each in rows)


def test_a_row_by_hand_has_the_next_number() -> None:
    where = layout({}, 1)
    addition = Addition(name_of("k"), ("", "Date", "What"), ("", "2026-11-20", "Relay"))
    edit = plan_addition(body(row(1), row(2)), addition, where)
    assert edit.rows[0].storage.startswith('<tr><td class="numberingColumn">3</td><td><p><time')
