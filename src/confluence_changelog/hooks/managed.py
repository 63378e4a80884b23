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
from confluence_changelog.hooks import record, toml_config, yaml_config
from confluence_changelog.hooks.entry import UNKNOWN, Source, UneditableError
from confluence_changelog.hooks.folder import hook_folder
from confluence_changelog.hooks.installed import CONFIGS, is_framework
from confluence_changelog.hooks.native import Step
from confluence_changelog.hooks.record import Done
from confluence_changelog.hooks.stages import Stage
from confluence_changelog.refusal import printable


def configuration(repository: Repository) -> Path | None:
    """Return the configuration of a hook manager at the root of the work tree, if there is one."""
    files = (repository.root / name for name in CONFIGS)
    return None if repository.bare else next(filter(Path.is_file, files), None)


def install_steps(
    repository: Repository, stages: Sequence[Stage], source: Source | None
) -> list[Step]:
    """Return what is to be done so that a hook manager runs these hooks.

    Raises:
        UsageError: the source is needed and None.
        UneditableError: the configuration cannot be edited for certain.

    """
    file = configuration(repository) or repository.root / CONFIGS[0]
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
    return [*steps, _install_step(repository, file, stages)]


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


def _install_step(repository: Repository, file: Path, stages: Sequence[Stage]) -> Step:
    folder = hook_folder(repository)
    names = tuple(stage.name for stage in stages if not is_framework(folder / stage.name))
    if not names:
        return Step("the hook manager's hooks are installed")
    usual = "prek" if file.name != CONFIGS[0] else "pre-commit"
    tool = _tool(usual) or _tool("prek")
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
