"""Audits a page against a repository, and mends what an audit finds missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from confluence_changelog import ancestry
from confluence_changelog.audit import Audit, Takeover, audit, takeover
from confluence_changelog.branches import published
from confluence_changelog.collect import corrected_entries, entries_of, in_range, in_scope
from confluence_changelog.commit import Commit
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.correct import wanting
from confluence_changelog.corrections import Corrections, find
from confluence_changelog.entry import Entry
from confluence_changelog.errors import ShallowHistoryError, UsageError
from confluence_changelog.git import Repository, shallow_boundary
from confluence_changelog.log_table import Layout, Log
from confluence_changelog.mentions import finder, laid_out_for, target_of
from confluence_changelog.placement import is_oldest_first
from confluence_changelog.publish import Publication, publish
from confluence_changelog.refusal import DEEPEN, printable
from confluence_changelog.rewrite import vanished
from confluence_changelog.row import lay_out
from confluence_changelog.scope import instant, select
from confluence_changelog.settings import Config
from confluence_changelog.sheets import Sheets, read_sheets, unproven

Report = Callable[[str], None]

MOST_ROWS = 50
"""Rows that `mend` writes without being told that so many are meant."""


class Subject(NamedTuple):
    """What is audited."""

    repository: Repository
    config: Config
    history: Sequence[Commit]
    """The commits of the range, children first, out of scope or not."""
    scope: Mapping[str, Commit]
    """Those of them that should have a row, by id; newest first."""
    whole: bool
    """Whether that is the whole scope."""
    corrections: Corrections = Corrections()


@dataclass(frozen=True, slots=True)
class Examination:
    """A log with its archives, and what an audit found on them."""

    sheets: Sheets
    audit: Audit
    corrections: tuple[Entry, ...] = ()
    """The entries of corrected commits that the page of the log can be made to show."""

    @property
    def page(self) -> Page:
        """The page of the log."""
        return self.sheets.log.page

    @property
    def log(self) -> Log:
        """The log on it."""
        return self.sheets.log.log


class Mending(NamedTuple):
    """What may be published to mend a log."""

    commits: tuple[Commit, ...]
    """The commits that get a row, newest first."""
    takeover: Takeover
    left: tuple[str, ...]
    """The vanished commits whose rows nobody takes over."""
    corrections: tuple[Entry, ...] = ()
    """The entries of commits whose rows are to be corrected."""


def subject(
    repository: Repository,
    config: Config,
    *,
    within: str | None = None,
    since: str = "",
    report: Report = lambda _: None,
) -> Subject:
    """Return what is to be audited: the whole scope, or what of it is in a range or since a date.

    Raises ShallowHistoryError for a shallow clone whatever the range: whether a branch holds the
    commit of a row can be told by the whole history only.
    """
    if boundary := shallow_boundary(repository):
        raise ShallowHistoryError(
            f"The clone at {printable(repository.root)} is shallow and ends at "
            f"{min(boundary)[:7]}, so that it proves nothing of the page: {DEEPEN}."
        )
    history = (
        in_scope(repository, config, report)
        if within is None
        else in_range(repository, within, report)
    )
    chosen = select(repository, history, config.scope).in_scope
    if since:
        first = instant(since)
        if first is None:
            raise UsageError(f"--since {printable(since)} is no date: write it as 2026-01-31.")
        chosen = tuple(commit for commit in chosen if commit.committer.date >= first)
    scope = {commit.id: commit for commit in chosen}
    corrections = find(repository, published(repository, config.scope.branches).tips.values())
    return Subject(repository, config, history, scope, within is None and not since, corrections)


def examine(client: Client, page_id: str, what: Subject) -> Examination:
    """Read the page and its archives and audit them: one request for each.

    Git is asked about rows out of scope only.
    """
    layout = Layout(what.config.table, what.config.row, archive=what.config.archive)
    sheets = read_sheets(client, page_id, layout)
    page, log, rows = sheets.log.page, sheets.log.log, sheets.rows
    reachable = {commit.id for commit in what.history} if what.whole else what.scope.keys()
    gone = vanished(what.repository, {row.identity.id for row in rows} - reachable)
    numbers = unproven(sheets, what.scope.keys())
    laid_out = _digests(client, what, log, [what.scope[commit] for commit in numbers], numbers)
    corrected = _corrected(what, log)
    at = laid_out_for(client, page.body, (), layout, finder(client, layout.row), corrected)
    wanted = wanting(page.body, log, at, corrected)
    found = audit(
        rows,
        what.history,
        what.scope.keys(),
        gone,
        laid_out,
        {*(entry.id for entry in wanted.rows.values()), *wanted.altered},
        whole=what.whole,
        oldest_first=is_oldest_first(what.config.table),
    )
    return Examination(sheets, found, tuple(wanted.rows.values()))


def _corrected(what: Subject, log: Log) -> tuple[Entry, ...]:
    """Return the entries of those corrected commits that have a row in the log itself."""
    messages = what.corrections.messages
    logged = {commit: text for commit, text in messages.items() if commit in log.ledger.ids}
    return corrected_entries(what.repository, what.config, Corrections(logged))


def mending(client: Client, what: Subject, found: Examination) -> Mending:
    """Return what could be published; nothing is written."""
    missing = [what.scope[finding.commit] for finding in found.audit.of("missing")]
    orphaned = {finding.commit for finding in found.audit.of("vanished")}
    orphans = [row for row in found.sheets.log.rows if row.identity.id in orphaned]
    wanting = _digests(client, what, found.log, missing) if orphans else {}
    taken = takeover(wanting, orphans)
    left = tuple(sorted(orphaned - taken.successors.keys()))
    commits = tuple(commit for commit in missing if commit.id not in taken.unclear)
    uncorrected = {finding.commit for finding in found.audit.of("uncorrected")}
    corrections = tuple(entry for entry in found.corrections if entry.id in uncorrected)
    return Mending(commits, taken, left, corrections)


def refusal(plan: Mending) -> str:
    """Return why this should not be published without being asked for; empty when it may."""
    rows = len(plan.commits) + len(plan.corrections)
    if rows > MOST_ROWS:
        return f"{rows:,} rows would be written, more than {MOST_ROWS}"
    if plan.commits and plan.left:
        left = "a row" if len(plan.left) == 1 else f"{len(plan.left):,} rows"
        return f"the page has {left} without a commit, so that history may have been rewritten"
    return ""


def mend(
    client: Client, page_id: str, what: Subject, plan: Mending, report: Report = lambda _: None
) -> Publication:
    """Publish what is missing, and correct rows. Raises what `publish` raises."""
    return publish(
        client,
        page_id,
        entries_of(what.repository, plan.commits, what.config, what.corrections.messages),
        Layout(what.config.table, what.config.row, archive=what.config.archive),
        placements=partial(ancestry.placements, what.repository),
        successors=plan.takeover.successors,
        corrections=plan.corrections,
        report=report,
    )


def _digests(
    client: Client,
    what: Subject,
    log: Log,
    commits: Sequence[Commit],
    numbers: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return the digests of the rows that commits would get now."""
    if not commits:
        return {}
    row = what.config.row
    entries = entries_of(what.repository, commits, what.config, what.corrections.messages)
    target = target_of(client, entries, log.fields, finder(client, row))
    return {
        entry.id: lay_out(
            entry, log.fields, row, number=numbers.get(entry.id, ""), target=target
        ).identity.digest
        for entry in entries
    }
