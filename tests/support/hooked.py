"""Repositories with our hooks, and what their publishers leave behind."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from confluence_changelog import lock, notes
from confluence_changelog.sandbox import LOG_ID, Sandbox
from support.repositories import Repo

HOOKS = Path(__file__).resolve().parents[2] / "hooks"
LONGEST_WAIT = 300.0
"""Seconds after which a test gives up. It waits for a condition, never for a time."""


def install_hooks(repo: Repo, *, swallow_lists: bool = False) -> None:
    """Install the files of hooks/ as Git's own; a hook manager would swallow the lists of Git."""
    command = f'"{sys.executable}" -P -m confluence_changelog'
    for name in ("post-commit", "post-merge", "post-rewrite"):
        text = (HOOKS / name).read_text(encoding="utf-8").partition("\n")[2]
        script = text.replace("confluence-changelog", command)
        if swallow_lists:
            script = 'export PRE_COMMIT_REWRITE_COMMAND="$1"; set --; exec </dev/null\n' + script
        repo.hook(name, script)


def folder(repo: Repo) -> Path:
    """Return the folder of the notes."""
    return notes.home(repo.path / ".git")


def noted(repo: Repo) -> set[str]:
    """Return the ids of the commits that wait for the next publisher."""
    return {note.id for note in notes.read(notes.pending(repo.path / ".git"))}


def publish_pending(repo: Repo) -> subprocess.CompletedProcess[str]:
    """Run `publish --pending` in a process of its own, and wait for one that a hook has started.

    A publisher that started late may hold the lock: then it does the work, and ours ends at once.
    """
    done = publish(repo, "--pending")
    if done.returncode == 0:
        eventually(lambda: _is_idle(repo))
    return done


def _is_idle(repo: Repo) -> bool:
    with lock.exclusive(folder(repo) / "lock") as is_mine:
        return is_mine


def publish(repo: Repo, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `publish` in a process of its own."""
    command = [sys.executable, "-m", "confluence_changelog", "publish", *options]
    return subprocess.run(
        command, cwd=repo.path, capture_output=True, encoding="utf-8", check=False
    )


@contextmanager
def no_publisher(repo: Repo) -> Iterator[None]:
    """Hold the lock, so that publishers which hooks start end at once."""
    with lock.exclusive(folder(repo) / "lock") as is_mine:
        assert is_mine
        yield


def logged(sandbox: Sandbox) -> list[str]:
    """Return the ids of the rows of the log, from top to bottom; a link to a row is none."""
    return re.findall(r'(?<!ac:anchor=")cl1-([0-9a-f]{40})-repo-', sandbox.page(LOG_ID).storage)


def eventually(condition: Callable[[], bool]) -> None:
    """Return when the condition holds; fail when it never does."""
    end = time.monotonic() + LONGEST_WAIT
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


@contextmanager
def listener(answer: Callable[[socket.socket], None] | None = None) -> Iterator[socket.socket]:
    """Listen on a port of this machine; with ``answer`` every connection is given to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(LONGEST_WAIT)
        if answer is not None:
            threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
        yield server


def _serve(server: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            try:
                answer(connection)
            except OSError:
                continue


@contextmanager
def gate(sandbox: Sandbox) -> Iterator[tuple[str, threading.Event, threading.Event]]:
    """Put a gate before a sandbox: its address, an event that somebody came, and one that opens it."""
    parts = urlsplit(sandbox.url)
    came, opened = threading.Event(), threading.Event()

    def relay(connection: socket.socket) -> None:
        came.set()
        opened.wait(LONGEST_WAIT)
        with socket.create_connection((str(parts.hostname), parts.port or 80)) as inner:
            threading.Thread(target=_copy, args=(inner, connection), daemon=True).start()
            _copy(connection, inner)

    with listener(relay) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came, opened


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
