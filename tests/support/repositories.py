"""Real Git repositories for tests: every call runs git, in a folder of the test's own.

``Repo`` is made by the fixture ``make_repo`` (tests/conftest.py)::

    def test_something(make_repo: RepoFactory) -> None:
        repo = make_repo()                                  # branch "main", no commit yet
        first = repo.commit({"app.yaml": "a: 1\n"}, "Add app\n\nBecause it was missing.")
        second = repo.commit({"app.yaml": None}, "Remove app", author="Bo Example <bo@example.com>")
        clone = repo.clone(depth=1)

The identity is fixed, and the author's and committer's dates rise by one minute a commit, so
that the ids are the same in every run.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

ADA = "Ada Example <ada@example.com>"
FIRST_DATE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

Files = Mapping[str, str | bytes | None]


def uncovered() -> dict[str, str]:
    """Return the environment without what makes a child measure its coverage, and load modules."""
    return {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}


class RepoFactory(Protocol):
    """What the fixture ``make_repo`` is."""

    def __call__(
        self, name: str = "repo", *, bare: bool = False, object_format: str = "sha1"
    ) -> "Repo":
        """Return a new, empty repository ``tmp_path/name`` whose branch is ``main``."""


class RepoBuilder(Protocol):
    """What the fixture ``build_repo`` is."""

    def __call__(self, build: Callable[["Repo"], None], name: str = "repo") -> "Repo":
        """Return ``tmp_path/name``: a copy of the repository that ``build``, a function of the
        test module, fills. It runs once a session, so that many tests can start from much history.
        """


class Repo:
    """One repository; ``path`` is its work tree, or the repository itself when it is bare."""

    def __init__(self, path: Path, now: datetime = FIRST_DATE) -> None:
        self.path = path
        self.now = now

    @classmethod
    def init(cls, path: Path, *, bare: bool = False, object_format: str = "sha1") -> Self:
        path.mkdir(parents=True)
        repo = cls(path)
        kind = ["--bare"] if bare else []
        repo.git("init", "-q", "-b", "main", f"--object-format={object_format}", *kind)
        return repo

    def run(
        self,
        *args: str,
        stdin: str | bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git here, whatever its exit code. Strings are sent as UTF-8."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        return subprocess.run(
            ["git", *args],
            cwd=self.path,
            input=data,
            env=os.environ | self.identity() | dict(env or {}),
            capture_output=True,
            check=False,
        )

    def git(
        self, *args: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        """Run git here; its standard output, without the line end. Fails when git fails."""
        done = self.run(*args, stdin=stdin, env=env)
        complaint = (done.stderr + done.stdout).decode(errors="replace")
        assert done.returncode == 0, f"git {args}: {complaint}"
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def identity(
        self, author: str = ADA, committer: str = "", date: str = "", committer_date: str = ""
    ) -> dict[str, str]:
        """Git's identity variables for the present date."""
        today = f"{int(self.now.timestamp())} +0000"
        variables: dict[str, str] = {}
        for role, who, when in (
            ("AUTHOR", author, date or today),
            ("COMMITTER", committer or author, committer_date or date or today),
        ):
            name, _, email = who.rpartition("<")
            variables |= {
                f"GIT_{role}_NAME": name.strip(),
                f"GIT_{role}_EMAIL": email.rstrip(">"),
                f"GIT_{role}_DATE": when,
            }
        return variables

    def write(self, files: Files) -> None:
        """Write files into the work tree; ``None`` deletes one."""
        for name, content in files.items():
            file = self.path / name
            if content is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self,
        files: Files,
        message: str | bytes,
        *args: str,
        author: str = ADA,
        committer: str = "",
        date: str = "",
        committer_date: str = "",
    ) -> str:
        """Write ``files``, commit the whole work tree with exactly ``message``; the full id.

        ``author`` and ``committer`` (default: the author) are ``Name <email>``; dates are in any
        form that Git reads. ``args`` are further options of ``git commit``. Hooks run.
        """
        self.write(files)
        self.git("add", "--all")
        self.git(
            *("commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim"),
            *args,
            *("-F", "-"),
            stdin=message,
            env=self.identity(author, committer, date, committer_date),
        )
        return self._advance()

    def commit_object(self, raw: bytes) -> str:
        """Store ``raw`` as a commit object, however strange it is; the full id. Moves no branch."""
        return self.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch without checking it out."""
        self.git("branch", "-q", name, start)

    def checkout(self, revision: str, *, new: bool = False) -> None:
        """Check out a branch (or, detached, a commit); ``new`` makes the branch first."""
        self.git("checkout", "-q", *(["-b"] if new else []), revision)

    def merge(self, *revisions: str, message: str = "Merge") -> str:
        """Merge with a merge commit, always; the full id."""
        self.git("merge", "-q", "--no-ff", "-m", message, *revisions)
        return self._advance()

    def tag(self, name: str, revision: str = "HEAD", *, message: str = "") -> None:
        """Tag a commit; with a message the tag is annotated."""
        self.git("tag", *(["-a", "-m", message] if message else []), name, revision)

    def rev_parse(self, revision: str = "HEAD") -> str:
        """Return the full id of a revision."""
        return self.git("rev-parse", "--verify", revision)

    def clone(self, name: str = "clone", *args: str, depth: int = 0, bare: bool = False) -> "Repo":
        """Clone into the folder ``name`` beside this repository; remote ``origin``."""
        path = self.path.parent / name
        options = [f"--depth={depth}"] if depth else []
        options += ["--bare"] if bare else []
        self.git("clone", "-q", *options, *args, self.path.as_uri(), str(path))
        return Repo(path, self.now)

    def copy(self, path: Path) -> "Repo":
        """Copy the repository, work tree and all, into a new folder."""
        shutil.copytree(self.path, path, symlinks=True)
        return Repo(path, self.now)

    def hook(self, name: str, script: str) -> None:
        """Install a hook: ``script`` is the text of a shell script without its first line."""
        folder = Path(self.git("rev-parse", "--path-format=absolute", "--git-path", "hooks"))
        folder.mkdir(exist_ok=True)
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8", newline="\n")
        file.chmod(0o755)

    def _advance(self) -> str:
        self.now += timedelta(minutes=1)
        return self.rev_parse()
