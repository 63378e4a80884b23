"""The server: a sandbox in a process of its own, whose pages are read in its file afterwards."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from campaign.flavours import EDITOR, WIRES, Wire
from campaign.publisher import without_coverage
from campaign.verdict import Stored
from confluence_changelog.confluence.page import Flavour
from confluence_changelog.sandbox import Sandbox


class Server(NamedTuple):
    """A running server with the page."""

    url: str
    page: int
    wire: Wire


@contextmanager
def serve(data: Path, storage: str, flavour: Flavour) -> Iterator[Server]:
    """Run a server with a page that has this body; `data` becomes its SQLite file."""
    with Sandbox(data=data, flavour=flavour) as sandbox:
        page = sandbox.create_page("Configuration log", storage, author=EDITOR).id
    command = [sys.executable, "-m", "confluence_changelog", "sandbox", "--port", "0"]
    command += ["--flavour", flavour]
    with subprocess.Popen(
        [*command, "--data", str(data)],
        env=without_coverage(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), page, WIRES[flavour])
        finally:
            process.terminate()


def stored(data: Path, server: Server) -> list[Stored]:
    """Return the versions of a page in the file of a server that has ended, the oldest first."""
    with Sandbox(data=data, flavour=server.wire.flavour) as sandbox:
        return [
            Stored(version.number, version.storage, version.author != EDITOR)
            for version in reversed(sandbox.versions(server.page))
        ]


def archives(data: Path, server: Server) -> list[str]:
    """Return the bodies of the archives that a log links, the newest first."""
    with Sandbox(data=data, flavour=server.wire.flavour) as sandbox:
        linked = re.findall(r">cl1-archive-([0-9]+)-", sandbox.page(server.page).storage)
        return [sandbox.page(int(page)).storage for page in reversed(linked)]
