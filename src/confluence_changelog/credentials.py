"""Where credentials come from, and where alone they are sent.

They come from the environment: CONFLUENCE_TOKEN (a personal access token), or CONFLUENCE_USER and
CONFLUENCE_PASSWORD. They are sent only to the origin of CONFLUENCE_URL, whatever a file of the
repository or a command line in it says, and never over plain HTTP to another machine.
"""

import html
import ipaddress
import json
import os
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, quote_plus, urlsplit

import requests
from requests.auth import AuthBase

from confluence_changelog.errors import UsageError
from confluence_changelog.redact import REMOVED

_PORTS = {"http": 80, "https": 443}


class Credentials(AuthBase):
    """Puts an ``Authorization`` header on requests, and takes its secrets out of texts."""

    def __init__(self, header: str, *secrets: str) -> None:
        """Take the header's value, and the secrets in it."""
        self._header = header
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the header on a request."""
        request.headers["Authorization"] = self._header
        return request

    def hide(self, text: str) -> str:
        """Return a text that a server gave, with ``[removed]`` in place of each secret."""
        for form in self._forms:
            text = text.replace(form, REMOVED)
        return text


class BearerAuth(Credentials):
    """A personal access token: ``Authorization: Bearer …`` (Data Center 7.9 and later)."""

    def __init__(self, token: str) -> None:
        """Take the token."""
        super().__init__(f"Bearer {token}", token)


class BasicAuth(Credentials):
    """User and password: ``Authorization: Basic …``, in UTF-8."""

    def __init__(self, user: str, password: str) -> None:
        """Take user and password."""
        pair = f"{user}:{password}".encode("utf-8", "surrogateescape")
        value = b64encode(pair).decode("ascii")
        super().__init__(f"Basic {value}", value, password)


def credentials_for(base: str, environment: Mapping[str, str] = os.environ) -> Credentials:
    """Return what authenticates requests to `base`.

    Raises:
        UsageError: there are no credentials, they are for another host, or the address is not safe
            for them.

    """
    trusted = environment.get("CONFLUENCE_URL", "")
    host = urlsplit(base).netloc.rpartition("@")[2]
    if not trusted or _origin(_split(trusted)) != _origin(urlsplit(base)):
        raise UsageError(
            f"Credentials are sent only to the host of CONFLUENCE_URL, which is "
            f"{_split(trusted).netloc.rpartition('@')[2] or 'not set'}, not to {host}; set "
            f"CONFLUENCE_URL={base} in the environment if they are meant for it."
        )
    _refuse_plain_http(base, environment)
    token = environment.get("CONFLUENCE_TOKEN", "").strip()
    user = environment.get("CONFLUENCE_USER", "").strip()
    password = environment.get("CONFLUENCE_PASSWORD", "")
    if token:
        if not token.isascii():
            raise UsageError(
                "CONFLUENCE_TOKEN holds a character that is in no token; copy it from Confluence again."
            )
        return BearerAuth(_one_line(token, "CONFLUENCE_TOKEN"))
    if user and password:
        return BasicAuth(_one_line(user, "CONFLUENCE_USER"), password)
    raise UsageError(
        f"There are no credentials for {host}; set CONFLUENCE_TOKEN, or CONFLUENCE_USER and "
        "CONFLUENCE_PASSWORD, in the environment."
    )


def _forms(secret: str) -> set[str]:
    """Return a secret as an answer may repeat it: in an address, in HTML, in JSON, on one line."""
    data = secret.encode("utf-8", "surrogateescape")
    return {
        secret,
        " ".join(secret.split()),
        quote(data),
        quote(data, safe=""),
        quote_plus(data),
        html.escape(secret),
        html.escape(secret, quote=False),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        b64encode(data).decode("ascii"),
    } - {""}


def base_address(address: str) -> str:
    """Return an address of Confluence without user, query, fragment and slash at its end.

    Raises:
        UsageError: it is no http(s) address, or holds a password.

    """
    parts = _split(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{without_user(address)!r} is no address of Confluence; it must begin with https:// and "
            "a host."
        )
    if "@" in parts.netloc:
        raise UsageError(
            f"The address of Confluence on {parts.hostname} holds a user or password; set "
            "CONFLUENCE_USER and CONFLUENCE_PASSWORD instead."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def without_user(address: str) -> str:
    """Return what was given as an address with all before an ``@``, and any query, left out."""
    return address.rpartition("@")[2].partition("?")[0]


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # such as "https://[::1"
        return SplitResult("", "", "", "", "")


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        port = None
    return parts.scheme.lower(), (parts.hostname or "").lower(), port


def _refuse_plain_http(base: str, environment: Mapping[str, str]) -> None:
    parts = urlsplit(base)
    if parts.scheme == "https" or is_this_machine(parts.hostname or ""):
        return
    if environment.get("CONFLUENCE_ALLOW_HTTP", "") in ("1", "true", "yes"):
        return
    raise UsageError(
        f"{base} is not https, so anybody on the way could read the credentials; use https, or set "
        "CONFLUENCE_ALLOW_HTTP=1 to send them all the same."
    )


def is_this_machine(host: str) -> bool:
    """Say whether a host name is this machine's own: localhost or a loopback address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one_line(value: str, name: str) -> str:
    if any(ord(character) < 32 for character in value):
        raise UsageError(f"{name} holds a line break or control character; set it again.")
    return value
