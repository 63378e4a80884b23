"""The remote of a clone: what its branches are now, and the commits that the clone lacks.

In CI a clone is often shallow, of one branch, or made for an event that was long ago. Git asks nobody
anything here (see `git.run`), and what it is not given in time counts as not given.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from confluence_changelog.errors import GitError, ShallowHistoryError
from confluence_changelog.git import Repository, run, shallow_boundary
from confluence_changelog.lines import lines
from confluence_changelog.refusal import printable

NOTES = "refs/notes/changelog"
"""The Git notes that withdraw commits from the log."""

_HEADS = "refs/heads/"
_SECONDS_TO_ASK = 30.0
_SECONDS_TO_FETCH = 600.0
_DEPTHS = (100, 1_000, 10_000)


class Heads(NamedTuple):
    """What a remote has."""

    default: str
    """Its default branch; empty where it names none."""
    tips: Mapping[str, str]
    """Branch -> id of its commit."""
    notes: str
    """The id of `NOTES`; empty where it has none."""


def ask(repository: Repository, remote: str) -> Heads | None:
    """Return what the remote has now; None where it cannot be asked (Git: git-ls-remote)."""
    if not remote:
        return None
    args = ["ls-remote", "--symref", "--", remote, "HEAD", f"{_HEADS}*", NOTES]
    try:
        answer = run(repository, args, timeout=_SECONDS_TO_ASK).decode("utf-8", "surrogateescape")
    except GitError:
        return None
    default, found = "", {}
    for line in lines(answer):
        what, _, ref = line.partition("\t")
        if what.startswith(f"ref: {_HEADS}") and ref == "HEAD":
            default = what.removeprefix(f"ref: {_HEADS}")
        else:
            found[ref] = what
    tips = {ref.removeprefix(_HEADS): i for ref, i in found.items() if ref.startswith(_HEADS)}
    return Heads(default, tips, found.get(NOTES, ""))


def fetch(repository: Repository, remote: str, what: Sequence[str], *options: str) -> str:
    """Fetch refs or ids without moving a branch; return why that failed, empty when it did not."""
    if not remote:
        return "it has no remote"
    args = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", *options, "--", remote]
    try:
        run(repository, [*args, *what], timeout=_SECONDS_TO_FETCH)
    except GitError as error:
        return str(error).rstrip(".")
    return ""


def deepen(
    repository: Repository,
    remote: str,
    refs: Sequence[str],
    is_enough: Callable[[], bool],
    advice: str,
) -> list[str]:
    """Fetch older commits into a shallow clone until there are enough; return what was done.

    Args:
        repository: the clone.
        remote: its remote.
        refs: the refs whose history is needed.
        is_enough: tells whether more are needed.
        advice: what to write into the CI file so that the clone is not shallow.

    Raises:
        ShallowHistoryError: the remote does not give them.

    """
    steps: list[str] = []
    for options in (*([f"--deepen={depth}"] for depth in _DEPTHS), ["--unshallow"]):
        if not shallow_boundary(repository) or is_enough():
            return steps
        if why := fetch(repository, remote, refs, *options):
            remedy = f"add {advice}" if advice else "clone it with its whole history"
            raise ShallowHistoryError(
                f"The clone at {printable(repository.root)} is shallow and its history could not be "
                f"fetched ({why}): {remedy}."
            )
        steps.append(f"The clone is shallow: fetched more of its history (git fetch {options[0]}).")
    return steps
