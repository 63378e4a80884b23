"""Git notes that correct commits, one after each write, while others publish."""

import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random


def corrections(random: Random, commits: Sequence[str], count: int) -> dict[str, str]:
    """Return what some commits are corrected to: the subject that their rows show at last."""
    chosen = random.sample(list(commits), min(count, len(commits)))
    return {commit: f"Corrected limit {number}" for number, commit in enumerate(chosen)}


class Notes:
    """Those notes that have not been written yet."""

    def __init__(self, repository: Path, texts: Mapping[str, str]) -> None:
        self._repository = repository
        self._left = list(texts.items())
        self._lock = threading.Lock()

    def add(self) -> None:
        """Write the next one; the last waits for `finish`, when its commit has a row for sure."""
        with self._lock:
            if len(self._left) > 1:
                self._write(*self._left.pop())

    def finish(self) -> None:
        """Write all that are left."""
        with self._lock:
            while self._left:
                self._write(*self._left.pop())

    def _write(self, commit: str, text: str) -> None:
        words = ["notes", "--ref", "changelog", "add", "-f", "-m", text, "-m", "It was wrong."]
        subprocess.run(["git", "-C", str(self._repository), *words, commit], check=True)
