"""``confluence-changelog page``: reads, writes, checks and makes pages."""

import argparse

from confluence_changelog.cli.page import create, show, validate, write

_ACTIONS = (
    ("show", "show a page as it is stored, and the tables on it", show),
    ("write", "replace the body of a page", write),
    ("validate", "say whether Confluence would accept files as storage format", validate),
    ("create", "make a page, with a ready table for a log if you like", create),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its actions."""
    parser.description = "Read, write, check and make pages, in Confluence's storage format."
    actions = parser.add_subparsers(prog=parser.prog, metavar="ACTION", required=True)
    for name, summary, module in _ACTIONS:
        action = actions.add_parser(
            name, help=summary, formatter_class=parser.formatter_class, allow_abbrev=False
        )
        module.add_arguments(action)
        action.set_defaults(act=module.run)


def run(arguments: argparse.Namespace) -> int:
    """Run the action."""
    return int(arguments.act(arguments))
