"""Entries and layouts for tests of the pure core."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from confluence_changelog.entry import Entry
from confluence_changelog.log_table import Layout
from confluence_changelog.settings import RowSettings, TableSettings

URL = "https://git.example.com/net/config/commit/"
COLUMNS = {"Date": "date", "Who": "author", "What": "subject", "Why": "body"}
HEADER = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
HANDMADE = "<tr><td>1 May</td><td>Bo</td><td>Old change</td><td>By hand</td></tr>"


def commit_id(number: int) -> str:
    """Return a full id that is told by a number."""
    return f"{number:07x}" + "c" * 33


def entry(number: int = 1, **changes: Any) -> Entry:
    """Return an entry; its id is told by a number."""
    full = commit_id(number)
    values: dict[str, Any] = {
        "id": full,
        "abbreviated": full[:7],
        "date": date(2026, 3, 4),
        "author": "Ada Example",
        "committer": "Bo Example",
        "subject": f"Change {number}",
        "body": "Because it was needed.",
        "trailers": (),
        "paths": ("net/dns.conf",),
        "url": URL + full,
        "co_authors": (),
        "removed": (),
    }
    return Entry(**(values | changes))


def layout(columns: Mapping[str, str] = COLUMNS, number: int | None = None, **row: Any) -> Layout:
    """Return a layout."""
    return Layout(TableSettings(number, dict(columns)), RowSettings(**row))


def nowhere(_missing: Sequence[str], _logged: Sequence[str]) -> Mapping[str, int]:
    """Place every row at the top: no commit descends from another."""
    return {}


def page(*rows: str, before: str = "<p>Intro &ndash; text</p>", after: str = "<p>End</p>") -> str:
    """Return a page body with a log table that has these rows below its header row."""
    return f"{before}<table><tbody>{HEADER}{''.join(rows)}</tbody></table>{after}"
