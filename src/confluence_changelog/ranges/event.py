"""What a CI system says of the run: which branch moved, from where to where."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

Kind = Literal["push", "pull request", "merge queue", "tag", "other"]
"""``other`` is what tells of no change: a schedule, a run that somebody started by hand."""


class Event(NamedTuple):
    """Why a CI system runs. A text is empty where the system does not say."""

    system: str
    """Its name, as people write it."""
    kind: Kind
    branch: str = ""
    """The branch that was pushed; of a pull request and a merge queue the target."""
    before: str = ""
    """Where the branch was; of a pull request the tip of the target. Nothing for a new branch."""
    after: str = ""
    """Where the branch is now; of a pull request the last of its commits."""
    created: bool = False
    deleted: bool = False
    default: str = ""
    """The default branch of the repository."""
    refs: tuple[str, ...] = ()
    """What to fetch from the remote when the clone lacks commits."""
    deepen: str = ""
    """What to write into the CI file, so that the clone lacks none."""
    start: str = ""
    """Of a pull request, a commit of the target that it begins from; not the target's tip."""
    title: str = ""
    """Of a pull request."""
    description: str | None = None
    """Of a pull request; None where the system does not say it."""
    is_cut: bool = False
    """Whether the system hands on the beginning of the description only."""
    squash: bool = False
    """Whether the system says that the pull request will be squashed."""


Read = Callable[[Mapping[str, str]], Event | None]
"""Returns the event, or None where the environment is not that system's."""


def moved(before: str, after: str) -> tuple[str, str, bool, bool]:
    """Return both ids, empty where they are missing or zeros, and whether the branch is new or gone.

    Git writes nothing as zeros, 40 of them or 64 (Git: githooks, "pre-receive").
    """
    is_new, is_gone = _is_zero(before), _is_zero(after)
    return ("" if is_new else before), ("" if is_gone else after), is_new, is_gone


def _is_zero(commit: str) -> bool:
    return bool(commit) and not commit.strip("0")
