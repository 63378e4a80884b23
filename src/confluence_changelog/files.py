"""Writes files so that they are whole or unchanged, whatever happens on the way."""

import os
from pathlib import Path


def put(file: Path, data: bytes, permissions: int = 0o666) -> None:
    """Write a file, in the place of one that is there.

    ``permissions`` are those of a new file before the umask; one that is there keeps its own.
    """
    file = file.resolve()
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, permissions), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            temporary.chmod(file.stat().st_mode)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
