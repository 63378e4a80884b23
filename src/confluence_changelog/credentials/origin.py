"""Addresses, as far as they decide where credentials may go. Pure."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from confluence_changelog.errors import UsageError

_PORTS = {"http": 80, "https": 443}


def base_address(address: str) -> str:
    """Return an address of Confluence without user, query, fragment and slash at its end.

    Raises:
        UsageError: it is no http(s) address, or holds a password.

    """
    parts = split(address.strip())
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


def split(address: str) -> SplitResult:
    """Return the parts of an address; empty ones where it is none."""
    try:
        return urlsplit(address)
    except ValueError:  # such as "https://[::1"
        return SplitResult("", "", "", "", "")


def origin(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address: what decides whether credentials may go there."""
    parts = split(address)
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        port = None
    return parts.scheme.lower(), (parts.hostname or "").lower(), port


def site_of(address: str) -> str:
    """Return the origin of an address as a text, without a port that its scheme implies."""
    scheme, host, port = origin(address)
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port == _PORTS.get(scheme) else f"{scheme}://{shown}:{port}"


def host_of(address: str) -> str:
    """Return host and port of an address, without a user, as it is written."""
    return split(address).netloc.rpartition("@")[2]


def refuse_plain_http(base: str, environment: Mapping[str, str]) -> None:
    """Refuse an address without https, unless it is this machine or the environment allows it."""
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
