"""``confluence-changelog note``: what Git's hooks run after a commit, a merge, a rewrite, a push."""

import os
import sys
from typing import TYPE_CHECKING

from confluence_changelog import noting, spawn
from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK, ChangelogError
from confluence_changelog.git import open_repository
from confluence_changelog.present import present_repository

if TYPE_CHECKING:
    import argparse

_DESCRIPTION = """\
Note new commits of a published branch, and start a publisher that gives them their rows while you go
on. Run by Git's hooks. Notes nothing in CI, without an address and credentials, or without a
configuration file. Never waits for the network."""

_HOOKS = {
    "post-commit": "after a commit",
    "post-merge": "after a merge or a pull",
    "post-rewrite": "after --amend or a rebase",
    "post-receive": "after a push, on a server",
}
_NO_SQUASH = ("", "0")


def add_arguments(parser: "argparse.ArgumentParser") -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    which = parser.add_mutually_exclusive_group(required=True)
    for hook, summary in _HOOKS.items():
        which.add_argument(f"--{hook}", dest="hook", action="store_const", const=hook, help=summary)
    parser.add_argument("words", nargs="*", metavar="WORD", help="what Git tells the hook")


def run(arguments: "argparse.Namespace") -> int:
    """Note what happened."""
    return run_hook(arguments.hook, *arguments.words[:1])


def run_hook(hook: str, word: str = "") -> int:
    """Note what happened; a failure is one line, and no failure of the hook.

    The word is the first that Git tells the hook.
    """
    if not spawn.is_wanted():
        return EXIT_OK
    try:
        said = _note(hook, word)
    except (ChangelogError, OSError, ValueError) as error:
        output.warning(f"What is new was not noted for the change log: {error}")
        return _shown()
    if said:
        output.note(f"confluence-changelog: {said}")
        return _shown()
    return EXIT_OK


def _shown() -> int:
    """Return the status after a line.

    pre-commit and prek show what a hook says only when it fails. After the fact that changes nothing
    for Git, whose own hooks end well all the same.
    """
    return EXIT_FINDINGS if os.environ.get("PRE_COMMIT") else EXIT_OK


def _note(hook: str, word: str) -> str:
    if hook == "post-commit":
        return noting.after_commit(present_repository() or open_repository())
    repository = open_repository()
    if hook == "post-receive":
        return noting.after_receive(repository, _standard_input())
    if hook == "post-merge":
        if not _is_squash(word):
            noting.after_merge(repository)
    else:
        kind = word or os.environ.get("PRE_COMMIT_REWRITE_COMMAND", "")
        noting.after_rewrite(repository, kind, _standard_input())
    return ""


def _is_squash(word: str) -> bool:
    """Tell whether a merge made no commit: Git says so, and so do pre-commit and prek."""
    names = ("PRE_COMMIT_IS_SQUASH_MERGE", "PRE_COMMIT_SQUASH_MERGE")
    return any(value not in _NO_SQUASH for value in (word, *(os.environ.get(n, "") for n in names)))


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
