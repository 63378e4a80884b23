"""One sandbox's whole state, and the one way in which a page is saved."""

import sqlite3
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import store
from .database import Database
from .editor import resave, unconvertible
from .errors import RestError, bad_request, not_convertible
from .extra import Extra, add_extra
from .faults import Edit, Faults
from .flavour import Flavour, as_saved
from .model import Page, Version, now
from .requestlog import RequestLog
from .save import name_entities, strip_attributes, strip_link_fragments
from .seed import seed
from .storage_check import check
from .switches import Switches

TITLE_LIMIT = 255


class EditError(ValueError):
    """A change by another hand that does not fit the page."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a sandbox is set up; `data` is its SQLite file, None for memory."""

    data: Path | None = None
    context: str = ""
    switches: Switches = field(default_factory=Switches)
    request_limit: int = 5 * 1024 * 1024
    flavour: Flavour = "data-center"
    extra: Extra = field(default_factory=Extra)
    """Spaces, people and tokens beside those that every sandbox has."""


class Site:
    """The state that all requests share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.switches = settings.switches
        self.database = Database(settings.data)
        self.faults = Faults()
        self.requests = RequestLog()
        self.stopping = threading.Event()
        self.wrong_passwords: dict[str, int] = {}
        self.opened: set[int] = set()
        self.conversions: dict[str, dict[str, str]] = {}
        self._stale_reads: dict[int, int] = {}
        self._fill()

    def reset(self) -> None:
        """Go back to the starting content, without faults, records and changed switches."""
        self.database.clear()
        self._fill()
        self.switches = self.settings.switches
        self.faults.clear()
        self.requests.clear()
        self.wrong_passwords.clear()
        self.opened.clear()
        self.conversions.clear()
        self._stale_reads.clear()

    def _fill(self) -> None:
        seed(self.database, self.settings.flavour)
        add_extra(self.database, self.settings.extra)

    @property
    def is_cloud(self) -> bool:
        """Whether it plays Cloud."""
        return self.settings.flavour == "cloud"

    def read_page(self, connection: sqlite3.Connection, page_id: int) -> Page | None:
        """Return the page as a reader sees it: under `stale_read`, the version before for a while."""
        page = store.find_page(connection, page_id)
        left = self._stale_reads.get(page_id, 0)
        if page is None or not left:
            return page
        self._stale_reads[page_id] = left - 1
        stale = store.find_page(connection, page_id, page.latest - 1)
        return replace(stale, latest=stale.version.number) if stale else page

    def stored(self, connection: sqlite3.Connection, storage: str) -> str:
        """Storage text as a save leaves it; RestError where Confluence cannot take it."""
        if fault := check(storage):
            raise bad_request(fault.message)
        if self.switches.three_byte_database and any(c > "\uffff" for c in storage):
            message = "could not execute batch; Incorrect string value for column 'BODY'"
            raise RestError(500, {"statusCode": 500, "message": message})
        if self.switches.editor_refuses and unconvertible(storage):
            raise not_convertible()
        text = as_saved(connection, storage, self.settings.flavour)
        for switched, change in (
            (self.switches.editor_resave, resave),
            (self.switches.strip_attributes, strip_attributes),
            (self.switches.strip_link_fragments, strip_link_fragments),
            (self.switches.named_entities, name_entities),
        ):
            text = change(text) if switched else text
        return text

    def wrote(self, page_id: int) -> None:
        """Note that a page got a new version."""
        self._stale_reads[page_id] = self.switches.stale_read
        self.opened.discard(page_id)

    def edit(self, page_id: int, edit: Edit) -> Page:
        """Another hand's change, saved as a new version; EditError where it cannot be."""
        with self.database.writing() as connection:
            page = store.find_page(connection, edit.page or page_id)
            if page is None:
                raise EditError(f"there is no page {edit.page or page_id}")
            storage = self.stored(connection, _edited(page.storage, edit))
            version = Version(
                page.latest + 1,
                edit.title or page.title,
                resave(storage) if edit.resave else storage,
                edit.user,
                now(),
                edit.message,
                edit.minor,
            )
            changed = store.add_version(connection, page, version, page.parent)
        self.wrote(page.id)
        return changed


def _edited(storage: str, edit: Edit) -> str:
    if edit.find and edit.find not in storage:
        raise EditError(f"the page does not hold {edit.find!r}")
    text = storage if edit.storage is None else edit.storage
    return (text.replace(edit.find, edit.replace) if edit.find else text) + edit.append


def check_title(
    connection: sqlite3.Connection,
    space: str,
    title: str,
    page_id: int = 0,
    *,
    cloud: bool = False,
) -> None:
    """Refuse a title that is too long, or that another page of the space has.

    On Cloud an archived page keeps its title for itself; a trashed one nowhere does.
    """
    if not title.strip():
        raise bad_request("Could not set the title: it must not be empty")
    if len(title) > TITLE_LIMIT:
        raise bad_request(f"Title cannot be longer than {TITLE_LIMIT} characters.")
    taken = store.find_title(connection, space, title, archived=cloud)
    if taken is not None and taken.id != page_id:
        place = f"{title} in the space with key {space}"
        same = "A page already exists with the "
        same += "same TITLE in this space" if cloud else f"title {place}"
        raise bad_request(f"A page with this title already exists: {same}")
