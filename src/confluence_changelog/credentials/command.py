"""A command whose output is the secret: a password manager's, for instance.

It is named in CONFLUENCE_CREDENTIAL_COMMAND, or as ``confluence-changelog.credentialCommand`` in the
user's or the machine's Git configuration. A repository's own configuration is never looked at: whoever
made the folder decides what stands there.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from confluence_changelog.credentials.auth import Credentials, Login, Source
from confluence_changelog.errors import GitError, UsageError
from confluence_changelog.git import user_setting

VARIABLE = "CONFLUENCE_CREDENTIAL_COMMAND"
SETTING = "confluence-changelog.credentialCommand"
_USER_SETTING = "confluence-changelog.user"

SECONDS = 60
"""So long a password manager may take, which may ask its user for a password of its own."""


def from_command(environment: Mapping[str, str]) -> Credentials | None:
    """Return what a command gives; None where none is named.

    The first line of its output is the secret: the password or API token of CONFLUENCE_USER (or
    ``confluence-changelog.user`` in the same Git configuration), or else a personal access token.

    Raises:
        UsageError: it cannot be run, fails, takes too long, or gives nothing. What it printed is
            never shown.

    """
    user = environment.get("CONFLUENCE_USER", "").strip()
    if line := environment.get(VARIABLE, "").strip():
        called = VARIABLE
    elif line := _setting(SETTING):
        called, user = SETTING, user or _setting(_USER_SETTING)
    else:
        return None
    secret = _first_line(_run(_words(line, called), called), called)
    source = Source(
        f"the command of {called}", f"check what the command of {called} gives, and for which user"
    )
    return Login(user, secret).auth(source, f"What the command of {called} gives")


def _setting(key: str) -> str:
    try:
        return user_setting(key).strip()
    except GitError:  # there is no Git, and so no configuration of it
        return ""


def _words(line: str, called: str) -> list[str]:
    """Return program and arguments; the program by its absolute path.

    One that is found through the present folder could be a file of the repository.
    """
    try:
        words = shlex.split(line, posix=os.name == "posix")
    except ValueError:  # its message may quote the line
        words = []
    words = words if os.name == "posix" else [word.strip('"') for word in words]
    found = shutil.which(words[0]) if words else None
    if found is None or not Path(found).is_absolute():
        raise UsageError(
            f"The command of {called} cannot be run; it must begin with the name of a program on the "
            "PATH, or with its absolute path, and close what it quotes."
        )
    return [found, *words[1:]]


def _run(words: list[str], called: str) -> bytes:
    """Run a command without a shell, in the user's folder; what it says is never shown."""
    home = Path("~").expanduser()
    try:
        done = subprocess.run(
            words,
            cwd=home if home.is_dir() else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"The command of {called} gave nothing within {SECONDS} seconds; run it yourself to see "
            "what it waits for."
        ) from None
    except OSError:
        raise UsageError(
            f"The command of {called} could not be started; run it yourself to see why."
        ) from None
    if done.returncode:
        raise UsageError(
            f"The command of {called} ended with status {done.returncode}; run it yourself to see why."
        )
    return done.stdout


def _first_line(output: bytes, called: str) -> str:
    lines = output.decode("utf-8", "surrogateescape").splitlines()
    if not lines or not lines[0].strip():
        raise UsageError(
            f"The command of {called} gave nothing in the first line of its output, where the secret "
            "belongs; correct it."
        )
    return lines[0]
