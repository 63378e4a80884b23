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

    CI systems kill what outlives a step (all of them set CI, or can): there `publish` is a step.
    """
    if environment.get("CI") or not environment.get("CONFLUENCE_URL"):
        return False
    user, password = environment.get("CONFLUENCE_USER"), environment.get("CONFLUENCE_PASSWORD")
    return bool(environment.get("CONFLUENCE_TOKEN") or (user and password))


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
