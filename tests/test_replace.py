"""Rows of vanished commits are replaced in place, and only where nothing else is lost."""

import pytest

from confluence_changelog.errors import ProofError
from confluence_changelog.given import Target
from confluence_changelog.insert import Edit, plan
from confluence_changelog.sandbox.editor import resave
from confluence_changelog.sandbox.save import save
from confluence_changelog.settings import LinkPattern
from confluence_changelog.storage.edit import Span, apply, undo
from confluence_changelog.storage.proof import prove
from support.entries import HANDMADE, commit_id, entry, layout, nowhere, page


def published(*numbers: int) -> str:
    body = page(HANDMADE)
    return plan(body, [entry(number) for number in numbers], layout(), nowhere).body


def amended(body: str, old: int = 2, new: int = 7, *, others: tuple[int, ...] = ()) -> Edit:
    entries = [entry(new, subject="Amended"), *(entry(number) for number in others)]
    return plan(body, entries, layout(), nowhere, {commit_id(old): commit_id(new)})


def test_the_row_is_replaced_where_it_stands() -> None:
    body = published(3, 2, 1)
    edit = amended(body)
    assert edit.rows == ()
    assert [row.identity.id for row in edit.replaced] == [commit_id(7)]
    assert edit.body.index("Change 3") < edit.body.index("Amended") < edit.body.index("Change 1")
    assert commit_id(2) not in edit.body
    assert undo(edit.body, edit.spans) == body
    assert edit.body.replace(edit.replaced[0].storage, edit.spans[0].old) == body


def test_replacing_twice_is_replacing_once() -> None:
    once = amended(published(3, 2, 1))
    again = amended(once.body)
    assert (again.spans, again.body) == ((), once.body)


def test_new_rows_and_replaced_ones_go_together() -> None:
    edit = amended(published(3, 2, 1), others=(9, 8))
    assert [row.identity.id for row in edit.rows] == [commit_id(9), commit_id(8)]
    assert len(edit.replaced) == 1
    order = [edit.body.index(text) for text in ("Change 9", "Change 8", "Change 3", "Amended")]
    assert order == sorted(order)


def test_a_replaced_row_counts_as_its_successor_when_places_are_sought() -> None:
    seen: list[str] = []

    def placements(_missing: object, logged: list[str]) -> dict[str, int]:
        seen.extend(logged)
        return {}

    entries = [entry(9), entry(7)]
    plan(published(2), entries, layout(), placements, {commit_id(2): commit_id(7)})
    assert seen == [commit_id(7)]


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("Change 2", "Change two, as discussed"),
        ("<td><p>Change 2", '<td colspan="1" rowspan="2"><p>Change 2'),
        ("#cl1-repo-", "#"),
        ("Change 2</p>", "Change 2</p><table><tbody><tr><td></td></tr></tbody></table>"),
        ("Change 2</p>", "Change 2</p><table><tbody><tr><td>x</td></tr></tbody></table>"),
        ("Change 2</p>", 'Change 2</p><ac:image><ri:attachment ri:filename="a.png" /></ac:image>'),
        ("Change 2", '<ac:inline-comment-marker ac:ref="1">Change 2</ac:inline-comment-marker>'),
    ],
)
def test_a_row_that_was_edited_by_hand_stays(find: str, replace: str) -> None:
    body = published(3, 2)
    before, _, after = body.partition("Change 3")
    edit = amended(before + "Change 3" + after.replace(find, replace, 1))
    assert edit.replaced == ()
    assert edit.altered == (commit_id(2),)
    assert [row.identity.id for row in edit.rows] == [commit_id(7)]


def test_a_row_that_an_editor_saved_again_is_as_published() -> None:
    body = published(2).replace(
        "<td><p>Change 2</p></td>", '<td>\n<p local-id="1">Change 2</p> </td>'
    )
    assert len(amended(body).replaced) == 1


@pytest.mark.parametrize("url", ["", "https://git.example.com/net/config/commit/" + commit_id(2)])
def test_the_row_of_a_revert_is_replaced(url: str) -> None:
    """Its link to the row of what it reverts is ours."""
    why = f"This reverts commit {commit_id(1)}."
    entries = [entry(2, body=why, url=url), entry(1, url="")]
    body = plan(page(), entries, layout(), nowhere).body
    assert len(amended(body).replaced) == 1


MENTION = '<ac:link><ri:user ri:userkey="8a" /></ac:link>'
RICH = Target(folds=True, mentions={"ada@example.com": MENTION})
LINKS = (LinkPattern(r"NET-\d+", macro="jira", server="J"),)


def rich_page() -> str:
    """Return a page with a row that holds everything that rows of ours can hold."""
    body = "Why `x`, NET-7.\n\n```sh\nls </td> <ac:image /> # NET-7\n```\n\n" + "More.\n\n" * 90
    where = layout(links=LINKS, body_limit=100)._replace(target=RICH)
    entries = [entry(2, body=body, subject="NET-8", author_email="Ada@example.com")]
    return plan(page(), entries, where, nowhere).body


def saved(body: str) -> str:
    return save(body, user_keys={"ada": "8a"})


def test_a_row_with_macros_and_mentions_is_as_published() -> None:
    body = rich_page()
    assert all(name in body for name in ('"code"', '"expand"', '"jira"', "ri:userkey"))
    for stands in (body, saved(body), saved(resave(body))):
        edit = amended(stands)
        assert (len(edit.replaced), edit.altered) == (1, ())


JIRA = '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">X-1</ac:parameter>'


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("Why ", f"Why {JIRA}</ac:structured-macro>"),
        ("Why ", f"Why {MENTION}"),
        ('"8a"', '"8b"'),
        ("NET-8<", "NET-9<"),
        ("ls ", "rm "),
        (">More<", ">Much more<"),
        ("<p>Why ", '<p><ac:link><ri:page ri:content-title="T" /></ac:link>Why '),
        ("<p>Why ", '<p><ac:image><ri:attachment ri:filename="a.png" /></ac:image>Why '),
        ("<p>Why ", '<p><ac:structured-macro ac:name="status"></ac:structured-macro>Why '),
        ("<p>Why ", '<ac:structured-macro ac:name="expand"></ac:structured-macro><p>Why '),
        ("<p>Why ", '<p><ac:structured-macro ac:name="codepen"></ac:structured-macro>Why '),
        ('<ac:parameter ac:name="language">', '<ac:parameter ac:name="theme">'),
    ],
)
def test_what_a_hand_put_in_between_keeps_the_row(find: str, replace: str) -> None:
    body = rich_page()
    assert find in body
    edit = amended(body.replace(find, replace, 1))
    assert edit.replaced == ()
    assert edit.altered == (commit_id(2),)


def test_a_commit_that_stands_twice_is_not_replaced() -> None:
    body = published(2)
    row = body[body.index("<tr><td><p><time") : body.index(HANDMADE)]
    edit = amended(body.replace(row, row + row))
    assert edit.replaced == ()
    assert len(edit.rows) == 1


def test_two_commits_that_became_one_leave_the_second_row() -> None:
    successors = {commit_id(3): commit_id(7), commit_id(2): commit_id(7)}
    edit = plan(published(3, 2), [entry(7)], layout(), nowhere, successors)
    assert len(edit.replaced) == 1
    assert commit_id(2) in edit.body


def test_a_successor_that_has_a_row_changes_nothing() -> None:
    body = published(7, 2)
    assert amended(body).spans == ()


NEW = "<tr><td><p>new</p></td></tr>"
OLD_ROW = "<tr><td>a</td></tr>"
OLD = f"<p>x</p><table><tbody><tr><th>H</th></tr>\n{OLD_ROW}\n<tr><td>b</td></tr></tbody></table>"


def test_a_right_replacement_is_proven() -> None:
    spans = [Span(OLD.index(OLD_ROW), OLD_ROW, NEW)]
    prove(OLD, apply(OLD, spans), spans, 1, {}, {1: NEW})
    spans = [Span(OLD.index(OLD_ROW), "", NEW), *spans]
    prove(OLD, apply(OLD, spans), spans, 1, {1: [NEW]}, {1: NEW})


@pytest.mark.parametrize(
    ("span", "replaced"),
    [
        (Span(OLD.index(OLD_ROW), OLD_ROW, NEW), {}),
        (Span(OLD.index(OLD_ROW), OLD_ROW, NEW), {2: NEW}),
        (Span(OLD.index(OLD_ROW), OLD_ROW, NEW.replace("new", "old")), {1: NEW}),
        (Span(OLD.index(OLD_ROW), OLD_ROW + "\n", NEW), {1: NEW}),
        (Span(OLD.index(OLD_ROW), OLD_ROW, ""), {1: NEW}),
        (Span(0, "<p>x</p>", ""), {}),
    ],
)
def test_a_wrong_replacement_is_caught(span: Span, replaced: dict[int, str]) -> None:
    with pytest.raises(ProofError):
        prove(OLD, apply(OLD, [span]), [span], 1, {}, replaced)
