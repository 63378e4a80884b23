"""From a range of a repository to the entries that get rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from confluence_changelog import corrections
from confluence_changelog.ancestry import resolve, topo_order
from confluence_changelog.bots import Bots
from confluence_changelog.branches import Published, published, remote_address
from confluence_changelog.commit import Commit
from confluence_changelog.corrections import Corrections
from confluence_changelog.entry import TICKET, Entry, make_entry
from confluence_changelog.git import Repository
from confluence_changelog.history import log, split_range
from confluence_changelog.naming import facts_of
from confluence_changelog.plugins.fields import filled
from confluence_changelog.ranges.find import Found
from confluence_changelog.remote import commit_address
from confluence_changelog.scope import Skipped, select, since_commit
from confluence_changelog.settings import Config

_SOME = 1_000
"""Commits after which progress is shown."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What a range holds."""

    entries: tuple[Entry, ...]
    """The commits in scope, in topological order, newest first."""
    skipped: tuple[Skipped, ...]
    """The commits out of scope, each with the reason."""
    corrections: tuple[Entry, ...] = ()
    """The entries of corrected commits, in the range or not, whose rows may have to be corrected."""
    corrects: bool = False
    """Whether a commit of the range corrects another."""
    warnings: tuple[str, ...] = ()


def in_range(
    repository: Repository, text: str, report: Callable[[str], None] = lambda _: None
) -> list[Commit]:
    """Return the commits of a range such as ``v1.0..main``, or of a revision's whole history."""
    return list(_counted(log(repository, split_range(text)), report))


def in_scope(
    repository: Repository, config: Config, report: Callable[[str], None] = lambda _: None
) -> list[Commit]:
    """Return the commits that may get a row: of the published branches, after ``since``.

    In topological order, newest first. Paths, authors and subjects, and a ``since`` that is a date,
    are judged by ``collect``, as for every range.
    """
    tips = dict.fromkeys(published(repository, config.scope.branches).tips.values())
    start = since_commit(repository, config.scope.since)
    revisions = [*tips, *([f"^{start}"] if start else [])]
    return list(_counted(log(repository, revisions), report))


def found_commits(repository: Repository, found: Found) -> list[Commit]:
    """Return the commits that were found for a run without a range, in topological order."""
    if not found.include:
        return []
    revisions = [*found.include, *(f"^{commit}" for commit in found.exclude)]
    commits = list(log(repository, revisions))
    ids = {commit.id for commit in commits}
    if ids.issuperset(found.recent):
        return commits
    return list(log(repository, topo_order(repository, ids.union(found.recent)), no_walk=True))


def named(repository: Repository, revisions: Sequence[str]) -> list[Commit]:
    """Return the named commits alone, in topological order."""
    ids = dict.fromkeys(resolve(repository, revision) for revision in revisions)
    return list(log(repository, topo_order(repository, ids), no_walk=True))


def collect(
    repository: Repository,
    commits: Sequence[Commit],
    config: Config,
    report: Callable[[str], None] = lambda _: None,
    on: Published | None = None,
) -> Collection:
    """Select the commits in scope and make their entries; `on` as for `select`."""
    if commits and on is None:
        on = published(repository, config.scope.branches)
    selection = select(repository, commits, config.scope, on)
    report(f"laying out {len(selection.in_scope):,} of {len(commits):,} commits")
    found = corrections.find(
        repository, on.tips.values() if on else (), [commit.id for commit in commits]
    )
    entries = entries_of(repository, selection.in_scope, config, found.messages)
    return Collection(
        entries,
        selection.skipped,
        corrected_entries(repository, config, found, entries),
        found.by_commits,
        found.warnings,
    )


def corrected_entries(
    repository: Repository, config: Config, found: Corrections, entries: Iterable[Entry] = ()
) -> tuple[Entry, ...]:
    """Return the entries of corrected commits; those that are made already are taken as they are."""
    made = {entry.id: entry for entry in entries}
    others = sorted(found.messages.keys() - made)
    commits = log(repository, others, no_walk=True)
    outside = entries_of(repository, commits, config, found.messages) if others else ()
    return (*(entry for commit, entry in made.items() if commit in found.messages), *outside)


def entries_of(
    repository: Repository,
    commits: Iterable[Commit],
    config: Config,
    corrected: Mapping[str, str] = MappingProxyType({}),
    *,
    may_lack: bool = False,
) -> tuple[Entry, ...]:
    """Make the entries of commits, of which some have a corrected message.

    With what plugins show of them; `may_lack` as for `filled`.
    """
    commits = tuple(commits)
    address = remote_address(repository)
    template = config.row.commit_url or commit_address(address)
    facts = facts_of(repository, [commit.id for commit in commits], config, address)
    ticket = config.row.ticket or config.policy.ticket or TICKET
    entries = (
        make_entry(
            commit,
            date_of=config.row.date,
            url=template,
            ticket=ticket,
            facts=facts[commit.id],
            bots=Bots(config.row.bots, config.row.bot_person),
            corrected=corrected.get(commit.id),
        )
        for commit in commits
    )
    return filled(entries, config.table, may_lack=may_lack)


def _counted(commits: Iterable[Commit], report: Callable[[str], None]) -> Iterator[Commit]:
    """Yield the commits, and report now and then how many they were."""
    for number, commit in enumerate(commits, 1):
        if number % _SOME == 0:
            report(f"reading commits: {number:,}")
        yield commit
