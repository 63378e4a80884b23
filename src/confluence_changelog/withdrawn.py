"""Commits that their owner withdrew from the log: by a Git note, or in the configuration."""

import re
from collections.abc import Iterator, Mapping, Sequence

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import Repository, run
from confluence_changelog.refusal import printable

NOTES = "refs/notes/changelog"
"""``git notes --ref changelog add -m skip COMMIT`` withdraws a commit."""

_WORD = re.compile(r"\s*skip\b", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{7,64}")
_LONGEST = 100


def withdrawn(repository: Repository, listed: Sequence[str]) -> Mapping[str, str]:
    """Return the full ids of the withdrawn commits, each with the reason in words.

    Args:
        repository: the repository; its `NOTES` may withdraw commits.
        listed: ids of `scope.skip_commits`, at least 7 digits; those that are not there are of no
            effect, because another clone may have them.

    Raises:
        ConfigurationError: what is listed is no id, or of several commits.

    """
    found = dict.fromkeys(_in_notes(repository), "withdrawn by a note (refs/notes/changelog)")
    for text in listed:
        if not _ID.fullmatch(text.lower()):
            raise ConfigurationError(
                f'"{printable(text)}" of skip_commits is no id of a commit: give at least 7 digits.'
            )
    return found | dict.fromkeys(_resolved(repository, listed), "withdrawn (skip_commits)")


def _in_notes(repository: Repository) -> Iterator[str]:
    """Yield the commits whose note begins with ``skip`` (Git: git-notes, "list")."""
    if not run(repository, ["for-each-ref", NOTES]):
        return
    lines = run(repository, ["notes", f"--ref={NOTES}", "list"]).decode("ascii").splitlines()
    pairs = [line.split() for line in lines]
    texts = _texts(repository, [note for note, _ in pairs])
    yield from (commit for (_, commit), text in zip(pairs, texts, strict=True) if _WORD.match(text))


def _texts(repository: Repository, ids: Sequence[str]) -> Iterator[str]:
    """Yield the beginning of each of these blobs (Git: git-cat-file, "BATCH OUTPUT")."""
    output = run(repository, ["cat-file", "--batch"], "".join(f"{i}\n" for i in ids).encode())
    position = 0
    for _ in ids:
        end = output.index(b"\n", position)
        size = int(output[position:end].split()[-1])
        yield output[end + 1 : end + 1 + min(size, _LONGEST)].decode("utf-8", "replace")
        position = end + 1 + size + 1


def _resolved(repository: Repository, listed: Sequence[str]) -> Iterator[str]:
    """Yield the full ids of abbreviated ones (Git: git-cat-file, "BATCH OUTPUT")."""
    if not listed:
        return
    lines = "".join(f"{text.lower()}^{{commit}}\n" for text in listed)
    answers = run(repository, ["cat-file", "--batch-check=%(objectname)"], lines.encode("ascii"))
    for text, answer in zip(listed, answers.decode("ascii").splitlines(), strict=True):
        if answer.endswith("ambiguous"):
            raise ConfigurationError(
                f'"{text}" of skip_commits is the beginning of several ids: give more digits.'
            )
        if not answer.endswith("missing"):
            yield answer
