"""Git: the only module that starts it.

The few calls of a hook go through subprocess; history is read through GitPython, which costs an
import and is used as a process wrapper only. Both run the same command with the same environment.

Git reads its own configuration as always, but what it inherits through the environment (GIT_DIR
and its like, set for every hook and leaking into whatever a hook starts) cannot lead it to another
repository. The object directories of a push in quarantine are kept: without them the commits that
a pre-receive hook is asked about cannot be read (Git: git-receive-pack, "Quarantine environment").
"""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, cast

from confluence_changelog.errors import GitError, NotARepositoryError
from confluence_changelog.refusal import closed, missing, printable, refusal

if TYPE_CHECKING:
    from io import BufferedReader

if sys.platform == "win32":
    # Windows looks for programs in the present folder first: a repository could bring a git.exe.
    os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")


class Repository(NamedTuple):
    """Where a repository is; all paths are absolute."""

    root: Path
    """The work tree, or the Git folder where there is no work tree."""
    git_dir: Path
    common_dir: Path
    """The Git folder that all work trees of the repository share."""
    bare: bool


Reader = Callable[[Repository, Sequence[str], bytes], Generator[bytes, None, None]]
"""Runs ``git <arguments>`` with the bytes as standard input; yields its output in pieces."""

_CHUNK = 1 << 16
_MISLEADING = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"),
    "GIT_IMPLICIT_WORK_TREE",
)
_ENVIRONMENT = {
    "LC_ALL": "C",  # the messages are read below
    "LANGUAGE": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
}
_NO_QUESTIONS = {"GIT_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never", "GCM_INTERACTIVE": "never"}


def open_repository(path: Path | None = None) -> Repository:
    """Return the repository that ``path`` is in, as Git finds it.

    Without a path: the repository of the present folder, or the one that GIT_DIR names, which is
    the one whose hook is running. With a path, GIT_DIR and its like are ignored.
    Raises NotARepositoryError, and GitError where Git is missing or refuses the repository.
    """
    if path is not None and not path.is_dir():
        raise NotARepositoryError(f"{printable(path)} is not a folder: name a Git work tree.")
    inherited = {k: v for k, v in os.environ.items() if path is None or k not in _MISLEADING}
    command = ["git", "rev-parse", "--path-format=absolute"]
    command += ["--is-bare-repository", "--git-dir", "--git-common-dir", "--show-toplevel"]
    done = _complete(command, path, inherited | _ENVIRONMENT)
    # Where there is no work tree, Git prints the rest and fails for the last.
    bare, *places = os.fsdecode(done.stdout).removesuffix("\n").split("\n")
    where = path or Path.cwd()
    if len(places) < 2:
        raise closed(os.fsdecode(done.stderr), where)
    if len(places) > 3:
        raise GitError(f"The path of the repository of {printable(where)} has a line break.")
    git_dir, common_dir = Path(places[0]), Path(places[1])
    root = Path(places[2]) if len(places) == 3 else git_dir
    if root == git_dir and bare == "false" and git_dir.name == ".git":
        root = git_dir.parent  # a hook of a push into a work tree runs in its .git
    return Repository(root, git_dir, common_dir, bare == "true")


def run(
    repository: Repository,
    args: Sequence[str],
    stdin: bytes = b"",
    *,
    timeout: float | None = None,
) -> bytes:
    """Return the whole standard output of ``git <args>``; GitError when git fails.

    With a timeout (in seconds) the call may use the network, and asks nobody anything.
    """
    environment = os.environ | _overlay(repository) | (_NO_QUESTIONS if timeout else {})
    command = _command(repository, args)
    try:
        done = _complete(command, repository.root, environment, stdin, timeout)
    except subprocess.TimeoutExpired as error:
        raise GitError(
            f"git {args[0]} gave no answer within {timeout:g} s: try again later."
        ) from error
    if done.returncode:
        raise _refusal(repository, done.stderr)
    return done.stdout


def version() -> str:
    """Return Git's version, such as ``2.43.0``. Raises GitError where Git is missing."""
    done = _complete(["git", "version"], None, os.environ | _ENVIRONMENT)
    return done.stdout.decode("utf-8", "replace").removeprefix("git version ").strip()


def user_setting(key: str) -> str:
    """Return a setting of the user's Git configuration, or else the machine's; empty where unset.

    A repository's own configuration is not looked at. Raises GitError where Git is missing.
    """
    for scope in ("--global", "--system"):
        done = _complete(["git", "config", scope, "--get", key], None, os.environ | _ENVIRONMENT)
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
    return ""


def read_subprocess(
    repository: Repository, args: Sequence[str], stdin: bytes
) -> Generator[bytes, None, None]:
    """Read the output of ``git <args>`` piece by piece through subprocess."""
    environment = os.environ | _overlay(repository)
    with _file(stdin) as source:
        try:
            process = subprocess.Popen(
                _command(repository, args),
                cwd=repository.root,
                env=environment,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            raise missing() from error
        yield from _pieces(process, repository)


def read_gitpython(
    repository: Repository, args: Sequence[str], stdin: bytes
) -> Generator[bytes, None, None]:
    """Read the output of ``git <args>`` piece by piece through GitPython."""
    try:
        import git  # costs 85 ms, which a hook does not pay
    except ImportError as error:  # also where GitPython finds no git
        raise missing() from error
    with _file(stdin) as source:
        try:
            handle = git.Git(repository.root).execute(
                _command(repository, args),
                istream=source,
                as_process=True,
                shell=False,
                env=_overlay(repository),
            )
        except git.GitCommandNotFound as error:
            raise missing() from error
        yield from _pieces(cast("subprocess.Popen[bytes]", handle.proc), repository)


def shallow_boundary(repository: Repository) -> frozenset[str]:
    """Return the ids of the commits whose parents a shallow clone lacks (Git: shallow.txt)."""
    try:
        text = (repository.common_dir / "shallow").read_text(encoding="ascii")
    except FileNotFoundError:
        return frozenset()
    return frozenset(text.split())


def _command(repository: Repository, args: Sequence[str]) -> list[str]:
    tree = [] if repository.bare else [f"--work-tree={repository.root}"]
    return ["git", "--no-pager", f"--git-dir={repository.git_dir}", *tree, *args]


def _overlay(repository: Repository) -> dict[str, str]:
    if "GIT_COMMON_DIR" in os.environ:
        return _ENVIRONMENT | {"GIT_COMMON_DIR": str(repository.common_dir)}
    return _ENVIRONMENT


def _complete(
    command: Sequence[str],
    folder: Path | None,
    environment: dict[str, str],
    stdin: bytes = b"",
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=environment,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=timeout,
            start_new_session=timeout is not None,  # ssh then has no terminal to ask on
        )
    except FileNotFoundError as error:
        raise missing() from error


@contextmanager
def _file(data: bytes) -> Iterator[int]:
    """Give the bytes as an open file: unlike a pipe it can never fill while nobody reads it."""
    from tempfile import TemporaryFile  # costs 5 ms, which a hook that only runs Git does not pay

    with TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


def _pieces(
    process: "subprocess.Popen[bytes]", repository: Repository
) -> Generator[bytes, None, None]:
    """Yield the output of a process and judge its end; the process never outlives the reading."""
    output = cast("BufferedReader", process.stdout)
    errors = cast("BufferedReader", process.stderr)
    complaints: list[bytes] = []
    drain = Thread(target=lambda: complaints.append(errors.read()), daemon=True)
    drain.start()
    try:
        while piece := output.read1(_CHUNK):
            yield piece
        drain.join()
        if process.wait():
            raise _refusal(repository, complaints[0])
    finally:
        process.kill()
        process.wait()
        drain.join()
        output.close()
        errors.close()


def _refusal(repository: Repository, stderr: bytes) -> GitError:
    shallow = bool(shallow_boundary(repository))
    return refusal(stderr.decode("utf-8", "replace"), repository.root, shallow=shallow)
