"""``confluence-changelog prepare``: asks, in the editor, for what a message must say."""

import argparse
import os
from pathlib import Path

from confluence_changelog.cleanup import clean_up, cleanup, is_empty
from confluence_changelog.cli import output
from confluence_changelog.config import find_file, load
from confluence_changelog.demands import bound_paths, demands
from confluence_changelog.errors import EXIT_OK, ChangelogError
from confluence_changelog.staged import open_hook, read_file, touched_paths
from confluence_changelog.template import fill, questions

_DESCRIPTION = """\
Put the questions that a message must answer into the editor, as comments (prepare-commit-msg hook).
Does so when files are staged that the policy binds and no message was given by other means."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.add_argument("file", type=Path, metavar="FILE", help="the file that holds the message")
    parser.add_argument("source", nargs="?", default="", help="where it came from, as Git says")
    parser.add_argument("object", nargs="?", default="", help="the commit that it came from")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration file")


def run(arguments: argparse.Namespace) -> int:
    """Write the questions into the file. Never fails: this hook runs even with --no-verify."""
    if arguments.source or os.environ.get("PRE_COMMIT_COMMIT_MSG_SOURCE"):
        return EXIT_OK
    try:
        _prepare(arguments)
    except (ChangelogError, OSError) as error:
        output.warning(str(error))
    return EXIT_OK


def _prepare(arguments: argparse.Namespace) -> None:
    repository, settings = open_hook()
    path = arguments.config or find_file(repository.root)
    if path is None:
        return
    config = load(path)
    text = read_file(arguments.file)
    how = cleanup(text, settings, editor=os.environ.get("GIT_EDITOR", ""))
    if how.mode in ("whitespace", "verbatim") or not is_empty(clean_up(text, how)):
        return  # comments would stay, or there is a message
    paths = touched_paths(repository)
    asked = demands(config, lambda: paths)
    if asked is None or not paths:
        return
    lines = questions(asked, bound_paths(config, paths))
    filled = fill(text, lines, how.comment)
    arguments.file.write_text(filled, encoding="utf-8", newline="")
