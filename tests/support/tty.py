"""Runs a command all of whose streams are one terminal, and types what it asks for."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LONGEST_WAIT = 300.0
"""Seconds after which a test gives up: it waits for questions, never for a time."""


class Session(NamedTuple):
    """What the terminal showed, and the exit status."""

    shown: str
    code: int


def converse(
    arguments: Sequence[str],
    answers: Sequence[tuple[str, str]],
    *,
    folder: Path,
    environment: Mapping[str, str],
) -> Session:
    """Run a command; type each answer when what stands before it has been asked. POSIX only."""
    main, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "confluence_changelog", *arguments],
        cwd=folder,
        env=os.environ | dict(environment),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    seen = b""
    try:
        for question, answer in answers:
            seen += _until(main, question.encode())
            os.write(main, f"{answer}\n".encode())
        seen += _until(main, None)
        return Session(seen.decode("utf-8", "replace"), process.wait(LONGEST_WAIT))
    finally:
        process.kill()
        process.wait()
        os.close(main)


def _until(main: int, wanted: bytes | None) -> bytes:
    """Return what is shown up to and with the wanted words; None: all to the end."""
    seen, end = b"", time.monotonic() + LONGEST_WAIT
    while wanted is None or wanted not in seen:
        ready, _, _ = select.select([main], [], [], max(0, end - time.monotonic()))
        assert ready, (wanted, seen)
        try:
            piece = os.read(main, 4096)
        except OSError:  # Linux: nobody holds the other end any more
            piece = b""
        if not piece:
            assert wanted is None, (wanted, seen)
            return seen
        seen += piece
    return seen
