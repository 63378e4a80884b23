"""``confluence-changelog logout``: removes what ``login`` kept."""

import argparse
import os

from confluence_changelog import login, logins
from confluence_changelog.cli import output
from confluence_changelog.cli.login import address
from confluence_changelog.credentials import site_of
from confluence_changelog.errors import EXIT_OK, UsageError

_DESCRIPTION = """\
Remove a log-in from the keyring, and the note that there is one. The token itself stays valid: revoke it
in Confluence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.add_argument(
        "url",
        nargs="?",
        metavar="URL",
        help="address of Confluence (default: the only log-in, or CONFLUENCE_URL)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Remove the log-in, and say so."""
    site = _site(arguments.url)
    login.forget(site)
    output.result(f"The log-in for {site} is removed.")
    return EXIT_OK


def _site(given: str | None) -> str:
    stored = [each.site for each in logins.read()]
    if given:
        return site_of(address(given))
    if len(stored) == 1:
        return stored[0]
    if named := os.environ.get("CONFLUENCE_URL"):
        return site_of(address(named))
    found = f"there are log-ins for {', '.join(stored)}" if stored else "there is no log-in"
    raise UsageError(
        f"Which log-in is meant is not clear: {found}; give the address of Confluence."
    )
