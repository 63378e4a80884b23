"""Commits that programs make, and the people they make them for. Pure."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from confluence_changelog.commit import Commit, Identity
from confluence_changelog.message import Trailer

_NAMING = ("requested-by", "co-authored-by", "signed-off-by", "approved-by", "reviewed-by")
"""Trailers that name whom a change is from or goes back to, the nearest first."""
_HOSTS = re.compile(r"\bno-?reply@", re.IGNORECASE)
"""Committers that stand for a Git host, which merged for somebody."""


class Bots(NamedTuple):
    """Which authors are programs, and how their messages name people."""

    patterns: tuple[str, ...] = ()
    """fnmatch patterns of the name, the e-mail address or ``Name <address>``."""
    person: str = ""
    """Regular expression, searched for in the message: its first group, or the whole, is the name."""


NO_BOTS = Bots()


def person_of(
    commit: Commit, message: str, trailers: Iterable[Trailer], bots: Bots
) -> Identity | None:
    """Return the person that a program's commit names; None for a person's, and where it names nobody.

    The first counts of: what the configured expression finds; the trailers ``Requested-by``,
    ``Co-authored-by``, ``Signed-off-by``, ``Approved-by`` and ``Reviewed-by``; the committer, whom
    TeamCity makes the person who changed the settings. Programs do not count, and as committers no
    Git hosts.

    Args:
        commit: the commit.
        message: its message without secrets.
        trailers: of that message.
        bots: which authors are programs.

    """
    if not bots.patterns or not _is_bot(commit.author, bots.patterns):
        return None
    for found in _named(commit, message, list(trailers), bots):
        if found.name.strip() and not _is_bot(found, bots.patterns):
            return found
    return None


def _named(commit: Commit, message: str, trailers: list[Trailer], bots: Bots) -> Iterator[Identity]:
    if bots.person and (match := re.search(bots.person, message)):
        yield _identity(match[min(1, match.re.groups)] or "", commit)
    for wanted in _NAMING:
        for key, value in trailers:
            if key.lower() == wanted:
                yield _identity(value, commit)
    if not _HOSTS.search(commit.committer.email):
        yield commit.committer


def _identity(text: str, commit: Commit) -> Identity:
    name, _, address = text.partition("<")
    address = address.partition(">")[0].strip()
    return Identity(name.strip() or address, address, commit.author.date)


def _is_bot(person: Identity, patterns: tuple[str, ...]) -> bool:
    forms = (person.name, person.email, f"{person.name} <{person.email}>")
    return any(pattern.match(form) for pattern in _compiled(patterns) for form in forms)


@lru_cache(maxsize=16)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(translate(pattern), re.IGNORECASE) for pattern in patterns)
