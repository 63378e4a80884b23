"""Which commits a push brings, and the policy that binds them: from what the hooks are told.

Git: githooks, "pre-push" and "pre-receive". A range is given to Git as ids on standard input.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from confluence_changelog.ancestry import known, resolve
from confluence_changelog.commit import Commit
from confluence_changelog.config import FILE_NAME, PYPROJECT, parse_files
from confluence_changelog.errors import ConfigurationError, GitError, UsageError
from confluence_changelog.git import Repository, read_subprocess, run
from confluence_changelog.history import log
from confluence_changelog.lines import lines
from confluence_changelog.scope import since_judge
from confluence_changelog.settings import Config

_HEADS = "refs/heads/"
_UNJUDGED = ("refs/tags/", "refs/notes/")


class Update(NamedTuple):
    """One ref that a push moves; an id is empty where there is nothing."""

    old: str
    new: str
    ref: str
    """Its name at the receiving end."""


def pre_push_updates(
    lines: str, environment: Mapping[str, str], repository: Repository
) -> list[Update]:
    """Return what is pushed, from the lines that Git gives pre-push.

    pre-commit and prek swallow them and set variables for one ref instead: on a first push without
    PRE_COMMIT_FROM_REF, in pre-commit without PRE_COMMIT_TO_REF too. Nothing at all is an empty
    push. Raises UsageError for lines that are none of Git's.
    """
    updates = [_update((words[3], words[1], words[2])) for words in _words(lines, 4)]
    branch = environment.get("PRE_COMMIT_REMOTE_BRANCH", "")
    if updates or not branch:
        return updates
    new = environment.get("PRE_COMMIT_TO_REF") or environment.get("PRE_COMMIT_LOCAL_BRANCH", "")
    if not new or not set(new) - {"0"}:
        return []
    return [Update(environment.get("PRE_COMMIT_FROM_REF", ""), resolve(repository, new), branch)]


def pre_receive_updates(lines: str) -> list[Update]:
    """Return what is pushed, from the lines that Git gives pre-receive. Raises UsageError."""
    return [_update((words[0], words[1], words[2])) for words in _words(lines, 3)]


def leaving(repository: Repository, update: Update, remote: str, config: Config) -> list[Commit]:
    """Return the commits that a push adds to its remote, the oldest first; none for tags.

    What the remote has is left out, as far as this clone knows: all of its branches; when the
    branch is published, only what that branch has, since a commit that may stand on another branch
    may not stand there. Commits before `scope.since` are left out as well.
    """
    if not update.new or update.ref.startswith(_UNJUDGED):
        return []
    tracked = _refs(repository, f"refs/remotes/{remote}/") or _refs(repository, "refs/remotes/")
    if update.old in known(repository, [update.old]) and is_published(
        repository, update.ref, remote, config
    ):
        tracked = {}
    commits = _new(repository, update.new, [update.old, *tracked.values()])
    return _since(repository, commits, config)


def arriving(repository: Repository, update: Update, patterns: Sequence[str]) -> list[Commit]:
    """Return the commits that a push adds to the published branches, the oldest first.

    What stands on another branch only is new to them: it has not been judged.
    """
    published = branch_tips(repository)
    tips = [tip for ref, tip in published.items() if matches(ref, patterns)]
    return _new(repository, update.new, [update.old, *tips])


def in_range(repository: Repository, revisions: Sequence[str], config: Config) -> list[Commit]:
    """Return the commits of a range from `scope.since` on, the oldest first."""
    commits = list(log(repository, revisions, read=read_subprocess))[::-1]
    return _since(repository, commits, config)


def is_published(repository: Repository, ref: str, remote: str, config: Config) -> bool:
    """Tell whether a ref of the remote is a published branch, as far as this clone knows.

    Without configured branches that is the remote's default branch, which a clone knows.
    """
    patterns = config.scope.branches or _default(repository, f"refs/remotes/{remote}/HEAD", remote)
    return matches(ref, patterns)


def default_branch(repository: Repository) -> str:
    """Return the branch of HEAD, ``main``; empty where HEAD is detached."""
    try:
        ref = run(repository, ["symbolic-ref", "-q", "HEAD"])
    except GitError:
        return ""
    return ref.decode("utf-8", "surrogateescape").strip().removeprefix(_HEADS)


def branch_tips(repository: Repository) -> dict[str, str]:
    """Return the branches, full ref -> id."""
    return _refs(repository, _HEADS)


def missing_default(repository: Repository, updates: Iterable[Update]) -> str:
    """Return what to say where HEAD names no branch that is there, as it may in a new bare repository.

    Then no branch is the published one, and nothing would be judged without a word.
    """
    branch = default_branch(repository)
    ref = f"{_HEADS}{branch}"
    if ref in branch_tips(repository) or any(update.ref == ref for update in updates):
        return ""
    return (
        f"HEAD of the receiving repository names {branch or 'no branch'}, which is not there, so that "
        "no branch is a published one: run git symbolic-ref HEAD refs/heads/<branch> there."
    )


def matches(ref: str, patterns: Iterable[str]) -> bool:
    """Tell whether a full ref is a branch that one of the patterns names."""
    branch = ref.removeprefix(_HEADS)
    return branch != ref and any(fnmatchcase(branch, pattern) for pattern in patterns)


def config_at(repository: Repository, revision: str) -> Config | None:
    """Return the configuration that stands in a commit, or None where it has none.

    Raises ConfigurationError.
    """
    return _config(repository, revision, f"{revision.removeprefix(_HEADS)[:10]}:")


def former_config(repository: Repository, revision: str) -> Config | None:
    """Return what was configured in a commit, where nothing is any more; None: nothing was either.

    A commit that takes the configuration away is bound by it. One that could not be read gives way
    to the defaults, so that it can be taken away.
    """
    try:
        return config_at(repository, revision)
    except ConfigurationError:
        return Config()


def config_before(repository: Repository, update: Update, remote: str) -> Config | None:
    """Return what was configured where a push begins: where the ref was, or below its commits."""
    if known(repository, [update.old]):
        return former_config(repository, update.old)
    commits = leaving(repository, update, remote, Config())
    parents = commits[0].parents if commits else ()
    return former_config(repository, parents[0]) if parents else None


def bare_config(repository: Repository) -> Config | None:
    """Return what the branch of HEAD configures in a bare repository, which has no work tree.

    None for one that has, and where that branch has no configuration. Raises ConfigurationError.
    """
    return config_at(repository, "HEAD") if repository.bare else None


def staged_config(repository: Repository) -> Config | None:
    """Return the configuration that is staged, or None. Raises ConfigurationError."""
    return _config(repository, "", "the staged ")


def _config(repository: Repository, revision: str, where: str) -> Config | None:
    own, pyproject = (_blob(repository, f"{revision}:{name}") for name in (FILE_NAME, PYPROJECT))
    return parse_files(own, pyproject, where)


def _blob(repository: Repository, name: str) -> str | None:
    output = run(repository, ["cat-file", "--batch"], f"{name}\n".encode())
    head, _, rest = output.partition(b"\n")
    words = head.split()
    if len(words) != 3 or words[1] != b"blob":
        return None
    return rest[: int(words[2])].decode("utf-8-sig", "replace")


def _new(repository: Repository, new: str, others: Iterable[str]) -> list[Commit]:
    stops = known(repository, filter(None, others))
    return list(log(repository, [new, *(f"^{stop}" for stop in stops)], read=read_subprocess))[::-1]


def _since(repository: Repository, commits: list[Commit], config: Config) -> list[Commit]:
    is_old = since_judge(repository, [commit.id for commit in commits], config.scope.since)
    return [commit for commit in commits if not is_old(commit)]


def _default(repository: Repository, ref: str, remote: str) -> list[str]:
    try:
        head = run(repository, ["symbolic-ref", "-q", ref])
    except GitError:
        return []
    text = head.decode("utf-8", "surrogateescape").strip()
    return [text.removeprefix(f"refs/remotes/{remote}/")]


def _refs(repository: Repository, prefix: str) -> dict[str, str]:
    args = ["for-each-ref", "--format=%(refname)%09%(objectname)", prefix]
    refs = lines(run(repository, args).decode("utf-8", "surrogateescape"))
    return dict(line.split("\t", 1) for line in refs)


def _words(lines: str, count: int) -> list[list[str]]:
    found = [line.split(" ") for line in lines.split("\n") if line]
    if any(len(words) != count for words in found):
        raise UsageError(
            "Standard input is not what Git gives this hook: run it as a hook, or use --range."
        )
    return found


def _update(words: tuple[str, str, str]) -> Update:
    old, new, ref = (word if word.strip("0") else "" for word in words)
    return Update(old, new, ref)


def push_options(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the options of ``git push --push-option`` (Git: githooks, "pre-receive")."""
    count = environment.get("GIT_PUSH_OPTION_COUNT", "")
    numbers = range(int(count)) if count.isdecimal() else range(0)
    return [environment.get(f"GIT_PUSH_OPTION_{number}", "") for number in numbers]
