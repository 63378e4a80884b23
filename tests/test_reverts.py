"""The row of a revert says what it reverts, and leads to that row."""

import re

import pytest

from confluence_changelog.identity import anchor_name
from confluence_changelog.insert import Edit, plan
from confluence_changelog.ledger import read_ledger
from confluence_changelog.row import identity_field, lay_out
from confluence_changelog.storage.find import find_log_table
from support.entries import COLUMNS, commit_id, entry, layout, nowhere, page

WHERE = "https://wiki.example.com/pages/viewpage.action?pageId=7"
BODY = f"This reverts commit {commit_id(1)}.\n\nIt broke the mail."
REVERT = entry(2, subject='Revert "Change 1"', body=BODY)


def _why(edit: Edit, commit: str = REVERT.id) -> str:
    row = next(row for row in edit.rows if row.identity.id == commit)
    return re.findall("<td>(.*?)</td>", row.storage)[3]


def _published(*entries: object, **changes: object) -> Edit:
    first = plan(page(), [entry(1, **changes)], layout(), nowhere)
    revert = entry(2, subject='Revert "Change 1"', body=BODY, **changes)
    return plan(first.body, [revert], layout(), nowhere, address=f"{WHERE}#top")


def test_a_row_with_a_link_is_found_by_its_text() -> None:
    text = commit_id(1)[:7]
    assert _why(_published()) == (
        f'<p>This reverts commit <a href="{WHERE}#:~:text={text}">{text}</a>.</p>'
        "<p>It broke the mail.</p>"
    )


def test_a_row_with_an_anchor_is_found_by_it() -> None:
    first = plan(page(), [entry(1, url="")], layout(), nowhere)
    name = anchor_name(first.rows[0].identity)
    assert name in first.body
    assert f'<ac:link ac:anchor="{name}"><ac:link-body>{commit_id(1)[:7]}' in _why(
        _published(url="")
    )


def test_both_may_be_new() -> None:
    edit = plan(page(), [REVERT, entry(1)], layout(), nowhere, address=WHERE)
    assert f"{WHERE}#:~:text=" in _why(edit)
    assert [row.identity.id for row in edit.rows] == [REVERT.id, commit_id(1)]


def test_what_has_no_row_is_linked_to_the_commit() -> None:
    edit = plan(page(), [REVERT], layout(), nowhere, address=WHERE)
    assert f'<a href="https://git.example.com/net/config/commit/{commit_id(1)}">' in _why(edit)
    bare = entry(2, subject="x", body=BODY, url="")
    edit = plan(page(), [bare], layout(), nowhere, address=WHERE)
    assert _why(edit) == f"<p>This reverts commit {commit_id(1)[:7]}.</p><p>It broke the mail.</p>"


def test_where_the_link_leads_changes_neither_the_digest_nor_the_text() -> None:
    fields = tuple(COLUMNS.values())
    alone = lay_out(REVERT, fields, layout().row)
    (linked,) = _published().rows
    assert linked.identity == alone.identity
    assert linked.cells == alone.cells


def test_the_link_is_no_identity() -> None:
    body = _published().body
    log = find_log_table(body, tuple(COLUMNS))
    ledger = read_ledger(body, log, identity_field(tuple(COLUMNS.values())), "repo")
    assert [logged.identity.id for logged in ledger.rows] == [REVERT.id, commit_id(1)]


@pytest.mark.parametrize(
    "text",
    [
        "This reverts commit 1234567.",
        f"this reverts commit {commit_id(1)}.",
        f"This reverts commit {commit_id(1)}f.",
        f"This reverts commit {commit_id(1)}" + "a" * 30,
    ],
)
def test_other_sentences_stay(text: str) -> None:
    edit = plan(page(), [entry(2, body=text), entry(1)], layout(), nowhere, address=WHERE)
    assert _why(edit) == f"<p>{text}</p>"


def test_a_hostile_address_stays_an_attribute() -> None:
    hostile = 'https://wiki.example.com/"><b>&'
    edit = plan(page(), [REVERT, entry(1)], layout(), nowhere, address=hostile)
    assert 'href="https://wiki.example.com/&quot;&gt;&lt;b&gt;&amp;#:~:text=' in _why(edit)


def test_co_authors_stand_beside_the_author() -> None:
    row = lay_out(entry(1, co_authors=("Bo", "Cy <b>")), ("date", "author"), layout().row)
    assert row.cells[1] == "Ada Example (with Bo, Cy <b>)"
    assert "Cy &lt;b&gt;" in row.storage
