"""Starts a publisher that outlives the hook which starts it, and that nobody waits for."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

COMMAND = (sys.executable, "-P", "-m", "confluence_changelog", "publish", "--pending", "--quiet")
"""The interpreter is named by its path, because a graphical client knows no virtual environment. With -P
it takes no module from the present folder, which holds files of the repository."""

_NICE = 10
"""The committer's next command comes first (POSIX: setpriority)."""


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether hooks publish here: not in CI, and not without an address and credentials.

    CI systems kill what outlives a step (all of them set CI, or can): there `publish` is a step. Of
    credentials that are not in the environment only the note that `login` made is looked at. Without
    CONFLUENCE_URL any log-in will do here, and `is_meant` says for which repositories.
    """
    if environment.get("CI"):
        return False
    url = environment.get("CONFLUENCE_URL", "")
    if url and _has_credentials(environment):
        return True
    from confluence_changelog import logins  # most hooks do without

    return any(not url or logins.covers(login.site, url) for login in logins.read(environment))


def is_meant(configuration: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether what hooks note is for a site that there are credentials for.

    Without CONFLUENCE_URL, the text of the configuration or CONFLUENCE_PAGE has to name the host of a
    stored log-in; whether it names the page there, is for the publisher to say.
    """
    if environment.get("CONFLUENCE_URL"):
        return True
    from confluence_changelog import logins

    named = f"{configuration}\n{environment.get('CONFLUENCE_PAGE', '')}".lower()
    hosts = (login.site.partition("://")[2] for login in logins.read(environment))
    return any(host in named for host in hosts)


def _has_credentials(environment: Mapping[str, str]) -> bool:
    user, password = environment.get("CONFLUENCE_USER"), environment.get("CONFLUENCE_PASSWORD")
    token, command = (
        environment.get(name) for name in ("CONFLUENCE_TOKEN", "CONFLUENCE_CREDENTIAL_COMMAND")
    )
    return bool(token or (user and password) or command)


def start(root: Path, common_dir: Path) -> None:
    """Start a publisher of what is noted, and return at once.

    It has no standard streams (`git commit` would wait for whoever keeps its output open), a session
    of its own (a closed terminal does not end it), nothing of Git's environment, and nobody to ask.
    """
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    folder = root if (root / ".git").exists() else common_dir
    flags = 0
    if sys.platform == "win32":
        # Not DETACHED_PROCESS: without a console of its own, each git that it runs would open one
        # (Microsoft: "Process Creation Flags").
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        flags |= subprocess.BELOW_NORMAL_PRIORITY_CLASS
    process = subprocess.Popen(
        COMMAND,
        cwd=folder,
        env=inherited | {"GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        start_new_session=True,
        creationflags=flags,
    )
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
    process.returncode = 0  # it is never waited for, which Python would complain of
