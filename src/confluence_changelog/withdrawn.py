"""Commits that their owner withdrew from the log: by a Git note, or in the configuration."""

import re
from collections.abc import Iterator, Mapping, Sequence

from confluence_changelog.annotations import NOTES, annotations
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import Repository
from confluence_changelog.ids import AMBIGUOUS, completed
from confluence_changelog.refusal import printable

_WORD = re.compile(r"\s*skip\b", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{7,64}")


def withdrawn(repository: Repository, listed: Sequence[str]) -> Mapping[str, str]:
    """Return the full ids of the withdrawn commits, each with the reason in words.

    Args:
        repository: the repository; a note in its `NOTES` that begins with ``skip`` withdraws.
        listed: ids of `scope.skip_commits`, at least 7 digits; those that are not there are of no
            effect, because another clone may have them.

    Raises:
        ConfigurationError: what is listed is no id, or of several commits.

    """
    noted = [commit for commit, text in annotations(repository).items() if is_withdrawal(text)]
    found = dict.fromkeys(noted, f"withdrawn by a note ({NOTES})")
    for text in listed:
        if not _ID.fullmatch(text.lower()):
            raise ConfigurationError(
                f'"{printable(text)}" of skip_commits is no id of a commit: give at least 7 digits.'
            )
    return found | dict.fromkeys(_resolved(repository, listed), "withdrawn (skip_commits)")


def is_withdrawal(note: str) -> bool:
    """Tell whether a note withdraws its commit."""
    return bool(_WORD.match(note))


def _resolved(repository: Repository, listed: Sequence[str]) -> Iterator[str]:
    """Yield the full ids of abbreviated ones."""
    ids = completed(repository, [text.lower() for text in listed])
    for text in listed:
        found = ids.get(text.lower(), "")
        if found == AMBIGUOUS:
            raise ConfigurationError(
                f'"{text}" of skip_commits is the beginning of several ids: give more digits.'
            )
        if found:
            yield found
