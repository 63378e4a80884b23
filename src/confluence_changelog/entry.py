"""A commit as the log shows it: parsed, cleaned, without secrets, in no language of mark-up yet."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import quote, urlsplit

from confluence_changelog.commit import Commit, Identity
from confluence_changelog.message import Trailer, parse_message
from confluence_changelog.redact import redact
from confluence_changelog.text import clean

UNKNOWN = "unknown"
"""The name of an author who left neither a name nor an e-mail address."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log may say of one commit. All text is cleaned and free of known secrets."""

    id: str
    abbreviated: str
    date: date
    """Of the commit or of its author, by configuration, in the zone that the commit names."""
    author: str
    """Display name, never empty."""
    committer: str
    """Display name, never empty."""
    subject: str
    """One line; may be empty."""
    body: str
    """Without trailers, wrapped as it was; may be empty."""
    trailers: tuple[Trailer, ...]
    paths: tuple[str, ...]
    url: str
    """Web address of the commit, http or https; empty when unknown."""
    co_authors: tuple[str, ...]
    """Display names of those whom ``Co-authored-by`` trailers name, the author left out."""
    removed: tuple[str, ...]
    """What was replaced by ``[removed]``: "a GitHub token in the message"."""
    moment: datetime | None = None
    """When `date` is; None where only the date is known."""
    authored: datetime | None = None
    committed: datetime | None = None
    message: str = ""
    """The whole message, trailers among it."""
    tickets: tuple[str, ...] = ()
    """Numbers of tickets that the message names, each once."""
    statuses: tuple[str, ...] = ()
    """For each of `paths` what happened to it, by Git's letter."""
    branch: str = ""
    repository: str = ""
    version: str = ""
    """The tag that the commit is in."""
    extra: tuple[tuple[str, str], ...] = ()
    """Fields of plugins, each with its text."""


class Facts(NamedTuple):
    """What is known of a commit beyond the commit itself."""

    branch: str = ""
    repository: str = ""
    version: str = ""


TICKET = r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9_]+-[0-9]+(?![A-Za-z0-9])"
"""Keys of Jira's issues, as Jira has them at the start."""


def make_entry(
    commit: Commit,
    *,
    date_of: Literal["committer", "author"] = "committer",
    url: str = "",
    ticket: str = TICKET,
    facts: Facts = Facts(),  # noqa: B008 - a named tuple does not change
) -> Entry:
    """Make the entry of a commit. It never fails, whatever the commit holds.

    Args:
        commit: the facts, as Git has them.
        date_of: whose date: the committer's, when the change took effect, or the author's.
        url: web address of a commit with ``{id}`` in the id's place. The entry has no address
            when it is anything but http or https, names no id, or holds a user or password.
        ticket: regular expression of ticket numbers in the message.
        facts: what else is known.

    Secrets are looked for in the whole cleaned message before it is parsed, so that a key block
    is found across paragraphs and an invisible character hides nothing.
    """
    message, in_message = _safe(commit.message, "the message")
    author, in_author = _safe(_name(commit.author), "the author name")
    committer, in_committer = _safe(_name(commit.committer), "the committer name")
    paths, in_paths = _safe_paths(change.path for change in commit.changes)
    subject, body, trailers = parse_message(message)
    facts = Facts(*map(_named, facts))
    removed = (*in_message, *in_author, *in_committer, *in_paths)
    person = commit.author if date_of == "author" else commit.committer
    return Entry(
        id=commit.id,
        abbreviated=commit.abbreviated,
        date=person.date.date(),
        author=author,
        committer=committer,
        subject=subject,
        body=body,
        trailers=trailers,
        paths=paths,
        url=_address(url, commit.id),
        co_authors=_co_authors(trailers, author),
        removed=tuple(dict.fromkeys(removed)),
        moment=person.date,
        authored=commit.author.date,
        committed=commit.committer.date,
        message=message.strip(),
        tickets=tuple(
            dict.fromkeys(found[0] for found in re.finditer(ticket, message) if found[0])
        ),
        statuses=tuple(change.status for change in commit.changes),
        branch=facts.branch,
        repository=facts.repository,
        version=facts.version,
    )


def _safe(text: str, place: str) -> tuple[str, Iterator[str]]:
    """Clean and redact; say what was removed, and where."""
    safe, names = redact(clean(text))
    return safe, (f"{name} in {place}" for name in names)


@lru_cache(maxsize=1024)
def _named(fact: str) -> str:
    """Clean and redact the name of a ref or a repository, which many commits share."""
    return " ".join(_safe(fact, "")[0].split()) if fact else ""


def _safe_paths(paths: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    safe = [_safe(path, "a path") for path in paths]
    return tuple(path for path, _ in safe), [name for _, names in safe for name in names]


def _name(person: Identity) -> str:
    """Give the name, else the e-mail address, on one line."""
    for text in (person.name, person.email):
        line = " ".join(clean(text).split())
        if any(unicodedata.category(character) not in ("Cf", "Zs") for character in line):
            return line
    return UNKNOWN


def _co_authors(trailers: Iterable[Trailer], author: str) -> tuple[str, ...]:
    """Return the names, else the addresses, each once."""
    found: dict[str, None] = {}
    for key, value in trailers:
        name, _, address = value.partition("<")
        shown = name.strip() or address.rstrip("> ")
        if key.lower() == "co-authored-by" and shown and shown != author:
            found[shown] = None
    return tuple(found)


def _address(template: str, commit_id: str) -> str:
    try:
        parts = urlsplit(template)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc
    is_plain = template.isprintable() and not set(template) & set(" \"'<>\\^`|")
    if not is_web or not is_plain or "{id}" not in template:
        return ""
    return template.replace("{id}", quote(commit_id, safe="", errors="replace"))
