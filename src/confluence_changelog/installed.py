"""Whether Git runs ``check`` at a commit: the hook that was not installed says nothing, ever."""

import os
import re
from pathlib import Path

from confluence_changelog.errors import GitError
from confluence_changelog.git import Repository, run
from confluence_changelog.refusal import printable

_OURS = re.compile(r"confluence[-_]changelog")
_FRAMEWORK = re.compile(r"hook-impl\b.*--hook-type=commit-msg", re.DOTALL)
_CHECK = re.compile(r"confluence-changelog-check\b|confluence[-_]changelog check(?! --)")
_NAMED_CONFIG = re.compile(r"--config=(\"[^\"]+\"|'[^']+'|[^\s)\"']+)")
_CONFIGS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")


def missing_hook(repository: Repository) -> str:
    """Return why no commit message is checked here, and the remedy; empty when nothing says so.

    Certain are: there is no commit-msg hook that Git would run; or it is that of pre-commit or prek
    and their configuration does not list the check. Any other hook may run it by ways of its own
    (lefthook, husky, overcommit, scripts), so it is believed.
    """
    if _configured(repository):
        return ""
    hook = _hooks(repository) / "commit-msg"
    text = _script(hook)
    if text is None:
        return (
            "The commit-msg hook is not installed, so that no message is checked: "
            f"{_install(hook)}."
        )
    legacy = _script(hook.with_name("commit-msg.legacy")) or ""
    if not _FRAMEWORK.search(text) or _OURS.search(text) or _OURS.search(legacy):
        return ""
    named = [match.strip("\"'") for match in _NAMED_CONFIG.findall(text)]
    configs = (repository.root / name for name in (*named, *_CONFIGS))
    if any(_CHECK.search(_text(file) or "") for file in configs):
        return ""
    return (
        "The commit-msg hook does not check messages, because the hook manager's configuration does "
        "not list it: add the hook confluence-changelog-check to .pre-commit-config.yaml."
    )


def _configured(repository: Repository) -> bool:
    """Tell whether Git's configuration itself names hooks for commit-msg (Git 2.54: git-hook)."""
    try:
        return bool(run(repository, ["config", "--get-regexp", r"^hook\..*\.event$", "commit-msg"]))
    except GitError:
        return False


def _hooks(repository: Repository) -> Path:
    """Return the folder that Git looks for hooks in (Git: core.hooksPath, linked work trees)."""
    args = ["rev-parse", "--path-format=absolute", "--git-path", "hooks"]
    return Path(os.fsdecode(run(repository, args)).removesuffix("\n"))


def _script(hook: Path) -> str | None:
    """Return the text of a hook that Git would run, or None."""
    is_runnable = os.name == "nt" or os.access(hook, os.X_OK)
    return _text(hook) if is_runnable else None


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _install(hook: Path) -> str:
    if os.environ.get("PRE_COMMIT") != "1":
        return f"copy hooks/commit-msg of confluence-changelog to {printable(hook)}"
    tool = "prek" if "prek" in (_script(hook.with_name("pre-commit")) or "") else "pre-commit"
    return f"run {tool} install --hook-type commit-msg"
