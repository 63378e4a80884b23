"""The command line. Only the modules of this package print or exit.

Results go to standard output; progress, warnings and errors go to standard error.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from confluence_changelog import __version__
from confluence_changelog.cli import output
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

_COMMANDS = {
    "check": "refuse a commit message that does not say what and why",
    "publish": "give commits their rows on the page",
    "sandbox": "run a local Confluence to try things on",
    "demo": "see commits become rows on a local Confluence",
}
"""Each is a module of this package with `add_arguments` and `run`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    output.use_utf8()
    words = sys.argv[1:] if argv is None else list(argv)
    arguments = _parser(words[0] if words else "").parse_args(words)
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


def _parser(command: str) -> argparse.ArgumentParser:
    """Return the parser; only the module of the command that is run is loaded, for speed."""
    parser = argparse.ArgumentParser(
        prog="confluence-changelog",
        description=_DESCRIPTION,
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, summary in _COMMANDS.items():
        subparser = commands.add_parser(
            name,
            help=summary,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == command:
            module = importlib.import_module(f"confluence_changelog.cli.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser
