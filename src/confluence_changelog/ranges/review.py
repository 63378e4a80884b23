"""Finds the commits that a run is to check, and the configuration that binds them.

A request is judged by the configuration of its target, as the remote has it now, so that it cannot
abolish its own rules; not by that of the commit it begins from, which its author chooses.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, NoReturn

from confluence_changelog.ancestry import known, resolve
from confluence_changelog.branches import Published, published
from confluence_changelog.commit import Commit
from confluence_changelog.errors import GitError, ShallowHistoryError, UnknownRevisionError
from confluence_changelog.git import Repository, read_subprocess
from confluence_changelog.history import log
from confluence_changelog.pushed import default_branch
from confluence_changelog.pushed import is_published as is_published_here
from confluence_changelog.ranges.event import Event
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
from confluence_changelog.scope import instant, since_commit
from confluence_changelog.settings import Config

_HEADS = "refs/heads/"
_UNBOUND = "It has no configuration: nothing is judged."

Configured = Callable[[str], Config | None]
"""Returns the configuration of a commit, of the work tree for an empty text; None: there is none."""


class Review(NamedTuple):
    """What is to be judged."""

    found: Found
    config: Config | None
    """What binds it; None: nothing is configured, so nothing is judged."""
    policy: str
    """The commit that the configuration is read from; empty: the work tree."""
    text: str = ""
    """What is judged instead of the messages of the commits, because it becomes the commit."""
    may_autosquash: bool = False
    """Whether commits of ``git commit --fixup`` may stand there."""


def to_check(repository: Repository, configured: Configured, event: Event | None) -> Review:
    """Find the commits to check when nothing is said of them.

    Args:
        repository: the repository.
        configured: reads the configuration.
        event: what the CI system says; None outside of CI, where it is what is not pushed yet.

    Raises:
        ShallowHistoryError: the clone is shallow and cannot be deepened.
        GitError: a commit is nowhere to be had, or which branch is published is not clear.
        ConfigurationError: what `configured` raises.

    """
    search = Search(repository, Config(), event)
    if event is None:
        return _unpushed(search, configured(""))
    search.steps.append(told(event))
    if event.kind == "tag":
        return Review(search.nothing("A tag brings no commits."), Config(), "")
    if event.deleted:
        return Review(search.nothing("The branch was deleted."), Config(), "")
    heads = search.ask()
    if event.kind in ("pull request", "merge queue"):
        return _request(search, event, heads, configured)
    return _pushed(search, event, heads, configured)


def commits_of(repository: Repository, review: Review) -> list[Commit]:
    """Return the commits to judge, the oldest first; those before `scope.since` are left out.

    Raises ShallowHistoryError where the clone ends among them.
    """
    found = review.found
    if not found.include or review.config is None:
        return []
    revisions = [*found.include, *(f"^{commit}" for commit in found.exclude)]
    commits = list(log(repository, revisions, read=read_subprocess))[::-1]
    first = instant(review.config.scope.since)
    return [commit for commit in commits if first is None or commit.committer.date >= first]


def _request(search: Search, event: Event, heads: Heads | None, configured: Configured) -> Review:
    """Take what the request has and its target has not."""
    target = _target(search, event, heads)
    _bring(search, event, target)
    _bring(search, event, event.after)
    config = configured(target)
    search.steps.append(f"The policy is that of {event.branch}, at {target[:SHORT]}.")
    if config is None:
        return Review(search.nothing(_UNBOUND), None, target)
    search.config = config
    found = _less(search, event.after, [target, event.before, event.start])
    text = _squashed(search, event)
    may = not is_published(event.branch, published_names(search, heads))
    return Review(found._replace(steps=tuple(search.steps)), config, target, text, may)


def _target(search: Search, event: Event, heads: Heads | None) -> str:
    """Return the tip of the branch that a request is for: of the remote, the event, or the clone."""
    if heads and event.branch in heads.tips:
        return heads.tips[event.branch]
    if len(event.before) >= 40:
        return event.before
    try:
        return resolve(search.repository, f"refs/remotes/{search.remote}/{event.branch}")
    except UnknownRevisionError as error:
        raise GitError(
            f"{event.branch or 'The branch'} that the request is for is not known: the remote "
            f"{'has it not' if heads else 'could not be asked'}; let the job fetch it, or give the "
            "range with --range A..B --policy-from A."
        ) from error


def _bring(search: Search, event: Event, commit: str) -> None:
    """Make sure that a commit is there: by its id, else by the refs that the event names."""
    if not (why := search.require([commit])):
        return
    fetch(search.repository, search.remote, event.refs)
    if not known(search.repository, [commit]):
        _missing(event, commit, why)


def _missing(event: Event, commit: str, why: str) -> NoReturn:
    remedy = f"add {event.deepen}" if event.deepen else "fetch it in the job"
    raise ShallowHistoryError(
        f"{event.system} names {commit[:SHORT] or 'no commit'}, which is not in the clone and could "
        f"not be fetched ({why}): {remedy}."
    )


def _squashed(search: Search, event: Event) -> str:
    """Return the text that becomes the commit; empty where that are the commits themselves."""
    if not (event.squash or search.config.scope.squash):
        return ""
    if event.title and event.description is not None:
        cut = " (of which it hands on the beginning only)" if event.is_cut else ""
        search.steps.append(
            f"It is squashed, so that its title and description{cut} are judged and not its commits."
        )
        return f"{event.title}\n\n{event.description}"
    if event.kind == "pull request":
        search.steps.append(
            f"It is squashed, but {event.system} does not tell its title and description: its commits "
            "are judged."
        )
    return ""


def _pushed(search: Search, event: Event, heads: Heads | None, configured: Configured) -> Review:
    """Take what was pushed; of a branch that is not published, all that is not published.

    That way a later push does not turn an earlier refusal into a success.
    """
    _bring(search, event, event.after)
    is_known = event.kind == "push" and event.before and not search.require([event.before])
    before = event.before if is_known else ""
    config = configured(before)
    where = f"{event.branch} before the push" if before else "the work tree"
    search.steps.append(f"The policy is that of {where}.")
    if config is None:
        return Review(search.nothing(_UNBOUND), None, before)
    search.config = config
    names = published_names(search, heads)
    tips = _published_tips(search, names, heads)
    if event.branch and not is_published(event.branch, names):
        search.steps.append(
            f"{event.branch} is not published: all that {_or(names)} lacks is judged."
        )
        return Review(_less(search, event.after, tips), config, before, may_autosquash=True)
    if before:
        return Review(_less(search, event.after, [before]), config, before)
    others = [*(heads.tips if heads else {}).items()]
    if event.created and (rest := [tip for branch, tip in others if branch != event.branch]):
        search.steps.append("The branch is new: what the other branches have is left out.")
        search.require(rest)
        return Review(_less(search, event.after, rest), config, before)
    on = Published(names, {f"{_HEADS}{event.branch or names[0]}": event.after})
    return Review(whole_scope(search, on), config, before)


def _or(names: Iterable[str]) -> str:
    return " or ".join(names)


def _published_tips(search: Search, names: tuple[str, ...], heads: Heads | None) -> list[str]:
    if heads:
        tips = [tip for branch, tip in heads.tips.items() if is_published(branch, names)]
        search.require(tips)
        return tips
    return [*published(search.repository, names).tips.values()]


def _unpushed(search: Search, config: Config | None) -> Review:
    """Take what the upstream branch lacks; without one, what the published branches lack."""
    search.steps.append("No CI system that is known runs this.")
    if config is None:
        return Review(search.nothing(_UNBOUND), None, "")
    search.config = config
    head = resolve(search.repository, "HEAD")
    try:
        others = [resolve(search.repository, "@{upstream}")]
        search.steps.append("So it is what the upstream branch lacks.")
    except GitError:
        on = published(search.repository, config.scope.branches)
        remote = [tip for ref, tip in on.tips.items() if ref.startswith("refs/remotes/")]
        others = remote or [*on.tips.values()]
        search.steps.append(f"There is no upstream branch, so it is what {_or(on.names)} lacks.")
    ref = f"{_HEADS}{default_branch(search.repository)}"
    may = not is_published_here(search.repository, ref, search.remote, config)
    return Review(_less(search, head, others), config, "", may_autosquash=may)


def _less(search: Search, head: str, others: Iterable[str]) -> Found:
    """Take the commits of `head` that none of the others has, and that are after `since`."""
    exclude = sorted({*known(search.repository, others), *_since(search)})
    search.deepen([head], exclude)
    return Found((head,), tuple(exclude), (), False, None, tuple(search.steps), search.event)


def _since(search: Search) -> list[str]:
    """Return the commit that `since` names; none where a shallow clone lacks it.

    Then it is an ancestor of what is left out in any case, or more is judged than need be.
    """
    try:
        start = since_commit(search.repository, search.config.scope.since)
    except UnknownRevisionError:
        return []
    return [start] if start else []
