"""Hooks under pre-commit or prek: what `install` adds to their configuration, and `uninstall` takes out.

As in `native`, nothing is changed until a step is taken.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from confluence_changelog.errors import UsageError
from confluence_changelog.files import put
from confluence_changelog.git import Repository
from confluence_changelog.hooks import beside, record, toml_config, yaml_config
from confluence_changelog.hooks.entry import UNKNOWN, Source, UneditableError
from confluence_changelog.hooks.folder import hook_folder, hooks_path_scope, own_folder
from confluence_changelog.hooks.installed import CONFIGS, is_framework
from confluence_changelog.hooks.native import Step
from confluence_changelog.hooks.record import Done
from confluence_changelog.hooks.script import LEGACY
from confluence_changelog.hooks.stages import Stage
from confluence_changelog.refusal import printable


def configuration(repository: Repository) -> Path | None:
    """Return the configuration of a hook manager at the root of the work tree, if there is one."""
    files = (repository.root / name for name in CONFIGS)
    return None if repository.bare else next(filter(Path.is_file, files), None)


def install_steps(
    repository: Repository, stages: Sequence[Stage], source: Source | None, python: str = ""
) -> list[Step]:
    """Return what is to be done so that a hook manager runs these hooks.

    Beside its pre-push hook ours runs as Git's own, with the interpreter ``python``: see `beside`.

    Raises:
        UsageError: the source is needed and None; or the manager does not install hooks where
            core.hooksPath says, or should not.
        UneditableError: the configuration cannot be edited for certain.

    """
    file = configuration(repository) or repository.root / CONFIGS[0]
    _refuse_elsewhere(repository, file, stages)
    before = _read(file)
    after = _added(file.name, before or "", stages, source)
    where = printable(file.name)
    if after == before:
        steps = [Step(f"{where} is right")]
    else:
        verb = "write" if before is None else "add the hooks to"
        steps = [
            Step(f"{verb} {where}", partial(_edit, repository, Done(file.name, before, after)))
        ]
    if beside.STAGE in stages and not beside.loses(hook_folder(repository) / beside.STAGE.name):
        steps.append(beside.install(repository, python))
    return [*steps, *_tool_steps(repository, file, stages)]


def uninstall_steps(repository: Repository) -> list[Step]:
    """Return what is to be done to take out what `install_steps` did here, the last thing first."""
    steps = []
    texts: dict[str, str | None] = {}  # as they are when a step's turn comes
    for done in reversed(record.read(repository.common_dir)):
        if done.tool:
            steps.append(_undo_hooks(repository, done))
            continue
        now = texts[done.file] if done.file in texts else _read(repository.root / done.file)
        text = None if now is None else record.undone(now, done)
        texts[done.file] = now if text is None else text
        steps.append(_undo_edit(repository, done, text, is_there=now is not None))
    return steps


def _added(name: str, text: str, stages: Sequence[Stage], source: Source | None) -> str:
    add = toml_config.add if name.endswith(".toml") else yaml_config.add
    if source:
        return add(text, stages, source)
    after = add(text, stages, UNKNOWN)
    if UNKNOWN.repo in after:
        raise UsageError(
            "Where the hooks come from is not known: name the repository of confluence-changelog "
            "with --repo, and its tag with --rev."
        )
    return after


def _refuse_elsewhere(repository: Repository, file: Path, stages: Sequence[Stage]) -> None:
    """Refuse to install a manager's hooks where it will not, or where they serve others too."""
    scope = hooks_path_scope(repository)
    if not scope or not _missing(repository, stages):
        return
    usual, tool = _manager(file)
    if Path(tool or usual).stem == "prek":
        own_folder(repository)
        return
    where = printable(hook_folder(repository))
    raise UsageError(
        f"pre-commit installs no hooks while core.hooksPath is set (here {scope}, to {where}): run "
        f"git config --{scope} --unset-all core.hooksPath and install again, or install with --native."
    )


def _tool_steps(repository: Repository, file: Path, stages: Sequence[Stage]) -> list[Step]:
    folder = hook_folder(repository)
    missing = _missing(repository, stages)
    lost = [folder / (name + LEGACY) for name in missing if beside.loses(folder / name)]
    names = tuple(name for name in missing if folder / (name + LEGACY) not in lost)
    steps = [
        Step(
            f"{printable(hook)} would be overwritten by the hook manager: delete it, or put it back, and "
            "install again",
            is_problem=True,
        )
        for hook in lost
    ]
    if names or not steps:
        steps.append(_tool_step(repository, file, names))
    return steps


def _missing(repository: Repository, stages: Sequence[Stage]) -> list[str]:
    folder = hook_folder(repository)
    return [stage.name for stage in stages if not is_framework(folder / stage.name)]


def _manager(file: Path) -> tuple[str, str | None]:
    """Return the hook manager that a configuration is for, and the path of the one to call."""
    usual = "prek" if file.name != CONFIGS[0] else "pre-commit"
    return usual, _tool(usual) or _tool("prek")


def _tool_step(repository: Repository, file: Path, names: tuple[str, ...]) -> Step:
    if not names:
        return Step("the hook manager's hooks are installed")
    usual, tool = _manager(file)
    words = ["install", *(word for name in names for word in ("--hook-type", name))]
    if not tool:
        line = f"{usual} {' '.join(words)}"
        return Step(f"{usual} is not on PATH: run this where it is: {line}", is_problem=True)
    said = f"run {Path(tool).stem} {' '.join(words)}"
    return Step(said, partial(_run_tool, repository, tool, words, names))


def _run_tool(
    repository: Repository, tool: str, words: Sequence[str], names: tuple[str, ...]
) -> None:
    _call(repository, tool, words)
    done = Done(tool=Path(tool).stem, stages=names)
    record.write(repository.common_dir, [*record.read(repository.common_dir), done])


def _edit(repository: Repository, done: Done) -> None:
    record.write(repository.common_dir, [*record.read(repository.common_dir), done])
    put(repository.root / done.file, done.after.encode())


def _undo_hooks(repository: Repository, done: Done) -> Step:
    forget = partial(_forget, repository, done)
    folder = hook_folder(repository)
    names = [name for name in done.stages if is_framework(folder / name)]
    words = ["uninstall", *(word for name in names for word in ("--hook-type", name))]
    tool = _tool(done.tool)
    line = f"run {done.tool} {' '.join(words)}"
    if not names:
        return Step(f"the hooks of {done.tool} are gone already", forget)
    if not tool:
        return Step(f"{done.tool} is not on PATH: {line} where it is", is_problem=True)
    return Step(line, _in_turn(partial(_call, repository, tool, words), forget))


def _undo_edit(repository: Repository, done: Done, text: str | None, *, is_there: bool) -> Step:
    """Return the step that leaves a text, or no file where there was none before."""
    forget = partial(_forget, repository, done)
    name, file = printable(done.file), repository.root / done.file
    if not is_there:
        return Step(f"{name} is gone already", forget)
    if text is None:
        said = f"{name} was changed since: take the hooks out of it yourself"
        return Step(said, forget, is_problem=True)
    if done.before is None and not text:
        return Step(f"delete {name}", _in_turn(file.unlink, forget))
    return Step(
        f"take the hooks out of {name}", _in_turn(partial(put, file, text.encode()), forget)
    )


def _in_turn(*acts: Callable[[], None]) -> Callable[[], None]:
    def take() -> None:
        for act in acts:
            act()

    return take


def _forget(repository: Repository, done: Done) -> None:
    kept = [item for item in record.read(repository.common_dir) if item != done]
    record.write(repository.common_dir, kept)


def _call(repository: Repository, tool: str, words: Sequence[str]) -> None:
    done = subprocess.run(
        [tool, *words],
        cwd=repository.root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())
        raise UsageError(f"{Path(tool).stem} {words[0]} failed: {said}")


def _tool(name: str) -> str | None:
    """Return the path of a command, also where it is only beside our interpreter."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


def _read(file: Path) -> str | None:
    try:
        return file.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise UneditableError("it is not UTF-8") from error
