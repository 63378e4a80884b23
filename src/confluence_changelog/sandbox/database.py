"""The sandbox's state: one SQLite database, in memory or in a file."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from confluence_changelog.errors import UsageError

_MARK = 0x436C6F67
"""SQLite's application id of a sandbox's file."""
_UNUSABLE = "{} cannot be used as the sandbox's file ({}): name a new one."
_SCHEMA = """
CREATE TABLE IF NOT EXISTS space(
    key TEXT PRIMARY KEY COLLATE NOCASE, id INTEGER UNIQUE NOT NULL, name TEXT NOT NULL,
    description TEXT NOT NULL, homepage INTEGER);
CREATE TABLE IF NOT EXISTS person(
    username TEXT PRIMARY KEY, key TEXT UNIQUE NOT NULL, display_name TEXT NOT NULL,
    password TEXT NOT NULL, edits INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS token(
    value TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES person);
CREATE TABLE IF NOT EXISTS page(
    id INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL REFERENCES space, parent INTEGER,
    title TEXT NOT NULL, folded_title TEXT NOT NULL, status TEXT NOT NULL,
    version INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS page_title
    ON page(space, folded_title) WHERE status = 'current';
CREATE INDEX IF NOT EXISTS page_parent ON page(parent);
CREATE TABLE IF NOT EXISTS version(
    page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE, number INTEGER NOT NULL,
    title TEXT NOT NULL, storage TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL,
    message TEXT NOT NULL, minor INTEGER NOT NULL, PRIMARY KEY(page, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS property(
    id INTEGER PRIMARY KEY AUTOINCREMENT, page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
    key TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL,
    author TEXT NOT NULL, UNIQUE(page, key));
CREATE TABLE IF NOT EXISTS label(
    id INTEGER PRIMARY KEY AUTOINCREMENT, page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
    prefix TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(page, prefix, name));
CREATE TABLE IF NOT EXISTS attachment(
    id INTEGER PRIMARY KEY AUTOINCREMENT, page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE,
    name TEXT NOT NULL, media_type TEXT NOT NULL, comment TEXT NOT NULL, author TEXT NOT NULL,
    at TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE(page, name));
CREATE TABLE IF NOT EXISTS scope(
    token TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(token, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folder(
    id INTEGER PRIMARY KEY, space TEXT NOT NULL REFERENCES space, parent INTEGER,
    title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS draft(
    page INTEGER PRIMARY KEY REFERENCES page ON DELETE CASCADE, title TEXT NOT NULL,
    storage TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS restriction(
    page INTEGER NOT NULL REFERENCES page ON DELETE CASCADE, operation TEXT NOT NULL,
    username TEXT NOT NULL, PRIMARY KEY(page, operation, username)) WITHOUT ROWID;
"""


class Database:
    """One connection, used by one thread at a time.

    A file may be open in several sandboxes: a write begins with SQLite's lock, so what it read is
    still true when it commits.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path,
                timeout=30,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise UsageError(_UNUSABLE.format(path, error)) from error
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise UsageError(_UNUSABLE.format(path, error)) from error

    def _prepare(self) -> None:
        (mark,) = self._connection.execute("PRAGMA application_id").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and mark != _MARK:
            raise sqlite3.DatabaseError("it is another program's database")
        self._connection.executescript(
            f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
            f"PRAGMA application_id = {_MARK}; {_SCHEMA}"
        )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection, to read from."""
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a transaction; an exception rolls it back."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def clear(self) -> None:
        """Delete every row."""
        with self.writing() as connection:
            connection.execute("PRAGMA defer_foreign_keys = ON")
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            for (name,) in tables.fetchall():
                connection.execute(f"DELETE FROM {name}")  # noqa: S608 - names of our own schema

    def close(self) -> None:
        """Close the connection; what is in memory is gone."""
        with self._lock:
            self._connection.close()
