"""Finds the credentials for an address, and refuses addresses that none may be sent to."""

import os
from collections.abc import Callable, Iterator, Mapping

from confluence_changelog import logins
from confluence_changelog.credentials.auth import Credentials
from confluence_changelog.credentials.command import from_command
from confluence_changelog.credentials.environment import from_environment
from confluence_changelog.credentials.netrc_file import from_netrc
from confluence_changelog.credentials.origin import host_of, origin, refuse_plain_http, site_of
from confluence_changelog.credentials.ring import from_keyring
from confluence_changelog.errors import NoCredentialsError


def credentials_for(base: str, environment: Mapping[str, str] = os.environ) -> Credentials:
    """Return what authenticates requests to `base`.

    Raises:
        NoCredentialsError: there are none, or they are for another host.
        UsageError: a source is broken, or the address is not safe for them.

    """
    if not is_trusted(base, environment):
        raise NoCredentialsError(
            "Credentials are sent only to the host of CONFLUENCE_URL, which is "
            f"{host_of(environment.get('CONFLUENCE_URL', '')) or 'not set'}, or of a stored log-in, not "
            f"to {host_of(base)}; set CONFLUENCE_URL={base} in the environment, or run "
            f"confluence-changelog login {base}, if they are meant for it."
        )
    refuse_plain_http(base, environment)
    for source in _sources(base, environment):
        if found := source():
            return found
    raise NoCredentialsError(
        f"There are no credentials for {host_of(base)}; set CONFLUENCE_TOKEN, or CONFLUENCE_USER and "
        f"CONFLUENCE_PASSWORD, in the environment, or run confluence-changelog login {base}."
    )


def is_trusted(base: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether credentials may be sent to an address at all."""
    stored = logins.find(site_of(base), environment)
    return stored is not None or _is_named(base, environment)


def _is_named(base: str, environment: Mapping[str, str]) -> bool:
    named = environment.get("CONFLUENCE_URL", "")
    return bool(named) and origin(named) == origin(base)


def _sources(
    base: str, environment: Mapping[str, str]
) -> Iterator[Callable[[], Credentials | None]]:
    """Yield the sources that may serve an address.

    What the environment and a command give is for CONFLUENCE_URL, because they name no host
    themselves; a command serves a stored log-in too, if that was made for it.
    """
    stored = logins.find(site_of(base), environment)
    is_named = _is_named(base, environment)
    if is_named:
        yield lambda: from_environment(environment)
    if is_named or (stored and stored.source == "command"):
        yield lambda: from_command(environment)
    if stored and stored.source == "keyring":
        yield lambda: from_keyring(stored.site)
    yield lambda: from_netrc(base, environment)
