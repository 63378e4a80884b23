"""Notes of commits that wait for their row: one small file each, in the common Git folder.

``confluence-changelog/pending/<full id>`` beside Git's own files, so that they outlive branches,
work trees, reboots and ``git gc``, and are never pushed. Never a ref: refs keep the secrets of
amended commits alive, and ``git push --mirror`` sends them. A note is complete or absent (it is
renamed into place), and its name alone says enough to publish.
"""

import json
import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

VERSION = 1
FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_LAST_TIME = 1e11
_ABANDONED = 24 * 60 * 60
"""Seconds after which nobody is still writing a temporary file."""


class Note(NamedTuple):
    """A commit that waits for its row."""

    id: str
    noted: float
    """When: seconds since 1970."""
    branch: str = ""
    """The full ref that it was made on; empty where that is not known."""
    replaces: tuple[str, ...] = ()
    """The full ids of the commits that vanished for it, in an amendment or a rebase."""


class Failure(NamedTuple):
    """Why the last publisher did not publish everything."""

    time: float
    sentence: str


class Waiting(NamedTuple):
    """How much waits."""

    commits: int
    since: float
    """When the oldest was noted."""


def home(git_dir: Path) -> Path:
    """Return our folder in a Git folder: the common one, or that of one work tree."""
    return git_dir / "confluence-changelog"


def pending(common_dir: Path) -> Path:
    """Return the folder of the commits that wait for the next publisher."""
    return home(common_dir) / "pending"


def held(git_dir: Path) -> Path:
    """Return the folder of the commits of a sequence of cherry-picks that is still going on."""
    return home(git_dir) / "held"


def write(folder: Path, notes: Sequence[Note]) -> None:
    """Put down notes. One that is there already keeps its time and what it replaces."""
    if notes:
        folder.mkdir(parents=True, exist_ok=True)
    for fresh in notes:
        is_there = (folder / fresh.id).exists()
        note = _merged(_read(folder / fresh.id), fresh) if is_there else fresh
        data = {
            "version": VERSION,
            "noted": note.noted,
            "branch": note.branch,
            "replaces": note.replaces,
        }
        # The commits of a pull are many and stand elsewhere too; waiting for the disk at each of
        # them would be felt.
        _put(folder / note.id, data, note.noted, durable=len(notes) == 1)


def read(folder: Path) -> list[Note]:
    """Return the notes of a folder, the oldest first.

    Of a file that somebody damaged the name is still a note. Other files are passed over.
    """
    found = [_read(file) for file in _files(folder) if FULL_ID.fullmatch(file.name)]
    return sorted(found, key=lambda note: (note.noted, note.id))


def strangers(folder: Path) -> list[str]:
    """Return the names of files that are no notes; temporary ones that nobody writes go."""
    names = []
    for file in _files(folder):
        if file.suffix == ".tmp":
            if time.time() - _modified(file) > _ABANDONED:
                file.unlink(missing_ok=True)
        elif not FULL_ID.fullmatch(file.name):
            names.append(file.name)
    return sorted(names)


def remove(folder: Path, notes: Iterable[Note]) -> None:
    """Take notes away, but for those that were written anew after they were read."""
    for note in notes:
        file = folder / note.id
        if file.exists() and _read(file) == note:
            file.unlink(missing_ok=True)


def release(source: Path, target: Path) -> None:
    """Move all notes from one folder to another."""
    notes = read(source)
    write(target, notes)
    remove(source, notes)


def waiting(folder: Path) -> Waiting | None:
    """Return how much waits and since when, without opening a file; None when nothing does."""
    times = [_modified(file) for file in _files(folder) if FULL_ID.fullmatch(file.name)]
    return Waiting(len(times), min(times)) if times else None


def write_failure(common_dir: Path, sentence: str) -> None:
    """Put down why a publisher stopped."""
    folder = home(common_dir)
    folder.mkdir(parents=True, exist_ok=True)
    now = time.time()
    data = {"version": VERSION, "time": now, "sentence": sentence}
    _put(folder / "last-error", data, now, durable=False)


def read_failure(common_dir: Path) -> Failure | None:
    """Return why the last publisher stopped; None when it did not."""
    file = home(common_dir) / "last-error"
    data = _object(file)
    sentence, moment = data.get("sentence"), data.get("time")
    if not isinstance(sentence, str):
        return None
    return Failure(_time(moment, file), sentence)


def clear_failure(common_dir: Path) -> None:
    """Forget why a publisher stopped."""
    (home(common_dir) / "last-error").unlink(missing_ok=True)


def _merged(old: Note, new: Note) -> Note:
    replaces = tuple(dict.fromkeys((*old.replaces, *new.replaces)))
    return Note(new.id, min(old.noted, new.noted), new.branch or old.branch, replaces)


def _put(file: Path, data: dict[str, object], modified: float, *, durable: bool) -> None:
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(data, stream)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        os.utime(temporary, (modified, modified))
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _read(file: Path) -> Note:
    data = _object(file)
    moment, branch, replaces = data.get("noted"), data.get("branch"), data.get("replaces")
    ids = replaces if isinstance(replaces, list) else []
    return Note(
        file.name,
        _time(moment, file),
        branch if isinstance(branch, str) else "",
        tuple(i for i in ids if isinstance(i, str) and FULL_ID.fullmatch(i)),
    )


def _time(value: object, file: Path) -> float:
    """Return a time that a file holds, or else that of the file."""
    if isinstance(value, int | float) and 0 <= value < _LAST_TIME:
        return float(value)
    return _modified(file)


def _object(file: Path) -> dict[str, object]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return time.time()


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
