"""One search for the commits of a run: what is known so far, and the clone completed on the way."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import NamedTuple

from confluence_changelog.ancestry import known, resolve
from confluence_changelog.branches import Published, published, remote_name
from confluence_changelog.errors import UnknownRevisionError
from confluence_changelog.git import Repository, shallow_boundary
from confluence_changelog.ranges.event import Event
from confluence_changelog.ranges.history import ends
from confluence_changelog.ranges.remote import NOTES, Heads, ask, deepen, fetch
from confluence_changelog.scope import instant
from confluence_changelog.settings import Config

EVER = datetime(1970, 1, 1, tzinfo=UTC)
SHORT = 10
"""Digits of an id in a sentence."""


class Found(NamedTuple):
    """The commits of a run: those that `include` reaches and `exclude` does not."""

    include: tuple[str, ...]
    """Full ids; none: there is nothing to do."""
    exclude: tuple[str, ...]
    recent: tuple[str, ...]
    """Ids of the last days of the scope, beyond the range, which are looked at in any case."""
    is_scope: bool
    """Whether it is the scope itself."""
    on: Published | None
    """The published branches as the remote has them; None: as the clone has them."""
    steps: tuple[str, ...]
    """How it was found, a sentence each."""
    event: Event | None


class Search:
    """One search under way."""

    def __init__(self, repository: Repository, config: Config, event: Event | None) -> None:
        self.repository = repository
        self.config = config
        self.event = event
        self.remote = remote_name(repository)
        self.steps: list[str] = []

    def nothing(self, why: str) -> Found:
        """Return that there is nothing to do."""
        return Found((), (), (), False, None, (*self.steps, why), self.event)

    def ask(self) -> Heads | None:
        """Return what the remote has now, and bring its notes; None where it cannot be asked."""
        heads = ask(self.repository, self.remote)
        if heads is None:
            self.steps.append(
                "The remote could not be asked; the clone and the event are believed."
            )
        elif heads.notes:
            fetch(self.repository, self.remote, [f"+{NOTES}:{NOTES}"])
        return heads

    def require(self, ids: Sequence[str]) -> str:
        """Fetch commits that the clone lacks; return why that failed, empty when it did not.

        A shallow clone gets one commit more each time, and not all that lies below it.
        """
        missing = sorted(set(ids) - known(self.repository, ids))
        if not missing:
            return ""
        depth = ["--depth=1"] if shallow_boundary(self.repository) else []
        if why := fetch(self.repository, self.remote, missing, *depth):
            return why
        which = ", ".join(commit[:SHORT] for commit in missing[:3])
        more = f" and {len(missing) - 3:,} more" if len(missing) > 3 else ""
        self.steps.append(f"Fetched {which}{more}, which the clone lacked.")
        return ""

    def deepen(
        self, include: Collection[str], exclude: Collection[str], cutoff: datetime = EVER
    ) -> None:
        """Make sure that the history of these commits, from a time on, is all there.

        Raises ShallowHistoryError where the remote does not give it.
        """
        event = self.event
        self.steps += deepen(
            self.repository,
            self.remote,
            event.refs if event else [],
            lambda: not ends(self.repository, include, exclude, cutoff),
            event.deepen if event else "",
        )


def told(event: Event) -> str:
    """Say what the CI system says."""
    where = f" of {event.branch}" if event.branch else ""
    if event.kind in ("pull request", "merge queue"):
        where = f" into {event.branch}" if event.branch else ""
    kinds = {"other": "without telling of a push"}
    said = f"{event.system} runs {kinds.get(event.kind, f'for a {event.kind}')}{where}"
    if event.kind == "push":
        before = event.before[:SHORT] or ("nothing" if event.created else "it does not say where")
        said += f", from {before} to {event.after[:SHORT] or 'nothing'}"
    return f"{said}."


def published_names(search: Search, heads: Heads | None) -> tuple[str, ...]:
    """Return the names, or patterns of names, of the published branches."""
    event = search.event
    if search.config.scope.branches:
        return search.config.scope.branches
    if default := (event.default if event else "") or (heads.default if heads else ""):
        return (default,)
    return published(search.repository, ()).names


def is_published(branch: str, names: Sequence[str]) -> bool:
    """Tell whether a branch is one of those that the names or patterns say."""
    return any(fnmatchcase(branch, name) for name in names)


def whole_scope(search: Search, on: Published, less: str = "") -> Found:
    """Take the whole scope; `less` says what is left out of it in the end."""
    since = search.config.scope.since
    start, cutoff = _start(search, since)
    tips = tuple(dict.fromkeys(on.tips.values()))
    search.deepen(tips, start, cutoff)
    if since and not start and cutoff == EVER:
        start, _ = _start(search, since)
    search.steps.append(
        f"So it is the scope itself: {', '.join(on.names)}"
        f"{f' since {since}' if since else ', from the first commit on'}{less}."
    )
    return Found(tips, tuple(start), (), True, on, tuple(search.steps), search.event)


def _start(search: Search, since: str) -> tuple[list[str], datetime]:
    """Return what `since` leaves out: a commit, or what is before a time."""
    if not since:
        return [], EVER
    if (first := instant(since)) is not None:
        return [], first
    try:
        return [resolve(search.repository, since)], EVER
    except UnknownRevisionError:
        return [], EVER  # deepening may bring it; `scope` refuses it where it does not
