"""When commits came onto a published branch, and how many lines they change: asked of Git on request."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from confluence_changelog.git import Repository, run
from confluence_changelog.history import moment

_STAT = re.compile(r"\b([0-9]+) (insertion|deletion)")


def merge_dates(
    repository: Repository, tips: Iterable[str], ids: Sequence[str]
) -> dict[str, datetime]:
    """Return when each commit came onto one of the branches with these tips: one call of Git.

    That is the date of the committer of the commit of the branch itself (``--first-parent``) which
    brought it, the earliest of several; of a commit of the branch itself its own. A commit that is
    on none of the branches is left out.
    """
    wanted = {commit for commit in ids if commit}
    tips = tuple(dict.fromkeys(tips))
    if not wanted or not tips:
        return {}
    parents, dates = _history(repository, tips)
    found: dict[str, datetime] = {}
    for tip in tips:
        for commit, date in _brought(tip, parents, dates, wanted).items():
            found[commit] = min(date, found.get(commit, date))
    return found


def changed_lines(repository: Repository, ids: Sequence[str]) -> dict[str, str]:
    """Return how many lines each commit inserts and deletes, as ``+5 -2``: one call of Git.

    Git reads the content of every changed file for that; in a clone without it, it fetches it.
    """
    known = [commit for commit in ids if commit]
    if not known:
        return {}
    command = ["log", "--stdin", "--no-walk=unsorted", "--format=tformat:%H", "--shortstat"]
    command += ["--no-show-signature", "--no-color", "--root", "-M100%", "--no-ext-diff"]
    command += ["--diff-merges=first-parent", "--no-textconv", "--ignore-submodules=none"]
    answer = run(repository, command, "".join(f"{commit}\n" for commit in known).encode())
    found: dict[str, str] = {}
    commit = ""
    for line in answer.decode("utf-8", "replace").splitlines():
        if line and not line.startswith(" "):
            commit = line
            found[commit] = "+0 -0"
        elif line:
            counts = {word: number for number, word in _STAT.findall(line)}
            found[commit] = f"+{counts.get('insertion', 0)} -{counts.get('deletion', 0)}"
    return found


def _history(
    repository: Repository, tips: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the parents and the raw committer date of every commit of the branches."""
    command = ["log", "--stdin", "--format=tformat:%H,%P,%cd", "--date=raw", "--no-show-signature"]
    command += ["--no-color", "--no-patch"]
    answer = run(repository, command, "".join(f"{tip}\n" for tip in tips).encode())
    parents: dict[str, list[str]] = {}
    dates: dict[str, str] = {}
    for line in answer.decode("utf-8", "replace").splitlines():
        commit, above, dates[commit] = line.split(",")
        parents[commit] = above.split()
    return parents, dates


def _brought(
    tip: str,
    parents: Mapping[str, Sequence[str]],
    dates: Mapping[str, str],
    wanted: set[str],
) -> dict[str, datetime]:
    """Follow the branch from its beginning; what a commit of it reaches anew, it brought."""
    branch = [tip]
    while above := parents.get(branch[-1]):
        branch.append(above[0])
    seen: set[str] = set()
    found: dict[str, datetime] = {}
    for bringer in reversed(branch):
        reached = [bringer]
        while reached:
            commit = reached.pop()
            if commit in seen or commit not in parents:
                continue
            seen.add(commit)
            if commit in wanted:
                found[commit] = moment(dates[bringer])
            reached += parents[commit]
    return found
