"""Whether Git runs ``check`` at a commit: the hook that was not installed says nothing, ever."""

import os
import re
from pathlib import Path

from confluence_changelog.errors import GitError
from confluence_changelog.git import Repository, run
from confluence_changelog.hooks.folder import hook_folder, is_runnable
from confluence_changelog.hooks.script import LEGACY
from confluence_changelog.hooks.stages import STAGES, Stage

CONFIGS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")
"""Files of pre-commit (the first) and prek (all three), at the root of the work tree."""

_OURS = re.compile(r"confluence[-_]changelog")
_FRAMEWORK = r"hook-impl\b.*--hook-type={}\b"
_NAMED_CONFIG = re.compile(r"--config=(\"[^\"]+\"|'[^']+'|[^\s)\"']+)")


def missing_hook(repository: Repository) -> str:
    """Return why no commit message is checked here, and the remedy; empty when nothing says so.

    Certain are: there is no commit-msg hook that Git would run; or it is that of pre-commit or prek
    and their configuration does not list the check. Any other hook may run it by ways of its own
    (lefthook, husky, overcommit, scripts), so it is believed.
    """
    if _configured(repository):
        return ""
    stage = STAGES["commit-msg"]
    hook = hook_folder(repository) / stage.name
    text = _script(hook)
    if text is None:
        return f"The commit-msg hook is not installed, so that no message is checked: {_install(hook)}."
    legacy = _script(hook.with_name("commit-msg.legacy")) or ""
    if not is_framework(hook) or _OURS.search(text) or _OURS.search(legacy):
        return ""
    if _lists(repository, text, stage):
        return ""
    return (
        "The commit-msg hook does not check messages, because the hook manager's configuration does "
        "not list it: add the hook confluence-changelog-check to .pre-commit-config.yaml."
    )


def is_framework(hook: Path) -> bool:
    """Tell whether a hook that Git would run is that of pre-commit or prek."""
    name = hook.name.removesuffix(LEGACY)
    pattern = re.compile(_FRAMEWORK.format(re.escape(name)), re.DOTALL)
    return bool(pattern.search(_script(hook) or ""))


def runs(repository: Repository, hook: Path, stage: Stage) -> bool:
    """Tell whether a hook says that it runs our command of its stage, or its hook manager does."""
    text = _script(hook) or ""
    if is_framework(hook):
        return _lists(repository, text, stage)
    return bool(_command(stage).search(_without_comments(text)))


def lists(text: str, stage: Stage) -> bool:
    """Tell whether a configuration of pre-commit or prek lists our hook of a stage."""
    text = _without_comments(text)
    pattern = rf"(?<![\w-]){re.escape(stage.id)}(?![\w-])"
    is_listed = bool(stage.id) and re.search(pattern, text)
    return bool(is_listed or _command(stage).search(text))


def _command(stage: Stage) -> re.Pattern[str]:
    """Return what finds the command of a stage; ``check`` alone is that of commit-msg."""
    return re.compile(rf"confluence[-_]changelog[\"']? {re.escape(stage.command)}(?![\w-]| --)")


def _lists(repository: Repository, script: str, stage: Stage) -> bool:
    named = [match.strip("\"'") for match in _NAMED_CONFIG.findall(script)]
    configs = (repository.root / name for name in (*named, *CONFIGS))
    return any(lists(_text(file) or "", stage) for file in configs)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _configured(repository: Repository) -> bool:
    """Tell whether Git's configuration itself names hooks for commit-msg (Git 2.54: git-hook)."""
    try:
        return bool(run(repository, ["config", "--get-regexp", r"^hook\..*\.event$", "commit-msg"]))
    except GitError:
        return False


def _script(hook: Path) -> str | None:
    """Return the text of a hook that Git would run, or None."""
    return _text(hook) if is_runnable(hook) else None


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _install(hook: Path) -> str:
    if os.environ.get("PRE_COMMIT") != "1":
        return "run confluence-changelog install"
    tool = "prek" if "prek" in (_script(hook.with_name("pre-commit")) or "") else "pre-commit"
    return f"run {tool} install --hook-type commit-msg"
