"""What Git says of a commit: facts, without a judgement."""

from datetime import datetime
from typing import NamedTuple


class Identity(NamedTuple):
    """An author or a committer, as the mailmap rewrites it."""

    name: str
    """May be empty."""
    email: str
    """May be empty."""
    date: datetime
    """In the zone that the commit names."""


class Change(NamedTuple):
    """One path that differs from the first parent (in a root commit: from nothing)."""

    status: str
    """Git's letter: A(dded), M(odified), D(eleted), R(enamed), C(opied) or T(ype changed)."""
    path: str
    """The new path, "/" between folders; bytes that are not UTF-8 are surrogate escapes."""
    old_path: str
    """Empty unless renamed or copied."""


class Commit(NamedTuple):
    """One commit."""

    id: str
    """In full: 40 hex digits, or 64 in a SHA-256 repository."""
    abbreviated: str
    """Git's abbreviation, at least 7 digits."""
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    message: str
    """The whole message as it is stored, decoded but not parsed or cleaned."""
    changes: tuple[Change, ...]
