"""Credentials in a netrc file, as curl, Git and others read it."""

import netrc
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from confluence_changelog.credentials.auth import Credentials, Login, Source
from confluence_changelog.credentials.origin import origin
from confluence_changelog.errors import UsageError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def from_netrc(base: str, environment: Mapping[str, str]) -> Credentials | None:
    """Return what a netrc file has for the host of `base`; None where it has nothing.

    The file is that of the variable NETRC, or ``.netrc`` in the user's folder (``_netrc`` too on
    Windows). Its ``default`` entry, which is for any host, is not used. An entry without a log-in is
    a personal access token.

    Raises:
        UsageError: the file that NETRC names is not there; it cannot be read; or others may read it.

    """
    file = _file(environment)
    if file is None:
        return None
    found = _entries(file).get(origin(base)[1])
    if found is None or not found[2]:
        return None
    _refuse_open(file)
    source = Source(f"netrc ({file})", f"correct the entry for this host in {file}")
    return Login(found[0] or "", found[2]).auth(source, f"The entry for this host in {file}")


def _file(environment: Mapping[str, str]) -> Path | None:
    if named := environment.get("NETRC", ""):
        return Path(named)
    home = environment.get("USERPROFILE" if os.name == "nt" else "HOME", "")
    names = (".netrc", "_netrc") if os.name == "nt" else (".netrc",)
    return next((file for name in names if home and (file := Path(home, name)).is_file()), None)


def _entries(file: Path) -> dict[str, tuple[str, str | None, str | None]]:
    """Return the entries of a file by host; what does not parse is not quoted, it may be a secret."""
    try:
        entries = netrc.netrc(file).hosts
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read for credentials ({error.strerror}); correct NETRC, or unset it."
        ) from None
    except netrc.NetrcParseError as error:
        raise UsageError(
            f"{file} is not written as a netrc file is (line {error.lineno}); correct it."
        ) from None
    except ValueError:  # such as UnicodeDecodeError
        raise UsageError(f"{file} is not written in UTF-8; correct it.") from None
    return {host.lower(): entry for host, entry in entries.items() if host != "default"}


def _refuse_open(file: Path) -> None:
    """Refuse a file that others may read, as Python does by default (POSIX)."""
    if os.name == "posix" and file.stat().st_mode & _OTHERS:
        raise UsageError(
            f"Others may read {file}, which holds a password for this host; run chmod 600 {file}."
        )
