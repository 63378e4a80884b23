"""What Git complains of on standard error -> one sentence for a person. Pure."""

import re
from pathlib import Path

from confluence_changelog.errors import GitError, NotARepositoryError, UnknownRevisionError

_UNKNOWN_REVISION = (
    r"(?m)^fatal: (?:bad revision|bad object|ambiguous argument|Invalid symmetric difference"
    r"|Not a valid object name|Needed a single revision)(?: '(?P<quoted>.*?)'| (?P<id>\S+))?"
)
_COMPLAINT = r"(?m)^(?:fatal|error): (.+)$"
_USER, _QUERY = r"(://)\S*@", r"""(://[^\s?]*\?)[^\s'"]+"""
"""User and password of an address, whatever they hold, and its query."""
_LONGEST_QUOTE = 300

DEEPEN = "run git fetch --unshallow (in CI: check out with fetch-depth: 0)"


def printable(text: object) -> str:
    """Return the text without what must not reach a terminal or a CI log, on one line."""
    return "".join(c if c.isprintable() else "?" for c in str(text))


def missing() -> GitError:
    """Return the error for a machine without Git."""
    return GitError("Git was not found: install it, or put its folder on PATH.")


def closed(complaint: str, path: Path) -> GitError:
    """Return the error for a folder in which Git opens no repository."""
    where = printable(path)
    if "dubious ownership" in complaint:
        return GitError(
            f"Git does not trust the repository at {where}, which belongs to another user: "
            f"run git config --global --add safe.directory {where} if you do."
        )
    if "not a git repository" in complaint:
        return NotARepositoryError(f"{where} is in no Git repository: run this inside of one.")
    return GitError(f"Git cannot open the repository at {where}: {_quote(complaint)}.")


def refusal(complaint: str, root: Path, *, shallow: bool) -> GitError:
    """Return the error for a call that failed in the repository at ``root``."""
    if "not a git repository" in complaint:
        return closed(complaint, root)
    if unknown := re.search(_UNKNOWN_REVISION, complaint):
        return unknown_revision(unknown["quoted"] or unknown["id"] or "", root, shallow=shallow)
    return GitError(f"Git failed in {printable(root)}: {_quote(complaint)}.")


def unknown_revision(revision: str, root: Path, *, shallow: bool) -> UnknownRevisionError:
    """Return the error for a revision or range that the repository does not have."""
    remedy = f"the clone is shallow: {DEEPEN}" if shallow else "check the name, or run git fetch"
    named = f'"{printable(revision)}"'
    return UnknownRevisionError(
        f"The repository at {printable(root)} has no commit or range {named}: {remedy}."
    )


def _quote(complaint: str) -> str:
    """Return Git's first complaint, else its last line, without passwords of addresses."""
    first = re.search(_COMPLAINT, complaint)
    line = first[1] if first else (complaint.strip().splitlines() or ["it gave no reason"])[-1]
    public = re.sub(_QUERY, r"\1", re.sub(_USER, r"\1", printable(line)))
    return public[:_LONGEST_QUOTE].rstrip(".")
