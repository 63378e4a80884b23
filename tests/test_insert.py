"""Planning a publication on a body: what is missing, where it goes, and that nothing else changes."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.errors import LogTableError, MalformedStorageError
from confluence_changelog.insert import plan
from confluence_changelog.log_table import logged_ids
from support.entries import HANDMADE, commit_id, entry, layout, nowhere, page


def numbers(body: str) -> list[int]:
    """Return the commits of a body, by number, from top to bottom."""
    from confluence_changelog.ledger import read_ledger
    from confluence_changelog.storage.find import find_log_table

    log = find_log_table(body, ("Date", "Who", "What", "Why"))
    return [int(row.identity.id[:7], 16) for row in read_ledger(body, log, 0, "repo").rows]


def test_new_rows_form_one_block_under_the_header_row() -> None:
    body = page(HANDMADE)
    edit = plan(body, [entry(3), entry(2), entry(1)], layout(), nowhere)
    assert numbers(edit.body) == [3, 2, 1]
    assert edit.body.replace("".join(row.storage for row in edit.rows), "") == body
    assert edit.body.index("Change 1") < edit.body.index("Old change")
    assert edit.count == 5


def test_inserting_twice_is_inserting_once() -> None:
    entries = [entry(2), entry(1)]
    once = plan(page(), entries, layout(), nowhere)
    twice = plan(once.body, entries, layout(), nowhere)
    assert twice.rows == ()
    assert twice.body == once.body


def test_an_entry_given_twice_has_one_row() -> None:
    assert numbers(plan(page(), [entry(1), entry(1)], layout(), nowhere).body) == [1]


def test_only_what_is_missing_is_inserted() -> None:
    body = plan(page(), [entry(2)], layout(), nowhere).body
    edit = plan(body, [entry(3), entry(2)], layout(), nowhere)
    assert [row.identity.id for row in edit.rows] == [commit_id(3)]


def test_ancestors_of_logged_commits_go_below_them() -> None:
    """In a log of 9, 5, 2: 7 descends from 5 and 9 from 7, 4 lies between 5 and 2, 10 is new."""

    def placements(missing: Sequence[str], logged: Sequence[str]) -> Mapping[str, int]:
        assert [commit_id(n) for n in (10, 7, 4, 1)] == list(missing)
        assert [commit_id(n) for n in (9, 5, 2)] == list(logged)
        return {commit_id(7): 0, commit_id(4): 1, commit_id(1): 2}

    body = plan(page(HANDMADE), [entry(9), entry(5), entry(2)], layout(), nowhere).body
    edit = plan(body, [entry(10), entry(7), entry(4), entry(1)], layout(), placements)
    assert numbers(edit.body) == [10, 9, 7, 5, 4, 2, 1]
    assert len(edit.spans) == 4
    assert edit.body.endswith(body[body.index(HANDMADE) :])


def test_a_row_copied_by_hand_or_a_named_commit_hinders_no_row() -> None:
    body = plan(page(), [entry(2)], layout(), nowhere).body
    copied = body.replace("<tr><td><p><time", "<tr><td>x</td></tr><tr><td><p><time", 1)
    revert = entry(3, body=f"This reverts commit {commit_id(1)}.", subject=f"Revert {commit_id(2)}")
    edit = plan(copied, [revert, entry(2), entry(1)], layout(), nowhere)
    assert sorted(numbers(edit.body)) == [1, 2, 3]


def test_columns_that_are_not_configured_stay_empty() -> None:
    body = "<table><tr><th>No</th><th>What</th><th>Date</th></tr></table>"
    edit = plan(body, [entry(1)], layout({"Date": "date", "What": "subject"}, 1), nowhere)
    assert edit.rows[0].cells == ("", "Change 1", "2026-03-04 0000001")
    assert logged_ids(edit.body, layout({"Date": "date", "What": "subject"}, 1)) == {commit_id(1)}


def test_a_page_that_cannot_take_rows_is_refused() -> None:
    with pytest.raises(LogTableError):
        plan("<p>no table</p>", [entry(1)], layout(), nowhere)
    with pytest.raises(MalformedStorageError):
        plan(page(after="<p>"), [entry(1)], layout(), nowhere)


@given(
    st.permutations(range(1, 8)),
    st.sets(st.integers(1, 7)),
    st.lists(st.text(max_size=20), min_size=7, max_size=7),
)
def test_any_entries_in_any_portions_have_one_row_each(
    order: list[int], first: set[int], texts: list[str]
) -> None:
    entries = [
        entry(number, subject=text, body=text) for number, text in zip(order, texts, strict=True)
    ]
    body = page(HANDMADE)
    step = plan(body, [e for e in entries if int(e.id[:7], 16) in first], layout(), nowhere).body
    done = plan(step, entries, layout(), nowhere).body
    assert sorted(numbers(done)) == list(range(1, 8))
    assert done.startswith(body[: body.index(HANDMADE)])
    assert done.endswith(body[body.index(HANDMADE) :])
