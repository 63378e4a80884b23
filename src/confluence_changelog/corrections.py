"""Corrected texts of commits: from Git notes, and from later commits that say what they correct.

A note in `annotations.NOTES` whose text does not withdraw the commit is its corrected message. So is
the message of a commit on a published branch with a trailer ``Corrects: <id>``. Nothing but the
message is corrected: author, date and files stay those of the commit.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from confluence_changelog.ancestry import known
from confluence_changelog.annotations import annotations
from confluence_changelog.commit import Commit
from confluence_changelog.git import Repository, run, shallow_boundary
from confluence_changelog.history import log
from confluence_changelog.ids import AMBIGUOUS, completed
from confluence_changelog.message import Message, parse_message, without_trailers
from confluence_changelog.refusal import printable
from confluence_changelog.withdrawn import is_withdrawal

TRAILER = "Corrects"

_GREP = ("--regexp-ignore-case", "--extended-regexp", f"--grep=^{TRAILER} *:")
_ID = re.compile(r"([0-9a-f]{7,64})(?:\s+\(.*\))?", re.IGNORECASE)
"""As in ``Corrects: 0fdc1a2 ("Move the resolver")``."""
_FULL = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT = 10
_LONGEST = 40


class Corrections(NamedTuple):
    """What is corrected."""

    messages: Mapping[str, str] = MappingProxyType({})
    """Full id of a commit -> the raw message that takes the place of its own."""
    by_commits: bool = False
    """Whether a commit of the run corrects another."""
    warnings: tuple[str, ...] = ()


class _Corrector(NamedTuple):
    """A commit that corrects others."""

    id: str
    message: str
    """Without what it says of correcting."""
    named: tuple[str, ...]
    """The values of its trailers."""


def find(
    repository: Repository, tips: Iterable[str], commits: Sequence[str] | None = None
) -> Corrections:
    """Return the corrected messages of the commits of a run, and of those that these correct.

    Notes count for every commit. History is searched from the oldest commit of the run on, and as a
    whole only where that finds a correction, so that of several ones the newest wins in every run.

    Args:
        repository: the repository.
        tips: the ids at which the published branches end.
        commits: the ids of the run, newest first in topological order; None: all.

    """
    tips = tuple(dict.fromkeys(tips))
    noted = _noted(repository)
    if commits is None:
        recent = _search(repository, tips)
    else:
        recent = _search(repository, [*tips, f"^{commits[-1]}^@"]) if commits else []
    begun = {*recent, *_search(repository, [*noted], walk=False)}
    if not begun:
        return Corrections(noted)
    every = recent if commits is None else _search(repository, tips)
    correctors = _read(repository, every)
    ids = _resolved(repository, {name for each in correctors for name in each.named})
    newest: dict[str, str] = {}
    for each in correctors:
        for name in each.named:
            if (target := ids[name]) and target != AMBIGUOUS:
                newest.setdefault(target, each.id)
    texts = {each.id: each.message for each in correctors}
    wanted = {*noted, *(commits or ()), *_reached(begun, correctors, ids)}
    found = {i: text for i in wanted if (text := resolve(i, noted, newest, texts)) is not None}
    rings = sorted(newest.keys() & wanted - found.keys())
    said = (*_warnings(correctors, {*recent}, ids), *map(_ring, rings))
    return Corrections(found, bool(recent), said)


def only_corrects(commit: Commit) -> str:
    """Return why a commit gets no row that says what others should have said, and changes nothing."""
    if commit.changes or not _named(commit.message):
        return ""
    return "only corrects other commits"


def unknown(repository: Repository, message: Message) -> list[str]:
    """Return the values of trailers that correct no one commit of this repository.

    Git is asked only where there is such a trailer. In a shallow clone the answer is empty.
    """
    named = _values(message)
    if not named or shallow_boundary(repository):
        return []
    ids = _resolved(repository, named)
    return [name for name in named if ids[name] in ("", AMBIGUOUS)]


def resolve(
    commit: str, noted: Mapping[str, str], newest: Mapping[str, str], texts: Mapping[str, str]
) -> str | None:
    """Return the text of a commit at the end of its corrections; None: it has none, or they are a ring.

    Args:
        commit: its id.
        noted: corrected commit -> the text of a note, which ends the search.
        newest: corrected commit -> the commit that corrects it.
        texts: correcting commit -> its text.

    """
    seen: set[str] = set()
    at = commit
    while at not in noted and at in newest and at not in seen:
        seen.add(at)
        at = newest[at]
    if at in seen:
        return None
    return noted.get(at) or (texts[at] if at != commit else None)


def _noted(repository: Repository) -> dict[str, str]:
    """Return the commits of this repository that a note corrects."""
    notes = {
        commit: _as_message(text)
        for commit, text in annotations(repository).items()
        if text.strip() and "\0" not in text and not is_withdrawal(text)
    }
    if not notes:
        return {}
    here = known(repository, notes) - shallow_boundary(repository)
    return {commit: text for commit, text in notes.items() if commit in here}


def _as_message(note: str) -> str:
    """Return a note as a commit message: its first line is the subject, whatever follows."""
    subject, _, rest = note.strip().partition("\n")
    return f"{subject}\n\n{rest.lstrip()}" if rest else subject


def _search(repository: Repository, revisions: Sequence[str], *, walk: bool = True) -> list[str]:
    """Return the commits that seem to correct others, newest first."""
    if not revisions:
        return []
    how = "--topo-order" if walk else "--no-walk=unsorted"
    lines = "".join(f"{revision}\n" for revision in revisions).encode("ascii")
    return run(repository, ["rev-list", how, *_GREP, "--stdin"], lines).decode("ascii").split()


def _read(repository: Repository, ids: Sequence[str]) -> list[_Corrector]:
    """Read the trailers of commits; what only looks like one is left out."""
    edges = shallow_boundary(repository)  # their paths cannot be told, and `log` refuses them
    found = []
    for commit in log(repository, [i for i in ids if i not in edges], no_walk=True):
        if named := _named(commit.message):
            text = without_trailers(commit.message, TRAILER)
            found.append(_Corrector(commit.id, text, named))
    return found


def _named(message: str) -> tuple[str, ...]:
    """Return the values of trailers that correct; most messages need no parsing for that."""
    if TRAILER.lower() not in message.lower():
        return ()
    return _values(parse_message(message))


def _values(message: Message) -> tuple[str, ...]:
    return tuple(value for key, value in message.trailers if key.lower() == TRAILER.lower())


def _resolved(repository: Repository, named: Collection[str]) -> dict[str, str]:
    """Return the full id that each value names: empty for none, or that it is ambiguous."""
    digits = {name: found[1].lower() for name in named if (found := _ID.fullmatch(name))}
    full = {text for text in digits.values() if _FULL.fullmatch(text)}
    ids = {text: text for text in known(repository, full)}
    ids |= completed(repository, sorted({*digits.values()} - full))
    edges = shallow_boundary(repository)
    commits = {name: ids.get(digits.get(name, ""), "") for name in named}
    return {name: "" if commit in edges else commit for name, commit in commits.items()}


def _reached(
    begun: Collection[str], correctors: Sequence[_Corrector], ids: Mapping[str, str]
) -> set[str]:
    """Return what these commits correct, and what that corrects in turn."""
    by_id = {each.id: each for each in correctors}
    found: set[str] = set()
    waiting = [*begun]
    while waiting:
        corrector = by_id.get(waiting.pop())
        fresh = {ids[name] for name in corrector.named} - found if corrector else set()
        found |= fresh
        waiting += fresh
    return found


def _warnings(
    correctors: Sequence[_Corrector], recent: Collection[str], ids: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what the commits of the run name that is no commit."""
    return tuple(
        _without_effect(each.id, name, ids[name])
        for each in correctors
        if each.id in recent
        for name in each.named
        if ids[name] in ("", AMBIGUOUS)
    )


def _without_effect(commit: str, name: str, answer: str) -> str:
    what = "the beginning of several ids" if answer else "no commit of this clone"
    return (
        f'Commit {commit[:_SHORT]} corrects "{printable(name)[:_LONGEST]}", which is {what}; that has no '
        "effect."
    )


def _ring(commit: str) -> str:
    return f"The corrections of commit {commit[:_SHORT]} lead back to it; they have no effect."
