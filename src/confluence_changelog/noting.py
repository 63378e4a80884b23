"""What the hooks after a commit, a merge and a rewrite note down.

They only note and start a publisher, so that Git waits for nothing: two calls of Git, one small file,
and none of the modules that publishing needs. Whether a commit is in scope is for the publisher to say.
"""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from confluence_changelog import notes, spawn
from confluence_changelog.checkout import (
    Checkout,
    is_busy,
    may_be_published,
    read_checkout,
    sequence_goes_on,
)
from confluence_changelog.git import Repository

OLD = 24 * 60 * 60
"""Seconds after which what waits is spoken of."""

FILE = "confluence-changelog.toml"
IN_FILE = ("pyproject.toml", "tool.confluence-changelog")
"""As in `config`, whose import would cost a hook as much as the rest of its work."""


def after_commit(repository: Repository) -> str:
    """Note the commit that was just made; return a line for the committer, mostly empty.

    In a sequence of cherry-picks or reverts each commit is held back, and the last releases them all.
    A commit on another branch only sends off what waits. During a rebase HEAD is detached.
    """
    patterns = published_patterns(repository.root)
    if patterns is None:
        return ""
    checkout = read_checkout(repository)
    note = notes.Note(checkout.id, time.time(), checkout.branch)
    fresh = [note] if may_be_published(checkout, patterns) else []
    if sequence_goes_on(repository.git_dir):
        notes.write(notes.held(repository.git_dir), fresh)
        return ""
    return _note(repository, fresh)


def after_merge(repository: Repository) -> None:
    """Note the commits that a merge or a pull brought to the branch."""
    patterns = published_patterns(repository.root)
    if patterns is None:
        return
    checkout = read_checkout(repository)
    if may_be_published(checkout, patterns):
        _note(repository, _brought(repository, checkout))


def after_rewrite(repository: Repository, kind: str, rewritten: str) -> None:
    """Note the commits of the branch that an amendment or a rebase made.

    Args:
        repository: the repository.
        kind: ``amend`` or ``rebase``.
        rewritten: the list that Git gives the hook; empty where a hook manager swallowed it.

    """
    patterns = published_patterns(repository.root)
    if patterns is None:
        return
    checkout = read_checkout(repository)
    if not may_be_published(checkout, patterns):
        return  # also for the amendments within a rebase
    from confluence_changelog import rewrite

    replaced = rewrite.from_list(rewritten)
    if kind == "amend":
        _note(repository, [_new(checkout, checkout.id, replaced.get(checkout.id, ()))])
    else:
        _note(repository, _rebased(repository, checkout, replaced), rebased=True)


def after_receive(repository: Repository, lines: str) -> str:
    """Note what a push brought to a server; return a line for whoever pushed, mostly empty.

    ``lines`` are those that Git gives post-receive. Raises UsageError for others.
    """
    from confluence_changelog import pushed, received

    fresh = received.brought(repository, lines)
    said = _note(repository, fresh)
    if said or fresh:
        return said
    return pushed.missing_default(repository, pushed.pre_receive_updates(lines))


def flush(repository: Repository) -> None:
    """Start a publisher where something waits, and one is wanted."""
    if spawn.is_wanted() and notes.waiting(notes.pending(repository.common_dir)):
        spawn.start(repository.root, repository.common_dir)


def published_patterns(root: Path) -> tuple[str, ...] | None:
    """Return ``branches`` of the configuration in a work tree; None when nothing configures it.

    Also None when it is for a Confluence that there are no credentials for.

    A hook reads no more of the configuration, and leaves it to the publisher to say what is wrong.
    """
    file, section = root / FILE, ""
    if not file.is_file():
        name, section = IN_FILE
        file = root / name
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    if (section and f"[{section}" not in text) or not spawn.is_meant(text):
        return None
    return _branches(text, section) if "branches" in text else ()


def _branches(text: str, section: str) -> tuple[str, ...]:
    from confluence_changelog.toml import parse_toml  # most files do without

    try:
        found: Any = parse_toml(text)
    except ValueError:
        return ()
    for key in filter(None, section.split(".")):
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, dict) and "log" in found:
        return _of_logs(found)
    return _of_scope(found)


def _of_scope(section: Any) -> tuple[str, ...]:  # noqa: ANN401 - TOML holds anything
    for key in ("scope", "branches"):
        section = section.get(key) if isinstance(section, dict) else None
    return tuple(map(str, section)) if isinstance(section, list) else ()


def _of_logs(found: dict[str, Any]) -> tuple[str, ...]:
    """Return the branches of all logs; every branch where some have the default one besides."""
    from confluence_changelog.logs import with_inherited

    logs = with_inherited(found)["log"]
    each = [_of_scope(log) for log in logs] if isinstance(logs, list) else []
    if all(each):
        return tuple(dict.fromkeys(pattern for patterns in each for pattern in patterns))
    return ("*",) if any(each) else ()


def _brought(repository: Repository, checkout: Checkout) -> list[notes.Note]:
    """Return notes of what came to the branch when it last moved."""
    from confluence_changelog import rewrite

    before = rewrite.previous_tip(repository, checkout.branch)
    if not before:
        return [_new(checkout, checkout.id)]
    commits = rewrite.commits_since(repository, before, checkout.id)
    return [_new(checkout, commit) for commit in commits]


def _rebased(
    repository: Repository, checkout: Checkout, replaced: Mapping[str, tuple[str, ...]]
) -> list[notes.Note]:
    """Return notes of what is on the branch since a rebase, and of what it took the place of."""
    from confluence_changelog import rewrite

    before = rewrite.previous_tip(repository, checkout.branch)
    if not before:
        commits = [*replaced] or [checkout.id]
    else:
        commits = rewrite.commits_since(repository, before, checkout.id)
        replaced = replaced or rewrite.paired(repository, before, checkout.id)
    return [_new(checkout, commit, replaced.get(commit, ())) for commit in commits]


def _new(checkout: Checkout, commit: str, replaces: Iterable[str] = ()) -> notes.Note:
    return notes.Note(commit, time.time(), checkout.branch, tuple(replaces))


def _note(repository: Repository, fresh: list[notes.Note], *, rebased: bool = False) -> str:
    """Put down notes and start a publisher where something waits; return what to say.

    At the end of a rebase, its folder is still there when the hook runs.
    """
    folder = notes.pending(repository.common_dir)
    notes.release(notes.held(repository.git_dir), folder)
    notes.write(folder, fresh)
    waiting = notes.waiting(folder)
    if waiting is None or (is_busy(repository.git_dir) and not rebased):
        return ""
    spawn.start(repository.root, repository.common_dir)
    return _complaint(repository.common_dir, waiting)


def _complaint(common_dir: Path, waiting: notes.Waiting) -> str:
    """Return a line about what has waited for over a day, and why."""
    if time.time() - waiting.since < OLD:
        return ""
    failure = notes.read_failure(common_dir)
    why = failure.sentence if failure else "No publisher has ended since."
    noun = "commit waits" if waiting.commits == 1 else "commits wait"
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(waiting.since))
    return (
        f"{waiting.commits:,} {noun} for a row in the change log, the oldest since {since}: {why}"
    )
