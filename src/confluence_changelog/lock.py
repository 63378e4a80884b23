"""An operating system's lock on a file: it ends with the process that holds it, however that ends."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TRIES = 3
_PAUSE = 0.05
"""Seconds. Whoever only asks whether the lock is held holds it for less."""


@contextmanager
def exclusive(path: Path) -> Iterator[bool]:
    """Hold the lock for the body of the statement; give whether it could be had, without waiting.

    The file is made where it is missing, and stays: a process may be waiting to open it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        yield any(_try(file, pause=_PAUSE * bool(attempt)) for attempt in range(_TRIES))


def is_held(path: Path) -> bool:
    """Tell whether a process holds the lock."""
    if not path.exists():
        return False
    with path.open("ab") as file:
        return not _try(file)


def _try(file: IO[bytes], *, pause: float = 0) -> bool:
    time.sleep(pause)
    try:
        _take(file)
    except OSError:
        return False
    return True
