"""The ledger: only the identity in the one column that carries it counts."""

import re

import pytest

from confluence_changelog.ledger import read_ledger, read_repositories
from confluence_changelog.row import lay_out
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage.find import find_log_table
from support.entries import HANDMADE, HEADER, commit_id, entry, page

NAMES = ("Date", "Who", "What", "Why")
FIELDS = ("date", "author", "subject", "body")


def row(number: int, repository: str = "repo") -> str:
    return lay_out(entry(number), FIELDS, RowSettings(repository=repository)).storage


def ids(body: str, repository: str = "repo") -> list[tuple[int, str]]:
    log = find_log_table(body, NAMES)
    ledger = read_ledger(body, log, 0, repository)
    return [(row.row, row.identity.id) for row in ledger.rows]


def test_rows_of_ours_among_handmade_ones() -> None:
    body = page(row(3), HANDMADE, row(1), HANDMADE)
    assert ids(body) == [(1, commit_id(3)), (3, commit_id(1))]


def moved(number: int, column: int) -> str:
    """Return a handmade row that has the marked date cell of a commit in another column."""
    marked = row(number).split("</td>")[0].removeprefix("<tr>") + "</td>"
    cells = ["<td>1 May</td>", "<td>Bo</td>", "<td>Old</td>", "<td>x</td>"]
    cells[column] = marked
    return f"<tr>{''.join(cells)}</tr>"


@pytest.mark.parametrize("column", [1, 2, 3])
def test_an_identity_in_another_cell_does_not_count(column: int) -> None:
    assert ids(page(moved(7, column), row(1))) == [(2, commit_id(1))]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<p>{row}</p>",
        "<table><tbody><tr><th>Other</th></tr>{row}</tbody></table>",
        "<!-- {row} -->",
        '<ac:structured-macro ac:name="expand"><ac:rich-text-body><table><tbody>{row}</tbody></table>'
        "</ac:rich-text-body></ac:structured-macro>",
    ],
)
def test_an_identity_outside_the_log_does_not_count(elsewhere: str) -> None:
    assert ids(page(before=elsewhere.format(row=row(1)))) == []


def test_a_table_inside_the_date_cell_does_not_count() -> None:
    nested = f"<tr><td>x<table><tbody>{row(1)}</tbody></table></td><td/><td/><td/></tr>"
    assert ids(page(nested, row(2))) == [(2, commit_id(2))]


def test_rows_of_another_repository_are_not_ours() -> None:
    body = page(row(1, "fork"), row(2))
    assert ids(body) == [(2, commit_id(2))]
    assert ids(body, "fork") == [(1, commit_id(1))]


def test_a_row_that_lost_its_fragment_is_ours() -> None:
    body = re.sub(r"#cl1-[^\"]*", "", page(row(1)))
    assert ids(body) == [(1, commit_id(1))]


def test_an_id_that_stands_twice_is_there_twice() -> None:
    assert [index for index, _ in ids(page(row(1), row(1)))] == [1, 2]


def test_columns_are_counted_over_spans() -> None:
    """The date's cell is found where other cells span rows and columns."""
    header = "<tr><th>No</th><th>Who</th><th>Date</th></tr>"
    marked = row(1).split("</td>")[0].removeprefix("<tr>") + "</td>"
    rows = (
        f"<tr><td rowspan='2'>1</td><td>a</td>{marked}</tr>",
        f"<tr><td>b</td>{marked.replace(commit_id(1), commit_id(2)).replace('0000001', '0000002')}</tr>",
        f"<tr><td colspan='2'>c</td>{marked}</tr>",
        f"<tr>{marked}<td>c</td><td>d</td></tr>",
        "<tr><td colspan='3'>2026</td></tr>",
    )
    body = f"<table><tbody>{header}{''.join(rows)}</tbody></table>"
    log = find_log_table(body, ("Date", "Who"), 1)
    found = read_ledger(body, log, 2, "repo").rows
    assert [(row.row, row.identity.id[:7]) for row in found] == [
        (1, "0000001"),
        (2, "0000002"),
        (3, "0000001"),
    ]


def test_header_rows_are_no_rows_of_the_log() -> None:
    marked = row(1).replace("<td>", "<th>").replace("</td>", "</th>")
    body = f"<table><tbody>{marked}{HEADER}</tbody></table>"
    assert ids(body) == []


def lost(*rows: str) -> str:
    """Return rows without the ends of their addresses."""
    return re.sub(r"#cl1-[^\"]*", "", "".join(rows))


def of_fork(number: int) -> str:
    address = f"https://git.example.com/ada/config/commit/{commit_id(number)}"
    settings = RowSettings(repository="fork")
    return lay_out(entry(number, url=address), FIELDS, settings).storage


SPANNED = '<tr><td rowspan="2">May</td><td/><td/><td/></tr><tr><td/><td/><td/></tr>'


@pytest.mark.parametrize("more", ["", SPANNED])
def test_a_row_that_lost_its_fragment_belongs_to_the_repository_of_its_address(more: str) -> None:
    body = page(row(4), of_fork(4), lost(row(3)), lost(of_fork(3), of_fork(2)), more)
    assert ids(body) == [(1, commit_id(4)), (3, commit_id(3))]
    assert ids(body, "fork") == [(2, commit_id(4)), (4, commit_id(3)), (5, commit_id(2))]


def test_a_row_that_lost_its_fragment_at_an_unknown_address_is_everybodys() -> None:
    """The repository may have moved."""
    body = page(of_fork(4), lost(row(3)))
    assert ids(body) == [(2, commit_id(3))]
    assert ids(body, "fork") == [(1, commit_id(4)), (2, commit_id(3))]


def test_the_repositories_of_a_log() -> None:
    body = page(row(4), of_fork(4), lost(row(3)), HANDMADE)
    found = read_repositories(body, find_log_table(body, NAMES), 0)
    numbers = {name: [mark.identity.id for mark in marks] for name, marks in found.items()}
    assert numbers == {"repo": [commit_id(4)], "fork": [commit_id(4)], "": [commit_id(3)]}
