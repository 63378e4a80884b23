"""What hangs on a page beside its versions: content properties and labels."""

import sqlite3
from dataclasses import dataclass

from .model import now


@dataclass(frozen=True, slots=True)
class Property:
    """A content property; `value` is JSON text.  Its versions are its own, not the page's."""

    id: int
    page: int
    key: str
    value: str
    version: int
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its prefix: ``global``, ``my`` or ``team``."""

    id: int
    prefix: str
    name: str


def properties(connection: sqlite3.Connection, page_id: int) -> list[Property]:
    """All properties of a page by key."""
    rows = connection.execute("SELECT * FROM property WHERE page = ? ORDER BY key", (page_id,))
    return [Property(*row) for row in rows]


def find_property(connection: sqlite3.Connection, page_id: int, key: str) -> Property | None:
    """Return the property of that key."""
    return next((each for each in properties(connection, page_id) if each.key == key), None)


def put_property(
    connection: sqlite3.Connection, page_id: int, key: str, value: str, version: int, author: str
) -> Property:
    """Create or change a property and return it."""
    connection.execute(
        "INSERT INTO property(page, key, value, version, at, author) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(page, key) DO UPDATE SET value = excluded.value,"
        " version = excluded.version, at = excluded.at, author = excluded.author",
        (page_id, key, value, version, now(), author),
    )
    row = connection.execute(
        "SELECT * FROM property WHERE page = ? AND key = ?", (page_id, key)
    ).fetchone()
    return Property(*row)


def delete_property(connection: sqlite3.Connection, page_id: int, key: str) -> bool:
    """Remove a property; False where there is none of that key."""
    cursor = connection.execute("DELETE FROM property WHERE page = ? AND key = ?", (page_id, key))
    return cursor.rowcount == 1


def labels(connection: sqlite3.Connection, page_id: int) -> list[Label]:
    """All labels of a page by name."""
    rows = connection.execute(
        "SELECT id, prefix, name FROM label WHERE page = ? ORDER BY name, prefix", (page_id,)
    )
    return [Label(*row) for row in rows]


def add_label(connection: sqlite3.Connection, page_id: int, prefix: str, name: str) -> None:
    """Add a label that may be there already."""
    connection.execute(
        "INSERT OR IGNORE INTO label(page, prefix, name) VALUES (?, ?, ?)", (page_id, prefix, name)
    )


def delete_label(connection: sqlite3.Connection, page_id: int, name: str) -> bool:
    """Remove a label; False where there is none of that name."""
    cursor = connection.execute("DELETE FROM label WHERE page = ? AND name = ?", (page_id, name))
    return cursor.rowcount > 0
