"""Holds the rows of a log against the commits that should have them. Pure.

For each commit in scope there must be exactly one row, with the text that was published, and no row
may stand above a row of a later commit, or below one in a log that is kept oldest first. What is not
so is a finding.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from confluence_changelog.commit import Commit
from confluence_changelog.order import descendants, misplaced
from confluence_changelog.reread import Standing

Check = Literal["missing", "vanished", "double", "altered", "unproven", "uncorrected", "order"]

CHECKS: Mapping[Check, str] = {
    "missing": "every commit in scope has a row",
    "vanished": "every row has a commit that a branch holds",
    "double": "no commit has more than one row",
    "altered": "no row was altered by hand",
    "unproven": "every row can be proven to be unaltered",
    "uncorrected": "every row shows the correction of its commit",
    "order": "the rows are in the order of history",
}
"""What an audit proves."""


class Finding(NamedTuple):
    """Something that is not as it should be."""

    check: Check
    commit: str
    """Full id of the commit in question."""
    rows: tuple[int, ...] = ()
    """The rows in question: indices among the rows of the table, from 0."""
    other: int = -1
    """Of a row that is out of order: the row of a commit that it stands wrongly above or below."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found."""

    findings: tuple[Finding, ...]
    """By check, then from top to bottom of the log; commits without a row newest first."""
    commits: int
    """Commits that were audited."""
    rows: int
    """Rows of ours that were audited."""
    elsewhere: int
    """Rows of commits that a branch holds and that were not audited, being out of scope."""

    def of(self, check: Check) -> list[Finding]:
        """Return the findings of one check."""
        return [finding for finding in self.findings if finding.check == check]


class Takeover(NamedTuple):
    """Which commits without a row may take over rows of vanished commits."""

    successors: Mapping[str, str]
    """Vanished commit -> the commit whose row has the same text."""
    unclear: Mapping[str, tuple[str, ...]]
    """Commits that could take over one of several rows, or that share one -> the vanished commits."""


def audit(
    rows: Sequence[Standing],
    history: Sequence[Commit],
    scope: Collection[str],
    vanished: Collection[str],
    laid_out: Mapping[str, str],
    uncorrected: Collection[str] = (),
    *,
    whole: bool,
    oldest_first: bool = False,
) -> Audit:
    """Return what is wrong with a log.

    Args:
        rows: the rows of ours, from top to bottom.
        history: the commits of the range that is audited, children first.
        scope: the ids of those of them that should have a row.
        vanished: the ids of rows whose commits no branch and no remote-tracking ref holds.
        laid_out: for the commits of rows that lost their digest, the digest of the row that they
            would get now.
        uncorrected: the ids of rows that do not show the correction of their commit.
        whole: whether `history` is the whole scope; then rows of commits that are out of scope by
            now must be unaltered and single, too. They are no fault, they were in scope once.
        oldest_first: whether the log is kept that way.

    """
    audited = rows if whole else [r for r in rows if r.identity.id in {*scope, *vanished}]
    count = Counter(row.identity.id for row in audited)
    findings = [
        *_missing(history, scope, count),
        *(_of("vanished", row) for row in audited if row.identity.id in vanished),
        *_double(audited, count),
        *(_of("altered", row) for row in audited if row.is_altered),
        *_unproven(audited, scope, laid_out),
        *(_of("uncorrected", row) for row in audited if row.identity.id in uncorrected),
        *sorted(
            _out_of_order(audited[:: -1 if oldest_first else 1], history, scope, count),
            key=lambda finding: finding.rows,
        ),
    ]
    elsewhere = sum(r.identity.id not in scope and r.identity.id not in vanished for r in rows)
    return Audit(tuple(findings), len(scope), len(audited), elsewhere)


def takeover(wanting: Mapping[str, str], orphans: Iterable[Standing]) -> Takeover:
    """Return which commits may take over which rows.

    A rewritten commit often says the same, on the same day: then the digest of the row that it would
    get is the digest of the row of the commit that it was. It may have that row when neither another
    row nor another commit has the same text, and when nobody has altered the row.

    Args:
        wanting: commits without a row -> the digest of the row that they would get.
        orphans: the rows of vanished commits.

    """
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for row in orphans:
        if row.identity.digest == row.digest:
            rows[row.digest].append(row.identity.id)
    claims = Counter(wanting.values())
    successors: dict[str, str] = {}
    unclear: dict[str, tuple[str, ...]] = {}
    for commit, digest in wanting.items():
        found = rows[digest]
        if len(found) == 1 and claims[digest] == 1:
            successors[found[0]] = commit
        elif found:
            unclear[commit] = tuple(found)
    return Takeover(successors, unclear)


def _of(check: Check, row: Standing) -> Finding:
    return Finding(check, row.identity.id, (row.row,))


def _missing(
    history: Sequence[Commit], scope: Collection[str], count: Mapping[str, int]
) -> Iterator[Finding]:
    for commit in history:
        if commit.id in scope and commit.id not in count:
            yield Finding("missing", commit.id)


def _double(rows: Sequence[Standing], count: Mapping[str, int]) -> Iterator[Finding]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        if count[row.identity.id] > 1:
            places[row.identity.id].append(row.row)
    for commit, found in places.items():
        yield Finding("double", commit, tuple(found))


def _unproven(
    rows: Sequence[Standing], scope: Collection[str], laid_out: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield the rows without a digest whose text is not what their commit gives now."""
    for row in rows:
        commit = row.identity.id
        if row.is_unproven and commit in scope and row.digest != laid_out[commit]:
            yield _of("unproven", row)


def _out_of_order(
    rows: Sequence[Standing],
    history: Sequence[Commit],
    scope: Collection[str],
    count: Mapping[str, int],
) -> Iterator[Finding]:
    """Yield the fewest rows that account for the disorder; one that stands twice has no one place.

    `rows` are given from the newest end of the log.
    """
    ids = [r.identity.id for r in rows if r.identity.id in scope and count[r.identity.id] == 1]
    places = {row.identity.id: row.row for row in rows}
    later = descendants(
        {commit: at for at, commit in enumerate(ids)}, ((c.id, c.parents) for c in history)
    )
    for at, other in misplaced(later).items():
        yield Finding("order", ids[at], (places[ids[at]],), places[ids[other]])
