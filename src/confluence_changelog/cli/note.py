"""``confluence-changelog note``: what Git's hooks run after a commit, a merge and a rewrite."""

import argparse
import os
import sys

from confluence_changelog import noting, spawn
from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK, ChangelogError
from confluence_changelog.git import open_repository

_DESCRIPTION = """\
Note new commits of a published branch, and start a publisher that gives them their rows while you go
on. Run by Git's hooks. Notes nothing in CI, without CONFLUENCE_URL and credentials, or without a
configuration file. Never waits for the network."""

_NO_SQUASH = ("", "0")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    hook = parser.add_mutually_exclusive_group(required=True)
    hook.add_argument("--post-commit", action="store_true", help="after a commit")
    hook.add_argument("--post-merge", action="store_true", help="after a merge or a pull")
    hook.add_argument("--post-rewrite", action="store_true", help="after --amend or a rebase")
    parser.add_argument("words", nargs="*", metavar="WORD", help="what Git tells the hook")


def run(arguments: argparse.Namespace) -> int:
    """Note what happened; a failure is one line, and no failure of the hook."""
    if not spawn.is_wanted():
        return EXIT_OK
    try:
        said = _note(arguments)
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


def _note(arguments: argparse.Namespace) -> str:
    repository = open_repository()
    word = arguments.words[0] if arguments.words else ""
    if arguments.post_commit:
        return noting.after_commit(repository)
    if arguments.post_merge:
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
    return sys.stdin.read()
