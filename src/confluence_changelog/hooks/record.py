"""Remembers in the Git folder what `install` did to shared files, so that `uninstall` can undo it."""

import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.files import put
from confluence_changelog.notes import home

_NAME = "installed.json"


class Done(NamedTuple):
    """One thing that was done: a file edited, or hooks installed by a hook manager."""

    file: str = ""
    """Path below the root of the work tree."""
    before: str | None = None
    """Its text before; None where it was not there."""
    after: str = ""
    tool: str = ""
    stages: tuple[str, ...] = ()


def read(common_dir: Path) -> list[Done]:
    """Return what was done, in order; nothing where the record is missing or damaged."""
    try:
        data = json.loads((home(common_dir) / _NAME).read_text(encoding="utf-8"))
        return [Done(**{**item, "stages": tuple(item["stages"])}) for item in data]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def write(common_dir: Path, done: Sequence[Done]) -> None:
    """Keep what was done; without anything the record goes, and our folder where it is empty."""
    folder = home(common_dir)
    if done:
        folder.mkdir(parents=True, exist_ok=True)
        put(folder / _NAME, json.dumps([item._asdict() for item in done]).encode())
        return
    (folder / _NAME).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def undone(now: str, done: Done) -> str | None:
    """Return a text without what was added to it; None where that cannot be found in it any more."""
    if now == done.after:
        return done.before or ""
    old, new = (done.before or "").splitlines(True), done.after.splitlines(True)
    lines = now.splitlines(True)
    for what, i, j, start, end in reversed(SequenceMatcher(None, old, new, False).get_opcodes()):
        if what == "equal":
            continue
        added, size = new[start:end], end - start
        places = [n for n in range(len(lines) - size + 1) if lines[n : n + size] == added]
        if len(places) != 1 or not added:
            return None
        lines[places[0] : places[0] + size] = old[i:j]
    return "".join(lines)
