"""``confluence-changelog uninstall``: takes back what `install` wrote."""

import argparse

from confluence_changelog import judged
from confluence_changelog.cli import output
from confluence_changelog.cli.install import take
from confluence_changelog.errors import EXIT_OK
from confluence_changelog.git import open_repository
from confluence_changelog.hooks import managed, native
from confluence_changelog.hooks.folder import hook_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = (
        "Take back what `install` wrote in this repository: hooks that were there before are there\n"
        "again, to the byte. What was edited since stays, and is named."
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")


def run(arguments: argparse.Namespace) -> int:
    """Uninstall, and say step by step what is done."""
    repository = open_repository()
    steps = managed.uninstall_steps(repository) + native.uninstall_steps(hook_folder(repository))
    if not steps:
        output.note("Nothing of confluence-changelog is installed here.")
        return EXIT_OK
    if not arguments.dry_run:
        judged.forget(repository.common_dir)
    return take(steps, dry_run=arguments.dry_run)
