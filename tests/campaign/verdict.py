"""Judges a page and its history after a campaign. Pure, and independent of the product's code."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from campaign.moving import faults
from campaign.reading import Reading


class Finding(NamedTuple):
    """Something that is wrong."""

    kind: str
    text: str


class Stored(NamedTuple):
    """A version of the page."""

    number: int
    body: str
    ours: bool
    """Whether a publisher wrote it, and not the other hand."""


class Case(NamedTuple):
    """What a campaign left, and what it should have left."""

    versions: Sequence[Stored]
    """The oldest first."""
    commits: Sequence[str]
    """Those that get a row."""
    parents: Mapping[str, Sequence[str]]
    """Of all commits of the history."""
    alone: str
    """The page as the other hand alone would have left it."""
    archives: Sequence[str] | None = None
    """The bodies of its archives at last, the newest first; None where nothing is archived."""
    corrected: Mapping[str, str] = MappingProxyType({})
    """Commits that were corrected meanwhile, and what their rows show at last."""


class Lineage:
    """Which commits descend from which; made from the parents of each, in any order."""

    def __init__(self, parents: Mapping[str, Sequence[str]]) -> None:
        self._bit = {commit: 1 << number for number, commit in enumerate(parents)}
        self._ancestors: dict[str, int] = {}
        waiting = list(parents)
        while waiting:
            commit = waiting[-1]
            unknown = [parent for parent in parents[commit] if parent not in self._ancestors]
            if unknown and commit not in self._ancestors:
                waiting += unknown
                continue
            waiting.pop()
            known = 0
            for parent in parents[commit]:
                known |= self._ancestors[parent] | self._bit[parent]
            self._ancestors[commit] = known

    def descends(self, commit: str, ancestor: str) -> bool:
        """Say whether a commit descends from another; what is not known descends from nothing."""
        return bool(self._ancestors.get(commit, 0) & self._bit.get(ancestor, 0))

    def ancestors(self, commit: str) -> int:
        """Return a commit's ancestors as a set of bits."""
        return self._ancestors.get(commit, 0)

    def bit(self, commit: str) -> int:
        """Return a commit's own bit."""
        return self._bit.get(commit, 0)


def judge(case: Case) -> list[Finding]:
    """Return all that is wrong with the page and its history."""
    lineage = Lineage(case.parents)
    try:
        readings = [Reading(version.body) for version in case.versions]
        alone = Reading(case.alone)
    except ValueError as error:
        return [Finding("unreadable", str(error))]
    if case.archives is not None:
        return [Finding(*fault) for fault in faults(case, readings, alone)]
    findings = list(_final(readings[-1], alone, case.commits))
    findings += _order(readings[-1], lineage)
    findings += [
        Finding("uncorrected", f"{commit} does not show {text!r}")
        for commit, text in case.corrected.items()
        if text not in readings[-1].shown(commit)
    ]
    for (old, before), (new, after) in pairwise(zip(case.versions, readings, strict=True)):
        for finding in _step(old, before, new, after, lineage, case.corrected):
            findings.append(Finding(finding.kind, f"version {new.number}: {finding.text}"))
    return findings


def corrected_in_place(case: Case) -> int:
    """Return how many rows stood uncorrected first and show their correction since."""
    readings = [Reading(version.body) for version in case.versions]
    return sum(
        before.shown(commit) != ""
        and text not in before.shown(commit)
        and text in after.shown(commit)
        for before, after in pairwise(readings)
        for commit, text in case.corrected.items()
    )


def _final(page: Reading, alone: Reading, commits: Sequence[str]) -> Iterator[Finding]:
    """Compare the page at last with what should stand there."""
    counts = Counter(filter(None, page.ids))
    for commit in commits:
        if counts[commit] != 1:
            kind = "double" if counts[commit] else "missing"
            yield Finding(kind, f"{commit} has {counts[commit]} rows")
    for commit in counts.keys() - set(commits):
        yield Finding("unexpected", f"{commit} has a row")
    if page.tokens != alone.tokens:
        lost = sorted((Counter(alone.tokens) - Counter(page.tokens)).elements())
        more = sorted((Counter(page.tokens) - Counter(alone.tokens)).elements())
        yield Finding("token", f"of the other hand's tokens {lost} are lost, {more} are too many")
    if page.handmade() != alone.handmade():
        yield Finding("handmade", "rows that people typed are lost, changed or in another order")
    if page.without_ours() != alone.without_ours():
        yield Finding("page", "something besides the rows of commits differs")


def _order(page: Reading, lineage: Lineage) -> Iterator[Finding]:
    """Look for rows above a descendant's."""
    above = 0
    for commit in filter(None, page.ids):
        if wrong := above & lineage.ancestors(commit):
            count = wrong.bit_count()
            yield Finding("order", f"{commit} stands below {count} of its ancestors")
        above |= lineage.bit(commit)


def _step(
    old: Stored,
    before: Reading,
    new: Stored,
    after: Reading,
    lineage: Lineage,
    corrected: Mapping[str, str],
) -> Iterator[Finding]:
    """Compare a version with the one before it.

    Nothing is lost, and a publisher only adds rows, and changes those that are to be corrected where
    they stand.
    """
    if new.number != old.number + 1:
        yield Finding("version", f"it follows version {old.number}")
    if lost := Counter(filter(None, before.ids)) - Counter(filter(None, after.ids)):
        yield Finding("lost row", f"{sorted(lost)}")
    if tokens := Counter(before.tokens) - Counter(after.tokens):
        yield Finding("lost token", f"{sorted(tokens)}")
    if not new.ours:
        if tuple(filter(None, before.ids)) != tuple(filter(None, after.ids)):
            yield Finding("campaign", "the other hand changed the rows of commits")
        return
    for commit, text in corrected.items():
        if text in before.shown(commit) and text not in after.shown(commit):
            yield Finding("uncorrected", f"{commit} shows {text!r} no more")
    added = _added(before, after, corrected)
    kept = before.without(before.places(corrected))
    if after.without({*added, *after.places(corrected)}) != kept:
        yield Finding("changed", "a publisher did more than add rows")
    elif any(not after.ids[index] for index in added):
        yield Finding("changed", "a publisher added a row of no commit")
    else:
        yield from _places(after, added, lineage)


def _added(before: Reading, after: Reading, corrected: Collection[str]) -> list[int]:
    """Return the rows of `after` that remain when those of `before` are found in it in order.

    A row that is to be corrected is known by its commit.
    """
    left = _known(before, corrected)[::-1]
    added = []
    for index, row in enumerate(_known(after, corrected)):
        if left and left[-1] == row:
            left.pop()
        else:
            added.append(index)
    return added


def _known(page: Reading, corrected: Collection[str]) -> list[str | bytes]:
    pairs = zip(page.ids, page.rows, strict=True)
    return [commit if commit in corrected else row for commit, row in pairs]


def _places(page: Reading, added: Sequence[int], lineage: Lineage) -> Iterator[Finding]:
    """Check design rule 5 of what one publication added.

    A row with descendants among the old rows stands right below the lowest of them, any other one at
    the top; only rows of the same publication may stand in between.
    """
    new = set(added)
    old = [index for index in range(len(page.ids)) if index not in new]
    for index in added:
        commit = page.ids[index]
        lowest = max((at for at in old if lineage.descends(page.ids[at], commit)), default=-1)
        if not new.issuperset(range(lowest + 1, index)) or index < lowest:
            yield Finding("place", f"{commit} is row {index + 1}, not right below {lowest + 1}")
