"""The commit that is being made, as its hooks can see it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.cleanup import clean_up, cleanup, strip_space
from confluence_changelog.errors import GitError, UsageError
from confluence_changelog.git import Repository, open_repository, run
from confluence_changelog.present import present_repository

_KEYS = (
    r"^(core\.(bare|worktree|commentchar|commentstring)|commit\.(cleanup|verbose|template)"
    r"|confluence-changelog\.plugins)$"
)
_DIFF = (
    *("diff", "--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative"),
    "--ignore-submodules=none",
)
_LAST_COMMIT = ("log", "-1", "--no-show-signature", "--date=raw", "--format=%ad%n%an%n%ae%n%P")
_FIRST_WITH_COMMENT_STRING = (2, 45)


class Amended(NamedTuple):
    """The commit that another one replaces."""

    base: str
    """Its first parent, or the empty tree."""
    is_merge: bool


def open_hook() -> tuple[Repository, Mapping[str, str]]:
    """Return the repository whose hook is running, and what Git's configuration says of messages.

    The keys are in lower case. Takes one call of Git where the present folder is the root of an
    ordinary work tree of the user's own, as it is in nearly every hook (Git: githooks).
    Raises what `open_repository` raises.
    """
    repository = present_repository()
    if repository is not None:
        settings = _settings(repository)
        if "core.bare" in settings and "core.worktree" not in settings:
            return repository, settings
    repository = open_repository()
    return repository, _settings(repository)


def written_message() -> Path | None:
    """Return the file that Git has just written the message of the commit under way to.

    For a hook that is not told: pre-commit keeps the name to itself where `files` or `exclude` at
    the top of its configuration leave the file out. ``git commit`` writes COMMIT_EDITMSG, ``git
    merge`` MERGE_MSG (Git: builtin/commit.c, builtin/merge.c). None where no commit is under way.
    """
    if "GIT_INDEX_FILE" not in os.environ:
        return None
    git_dir = open_repository().git_dir
    files = [git_dir / name for name in ("COMMIT_EDITMSG", "MERGE_MSG")]
    return max(filter(Path.is_file, files), key=lambda file: file.stat().st_mtime_ns, default=None)


def read_file(path: Path) -> str:
    """Return the text of a message file; what is not UTF-8 is read as Latin-1.

    Raises:
        UsageError: the file cannot be read.

    """
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise UsageError(f"The message file {path} cannot be read: {error.strerror}.") from error


def decoded(data: bytes) -> str:
    """Return the text of a message; what is not UTF-8 is read as Latin-1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def stored(text: str, settings: Mapping[str, str], root: Path) -> str:
    """Return the message that Git will store for the text of a message file.

    Empty where Git will refuse it because the text is ``commit.template``, untouched.
    """
    editor = os.environ.get("GIT_EDITOR", "")
    how = cleanup(text, settings, editor=editor)
    message = clean_up(text, how)
    template = settings.get("commit.template", "")
    if message and template and editor != ":" and how.mode != "verbatim":
        path = root / Path(template).expanduser()
        comment = how.comment if how.mode == "strip" else ""
        if path.is_file() and strip_space(read_file(path), comment) == message:
            return ""
    return message


def touched_paths(repository: Repository) -> list[str]:
    """Return the paths that the commit under way will change; both of a renamed file.

    That is what is staged, in the index that GIT_INDEX_FILE names (``git commit --all`` and
    ``--only`` use one of their own); for an amended commit, what differs from the parent of the
    one that it replaces.
    """
    replaced = amended(repository)
    return staged_paths(repository, *([replaced.base] if replaced else []))


def staged_paths(repository: Repository, *base: str) -> list[str]:
    """Return the paths that differ in the index from HEAD, or from another commit or tree."""
    output = run(repository, [*_DIFF, *base])
    return [path for path in output.decode("utf-8", "surrogateescape").split("\0") if path]


def amended(repository: Repository) -> Amended | None:
    """Return what ``git commit --amend`` is replacing, or None where it does not seem to be at work.

    Git tells commit-msg nothing of it, but it passes the author on, and an amended commit keeps
    HEAD's, to the second (Git: builtin/commit.c, ``determine_author_info``). Not seen are amended
    commits with a new author or date.
    """
    exported = os.environ.get("GIT_AUTHOR_DATE", "")
    if not exported.startswith("@"):
        return None  # no git commit is at work
    try:
        output = run(repository, _LAST_COMMIT)
    except GitError:
        return None  # there is no commit yet
    date, name, email, parents, _ = output.decode("utf-8", "surrogateescape").split("\n", 4)
    author = (os.environ.get("GIT_AUTHOR_NAME", ""), os.environ.get("GIT_AUTHOR_EMAIL", ""))
    if date != exported[1:] or author != (name, email):
        return None
    first, *more = parents.split() or [_empty_tree(repository)]
    return Amended(first, bool(more))


def is_merge(repository: Repository) -> bool:
    """Tell whether the commit under way is a merge."""
    return (repository.git_dir / "MERGE_HEAD").exists()


def _settings(repository: Repository) -> dict[str, str]:
    try:
        output = run(repository, ["config", "-z", "--get-regexp", _KEYS])
    except GitError:
        return {}  # none of the keys is set
    found: dict[str, str] = {}
    for item in output.decode("utf-8", "replace").split("\0")[:-1]:
        key, has_value, value = item.partition("\n")
        if key == "core.commentstring":
            if _git_version(repository) < _FIRST_WITH_COMMENT_STRING:
                continue
            key = "core.commentchar"
        found[key] = value if has_value else "true"
    return found


def _git_version(repository: Repository) -> tuple[int, ...]:
    words = run(repository, ["version"]).decode("ascii", "replace").split()
    return tuple(int(number) for number in words[2].split(".")[:2] if number.isdigit())


def _empty_tree(repository: Repository) -> str:
    return run(repository, ["hash-object", "-t", "tree", "--stdin"]).decode("ascii").strip()
