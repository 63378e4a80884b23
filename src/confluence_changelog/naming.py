"""What commits belong to: the repository, the published branch, the tag; and what else Git is asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from confluence_changelog.branches import published
from confluence_changelog.entry import Facts
from confluence_changelog.errors import GitError
from confluence_changelog.fields import shows
from confluence_changelog.git import Repository, run
from confluence_changelog.lines import lines
from confluence_changelog.mainline import changed_lines, merge_dates
from confluence_changelog.remote import repository_name
from confluence_changelog.settings import Config, RowSettings

_AT_ONCE = 500
"""Ids in one command line; Windows takes 32,767 characters."""
_UNNAMED = "undefined"
_WAY_DOWN = re.compile(r"[~^].*")


def facts_of(
    repository: Repository, ids: Sequence[str], config: Config, address: str
) -> Mapping[str, Facts]:
    """Return what columns may show of commits beyond what they hold, by id.

    Git is asked for what some column shows; without configured columns, for all.
    """
    name = _own_name(repository, config.row, address)
    shown = config.table.columns.values()
    asked = [f for f in ("branch", "version") if not shown or any(shows(s, f) for s in shown)]
    branches = _branches(repository, ids, config) if "branch" in asked and ids else {}
    versions = _names(repository, ids, ["--tags"]) if "version" in asked and ids else {}
    lines = changed_lines(repository, ids) if any(shows(s, "lines") for s in shown) else {}
    merged = _merged(repository, ids, config) if any(shows(s, "merge-date") for s in shown) else {}
    return {
        i: Facts(branches.get(i, ""), name, versions.get(i, ""), lines.get(i, ""), merged.get(i))
        for i in ids
    }


def _merged(repository: Repository, ids: Sequence[str], config: Config) -> Mapping[str, datetime]:
    try:
        tips = published(repository, config.scope.branches).tips
    except GitError:
        return {}  # as for the branches
    return merge_dates(repository, tips.values(), ids)


def _own_name(repository: Repository, row: RowSettings, address: str) -> str:
    if row.repository != RowSettings().repository:
        return row.repository
    return repository_name(address) or repository.root.name.removesuffix(".git")


def _branches(repository: Repository, ids: Sequence[str], config: Config) -> dict[str, str]:
    """Return the published branch that each commit is on; of several the nearest."""
    try:
        tips = published(repository, config.scope.branches).tips
    except GitError:
        return {}  # a range may be published where no branch is
    names = {ref.removeprefix("refs/heads/").removeprefix("refs/"): _short(ref) for ref in tips}
    if len(set(names.values())) == 1:
        return dict.fromkeys(ids, next(iter(names.values())))
    found = _names(repository, ids, [f"--refs={ref}" for ref in tips])
    return {commit: names.get(name, name) for commit, name in found.items()}


def _short(ref: str) -> str:
    if ref.startswith("refs/heads/"):
        return ref.removeprefix("refs/heads/")
    return ref.removeprefix("refs/remotes/").partition("/")[2]


def _names(repository: Repository, ids: Sequence[str], refs: Sequence[str]) -> dict[str, str]:
    return dict(_named(repository, ids, refs))


def _named(
    repository: Repository, ids: Sequence[str], refs: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield the ids that a ref leads to, with its name (Git: git-name-rev)."""
    known = [commit for commit in ids if commit]  # a squashed request has no commit yet
    for start in range(0, len(known), _AT_ONCE):
        answer = run(repository, ["name-rev", *refs, *known[start : start + _AT_ONCE]])
        for line in lines(answer.decode("utf-8", "replace")):
            commit, _, name = line.partition(" ")
            if name != _UNNAMED:
                yield commit, _WAY_DOWN.sub("", name.removeprefix("tags/"))
