"""Makes a repository with a believable history of configuration changes, by real Git commands."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.errors import GitError

REMOTE = "https://gitlab.example.com/ops/network-config.git"

_ADA = ("Ada Example", "ada@example.com")
_BO = ("Bo Example", "bo@example.com")
_CY = ("Cy Example", "cy@example.com")


class Change(NamedTuple):
    """A commit to make."""

    author: tuple[str, str]
    date: str
    path: str
    content: str
    message: str


CHANGES = (
    Change(
        _ADA,
        "2026-03-02T09:12:00+0100",
        "dns/resolvers.conf",
        "nameserver 192.0.2.10\n",
        "Take the resolvers over from the old wiki page\n\nThey were kept by hand in two places, and "
        "the places had\nbegun to differ.\n",
    ),
    Change(
        _BO,
        "2026-03-05T16:40:00+0100",
        "proxy/limits.conf",
        "max_connections = 2000\n",
        "Raise the proxy's connection limit to 2000\n\nThe report at the end of the month needs about "
        "1600 connections for ten\nminutes; with the limit at 1200 users saw `503` twice in "
        "February.\n\n- measured on the staging proxy\n- memory stays below 2 GB\n\n"
        "Ticket: OPS-1417\n",
    ),
    Change(
        _CY,
        "2026-03-09T08:03:00+0100",
        "firewall/rules.txt",
        "allow tcp 192.0.2.0/24 -> 198.51.100.7:5432\n",
        "Open the database port for the reporting hosts\n\nReporting moves from nightly dumps to "
        "live queries <read only>.\nAgreed with the data owners & security.\n",
    ),
    Change(
        _ADA,
        "2026-03-12T11:25:00+0100",
        "dns/resolvers.conf",
        "nameserver 192.0.2.53\nnameserver 192.0.2.10\n",
        "Add 192.0.2.53 as the first resolver\n\nThe old resolver leaves the data centre on Friday; "
        "clients that still ask it\nwould lose name resolution.\n\nTicket: OPS-1423\n",
    ),
    Change(
        _BO,
        "2026-03-12T17:58:00+0100",
        "proxy/limits.conf",
        "max_connections = 2000\ntimeout = 30\n",
        "fix\n",
    ),
)

ON_BRANCH = (
    Change(
        _CY,
        "2026-03-13T10:00:00+0100",
        "mail/relay.conf",
        "relayhost = [mx.example.com]:587\nsmtp_tls_security_level = encrypt\n",
        "Send mail through the relay with TLS only\n\n1. the provider ends plain SMTP in April\n"
        "2. port 25 is closed in the new data centre anyway\n",
    ),
)

LATER = Change(
    _ADA,
    "2026-03-16T07:45:00+0100",
    "dns/resolvers.conf",
    "nameserver 192.0.2.53\n",
    "Remove the old resolver\n\n192.0.2.10 was switched off on Friday as planned.\n\n"
    "Ticket: OPS-1423\n",
)

_MERGE_DATE = "2026-03-13T15:30:00+0100"


def make_history(folder: Path) -> None:
    """Make a repository in an empty folder.

    Raises:
        GitError: Git is not there, or refused.

    """
    _git(folder, ["init", "--quiet", "--initial-branch=main"])
    _git(folder, ["remote", "add", "origin", REMOTE])
    commit(folder, CHANGES)
    _git(folder, ["switch", "--quiet", "--create", "mail-tls"])
    commit(folder, ON_BRANCH)
    _git(folder, ["switch", "--quiet", "main"])
    merge = ["merge", "--quiet", "--no-ff", "--message", "Merge branch 'mail-tls'", "mail-tls"]
    _git(folder, merge, _identity(_BO, _MERGE_DATE))


def commit(folder: Path, changes: Iterable[Change]) -> None:
    """Commit changes, one after another."""
    for change in changes:
        path = folder / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.content, encoding="utf-8", newline="\n")
        _git(folder, ["add", "--all"])
        environment = _identity(change.author, change.date)
        _git(folder, ["commit", "--quiet", "--file=-"], environment, change.message)


def _identity(author: tuple[str, str], date: str) -> dict[str, str]:
    name, email = author
    return {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", name), ("EMAIL", email), ("DATE", date))
    }


def _git(
    folder: Path, arguments: list[str], environment: dict[str, str] | None = None, stdin: str = ""
) -> None:
    """Run Git without the user's configuration: no signing, no hooks, no templates."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    isolated = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    try:
        subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=inherited | isolated | (environment or {}),
            input=stdin.encode("utf-8"),
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise GitError("Git was not found; install it or put it on PATH.") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise GitError(f"git {arguments[0]} failed in {folder} ({said}).") from error
