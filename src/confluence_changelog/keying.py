"""The name under which a repository writes into a log: its own, or the one that the log knows it by."""

import re
from collections.abc import Mapping, Sequence

from confluence_changelog.ancestry import known
from confluence_changelog.branches import remote_address
from confluence_changelog.git import Repository
from confluence_changelog.identity import Mark
from confluence_changelog.remote import commit_address, repository_path
from confluence_changelog.settings import RowSettings

LONGEST = 40
_NEVER = re.compile(r"[^A-Za-z0-9._-]+")
_EDGES = "._-"


def key_of(repository: Repository, rows: Mapping[str, Sequence[Mark]]) -> str:
    """Return the name of a repository for the identity of its rows.

    The name that the log has for this repository is kept: the commits of those rows are all here, and
    their addresses are those of this repository's commits, or have none, and nobody else has rows. A
    fork has the commits as well, at another address. Else it is the name of the remote's repository, or
    of the folder, with its owner's before it where another has it.

    Args:
        repository: the repository.
        rows: the names in the log with their identities, see `ledger.read_repositories`.

    """
    address = remote_address(repository)
    taken = {name for name in rows if name}
    own = [name for name in taken if _is_begun_here(repository, rows[name], address, len(taken))]
    if len(own) == 1:
        return own[0]
    return free_name(
        repository_path(address) or (repository.root.name.removesuffix(".git"),), taken
    )


def free_name(path: Sequence[str], taken: set[str]) -> str:
    """Return a name that is not taken, nor what every repository has that nobody named. Pure.

    Args:
        path: the names of a repository and its owners, the repository's last.
        taken: the names that are.

    """
    taken = taken | {RowSettings().repository}
    for owners in range(len(path)):
        name = fitting("-".join(path[-1 - owners :]))
        if name and name not in taken:
            return name
    stem = fitting(path[-1] if path else "")[: LONGEST - 4] or "log"
    return next(name for n in range(2, 10_000) if (name := f"{stem}-{n}") not in taken)


def fitting(name: str) -> str:
    """Return what of a name an identity can hold; empty where that is nothing. Pure."""
    return _NEVER.sub("-", name).strip(_EDGES)[:LONGEST].strip(_EDGES)


def _is_begun_here(repository: Repository, marks: Sequence[Mark], address: str, names: int) -> bool:
    ids = {mark.identity.id for mark in marks}
    own = commit_address(address).partition("{id}")[0]
    origins = {mark.origin for mark in marks if mark.origin}
    is_here = origins == {own} if names > 1 else not own or origins <= {own}
    return is_here and known(repository, ids) == ids
