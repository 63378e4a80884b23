"""What all tests and all workers of one session share, since it takes long to make."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from confluence_changelog import lock
from support.hooked import eventually
from support.repositories import Repo

PROJECT = Path(__file__).parents[2]
TAG = "v0.1.0"
SCRIPTS = Path(sysconfig.get_path("scripts"))

_FOREIGN = ("GIT_", "PRE_COMMIT", "PREK_", "CONFLUENCE_", "COVERAGE")
_GIT_CONFIG = (
    '[protocol "file"]\n\tallow = always\n'
    "[user]\n\tname = Ada Example\n\temail = ada@example.com\n[core]\n\tautocrlf = false\n"
)


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first one who asks for it makes, while the others wait."""

    ready = folder.with_name(f"{folder.name}.ready")

    def is_made() -> bool:
        with lock.exclusive(folder.with_name(f"{folder.name}.lock")) as is_mine:
            if is_mine and not ready.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                ready.touch()
            return is_mine

    eventually(is_made)
    return folder


@contextmanager
def neutral(folder: Path) -> Iterator[None]:
    """Make things without the developer's Git configuration; pip's is kept, which knows the index."""
    configuration = folder / "gitconfig"
    configuration.write_text(_GIT_CONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


def copy_project(folder: Path) -> None:
    """Make a repository of the project as it lies here, with the tag of a release."""
    project = Repo(PROJECT)
    names = project.git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    copy = Repo.init(folder)
    for name in filter(None, names.split("\0")):
        if (PROJECT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, target)
    copy.commit({}, "Release")
    copy.tag(TAG)


def run(*command: str, folder: Path, **environment: str) -> None:
    """Run a program that must succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout
