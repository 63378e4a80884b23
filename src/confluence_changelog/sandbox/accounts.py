"""Who there is, how they log in, and what they may do.

A person may edit everywhere or nowhere (`edits`); a restriction on a page names the only people
who may read or update it.  A read restriction also holds for the pages below, as in Confluence.
Passwords are stored as they are: those of a sandbox are published with it.
"""

import hmac
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .model import Page
from .store import ancestors

Operation = Literal["read", "update"]

MAIL_DOMAIN = "example.com"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can log in."""

    username: str
    key: str
    display_name: str
    edits: bool

    @property
    def account_id(self) -> str:
        """What Cloud knows the person by."""
        return account_id(self.key)

    @property
    def email(self) -> str:
        """The person's e-mail address."""
        return self.username if "@" in self.username else f"{self.username}@{MAIL_DOMAIN}"


def key_of(username: str) -> str:
    """Return the user key of a new person of that name."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, username).hex


def account_id(key: str) -> str:
    """Return the account id that belongs to a user key."""
    return f"557058:{uuid.UUID(key)}"


def add_person(
    connection: sqlite3.Connection, username: str, password: str, display_name: str, *, edits: bool
) -> Person:
    """Add a person, or give a known one another password, name and right to edit."""
    known = find_person(connection, username=username)
    key = known.key if known else key_of(username)
    connection.execute(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?) ON CONFLICT(username) DO UPDATE SET"
        " display_name = excluded.display_name, password = excluded.password,"
        " edits = excluded.edits",
        (username, key, display_name, password, edits),
    )
    return Person(username, key, display_name, edits)


def add_token(
    connection: sqlite3.Connection, value: str, username: str, scopes: Iterable[str] = ()
) -> None:
    """Add a token for a person; on Cloud it may be one with scopes."""
    connection.execute("INSERT OR REPLACE INTO token VALUES (?, ?)", (value, username))
    connection.execute("DELETE FROM scope WHERE token = ?", (value,))
    connection.executemany("INSERT INTO scope VALUES (?, ?)", [(value, name) for name in scopes])


def scopes(connection: sqlite3.Connection, value: str) -> frozenset[str]:
    """Return the scopes of a token; none: it may do all that its owner may."""
    rows = connection.execute("SELECT name FROM scope WHERE token = ?", (value,))
    return frozenset(row["name"] for row in rows)


def find_person(
    connection: sqlite3.Connection, *, username: str = "", key: str = ""
) -> Person | None:
    """Return the person of that name or key."""
    row = connection.execute(
        "SELECT * FROM person WHERE username = ? OR key = ?", (username, key)
    ).fetchone()
    return _person(row) if row else None


def people(connection: sqlite3.Connection) -> list[Person]:
    """All people by user name."""
    return [_person(row) for row in connection.execute("SELECT * FROM person ORDER BY username")]


def find_by_password(connection: sqlite3.Connection, username: str, password: str) -> Person | None:
    """Return the person, where the password is theirs."""
    row = connection.execute("SELECT * FROM person WHERE username = ?", (username,)).fetchone()
    if row is None or not hmac.compare_digest(row["password"].encode(), password.encode()):
        return None
    return _person(row)


def find_by_token(connection: sqlite3.Connection, value: str) -> Person | None:
    """Return the person whose token it is."""
    row = connection.execute(
        "SELECT person.* FROM person JOIN token USING (username) WHERE value = ?", (value,)
    ).fetchone()
    return _person(row) if row else None


def user_keys(connection: sqlite3.Connection) -> dict[str, str]:
    """User key of each user name."""
    rows = connection.execute("SELECT username, key FROM person")
    return {row["username"]: row["key"] for row in rows}


def restrict(
    connection: sqlite3.Connection, page_id: int, operation: Operation, usernames: list[str]
) -> None:
    """Only these people may do that to the page; an empty list lifts the restriction."""
    connection.execute(
        "DELETE FROM restriction WHERE page = ? AND operation = ?", (page_id, operation)
    )
    connection.executemany(
        "INSERT INTO restriction VALUES (?, ?, ?)",
        [(page_id, operation, name) for name in usernames],
    )


def restricted_to(connection: sqlite3.Connection, page_id: int, operation: Operation) -> list[str]:
    """Return the names of the only people who may do that to the page; none: everyone may."""
    rows = connection.execute(
        "SELECT username FROM restriction WHERE page = ? AND operation = ? ORDER BY username",
        (page_id, operation),
    )
    return [row["username"] for row in rows]


def may_read(connection: sqlite3.Connection, person: Person | None, page: Page) -> bool:
    """Whether a person, or nobody in particular, may see the page."""
    chain = (page, *ancestors(connection, page))
    return all(_allowed(connection, person, each.id, "read") for each in chain)


def may_edit(connection: sqlite3.Connection, person: Person | None, page: Page) -> bool:
    """Whether a person may change the page."""
    return (
        person is not None
        and person.edits
        and may_read(connection, person, page)
        and _allowed(connection, person, page.id, "update")
    )


def _allowed(
    connection: sqlite3.Connection, person: Person | None, page_id: int, operation: Operation
) -> bool:
    names = restricted_to(connection, page_id, operation)
    return not names or (person is not None and person.username in names)


def _person(row: sqlite3.Row) -> Person:
    return Person(row["username"], row["key"], row["display_name"], bool(row["edits"]))
