"""The parser of the command line."""

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from confluence_changelog import __version__
from confluence_changelog.errors import EXIT_USAGE


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Formats help; argparse makes one for each argument, and by itself loads shutil for the width."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size().columns
        except (ValueError, OSError):
            columns = 80
        super().__init__(prog, width=columns - 2)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with arguments without what a terminal or a CI system would obey in them."""

    def error(self, message: str) -> NoReturn:
        """Print usage and error, and exit with 2."""
        from confluence_changelog.cli import output

        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: error: {output.bounded(message)}\n")


def parse(
    words: Sequence[str], commands: Mapping[str, str], description: str, epilogue: str
) -> argparse.Namespace:
    """Parse the command line; only the module of the command that is run is loaded, for speed.

    Raises SystemExit for wrong use, help and version, as argparse does.
    """
    parser = _Parser(
        prog="confluence-changelog",
        description=description,
        epilog=epilogue,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(prog=parser.prog, metavar="COMMAND", required=True)
    for name, summary in commands.items():
        subparser = subparsers.add_parser(
            name, help=summary, formatter_class=_Formatter, allow_abbrev=False
        )
        if name == next(iter(words), ""):
            module = importlib.import_module(f"confluence_changelog.cli.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser.parse_args(words)
