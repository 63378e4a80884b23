"""``confluence-changelog sandbox``: a local Confluence."""

import argparse
from pathlib import Path

from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_OK

_EXAMPLES = """\
examples:
  confluence-changelog sandbox                        on http://127.0.0.1:8090, forgotten at its end
  confluence-changelog sandbox --port 0               on any free port; the first line says which
  confluence-changelog sandbox --data wiki.sqlite     keeps its pages in a file

Log in as admin with the password admin, or with the token sandbox-token."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "sandbox",
        help="run a local Confluence to try things on",
        description="Run a local Confluence Data Center, with a page that has a change log.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=int, default=8090, help="TCP port (default: 8090)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the pages in this file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from confluence_changelog.sandbox import serve

    serve(arguments.port, arguments.data, announce=output.result)
    return EXIT_OK
