"""A sandbox that listens: for a person at a terminal, and for tests.

Flask is imported only when a server is made, so that this module can be imported without it.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from confluence_changelog.errors import UsageError

from . import accounts, store
from .faults import Edit
from .model import Page, Version
from .seed import HOME_ID, SPACE
from .site import Settings, Site
from .switches import Switches, changed

if TYPE_CHECKING:
    from confluence_changelog.sandbox.http_server import Server
    from confluence_changelog.sandbox.mails import Mail

MISSING = (
    "The sandbox needs Flask, which is not installed: "
    "run python -m pip install 'confluence-changelog[sandbox]'."
)


def serve(
    port: int, data: Path | None, announce: Callable[[str], None], *, context: str = ""
) -> None:
    """Serve until interrupted; `announce` gets the address once it listens.

    `port` 0 is any free one; `data` is the SQLite file, None for memory.  UsageError where Flask
    is missing, the port is taken, or the file cannot be used.
    """
    with Sandbox(port=port, data=data, context=context) as sandbox, suppress(KeyboardInterrupt):
        announce(sandbox.url)
        # Windows delivers Ctrl-C only between waits.
        while not sandbox.stopped.wait(1):
            pass


class Sandbox:
    """A local Confluence Data Center on 127.0.0.1, in a thread of this process.

    ::

        with Sandbox() as sandbox:
            requests.get(f"{sandbox.url}/rest/api/content/65538", auth=("admin", "admin"))

    `port` 0 is any free one; `data` is a SQLite file, None for memory; `context` is the path that
    Confluence runs under (``/confluence``); further arguments are switches.
    """

    def __init__(
        self, *, port: int = 0, data: Path | None = None, context: str = "", **switches: object
    ) -> None:
        context = "/" + context.strip("/") if context.strip("/") else ""
        settings = Settings(data=data, context=context, switches=changed(Switches(), switches))
        self._site, self._server = _make(settings, port)
        self.stopped = self._site.stopping
        self.url = f"http://127.0.0.1:{self._server.server_port}{context}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Close all connections and the database; what is in memory is gone."""
        self._site.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._site.database.close()

    def reset(self) -> None:
        """Go back to the starting content, without faults, records and changed switches."""
        self._site.reset()

    def page(self, page_id: int, number: int = 0) -> Page:
        """Return a page as it is stored, in its current version or in that of the given number."""
        with self._site.database.reading() as connection:
            found = store.find_page(connection, page_id, number)
        if found is None:
            raise LookupError(f"the sandbox has no page {page_id} in that version")
        return found

    def versions(self, page_id: int) -> list[Version]:
        """All versions of a page, the newest first."""
        with self._site.database.reading() as connection:
            return store.versions(connection, page_id)

    def mails(self) -> "list[Mail]":
        """Return the mails that watchers would have got so far, the newest first: see `mails`."""
        from confluence_changelog.sandbox.mails import mails

        with self._site.database.reading() as connection:
            return mails(connection, self._site.settings.context)

    def create_page(
        self,
        title: str,
        storage: str = "",
        *,
        space: str = SPACE,
        parent: int | None = HOME_ID,
        author: str = "editor",
    ) -> Page:
        """Create a page whose body is stored as it is, without what a save does."""
        with self._site.database.writing() as connection:
            return store.create_page(
                connection, space=space, title=title, storage=storage, author=author, parent=parent
            )

    def set_body(self, page_id: int, storage: str) -> None:
        """Put a body in place as it is: no new version, no check, nothing that a save does."""
        with self._site.database.writing() as connection:
            store.replace_storage(connection, page_id, storage)

    def edit(self, page_id: int, **fields: object) -> Page:
        """Another hand changes the page and saves it; the fields are those of `faults.Edit`."""
        return self._site.edit(page_id, msgspec.convert(fields, Edit))

    def put_fault(self, **fields: object) -> int:
        """Queue a fault and give its number; the fields are those of `faults.Fault`."""
        return self._site.faults.put(fields)

    def clear_faults(self) -> None:
        """Forget the faults that are still to come."""
        self._site.faults.clear()

    def switch(self, **switches: object) -> None:
        """Set switches; see `switches.Switches`."""
        self._site.switches = changed(self._site.switches, switches)
        self._site.wrong_passwords.clear()

    def requests(self) -> list[dict[str, Any]]:
        """Return the requests so far, oldest first, but for those to the control routes."""
        return self._site.requests.all()

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._site.requests.clear()

    def add_user(
        self, username: str, password: str, *, edits: bool = True, token: str = ""
    ) -> None:
        """Add a person, or change the password and rights of one."""
        with self._site.database.writing() as connection:
            accounts.add_person(connection, username, password, username.title(), edits=edits)
            if token:
                accounts.add_token(connection, token, username)

    def restrict(self, page_id: int, operation: accounts.Operation, *usernames: str) -> None:
        """Let only these people read or update the page; no names: everyone."""
        with self._site.database.writing() as connection:
            accounts.restrict(connection, page_id, operation, list(usernames))


def _make(settings: Settings, port: int) -> "tuple[Site, Server]":
    """Make the state and the server; UsageError where one of them cannot be."""
    try:
        from confluence_changelog.sandbox.app import create_app, site_of
        from confluence_changelog.sandbox.http_server import Server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("flask", "werkzeug"):
            raise
        raise UsageError(MISSING) from error
    app = create_app(settings)
    try:
        return site_of(app), Server(port, app)
    except (OSError, OverflowError) as error:
        site_of(app).database.close()
        raise UsageError(
            f"Port {port} of 127.0.0.1 cannot be used ({error}): "
            "choose another with --port, or any free one with --port 0."
        ) from error
