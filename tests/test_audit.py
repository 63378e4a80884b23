"""The audit's core: each planted fault is found and nothing else, on any page and any history."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.audit import Audit, Takeover, audit, takeover
from confluence_changelog.commit import Commit, Identity
from confluence_changelog.errors import LogTableError
from confluence_changelog.identity import Identity as RowIdentity
from confluence_changelog.insert import plan
from confluence_changelog.log_table import Layout, read_log
from confluence_changelog.order import descendants, misplaced
from confluence_changelog.reread import Standing, standing
from confluence_changelog.row import lay_out
from confluence_changelog.storage.scan import scan
from support.corpus import PAGES, columns_for, is_well_formed
from support.entries import HANDMADE, commit_id, entry, layout, nowhere, page
from support.tables import kept

ADA = Identity("Ada Example", "ada@example.com", datetime(2026, 3, 4, tzinfo=UTC))
NEWEST = 6
Planted = tuple[str, list[tuple[str, int]]]


def history(numbers: Sequence[int]) -> list[Commit]:
    """Return linear history, newest first."""
    ids = [commit_id(number) for number in numbers]
    parents = [(each,) for each in ids[1:]] + [()]
    return [
        Commit(own, own[:7], above, ADA, ADA, f"Change {number}", ())
        for number, own, above in zip(numbers, ids, parents, strict=True)
    ]


def judge(
    body: str,
    numbers: Sequence[int] = range(NEWEST, 0, -1),
    *,
    where: Layout | None = None,
    vanished: Collection[int] = (),
    scope: Collection[int] | None = None,
    whole: bool = True,
    oldest_first: bool = False,
) -> Audit:
    where = where or layout()
    log = read_log(body, where)
    commits = history(numbers)
    wanted = {commit_id(n) for n in (numbers if scope is None else scope)}
    rows = standing(body, log)
    laid_out = {
        row.identity.id: lay_out(
            entry(int(row.identity.id[:7], 16)), log.fields, where.row
        ).identity.digest
        for row in rows
    }
    gone = {commit_id(number) for number in vanished}
    return audit(rows, commits, wanted, gone, laid_out, whole=whole, oldest_first=oldest_first)


def found(result: Audit) -> list[tuple[str, int]]:
    return [(finding.check, int(finding.commit[:7], 16)) for finding in result.findings]


def rows_of(body: str) -> dict[int, str]:
    """Return the rows of ours, by number."""
    rows = re.findall(r"<tr>(?:(?!</?tr).)*?#cl1-repo-.*?</tr>", body, re.DOTALL)
    return {int(re.findall(r"([0-9a-f]{7})c{33}#", row)[0], 16): row for row in rows}


def nothing(body: str) -> Planted:
    return body, []


def deleted(body: str) -> Planted:
    return body.replace(rows_of(body)[3], ""), [("missing", 3)]


def doubled(body: str) -> Planted:
    row = rows_of(body)[4]
    return body.replace(row, row + row), [("double", 4)]


def copied(body: str) -> Planted:
    """An editor's copy, at the other end of the table."""
    rows = rows_of(body)
    copy = rows[6].replace("<tr>", '<tr data-x="1">').replace("<p>", '<p local-id="a"> ')
    return body.replace(rows[1], rows[1] + copy), [("double", 6)]


def altered(body: str) -> Planted:
    row = rows_of(body)[5]
    other = row.replace('datetime="2026-03-04"', 'datetime="2026-03-05"', 1)
    return body.replace(row, other), [("altered", 5)]


def swapped(body: str) -> Planted:
    rows = rows_of(body)
    other = body.replace(rows[3], "\0").replace(rows[4], rows[3]).replace("\0", rows[4])
    return other, [("order", 3)]


def moved_to_the_top(body: str) -> Planted:
    rows = rows_of(body)
    return body.replace(rows[2], "").replace(rows[6], rows[2] + rows[6]), [("order", 2)]


def moved_to_the_bottom(body: str) -> Planted:
    rows = rows_of(body)
    return body.replace(rows[5], "").replace(rows[1], rows[1] + rows[5]), [("order", 5)]


def stripped(body: str) -> Planted:
    """An editor drops a fragment: nothing is lost while the row is what its commit gives."""
    return re.sub(r"#cl1-repo-[0-9a-f]{12}", "", body, count=1), []


def stripped_and_altered(body: str) -> Planted:
    row = rows_of(body)[2]
    other = re.sub(r"#cl1-repo-[0-9a-f]{12}", "", row).replace("2026-03-04", "2026-03-06")
    return body.replace(row, other), [("unproven", 2)]


def resaved(body: str) -> Planted:
    for row in rows_of(body).values():
        other = row.replace("<td>", '<td class="x" colspan="1">\n').replace("<p>", "<p> ")
        body = body.replace(row, other.replace("<tr>", '<tr data-highlight="a">'))
    return body, []


def named_elsewhere(body: str) -> Planted:
    """The row stands outside of the log, too: only the log table counts."""
    row = rows_of(body)[4]
    return f"{body}<table><tbody>{row}</tbody></table><!-- {row} -->", []


FAULTS: list[Callable[[str], Planted]] = [
    *(nothing, deleted, doubled, copied, altered, swapped, moved_to_the_top),
    *(moved_to_the_bottom, stripped, stripped_and_altered, resaved, named_elsewhere),
]


def log_of(start: str, where: Layout, by_hand: str = HANDMADE) -> str:
    """Return a page whose log has six rows of ours, and rows by hand between them."""
    body = plan(start, [entry(n) for n in range(NEWEST, 0, -1)], where, nowhere).body
    for number, row in rows_of(body).items():
        if number % 2:
            body = body.replace(row, row + by_hand)
    return body


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found_and_nothing_else(plant: Callable[[str], Planted]) -> None:
    body, expected = plant(log_of(page(HANDMADE), layout()))
    assert found(judge(body)) == expected


@pytest.mark.slow
@pytest.mark.skipif(not PAGES, reason="the corpus of real pages is not there")
def test_planted_faults_on_real_pages() -> None:
    """In every table of every page that takes rows, among its own rows and others made by hand."""
    judged = 0
    for path in filter(is_well_formed, PAGES):
        text = path.read_text(encoding="utf-8")
        for table in scan(text):
            if table.inside:
                continue  # a fault that puts a table on the page changes its number
            where = layout(columns_for(text, table) or {"Date": "date"}, table.number)
            judged += _plant_on(text, where, path)
    assert judged >= 80 * len(FAULTS)


def _plant_on(text: str, where: Layout, path: Path) -> int:
    width = len(where.table.columns)
    try:
        body = log_of(text, where, f"<tr>{'<td><p>1 May</p></td>' * width}</tr>")
    except LogTableError:
        return 0
    for plant in FAULTS:
        planted, expected = plant(body)
        assert found(judge(planted, where=where)) == expected, (path.name, plant.__name__)
    return len(FAULTS)


def test_a_finding_names_its_rows() -> None:
    body, _ = swapped(log_of(page(), layout()))
    (finding,) = judge(body).findings
    assert (finding.rows, finding.other) == ((4,), 5)  # row 0 is the header, row 3 made by hand
    body, _ = copied(log_of(page(), layout()))
    assert judge(body).findings[0].rows == (1, 9)


def test_a_log_that_is_kept_oldest_first() -> None:
    body = log_of(page(HANDMADE), kept("oldest-first"))
    assert found(judge(body, oldest_first=True)) == []
    assert {check for check, _ in found(judge(body))} == {"order"}
    rows = rows_of(body)
    moved = body.replace(rows[2], "").replace(rows[6], rows[6] + rows[2])
    result = judge(moved, oldest_first=True)
    assert found(result) == [("order", 2)]
    (finding,) = result.findings
    assert moved.index(rows[2]) > moved.index(rows[6])
    assert finding.rows[0] > finding.other


def test_a_rewritten_commit_is_missing_and_its_row_has_none() -> None:
    body = log_of(page(), layout())
    result = judge(body, [6, 5, 9, 3, 2, 1], vanished=[4])
    assert found(result) == [("missing", 9), ("vanished", 4)]


def test_the_digest_tells_after_the_configuration_changed() -> None:
    """The rows were published with other texts, columns and bounds than those of today."""
    body = log_of(page(), layout())
    today = layout({"Why": "body", "Date": "date"}, 1, body_limit=3, missing_reason="?")
    assert found(judge(body, where=today)) == []
    body, expected = altered(body)
    assert found(judge(body, where=today)) == expected


@pytest.mark.parametrize("url", ["", f"https://git.example.com/c/{commit_id(2)}?x=1&y=2"])
@pytest.mark.parametrize(
    "columns",
    [
        {"Date": "date", "What": "subject", "Why": "body"},
        {"What": "subject", "Why": "body", "Id": "commit", "Date": "date"},
    ],
)
def test_every_form_of_a_row_is_unaltered_until_it_is_edited(
    columns: dict[str, str], url: str
) -> None:
    where = layout(columns, 1)
    head = "".join(f"<th>{name}</th>" for name in columns)
    start = f"<table><tr>{head}<th>More</th></tr></table>"
    why = f"- a < b & c\n- `x`\n\nThis reverts commit {commit_id(1)}."
    body = plan(start, [entry(2, url=url, body=why), entry(1, url="")], where, nowhere).body
    assert found(judge(body, [2, 1], where=where)) == []
    for find, replace in (("a &lt; b", "a &gt; b"), ("2026-03-04", "2026-03-05")):
        assert found(judge(body.replace(find, replace, 1), [2, 1], where=where)) == [("altered", 2)]
    in_a_cell = body.replace("</td></tr>", "<table><tr><td>x</td></tr></table></td></tr>", 1)
    assert found(judge(in_a_cell, [2, 1], where=where)) == [("altered", 2)]


def test_a_row_of_a_commit_out_of_scope_is_no_finding() -> None:
    body = log_of(page(), layout())
    result = judge(body, scope=[6, 5, 4])
    assert (found(result), result.elsewhere, result.commits, result.rows) == ([], 3, 3, 6)
    body, expected = altered(doubled(body)[0])
    assert found(judge(body, scope=[6])) == [("double", 4), *expected]


def test_in_a_range_other_rows_are_not_judged() -> None:
    body, _ = altered(doubled(log_of(page(), layout()))[0])
    assert found(judge(body, [3, 2, 1], whole=False)) == []
    assert found(judge(body, [3, 2, 1], vanished=[6], whole=False)) == [("vanished", 6)]
    assert found(judge(body, [5, 4], whole=False)) == [("double", 4), ("altered", 5)]


def standing_row(commit: int, text: str, published: str = "") -> Standing:
    return Standing(1, RowIdentity(commit_id(commit), "repo", published or text), text)


@pytest.mark.parametrize(
    ("wanting", "orphans", "expected"),
    [
        ({7: "a"}, [standing_row(1, "a")], {1: 7}),
        ({7: "a", 8: "b"}, [standing_row(1, "a"), standing_row(2, "b")], {1: 7, 2: 8}),
        ({7: "a"}, [standing_row(1, "b")], {}),
        ({7: "a"}, [standing_row(1, "a", published="b")], {}),
        ({7: "a"}, [standing_row(1, "a"), standing_row(2, "a")], {7: (1, 2)}),
        ({7: "a"}, [standing_row(1, "a"), standing_row(1, "a")], {7: (1, 1)}),
        ({7: "a", 8: "a"}, [standing_row(1, "a")], {7: (1,), 8: (1,)}),
    ],
)
def test_who_takes_over_a_row(
    wanting: dict[int, str],
    orphans: list[Standing],
    expected: dict[int, int | tuple[int, ...]],
) -> None:
    """Expected is vanished: successor where it is clear, else commit: candidates."""
    taken = takeover({commit_id(n): digest for n, digest in wanting.items()}, orphans)
    clear = {commit_id(a): commit_id(b) for a, b in expected.items() if isinstance(b, int)}
    unclear = {
        commit_id(a): tuple(map(commit_id, b)) for a, b in expected.items() if isinstance(b, tuple)
    }
    assert taken == Takeover(clear, unclear)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, list[str]]]:
    """Draw a graph of commits with their parents, children first."""
    size = draw(st.integers(1, 9))
    return [
        (
            str(number),
            [str(other) for other in range(number + 1, size) if draw(st.integers(0, 2)) == 0],
        )
        for number in range(size)
    ]


def ancestors(graph: list[tuple[str, list[str]]]) -> dict[str, set[str]]:
    above: dict[str, set[str]] = {}
    for commit, parents in reversed(graph):
        above[commit] = {*parents}.union(*(above[parent] for parent in parents))
    return above


def disorder(rows: Sequence[str], above: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the pairs of which the upper row is an ancestor of the lower one."""
    return {(upper, lower) for upper, lower in combinations(rows, 2) if upper in above[lower]}


@given(st.data())
def test_the_fewest_rows_are_out_of_order(data: st.DataObject) -> None:
    graph = data.draw(histories())
    ids = data.draw(st.lists(st.sampled_from([commit for commit, _ in graph]), unique=True))
    rows = data.draw(st.permutations(ids))
    above = ancestors(graph)
    wrong = misplaced(descendants({commit: at for at, commit in enumerate(rows)}, graph))
    rest = [commit for at, commit in enumerate(rows) if at not in wrong]
    assert disorder(rest, above) == set()
    assert all(
        disorder(few, above)
        for count in range(len(rest) + 1, len(rows) + 1)
        for few in combinations(rows, count)
    )
    for at, other in wrong.items():
        pair = (rows[min(at, other)], rows[max(at, other)])
        assert pair in disorder(rows, above)


@given(histories(), st.randoms())
def test_every_order_that_history_allows_is_in_order(
    graph: list[tuple[str, list[str]]], random: st.random_module
) -> None:
    above = ancestors(graph)
    left = {commit for commit, _ in graph}
    rows: list[str] = []
    while left:
        newest = [c for c in sorted(left) if not any(c in above[other] for other in left)]
        rows.append(random.choice(newest))  # type: ignore[attr-defined]
        left.remove(rows[-1])
    assert misplaced(descendants({commit: at for at, commit in enumerate(rows)}, graph)) == {}


def test_a_log_of_thousands_that_stands_upside_down() -> None:
    count = 3_000
    graph = [(str(number), [str(number + 1)]) for number in range(count)]
    rows = {str(number): count - 1 - number for number in range(count)}
    assert len(misplaced(descendants(rows, graph))) == count - 1
