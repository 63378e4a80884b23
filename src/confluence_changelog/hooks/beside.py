"""Git's own pre-push hook beside that of a hook manager, so that every ref of a push is checked.

pre-commit and prek tell their pre-push stage of the first ref that brings something, and of no
other. A hook that was there before they keep as ``pre-push.legacy``, and run it first with all that
Git says (pre-commit: commands/hook_impl.py, ``_run_legacy``; prek does the same).
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from confluence_changelog.git import Repository
from confluence_changelog.hooks.folder import SharedFolderError, hook_folder, is_there, own_folder
from confluence_changelog.hooks.installed import is_framework, runs
from confluence_changelog.hooks.native import Step, install_step, is_ours
from confluence_changelog.hooks.script import LEGACY
from confluence_changelog.hooks.stages import STAGES
from confluence_changelog.refusal import printable

STAGE = STAGES["pre-push"]
_LEGACY_RUNS = ("PRE_COMMIT_RUNNING_LEGACY", "PREK_RUNNING_LEGACY")
_SKIPS = ("SKIP", "PREK_SKIP")


def install(repository: Repository, python: str) -> Step:
    """Return what is to be done so that our hook runs before the hook manager's.

    It is written where the manager keeps what was there before; where the manager is yet to be
    installed, in the place from which that moves it. ``python``: see `script`.
    """
    hook = hook_folder(repository) / STAGE.name
    legacy = hook.with_name(hook.name + LEGACY)
    if is_framework(legacy):
        said = "is that of a hook manager as well, and names one ref only: keep one of the two"
        return Step(f"{printable(legacy)} {said}", is_problem=True)
    place = legacy if is_framework(hook) or is_there(legacy) else hook
    try:
        own_folder(repository)
    except SharedFolderError:
        said = "serves others too, so that of several refs that are pushed the first is checked"
        return Step(f"{printable(hook.parent)} {said}", is_problem=True)
    return install_step(place, STAGE, python, partial(runs, repository))


def loses(hook: Path) -> bool:
    """Tell whether a hook manager that is installed now would overwrite a hook that it kept before.

    It moves what is in its place to where that stands. Ours stands in its place, or is that one.
    """
    legacy = hook.with_name(hook.name + LEGACY)
    if is_framework(hook) or not is_there(legacy):
        return False
    return is_there(hook) or (hook.name == STAGE.name and not is_ours(legacy))


def misses_refs(repository: Repository) -> bool:
    """Tell whether our check is told only of the first ref of a push, by a hook manager."""
    hook = hook_folder(repository) / STAGE.name
    legacy = hook.with_name(hook.name + LEGACY)
    if not is_framework(hook) or not is_followed(repository):
        return False
    return is_framework(legacy) or not runs(repository, legacy, STAGE)


def is_followed(repository: Repository) -> bool:
    """Tell whether a hook manager runs our stage after the hook that it keeps."""
    return runs(repository, hook_folder(repository) / STAGE.name, STAGE)


def is_kept(environment: Mapping[str, str]) -> bool:
    """Tell whether a hook manager is running this as the hook that was there before."""
    return any(environment.get(name) for name in _LEGACY_RUNS)


def is_skipped(environment: Mapping[str, str]) -> bool:
    """Tell whether the manager's stage, for which the kept hook stands in, is to be skipped."""
    skipped = ",".join(environment.get(name, "") for name in _SKIPS)
    return STAGE.id in (word.strip() for word in skipped.split(","))
