"""``confluence-changelog check``: refuses a message that does not say what and why."""

import argparse
import sys
from pathlib import Path

from confluence_changelog.cli import output
from confluence_changelog.config import FILE_NAME, find_file, load
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.message import parse_message
from confluence_changelog.policy import EXAMPLE, Violation, violations
from confluence_changelog.settings import Config
from confluence_changelog.staged import comment_char, is_merge, read_message, staged_paths

_DESCRIPTION = """\
Check the message of the commit that is being made, as a commit-msg hook. It must say what changes
and why. Applies to commits that touch the configured paths; merge commits pass."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = "example:\n  confluence-changelog check .git/COMMIT_EDITMSG"
    parser.add_argument("file", type=Path, metavar="FILE", help="the file that holds the message")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration file")


def run(arguments: argparse.Namespace) -> int:
    """Check the message and say what is wrong with it."""
    repository = open_repository()
    path = arguments.config or find_file(repository.root)
    if path is None:
        output.note(f"confluence-changelog: no {FILE_NAME} here, nothing is checked.")
        return EXIT_OK
    config = load(path)
    message = parse_message(read_message(arguments.file, comment_char(repository)))
    nothing_written = not message.subject and not message.body  # Git itself aborts such a commit
    if nothing_written or is_merge(repository) or not _applies(repository, config):
        return EXIT_OK
    found = violations(message, config.policy)
    if not found:
        return EXIT_OK
    _refuse(found, arguments.file)
    return EXIT_FINDINGS


def _applies(repository: Repository, config: Config) -> bool:
    if not config.scope.paths:
        return True
    from confluence_changelog.scope import path_filter

    return any(map(path_filter(config.scope.paths), staged_paths(repository)))


def _refuse(found: list[Violation], file: Path) -> None:
    for violation in found:
        output.error(f"{violation.text} [{violation.rule}]")
    example = "\n".join(f"    {line}".rstrip() for line in EXAMPLE.split("\n"))
    print(
        f"\nA message that passes:\n\n{example}\n\n"
        f"Your message is kept. To go on from it:\n\n    git commit --edit --file={file.as_posix()}\n",
        file=sys.stderr,
    )
