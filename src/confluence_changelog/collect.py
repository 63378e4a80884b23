"""From a range of a repository to the entries that get rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from confluence_changelog.ancestry import resolve, topo_order
from confluence_changelog.branches import remote_address
from confluence_changelog.commit import Commit
from confluence_changelog.entry import Entry, make_entry
from confluence_changelog.git import Repository
from confluence_changelog.history import log, split_range
from confluence_changelog.remote import commit_address
from confluence_changelog.scope import Skipped, select
from confluence_changelog.settings import Config


@dataclass(frozen=True, slots=True)
class Collection:
    """What a range holds."""

    entries: tuple[Entry, ...]
    """The commits in scope, in topological order, newest first."""
    skipped: tuple[Skipped, ...]
    """The commits out of scope, each with the reason."""


def in_range(repository: Repository, text: str) -> list[Commit]:
    """Return the commits of a range such as ``v1.0..main``, or of a revision's whole history."""
    return list(log(repository, split_range(text)))


def named(repository: Repository, revisions: Sequence[str]) -> list[Commit]:
    """Return the named commits alone, in topological order."""
    ids = dict.fromkeys(resolve(repository, revision) for revision in revisions)
    return list(log(repository, topo_order(repository, ids), no_walk=True))


def collect(
    repository: Repository,
    commits: Sequence[Commit],
    config: Config,
    report: Callable[[str], None] = lambda _: None,
) -> Collection:
    """Select the commits in scope and make their entries."""
    selection = select(repository, commits, config.scope)
    report(f"laying out {len(selection.in_scope):,} of {len(commits):,} commits")
    template = config.row.commit_url or commit_address(remote_address(repository))
    entries = tuple(
        make_entry(commit, date_of=config.row.date, url=template) for commit in selection.in_scope
    )
    return Collection(entries, selection.skipped)
