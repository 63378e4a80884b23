"""The repository whose hook is running, without asking Git."""

import os
from pathlib import Path

from confluence_changelog.git import Repository

_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CEILING_DIRECTORIES")


def present_repository() -> Repository | None:
    """Return the repository whose work tree's root the present folder is, if it is the user's own.

    In that folder Git runs hooks (Git: githooks). None where only Git can tell, as for a linked work
    tree: `git.open_repository` asks it.
    """
    user = getattr(os, "geteuid", None)
    if user is None or any(name in os.environ for name in _ELSEWHERE):
        return None
    root = Path.cwd()
    git_dir = root / ".git"
    try:
        owners = {root.stat().st_uid, git_dir.stat().st_uid}
    except OSError:
        return None
    if owners != {user()} or not (git_dir / "HEAD").is_file():
        return None  # Git does not trust the repositories of others unless it is told to
    return Repository(root, git_dir, git_dir, bare=False)
