"""Asks for credentials at a terminal, once, when there are none."""

import getpass
import os
import sys
from collections.abc import Mapping

from confluence_changelog import login
from confluence_changelog.cli import output
from confluence_changelog.credentials import (
    Credentials,
    Login,
    credentials_for,
    host_of,
    is_trusted,
    refuse_plain_http,
)
from confluence_changelog.errors import ChangelogError, NoCredentialsError, UsageError
from confluence_changelog.hosts import flavour_of
from confluence_changelog.login import LoggedIn

_IN_HOOKS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_QUARANTINE_PATH", "PRE_COMMIT")
"""Of these, Git and hook managers set one at least for every hook."""


def credentials(base: str, gateway: str, *, ask: bool) -> Credentials:
    """Return what authenticates requests to `base`; ask for it where there is nothing and `ask`.

    Raises:
        UsageError: there are none and nobody can be asked, or what there is cannot be used.
        ConfluenceError: what was typed is not accepted.

    """
    try:
        return credentials_for(base)
    except NoCredentialsError:
        if not (ask and may_ask()):
            raise
        with output.paused():
            if not is_trusted(base) and not confirmed(
                f"You are not logged in to {base}. Log in now? Only if this is your Confluence"
            ):
                raise
            return _ask_once(base, gateway).auth


def may_ask(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether somebody sits at a terminal and waits: never in CI or in a hook."""
    if environment.get("CI") or any(name in environment for name in _IN_HOOKS):
        return False
    return bool(sys.stdin and sys.stderr and sys.stdin.isatty() and sys.stderr.isatty())


def typed_login(base: str, user: str | None = None) -> Login:
    """Ask for user and secret; the secret is not shown.

    Raises:
        UsageError: nothing was typed.

    """
    is_cloud = flavour_of(base) == "cloud"
    output.note(f"Log in to {base}")
    if user is None:
        named = "E-mail address" if is_cloud else "User name (empty for a personal access token)"
        user = answer(named)
    what = "API token" if is_cloud else "Password" if user else "Personal access token"
    try:
        secret = getpass.getpass(f"{what}: ")
    except EOFError:
        secret = ""
    if not secret.strip():
        raise UsageError(f"Nothing was typed, so you are not logged in to {host_of(base)}.")
    return Login(user, secret)


def confirmed(question: str) -> bool:
    """Ask a question whose answer is no unless it is yes."""
    return answer(f"{question} [y/N]").lower() in ("y", "yes")


def answer(question: str) -> str:
    """Ask on standard error, because standard output is for results; return the line that is typed."""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _ask_once(base: str, gateway: str) -> LoggedIn:
    refuse_plain_http(base, os.environ)
    found = login.log_in(base, typed_login(base), gateway)
    if confirmed(f"Keep the log-in of {output.safe(found.user.name)} in the keyring"):
        try:
            name = login.keep(base, found.login, gateway)
        except ChangelogError as error:
            output.warning(str(error))
        else:
            output.note(f"Kept in {name}; confluence-changelog logout {base} removes it.")
    return found
