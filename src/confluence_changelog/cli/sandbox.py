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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = "Run a local Confluence Data Center, with a page that has a change log."
    parser.epilog = _EXAMPLES
    parser.add_argument("--port", type=int, default=8090, help="TCP port (default: 8090)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the pages in this file")


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from confluence_changelog.sandbox import serve

    serve(arguments.port, arguments.data, announce=output.result)
    return EXIT_OK
