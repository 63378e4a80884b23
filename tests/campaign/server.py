"""The server: a sandbox in a process of its own, whose pages are read in its file afterwards."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from campaign.publisher import without_coverage
from campaign.verdict import Stored
from confluence_changelog.sandbox import Sandbox

EDITOR = "editor"
"""The name and the password of the sandbox's person who makes the page and the other hand's edits."""


class Server(NamedTuple):
    """A running server with the page."""

    url: str
    page: int


@contextmanager
def serve(data: Path, storage: str) -> Iterator[Server]:
    """Run a server with a page that has this body; `data` becomes its SQLite file."""
    with Sandbox(data=data) as sandbox:
        page = sandbox.create_page("Configuration log", storage, author=EDITOR).id
    command = [sys.executable, "-m", "confluence_changelog", "sandbox", "--port", "0"]
    with subprocess.Popen(
        [*command, "--data", str(data)],
        env=without_coverage(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), page)
        finally:
            process.terminate()


def stored(data: Path, page: int) -> list[Stored]:
    """Return the versions of a page in the file of a server that has ended, the oldest first."""
    with Sandbox(data=data) as sandbox:
        return [
            Stored(version.number, version.storage, version.author != EDITOR)
            for version in reversed(sandbox.versions(page))
        ]
