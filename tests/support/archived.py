"""A log with archives, for tests: makes its page, and reads what stands on it and on its archives."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from confluence_changelog.archives.archive import Archiving, archive
from confluence_changelog.archives.marks import archive_row, essence, read_record
from confluence_changelog.archives.moves import read_shelf
from confluence_changelog.archives.steps import Order
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.log_table import read_log
from confluence_changelog.row import lay_out
from confluence_changelog.sandbox import Sandbox
from confluence_changelog.settings import ArchiveSettings
from support.confluence import client
from support.entries import COLUMNS, entry, layout, page

LAYOUT = layout()
TODAY = date(2026, 11, 20)


class Killed(BaseException):
    """The process ends here."""


_REQUESTS = ("read_page", "write_page", "create_below", "find_beside", "children")


class Meeting:
    """A client that does something before its nth request."""

    def __init__(self, confluence: Client, nth: int, do: Callable[[], object]) -> None:
        self._client, self._left, self._do = confluence, nth, do

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == 0:
                self._do()
            return found(*args, **kwargs)

        return call if name in _REQUESTS else found


class Mortal:
    """A client whose process is killed at one of its requests: before it, or after it was handled."""

    def __init__(self, confluence: Client, at: int, *, after: bool) -> None:
        self._client, self._left, self._after = confluence, at, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed
            answer = found(*args, **kwargs)
            if self._left == 0:
                raise Killed
            return answer

        return call if name in _REQUESTS else found


def ours(number: int, day: date = date(2026, 3, 4), **changes: Any) -> str:
    """Return the row of a commit."""
    fields = list(COLUMNS.values())
    return lay_out(entry(number, date=day, **changes), fields, LAYOUT.row).storage


def by_hand(text: str, day: str = "1 May") -> str:
    """Return a row that somebody typed."""
    return f"<tr><td>{day}</td><td>Bo</td><td>{text}</td><td>By hand</td></tr>"


def make_log(sandbox: Sandbox, rows: Iterable[str], title: str = "Log") -> int:
    """Make a page with a log that has these rows."""
    return sandbox.create_page(title, page(*rows)).id


def order(lazily: bool = False, **settings: Any) -> Order:
    """Return what is to be moved."""
    return Order(LAYOUT, ArchiveSettings(**settings), TODAY, lazily)


def run(sandbox: Sandbox, log: int, wanted: Order) -> Archiving:
    """Archive."""
    with client(sandbox) as confluence:
        return archive(confluence, str(log), wanted)


def run_until_quiet(
    sandbox: Sandbox,
    log: int,
    wanted: Order,
    *,
    after: bool,
    meanwhile: Callable[[int], None] = lambda _: None,
) -> int:
    """Archive; be killed at the first request, then at the second, and so on; return how often.

    `meanwhile` is called with the number of the kill, before archiving begins again.
    """
    at = 1
    with client(sandbox, seconds=120) as confluence:
        while True:
            try:
                archive(Mortal(confluence, at, after=after), str(log), wanted)  # type: ignore[arg-type]
            except Killed:
                meanwhile(at)
                at += 1
            else:
                return at


def bodies(sandbox: Sandbox, log: int) -> list[str]:
    """Return the bodies of the archives that a log names, the newest first."""
    body = sandbox.page(log).storage
    row = archive_row(body, read_log(body, LAYOUT).table)
    return [] if row is None else [sandbox.page(int(m.page)).storage for m in reversed(row.marks)]


def rows_of(body: str) -> list[str]:
    """Return the rows of a log or an archive, below the header row and without the archive row."""
    log = read_shelf(body, LAYOUT).log if read_record(body) else read_log(body, LAYOUT)
    row = archive_row(body, log.table)
    gone = -1 if row is None else row.row
    rows = log.table.table.rows
    return [
        body[r.start : r.end] for at, r in enumerate(rows) if at >= log.table.first and at != gone
    ]


def everything(sandbox: Sandbox, log: int) -> list[tuple[str, ...]]:
    """Return what all rows say, from the top of the log to the end of the oldest archive."""
    pages = [sandbox.page(log).storage, *bodies(sandbox, log)]
    return [essence(row) for body in pages for row in rows_of(body)]


def said(rows: Iterable[str]) -> list[tuple[str, ...]]:
    """Return what rows say."""
    return [essence(row) for row in rows]


def children(sandbox: Sandbox, log: int) -> list[Page]:
    """Return the child pages of a log."""
    with client(sandbox) as confluence:
        return [confluence.read_page(each.id) for each in confluence.children(str(log))]
