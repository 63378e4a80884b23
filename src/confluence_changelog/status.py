"""What `status` tells of commits: their subjects, and what the policy finds wrong with new ones."""

from collections.abc import Sequence
from typing import NamedTuple

from confluence_changelog.ancestry import known, topo_order
from confluence_changelog.checkout import default_branch, read_checkout
from confluence_changelog.commit import Commit
from confluence_changelog.demands import ExtraRule, demands
from confluence_changelog.git import Repository, run
from confluence_changelog.history import log
from confluence_changelog.logs import judged_scope
from confluence_changelog.message import parse_message
from confluence_changelog.policy import Violation, quoted, violations
from confluence_changelog.rewrite import tips
from confluence_changelog.scope import select
from confluence_changelog.settings import Config

DAYS = 30


class Undocumented(NamedTuple):
    """A commit that the policy finds something wrong with."""

    commit: Commit
    subject: str
    violations: tuple[Violation, ...]


def undocumented(
    repository: Repository, config: Config, rules: Sequence[ExtraRule] = ()
) -> list[Undocumented]:
    """Return the commits in scope of the last days that violate the policy, newest first.

    What the policy only warns of is no violation. ``rules`` are those of plugins.

    No remote is asked which branch is its default: where the clone does not know it, the branch
    that is checked out is taken for the published one.
    """
    args = ["rev-list", f"--since={DAYS}.days.ago", "--stdin"]
    ids = run(repository, args, "\n".join(tips(repository)).encode("ascii")).decode("ascii").split()
    if not ids:
        return []
    commits = log(repository, topo_order(repository, ids), no_walk=True)
    found = []
    for commit in select(repository, commits, judged_scope(_here(repository, config))).in_scope:
        if wrong := _wrong(commit, config, rules):
            subject = quoted(parse_message(commit.message).subject) or "(no subject)"
            found.append(Undocumented(commit, subject, wrong))
    return found


def subjects(repository: Repository, ids: Sequence[str]) -> dict[str, str]:
    """Return the subjects of those of the commits that the repository has."""
    commits = log(repository, sorted(known(repository, ids)), no_walk=True)
    return {commit.id: quoted(parse_message(commit.message).subject) for commit in commits}


def _here(repository: Repository, config: Config) -> Config:
    if config.scope.branches:
        return config
    checkout = read_checkout(repository)
    branch = default_branch(checkout) or checkout.name
    return config._replace(scope=config.scope._replace(branches=(branch,) if branch else ()))


def _wrong(commit: Commit, config: Config, rules: Sequence[ExtraRule]) -> tuple[Violation, ...]:
    paths = [path for change in commit.changes for path in (change.path, change.old_path) if path]
    asked = demands(config, lambda: paths)
    if asked is None:
        return ()
    asked = asked._replace(extra=tuple(rules), paths=tuple(paths))
    message = parse_message(commit.message)
    found = violations(message, asked, is_merge=len(commit.parents) > 1)
    return tuple(violation for violation in found if not violation.is_warning)
