"""The mails that watchers of the pages would have got: they follow from the versions alone.

Everyone who may read a page watches it. A new version is told to all of them but the one who made
it, unless it is a minor edit; a new page is told to nobody.
"""

import sqlite3
from dataclasses import dataclass
from itertools import pairwise

from . import accounts, store
from .accounts import Person
from .difference import difference
from .model import Page, Space, Version


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `to` and `by` are user names, `at` is ISO 8601 in UTC."""

    to: str
    subject: str
    by: str
    at: str
    page: int
    version: int
    message: str
    """The comment on the version."""
    html: str
    """The difference from the version before, without what did not change."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one version of a page makes known, and to whom."""

    page: Page
    space: Space
    before: Version
    version: Version
    watchers: tuple[Person, ...]

    def html(self, connection: sqlite3.Connection, context: str) -> str:
        """Return what the mail shows of the change."""
        return difference(
            connection, self.space.key, self.before, self.version, context, short=True
        )

    @property
    def subject(self) -> str:
        """The subject as Confluence writes it."""
        return f"[Confluence] {self.space.name} > {self.version.title}"


def notices(connection: sqlite3.Connection) -> list[Notice]:
    """All notices of current pages, the newest first."""
    people = accounts.people(connection)
    found: list[Notice] = []
    for page in store.pages(connection):
        space = store.find_space(connection, page.space)
        readers = [each for each in people if accounts.may_read(connection, each, page)]
        for version, before in pairwise(store.versions(connection, page.id)):
            watchers = tuple(each for each in readers if each.username != version.author)
            if space and watchers and not version.minor:
                found.append(Notice(page, space, before, version, watchers))
    return sorted(found, key=lambda n: (n.version.at, n.page.id, n.version.number), reverse=True)


def mails(connection: sqlite3.Connection, context: str) -> list[Mail]:
    """All mails, the newest first: one for each watcher of each notice."""
    return [
        Mail(
            to=watcher.username,
            subject=notice.subject,
            by=notice.version.author,
            at=notice.version.at,
            page=notice.page.id,
            version=notice.version.number,
            message=notice.version.message,
            html=html,
        )
        for notice in notices(connection)
        for html in (str(notice.html(connection, context)),)
        for watcher in notice.watchers
    ]
