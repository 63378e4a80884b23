"""What a sandbox holds, past its REST interface: for tests that read it and change it."""

from typing import TYPE_CHECKING, Any

import msgspec

from . import accounts, drafts, folders, store
from .faults import Edit
from .folders import Folder
from .model import Page, Space, Version
from .seed import HOME_ID, SPACE
from .site import Site
from .switches import changed

if TYPE_CHECKING:
    from confluence_changelog.sandbox.mails import Mail


class Contents:
    """A site's pages, people, faults, switches and recorded requests."""

    _site: Site

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

    def set_status(self, page_id: int, status: drafts.Status) -> None:
        """Put a page into a state, as it is: current, draft, archived or trashed."""
        with self._site.database.writing() as connection:
            drafts.set_status(connection, self.page(page_id), status)

    def create_folder(
        self, title: str, *, space: str = SPACE, parent: int | None = HOME_ID
    ) -> Folder:
        """Create a folder, which only Cloud has."""
        with self._site.database.writing() as connection:
            return folders.create_folder(connection, space, title, parent)

    def add_space(self, key: str, name: str) -> Space:
        """Add a space with an empty home page."""
        with self._site.database.writing() as connection:
            return store.create_space_with_home(connection, key, name, "admin")

    def space(self, key: str) -> Space:
        """Return the space of that key."""
        with self._site.database.reading() as connection:
            found = store.find_space(connection, key)
        if found is None:
            raise LookupError(f"the sandbox has no space {key}")
        return found

    def add_token(self, value: str, username: str = "admin", *scopes: str) -> None:
        """Add a token for a person; on Cloud one with scopes works at the gateway only."""
        with self._site.database.writing() as connection:
            accounts.add_token(connection, value, username, scopes)

    def add_user(
        self, username: str, password: str, *, edits: bool = True, token: str = ""
    ) -> None:
        """Add a person, or change the password (on Cloud, an API token) and rights of one."""
        with self._site.database.writing() as connection:
            accounts.add_person(connection, username, password, username.title(), edits=edits)
            if token:
                accounts.add_token(connection, token, username)

    def restrict(self, page_id: int, operation: accounts.Operation, *usernames: str) -> None:
        """Let only these people read or update the page; no names: everyone."""
        with self._site.database.writing() as connection:
            accounts.restrict(connection, page_id, operation, list(usernames))
