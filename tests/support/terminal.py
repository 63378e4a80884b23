"""A person at a terminal, who answers the questions of a command."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LONGEST_WAIT = 300.0
"""Seconds after which a test gives up. It waits for a question, never for a time."""


class Session(NamedTuple):
    """What came of it."""

    status: int
    out: str
    """Standard output, which is no terminal."""
    screen: str
    """What the terminal showed: standard error, and what was typed."""


def converse(
    arguments: Sequence[str],
    answers: Sequence[tuple[str, str]],
    folder: Path,
    environment: Mapping[str, str] = os.environ,
) -> Session:
    """Run a command on a pseudo-terminal; type each answer when its question is on the screen.

    A question is a piece of text; the next one is looked for behind it. POSIX only.
    """
    import pty
    import tempfile

    main, terminal = pty.openpty()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "confluence_changelog", *arguments],
            cwd=folder,
            env={**environment, "TERM": "dumb", "NO_COLOR": "1"},
            stdin=terminal,
            stdout=out,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        try:
            screen = _answer(main, answers)
            status = process.wait(LONGEST_WAIT)
        finally:
            process.kill()
            process.wait()
            os.close(main)
        out.seek(0)
        return Session(status, out.read().decode(), screen)


def _answer(main: int, answers: Sequence[tuple[str, str]]) -> str:
    screen, seen = "", 0
    waiting = list(answers)
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        if not select.select([main], [], [], 1)[0]:
            continue
        try:
            data = os.read(main, 65536)
        except OSError:  # Linux: the other side has closed
            data = b""
        if not data:
            break
        screen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", data.decode("utf-8", "replace"))
        while waiting and (at := screen.find(waiting[0][0], seen)) >= 0:
            question, typed = waiting.pop(0)
            seen = at + len(question)
            os.write(main, f"{typed}\n".encode())
    assert waiting == [], f"never asked: {waiting[0][0]!r} in {screen!r}"
    return screen
