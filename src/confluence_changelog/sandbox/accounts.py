"""Who there is, how they log in, and what they may do.

A person may edit everywhere or nowhere (`edits`); a restriction on a page names the only people
who may read or update it.  A read restriction also holds for the pages below, as in Confluence.
Passwords are stored as they are: those of a sandbox are published with it.
"""

import hmac
import sqlite3
import uuid
from dataclasses import dataclass
from typing import Literal

from .model import Page
from .store import ancestors

Operation = Literal["read", "update"]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can log in."""

    username: str
    key: str
    display_name: str
    edits: bool


def add_person(
    connection: sqlite3.Connection, username: str, password: str, display_name: str, *, edits: bool
) -> Person:
    """Add a person, or give a known one another password, name and right to edit."""
    known = find_person(connection, username=username)
    key = known.key if known else uuid.uuid5(uuid.NAMESPACE_DNS, username).hex
    connection.execute(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?) ON CONFLICT(username) DO UPDATE SET"
        " display_name = excluded.display_name, password = excluded.password,"
        " edits = excluded.edits",
        (username, key, display_name, password, edits),
    )
    return Person(username, key, display_name, edits)


def add_token(connection: sqlite3.Connection, value: str, username: str) -> None:
    """Add a personal access token for a person."""
    connection.execute("INSERT OR REPLACE INTO token VALUES (?, ?)", (value, username))


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
    rows = connection.execute(
        "SELECT username FROM restriction WHERE page = ? AND operation = ?", (page_id, operation)
    ).fetchall()
    names = {row["username"] for row in rows}
    return not names or (person is not None and person.username in names)


def _person(row: sqlite3.Row) -> Person:
    return Person(row["username"], row["key"], row["display_name"], bool(row["edits"]))
