"""The rest of ``check``: ranges, texts, and the hooks that see more than one message."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from confluence_changelog import judged, noting
from confluence_changelog.ancestry import resolve
from confluence_changelog.cleanup import strip_space
from confluence_changelog.cli import output
from confluence_changelog.cli.check import (
    check_file,
    configuration,
    miscorrections,
    present_configuration,
    unbound,
)
from confluence_changelog.cli.findings import Finding, report
from confluence_changelog.commit import Commit
from confluence_changelog.config import FILE_NAME, find_file
from confluence_changelog.demands import ExtraRule, bound_paths, demands
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.history import split_range
from confluence_changelog.hooks import beside
from confluence_changelog.logs import judged_scope
from confluence_changelog.message import parse_message
from confluence_changelog.plugins.rules import extra_rules
from confluence_changelog.policy import violations
from confluence_changelog.pushed import (
    Update,
    config_at,
    config_before,
    in_range,
    is_published,
    leaving,
    pre_push_updates,
)
from confluence_changelog.scope import row_judge
from confluence_changelog.settings import Config
from confluence_changelog.staged import decoded, written_message


def run(arguments: argparse.Namespace) -> int:
    """Check what is asked for."""
    if arguments.message is not None:
        return _message(arguments)
    if arguments.range is not None:
        return _range(arguments)
    if arguments.stage is None and os.environ.get("PRE_COMMIT"):
        file = written_message()
        if file is None:
            raise UsageError("There is nothing to check: give the FILE that holds the message.")
        return check_file(str(file), arguments.config, arguments.format)
    return _STAGES[arguments.stage or "ci"](arguments)


def _ci(arguments: argparse.Namespace) -> int:
    from confluence_changelog.cli import review  # hooks do without

    return review.in_ci(arguments)


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
    asked = unbound(config)._replace(extra=extra_rules())
    found = violations(message, asked, may_autosquash=False)
    found += miscorrections(repository, message, config)
    finding = Finding("", "", message.subject, tuple(found), asked)
    return report([finding], arguments.format, lambda: "")


def _range(arguments: argparse.Namespace) -> int:
    from confluence_changelog.cli import review  # hooks do without

    repository = open_repository()
    config = _configuration(arguments, repository)
    if config is None:
        return EXIT_OK
    commits = in_range(repository, split_range(arguments.range), config)
    return review.over(arguments, repository, config, commits)


def _pre_push(arguments: argparse.Namespace) -> int:
    repository = open_repository()
    is_kept = beside.is_kept(os.environ)
    if is_kept and beside.is_skipped(os.environ):
        return EXIT_OK
    named = arguments.words[:1] or [os.environ.get("PRE_COMMIT_REMOTE_NAME", "")]
    remote = named[0] or "origin"
    updates = pre_push_updates(_standard_input(), os.environ, repository)
    configs = _configured(arguments, repository, remote, updates)
    if configs is None:
        return EXIT_OK
    if os.environ.get("PRE_COMMIT") and not is_kept:
        status = judged.take(repository.common_dir, remote, configs)
        if status is not None:
            if status != EXIT_OK:
                output.note("This push is refused for what is said above.")
            return status
    status = _push(arguments, repository, remote, configs)
    if is_kept and beside.is_followed(repository):
        judged.leave(repository.common_dir, remote, configs, status)
    return status


def _push(
    arguments: argparse.Namespace,
    repository: Repository,
    remote: str,
    configs: Mapping[Update, Config],
) -> int:
    """Check what is new of each ref; when all is well, send off what waits for its row."""
    rules = extra_rules()
    commits: list[Commit] = []
    findings: list[Finding] = []
    for update, config in configs.items():
        new = leaving(repository, update, remote, config)
        published = is_published(repository, update.ref, remote, config)
        findings += judge(repository, new, config, rules, may_autosquash=not published)
        commits += new
    unique = list({finding.id: finding for finding in findings}.values())
    status = report(unique, arguments.format, lambda: reword(commits, unique))
    if status == EXIT_OK:
        noting.flush(repository)
    return status


def _configured(
    arguments: argparse.Namespace,
    repository: Repository,
    remote: str,
    updates: Sequence[Update],
) -> dict[Update, Config] | None:
    """Return what binds each ref: the configuration, or what the push may take away; None: nothing."""
    is_here = arguments.config or arguments.policy_from or find_file(repository.root)
    if not is_here and not repository.bare:
        found = {update: config_before(repository, update, remote) for update in updates}
        if configs := {update: config for update, config in found.items() if config is not None}:
            return configs
    config = _configuration(arguments, repository)
    return None if config is None else dict.fromkeys(updates, config)


def _pre_receive(arguments: argparse.Namespace) -> int:
    from confluence_changelog.cli import receive  # servers only

    return receive.pre_receive(arguments, _standard_input())


def _pre_commit(arguments: argparse.Namespace) -> int:
    """Refuse broken configuration that is staged, and a commit whose message nothing will check."""
    from confluence_changelog.cli.stage import check_staged, is_committing
    from confluence_changelog.hooks.installed import missing_hook

    repository = open_repository()
    check_staged(repository)
    if configuration(repository.root, arguments.config) is None or not is_committing():
        return EXIT_OK
    if problem := missing_hook(repository):
        raise UsageError(problem)
    return EXIT_OK


def judge(
    repository: Repository,
    commits: Sequence[Commit],
    config: Config,
    rules: Sequence[ExtraRule] = (),
    *,
    may_autosquash: bool,
) -> list[Finding]:
    """Return what is found of each commit that the policy binds, in their order.

    ``rules`` are those of plugins, of which a server knows none.

    Of a commit that gets no row nothing is asked but that it holds no secret, as of merge commits.
    """
    why_none = row_judge(repository, commits, judged_scope(config))
    findings: list[Finding] = []
    for commit in commits:
        touched = [path for change in commit.changes for path in (change.path, change.old_path)]
        paths = [*filter(None, touched)]
        asked = demands(config, paths.copy)
        message = parse_message(commit.message)
        wrong = miscorrections(repository, message, config)
        if asked is None and not wrong:
            continue
        free = len(commit.parents) > 1 or bool(why_none(commit))
        found = wrong
        if asked:
            asked = asked._replace(extra=tuple(rules), paths=tuple(paths))
            found = violations(message, asked, is_merge=free, may_autosquash=may_autosquash) + wrong
        asked = asked or unbound(config)
        path = next(iter([*bound_paths(config, paths), *paths]), "")
        finding = Finding(commit.id, commit.abbreviated, message.subject, tuple(found), asked, path)
        findings.append(finding)
    return findings


def _configuration(arguments: argparse.Namespace, repository: Repository) -> Config | None:
    if not arguments.policy_from:
        return present_configuration(repository, arguments.config)
    config = config_at(repository, resolve(repository, arguments.policy_from))
    if config is None:
        output.note(
            f"confluence-changelog: no {FILE_NAME} in {arguments.policy_from}, nothing is checked."
        )
    return config


def reword(commits: Sequence[Commit], findings: Sequence[Finding]) -> str:
    """Return how to go on when commits of a range are refused."""
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
    "ci": _ci,
}
