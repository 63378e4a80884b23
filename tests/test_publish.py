"""Publishing to the sandbox over HTTP: conflicts, lost answers, moved pages, and two requests.

All of it once for each flavour: it is the same code, and has to be the same for whoever runs it.
"""

import threading
from typing import Any

import pytest

from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.entry import Entry
from confluence_changelog.errors import (
    AuthenticationError,
    ConflictError,
    ConfluenceError,
    LogTableError,
    NotFoundError,
    PageError,
    PermissionDeniedError,
    ReadOnlyError,
    ServerError,
    TooLargeError,
)
from confluence_changelog.log_table import Layout, logged_ids
from confluence_changelog.publish import Publication, preview, publish
from confluence_changelog.room import MANY_ROWS
from confluence_changelog.sandbox import HOME_ID, LOG_ID, TOKEN, Sandbox
from support.confluence import FLAVOURS, client
from support.entries import commit_id, entry, layout, nowhere

LAYOUT = layout(number=2)


@pytest.fixture(
    params=[
        pytest.param(flavour, marks=pytest.mark.confluence_sandbox(flavour=flavour))
        for flavour in FLAVOURS
    ]
)
def sandbox(confluence_sandbox: Sandbox) -> Sandbox:
    return confluence_sandbox


def run(
    sandbox: Sandbox,
    *entries: Entry,
    where: Layout = LAYOUT,
    page: int = LOG_ID,
    send_ancestors: bool = False,
) -> Publication:
    with client(sandbox, send_ancestors=send_ancestors) as confluence:
        return publish(confluence, str(page), entries, where, placements=nowhere)


def body(sandbox: Sandbox, page: int = LOG_ID) -> str:
    return sandbox.page(page).storage


def has_minor_edits(sandbox: Sandbox) -> bool:
    """Say whether a write can be marked as one that watchers are not told of."""
    return sandbox.flavour == "data-center"


def count(sandbox: Sandbox, number: int) -> int:
    return body(sandbox).count(f"{commit_id(number)}#cl1-")


def methods(sandbox: Sandbox) -> list[str]:
    return [request["method"] for request in sandbox.requests()]


def test_any_number_of_rows_is_one_get_and_one_put(sandbox: Sandbox) -> None:
    done = run(sandbox, *(entry(number) for number in range(50, 0, -1)))
    assert methods(sandbox) == ["GET", "PUT"]
    assert (len(done.rows), done.already, done.attempts) == (50, 0, 1)
    assert logged_ids(body(sandbox), LAYOUT) == {commit_id(number) for number in range(1, 51)}


def test_nothing_missing_is_one_get(sandbox: Sandbox) -> None:
    run(sandbox, entry(1))
    sandbox.clear_requests()
    done = run(sandbox, entry(1))
    assert methods(sandbox) == ["GET"]
    assert (done.rows, done.already, done.attempts) == ((), 1, 0)


def test_the_version_says_what_was_published(sandbox: Sandbox) -> None:
    run(sandbox, entry(3), entry(2), entry(1))
    newest = sandbox.versions(LOG_ID)[0]
    assert newest.message == f"Change log: 3 commits, {commit_id(1)[:10]} to {commit_id(3)[:10]}"
    assert not newest.minor
    assert sandbox.page(LOG_ID).parent == HOME_ID


def test_a_dry_run_writes_nothing(sandbox: Sandbox) -> None:
    with client(sandbox) as confluence:
        done = preview(confluence, str(LOG_ID), [entry(1)], LAYOUT, nowhere)
    assert methods(sandbox) == ["GET"]
    assert done.rows[0].storage in done.edit.body


def test_an_edit_in_between_is_kept_and_the_row_is_there_once(sandbox: Sandbox) -> None:
    sandbox.put_fault(method="PUT", edit={"append": "<p>by another hand</p>"})
    done = run(sandbox, entry(1))
    assert methods(sandbox) == ["GET", "PUT", "GET", "PUT"]
    assert done.attempts == 2
    assert "<p>by another hand</p>" in body(sandbox)
    assert count(sandbox, 1) == 1


def test_two_publishers_that_collide(sandbox: Sandbox) -> None:
    """Both have read the same version before either writes."""
    barrier = threading.Barrier(2)
    results: list[Publication] = []

    def meeting(confluence: Client) -> Client:
        write_page = confluence.write_page
        met = False

        def write(*args: Any, **kwargs: Any) -> Page | None:
            nonlocal met
            if not met:
                met = True
                barrier.wait()
            return write_page(*args, **kwargs)

        confluence.write_page = write  # type: ignore[method-assign]
        return confluence

    def one(number: int) -> None:
        entries = [entry(number), entry(9)]
        with client(sandbox) as confluence:
            results.append(
                publish(meeting(confluence), str(LOG_ID), entries, LAYOUT, placements=nowhere)
            )

    threads = [threading.Thread(target=one, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [count(sandbox, number) for number in (1, 2, 9)] == [1, 1, 1]
    assert sorted(result.attempts for result in results) == [1, 2]


def test_what_another_publisher_published_is_not_counted_as_ours(sandbox: Sandbox) -> None:
    run(sandbox, entry(1))
    theirs = body(sandbox)
    sandbox.reset()
    sandbox.put_fault(method="PUT", edit={"storage": theirs})
    done = run(sandbox, entry(2), entry(1))
    assert [row.identity.id for row in done.rows] == [commit_id(2)]
    assert (done.already, count(sandbox, 1), count(sandbox, 2)) == (1, 1, 1)


def test_many_publishers_at_once(sandbox: Sandbox) -> None:
    errors: list[BaseException] = []

    def one(number: int) -> None:
        try:
            run(sandbox, entry(number))
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(1, 17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [count(sandbox, number) for number in range(1, 17)] == [1] * 16


@pytest.mark.parametrize("drop", ["before", "during", "after"])
def test_a_lost_answer(sandbox: Sandbox, drop: str) -> None:
    sandbox.put_fault(method="PUT", drop=drop)
    done = run(sandbox, entry(2), entry(1))
    assert [count(sandbox, number) for number in (1, 2)] == [1, 1]
    assert len(done.rows) == 2
    assert done.attempts == (2 if drop == "before" else 1)


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("applied", [True, False])
def test_a_write_that_fails_on_the_way(sandbox: Sandbox, status: int, applied: bool) -> None:
    sandbox.put_fault(method="PUT", status=status, applied=applied)
    done = run(sandbox, entry(1))
    assert count(sandbox, 1) == 1
    assert len(done.rows) == 1


def test_a_read_that_fails_is_repeated(sandbox: Sandbox) -> None:
    sandbox.put_fault(method="GET", status=503)
    sandbox.put_fault(method="GET", drop="after")
    assert len(run(sandbox, entry(1)).rows) == 1


def test_a_rate_limit_is_waited_for_on_every_method(sandbox: Sandbox) -> None:
    for method in ("GET", "PUT"):
        sandbox.put_fault(method=method, status=429, headers={"Retry-After": "0"})
    assert run(sandbox, entry(1)).attempts == 1
    assert count(sandbox, 1) == 1


@pytest.mark.parametrize("kind", ["stale-data", "optimistic-lock", "bare", "empty", "bad-request"])
def test_every_kind_of_conflict_is_told(sandbox: Sandbox, kind: str) -> None:
    sandbox.switch(conflict_body=kind)
    sandbox.put_fault(method="PUT", edit={"append": "<p>x</p>"})
    run(sandbox, entry(1))
    assert count(sandbox, 1) == 1


def test_a_conflict_without_another_version_is_none(sandbox: Sandbox) -> None:
    sandbox.put_fault(method="PUT", status=409, times=0)
    before = body(sandbox)
    with pytest.raises(ConflictError, match="though its version stays 1; nothing was written"):
        run(sandbox, entry(1))
    assert methods(sandbox) == ["GET", "PUT", "GET", "PUT", "GET"]
    assert body(sandbox) == before


def test_one_stale_read_after_a_write_is_survived(sandbox: Sandbox) -> None:
    sandbox.switch(stale_read=1)
    run(sandbox, entry(1))
    run(sandbox, entry(2), entry(1))
    assert [count(sandbox, number) for number in (1, 2)] == [1, 1]


def test_an_answer_without_body_is_read_back(sandbox: Sandbox) -> None:
    sandbox.switch(answer_without_body=True, stale_read=2)
    done = run(sandbox, entry(1))
    assert methods(sandbox) == ["GET", "PUT", "GET", "GET", "GET"]
    assert done.page.version == 2


def test_a_page_that_our_write_moved_is_put_back(sandbox: Sandbox) -> None:
    sandbox.switch(lose_parent=True)
    done = run(sandbox, entry(1))
    assert sandbox.page(LOG_ID).parent == HOME_ID
    assert count(sandbox, 1) == 1
    assert "send_ancestors = true" in done.warnings[0]
    assert sandbox.versions(LOG_ID)[0].minor == has_minor_edits(sandbox)


def test_a_page_that_our_write_moved_is_put_back_under_fire(sandbox: Sandbox) -> None:
    sandbox.switch(lose_parent=True)
    sandbox.put_fault(method="PUT", skip=1, edit={"append": "<p>x</p>"})
    run(sandbox, entry(1))
    assert sandbox.page(LOG_ID).parent == HOME_ID
    assert "<p>x</p>" in body(sandbox)


def test_ancestors_are_sent_where_configured(sandbox: Sandbox) -> None:
    sandbox.switch(lose_parent=True)
    done = run(sandbox, entry(1), send_ancestors=True)
    assert sandbox.page(LOG_ID).parent == HOME_ID
    assert (done.warnings, methods(sandbox)) == ((), ["GET", "PUT"])


@pytest.mark.parametrize(
    "switches",
    [
        {"strip_attributes": True},
        {"strip_link_fragments": True},
        {"named_entities": True},
        {"editor_resave": True},
        {"editor_resave": True, "strip_link_fragments": True, "strip_attributes": True},
    ],
)
@pytest.mark.parametrize("url", ["", "https://git.example.com/o/r/commit/" + commit_id(1)])
def test_identity_survives_each_re_save(
    sandbox: Sandbox, switches: dict[str, bool], url: str
) -> None:
    sandbox.switch(**switches)
    first = run(sandbox, entry(1, url=url, subject="a \u00e9 & b", body="x\n\n- y\n- z"))
    assert len(first.rows) == 1
    for _ in range(3):
        sandbox.edit(LOG_ID, resave=True)
    again = run(sandbox, entry(1, url=url))
    assert (again.rows, again.already) == ((), 1)


def test_an_unreconciled_page_is_refreshed(sandbox: Sandbox) -> None:
    sandbox.switch(unreconciled=True)
    assert len(run(sandbox, entry(1)).rows) == 1


def test_a_database_without_wide_characters_is_named(sandbox: Sandbox) -> None:
    sandbox.switch(three_byte_database=True)
    with pytest.raises(ServerError, match='wide_characters = "replace"'):
        run(sandbox, entry(1, subject="\U0001f680"))
    where = layout(number=2, wide_characters="replace")
    assert len(run(sandbox, entry(1, subject="\U0001f680"), where=where).rows) == 1


def test_a_page_over_the_limit_is_refused_before_it_is_sent(sandbox: Sandbox) -> None:
    sandbox.set_body(LOG_ID, body(sandbox) + "<p>" + "\u00e9" * 2_621_440 + "</p>")
    with pytest.raises(TooLargeError, match="nothing was sent"):
        run(sandbox, entry(1))
    assert methods(sandbox) == ["GET"]


def test_a_large_log_is_warned_of(sandbox: Sandbox) -> None:
    done = run(sandbox, *(entry(number) for number in range(MANY_ROWS + 1)))
    assert "start a new page" in done.warnings[0]


@pytest.mark.parametrize(
    ("page", "token", "kind", "says"),
    [
        (999999, TOKEN, NotFoundError, "page 999999"),
        (LOG_ID, "wrong", AuthenticationError, "did not accept the credentials"),
        (HOME_ID, TOKEN, LogTableError, "no table 2"),
    ],
)
def test_refusals(
    sandbox: Sandbox, page: int, token: str, kind: type[Exception], says: str
) -> None:
    with client(sandbox, token) as confluence, pytest.raises(kind, match=says):
        publish(confluence, str(page), [entry(1)], LAYOUT, placements=nowhere)
    assert "PUT" not in methods(sandbox)


def test_a_wrong_token_on_an_open_site_is_named(sandbox: Sandbox) -> None:
    sandbox.switch(anonymous_access=True)
    with (
        client(sandbox, "wrong") as confluence,
        pytest.raises(AuthenticationError, match=r"as anonymous|did not accept the credentials"),
    ):
        publish(confluence, str(LOG_ID), [entry(1)], LAYOUT, placements=nowhere)


def test_a_user_who_may_not_edit(sandbox: Sandbox) -> None:
    sandbox.add_user("guest", "guest", edits=False, token="guest-token")
    with (
        client(sandbox, "guest-token", user="guest") as confluence,
        pytest.raises(PermissionDeniedError, match="right to edit"),
    ):
        publish(confluence, str(LOG_ID), [entry(1)], LAYOUT, placements=nowhere)


def test_an_empty_body_on_a_page_with_history_is_refused(sandbox: Sandbox) -> None:
    run(sandbox, entry(1))
    sandbox.set_body(LOG_ID, " ")
    with pytest.raises(PageError, match="empty body"):
        run(sandbox, entry(2))


@pytest.mark.parametrize("status", ["draft", "archived", "trashed"])
def test_a_page_that_is_not_current_is_never_written(sandbox: Sandbox, status: Any) -> None:
    sandbox.set_status(LOG_ID, status)
    with pytest.raises((PageError, NotFoundError), match=str(LOG_ID)):
        run(sandbox, entry(1))
    assert "PUT" not in methods(sandbox)


def test_a_body_that_is_not_given_is_never_written(sandbox: Sandbox) -> None:
    run(sandbox, entry(1))
    sandbox.switch(empty_body=True)
    sandbox.clear_requests()
    with pytest.raises(PageError, match="empty body"):
        run(sandbox, entry(2))
    assert methods(sandbox) == ["GET"]


@pytest.mark.parametrize("status", [400, 403, 405, 503])
def test_read_only_mode_is_named(sandbox: Sandbox, status: int) -> None:
    """Whatever a Data Center answers to a write then, which is documented nowhere; Cloud does not tell."""
    sandbox.switch(read_only=True, read_only_status=status)
    if sandbox.flavour == "data-center":
        with pytest.raises(ReadOnlyError, match="is in read-only mode, so nobody can write"):
            run(sandbox, entry(1))
    else:
        with client(sandbox, seconds=0.5) as confluence, pytest.raises(ConfluenceError):
            publish(confluence, str(LOG_ID), [entry(1)], LAYOUT, placements=nowhere)
    assert sandbox.page(LOG_ID).latest == 1


def test_a_deadline_ends_a_contention(sandbox: Sandbox) -> None:
    sandbox.put_fault(method="PUT", times=0, edit={"append": "<p>x</p>"})
    with (
        client(sandbox, seconds=0.3) as confluence,
        pytest.raises(ConflictError, match="run again"),
    ):
        publish(confluence, str(LOG_ID), [entry(1)], LAYOUT, placements=nowhere)


def test_a_vanished_commit_is_replaced_as_a_minor_edit(sandbox: Sandbox) -> None:
    run(sandbox, entry(2), entry(1))
    with client(sandbox) as confluence:
        done = publish(
            confluence,
            str(LOG_ID),
            [entry(3)],
            LAYOUT,
            placements=nowhere,
            successors={commit_id(2): commit_id(3)},
        )
    assert (len(done.rows), len(done.replaced), done.already) == (0, 1, 0)
    newest = sandbox.versions(LOG_ID)[0]
    assert newest.minor == has_minor_edits(sandbox)
    assert newest.message == f"Change log, corrected: commit {commit_id(3)[:10]}"
    assert [count(sandbox, number) for number in (1, 2, 3)] == [1, 0, 1]


def test_a_page_that_a_lost_write_moved_is_put_back(sandbox: Sandbox) -> None:
    sandbox.switch(lose_parent=True)
    sandbox.put_fault(method="PUT", drop="after")
    done = run(sandbox, entry(1))
    assert sandbox.page(LOG_ID).parent == HOME_ID
    assert (len(done.rows), len(done.warnings)) == (1, 1)


@pytest.mark.parametrize("applied", [True, False])
def test_a_write_that_failed_is_looked_at(sandbox: Sandbox, *, applied: bool) -> None:
    sandbox.put_fault(method="PUT", status=500, applied=applied)
    if applied:
        assert len(run(sandbox, entry(1)).rows) == 1
    else:
        with pytest.raises(ServerError, match="failed with 500"):
            run(sandbox, entry(1))
    assert methods(sandbox) == ["GET", "PUT", "GET"]
    assert count(sandbox, 1) == (1 if applied else 0)
