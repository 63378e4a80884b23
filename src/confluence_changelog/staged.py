"""What a commit-msg hook is asked about: the message file, and what is staged."""

from pathlib import Path

from confluence_changelog.errors import UsageError
from confluence_changelog.git import Repository, run

_SCISSORS = "------------------------ >8 ------------------------"


def read_message(path: Path, comment_char: str) -> str:
    """Return the message of a file as Git will take it, without comments and what scissors cut off.

    Git: ``git commit --cleanup``. A text that is not UTF-8 is read as Latin-1.

    Raises:
        UsageError: the file cannot be read.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"The message file {path} cannot be read: {error.strerror}.") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    for line in lines:
        if line.rstrip() == f"{comment_char} {_SCISSORS}":
            break
        if not line.startswith(comment_char):
            kept.append(line)
    return "\n".join(kept)


def comment_char(repository: Repository) -> str:
    """Return what begins a comment line in messages (Git: core.commentChar; ``auto`` is ``#``)."""
    found = run(repository, ["config", "--default", "#", "--get", "core.commentChar"])
    text = found.decode("utf-8", "replace").removesuffix("\n")
    return "#" if text in ("auto", "") else text


def staged_paths(repository: Repository) -> list[str]:
    """Return the paths that the commit under way changes; both of a renamed file."""
    args = [
        "diff",
        "--cached",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-relative",
    ]
    output = run(repository, [*args, "--ignore-submodules=none"])
    return [path for path in output.decode("utf-8", "surrogateescape").split("\0") if path]


def is_merge(repository: Repository) -> bool:
    """Say whether the commit under way is a merge."""
    return (repository.git_dir / "MERGE_HEAD").exists()
