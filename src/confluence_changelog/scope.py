"""Which commits get a row, and for each of the others the reason why not."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from fnmatch import translate
from typing import NamedTuple

from confluence_changelog.ancestry import reachable_from, resolve, unreachable_from
from confluence_changelog.branches import published, published_refs
from confluence_changelog.commit import Commit
from confluence_changelog.errors import ConfigurationError, UnknownRevisionError
from confluence_changelog.git import Repository, shallow_boundary
from confluence_changelog.message import parse_message
from confluence_changelog.patterns import path_filter
from confluence_changelog.refusal import printable
from confluence_changelog.settings import Scope

__all__ = ["Scope", "Selection", "Skipped", "published_refs", "select"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")

_Judge = Callable[[Commit], str]
"""Returns the reason why a commit gets no row; empty when there is none."""


class Skipped(NamedTuple):
    """A commit without a row."""

    commit: Commit
    reason: str


class Selection(NamedTuple):
    """The commits, parted; each part in the order in which they came."""

    in_scope: tuple[Commit, ...]
    skipped: tuple[Skipped, ...]


def select(repository: Repository, commits: Iterable[Commit], scope: Scope) -> Selection:
    """Part commits into those that get a row and those that do not.

    Raises ConfigurationError for what the scope says wrongly, and what ``published`` raises.
    """
    candidates = tuple(commits)
    pure = (
        _merge_judge(merges=scope.merges),
        _path_judge(scope.paths),
        _author_judge(scope.skip_authors),
        _subject_judge(scope.skip_subjects),
    )
    if not candidates:
        return Selection((), ())
    ids = tuple(commit.id for commit in candidates)
    judges = (
        _branch_judge(repository, ids, scope.branches),
        since_judge(repository, ids, scope.since),
        *pure,
    )
    in_scope: list[Commit] = []
    skipped: list[Skipped] = []
    for commit in candidates:
        if reason := next(filter(None, (judge(commit) for judge in judges)), ""):
            skipped.append(Skipped(commit, reason))
        else:
            in_scope.append(commit)
    return Selection(tuple(in_scope), tuple(skipped))


def _branch_judge(repository: Repository, ids: Sequence[str], branches: Sequence[str]) -> _Judge:
    names, tips = published(repository, branches)
    unpublished = unreachable_from(repository, ids, tips.values())
    reason = f"not on a published branch ({', '.join(names)})"
    return lambda commit: reason if commit.id in unpublished else ""


def since_judge(repository: Repository, ids: Sequence[str], since: str) -> _Judge:
    """Return what tells of the commits with these ids why they are too old."""
    if not since:
        return _accept
    if _DATE.fullmatch(since):
        first = _instant(since)
        return lambda commit: f"before {since}" if commit.committer.date < first else ""
    try:
        start = resolve(repository, since)
    except UnknownRevisionError as error:
        if shallow_boundary(repository):
            raise
        raise ConfigurationError(
            f'since = "{printable(since)}" is neither a date such as 2026-01-31 nor a commit of '
            f"{printable(repository.root)}: correct it in the configuration."
        ) from error
    earlier = reachable_from(repository, ids, [start])
    return lambda commit: f"not after {since}" if commit.id in earlier else ""


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f'since = "{printable(text)}" is no date: write it as 2026-01-31.'
        ) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _merge_judge(*, merges: bool) -> _Judge:
    if merges:
        return _accept
    return lambda commit: "merge commit" if len(commit.parents) > 1 else ""


def _path_judge(patterns: Sequence[str]) -> _Judge:
    if not patterns:
        return _accept
    covers = path_filter(patterns)

    def judge(commit: Commit) -> str:
        for change in commit.changes:
            if covers(change.path) or (change.old_path and covers(change.old_path)):
                return ""
        return "touches none of the configured paths"

    return judge


def _author_judge(patterns: Sequence[str]) -> _Judge:
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


def _subject_judge(patterns: Sequence[str]) -> _Judge:
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
