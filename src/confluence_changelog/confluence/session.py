"""A session with one site: its headers, its credentials, and whose certificates it trusts.

``requests`` trusts the authorities that it brings along; a company's own stand in the operating
system's store. So both are trusted, unless REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or SSL_CERT_FILE names a
file, which then alone counts, in this order.
"""

import os
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.utils import get_environ_proxies, select_proxy

if TYPE_CHECKING:
    from requests.adapters import _HostParams, _PoolKwargs

from confluence_changelog import __version__
from confluence_changelog.credentials import is_this_machine


class _Session(requests.Session):
    """A session that does not even look where a redirect leads."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return that there is none; requests would read the answer's body to follow it."""


class _SystemTrust(HTTPAdapter):
    """Trusts what the operating system trusts, besides what requests does."""

    def __init__(self) -> None:
        import truststore

        self._context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__()

    def build_connection_pool_key_attributes(
        self,
        request: requests.PreparedRequest,
        verify: bool | str,
        cert: str | tuple[str, str] | None = None,
    ) -> "tuple[_HostParams, _PoolKwargs]":
        """Return what connections are made with, our context among it."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        pool["ssl_context"] = self._context
        return host, pool


def open_session(auth: AuthBase, environment: Mapping[str, str] = os.environ) -> requests.Session:
    """Return a session whose requests carry `auth`.

    Because it is set, ``requests`` never looks into a netrc file for credentials of its own.
    """
    session = _Session()
    session.auth = auth
    session.headers.update(
        {
            "Accept": "application/json",
            "User-Agent": f"confluence-changelog/{__version__}",
            "X-Atlassian-Token": "no-check",
        }
    )
    if environment.get("SSL_CERT_FILE"):
        session.verify = environment["SSL_CERT_FILE"]
    elif not environment.get("REQUESTS_CA_BUNDLE") and not environment.get("CURL_CA_BUNDLE"):
        session.mount("https://", _SystemTrust())
    return session


def proxy_of(address: str) -> str | None:
    """Return the proxy that requests to an address go through; None for no proxy.

    Plain HTTP to this machine goes through none, whatever the environment says: it is allowed because
    nobody is on the way, and a proxy would be, and read the credentials.
    """
    without = proxies_for(address).get("no_proxy")
    return select_proxy(address, get_environ_proxies(address, no_proxy=without))


def proxies_for(address: str) -> dict[str, str]:
    """Return what a request has to be given besides the environment's proxies (see `proxy_of`)."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return {"no_proxy": host} if parts.scheme == "http" and is_this_machine(host) else {}


def openly(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request without credentials."""
    return request
