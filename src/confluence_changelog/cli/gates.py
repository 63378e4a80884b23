"""The rest of ``check``: ranges, texts, and the hooks that see more than one message."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from confluence_changelog.ancestry import resolve
from confluence_changelog.cleanup import strip_space
from confluence_changelog.cli import output
from confluence_changelog.cli.check import configuration
from confluence_changelog.cli.findings import Finding, report
from confluence_changelog.commit import Commit
from confluence_changelog.config import FILE_NAME, load
from confluence_changelog.demands import demands
from confluence_changelog.errors import EXIT_OK, ConfigurationError, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.history import split_range
from confluence_changelog.message import parse_message
from confluence_changelog.policy import violations
from confluence_changelog.pushed import (
    Update,
    arriving,
    config_at,
    default_branch,
    in_range,
    is_published,
    leaving,
    matches,
    pre_push_updates,
    pre_receive_updates,
    push_options,
)
from confluence_changelog.settings import Config
from confluence_changelog.staged import decoded
from confluence_changelog.text import plain

EXCEPTIONS = "confluence-changelog-exceptions"
"""In the Git folder: the pushes that were let through, one JSON object a line."""


def run(arguments: argparse.Namespace) -> int:
    """Check what is asked for."""
    if arguments.message is not None:
        return _message(arguments)
    if arguments.range is not None:
        return _range(arguments)
    if arguments.stage is None:
        raise UsageError("There is nothing to check: give the FILE that holds the message.")
    return _STAGES[arguments.stage](arguments)


def _message(arguments: argparse.Namespace) -> int:
    """Check a text by `[policy]` alone: it touches no paths."""
    repository = open_repository()
    config = _configuration(arguments, repository)
    if config is None:
        return EXIT_OK
    text = arguments.message
    if text == "-":
        text = decoded(sys.stdin.buffer.read())
    message = parse_message(strip_space(text))
    asked = demands(Config(policy=config.policy._replace(paths=())), list)
    assert asked is not None  # noqa: S101 - nothing depends on paths
    found = violations(message, asked, may_autosquash=False)
    finding = Finding("", "", message.subject, tuple(found), asked)
    return report([finding], arguments.format, lambda: "")


def _range(arguments: argparse.Namespace) -> int:
    repository = open_repository()
    config = _configuration(arguments, repository)
    if config is None:
        return EXIT_OK
    commits = in_range(repository, split_range(arguments.range), config)
    findings = judge(commits, config, may_autosquash=False)
    status = report(findings, arguments.format, lambda: _reword(commits, findings))
    if arguments.format == "text":
        total = output.count(len(commits), "commit")
        output.result(f"{total}, {len(findings):,} bound by the policy.")
    return status


def _pre_push(arguments: argparse.Namespace) -> int:
    repository = open_repository()
    config = _configuration(arguments, repository)
    if config is None:
        return EXIT_OK
    named = arguments.words[:1] or [os.environ.get("PRE_COMMIT_REMOTE_NAME", "")]
    remote = named[0] or "origin"
    commits: list[Commit] = []
    findings: list[Finding] = []
    for update in pre_push_updates(_standard_input(), os.environ, repository):
        new = leaving(repository, update, remote, config)
        published = is_published(repository, update.ref, remote, config)
        findings += judge(new, config, may_autosquash=not published)
        commits += new
    unique = list({finding.id: finding for finding in findings}.values())
    return report(unique, arguments.format, lambda: _reword(commits, unique))


def _pre_receive(arguments: argparse.Namespace) -> int:
    repository = open_repository()
    named = load(arguments.config) if arguments.config else None
    default = default_branch(repository)
    central = named or _old_policy(repository, f"refs/heads/{default}")
    status = EXIT_OK
    for update in pre_receive_updates(_standard_input()):
        present = _old_policy(repository, update.old) if update.old else central
        config = named or present
        patterns = (central or config or Config()).scope.branches or (default,)
        if update.new and matches(update.ref, patterns):
            status = max(status, _received(arguments, repository, update, config, patterns))
    return status


def _received(
    arguments: argparse.Namespace,
    repository: Repository,
    update: Update,
    config: Config | None,
    patterns: Sequence[str],
) -> int:
    """Judge what one published branch receives; configuration that is broken is not let in."""
    if not arguments.config:
        config_at(repository, update.new)
    if config is None:
        output.note(f"confluence-changelog: no {FILE_NAME} on {update.ref}, nothing is checked.")
        return EXIT_OK
    commits = arriving(repository, update, patterns)
    findings = judge(commits, config, may_autosquash=False)
    if _is_excepted(repository, update, config, findings):
        return EXIT_OK
    return report(findings, arguments.format, lambda: _reword(commits, findings))


def _is_excepted(
    repository: Repository, update: Update, config: Config, findings: Sequence[Finding]
) -> bool:
    """Record a push that its option lets through. Secrets have no exception."""
    refused = [finding for finding in findings if finding.refuses]
    errors = [item for finding in refused for item in finding.violations if not item.is_warning]
    name = config.policy.exception
    reasons = [text.partition("=")[2] for text in push_options() if text.startswith(f"{name}=")]
    reason = plain(" ".join(reasons))
    if not (refused and name and reason) or any(item.rule == "secret" for item in errors):
        return False
    who = next(filter(None, map(os.environ.get, ("GL_USER", "REMOTE_USER", "USER"))), "")
    record = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": who,
        "ref": update.ref,
        "commits": [finding.id for finding in refused],
        "reason": reason,
    }
    with (repository.common_dir / EXCEPTIONS).open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(record, ensure_ascii=False)}\n")
    what = output.count(len(refused), "undocumented commit")
    ids = ", ".join(finding.abbreviated for finding in refused)
    output.warning(f"Exception recorded: {what} on {update.ref} ({ids}): {reason}")
    return True


def _pre_commit(arguments: argparse.Namespace) -> int:
    """Refuse broken configuration that is staged, and a commit whose message nothing will check."""
    from confluence_changelog.cli.stage import check_staged, is_committing
    from confluence_changelog.installed import missing_hook

    repository = open_repository()
    check_staged(repository)
    if configuration(repository.root, arguments.config) is None or not is_committing():
        return EXIT_OK
    if problem := missing_hook(repository):
        raise UsageError(problem)
    return EXIT_OK


def judge(commits: Sequence[Commit], config: Config, *, may_autosquash: bool) -> list[Finding]:
    """Return what is found of each commit that the policy binds, in their order."""
    findings: list[Finding] = []
    for commit in commits:
        paths = [path for change in commit.changes for path in (change.path, change.old_path)]
        asked = demands(config, [*filter(None, paths)].copy)
        if asked is None:
            continue
        message = parse_message(commit.message)
        merge = len(commit.parents) > 1
        found = violations(message, asked, is_merge=merge, may_autosquash=may_autosquash)
        finding = Finding(commit.id, commit.abbreviated, message.subject, tuple(found), asked)
        findings.append(finding)
    return findings


def _configuration(arguments: argparse.Namespace, repository: Repository) -> Config | None:
    if not arguments.policy_from:
        return configuration(repository.root, arguments.config)
    config = config_at(repository, resolve(repository, arguments.policy_from))
    if config is None:
        output.note(
            f"confluence-changelog: no {FILE_NAME} in {arguments.policy_from}, nothing is checked."
        )
    return config


def _old_policy(repository: Repository, revision: str) -> Config | None:
    """Return the policy of a branch before the push; where it is broken, the default one."""
    try:
        return config_at(repository, revision)
    except ConfigurationError as error:
        output.warning(f"{error} Until that is mended, the default policy binds every path.")
        return Config()


def _reword(commits: Sequence[Commit], findings: Sequence[Finding]) -> str:
    refused = {finding.id for finding in findings if finding.refuses}
    first = next(commit for commit in commits if commit.id in refused)
    start = f"{first.abbreviated}^" if first.parents else "--root"
    return (
        f"To go on: choose “reword” for what is named above in\n\n"
        f"    git rebase --interactive {start}\n"
    )


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        return ""
    return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")


_STAGES: dict[str, Callable[[argparse.Namespace], int]] = {
    "pre-commit": _pre_commit,
    "pre-push": _pre_push,
    "pre-receive": _pre_receive,
}
