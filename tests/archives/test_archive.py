"""Moving rows to archives over HTTP, killed and raced, once for each flavour."""

from datetime import date
from functools import partial

import pytest

from confluence_changelog.archives.archive import archive
from confluence_changelog.errors import PageError, TitleExistsError
from confluence_changelog.log_table import read_log
from confluence_changelog.sandbox import Sandbox
from support.archived import (
    LAYOUT,
    Meeting,
    bodies,
    by_hand,
    children,
    everything,
    make_log,
    order,
    ours,
    rows_of,
    run,
    run_until_quiet,
    said,
)
from support.confluence import FLAVOURS, client
from support.entries import commit_id

ROWS = [ours(6), by_hand("six"), ours(5), by_hand("same"), by_hand("same"), ours(4), by_hand("old")]


@pytest.fixture(
    params=[
        pytest.param(flavour, marks=pytest.mark.confluence_sandbox(flavour=flavour))
        for flavour in FLAVOURS
    ]
)
def sandbox(confluence_sandbox: Sandbox) -> Sandbox:
    return confluence_sandbox


def methods(sandbox: Sandbox) -> list[str]:
    return [request["method"] for request in sandbox.requests()]


def test_the_oldest_rows_move(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    done = run(sandbox, log, order(rows=3))
    assert (done.rows, done.moves[0].title) == (4, "Log \u2013 archive 1")
    assert said(rows_of(sandbox.page(log).storage)) == said(ROWS[:3])
    assert [said(rows_of(body)) for body in bodies(sandbox, log)] == [said(ROWS[3:])]
    assert sandbox.page(log).storage.count("Older changes:") == 1
    assert all(version.minor for version in sandbox.versions(log)[:-1]) == (
        sandbox.flavour == "data-center"
    )
    assert (
        sandbox.versions(log)[0].message == "Change log, archived: 4 rows to 'Log \u2013 archive 1'"
    )
    assert [page.parent for page in children(sandbox, log)] == [str(log)]


def test_what_moved_stays_moved_and_more_goes_on_top(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    run(sandbox, log, order(rows=5))
    sandbox.clear_requests()
    assert run(sandbox, log, order(rows=5)).rows == 0
    assert methods(sandbox) == ["GET", "GET"]
    sandbox.clear_requests()
    assert run(sandbox, log, order(rows=2)).rows == 3
    assert methods(sandbox) == ["GET", "GET", "PUT", "PUT"]
    assert everything(sandbox, log) == said(ROWS)
    assert len(bodies(sandbox, log)) == 1


def test_the_rest_of_the_page_is_untouched(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    sandbox.edit(log, append="<p>more</p>")
    before = sandbox.page(log).storage
    run(sandbox, log, order(rows=2))
    after = sandbox.page(log).storage
    table = read_log(before, LAYOUT).table.table
    now = read_log(after, LAYOUT).table.table
    assert after[: now.start] == before[: table.start]
    assert after[now.end :] == before[table.end :]


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_request_and_run_again(sandbox: Sandbox, after: bool) -> None:
    log = make_log(sandbox, ROWS)
    wanted = order(rows=1, page_rows=2)
    kills = run_until_quiet(sandbox, log, wanted, after=after)
    assert kills > 1
    assert everything(sandbox, log) == said(ROWS)
    assert [len(rows_of(body)) for body in bodies(sandbox, log)] == [2, 2, 2]
    assert len(children(sandbox, log)) == 3


def staged(sandbox: Sandbox, log: int) -> None:
    """Archive all but two rows, and be killed before the log is trimmed."""
    sandbox.put_fault(method="PUT", path=f"/{log}$", skip=1, status=401, times=1)
    with pytest.raises(Exception, match="credentials"):
        run(sandbox, log, order(rows=2))
    assert said(rows_of(sandbox.page(log).storage)) == said(ROWS)
    assert said(rows_of(bodies(sandbox, log)[0])) == said(ROWS[2:])


CHANGES = {
    "a row is edited": (by_hand("old"), by_hand("edited")),
    "a row of ours is edited": ("Change 4", "Change four"),
    "a row is added in between": (by_hand("old"), by_hand("added") + by_hand("old")),
    "a row is added at the end": ("Older changes:", None),
    "a row is deleted": (by_hand("old"), ""),
    "a row is added above": ("Change 6", None),
    "a link is given to a row": ("<td>old</td>", '<td><a href="https://example.com/">old</a></td>'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_people_did_between_the_two_writes_counts(sandbox: Sandbox, change: str) -> None:
    log = make_log(sandbox, ROWS)
    staged(sandbox, log)
    find, put = CHANGES[change]
    body = sandbox.page(log).storage
    if put is None:
        place = body.rindex("<tr", 0, body.index(find))
        body = body[:place] + by_hand("new") + body[place:]
    else:
        assert find in body
        body = body.replace(find, put)
    sandbox.edit(log, storage=body)
    wanted = said(rows_of(sandbox.page(log).storage))
    run(sandbox, log, order(rows=2))
    assert everything(sandbox, log) == wanted
    assert len(rows_of(sandbox.page(log).storage)) == 2
    if "link" in change:
        assert 'href="https://example.com/"' in bodies(sandbox, log)[0]


def test_rows_edited_on_both_pages_are_left_to_people(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    staged(sandbox, log)
    (there,) = (int(page.id) for page in children(sandbox, log))
    latest = sandbox.page(there).latest
    for page, text in ((log, "in the log"), (there, "in the archive")):
        body = sandbox.page(page).storage
        sandbox.edit(page, storage=body.replace("<td>old</td>", f"<td>{text}</td>"))
    with pytest.raises(PageError, match="People changed rows on archive"):
        run(sandbox, log, order(rows=2))
    sandbox.edit(there, storage=sandbox.page(there, latest - 1).storage)
    wanted = said(rows_of(sandbox.page(log).storage))
    run(sandbox, log, order(rows=2))
    assert everything(sandbox, log) == wanted


def test_two_archivers_race(sandbox: Sandbox) -> None:
    """The second one archives while the first one is between any two of its requests."""
    for nth in range(1, 9):
        log = make_log(sandbox, ROWS, f"Log {nth}")
        with client(sandbox) as confluence:
            second = partial(run, sandbox, log, order(rows=3))
            archive(Meeting(confluence, nth, second), str(log), order(rows=2))  # type: ignore[arg-type]
        assert everything(sandbox, log) == said(ROWS)
        assert len(bodies(sandbox, log)) == 1


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 502, "applied": True}])
@pytest.mark.parametrize("nth", range(4))
def test_lost_answers(sandbox: Sandbox, fault: dict[str, object], nth: int) -> None:
    log = make_log(sandbox, ROWS)
    sandbox.put_fault(method="POST" if nth == 3 else "PUT", skip=nth % 3, **fault)
    done = run(sandbox, log, order(rows=2))
    assert done.rows == 5
    assert everything(sandbox, log) == said(ROWS)
    assert len(children(sandbox, log)) == 1


def test_each_period_has_a_page(sandbox: Sandbox) -> None:
    rows = [
        ours(5, date(2026, 2, 1)),
        ours(4, date(2025, 12, 31)),
        by_hand("between"),
        ours(3, date(2025, 1, 1)),
        by_hand("with 2025"),
        ours(2, date(2024, 5, 5)),
        ours(1, date(2025, 5, 5)),
        by_hand("oldest"),
    ]
    log = make_log(sandbox, rows)
    done = run(sandbox, log, order(period="year"))
    assert [move.title for move in done.moves] == ["Log \u2013 archive 2025"]
    assert everything(sandbox, log) == said(rows)
    rows = [row for row in rows if row != ours(1, date(2025, 5, 5))]
    log = make_log(sandbox, rows, "Other")
    run(sandbox, log, order(period="year"))
    assert everything(sandbox, log) == said(rows)
    assert [len(rows_of(body)) for body in bodies(sandbox, log)] == [4, 2]


def test_a_page_of_others_has_the_title(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    sandbox.create_page("Log \u2013 archive 1", "<p>mine</p>")
    with pytest.raises(TitleExistsError, match="is no archive that this log can begin"):
        run(sandbox, log, order(rows=2))
    assert len(sandbox.versions(log)) == 1


def test_a_deleted_archive_row_comes_back(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    run(sandbox, log, order(rows=3))
    body = sandbox.page(log).storage
    place = body.rindex("<tr", 0, body.index("Older changes:"))
    end = body.index("</tr>", place) + len("</tr>")
    sandbox.edit(log, storage=body[:place] + body[end:])
    run(sandbox, log, order(rows=2))
    assert everything(sandbox, log) == said(ROWS)
    assert len(children(sandbox, log)) == 1


def test_a_log_that_was_set_back_is_not_touched(sandbox: Sandbox) -> None:
    log = make_log(sandbox, ROWS)
    run(sandbox, log, order(rows=5))
    old = sandbox.page(log).storage
    run(sandbox, log, order(rows=4))
    run(sandbox, log, order(rows=3))
    sandbox.edit(log, storage=old)
    latest = sandbox.page(log).latest
    with client(sandbox, seconds=2) as confluence, pytest.raises(PageError, match="set back"):
        archive(confluence, str(log), order(rows=3))
    assert sandbox.page(log).latest == latest


def test_comments_ids_and_attachments(sandbox: Sandbox) -> None:
    odd = (
        '<tr ac:local-id="abc"><td>1 May</td><td>Bo</td><td><p local-id="x">'
        '<ac:inline-comment-marker ac:ref="1b">said</ac:inline-comment-marker> '
        '<ac:image><ri:attachment ri:filename="a.png" /></ac:image>'
        '<ac:link ac:anchor="there"><ac:link-body>up</ac:link-body></ac:link></p></td><td>x</td></tr>'
    )
    log = make_log(sandbox, [ours(2), ours(1), odd])
    run(sandbox, log, order(rows=1))
    (body,) = bodies(sandbox, log)
    assert "inline-comment" not in body
    assert "local-id" not in rows_of(body)[1]
    assert body.count('<ri:page ri:content-title="Log" />') == 2
    assert commit_id(1) in body
