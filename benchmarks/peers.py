"""The programs that judge commit messages, each in a virtual environment of its own."""

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

from measure import HERE

PROJECT = HERE.parent
HOME = PROJECT / ".benchmarks" / "programs"
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


class Program(NamedTuple):
    """A program, and how it is called as a commit-msg hook with the message file."""

    package: str
    command: tuple[str, ...]
    """As in the manifest that it gives pre-commit."""

    @property
    def folder(self) -> Path:
        """The folder with the program and its interpreter."""
        return HOME / self.package / SCRIPTS

    @property
    def version(self) -> str:
        """Its release."""
        code = f"from importlib.metadata import version; print(version({self.package!r}))"
        return _output(str(self.folder / "python"), "-c", code).strip()


OURS = Program("confluence-changelog", ("confluence-changelog", "check"))
PEERS = (
    Program("gitlint", ("gitlint", "--staged", "--msg-filename")),
    Program("commit-check", ("commit-check", "--message")),
    Program("conventional-pre-commit", ("conventional-pre-commit",)),
)


def install() -> None:
    """Install the programs: ours anew from a wheel of the present sources, peers where missing."""
    for program in (OURS, *PEERS):
        is_ours = program is OURS
        if is_ours or not (program.folder / "python").exists():
            venv.create(HOME / program.package, clear=True)
            source = str(PROJECT) if is_ours else program.package
            python = str(program.folder / "python")
            pip = (sys.executable, "-m", "pip", "--quiet", "--python", python)
            _output(*pip, "install", "--disable-pip-version-check", source)


def path() -> str:
    """Return a PATH on which all of them are found."""
    folders = [str(program.folder) for program in (OURS, *PEERS)]
    return os.pathsep.join([*folders, os.environ.get("PATH", os.defpath)])


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return done.stdout
