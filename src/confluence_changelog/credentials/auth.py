"""Credentials once they are found: what puts them on a request, and takes them out of texts."""

import html
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import requests
from requests.auth import AuthBase

from confluence_changelog.errors import UsageError
from confluence_changelog.redact import REMOVED


class Source(NamedTuple):
    """Where credentials were found."""

    name: str
    """For people, such as ``the keyring``."""
    remedy: str = ""
    """What to do when they are refused; empty: what the kind of Confluence suggests."""


GIVEN = Source("the program")
"""That of credentials which a program made itself."""


class Credentials(AuthBase):
    """Puts an ``Authorization`` header on requests, and takes its secrets out of texts."""

    kind = "credentials"
    user = ""

    def __init__(self, header: str, *secrets: str, source: Source = GIVEN) -> None:
        """Take the header's value, the secrets in it, and where they were found."""
        self._header = header
        self.source = source
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the header on a request."""
        request.headers["Authorization"] = self._header
        return request

    def named(self, *, cloud: bool) -> str:  # noqa: ARG002 - what a password is called depends on it
        """Return what kind of credentials they are, in the words of that kind of Confluence."""
        return self.kind

    def hide(self, text: str) -> str:
        """Return a text that a server gave, with ``[removed]`` in place of each secret."""
        for form in self._forms:
            text = text.replace(form, REMOVED)
        return text


class BearerAuth(Credentials):
    """A personal access token: ``Authorization: Bearer …`` (Data Center 7.9 and later)."""

    kind = "a personal access token"

    def __init__(self, token: str, source: Source = GIVEN) -> None:
        """Take the token."""
        super().__init__(f"Bearer {token}", token, source=source)


class BasicAuth(Credentials):
    """User and password: ``Authorization: Basic …``, in UTF-8."""

    kind = "user and password"

    def __init__(self, user: str, password: str, source: Source = GIVEN) -> None:
        """Take user and password."""
        pair = f"{user}:{password}".encode("utf-8", "surrogateescape")
        value = b64encode(pair).decode("ascii")
        super().__init__(f"Basic {value}", value, password, source=source)
        self.user = user

    def named(self, *, cloud: bool) -> str:
        """Return what they are called; Cloud takes no passwords."""
        return "e-mail address and API token" if cloud else self.kind


class Nobody(Credentials):
    """Leaves requests without credentials."""

    def __init__(self) -> None:
        """Take nothing."""
        super().__init__("")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave a request as it is."""
        return request


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """A secret and whose it is, as they were given. It is never shown."""

    user: str
    """A user name, or on Cloud an e-mail address; empty: the secret is a personal access token."""
    secret: str

    def auth(self, source: Source, called: str) -> Credentials:
        """Return what puts them on requests.

        Raises:
            UsageError: they hold what no header can; `called` names what they are, or where from.

        """
        if self.user:
            return BasicAuth(_one_line(self.user, called), self.secret, source)
        token = self.secret.strip()
        if not token.isascii():
            raise UsageError(
                f"{called} holds a character that is in no token; copy it from Confluence again."
            )
        return BearerAuth(_one_line(token, called), source)


def _one_line(value: str, called: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise UsageError(f"{called} holds a line break or control character; set it again.")
    return value


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
