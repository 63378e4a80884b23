"""The command line. Only the modules of this package print or exit.

Results go to standard output; progress, warnings and errors go to standard error.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from confluence_changelog import __version__
from confluence_changelog.cli import check, demo, output, publish, sandbox
from confluence_changelog.errors import EXIT_INTERRUPTED, EXIT_USAGE, ChangelogError

_DESCRIPTION = """\
Keeps a change log on a Confluence page: a table with one row for every Git commit, newest first,
each commit exactly once, and nothing else on the page touched."""

_EPILOGUE = """\
environment:
  CONFLUENCE_URL       address of Confluence; credentials go to its host only
  CONFLUENCE_PAGE      id of the page with the log
  CONFLUENCE_TOKEN     personal access token, or
  CONFLUENCE_USER, CONFLUENCE_PASSWORD

exit status:
  0 all well    1 something was found    2 wrong use or configuration
  3 Git or Confluence refused, or could not be reached; it can be run again    130 interrupted"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    output.use_utf8()
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ChangelogError as error:
        output.error(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        output.error("Interrupted; run again, each commit gets its row once.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as in `… | head`; nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="confluence-changelog",
        description=_DESCRIPTION,
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (check, publish, sandbox, demo):
        command.add_parser(commands)
    return parser
