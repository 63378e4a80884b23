"""Where new rows go: under the header rows or at the end, between and into rows made by hand."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.addition import Addition, name_of, plan_addition
from confluence_changelog.errors import LogTableError, MalformedStorageError
from confluence_changelog.insert import Edit, plan
from confluence_changelog.storage.edit import undo
from confluence_changelog.storage.prepared import is_prepared
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.validate import validate
from support.entries import HANDMADE, commit_id, entry, nowhere, page
from support.tables import Kept, in_a_line, kept, kept_logs, logged, number_of

ORDERS = ("newest-first", "oldest-first")
EMPTY = "<tr><td><br /></td><td></td><td><p>&nbsp;</p></td><td/></tr>"
FOOT = "<tfoot><tr><td>4 rows</td></tr></tfoot>"


def published(body: str, *numbers: int, order: str = "newest-first", empty: str = "keep") -> Edit:
    entries = [entry(number) for number in sorted(numbers, reverse=True)]
    return plan(body, entries, kept(order, empty), in_a_line)


def shown(body: str, *, table: int = 0) -> list[str]:
    """Return what stands in the rows of a table: numbers of commits, or text."""
    found = []
    for row in scan(body)[table].rows:
        text = body[row.start : row.end]
        known = [str(number) for number in range(1, 10) if f"Change {number}<" in text]
        if known:
            found += known
        elif text.startswith("<tr><th>"):
            found.append("head")
        else:
            found.append("hand" if "Old" in text else "foot" if "rows" in text else "-")
    return found


@pytest.mark.parametrize(
    ("order", "empty", "rows", "expected"),
    [
        ("newest-first", "keep", HANDMADE, "head 3 2 1 hand"),
        ("oldest-first", "keep", HANDMADE, "head hand 1 2 3"),
        ("oldest-first", "keep", "", "head 1 2 3"),
        ("newest-first", "keep", EMPTY + HANDMADE, "head 3 2 1 - hand"),
        ("newest-first", "fill", EMPTY + HANDMADE, "head 3 2 1 hand"),
        ("newest-first", "fill", EMPTY * 3 + HANDMADE, "head 3 2 1 hand"),
        ("newest-first", "fill", EMPTY * 5 + HANDMADE, "head - - 3 2 1 hand"),
        ("newest-first", "fill", HANDMADE + EMPTY, "head 3 2 1 hand -"),
        ("oldest-first", "keep", HANDMADE + EMPTY * 2, "head hand 1 2 3 - -"),
        ("oldest-first", "fill", HANDMADE + EMPTY * 2, "head hand 1 2 3"),
        ("oldest-first", "fill", HANDMADE + EMPTY * 5, "head hand 1 2 3 - -"),
        ("oldest-first", "fill", EMPTY + HANDMADE, "head - hand 1 2 3"),
        ("oldest-first", "fill", EMPTY * 4, "head 1 2 3 -"),
        (
            "oldest-first",
            "keep",
            f"{HANDMADE}{EMPTY}</tbody>{FOOT}<tbody>",
            "head hand 1 2 3 - foot",
        ),
        ("oldest-first", "fill", f"{HANDMADE}{EMPTY}</tbody>{FOOT}<tbody>", "head hand 1 2 3 foot"),
        (
            "oldest-first",
            "fill",
            f"{HANDMADE}</tbody>{FOOT}<tbody>{HANDMADE}",
            "head hand foot hand 1 2 3",
        ),
    ],
)
def test_where_rows_go(order: str, empty: str, rows: str, expected: str) -> None:
    body = page(rows)
    edit = published(body, 1, 2, 3, order=order, empty=empty)
    assert shown(edit.body) == expected.split()
    assert [number_of(row.identity.id) for row in edit.rows] == [3, 2, 1]
    assert edit.replaced == ()
    assert edit.count == len(scan(edit.body)[0].rows)
    assert undo(edit.body, edit.spans) == body


@pytest.mark.parametrize(
    ("order", "expected"), [("newest-first", "9 7 5 4 2 1"), ("oldest-first", "1 2 4 5 7 9")]
)
def test_older_commits_go_beyond_their_descendants(order: str, expected: str) -> None:
    body = published(page(HANDMADE), 2, 5, order=order).body
    edit = published(body, 1, 2, 4, 5, 7, 9, order=order)
    assert logged(edit.body, kept(order)) == [int(number) for number in expected.split()]


def test_an_older_commit_goes_above_the_highest_of_its_descendants() -> None:
    body = published(page(), 2, 5, order="oldest-first").body
    seen: list[list[str]] = []

    def placements(missing: list[str], logged: list[str]) -> dict[str, int]:
        seen.append(logged)
        return dict.fromkeys(missing, 1)

    edit = plan(body, [entry(4), entry(3)], kept("oldest-first"), placements)
    assert seen == [[commit_id(5), commit_id(2)]]
    assert shown(edit.body) == ["head", "3", "4", "2", "5"]


@pytest.mark.parametrize("order", ORDERS)
def test_a_row_takes_the_place_of_a_vanished_one(order: str) -> None:
    body = published(page(HANDMADE, EMPTY), 1, 2, 3, order=order).body
    entries = [entry(9), entry(7)]
    edit = plan(body, entries, kept(order), nowhere, {commit_id(2): commit_id(7)})
    middle = ["9", "3", "7", "1"][:: 1 if order == "newest-first" else -1]
    assert [text for text in shown(edit.body) if text.isdigit()] == middle
    assert [number_of(row.identity.id) for row in edit.rows] == [9]
    assert [number_of(row.identity.id) for row in edit.replaced] == [7]


@pytest.mark.parametrize(
    ("content", "empty"),
    [
        ("", True),
        ("<br />", True),
        ('<div class="content-wrapper"><p>\n<br/>&nbsp;</p></div>', True),
        ('<p class="auto-cursor-target">&#8203;</p>', True),
        ("<p><strong> </strong><span style='color: red'></span></p>", True),
        ("x", False),
        ("&amp;", False),
        ("4", False),
        ("<p>&mdash;</p>", False),
        ('<time datetime="2026-01-01" />', False),
        ('<ac:structured-macro ac:name="toc" />', False),
        ('<ac:image><ri:attachment ri:filename="a.png" /></ac:image>', False),
        ("<ac:placeholder>What?</ac:placeholder>", False),
        ('<ac:inline-comment-marker ac:ref="1"></ac:inline-comment-marker>', False),
        ('<a href="https://example.com"></a>', False),
        ('<img src="a.png" />', False),
        ("<ul><li></li></ul>", False),
        ("<table><tbody><tr><td></td></tr></tbody></table>", False),
        ("<!-- kept -->", False),
        ("<hr />", False),
    ],
)
def test_what_is_a_prepared_row(content: str, empty: bool) -> None:
    body = f"<table><tr><td>{content}</td><td></td></tr></table>"
    assert is_prepared(body, scan(body)[0].rows[0], 2) is empty


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td></td></tr>",
        "<tr><td></td><td></td><td></td></tr>",
        "<tr><td colspan='2'></td><td></td></tr>",
        "<tr><td rowspan='2'></td><td></td></tr>",
        "<tr><th></th><th></th></tr>",
        "<tr />",
    ],
)
def test_a_row_of_another_shape_is_none(row: str) -> None:
    body = f"<table>{row}</table>"
    assert not is_prepared(body, scan(body)[0].rows[0], 2)


def test_the_number_of_a_prepared_row_may_stand_in_it() -> None:
    body = "<table><tr><td>4.</td><td></td></tr></table>"
    assert is_prepared(body, scan(body)[0].rows[0], 2, {0})
    assert not is_prepared(body, scan(body)[0].rows[0], 2, {1})


@pytest.mark.parametrize("empty", ["keep", "fill"])
@pytest.mark.parametrize("order", ORDERS)
def test_a_row_span_across_the_line_is_refused(order: str, empty: str) -> None:
    tall = HANDMADE.replace("<td>1 May", '<td rowspan="3">1 May')
    rows = tall + EMPTY * 2 if order == "oldest-first" else EMPTY + tall
    body = page(rows)
    if order == "newest-first":
        body = body.replace("<th>Why", '<th rowspan="2">Why')
    with pytest.raises(LogTableError, match="across the line where new rows belong"):
        published(body, 1, order=order, empty=empty)


def test_a_tall_row_above_the_line_hinders_nothing() -> None:
    tall = HANDMADE.replace("<td>1 May", '<td rowspan="2">1 May')
    rest = HANDMADE.replace("<td>1 May</td>", "")
    edit = published(page(tall, rest, EMPTY), 1, 2, order="oldest-first", empty="fill")
    assert shown(edit.body) == ["head", "hand", "hand", "1", "2"]


@pytest.mark.parametrize(
    ("order", "empty", "expected"),
    [
        ("newest-first", "keep", "head hand 1 - - hand - -"),
        ("newest-first", "fill", "head - hand 1 hand - -"),
        ("oldest-first", "keep", "head - - 1 hand hand - -"),
        ("oldest-first", "fill", "head - - 1 hand hand -"),
    ],
)
def test_a_row_that_is_added_by_hand(order: str, empty: str, expected: str) -> None:
    """It goes where the next commit would."""
    body = published(page(EMPTY, EMPTY, HANDMADE, EMPTY, EMPTY), 1, order="newest-first").body
    if order == "oldest-first" or empty == "fill":
        body = page(
            EMPTY,
            EMPTY,
            body[body.index("<tr><td><p><time") : body.index(EMPTY)],
            HANDMADE,
            EMPTY,
            EMPTY,
        )
    headings = ("Date", "Who", "What", "Why")
    addition = Addition(name_of("k"), headings, ("2026-11-20", "Bo", "Old relay", ""))
    edit = plan_addition(body, addition, kept(order, empty))
    assert shown(edit.body) == expected.split()
    assert edit.count == len(scan(edit.body)[0].rows)
    assert undo(edit.body, edit.spans) == body
    assert plan_addition(edit.body, addition, kept(order, empty)).spans == ()


@pytest.mark.parametrize("order", ORDERS)
def test_hostile_tables_take_linear_time(order: str) -> None:
    """Quadratic reading of these would take far longer than a test may."""
    count = 5_000
    head = page().partition("<table>")[2].partition("</tr>")[0].removeprefix("<tbody>") + "</tr>"
    for table in (
        page(EMPTY * count),
        page(HANDMADE.replace("<td>", "<td colspan='2'>") * count),
        f"<table><thead>{head * count}</thead>{'<tbody></tbody>' * count}</table>",
        page(HANDMADE.replace("<td>", f"<td {'a ' * count}b='c' class='{'x ' * count}'>", 1)),
        page(HANDMADE.replace("<td>", '<td class="numberingColumn">', 1) * count),
        page("<tr><td rowspan='1'/><td/><td/><td/></tr>" * count),
    ):
        with suppress(LogTableError, MalformedStorageError):
            published(table, 1, order=order, empty="fill")


@given(
    kept_logs(),
    st.sampled_from(ORDERS),
    st.sampled_from(("keep", "fill")),
    st.lists(st.sets(st.integers(1, 6)), max_size=3),
)
def test_any_log_in_any_portions(
    there: Kept, order: str, empty: str, portions: list[set[int]]
) -> None:
    """Portion by portion the log is what it would be at once, and nothing else on the page changes."""
    where, body, done = kept(order, empty), there.body, set[int]()
    for portion in [*portions, set(range(1, 7))]:
        edit = published(body, *portion, order=order, empty=empty)
        assert undo(edit.body, edit.spans) == body
        assert {number_of(row.identity.id) for row in edit.rows} == portion - done
        assert validate(edit.body) is None
        done, body = done | portion, edit.body
        assert logged(body, where) == sorted(done, reverse=order == "newest-first")
    assert published(body, *range(1, 7), order=order, empty=empty).spans == ()
    assert body.count("local-id") <= there.body.count("local-id")


@given(st.data(), st.sampled_from(ORDERS), st.sampled_from(("keep", "fill")))
def test_no_row_is_on_the_wrong_side_of_a_descendant(
    data: st.DataObject, order: str, empty: str
) -> None:
    """Whatever the history, and in whatever portions it is published."""
    later: dict[int, set[int]] = {number: set() for number in range(1, 8)}
    for number in later:
        for child in data.draw(st.sets(st.integers(number, 7), max_size=2)) - {number}:
            later[number].add(child)
    for number in reversed(later):
        later[number] |= {each for child in later[number] for each in later[child]}

    def placements(missing: list[str], there: list[str]) -> dict[str, int]:
        found = {
            commit: [
                at for at, each in enumerate(there) if number_of(each) in later[number_of(commit)]
            ]
            for commit in missing
        }
        return {commit: below[-1] for commit, below in found.items() if below}

    body, where = data.draw(kept_logs()).body, kept(order, empty)
    portions = data.draw(st.lists(st.sets(st.integers(1, 7)), max_size=4))
    for portion in [*portions, set(later)]:
        entries = [entry(number) for number in sorted(portion, reverse=True)]
        body = plan(body, entries, where, placements).body
    rows = logged(body, where)[:: 1 if order == "newest-first" else -1]
    assert sorted(rows) == list(later)
    for at, number in enumerate(rows):
        assert later[number].isdisjoint(rows[at:])


@given(kept_logs(), st.sampled_from(ORDERS), st.integers(1, 6))
def test_prepared_rows_are_filled_before_others_are_made(
    there: Kept, order: str, count: int
) -> None:
    edit = published(there.body, *range(1, count + 1), order=order, empty="fill")
    prepared = there.on_top if order == "newest-first" else there.at_the_end
    filled = [span for span in edit.spans if span.old]
    assert len(filled) == min(count, prepared)
    before = len(scan(there.body)[0].rows)
    assert edit.count == len(scan(edit.body)[0].rows) == before + count - len(filled)
    assert published(there.body, *range(1, count + 1), order=order).count == before + count
