"""``check --pre-receive``: what a server lets in, and the exceptions that it records."""

import argparse
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime

from confluence_changelog.cli import output
from confluence_changelog.cli.findings import Finding, report
from confluence_changelog.cli.gates import judge, reword
from confluence_changelog.config import FILE_NAME, load
from confluence_changelog.errors import EXIT_OK, ConfigurationError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.pushed import (
    Update,
    arriving,
    config_at,
    default_branch,
    matches,
    missing_default,
    pre_receive_updates,
    push_options,
)
from confluence_changelog.settings import Config

EXCEPTIONS = "confluence-changelog-exceptions"
"""In the Git folder: the pushes that were let through, one JSON object a line."""


_PUSHERS = ("GL_USER", "GL_USERNAME", "GITEA_PUSHER_NAME", "BB_USER_NAME", "REMOTE_USER", "USER")
"""Where gitolite, GitLab, Gitea, Bitbucket's External Hooks, and web servers say who pushes."""


def pre_receive(arguments: argparse.Namespace, lines: str) -> int:
    """Judge what published branches receive, by the policy that binds them before the push.

    ``lines`` are those that Git gives the hook.
    """
    repository = open_repository()
    named = load(arguments.config) if arguments.config else None
    default = default_branch(repository)
    central = named or _old_policy(repository, f"refs/heads/{default}")
    status, is_judged = EXIT_OK, False
    updates = pre_receive_updates(lines)
    for update in updates:
        present = _old_policy(repository, update.old) if update.old else central
        config = named or present
        patterns = (central or config or Config()).scope.branches or (default,)
        if update.new and matches(update.ref, patterns):
            is_judged = True
            status = max(status, _received(arguments, repository, update, config, patterns))
    if not is_judged and (said := missing_default(repository, updates)):
        output.warning(said)
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
    findings = judge(repository, commits, config, may_autosquash=False)
    if _is_excepted(repository, update, config, findings):
        return EXIT_OK
    return report(findings, arguments.format, lambda: reword(commits, findings))


def _is_excepted(
    repository: Repository, update: Update, config: Config, findings: Sequence[Finding]
) -> bool:
    """Record a push that its option lets through. Secrets have no exception."""
    refused = [finding for finding in findings if finding.refuses]
    errors = [item for finding in refused for item in finding.violations if not item.is_warning]
    name = config.policy.exception
    reasons = [text.partition("=")[2] for text in push_options() if text.startswith(f"{name}=")]
    reason = output.safe(" ".join(reasons))
    if not (refused and name and reason) or any(item.rule == "secret" for item in errors):
        return False
    who = next(filter(None, map(os.environ.get, _PUSHERS)), "")
    record = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": output.safe(who),
        "ref": output.safe(update.ref),
        "commits": [finding.id for finding in refused],
        "reason": reason,
    }
    with (repository.common_dir / EXCEPTIONS).open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(record, ensure_ascii=False)}\n")
    what = output.count(len(refused), "undocumented commit")
    ids = ", ".join(finding.abbreviated for finding in refused)
    output.warning(f"Exception recorded: {what} on {update.ref} ({ids}): {reason}")
    return True


def _old_policy(repository: Repository, revision: str) -> Config | None:
    """Return the policy of a branch before the push; where it is broken, the default one."""
    try:
        return config_at(repository, revision)
    except ConfigurationError as error:
        output.warning(f"{error} Until that is mended, the default policy binds every path.")
        return Config()
