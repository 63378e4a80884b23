"""``confluence-changelog login``: asks for credentials, tries them, and keeps them in the keyring."""

import argparse
import os
import sys

from confluence_changelog import login, logins
from confluence_changelog.cli import asking, output
from confluence_changelog.confluence.address import parse
from confluence_changelog.confluence.gateway import gateway_from
from confluence_changelog.credentials import (
    Login,
    base_address,
    refuse_plain_http,
    site_of,
)
from confluence_changelog.credentials.command import from_command
from confluence_changelog.credentials.environment import from_environment
from confluence_changelog.credentials.netrc_file import from_netrc
from confluence_changelog.errors import EXIT_OK, NoCredentialsError, UsageError

_DESCRIPTION = """\
Log in to a Confluence: ask for a personal access token, user and password, or on Cloud an e-mail address
and an API token; see whether it is accepted; and keep it in the keyring of the operating system. From
then on commands and hooks use it for that site, whose address may stand in the configuration file."""

_EPILOGUE = """\
examples:
  confluence-changelog login https://wiki.example.com
  pass show wiki | confluence-changelog login https://wiki.example.com --user ada --stdin
  confluence-changelog login https://wiki.example.com --from command

A secret is never an argument: anybody on the machine could read it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EPILOGUE
    parser.add_argument(
        "url",
        nargs="?",
        metavar="URL",
        help="address of Confluence or of a page (default: CONFLUENCE_URL)",
    )
    parser.add_argument("--user", help="user name, or on Cloud e-mail address")
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--stdin", action="store_true", help="read the secret from the first line of standard input"
    )
    how.add_argument(
        "--from",
        dest="source",
        choices=("command", "netrc"),
        help="do not ask: use what the credential command or netrc gives, and let hooks know",
    )


def run(arguments: argparse.Namespace) -> int:
    """Log in, and say as whom."""
    base = _base(arguments)
    refuse_plain_http(base, os.environ)
    gateway = gateway_from()
    if arguments.source:
        return _from_source(arguments.source, base, gateway)
    found = login.log_in(base, _typed(arguments, base), gateway)
    name = login.keep(base, found.login, gateway)
    kind = found.auth.named(cloud=found.flavour == "cloud")
    _tell(base, found.user.name, f"{kind}, kept in {name}")
    if from_environment(os.environ) and site_of(os.environ.get("CONFLUENCE_URL", "")) == site_of(
        base
    ):
        output.warning(
            "The credentials in the environment come first: unset them to use the keyring."
        )
    return EXIT_OK


def address(given: str) -> str:
    """Return the address of Confluence in what a person gives: that, or the address of a page."""
    try:
        return parse(given).base or base_address(given)
    except UsageError:
        return base_address(given)


def _base(arguments: argparse.Namespace) -> str:
    given = arguments.url or os.environ.get("CONFLUENCE_URL", "")
    if not given and asking.may_ask():
        given = asking.answer("Address of Confluence, or of a page on it")
    if not given:
        raise UsageError(
            "The address of Confluence is not known; give it to login, or set CONFLUENCE_URL."
        )
    return address(given)


def _typed(arguments: argparse.Namespace, base: str) -> Login:
    if arguments.stdin:
        secret = sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
        if not secret.strip():
            raise UsageError("There is no secret in the first line of standard input.")
        return Login(arguments.user or "", secret)
    if not asking.may_ask():
        raise UsageError(
            "Nobody can be asked for credentials here; run login at a terminal, or give the secret on "
            "standard input with --stdin."
        )
    return asking.typed_login(base, arguments.user)


def _from_source(source: logins.Kept, base: str, gateway: str) -> int:
    environment = os.environ
    auth = from_command(environment) if source == "command" else from_netrc(base, environment)
    if auth is None:
        missing = {
            "command": "No credential command is named; set CONFLUENCE_CREDENTIAL_COMMAND, or "
            "confluence-changelog.credentialCommand with git config --global.",
            "netrc": f"netrc has no entry for {site_of(base)}; add one.",
        }
        raise NoCredentialsError(missing[source])
    user, flavour = login.verify(base, auth, gateway)
    login.note(base, source, gateway)
    _tell(base, user.name, f"{auth.named(cloud=flavour == 'cloud')} from {auth.source.name}")
    return EXIT_OK


def _tell(base: str, name: str, how: str) -> None:
    output.result(f"Logged in to {base} as {output.safe(name) or 'a user without a name'}: {how}.")
