"""Git's own hooks: which files `install` writes and `uninstall` takes back.

Both first look, and return steps; nothing is changed until a step is taken.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.files import put
from confluence_changelog.hooks.folder import is_runnable
from confluence_changelog.hooks.installed import is_framework
from confluence_changelog.hooks.script import BEFORE, calls_by_name, made_folder, origin, script
from confluence_changelog.hooks.stages import STAGES, Stage
from confluence_changelog.refusal import printable

_RUNNABLE, _READABLE = 0o777, 0o444


class Step(NamedTuple):
    """Something to be done, or to be left."""

    said: str
    take: Callable[[], None] | None = None
    """Does it; None where there is nothing to do."""
    is_problem: bool = False
    """Whether something is left that a person has to look at."""


def install_steps(
    folder: Path, stages: Iterable[Stage], python: str, runs: Callable[[Path, Stage], bool]
) -> list[Step]:
    """Return what is to be done so that the hooks of these stages run.

    Args:
        folder: where Git looks for hooks; it is made where it is missing.
        stages: which hooks.
        python: see `hookscript.script`.
        runs: tells of a hook that is not ours whether it runs our command all the same.

    """
    steps = []
    is_missing = not folder.exists()
    for stage in stages:
        hook = folder / stage.name
        made = is_missing or made_folder(_text(hook))
        steps.append(_install(hook, stage, script(stage, python, made_folder=made), runs))
    return steps


def uninstall_steps(folder: Path) -> list[Step]:
    """Return what is to be done so that the folder is as it was before `install`."""
    made = any(made_folder(_text(folder / name)) for name in STAGES)
    return [step for name in STAGES for step in _uninstall(folder / name, made=made)]


def _install(hook: Path, stage: Stage, text: str, runs: Callable[[Path, Stage], bool]) -> Step:
    where, before = printable(hook), hook.with_name(hook.name + BEFORE)
    write = partial(_write, hook, text)
    if not _is_there(hook):
        chained = f", before it {before.name}" if _is_there(before) else ""
        return Step(f"write {where}{chained}", write)
    whose = _whose(hook)
    if whose == "edited":
        return Step(
            f"{where} was edited after confluence-changelog wrote it: it stays as it is; to have it "
            "anew, delete it and install again",
            is_problem=True,
        )
    if whose == "ours":
        is_right = _text(hook) == text and is_runnable(hook)
        return Step(f"{where} is right") if is_right else Step(f"renew {where}", write)
    if runs(hook, stage):
        return Step(f"{where} runs confluence-changelog {stage.command} already")
    if is_framework(hook):
        # Chained, it would be called by itself after the next `pre-commit install`.
        return Step(
            f"{where} is that of pre-commit or prek: install with --pre-commit, or take it away "
            f"(pre-commit uninstall --hook-type {hook.name}), install again, and let it come back after",
            is_problem=True,
        )
    if calls_by_name(_text(hook)):
        return Step(
            f"{where} looks for others by its own name, and would not find them under another: "
            f'have it run confluence-changelog {stage.command} "$@" as well, or its folder of hooks',
            is_problem=True,
        )
    if _is_there(before):
        return Step(
            f"{where} cannot be kept as {before.name}, which is there already: delete the one that "
            "is not wanted",
            is_problem=True,
        )
    return Step(f"write {where}, and keep the hook that was there as {before.name}", write)


def _uninstall(hook: Path, *, made: bool) -> list[Step]:
    where, before = printable(hook), hook.with_name(hook.name + BEFORE)
    whose = _whose(hook)
    if whose == "ours":
        what = f"put back {where}" if _is_there(before) else f"delete {where}"
        return [Step(what, partial(_take_back, hook, made=made))]
    steps = []
    if whose == "edited":
        said = f"{where} was edited after confluence-changelog wrote it: delete it yourself"
        steps.append(Step(said, is_problem=True))
    legacy = hook.with_name(f"{hook.name}.legacy")
    if origin(_text(legacy)) != "foreign":
        said = (
            f"{printable(legacy)} was put aside by a hook manager: take that away first "
            f"(pre-commit uninstall --hook-type {hook.name}), then uninstall again"
        )
        steps.append(Step(said, is_problem=True))
    elif whose == "foreign" and _is_there(before):
        said = f"{printable(before)} is the hook from before, but {where} is not ours: look at both"
        steps.append(Step(said, is_problem=True))
    return steps


def _write(hook: Path, text: str) -> None:
    hook.parent.mkdir(parents=True, exist_ok=True)
    if _is_there(hook) and _whose(hook) == "foreign":
        hook.rename(hook.with_name(hook.name + BEFORE))
    put(hook, text.encode("utf-8", "surrogateescape"), _RUNNABLE)
    mode = hook.stat().st_mode
    hook.chmod(mode | (mode & _READABLE) >> 2)  # who may read it may run it


def _take_back(hook: Path, *, made: bool) -> None:
    before = hook.with_name(hook.name + BEFORE)
    if _is_there(before):
        before.replace(hook)
    else:
        hook.unlink()
    if made and not any(hook.parent.iterdir()):
        hook.parent.rmdir()


def _whose(hook: Path) -> str:
    """Tell whose a hook is; what a link leads to may serve other repositories, so that is not ours."""
    return "foreign" if hook.is_symlink() else origin(_text(hook))


def _is_there(file: Path) -> bool:
    return file.is_symlink() or file.exists()


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""
