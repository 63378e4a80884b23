"""Git's own hooks: which files `install` writes and `uninstall` takes back.

Both first look, and return steps; nothing is changed until a step is taken.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.files import put
from confluence_changelog.hooks.folder import is_runnable, is_there
from confluence_changelog.hooks.installed import is_framework
from confluence_changelog.hooks.script import (
    BEFORE,
    LEGACY,
    calls_by_name,
    made_folder,
    origin,
    script,
)
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
    return [install_step(folder / stage.name, stage, python, runs) for stage in stages]


def install_step(
    hook: Path, stage: Stage, python: str, runs: Callable[[Path, Stage], bool]
) -> Step:
    """Return what is to be done so that one hook runs, see `install_steps`.

    ``hook`` may be the place in which a hook manager keeps what was there before.
    """
    made = not hook.parent.exists() or made_folder(_text(hook))
    return _install(hook, stage, script(stage, python, made_folder=made), runs)


def uninstall_steps(folder: Path) -> list[Step]:
    """Return what is to be done so that the folder is as it was before `install`."""
    names = [name + end for name in STAGES for end in ("", LEGACY)]
    made = any(made_folder(_text(folder / name)) for name in names)
    return [step for name in STAGES for step in _uninstall(folder / name, made=made)]


def is_ours(hook: Path) -> bool:
    """Tell whether a hook stands as `install` wrote it."""
    return _whose(hook) == "ours"


def _install(hook: Path, stage: Stage, text: str, runs: Callable[[Path, Stage], bool]) -> Step:
    where, before = printable(hook), _before(hook)
    write = partial(_write, hook, text)
    if not is_there(hook):
        chained = f", before it {before.name}" if is_there(before) else ""
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
    if is_there(before):
        return Step(
            f"{where} cannot be kept as {before.name}, which is there already: delete the one that "
            "is not wanted",
            is_problem=True,
        )
    return Step(f"write {where}, and keep the hook that was there as {before.name}", write)


def _uninstall(hook: Path, *, made: bool) -> list[Step]:
    where, before = printable(hook), _before(hook)
    whose = _whose(hook)
    legacy = hook.with_name(hook.name + LEGACY)
    if is_framework(hook) and _whose(legacy) == "ours":
        where, whose = printable(legacy), "ours"
    if whose == "ours":
        what = f"put back {where}" if is_there(before) else f"delete {where}"
        return [Step(what, partial(_take_back, hook, made=made))]
    steps = []
    if whose == "edited":
        said = f"{where} was edited after confluence-changelog wrote it: delete it yourself"
        steps.append(Step(said, is_problem=True))
    if origin(_text(legacy)) != "foreign":
        said = (
            f"{printable(legacy)} was put aside by a hook manager: take that away first "
            f"(pre-commit uninstall --hook-type {hook.name}), then uninstall again"
        )
        steps.append(Step(said, is_problem=True))
    elif whose == "foreign" and is_there(before):
        said = f"{printable(before)} is the hook from before, but {where} is not ours: look at both"
        steps.append(Step(said, is_problem=True))
    return steps


def _write(hook: Path, text: str) -> None:
    hook.parent.mkdir(parents=True, exist_ok=True)
    if is_there(hook) and _whose(hook) == "foreign":
        hook.rename(_before(hook))
    put(hook, text.encode("utf-8", "surrogateescape"), _RUNNABLE)
    mode = hook.stat().st_mode
    hook.chmod(mode | (mode & _READABLE) >> 2)  # who may read it may run it


def _take_back(hook: Path, *, made: bool) -> None:
    """Take our hook away, which a hook manager may keep, or have put back since we looked."""
    if _whose(hook) != "ours":
        hook = hook.with_name(hook.name + LEGACY)
    before = _before(hook)
    if is_there(before):
        before.replace(hook)
    else:
        hook.unlink()
    if made and not any(hook.parent.iterdir()):
        hook.parent.rmdir()


def _before(hook: Path) -> Path:
    return hook.with_name(hook.name.removesuffix(LEGACY) + BEFORE)


def _whose(hook: Path) -> str:
    """Tell whose a hook is; what a link leads to may serve other repositories, so that is not ours."""
    return "foreign" if hook.is_symlink() else origin(_text(hook))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""
