"""Which commits get a row, and for each of the others the reason why not."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from fnmatch import translate
from typing import NamedTuple

from confluence_changelog.ancestry import first_parents, reachable_from, resolve, unreachable_from
from confluence_changelog.branches import Published, published, published_refs
from confluence_changelog.commit import Commit
from confluence_changelog.corrections import only_corrects
from confluence_changelog.errors import ConfigurationError, UnknownRevisionError
from confluence_changelog.git import Repository, shallow_boundary
from confluence_changelog.message import parse_message
from confluence_changelog.patterns import path_filter
from confluence_changelog.refusal import printable
from confluence_changelog.settings import Scope
from confluence_changelog.withdrawn import withdrawn

__all__ = ["Scope", "Selection", "Skipped", "published_refs", "select", "since_commit"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")

Judge = Callable[[Commit], str]
"""Returns the reason why a commit gets no row; empty when there is none."""


class Skipped(NamedTuple):
    """A commit without a row."""

    commit: Commit
    reason: str


class Selection(NamedTuple):
    """The commits, parted; each part in the order in which they came."""

    in_scope: tuple[Commit, ...]
    skipped: tuple[Skipped, ...]


def select(
    repository: Repository,
    commits: Iterable[Commit],
    scope: Scope,
    on: Published | None = None,
) -> Selection:
    """Part commits into those that get a row and those that do not.

    Args:
        repository: the repository.
        commits: the commits.
        scope: the configured scope.
        on: the published branches, where more is known than the clone tells.

    Raises ConfigurationError for what the scope says wrongly, and what ``published`` raises.
    """
    candidates = tuple(commits)
    pure = commit_judges(scope)
    if not candidates:
        return Selection((), ())
    ids = tuple(commit.id for commit in candidates)
    on = on or published(repository, scope.branches)
    judges = (
        _branch_judge(repository, ids, on),
        since_judge(repository, ids, scope.since),
        _first_parent_judge(repository, ids, on, scope),
        withdrawn_judge(repository, scope),
        only_corrects,
        *pure,
    )
    in_scope: list[Commit] = []
    skipped: list[Skipped] = []
    for commit in candidates:
        if reason := first_reason(judges, commit):
            skipped.append(Skipped(commit, reason))
        else:
            in_scope.append(commit)
    return Selection(tuple(in_scope), tuple(skipped))


def first_reason(judges: Iterable[Judge], commit: Commit) -> str:
    """Return the first reason why a commit gets no row; empty when there is none."""
    return next(filter(None, (judge(commit) for judge in judges)), "")


def commit_judges(scope: Scope) -> tuple[Judge, ...]:
    """Return what a commit alone tells: merges, paths, authors, subjects. Raises ConfigurationError."""
    return (
        _merge_judge(merges=scope.merges),
        _path_judge(scope.paths),
        _author_judge(scope.skip_authors),
        _subject_judge(scope.skip_subjects),
    )


def row_judge(repository: Repository, commits: Sequence[Commit], scope: Scope) -> Judge:
    """Return why commits of a range get no row, wherever they are. Raises ConfigurationError."""
    judges = [*commit_judges(scope), withdrawn_judge(repository, scope)]
    if scope.first_parent:
        own = _mainline(commits)
        judges.append(lambda commit: "" if commit.id in own else "came with a merge (first_parent)")
    return lambda commit: first_reason(judges, commit)


def _mainline(commits: Sequence[Commit]) -> set[str]:
    """Return the ids that first parents lead to, from those that are no parents of others."""
    by_id = {commit.id: commit for commit in commits}
    parents = {parent for commit in commits for parent in commit.parents}
    found: set[str] = set()
    for start in by_id.keys() - parents:
        commit = by_id.get(start)
        while commit is not None and commit.id not in found:
            found.add(commit.id)
            commit = by_id.get(commit.parents[0]) if commit.parents else None
    return found


def withdrawn_judge(repository: Repository, scope: Scope) -> Judge:
    """Return what tells of commits that their owner withdrew. Raises ConfigurationError."""
    found = withdrawn(repository, scope.skip_commits)
    return lambda commit: found.get(commit.id, "")


def _branch_judge(repository: Repository, ids: Sequence[str], on: Published) -> Judge:
    unpublished = unreachable_from(repository, ids, on.tips.values())
    reason = f"not on a published branch ({', '.join(on.names)})"
    return lambda commit: reason if commit.id in unpublished else ""


def _first_parent_judge(
    repository: Repository, ids: Sequence[str], on: Published, scope: Scope
) -> Judge:
    if not scope.first_parent:
        return _accept
    own = first_parents(repository, ids, on.tips.values())
    return lambda commit: "" if commit.id in own else "came with a merge (first_parent)"


def since_judge(repository: Repository, ids: Sequence[str], since: str) -> Judge:
    """Return what tells of the commits with these ids why they are too old."""
    if not since:
        return _accept
    if start := since_commit(repository, since):
        earlier = reachable_from(repository, ids, [start])
        return lambda commit: f"not after {since}" if commit.id in earlier else ""
    first = instant(since)
    assert first is not None  # noqa: S101 - it names no commit, so it is a date
    return lambda commit: f"before {since}" if commit.committer.date < first else ""


def since_commit(repository: Repository, since: str) -> str:
    """Return the id of the commit that ``since`` names, empty where it names a date or nothing."""
    if not since or _DATE.fullmatch(since):
        return ""
    try:
        return resolve(repository, since)
    except UnknownRevisionError as error:
        if shallow_boundary(repository):
            raise
        raise ConfigurationError(
            f'since = "{printable(since)}" is neither a date such as 2026-01-31 nor a commit of '
            f"{printable(repository.root)}: correct it in the configuration."
        ) from error


def instant(since: str) -> datetime | None:
    """Return the time that ``since`` names, None where it names a commit or nothing.

    Raises ConfigurationError for what looks like a date and is none.
    """
    if not _DATE.fullmatch(since):
        return None
    try:
        found = datetime.fromisoformat(since)
    except ValueError as error:
        raise ConfigurationError(
            f'since = "{printable(since)}" is no date: write it as 2026-01-31.'
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _merge_judge(*, merges: bool) -> Judge:
    return lambda commit: "merge commit" if len(commit.parents) > 1 and not merges else ""


def _path_judge(patterns: Sequence[str]) -> Judge:
    if not patterns:
        return _accept
    covers = path_filter(patterns)

    def judge(commit: Commit) -> str:
        for change in commit.changes:
            if covers(change.path) or (change.old_path and covers(change.old_path)):
                return ""
        return "touches none of the configured paths"

    return judge


def _author_judge(patterns: Sequence[str]) -> Judge:
    for pattern in patterns:
        if not pattern.strip():
            raise _wrong("skip_authors", pattern, "is empty")
    compiled = [(p, re.compile(translate(p), re.IGNORECASE)) for p in patterns]

    def judge(commit: Commit) -> str:
        name, email, _ = commit.author
        forms = (name, email, f"{name} <{email}>")
        for pattern, expression in compiled:
            if any(expression.match(form) for form in forms):
                return f"author is left out ({pattern})"
        return ""

    return judge


def _subject_judge(patterns: Sequence[str]) -> Judge:
    compiled = [(pattern, _expression(pattern)) for pattern in patterns]
    if not compiled:
        return _accept

    def judge(commit: Commit) -> str:
        subject = parse_message(commit.message).subject
        for pattern, expression in compiled:
            if expression.search(subject):
                return f"subject is left out ({pattern})"
        return ""

    return judge


def _expression(pattern: str) -> re.Pattern[str]:
    if not pattern:
        raise _wrong("skip_subjects", pattern, "is empty")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:  # "(((…", "a{99999999999}"
        raise _wrong("skip_subjects", pattern, f"is no regular expression: {error}") from error


def _wrong(key: str, pattern: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f'The pattern "{printable(pattern)}" of {key} {what}; correct it in the configuration.'
    )


def _accept(_: Commit) -> str:
    return ""
