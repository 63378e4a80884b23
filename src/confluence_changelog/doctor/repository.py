"""Git, its hooks, and the commits that wait for their rows."""

import os
import re
import time
from collections.abc import Mapping

from confluence_changelog import notes, spawn
from confluence_changelog.doctor.check import Findings
from confluence_changelog.errors import ChangelogError
from confluence_changelog.git import Repository, open_repository, shallow_boundary, version
from confluence_changelog.hooks import beside, installed, managed
from confluence_changelog.hooks.folder import hook_folder
from confluence_changelog.hooks.stages import MANAGED, NATIVE, SERVER, STAGES
from confluence_changelog.noting import OLD
from confluence_changelog.refusal import printable
from confluence_changelog.text import plain

GROUP = "Git"
OLDEST = (2, 31)
"""Git 2.31 is the first with ``rev-parse --path-format`` (its release notes)."""


def examine(findings: Findings, environment: Mapping[str, str] = os.environ) -> Repository | None:
    """Look at Git and the present repository; return that."""
    try:
        _version(findings)
        repository = open_repository()
    except ChangelogError as error:
        findings.failed(GROUP, "repository", error)
        return None
    _history(findings, repository)
    _hooks(findings, repository, environment)
    _pending(findings, repository)
    return repository


def _version(findings: Findings) -> None:
    found = version()
    number = tuple(int(part) for part in re.findall(r"\d+", found)[:2])
    if number >= OLDEST:
        findings.ok(GROUP, "version", f"Git {found}.")
        return
    oldest = ".".join(map(str, OLDEST))
    findings.wrong(GROUP, "version", f"Git {found} is too old: install Git {oldest} or later.")


def _history(findings: Findings, repository: Repository) -> None:
    where = printable(repository.root)
    if shallow_boundary(repository):
        findings.warning(
            GROUP,
            "repository",
            f"The clone at {where} is shallow, so that ranges beyond its end cannot be published: run "
            "git fetch --unshallow.",
        )
        return
    kind = "The bare repository" if repository.bare else "The repository"
    findings.ok(GROUP, "repository", f"{kind} at {where}.")


def _hooks(findings: Findings, repository: Repository, environment: Mapping[str, str]) -> None:
    if environment.get("CI"):
        findings.ok(GROUP, "hooks", "None are needed here, because CI is set.")
        return
    try:
        there, missing = _installed(repository)
        said = "" if repository.bare else installed.missing_hook(repository)
    except ChangelogError as error:
        findings.failed(GROUP, "hooks", error)
        return
    if said:
        findings.warning(GROUP, "commit-msg", said)
    if not repository.bare and beside.misses_refs(repository):
        findings.warning(
            GROUP,
            "pre-push",
            "The hook manager names only the first of several refs that are pushed, so that the others "
            "are not checked: run confluence-changelog install --pre-commit.",
        )
    if there:
        findings.ok(GROUP, "hooks", f"Installed: {', '.join(there)}.")
    missing = [name for name in missing if name != "commit-msg"]
    if not missing:
        return
    text = f"Not installed: {', '.join(missing)}"
    if repository.bare or any(STAGES[name].command.startswith("note") for name in there):
        findings.warning(GROUP, "more-hooks", f"{text}; run confluence-changelog install.")
    elif spawn.is_wanted(environment):
        findings.warning(
            GROUP,
            "more-hooks",
            f"{text}; run confluence-changelog install if rows are to appear at commit time, and not "
            "only when CI publishes.",
        )
    else:
        findings.ok(GROUP, "more-hooks", f"{text}: rows come when publish is run.")


def _installed(repository: Repository) -> tuple[list[str], list[str]]:
    """Return the recommended hooks that run our command, and those that do not."""
    is_managed = managed.configuration(repository) is not None
    usual = SERVER if repository.bare else MANAGED if is_managed else NATIVE
    folder = hook_folder(repository)
    there = [
        stage.name
        for stage in STAGES.values()
        if installed.runs(repository, folder / stage.name, stage)
    ]
    return there, [name for name in usual if name not in there]


def _pending(findings: Findings, repository: Repository) -> None:
    folder = notes.pending(repository.common_dir)
    failure = notes.read_failure(repository.common_dir)
    waiting = notes.waiting(folder)
    if waiting is None:
        findings.ok(GROUP, "pending", "No commit waits for its row.")
    else:
        noun = "commit waits" if waiting.commits == 1 else "commits wait"
        since = time.strftime("%Y-%m-%d %H:%M", time.localtime(waiting.since))
        text = f"{waiting.commits:,} {noun} for a row, the oldest since {since}"
        if time.time() - waiting.since < OLD and failure is None:
            findings.ok(GROUP, "pending", f"{text}.")
        else:
            remedy = "run confluence-changelog publish --pending"
            findings.warning(GROUP, "pending", f"{text}: {remedy}.")
    if failure is not None:
        findings.warning(
            GROUP, "last-publisher", f"The last publisher stopped: {plain(failure.sentence)}"
        )
    if strangers := notes.strangers(folder):
        findings.warning(
            GROUP,
            "strange-files",
            f"{printable(folder)} holds files that are no notes ({plain(', '.join(strangers))}): remove "
            "them.",
        )
