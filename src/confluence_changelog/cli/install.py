"""``confluence-changelog install``: writes what is missing for Git to run the hooks."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from confluence_changelog import __version__
from confluence_changelog.cli import output
from confluence_changelog.config import FILE_NAME, find_file
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.hooks import beside, installed, native
from confluence_changelog.hooks.entry import UNKNOWN, Source, UneditableError, whole
from confluence_changelog.hooks.folder import SharedFolderError, hook_folder, own_folder
from confluence_changelog.hooks.native import Step
from confluence_changelog.hooks.script import origin
from confluence_changelog.hooks.stages import MANAGED, NATIVE, SERVER, STAGES, Stage

_DESCRIPTION = """\
Write what is missing for Git to run the hooks of this tool in this repository, and say what was done.
What is right stays as it is, other people's hooks run first, and `uninstall` takes it all back."""

_EPILOGUE = f"""\
Without --native or --pre-commit: --pre-commit where there is a configuration of pre-commit or prek.

hooks, if none are named:
  --native        {", ".join(NATIVE)}
  --pre-commit    {", ".join(MANAGED)}
  a bare repository, on a server: {", ".join(SERVER)}

examples:
  confluence-changelog install --dry-run
  confluence-changelog install --pre-commit --repo https://git.example.com/tools/confluence-changelog"""

_TAG = re.compile(r"v?[0-9]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EPILOGUE
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--native", action="store_true", help="as Git's own hooks, in each clone")
    how.add_argument(
        "--pre-commit", action="store_true", help="by pre-commit or prek, in its configuration"
    )
    parser.add_argument(
        "--hook-type",
        action="append",
        choices=[*STAGES],
        metavar="HOOK",
        help=f"one of {', '.join(STAGES)} (can be repeated)",
    )
    parser.add_argument(
        "--repo", help="with --pre-commit: address or path of confluence-changelog's repository"
    )
    parser.add_argument("--rev", help="with --pre-commit: its tag (default: of this version)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")


def run(arguments: argparse.Namespace) -> int:
    """Install, and say step by step what is done."""
    from confluence_changelog.hooks import managed  # a native installation does without

    repository = open_repository()
    is_managed = arguments.pre_commit or (
        not arguments.native and managed.configuration(repository) is not None
    )
    look = _managed if is_managed else _native
    status = take(look(arguments, repository), dry_run=arguments.dry_run)
    if not repository.bare and find_file(repository.root) is None:
        output.note(f"Nothing is checked before there is a {FILE_NAME}, which may be empty.")
    return status


def take(steps: Sequence[Step], *, dry_run: bool) -> int:
    """Take steps, saying each; return the exit status."""
    for step in steps:
        if step.is_problem:
            output.warning(step.said)
        elif step.take is not None and dry_run:
            output.result(f"would {step.said}")
        else:
            output.result(step.said)
        if step.take is not None and not dry_run:
            step.take()
    return EXIT_FINDINGS if any(step.is_problem for step in steps) else EXIT_OK


def _native(arguments: argparse.Namespace, repository: Repository) -> list[Step]:
    stages = _stages(arguments, SERVER if repository.bare else NATIVE)
    try:
        folder = own_folder(repository)
    except SharedFolderError:
        _say_lines(stages)
        raise
    return native.install_steps(folder, stages, _python(), partial(installed.runs, repository))


def _say_lines(stages: Sequence[Stage]) -> None:
    """Say what hooks have to run that are not ours to write."""
    for stage in stages:
        end = " || exit" if stage.refuses else ""
        output.lines(f'{stage.name}:  confluence-changelog {stage.command} "$@"{end}')


def _python() -> str:
    return Path(sys.executable).as_posix() if sys.executable else ""


def _managed(arguments: argparse.Namespace, repository: Repository) -> list[Step]:
    from confluence_changelog.hooks import managed

    stages = _stages(arguments, MANAGED)
    if repository.bare or any(not stage.id for stage in stages):
        raise UsageError(
            "pre-commit and prek have no hooks of servers: install those with --native."
        )
    _refuse_both(repository, stages)
    source = _source(arguments)
    try:
        return managed.install_steps(repository, stages, source, _python())
    except SharedFolderError:
        _say_lines(stages)
        raise
    except UneditableError as error:
        output.lines(whole(stages, source or UNKNOWN))
        file = managed.configuration(repository)
        name = file.name if file else ""
        raise UsageError(
            f"{name} cannot be edited for certain ({error}): add what is missing of the lines above "
            "yourself."
        ) from error


def _refuse_both(repository: Repository, stages: Sequence[Stage]) -> None:
    folder = hook_folder(repository)
    for stage in stages:
        if stage == beside.STAGE:
            continue  # there both are wanted
        try:
            text = (folder / stage.name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if origin(text) != "foreign":
            raise UsageError(
                f"The {stage.name} hook is installed as Git's own, and would run twice: "
                "run confluence-changelog uninstall first."
            )


def _stages(arguments: argparse.Namespace, usual: Sequence[str]) -> list[Stage]:
    return [STAGES[name] for name in dict.fromkeys(arguments.hook_type or usual)]


def _source(arguments: argparse.Namespace) -> Source | None:
    """Return where hooks come from: as told, or as pip was told (packaging: direct_url.json)."""
    rev = arguments.rev or f"v{__version__}"
    if arguments.repo:
        return Source(arguments.repo, rev)
    try:
        origin_of = json.loads(
            distribution("confluence-changelog").read_text("direct_url.json") or "{}"
        )
    except (PackageNotFoundError, ValueError):
        return None
    vcs = origin_of.get("vcs_info")
    if not vcs:
        return None
    asked = vcs.get("requested_revision") or ""
    rev = arguments.rev or (asked if _TAG.match(asked) else vcs.get("commit_id") or rev)
    return Source(origin_of["url"], rev)
