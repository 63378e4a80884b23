"""The history that is published: side branches, merges, and messages that name other commits."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import IO, NamedTuple, cast

COMMIT_URL = "https://git.example.com/net/config/commit/"
AUTHORS = ("Ada Example <ada@example.com>", "Bo Example <bo@example.com>")
FIRST_DATE = 1767603600
"""5 January 2026, 9:00 UTC."""


class History(NamedTuple):
    """The commits of a repository."""

    commits: tuple[str, ...]
    """The ids of those that get a row, in the order in which they were made."""
    parents: Mapping[str, tuple[str, ...]]
    """Of all commits, merges too."""


def build(path: Path, random: Random, commits: int) -> History:
    """Make a repository whose branch ``main`` holds so many commits, besides merges."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    with _importer(path) as importer:
        writer = _Writer(importer, random)
        side = ""
        while len(writer.commits) < commits:
            if side and random.random() < 0.3:
                writer.merge(side)
                side = ""
            elif not side and writer.commits and random.random() < 0.2:
                side = f"side-{len(writer.tips)}"
                writer.tips[side] = writer.tips["main"]
            else:
                writer.commit(side if side and random.random() < 0.6 else "main")
        if side and writer.tips[side] != writer.tips["main"]:
            writer.merge(side)
    return History(tuple(writer.commits), writer.parents)


@contextmanager
def _importer(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Run ``git fast-import``; yields its standard input and output."""
    command = ["git", "-C", str(path), "fast-import", "--quiet", "--done"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        pipes = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        yield pipes
        pipes[0].write(b"done\n")
        pipes[0].flush()
    assert process.returncode == 0


class _Writer:
    def __init__(self, importer: tuple[IO[bytes], IO[bytes]], random: Random) -> None:
        self.stdin, self.stdout = importer
        self.random = random
        self.commits: list[str] = []
        self.parents: dict[str, tuple[str, ...]] = {}
        self.marks: dict[str, int] = {}
        self.tips: dict[str, str] = {"main": ""}

    def commit(self, branch: str) -> None:
        """Add a commit to a branch."""
        number = len(self.commits) + 1
        message = _message(self.random, number, self.commits)
        parents = tuple(filter(None, [self.tips[branch]]))
        self.commits.append(self._write(branch, message, parents))

    def merge(self, side: str) -> None:
        """Merge a side branch into ``main``."""
        self._write("main", f"Merge {side}\n", (self.tips["main"], self.tips[side]))

    def _write(self, branch: str, message: str, parents: tuple[str, ...]) -> str:
        """Write a commit with one changed file and return its id."""
        mark = len(self.parents) + 1
        marks = [self.marks[parent] for parent in parents]
        who = f"{self.random.choice(AUTHORS)} {FIRST_DATE + 60 * mark} +0000"
        text = message.encode()
        lines = [
            f"commit refs/heads/{branch}\nmark :{mark}\nauthor {who}\ncommitter {who}\n",
            f"data {len(text)}\n{message}\n",
            *(f"{word} :{at}\n" for word, at in zip(("from", "merge"), marks, strict=False)),
            f"M 100644 inline net/{mark % 7}.conf\ndata {len(str(mark))}\n{mark}\n",
            f"get-mark :{mark}\n",
        ]
        self.stdin.write("".join(lines).encode())
        self.stdin.flush()
        made = self.stdout.readline().decode("ascii").strip()
        self.parents[made] = parents
        self.marks[made] = mark
        self.tips[branch] = made
        return made


def _message(random: Random, number: int, earlier: list[str]) -> str:
    """Return a message; most name another commit where only a careless reader finds a row."""
    subject, reason = f"Raise limit {number}", f"Report {number} needs it."
    if not earlier:
        return f"{subject}\n\n{reason}\n"
    other = random.choice(earlier)
    return random.choice(
        (
            f"{subject}\n\n{reason}\n",
            f"Follow up {other} ({number})\n\n{reason}\n",
            f'Revert "Raise limit {number - 1}"\n\nThis reverts commit {other}.\n',
            f"{subject}\n\n{reason}\n\n(cherry picked from commit {other})\n",
            f"{subject}\n\nSee {COMMIT_URL}{other} & <b>more</b>.\n",
        )
    )
