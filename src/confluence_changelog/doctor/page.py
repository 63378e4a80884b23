"""The page of the log: found, editable, and a table on it that can take rows."""

from collections.abc import Callable

from confluence_changelog.advice import empty_columns, untold, wrong_end
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.doctor.check import Findings
from confluence_changelog.errors import ChangelogError
from confluence_changelog.fields import shows
from confluence_changelog.insert import Edit
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.placement import line
from confluence_changelog.room import size_warning
from confluence_changelog.settings import Config
from confluence_changelog.storage.table import insertion_point
from confluence_changelog.text import plain

GROUP = "Page"
LOG = "Log"
_FACTS = ("date", "author", "committer", "subject", "body", "commit")
"""What most logs show."""


def examine(
    findings: Findings, client: Client, read: Callable[[], Page] | None, config: Config
) -> None:
    """Look at the page and the log on it; `read` reads it, None where it is not known which it is."""
    page = findings.ask(GROUP, "found", read) if read else None
    if page is None:
        reason = "the page was not read" if read else "it is not known which page it is"
        reason = findings.blocked or reason
        for group, name in ((GROUP, "editable"), (LOG, "table")):
            findings.skipped(group, name, reason)
        return
    title = plain(page.title)
    findings.ok(GROUP, "found", f"{title!r}, id {page.id}, version {page.version}: {page.address}")
    _editable(findings, client, page)
    _read_only(findings, client)
    _log(findings, page, config)


def _editable(findings: Findings, client: Client, page: Page) -> None:
    blocked = bool(findings.blocked)
    may = findings.ask(GROUP, "editable", lambda: (client.may_edit(page.id),))
    if may == (True,):
        findings.ok(GROUP, "editable", "This user may edit it.")
    elif may == (False,):
        findings.wrong(
            GROUP,
            "editable",
            "This user may not edit it: look at the permissions of the space and the restrictions of the "
            "page.",
        )
    elif may and not blocked:
        findings.unknown(
            GROUP, "editable", "Whether this user may edit it, this Confluence does not tell."
        )


def _read_only(findings: Findings, client: Client) -> None:
    if client.flavour == "cloud":
        return
    mode = findings.ask(GROUP, "read-only", lambda: (client.read_only(),))
    if mode == (True,):
        findings.wrong(
            GROUP,
            "read-only",
            "Confluence is in read-only mode, so that nobody can write: wait until its administrators end "
            "that.",
        )
    elif mode == (False,):
        findings.ok(GROUP, "read-only", "Confluence is not in read-only mode.")
    elif mode:
        findings.unknown(
            GROUP, "read-only", "Whether it is in read-only mode, Confluence does not tell."
        )


def _log(findings: Findings, page: Page, config: Config) -> None:
    try:
        log = read_log(page.body, Layout(config.table, config.row))
        insertion_point(page.body, log.table, line(page.body, log.table, config.table).start)
    except ChangelogError as error:
        findings.failed(LOG, "table", error)
        return
    number, rows = log.table.table.number, len(log.table.table.rows)
    findings.ok(
        LOG,
        "table",
        f"Table {number} is the log: {rows:,} rows, {len(log.ledger.rows):,} of them with a commit.",
    )
    _columns(findings, log, config)
    if said := wrong_end(page.body, log, config.table):
        findings.warning(LOG, "order", said)
    if said := size_warning(Edit((), (), (), (), page.body, rows)):
        findings.warning(LOG, "size", said)


def _columns(findings: Findings, log: Log, config: Config) -> None:
    headings = log.table.headings or tuple(f"column {n + 1}" for n in range(len(log.fields)))
    pairs = list(zip(headings, log.fields, strict=False))
    shown = ", ".join(f"{plain(heading)} = {field}" for heading, field in pairs if field)
    findings.ok(LOG, "columns", f"Columns: {shown}.")
    if said := empty_columns(log):
        findings.warning(LOG, "empty-columns", said)
    if not config.table.columns:
        for fact, text in untold(log.fields):
            findings.warning(LOG, f"no-{fact}", text)
    hidden = [
        name for name in _FACTS if not any(field and shows(field, name) for field in log.fields)
    ]
    if hidden:
        findings.ok(LOG, "fields", f"No column shows: {', '.join(hidden)}.")
