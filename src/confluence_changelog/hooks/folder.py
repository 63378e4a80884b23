"""The folder that Git takes a repository's hooks from, and whether it is ours to write to."""

import os
from pathlib import Path

from confluence_changelog.errors import GitError, UsageError
from confluence_changelog.git import Repository, run
from confluence_changelog.refusal import printable

_MANY = ("global", "system")
_OWN = 'git config --local core.hooksPath "$(git rev-parse --git-common-dir)/hooks"'
_MANAGERS = (".husky",)
"""Folders that a hook manager writes anew; it has places of its own for other people's commands."""


class SharedFolderError(UsageError):
    """The hooks are not this repository's alone, or none are run."""


def hook_folder(repository: Repository) -> Path:
    """Return the folder that Git looks for hooks in (Git: core.hooksPath, linked work trees)."""
    args = ["rev-parse", "--path-format=absolute", "--git-path", "hooks"]
    return Path(os.fsdecode(run(repository, args)).removesuffix("\n"))


def own_folder(repository: Repository) -> Path:
    """Return the folder that Git looks for hooks in, if no other repository or person uses it.

    Raises:
        SharedFolderError: it is that of all repositories of a user or machine; or its files are tracked,
            so that what is written there, with the path of an interpreter, would go to everyone.

    """
    folder, scope = hook_folder(repository), hooks_path_scope(repository)
    where = printable(folder)
    if folder == Path(os.devnull) or folder.is_file():
        raise SharedFolderError(
            f"Git is told to run no hooks here: core.hooksPath is {where}; unset it, or let this "
            f"repository have its own: {_OWN}"
        )
    place = folder.resolve()
    if place.is_relative_to(repository.common_dir.resolve()):
        return folder
    inside = not repository.bare and place.is_relative_to(repository.root.resolve())
    if inside and _is_shared(repository, place):
        raise SharedFolderError(
            f"The hooks in {where} belong to everyone who has this repository, or to a hook "
            "manager: add the lines above to them, and commit that."
        )
    if not inside and (scope in _MANY or not scope):
        raise SharedFolderError(
            f"The hooks in {where} run in other repositories too (core.hooksPath, {scope or 'a link'}"
            f"): add the lines above to them, or let this repository have its own: {_OWN}"
        )
    return folder


def is_runnable(hook: Path) -> bool:
    """Tell whether Git would run a hook (Git: run-command.c, ``find_hook``)."""
    return hook.is_file() and (os.name == "nt" or os.access(hook, os.X_OK))


def is_there(file: Path) -> bool:
    """Tell whether there is a file, or a link to one that may be gone."""
    return file.is_symlink() or file.exists()


def hooks_path_scope(repository: Repository) -> str:
    """Return where core.hooksPath is set: local, worktree, global, system or command; else empty."""
    try:
        output = run(repository, ["config", "--show-scope", "--get", "core.hooksPath"])
    except GitError:
        return ""
    return os.fsdecode(output).split("\t")[0]


def _is_shared(repository: Repository, place: Path) -> bool:
    parts = place.relative_to(repository.root.resolve()).parts
    if any(name in parts for name in _MANAGERS):
        return True
    path = Path(*parts).as_posix()
    return bool(run(repository, ["--literal-pathspecs", "ls-files", "-z", "--", path]))
