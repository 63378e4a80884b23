"""What is checked out, and whether its commits are published, as far as a hook can tell at once."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.git import Repository, run
from confluence_changelog.lines import lines

_HEADS = "refs/heads/"
_FORM = "--format=%(HEAD)%(refname)%09%(objectname)%09%(symref)"
_UNDER_WAY = ("rebase-merge", "rebase-apply", "BISECT_LOG")


class Checkout(NamedTuple):
    """The state of HEAD."""

    branch: str
    """Its full ref; empty when HEAD is detached, as it is during a rebase and mostly in a bisection."""
    id: str
    """The full id of its commit; empty when HEAD is detached."""
    defaults: Mapping[str, str]
    """Default branches, as far as the clone knows them: remote -> name."""

    @property
    def name(self) -> str:
        """The short name of the branch."""
        return self.branch.removeprefix(_HEADS)


def read_checkout(repository: Repository) -> Checkout:
    """Read the state of HEAD, with one call of Git."""
    output = run(repository, ["for-each-ref", _FORM, _HEADS, "refs/remotes/*/HEAD"])
    branch = commit = ""
    defaults = {}
    for line in lines(output.decode("utf-8", "surrogateescape")):
        ref, object_id, target = line[1:].split("\t")
        if line.startswith("*"):
            branch, commit = ref, object_id
        elif ref.startswith("refs/remotes/"):
            tracking = ref.removesuffix("HEAD")
            remote = tracking.removeprefix("refs/remotes/").rstrip("/")
            defaults[remote] = target.removeprefix(tracking)
    return Checkout(branch, commit, defaults)


def default_branch(checkout: Checkout) -> str:
    """Return the remote's default branch as `branches.published` would; empty when not known here."""
    known = checkout.defaults
    return known.get("origin") or ("".join(known.values()) if len(known) == 1 else "")


def may_be_published(checkout: Checkout, patterns: Sequence[str]) -> bool:
    """Tell whether the branch of HEAD is a published one; True where only the remote can tell."""
    if not checkout.branch:
        return False
    if patterns:
        return any(fnmatchcase(checkout.name, pattern) for pattern in patterns)
    return default_branch(checkout) in ("", checkout.name)


def is_busy(git_dir: Path) -> bool:
    """Tell whether a rebase, ``git am`` or a bisection is under way (Git: wt-status.c)."""
    return any((git_dir / name).exists() for name in _UNDER_WAY)


def sequence_goes_on(git_dir: Path) -> bool:
    """Tell whether a sequence of cherry-picks or reverts has more to come than the commit just made.

    That commit is still the first of the list (Git: sequencer.c, ``save_todo``).
    """
    try:
        text = (git_dir / "sequencer" / "todo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return len([line for line in lines(text) if line.strip() and line[0] != "#"]) > 1
