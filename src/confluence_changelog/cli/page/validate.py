"""``confluence-changelog page validate``: whether Confluence would accept files as storage format."""

import argparse

from confluence_changelog.cli import output
from confluence_changelog.cli.page.text import STDIN, read
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, UsageError
from confluence_changelog.storage.validate import validate
from confluence_changelog.text import plain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the action and its arguments."""
    parser.description = (
        "Say whether Confluence would accept files as storage format. Prints the first fault of each as\n"
        "FILE:LINE:COLUMN: REASON, counted from 1 in characters. Asks no Confluence."
    )
    parser.epilog = "exit status: 0 all are well, 1 one has a fault, 2 one cannot be read"
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=f"a file in storage format; {STDIN} is standard input",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the fault of each file that has one."""
    return max(_status(name) for name in arguments.files)


def _status(name: str) -> int:
    try:
        fault = validate(read(name))
    except UsageError as error:
        output.error(str(error))
        return EXIT_USAGE
    if fault is None:
        return EXIT_OK
    output.result(f"{plain(name)}:{fault.line}:{fault.column}: {plain(fault.reason)}")
    return EXIT_FINDINGS
