"""Finds the commits that a run is to publish: by the event of a CI system, else the scope itself.

What is pending is always a set difference: the commits found here, less those that the log has. A
range only says where to look first, so that a wrong one can be too short, never harmful; and each
publication also looks at the last days of the scope.
"""

import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from confluence_changelog.ancestry import known
from confluence_changelog.branches import Published, published
from confluence_changelog.errors import UsageError
from confluence_changelog.git import Repository
from confluence_changelog.ranges import github, systems
from confluence_changelog.ranges.event import Event, Read
from confluence_changelog.ranges.history import recent
from confluence_changelog.ranges.remote import Heads, fetch
from confluence_changelog.ranges.search import (
    SHORT,
    Found,
    Search,
    is_published,
    published_names,
    told,
    whole_scope,
)
from confluence_changelog.refusal import printable
from confluence_changelog.settings import Config

__all__ = ["Found", "read_event", "to_publish"]

_SYSTEMS: tuple[Read, ...] = (
    github.read,
    systems.gitlab,
    systems.bitbucket,
    systems.azure,
    systems.circleci,
    systems.drone,
    systems.teamcity,
    systems.jenkins,
)
"""Jenkins last: its variables are set in whatever it starts."""

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LESS = ", less what the log has"


def read_event(environment: Mapping[str, str] = os.environ) -> Event | None:
    """Return what the CI system says, or None outside of those that are known.

    Raises UsageError where it cannot be read, or names commits by what is no id.
    """
    event = next((event for read in _SYSTEMS if (event := read(environment))), None)
    if event is None:
        return None
    for text in (event.before, event.after):
        if text and not _ID.fullmatch(text):
            raise UsageError(
                f"{printable(text)[:60]!r}, which the event of {event.system} names, is no id of a "
                "commit; give the range with --range A..B."
            )
    return event


def to_publish(repository: Repository, config: Config, event: Event | None, now: datetime) -> Found:
    """Find the commits to publish when nothing is said of them.

    Args:
        repository: the repository.
        config: the configuration; its scope decides afterwards which of them get a row.
        event: what the CI system says.
        now: the present time.

    Raises:
        ShallowHistoryError: the clone is shallow and cannot be deepened.
        GitError, ConfigurationError: which branch is published is not clear.

    """
    search = Search(repository, config, event)
    if event is None:
        search.steps.append("No CI system that is known runs this, so nothing tells of a push.")
        return whole_scope(search, published(repository, config.scope.branches), _LESS)
    search.steps.append(told(event))
    if event.kind in ("pull request", "merge queue"):
        return search.nothing("Its commits get their rows when they are on a published branch.")
    if event.kind == "tag":
        return search.nothing("A tag moves no branch, so there is nothing to publish.")
    if event.deleted:
        return search.nothing("The branch was deleted, so there is nothing to publish.")
    return _pushed(search, event, search.ask(), now)


def _pushed(search: Search, event: Event, heads: Heads | None, now: datetime) -> Found:
    branch = event.branch
    if not branch:
        return whole_scope(
            search, published(search.repository, search.config.scope.branches), _LESS
        )
    names = published_names(search, heads)
    if not is_published(branch, names):
        return search.nothing(f"{branch} is no published branch ({', '.join(names)}).")
    tip = heads.tips.get(branch, "") if heads else event.after
    if not tip:
        return search.nothing(f"The remote has no branch {branch} any more.")
    on = Published(names, {f"refs/heads/{branch}": tip})
    if tip != event.after:
        search.steps.append(f"Since then {branch} has gone on, or back, to {tip[:SHORT]}.")
    search.require([tip, *filter(None, [event.after])])  # where that fails, reading history says so
    if not (event.kind == "push" and event.after and (event.before or event.created)):
        return whole_scope(search, on, _LESS)
    if event.created:
        return _new_branch(search, event, heads, on, now)
    return _moved(search, event, on, now)


def _moved(search: Search, event: Event, on: Published, now: datetime) -> Found:
    """Take what was pushed; where the branch was before may have to be fetched, or be gone."""
    window = _window(search.config, now)
    search.deepen([event.after], [event.before])
    search.deepen(on.tips.values(), [], window)
    if not known(search.repository, [event.before]):
        fetch(search.repository, search.remote, [event.before])
    if not known(search.repository, [event.before]):
        search.steps.append(
            f"{event.before[:SHORT]} is nowhere to be had, as after a force push, so what was pushed "
            "cannot be told from what was there."
        )
        return whole_scope(search, on, _LESS)
    return _with_recent(search, (event.after,), (event.before,), on, window)


def _new_branch(
    search: Search, event: Event, heads: Heads | None, on: Published, now: datetime
) -> Found:
    """Take what no other branch of the remote has."""
    others = {**heads.tips} if heads else {}
    others.pop(event.branch, None)
    if not others:
        search.steps.append("The branch is new and the only one.")
        return whole_scope(search, on, _LESS)
    window = _window(search.config, now)
    search.require(list(others.values()))
    search.deepen([event.after], list(others.values()))
    search.deepen(on.tips.values(), [], window)
    present = tuple(sorted(known(search.repository, others.values())))
    search.steps.append("The branch is new: what the other branches have is left out.")
    return _with_recent(search, (event.after,), present, on, window)


def _with_recent(
    search: Search,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    on: Published,
    window: datetime,
) -> Found:
    days = search.config.scope.heal
    late: tuple[str, ...] = ()
    if days:
        late = recent(search.repository, on.tips.values(), window, less=(include, exclude))
        search.steps.append(
            f"The last {days} days of the branch are looked at as well ({len(late):,} commits)."
        )
    return Found(include, exclude, late, False, on, tuple(search.steps), search.event)


def _window(config: Config, now: datetime) -> datetime:
    return now - timedelta(days=config.scope.heal) if config.scope.heal else now
