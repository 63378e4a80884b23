"""A commit as the log shows it: parsed, cleaned, without secrets, in no language of mark-up yet."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import quote, urlsplit

from confluence_changelog.bots import NO_BOTS, Bots, person_of
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
    merged: datetime | None = None
    """When the commit came onto the published branch; None where that was not asked or is not so."""
    lines: str = ""
    """How many lines it inserts and deletes."""
    author_email: str = ""
    """Never shown, like those of the others; by it people are found on Confluence."""
    committer_email: str = ""
    co_author_emails: tuple[str, ...] = ()
    """For each of `co_authors` the address, or an empty text."""
    bot: str = ""
    """The name of the program that made the commit for `author`; empty where a person made it."""


class Facts(NamedTuple):
    """What is known of a commit beyond the commit itself."""

    branch: str = ""
    repository: str = ""
    version: str = ""
    lines: str = ""
    merged: datetime | None = None


TICKET = r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9_]+-[0-9]+(?![A-Za-z0-9])"
"""Keys of Jira's issues, as Jira has them at the start."""


def make_entry(
    commit: Commit,
    *,
    date_of: Literal["committer", "author"] = "committer",
    url: str = "",
    ticket: str = TICKET,
    facts: Facts = Facts(),  # noqa: B008 - a named tuple does not change
    bots: Bots = NO_BOTS,
    corrected: str | None = None,
) -> Entry:
    """Make the entry of a commit. It never fails, whatever the commit holds.

    Args:
        commit: the facts, as Git has them.
        date_of: whose date: the committer's, when the change took effect, or the author's.
        url: web address of a commit with ``{id}`` in the id's place. The entry has no address
            when it is anything but http or https, names no id, or holds a user or password.
        ticket: regular expression of ticket numbers in the message.
        facts: what else is known.
        bots: which authors are programs.
        corrected: a raw message that takes the place of the commit's own; co-authors stay.

    Secrets are looked for in the whole cleaned message before it is parsed, so that a key block
    is found across paragraphs and an invisible character hides nothing.
    """
    own = commit.message if corrected is None else corrected
    message, in_message = _safe(own, "the message")
    committer, in_committer = _safe(_name(commit.committer), "the committer name")
    paths, in_paths = _safe_paths(change.path for change in commit.changes)
    subject, body, trailers = parse_message(message)
    said = message if corrected is None else _safe(commit.message, "")[0]
    people = trailers if corrected is None else parse_message(said).trailers
    person = person_of(commit, said, people, bots)
    author, in_author = _safe(_name(person or commit.author), "the author name")
    bot = _named(_name(commit.author)) if person else ""
    co_authors = _co_authors(people, {author, bot})
    removed = (*in_message, *in_author, *in_committer, *in_paths)
    dated = commit.author if date_of == "author" else commit.committer
    return Entry(
        id=commit.id,
        abbreviated=commit.abbreviated,
        date=dated.date.date(),
        author=author,
        committer=committer,
        subject=subject,
        body=body,
        trailers=trailers,
        paths=paths,
        url=_address(url, commit.id),
        co_authors=tuple(co_authors),
        removed=tuple(dict.fromkeys(removed)),
        moment=dated.date,
        authored=commit.author.date,
        committed=commit.committer.date,
        message=message.strip(),
        tickets=tuple(
            dict.fromkeys(found[0] for found in re.finditer(ticket, message) if found[0])
        ),
        statuses=tuple(change.status for change in commit.changes),
        branch=_named(facts.branch),
        repository=_named(facts.repository),
        version=_named(facts.version),
        merged=facts.merged,
        lines=facts.lines,
        author_email=(person or commit.author).email,
        committer_email=commit.committer.email,
        co_author_emails=tuple(co_authors.values()),
        bot=bot,
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


def _co_authors(trailers: Iterable[Trailer], others: Collection[str]) -> dict[str, str]:
    """Return the names, else the addresses, each once, with the addresses."""
    found: dict[str, str] = {}
    for key, value in trailers:
        name, _, rest = value.partition("<")
        address = rest.rstrip("> ")
        shown = name.strip() or address
        if key.lower() == "co-authored-by" and shown and shown not in others:
            found.setdefault(shown, address)
    return found


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
