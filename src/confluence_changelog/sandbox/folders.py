"""Folders of Cloud: they hold pages and other folders, and have no body and no versions."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; ids of folders and of pages are of one kind."""

    id: int
    space: str
    parent: int | None
    title: str


def create_folder(
    connection: sqlite3.Connection, space: str, title: str, parent: int | None
) -> Folder:
    """Create a folder whose id no page ever has."""
    cursor = connection.execute(
        "INSERT INTO page(space, title, folded_title, status, version)"
        " VALUES (?, '', '', 'folder', 0)",
        (space,),
    )
    identity = int(cursor.lastrowid or 0)
    connection.execute("DELETE FROM page WHERE id = ?", (identity,))
    connection.execute("INSERT INTO folder VALUES (?, ?, ?, ?)", (identity, space, parent, title))
    return Folder(identity, space, parent, title)


def find_folder(connection: sqlite3.Connection, folder_id: int) -> Folder | None:
    """Return the folder of that id."""
    row = connection.execute("SELECT * FROM folder WHERE id = ?", (folder_id,)).fetchone()
    return Folder(*row) if row else None


def folders_below(connection: sqlite3.Connection, parent: int) -> list[Folder]:
    """Return the folders directly below a page or a folder, by title."""
    rows = connection.execute("SELECT * FROM folder WHERE parent = ? ORDER BY title", (parent,))
    return [Folder(*row) for row in rows]


def kind(connection: sqlite3.Connection, parent: int) -> str:
    """Return what something above a page is: ``folder`` or ``page``."""
    return "folder" if find_folder(connection, parent) else "page"
