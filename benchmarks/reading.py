"""Reading commits, against ``git log`` with the same flags."""

import subprocess
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from history import repository
from measure import in_child, interleave, megabytes, peak
from report import Section
from sizes import SIZES, Sizes

from confluence_changelog.git import Repository, open_repository
from confluence_changelog.history import log

GIT, OURS, WHOLE, OBJECTS = (
    "`git log`, same flags, output dropped",
    "`history.log`: commits with messages and paths",
    "the same, from the start of Python on",
    "GitPython's `iter_commits`, without paths",
)
_ABOUT = """\
A bare repository with {commits:,} commits, {merges:,} of them merges, and {files:,} files; messages \
with bodies, trailers and Unicode. The flags, `--name-status` among them, are those that `history.log` \
itself uses, and it has decoded and parsed everything: identities, dates, messages, paths. GitPython's \
own objects are given without changed paths, which cost it one process a commit. Where Python reads, \
the memory is Python's alone; the git that it runs needs what the first line says."""


def measure(size: str) -> Section:
    """Measure and return the results."""
    sizes = SIZES[size]
    folder = repository(sizes)
    opened = open_repository(folder)
    read = sum(1 for _ in log(opened, ["HEAD"]))
    if read != sizes.commits:
        raise RuntimeError(f"{read} commits were read, not {sizes.commits}")
    cases = {
        GIT: lambda: git_log(opened),
        OURS: lambda: _drain(opened),
        WHOLE: lambda: in_child("--run", "reading", "ours", size),
        OBJECTS: lambda: _objects(folder),
    }
    times = interleave(cases, sizes.rounds, to=GIT)
    memory = dict(zip(cases, ("git", "ours", "ours", "objects"), strict=True))
    rows = [
        [name, times[name].shown, times[name].ratio, megabytes(peak("reading", memory[name], size))]
        for name in cases
    ]
    rows.append(["`list(history.log)`: all kept", "", "", megabytes(peak("reading", "kept", size))])
    merges = _git_count(opened, "--merges")
    about = _ABOUT.format(commits=sizes.commits, merges=merges, files=sizes.files)
    return Section("Reading", about, ("", "time", "ratio to `git log`", "peak memory"), rows)


def case(name: str, sizes: Sizes) -> Callable[[], object]:
    """Return one case, set up, to be run in a process of its own."""
    folder = repository(sizes)
    opened = open_repository(folder)
    return {
        "git": lambda: git_log(opened),
        "ours": lambda: _drain(opened),
        "kept": lambda: list(log(opened, ["HEAD"])),
        "objects": lambda: _objects(folder),
    }[name]


def git_log(opened: Repository) -> None:
    """Run the command that `history.log` runs; its output goes nowhere."""
    asked: list[tuple[list[str], bytes]] = []

    def keep(_: Repository, args: Sequence[str], stdin: bytes) -> Generator[bytes, None, None]:
        asked.append((list(args), stdin))
        yield from ()

    list(log(opened, ["HEAD"], read=keep))
    [(args, stdin)] = asked
    command = ["git", "--no-pager", f"--git-dir={opened.git_dir}", *args]
    subprocess.run(command, input=stdin, stdout=subprocess.DEVNULL, check=True)


def _drain(opened: Repository) -> None:
    for _ in log(opened, ["HEAD"]):
        pass


def _objects(folder: Path) -> None:
    import git

    repo = git.Repo(folder)
    for commit in repo.iter_commits("HEAD"):
        _ = (commit.hexsha, commit.author, commit.committed_datetime, commit.message)
    repo.close()


def _git_count(opened: Repository, *arguments: str) -> int:
    command = ["git", f"--git-dir={opened.git_dir}", "rev-list", "--count", *arguments, "HEAD"]
    return int(subprocess.run(command, capture_output=True, check=True, encoding="ascii").stdout)
