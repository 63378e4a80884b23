"""Rows of corrected commits are corrected in place, and only where nothing else is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.insert import Edit, plan
from confluence_changelog.log_table import read_log
from confluence_changelog.publish import version_message
from confluence_changelog.storage.edit import undo
from support.entries import HANDMADE, commit_id, entry, layout, nowhere, page

BY_NUMBER = {"No": "number", "Date": "date", "What": "subject", "Tag": "version"}


def published(*numbers: int) -> str:
    body = page(HANDMADE)
    return plan(body, [entry(number) for number in numbers], layout(), nowhere).body


def corrected(body: str, *numbers: int, new: tuple[int, ...] = (), text: str = "Corrected") -> Edit:
    corrections = [entry(number, subject=f"{text} {number}") for number in numbers]
    entries = [entry(number) for number in new]
    return plan(body, entries, layout(), nowhere, corrections=corrections)


def identities(body: str) -> list[str]:
    return [row.identity.id for row in read_log(body, layout()).ledger.rows]


def test_the_row_is_corrected_where_it_stands() -> None:
    body = published(3, 2, 1)
    edit = corrected(body, 2)
    assert (edit.rows, edit.replaced, edit.uncorrected) == ((), (), ())
    assert [row.identity.id for row in edit.corrected] == [commit_id(2)]
    assert identities(edit.body) == identities(body)
    assert (
        edit.body.index("Change 3") < edit.body.index("Corrected 2") < edit.body.index("Change 1")
    )
    assert "Change 2" not in edit.body
    assert undo(edit.body, edit.spans) == body
    assert edit.body.replace(edit.corrected[0].storage, edit.spans[0].old) == body
    assert version_message(edit) == f"Change log, corrected: commit {commit_id(2)[:10]}"


def test_correcting_twice_is_correcting_once() -> None:
    once = corrected(published(3, 2, 1), 2, 3)
    assert len(once.corrected) == 2
    again = corrected(once.body, 2, 3)
    assert (again.spans, again.corrected, again.body) == ((), (), once.body)
    assert len(corrected(once.body, 2, text="Anew").corrected) == 1


def test_a_corrected_commit_without_a_row_gets_none() -> None:
    body = published(2)
    assert corrected(body, 7).spans == ()
    edit = corrected(body, 7, new=(9,))
    assert [row.identity.id for row in edit.rows] == [commit_id(9)]


def test_new_rows_and_corrected_ones_go_together() -> None:
    edit = corrected(published(3, 2), 3, 2, new=(9, 3))
    assert [row.identity.id for row in edit.rows] == [commit_id(9)]
    assert identities(edit.body) == [commit_id(9), commit_id(3), commit_id(2)]
    assert version_message(edit) == f"Change log: commit {commit_id(9)[:10]}"


def test_a_vanished_commit_is_replaced_and_not_corrected() -> None:
    body = published(2)
    edit = plan(
        body,
        [entry(7)],
        layout(),
        nowhere,
        {commit_id(2): commit_id(7)},
        corrections=[entry(2, subject="Corrected")],
    )
    assert (len(edit.replaced), edit.corrected) == (1, ())
    assert identities(edit.body) == [commit_id(7)]


@pytest.mark.parametrize(
    ("find", "new"),
    [
        ("Change 2", "Change two, as discussed"),
        ("<td><p>Change 2", '<td colspan="1" rowspan="2"><p>Change 2'),
        ("#cl1-repo-", "#"),
        ("Change 2</p>", 'Change 2</p><ac:image><ri:attachment ri:filename="a.png" /></ac:image>'),
        ("Because it was needed.", "Because Bo said so."),
    ],
)
def test_a_row_that_was_edited_by_hand_stays(find: str, new: str) -> None:
    body = published(3, 2)
    before, _, after = body.partition("Change 3")
    after_row, end = after.split("</tr>", 1)
    edit = corrected(before + "Change 3" + after_row + "</tr>" + end.replace(find, new, 1), 2)
    assert (edit.spans, edit.corrected) == ((), ())
    assert edit.uncorrected == (commit_id(2),)


def test_a_row_that_was_corrected_by_hand_needs_nothing() -> None:
    edit = corrected(published(3, 2).replace("Change 2", "Corrected  2"), 2)
    assert (edit.spans, edit.uncorrected) == ((), ())


def test_a_commit_that_stands_twice_is_not_corrected() -> None:
    body = published(2)
    row = body[body.index("<tr><td><p><time") : body.index(HANDMADE)]
    edit = corrected(body.replace(row, row + row), 2)
    assert (edit.spans, edit.uncorrected) == ((), ())


def test_numbers_stay_and_other_facts_are_no_reason() -> None:
    head = "".join(f"<th>{name}</th>" for name in BY_NUMBER)
    body = f"<table><tbody><tr>{head}</tr></tbody></table>"
    where = layout(BY_NUMBER)
    body = plan(body, [entry(2), entry(1)], where, nowhere).body
    tagged = replace(entry(2), version="v1")
    assert plan(body, [], where, nowhere, corrections=[tagged]).spans == ()
    edit = plan(body, [entry(3)], where, nowhere, corrections=[replace(tagged, subject="Other")])
    assert [row.cells[0] for row in (*edit.rows, *edit.corrected)] == ["3", "2"]
    assert edit.corrected[0].cells[2:] == ("Other", "v1")


def test_a_correction_fills_no_prepared_row_and_keeps_the_look() -> None:
    head = "".join(f"<th>{name}</th>" for name in BY_NUMBER)
    empty = f"<tr>{'<td><p><br /></p></td>' * len(BY_NUMBER)}</tr>"
    body = f"<table><tbody><tr>{head}</tr>{empty}{empty}</tbody></table>"
    where = layout(BY_NUMBER)
    where = where._replace(table=where.table._replace(order="oldest-first", empty_rows="fill"))
    body = plan(body, [entry(1)], where, nowhere).body
    body = body.replace("<td><p>Change 1", '<td class="confluenceTd"><p>Change 1')
    edit = plan(body, [], where, nowhere, corrections=[entry(1, subject="Other")])
    assert edit.body == body.replace("Change 1", "Other").replace(
        edit.spans[0].old.partition("#cl1-")[2][:17], edit.body.partition("#cl1-")[2][:17]
    )
    assert edit.count == edit.body.count("<tr>") == 3


@pytest.mark.parametrize("field", ["body", "{subject} ({ticket})", "message", "trailer:Risk"])
def test_whatever_shows_the_message_is_corrected(field: str) -> None:
    where = layout({"Date": "date", "What": field})
    body = "<table><tbody><tr><th>Date</th><th>What</th></tr></tbody></table>"
    old = entry(1, message="Old", subject="Old", body="Old", trailers=(("Risk", "Old"),))
    new = entry(1, message="New", subject="New", body="New", trailers=(("Risk", "New"),))
    body = plan(body, [old], where, nowhere).body
    assert plan(body, [], where, nowhere, corrections=[old]).spans == ()
    assert "New" in plan(body, [], where, nowhere, corrections=[new]).body


@pytest.mark.parametrize("url", ["", "https://git.example.com/net/config/commit/" + commit_id(2)])
def test_the_row_of_a_revert_is_corrected(url: str) -> None:
    """Its link to the row of what it reverts is ours."""
    why = f"This reverts commit {commit_id(1)}."
    entries = [entry(2, body=why, url=url), entry(1, url="")]
    body = plan(page(), entries, layout(), nowhere).body
    new = entry(2, body=why, url=url, subject="Corrected")
    assert len(plan(body, entries, layout(), nowhere, corrections=[new]).corrected) == 1


@given(
    st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.text()
)
def test_a_correction_changes_no_other_row(
    there: set[int], new: set[int], changed: set[int], text: str
) -> None:
    body = published(*sorted(there, reverse=True))
    edit = corrected(body, *changed, new=tuple(sorted(new, reverse=True)), text=text)
    assert undo(edit.body, edit.spans) == body
    assert {row.identity.id for row in edit.corrected} == set(map(commit_id, changed & there))
    assert sorted(identities(edit.body)) == sorted(map(commit_id, there | new))
    kept = [commit_id(number) for number in there - changed]
    old = {i for i in read_log(body, layout()).ledger.rows if i.identity.id in kept}
    left = {i.identity for i in read_log(edit.body, layout()).ledger.rows}
    assert {i.identity for i in old} <= left
    assert corrected(edit.body, *(changed & there), text=text).spans == ()
