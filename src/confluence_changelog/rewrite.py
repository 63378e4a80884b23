"""Which commits took the place of which, after an amendment or a rebase."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from confluence_changelog.ancestry import known, unreachable_from
from confluence_changelog.errors import GitError, ShallowHistoryError
from confluence_changelog.git import Repository, run, shallow_boundary
from confluence_changelog.notes import FULL_ID

_AUTHORS = "--format=tformat:%H%x00%an%x00%ae%x00%ad"
_REFLOG_ENTRIES = 1_000
_AMENDED = "commit (amend)"


def from_list(text: str) -> dict[str, tuple[str, ...]]:
    """Parse what a post-rewrite hook reads: a line ``<old id> <new id>`` for each rewritten commit.

    Returns the old ids of each new one; those of a squashed commit are several, in order.
    (Git: githooks, "post-rewrite".)
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        old, new, *_ = (*line.split(), "", "")
        if FULL_ID.fullmatch(old) and FULL_ID.fullmatch(new):
            found[new].append(old)
    return {new: tuple(olds) for new, olds in found.items()}


def previous_tip(repository: Repository, branch: str) -> str:
    """Return where the branch stood before it last moved; empty when that is not known.

    From its reflog, or else from ORIG_HEAD, which merge, pull and rebase set (Git: gitrevisions).
    """
    for revision in (f"{branch}@{{1}}", "ORIG_HEAD"):
        try:
            args = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{revision}^{{commit}}",
            ]
            return run(repository, args).decode("ascii").strip()
        except GitError:
            continue
    return ""


def commits_since(repository: Repository, old: str, new: str) -> list[str]:
    """Return the ids of the commits that are in the history of ``new`` and not of ``old``."""
    return run(repository, ["rev-list", new, f"^{old}"]).decode("ascii").split()


def paired(repository: Repository, old: str, new: str) -> dict[str, tuple[str, ...]]:
    """Guess from two tips of a branch which commits took the place of which.

    A rebase keeps author and author date, to the second: commits with the same are paired, in
    order. What finds no partner is left out, and so gets a row of its own.
    """
    return pair(_authors(repository, old, new), _authors(repository, new, old))


def pair(
    olds: Iterable[Sequence[str]], news: Iterable[Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Pair commits by all but their first field, the id; those with equal fields in order."""
    waiting: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for old, *author in olds:
        waiting[tuple(author)].append(old)
    found: dict[str, tuple[str, ...]] = {}
    for new, *author in news:
        if candidates := waiting[tuple(author)]:
            found[new] = (candidates.pop(0),)
    return found


def amended(repository: Repository, branches: Iterable[str]) -> dict[str, str]:
    """Return what ``git commit --amend`` replaced, new id -> old id, from the branches' reflogs."""
    found = {}
    for branch in branches:
        form = "--format=tformat:%H%x00%gs"
        args = ["log", "-g", f"-{_REFLOG_ENTRIES}", form, "--end-of-options", branch, "--"]
        try:
            lines = run(repository, args).decode("utf-8", "replace").split("\n")
        except GitError:
            continue  # the branch is gone
        entries = [line.partition("\0")[::2] for line in lines if "\0" in line]
        for (new, subject), (old, _) in pairwise(entries):
            if subject.startswith(_AMENDED):
                found[new] = old
    return found


def vanished(repository: Repository, ids: Iterable[str]) -> set[str]:
    """Return those of the ids that no branch and no remote-tracking ref holds any more.

    In a shallow clone, where that may not be certain, the answer is empty.
    """
    wanted = set(ids)
    present = known(repository, wanted)
    if present != wanted and shallow_boundary(repository):
        return set()
    try:
        return (wanted - present) | unreachable_from(repository, present, tips(repository))
    except ShallowHistoryError:
        return set()


def tips(repository: Repository) -> list[str]:
    """Return the ids of all branches and remote-tracking refs."""
    args = ["for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes"]
    return run(repository, args).decode("ascii").split()


def _authors(repository: Repository, tip: str, other: str) -> list[list[str]]:
    args = ["log", "--topo-order", "--reverse", "--no-show-signature", "--date=raw", _AUTHORS]
    output = run(repository, [*args, tip, f"^{other}"]).decode("utf-8", "surrogateescape")
    return [line.split("\0") for line in output.split("\n") if line]
