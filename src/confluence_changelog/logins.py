"""Which sites have a stored log-in: a small file of the user's, without any secret.

It lets hooks know that there are credentials without asking for them, which would take a hundred times
as long; and it says to which addresses credentials may go besides that of CONFLUENCE_URL. Loads nothing
that a hook has not loaded anyway.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from confluence_changelog.files import put

VERSION = 1

Kept = Literal["keyring", "command", "netrc"]
"""Where the secret is."""


class StoredLogin(NamedTuple):
    """A site that its user has logged in to."""

    site: str
    """Its origin, such as ``https://wiki.example.com``."""
    source: Kept = "keyring"
    gateway: str = ""
    """Atlassian's gateway, where requests go through it."""


def folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return our folder in the user's configuration; None where the user has none.

    ``%APPDATA%`` on Windows, ``~/Library/Application Support`` on macOS, else ``$XDG_CONFIG_HOME`` or
    ``~/.config`` (XDG Base Directory Specification).
    """
    home = environment.get("HOME", "")
    if sys.platform == "win32":
        place = environment.get("APPDATA", "")
    elif sys.platform == "darwin":
        place = home and f"{home}/Library/Application Support"
    else:
        place = environment.get("XDG_CONFIG_HOME", "") or (home and f"{home}/.config")
    return Path(place, "confluence-changelog") if place and Path(place).is_absolute() else None


def read(environment: Mapping[str, str] = os.environ) -> list[StoredLogin]:
    """Return all stored log-ins; none where the file is not there, or is damaged."""
    file = _file(environment)
    try:
        data = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return []
    items = data.get("logins") if isinstance(data, dict) else None
    found = [_login(item) for item in items] if isinstance(items, list) else []
    return [login for login in found if login]


def find(site: str, environment: Mapping[str, str] = os.environ) -> StoredLogin | None:
    """Return the stored log-in of a site, given as its origin, or None."""
    return next((login for login in read(environment) if login.site == site), None)


def add(login: StoredLogin, environment: Mapping[str, str] = os.environ) -> None:
    """Note a log-in, in the place of one for the same site.

    Raises:
        OSError: the file cannot be written, or the user has no folder for it.

    """
    others = [each for each in read(environment) if each.site != login.site]
    _write([*others, login], environment)


def remove(site: str, environment: Mapping[str, str] = os.environ) -> None:
    """Forget the log-in of a site. Raises OSError."""
    _write([each for each in read(environment) if each.site != site], environment)


def covers(site: str, address: str) -> bool:
    """Tell, without taking it apart, whether an address is on a site; never true for another host."""
    address = address.strip().lower()
    return address == site or address.startswith((f"{site}/", f"{site}?", f"{site}#"))


def _file(environment: Mapping[str, str]) -> Path | None:
    place = folder(environment)
    return place / "logins.json" if place else None


def _login(item: object) -> StoredLogin | None:
    if not isinstance(item, dict):
        return None
    site, source, gateway = (str(item.get(key, "")) for key in ("site", "source", "gateway"))
    if not site.startswith(("http://", "https://")) or source not in get_args(Kept):
        return None
    return StoredLogin(site, source, gateway)  # type: ignore[arg-type]  # it was looked up


def _write(logins: list[StoredLogin], environment: Mapping[str, str]) -> None:
    file = _file(environment)
    if file is None:
        raise FileNotFoundError("the user has no folder for configuration")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = {"version": VERSION, "logins": [login._asdict() for login in logins]}
    put(file, json.dumps(data, indent=2).encode("utf-8"), 0o600)
