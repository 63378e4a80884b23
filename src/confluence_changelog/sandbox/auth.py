"""Who is asking: Basic with a password, or Bearer with a personal access token."""

import base64
import binascii
import sqlite3

from flask import g, request

from . import accounts, cloud_auth
from .accounts import Person
from .app import base_address, site
from .cloud_errors import nobody
from .errors import RestError, envelope, forbidden, log_in_failed, token_refused


def identify(connection: sqlite3.Connection) -> Person | None:
    """Return the person whose credentials the request carries; None is nobody in particular.

    RestError where they are wrong.  A wrong token on a site that is open to anonymous people is not
    refused (CONFSERVER-98199).
    """
    if site().is_cloud:
        found = g.person = cloud_auth.identify(connection)
        return found
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        g.person = _by_password(connection, value.strip())
    elif scheme.lower() == "bearer":
        g.person = accounts.find_by_token(connection, value.strip())
        if g.person is None and not site().switches.anonymous_access:
            raise token_refused(base_address())
    else:
        g.person = None
    person: Person | None = g.person
    return person


def may_use(person: Person | None) -> None:
    """Refuse nobody in particular on a site that is not open to them."""
    if person is not None or site().switches.anonymous_access:
        return
    if site().is_cloud:
        raise nobody(request.path)
    raise forbidden("Current user not permitted to use Confluence")


def refuse_in_read_only_mode() -> None:
    """Refuse a write in read-only mode."""
    switches = site().switches
    if switches.read_only:
        status = switches.read_only_status
        raise RestError(status, envelope(status, "Read-only mode is enabled", read_only=False))


def _by_password(connection: sqlite3.Connection, value: str) -> Person:
    try:
        username, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise log_in_failed("AUTHENTICATED_FAILED", base_address()) from error
    here = site()
    wrong = here.wrong_passwords.get(username, 0)
    if here.switches.captcha and wrong >= here.switches.captcha:
        raise log_in_failed("AUTHENTICATION_DENIED", base_address())
    person = accounts.find_by_password(connection, username, password)
    if person is None:
        here.wrong_passwords[username] = wrong + 1
        raise log_in_failed("AUTHENTICATED_FAILED", base_address())
    here.wrong_passwords.pop(username, None)
    return person
