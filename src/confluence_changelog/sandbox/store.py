"""Spaces, pages and versions: rows in, rows out.

Each function takes a connection of `Database`; those that write must run inside
`Database.writing()`.  Who may do what is not decided here.
"""

import sqlite3
from dataclasses import replace

from .model import Page, Space, Version, fold, now

_PAGE = """SELECT page.id, page.space, page.parent, page.status, page.version AS latest,
    v.number, v.title, v.storage, v.author, v.at, v.message, v.minor
    FROM page JOIN version v ON v.page = page.id AND v.number = """


def create_space(
    connection: sqlite3.Connection, key: str, name: str, description: str = ""
) -> Space:
    """Create a space without pages."""
    (number,) = connection.execute("SELECT coalesce(max(id), 32768) + 1 FROM space").fetchone()
    connection.execute(
        "INSERT INTO space VALUES (?, ?, ?, ?, NULL)", (key, number, name, description)
    )
    return Space(key, number, name, description, None)


def create_space_with_home(
    connection: sqlite3.Connection, key: str, name: str, author: str, description: str = ""
) -> Space:
    """Create a space with an empty home page."""
    space = create_space(connection, key, name, description)
    home = create_page(connection, space=key, title=f"{name} Home", storage="<p />", author=author)
    set_homepage(connection, key, home.id)
    return replace(space, homepage=home.id)


def set_homepage(connection: sqlite3.Connection, key: str, page_id: int) -> None:
    """Make a page the home page of its space."""
    connection.execute("UPDATE space SET homepage = ? WHERE key = ?", (page_id, key))


def find_space(connection: sqlite3.Connection, key: str) -> Space | None:
    """Return the space of that key, in any case."""
    row = connection.execute("SELECT * FROM space WHERE key = ?", (key,)).fetchone()
    return (
        Space(*(row[n] for n in ("key", "id", "name", "description", "homepage"))) if row else None
    )


def spaces(connection: sqlite3.Connection) -> list[Space]:
    """All spaces by key."""
    keys = [row["key"] for row in connection.execute("SELECT key FROM space ORDER BY key")]
    return [space for key in keys if (space := find_space(connection, key))]


def find_page(connection: sqlite3.Connection, page_id: int, number: int = 0) -> Page | None:
    """Return the page in its current version, or in the version of that number."""
    row = connection.execute(
        f"{_PAGE}{':number' if number else 'page.version'} WHERE page.id = :id",
        {"id": page_id, "number": number},
    ).fetchone()
    return _page(row) if row else None


def find_title(
    connection: sqlite3.Connection, space: str, title: str, *, archived: bool = False
) -> Page | None:
    """Return the current page of that title, in any case; with `archived`, an archived one too."""
    row = connection.execute(
        f"{_PAGE}page.version WHERE page.space = ? AND folded_title = ?"
        " AND (status = 'current' OR status = 'archived' AND ?)",
        (space, fold(title), archived),
    ).fetchone()
    return _page(row) if row else None


def pages(
    connection: sqlite3.Connection, *, space: str = "", status: str = "current"
) -> list[Page]:
    """All pages by id, of one space if one is named; of any status where `status` is empty."""
    rows = connection.execute(
        f"{_PAGE}page.version WHERE (:space = '' OR page.space = :space COLLATE NOCASE)"
        " AND (:status = '' OR page.status = :status) ORDER BY page.id",
        {"space": space, "status": status},
    )
    return [_page(row) for row in rows]


def children(connection: sqlite3.Connection, page_id: int) -> list[Page]:
    """Return current child pages by title."""
    rows = connection.execute(
        f"{_PAGE}page.version WHERE page.parent = ? AND status = 'current' ORDER BY folded_title",
        (page_id,),
    )
    return [_page(row) for row in rows]


def ancestors(connection: sqlite3.Connection, page: Page) -> list[Page]:
    """Return the pages above, the top one first and the parent last."""
    above: list[Page] = []
    seen = {page.id}
    parent = page.parent
    while parent is not None and parent not in seen:
        seen.add(parent)
        found = find_page(connection, parent)
        if found is None:
            break
        above.append(found)
        parent = found.parent
    return above[::-1]


def versions(connection: sqlite3.Connection, page_id: int) -> list[Version]:
    """All versions, the newest first."""
    rows = connection.execute(
        "SELECT * FROM version WHERE page = ? ORDER BY number DESC", (page_id,)
    )
    return [_version(row) for row in rows]


def version_numbers(connection: sqlite3.Connection, page_id: int) -> list[int]:
    """Numbers of all versions, the oldest first."""
    rows = connection.execute("SELECT number FROM version WHERE page = ? ORDER BY 1", (page_id,))
    return [row["number"] for row in rows]


def create_page(
    connection: sqlite3.Connection,
    *,
    space: str,
    title: str,
    storage: str,
    author: str,
    parent: int | None = None,
    message: str = "",
    page_id: int | None = None,
) -> Page:
    """Create a page in version 1; its id is the next free one unless one is given."""
    cursor = connection.execute(
        "INSERT INTO page(id, space, parent, title, folded_title, status, version)"
        " VALUES (?, ?, ?, ?, ?, 'current', 1)",
        (page_id, space, parent, title, fold(title)),
    )
    identity = int(cursor.lastrowid or 0)
    version = Version(1, title, storage, author, now(), message, minor=False)
    _insert_version(connection, identity, version)
    return Page(identity, space, parent, "current", 1, version)


def add_version(
    connection: sqlite3.Connection, page: Page, version: Version, parent: int | None
) -> Page:
    """Add the page's next version, under `parent`."""
    _insert_version(connection, page.id, version)
    connection.execute(
        "UPDATE page SET version = ?, title = ?, folded_title = ?, parent = ?, status = 'current'"
        " WHERE id = ?",
        (version.number, version.title, fold(version.title), parent, page.id),
    )
    return Page(page.id, page.space, parent, "current", version.number, version)


def replace_storage(connection: sqlite3.Connection, page_id: int, storage: str) -> None:
    """Change the text of the current version as it is, without a new version."""
    connection.execute(
        "UPDATE version SET storage = ? WHERE page = ?"
        " AND number = (SELECT version FROM page WHERE id = ?)",
        (storage, page_id, page_id),
    )


def delete_version(connection: sqlite3.Connection, page_id: int, number: int) -> bool:
    """Remove a version that is not the current one; False where there is no such version."""
    cursor = connection.execute(
        "DELETE FROM version WHERE page = ? AND number = ?"
        " AND number <> (SELECT version FROM page WHERE id = page)",
        (page_id, number),
    )
    return cursor.rowcount == 1


def trash(connection: sqlite3.Connection, page: Page) -> None:
    """Move a page to the trash; its children come under its parent."""
    connection.execute("UPDATE page SET parent = ? WHERE parent = ?", (page.parent, page.id))
    connection.execute("UPDATE page SET status = 'trashed' WHERE id = ?", (page.id,))


def purge(connection: sqlite3.Connection, page_id: int) -> None:
    """Delete a page with all its versions."""
    connection.execute("DELETE FROM page WHERE id = ?", (page_id,))


def _insert_version(connection: sqlite3.Connection, page_id: int, version: Version) -> None:
    connection.execute(
        "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            page_id,
            version.number,
            version.title,
            version.storage,
            version.author,
            version.at,
            version.message,
            version.minor,
        ),
    )


def _page(row: sqlite3.Row) -> Page:
    return Page(row["id"], row["space"], row["parent"], row["status"], row["latest"], _version(row))


def _version(row: sqlite3.Row) -> Version:
    return Version(
        row["number"],
        row["title"],
        row["storage"],
        row["author"],
        row["at"],
        row["message"],
        bool(row["minor"]),
    )
