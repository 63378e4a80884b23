"""Archives along with publications: after each one on request, and of a whole history at once."""

import json
import time
from datetime import date

import pytest

from confluence_changelog import notes
from confluence_changelog.archives.along import parts
from confluence_changelog.archives.marks import essence
from confluence_changelog.cli import main
from confluence_changelog.notes import Note
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.settings import ArchiveSettings
from support.archived import bodies, everything, make_log, rows_of
from support.entries import commit_id, entry
from support.hooked import logged
from support.repositories import Repo, RepoBuilder

WHY = "\n\nThe old one leaves on Friday."
DATES = ["2023-02-01", "2023-06-01", "2024-01-05", "2024-03-01", "2023-12-01", "2025-05-05"]


def build(repo: Repo) -> None:
    for number, day in enumerate(DATES):
        repo.commit(
            {"dns.conf": str(number)}, f"Change {number}{WHY}", date=f"{day}T12:00:00+00:00"
        )
    repo.commit({"dns.conf": "new"}, f"Change now{WHY}", date="2037-01-01T12:00:00+00:00")


@pytest.fixture
def repo(build_repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> Repo:
    repo = build_repo(build)
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def log(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the page of a log without rows, which the environment names."""
    page = make_log(sandbox, [])
    monkeypatch.setenv("CONFLUENCE_PAGE", str(page))
    return page


def configure(repo: Repo, text: str) -> None:
    file = repo.path / "confluence-changelog.toml"
    file.write_text(f"[archive]\n{text}\n", encoding="utf-8")


def ids(sandbox: Sandbox, log: int = LOG_ID) -> list[list[str]]:
    """Return the ids of the commits on the log and on each archive, the newest first."""
    pages = [sandbox.page(log).storage, *bodies(sandbox, log)]
    return [[said[1] for said in map(essence, rows_of(body)) if said[1:]] for body in pages]


def history(repo: Repo) -> list[str]:
    return repo.git("rev-list", "--topo-order", "HEAD").split()


def test_a_backfill_writes_calendar_archives(
    sandbox: Sandbox, repo: Repo, log: int, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(repo, 'period = "year"')
    assert main(["publish", "--range", "HEAD", "--backfill"]) == 0
    assert capsys.readouterr().out.startswith("Published 7 rows on 'Log'")
    found = ids(sandbox, log)
    assert [len(each) for each in found] == [1, 1, 3, 2]
    assert [commit for each in found for commit in each] == history(repo)
    assert all(version.minor for version in sandbox.versions(log)[:-1])
    latest = sandbox.page(log).latest
    assert main(["publish", "--range", "HEAD", "--backfill", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["published"], shown["already"], shown["archived"]) == ([], 7, [])
    assert sandbox.page(log).latest == latest
    assert main(["audit"]) == 0


def test_a_backfill_that_is_interrupted_goes_on(sandbox: Sandbox, repo: Repo, log: int) -> None:
    configure(repo, 'period = "year"')
    for number in range(1, 12):
        sandbox.clear_faults()
        sandbox.put_fault(method="PUT", skip=number, status=401, times=0)
        assert main(["publish", "--range", "HEAD", "--backfill"]) in (0, 3)
    sandbox.clear_faults()
    assert main(["publish", "--range", "HEAD", "--backfill"]) == 0
    found = ids(sandbox, log)
    assert [commit for each in found for commit in each] == history(repo)
    assert [len(each) for each in found] == [1, 1, 3, 2]
    assert main(["audit"]) == 0


def test_a_dry_run_of_a_backfill_writes_nothing(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(repo, 'period = "year"')
    assert main(["publish", "--range", "HEAD", "--backfill", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Would publish 7 rows")
    assert {request["method"] for request in sandbox.requests()} == {"GET"}


def test_each_publication_archives_what_is_a_tenth_too_much(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(rows_of(sandbox.page(LOG_ID).storage))
    configure(repo, f"rows = {before + 3}\nwith_publish = true")
    assert main(["publish", "--commit", "HEAD~6", "--commit", "HEAD~5", "--commit", "HEAD~4"]) == 0
    assert "Moved" not in capsys.readouterr().out
    assert main(["publish", "--range", "HEAD"]) == 0
    assert "Moved 4 rows to 'Change Log \u2013 archive 1'." in capsys.readouterr().out
    assert len(rows_of(sandbox.page(LOG_ID).storage)) == before + 3
    assert len(everything(sandbox, LOG_ID)) == before + 7
    news = [each for each in sandbox.versions(LOG_ID) if "commits" in each.message]
    assert [each.minor for each in news] == [False, False]


def test_a_publication_stays_done_when_archiving_fails(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(repo, "rows = 1\nwith_publish = true")
    sandbox.put_fault(method="POST", status=401)
    assert main(["publish", "--range", "HEAD"]) == 0
    assert "The rows are published, but older ones were not archived" in capsys.readouterr().err
    assert ids(sandbox) == [history(repo)]


def test_the_parts_of_a_history() -> None:
    days = [
        date(2024, 1, 1),
        date(2023, 5, 5),
        date(2024, 1, 1),
        date(2023, 1, 1),
        date(2023, 1, 1),
    ]
    entries = [entry(5 - number, date=day) for number, day in enumerate(days)]
    by_year = parts(entries, ArchiveSettings(period="year"))
    assert [[each.id for each in part] for part in by_year] == [
        [commit_id(number) for number in numbers] for numbers in ([2, 1], [5, 4, 3])
    ]
    lots = parts(entries, ArchiveSettings(rows=1, page_rows=2))
    assert [len(part) for part in lots] == [2, 2, 1]
    assert parts([], ArchiveSettings(rows=1)) in ([], [[]])


def test_pending_publications_archive_too(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(repo, "rows = 1\nwith_publish = true")
    commit = repo.commit({}, f"Configure{WHY}")
    note = Note(commit, time.time(), "refs/heads/main", ())
    notes.write(notes.pending(repo.path / ".git"), [note])
    assert main(["publish", "--pending"]) == 0
    assert "Moved" in capsys.readouterr().out
    assert logged(sandbox) == [commit]
