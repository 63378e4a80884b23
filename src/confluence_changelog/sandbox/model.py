"""What the sandbox keeps: spaces, pages, versions."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote_plus

_PLAIN_TITLE = re.compile(r"[\w .,()!*'-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Space:
    """A space; `homepage` is a page id."""

    key: str
    id: int
    name: str
    description: str
    homepage: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a page; `at` is ISO 8601 in UTC."""

    number: int
    title: str
    storage: str
    author: str
    at: str
    message: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page in one of its versions; `latest` is the number of its current one."""

    id: int
    space: str
    parent: int | None
    status: str
    latest: int
    version: Version

    @property
    def title(self) -> str:
        """The title in this version."""
        return self.version.title

    @property
    def address(self) -> str:
        """Where a browser finds the page; by id where the title would not do in an address."""
        if self.status == "current" and _PLAIN_TITLE.fullmatch(self.title):
            return f"/display/{self.space}/{quote_plus(self.title)}"
        return f"/pages/viewpage.action?pageId={self.id}"

    @property
    def storage(self) -> str:
        """The body in this version."""
        return self.version.storage


def now() -> str:
    """Return the time as Confluence writes it: ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fold(title: str) -> str:
    """Return what makes two titles the same: Confluence compares them without regard to case."""
    return title.strip().casefold()
