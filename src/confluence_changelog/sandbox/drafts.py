"""States of a page other than current, and the drafts of published pages."""

import sqlite3
from dataclasses import replace
from typing import Literal

from . import store
from .model import Page, Version, fold

Status = Literal["current", "draft", "archived", "trashed"]


def set_status(connection: sqlite3.Connection, page: Page, status: Status) -> Page:
    """Put a page into a state as it is, without a new version."""
    connection.execute("UPDATE page SET status = ? WHERE id = ?", (status, page.id))
    return replace(page, status=status)


def find_draft(connection: sqlite3.Connection, page: Page) -> Page | None:
    """Return what is in the draft of a published page; None where nothing is."""
    row = connection.execute("SELECT * FROM draft WHERE page = ?", (page.id,)).fetchone()
    if row is None:
        return None
    version = replace(page.version, title=row["title"], storage=row["storage"], at=row["at"])
    return replace(page, status="draft", version=version)


def save_draft(connection: sqlite3.Connection, page: Page, version: Version) -> Page:
    """Keep a draft: beside a published page, or in place of an unpublished one."""
    if page.status == "draft":
        connection.execute(
            "UPDATE version SET title = ?, storage = ?, at = ? WHERE page = ?",
            (version.title, version.storage, version.at, page.id),
        )
        connection.execute(
            "UPDATE page SET title = ?, folded_title = ? WHERE id = ?",
            (version.title, fold(version.title), page.id),
        )
    else:
        connection.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?)",
            (page.id, version.title, version.storage, version.at),
        )
    return replace(page, status="draft", version=version)


def publish(
    connection: sqlite3.Connection, page: Page, version: Version, parent: int | None
) -> Page:
    """Save a page's next version; an unpublished page is published in version 1."""
    if page.status != "draft":
        return store.add_version(connection, page, version, parent)
    save_draft(connection, page, version)
    connection.execute(
        "UPDATE page SET status = 'current', parent = ? WHERE id = ?", (parent, page.id)
    )
    return Page(page.id, page.space, parent, "current", 1, version)
