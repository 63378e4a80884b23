"""Published branches: the ones whose commits the log's readers are told of."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from confluence_changelog.errors import ConfigurationError, GitError
from confluence_changelog.git import Repository, run
from confluence_changelog.lines import lines
from confluence_changelog.refusal import printable

_HEADS = "refs/heads/"
_REMOTES = "refs/remotes/"
_SECONDS_TO_ASK = 15.0


class Published(NamedTuple):
    """The published branches of a repository."""

    names: tuple[str, ...]
    """The name of the default branch, or the patterns of the configuration."""
    tips: Mapping[str, str]
    """Full ref -> id of its commit: local branches and remote-tracking ones."""


class _Ref(NamedTuple):
    tip: str
    target: str  # of a symbolic ref


def published_refs(repository: Repository, branches: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the full names of the refs that ``published`` finds."""
    return tuple(published(repository, branches).tips)


def published(repository: Repository, branches: Sequence[str] = ()) -> Published:
    """Return the branches that the patterns (fnmatch, against ``release/1``) match.

    Without patterns: the remote's default branch; without a remote, or when nothing was ever
    fetched from it, the checked-out branch; in a bare repository, the branch of its HEAD. A branch
    is its local ref and its remote-tracking ref, whichever exist.

    The remote is ``origin``, else the only one, else the upstream of the checked-out branch. It is
    asked for its default branch where the clone does not know it.
    Raises GitError where there is no clear answer, ConfigurationError where no pattern matches.
    """
    refs = _refs(repository)
    remote = "" if repository.bare else _remote(repository, refs)
    names = tuple(branches) or (_default_branch(repository, refs, remote),)
    prefixes = (_HEADS, f"{_REMOTES}{remote}/") if remote else (_HEADS,)
    tips = {
        name: ref.tip
        for name, ref in refs.items()
        if name != f"{_REMOTES}{remote}/HEAD" and _matches(name, prefixes, names)
    }
    if not tips:
        raise _nothing(repository, remote, names, configured=bool(branches))
    return Published(names, tips)


def remote_name(repository: Repository) -> str:
    """Return the remote that a repository is published to, or an empty text.

    That is ``origin``, else the only remote, else the upstream of the checked-out branch.
    """
    remotes = _lines(repository, "remote")
    if "origin" in remotes:
        return "origin"
    remote = remotes[0] if len(remotes) == 1 else _upstream_remote(repository)
    return remote if remote in remotes else ""


def remote_address(repository: Repository) -> str:
    """Return the address of the remote that a repository is published to, or an empty text."""
    remote = remote_name(repository)
    return "".join(_lines(repository, "remote", "get-url", remote)[:1]) if remote else ""


def _matches(ref: str, prefixes: Sequence[str], patterns: Sequence[str]) -> bool:
    branch = next((ref.removeprefix(p) for p in prefixes if ref.startswith(p)), "")
    return bool(branch) and any(fnmatchcase(branch, pattern) for pattern in patterns)


def _refs(repository: Repository) -> dict[str, _Ref]:
    """Return all branches; Git leaves out symbolic refs that lead nowhere."""
    form = "--format=%(refname)%09%(objectname)%09%(symref)"
    lines = _lines(repository, "for-each-ref", form, _HEADS, _REMOTES)
    fields = (line.split("\t") for line in lines)
    return {name: _Ref(tip, target) for name, tip, target in fields}


def _remote(repository: Repository, refs: Mapping[str, _Ref]) -> str:
    """Return the remote to publish from; empty when nothing was ever fetched from it."""
    remotes = _lines(repository, "remote")
    if not remotes or not any(ref.startswith(_REMOTES) for ref in refs):
        return ""
    if "origin" in remotes or len(remotes) < 2:
        remote = "origin" if "origin" in remotes else "".join(remotes)
    else:
        remote = _upstream_remote(repository)
    if remote not in remotes:
        raise GitError(
            f"{printable(repository.root)} has several remotes ({printable(', '.join(remotes))}) "
            "and none is called origin: check out a branch that has one as its upstream "
            "(git branch --set-upstream-to)."
        )
    return remote if any(ref.startswith(f"{_REMOTES}{remote}/") for ref in refs) else ""


def _upstream_remote(repository: Repository) -> str:
    key = f"branch.{_checked_out(repository)}.remote"
    return "".join(_lines(repository, "config", "--default", "", "--get", key))


def _default_branch(repository: Repository, refs: Mapping[str, _Ref], remote: str) -> str:
    if not remote:
        branch = _checked_out(repository)
        if not branch:
            raise GitError(
                f"{printable(repository.root)} has no remote and HEAD is detached, so no branch "
                "is the published one: set branches in the configuration, or check out a branch."
            )
        return branch
    tracking = f"{_REMOTES}{remote}/"
    head = refs.get(f"{tracking}HEAD")
    if head and head.target.startswith(tracking):
        return head.target.removeprefix(tracking)
    return _ask(repository, remote)


def _ask(repository: Repository, remote: str) -> str:
    """Return the default branch that the remote names itself (Git: git-ls-remote, --symref)."""
    args = ["ls-remote", "--symref", "--", remote, "HEAD"]
    why = "it names none"
    try:
        answer = run(repository, args, timeout=_SECONDS_TO_ASK).decode("utf-8", "surrogateescape")
    except GitError as error:
        why = str(error).rstrip(".")
        answer = ""
    for line in lines(answer):
        if line.startswith(f"ref: {_HEADS}"):
            return line.removeprefix(f"ref: {_HEADS}").removesuffix("\tHEAD")
    raise GitError(
        f"The default branch of the remote {printable(remote)} is not known here ({why}): "
        f"set branches in the configuration, or run git remote set-head {printable(remote)} --auto."
    )


def _checked_out(repository: Repository) -> str:
    """Return the branch of HEAD; empty when HEAD is detached."""
    return "".join(_lines(repository, "branch", "--show-current"))


def _lines(repository: Repository, *args: str) -> list[str]:
    return lines(run(repository, args).decode("utf-8", "surrogateescape"))


def _nothing(
    repository: Repository, remote: str, names: Sequence[str], *, configured: bool
) -> GitError | ConfigurationError:
    where, branches = printable(repository.root), printable(", ".join(names))
    if configured:
        return ConfigurationError(
            f"No branch of {where} is called {branches}: correct branches in the configuration, "
            "or run git fetch."
        )
    if not remote:
        return GitError(f"The branch {branches} of {where} has no commit yet: make one first.")
    return GitError(
        f"{where} lacks {branches}, the default branch of {printable(remote)}: "
        f"run git fetch {printable(remote)} {branches}:{_REMOTES}{printable(remote)}/{branches}."
    )
