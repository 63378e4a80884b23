"""Logging in: what was typed is recognised, tried, and kept.

Typed are a secret and mostly whose it is. It is a personal access token (Data Center), a password
(Data Center), or an API token (Cloud, with an e-mail address).
"""

import os
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from confluence_changelog import logins
from confluence_changelog.confluence.connect import connect
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.page import Flavour, User
from confluence_changelog.credentials import Credentials, Login, Source, host_of, site_of
from confluence_changelog.credentials.ring import remove, write
from confluence_changelog.errors import (
    AuthenticationError,
    CaptchaError,
    ScopeError,
    UsageError,
)
from confluence_changelog.hosts import flavour_of
from confluence_changelog.logins import Kept, StoredLogin

SECONDS = 60.0
_TYPED = Source(
    "what was typed",
    "type a personal access token, or user name and password; for Cloud, your e-mail address and an API "
    "token (one with scopes also needs CONFLUENCE_GATEWAY=1)",
)
_TOKEN = re.compile(rb"\d{6,18}:.{20}", re.DOTALL)
"""What a personal access token is in base64: a number, a colon, and 20 bytes of chance."""


class LoggedIn(NamedTuple):
    """Credentials that were accepted."""

    auth: Credentials
    login: Login
    user: User
    flavour: Flavour


def log_in(base: str, typed: Login, gateway: str = "") -> LoggedIn:
    """Return what of that which was typed is accepted.

    Args:
        base: the address of Confluence.
        typed: the secret, and whose it is.
        gateway: see `confluence.connect`.

    Raises:
        AuthenticationError: it is refused, or ignored. A demand for a CAPTCHA ends it at once.
        ConfluenceError: Confluence could not be asked, or something else answered.
        UsageError: it is nothing that could be sent.

    """
    refusal: AuthenticationError | None = None
    for login in _readings(base, typed):
        auth = login.auth(_TYPED, "What was typed")
        try:
            user, flavour = verify(base, auth, gateway)
        except (CaptchaError, ScopeError):
            raise
        except AuthenticationError as error:
            refusal = refusal or error
        else:
            return LoggedIn(auth, login, user, flavour)
    raise refusal or AuthenticationError(f"Nothing was typed that logs in to {host_of(base)}.")


def verify(base: str, auth: Credentials, gateway: str = "") -> tuple[User, Flavour]:
    """Return whose credentials these are, and the kind of Confluence.

    Raises:
        AuthenticationError: they are refused, or ignored so that the request was anonymous.
        ConfluenceError: Confluence could not be asked.

    """
    with connect(base, auth, Deadline(SECONDS), gateway=gateway) as client:
        user = client.user()
        if not user.known:
            raise ignored(client.base, auth)
        return user, client.flavour


def ignored(base: str, auth: Credentials) -> AuthenticationError:
    """Return the exception for credentials that Confluence took no notice of."""
    remedy = (
        auth.source.remedy or "check CONFLUENCE_TOKEN, or CONFLUENCE_USER and CONFLUENCE_PASSWORD"
    )
    return AuthenticationError(
        f"Confluence at {base} ignored the credentials and took the request as anonymous; they are "
        f"wrong or have expired: {remedy}."
    )


def keep(
    base: str, login: Login, gateway: str = "", environment: Mapping[str, str] = os.environ
) -> str:
    """Store a log-in in the keyring, and note that there is one; return the keyring's name.

    Raises:
        KeyringError: there is no keyring that keeps it.
        UsageError: the note could not be written.

    """
    site = site_of(base)
    name = write(site, login)
    note(base, "keyring", gateway, environment)
    return name


def note(
    base: str, source: Kept, gateway: str = "", environment: Mapping[str, str] = os.environ
) -> None:
    """Note that there are credentials for a site, and where. Raises UsageError."""
    try:
        logins.add(StoredLogin(site_of(base), source, gateway), environment)
    except OSError as error:
        raise _unwritable(error) from error


def forget(site: str, environment: Mapping[str, str] = os.environ) -> None:
    """Delete a stored log-in: first the note, so that nothing is sent there any more.

    Raises:
        UsageError: there is none, or the note could not be written.
        KeyringError: what is in the keyring could not be deleted.

    """
    stored = logins.find(site, environment)
    if stored is None:
        raise UsageError(f"There is no stored log-in for {site}; nothing was changed.")
    try:
        logins.remove(site, environment)
    except OSError as error:
        raise _unwritable(error) from error
    if stored.source == "keyring":
        remove(site)


def _unwritable(error: OSError) -> UsageError:
    return UsageError(
        "The list of log-ins in your configuration folder could not be written "
        f"({error.strerror or error}); correct its permissions."
    )


def _readings(base: str, typed: Login) -> Iterator[Login]:
    """Yield what the typed words may be, the likeliest first.

    A wrong password counts towards a CAPTCHA, a wrong token does not: what looks like a token is never
    tried as a password, and a password that was refused may be a token in the wrong place.
    """
    token = Login("", typed.secret)
    if flavour_of(base) == "cloud" or not typed.user:
        yield typed
    elif is_token(typed.secret):
        yield token
    else:
        yield typed
        if typed.secret.isascii() and not re.search(r"\s", typed.secret):
            yield token


def is_token(secret: str) -> bool:
    """Tell whether a secret is made like a personal access token of Data Center."""
    with suppress(ValueError):
        return bool(_TOKEN.fullmatch(b64decode(secret.strip(), validate=True)))
    return False
