"""Publishing, auditing and adding with archives: what is archived is logged, once."""

import json

import pytest

from confluence_changelog.archives.archive import archive
from confluence_changelog.cli import main
from confluence_changelog.confluence.page import Client
from confluence_changelog.log_table import Layout
from confluence_changelog.publish import Publication, publish
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.settings import ArchiveSettings
from support.archived import (
    LAYOUT,
    Meeting,
    bodies,
    everything,
    make_log,
    order,
    ours,
    rows_of,
    run,
    said,
)
from support.confluence import client
from support.entries import commit_id, entry, nowhere
from support.repositories import Repo, RepoBuilder

ROWS = [ours(5), ours(4), ours(3), ours(2), ours(1)]
ENTRIES = [entry(number) for number in range(6, 0, -1)]
ON = Layout(LAYOUT.table, LAYOUT.row, archive=ArchiveSettings(rows=2))


@pytest.fixture
def sandbox(confluence_sandbox: Sandbox) -> Sandbox:
    return confluence_sandbox


@pytest.fixture
def log(sandbox: Sandbox) -> int:
    """Return a log of five commits, of which three are archived."""
    log = make_log(sandbox, ROWS)
    run(sandbox, log, order(rows=2))
    sandbox.clear_requests()
    return log


def give(confluence: Client, log: int, where: Layout = LAYOUT) -> Publication:
    return publish(confluence, str(log), ENTRIES, where, placements=nowhere)


def methods(sandbox: Sandbox) -> list[str]:
    return [request["method"] for request in sandbox.requests()]


def test_archived_commits_get_no_second_row(sandbox: Sandbox, log: int) -> None:
    with client(sandbox) as confluence:
        done = give(confluence, log)
    assert methods(sandbox) == ["GET", "GET", "PUT"]
    assert ([row.identity.id for row in done.rows], done.already) == ([commit_id(6)], 5)
    assert everything(sandbox, log) == said([ours(6), *ROWS])
    sandbox.clear_requests()
    with client(sandbox) as confluence:
        publish(confluence, str(log), ENTRIES[:2], LAYOUT, placements=nowhere)
    assert methods(sandbox) == ["GET"]


@pytest.mark.parametrize("nth", range(1, 5))
def test_rows_move_while_a_publication_is_under_way(sandbox: Sandbox, log: int, nth: int) -> None:
    with client(sandbox) as confluence:
        meeting = Meeting(confluence, nth, lambda: run(sandbox, log, order(rows=1)))
        give(meeting, log)  # type: ignore[arg-type]
    assert sorted(everything(sandbox, log)) == sorted(said([ours(6), *ROWS]))


@pytest.mark.parametrize("nth", range(1, 7))
def test_a_publication_comes_while_rows_move(sandbox: Sandbox, log: int, nth: int) -> None:
    def meanwhile() -> None:
        with client(sandbox) as other:
            give(other, log)

    with client(sandbox) as confluence:
        meeting = Meeting(confluence, nth, meanwhile)
        archive(meeting, str(log), order(rows=1))  # type: ignore[arg-type]
        give(confluence, log)
    assert everything(sandbox, log) == said([ours(6), *ROWS])


def interrupted(sandbox: Sandbox, log: int) -> None:
    """Copy the rows but one to the archive, and leave them in the log."""
    sandbox.put_fault(method="PUT", path=f"/{log}$", status=401)
    with pytest.raises(Exception, match="credentials"):
        run(sandbox, log, order(rows=1))


def without(body: str, text: str) -> str:
    """Return a page body without the row that holds a text."""
    place = body.rindex("<tr", 0, body.index(text))
    return body[:place] + body[body.index("</tr>", place) + len("</tr>") :]


def test_rows_of_an_interrupted_move_do_not_count(sandbox: Sandbox, log: int) -> None:
    """Somebody deletes one in the log: then its commit has no row, though a copy stands on the archive."""
    interrupted(sandbox, log)
    sandbox.edit(log, storage=without(sandbox.page(log).storage, commit_id(4)))
    with client(sandbox) as confluence:
        done = give(confluence, log)
    assert [row.identity.id for row in done.rows] == [commit_id(6), commit_id(4)]
    run(sandbox, log, order(rows=1))
    assert sorted(everything(sandbox, log)) == sorted(said([ours(6), *ROWS]))


def test_an_old_answer_for_the_archive_is_read_again(sandbox: Sandbox, log: int) -> None:
    (before,) = bodies(sandbox, log)
    run(sandbox, log, order(rows=1))
    with client(sandbox) as confluence:
        real, stale = confluence.read_page, [True]

        def read(page_id: str) -> object:
            page = real(page_id)
            if page_id != str(log) and stale.pop():
                stale.append(False)
                return type(page)(
                    **{n: getattr(page, n) for n in page.__slots__} | {"body": before}
                )
            stale.append(page_id == str(log))
            return page

        confluence.read_page = read  # type: ignore[method-assign, assignment]
        give(confluence, log)
    assert everything(sandbox, log) == said([ours(6), *ROWS])


def test_a_log_without_its_archive_row_publishes_nothing_again(sandbox: Sandbox, log: int) -> None:
    sandbox.edit(log, storage=without(sandbox.page(log).storage, "Older changes:"))
    with client(sandbox) as confluence:
        done = give(confluence, log, ON)
    assert [row.identity.id for row in done.rows] == [commit_id(6)]


def test_a_vanished_commit_in_an_archive_keeps_its_row(sandbox: Sandbox, log: int) -> None:
    with client(sandbox) as confluence:
        successors = {commit_id(1): commit_id(6)}
        done = publish(
            confluence, str(log), ENTRIES, LAYOUT, placements=nowhere, successors=successors
        )
    assert done.warnings == (
        f"The row of the vanished commit {commit_id(1)[:10]} is in an archive and stays there; its "
        "successor has a row of its own.",
    )
    assert everything(sandbox, log) == said([ours(6), *ROWS])


def build(repo: Repo) -> None:
    for number in range(1, 7):
        repo.commit({"dns.conf": str(number)}, f"Change {number}\n\nThe old one leaves on Friday.")


@pytest.fixture
def published(
    sandbox: Sandbox,
    build_repo: RepoBuilder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Repo:
    """Return a repository of six commits, of which the log has two and an archive four."""
    repo = build_repo(build)
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("CONFLUENCE_URL", sandbox.url)
    monkeypatch.setenv("CONFLUENCE_USER", "admin")
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "admin")
    monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
    assert main(["publish", "--range", "HEAD"]) == 0
    assert main(["archive", "--rows", "2"]) == 0
    capsys.readouterr()
    return repo


def audited(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, object]]:
    capsys.readouterr()
    main(["audit", "--format", "json", *options])
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def shelf(sandbox: Sandbox) -> int:
    with client(sandbox) as confluence:
        return int(confluence.children(str(LOG_ID))[0].id)


def test_an_audit_sees_the_archives(
    sandbox: Sandbox, published: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("6 commits in scope, 6 rows on ")
    assert "1 archive of the log audited with it" in shown.err


def test_a_row_that_is_gone_from_an_archive_is_missing_and_published_anew(
    sandbox: Sandbox, published: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    there = shelf(sandbox)
    sandbox.edit(there, storage=without(sandbox.page(there).storage, "Change 2"))
    assert [found["check"] for found in audited(capsys)] == ["missing"]
    audited(capsys, "--fix")
    assert [found["check"] for found in audited(capsys)] == ["order"], (
        "it is in the log, above later ones"
    )


def test_a_row_in_the_log_and_in_an_archive_is_double(
    sandbox: Sandbox, published: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    body, there = sandbox.page(LOG_ID).storage, shelf(sandbox)
    copy = rows_of(sandbox.page(there).storage)[0]
    place = body.rindex("<tr", 0, body.index("Older changes:"))
    sandbox.edit(LOG_ID, storage=body[:place] + copy + body[place:])
    (found,) = audited(capsys)
    assert found["check"] == "double"
    rows = found["rows"]
    assert isinstance(rows, list)
    assert [row.get("page") for row in rows] == [None, str(there)]
    assert "row 2 of 'Change Log \u2013 archive 1'" in str(found["message"])


def test_order_is_looked_at_across_pages(
    sandbox: Sandbox, published: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    there = shelf(sandbox)
    row = next(each for each in rows_of(sandbox.page(there).storage) if "Change 1" in each)
    sandbox.edit(there, storage=sandbox.page(there).storage.replace(row, ""))
    body = sandbox.page(LOG_ID).storage
    place = body.rindex("<tr", 0, body.index("Change 6"))
    sandbox.edit(LOG_ID, storage=body[:place] + row + body[place:])
    assert [found["check"] for found in audited(capsys)] == ["order"]


def test_an_interrupted_move_is_told_and_is_no_finding(
    sandbox: Sandbox, published: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.put_fault(method="PUT", path=f"/{LOG_ID}$", status=401)
    assert main(["archive", "--rows", "1"]) == 3
    capsys.readouterr()
    assert main(["audit"]) == 0
    assert "rows are being moved to 'Change Log \u2013 archive 1'" in capsys.readouterr().err
    assert main(["archive", "--rows", "1"]) == 0
    capsys.readouterr()
    assert main(["audit"]) == 0
    assert "being moved" not in capsys.readouterr().err


def test_a_row_added_by_key_is_added_once(
    sandbox: Sandbox, published: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["add", "--key", "CHG-1", "Moved the relay", "The rack goes."]
    assert main(words) == 0
    assert main(["add", "Another", "Because."]) == 0
    assert main(["archive", "--rows", "1"]) == 0
    capsys.readouterr()
    assert main(words) == 0
    assert "is on 'Change Log' already" in capsys.readouterr().out
