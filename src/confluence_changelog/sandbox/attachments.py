"""Files that hang on pages."""

import sqlite3
from dataclasses import dataclass

from .model import now


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a page in its newest version."""

    id: int
    page: int
    name: str
    media_type: str
    comment: str
    author: str
    at: str
    version: int
    data: bytes

    @property
    def content_id(self) -> str:
        """What REST knows it by."""
        return f"att{self.id}"

    @property
    def download(self) -> str:
        """Where its bytes are, relative to the site's address."""
        return f"/download/attachments/{self.page}/{self.name}?version={self.version}&api=v2"


def attachments(connection: sqlite3.Connection, page_id: int) -> list[Attachment]:
    """All files of a page by name."""
    rows = connection.execute("SELECT * FROM attachment WHERE page = ? ORDER BY name", (page_id,))
    return [Attachment(*row) for row in rows]


def find_attachment(connection: sqlite3.Connection, content_id: str) -> Attachment | None:
    """Return the file that REST knows by that id."""
    number = content_id.removeprefix("att")
    row = connection.execute(
        "SELECT * FROM attachment WHERE id = ?", (int(number) if number.isdecimal() else 0,)
    ).fetchone()
    return Attachment(*row) if row else None


def put_attachment(
    connection: sqlite3.Connection,
    page_id: int,
    name: str,
    data: bytes,
    *,
    media_type: str,
    comment: str,
    author: str,
) -> Attachment:
    """Add a file, or the next version of one of that name, and return it."""
    connection.execute(
        "INSERT INTO attachment(page, name, media_type, comment, author, at, version, data)"
        " VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT(page, name) DO UPDATE SET"
        " media_type = excluded.media_type, comment = excluded.comment, author = excluded.author,"
        " at = excluded.at, version = version + 1, data = excluded.data",
        (page_id, name, media_type, comment, author, now(), data),
    )
    return next(each for each in attachments(connection, page_id) if each.name == name)


def delete_attachment(connection: sqlite3.Connection, attachment: Attachment) -> None:
    """Remove a file with all its versions."""
    connection.execute("DELETE FROM attachment WHERE id = ?", (attachment.id,))
