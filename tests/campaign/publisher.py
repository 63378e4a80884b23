"""One publisher process: starts it on its course and waits for its end."""

import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from campaign.plan import Step
from campaign.proxy import Course


class Ended(NamedTuple):
    """A process that has ended."""

    status: int
    output: str
    errors: str


def publish(
    command: Sequence[str],
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    course: Course,
    verb: str = "publish",
) -> Ended:
    """Run one publisher in a folder, killed where its course says so.

    `environment` is added to this process's own; with another `verb` it does something else.
    """
    with _watching_git(course) as tracing:
        process = subprocess.Popen(
            [*command, verb, "--format", "json", *arguments],
            cwd=folder,
            env=without_coverage() | dict(environment) | tracing,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        course.process.set_result(process)
        course.kill_at(Step.STARTED, 1)
        output, errors = process.communicate()
    return Ended(process.returncode, output, errors)


def without_coverage() -> dict[str, str]:
    """Return this process's environment without coverage, whose file a kill would leave half-written."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COVERAGE_PROCESS_")
    }


@contextmanager
def _watching_git(course: Course) -> Iterator[dict[str, str]]:
    """Kill the publisher when it starts Git for the nth time, if that is planned.

    Yields variables for its environment: Git tells a socket that it has started (Git:
    api-trace2, "af_unix"). Where Python has no such sockets, nothing is killed there.
    """
    kill = course.attempt.kill
    if kill is None or kill.step is not Step.GIT or not hasattr(socket, "AF_UNIX"):
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        address = str(Path(folder, "git"))
        listener.bind(address)
        listener.listen()
        over = threading.Event()
        watch = threading.Thread(target=_count_git, args=(listener, course, over))
        watch.start()
        try:
            yield {"GIT_TRACE2_EVENT": f"af_unix:stream:{address}"}
        finally:
            over.set()
            with socket.socket(socket.AF_UNIX) as last, suppress(OSError):
                last.connect(address)
            watch.join()


def _count_git(listener: socket.socket, course: Course, over: threading.Event) -> None:
    """Accept what each Git says, and keep the connections open so that none is disturbed."""
    connections: list[socket.socket] = []
    while not over.is_set():
        connections.append(listener.accept()[0])
        if not over.is_set() and course.kill_at(Step.GIT, len(connections)):
            break
    over.wait()
    for connection in connections:
        connection.close()
