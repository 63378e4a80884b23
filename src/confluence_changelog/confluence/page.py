"""What a client reads and writes, whatever kind of Confluence it talks to."""

from dataclasses import dataclass
from typing import Protocol

from confluence_changelog.confluence.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Page:
    """A page at one version."""

    id: str
    title: str
    space: str
    """The key of its space."""
    type: str
    """``page`` or ``blogpost``."""
    version: int
    parent: str
    """The id of its parent, or empty at the top of a space."""
    body: str
    """The body in storage format."""
    address: str
    """Where a browser shows it."""


class Client(Protocol):
    """Reads and writes pages of one Confluence."""

    send_ancestors: bool
    """Whether writes name the page's parent; set when a write without it moved the page."""

    @property
    def deadline(self) -> Deadline:
        """When to give up."""
        ...

    def read_page(self, page_id: str) -> Page:
        """Return the current version of a page."""
        ...

    def write_page(
        self, page: Page, body: str, message: str, *, minor: bool = False, move: bool = False
    ) -> Page | None:
        """Write `body` as the version after `page`, and return the page as it was stored.

        None where the answer does not carry body and parent. With `move`, the page goes under
        ``page.parent``.

        Raises:
            ConflictError: the page has another version than `page`.
            LostAnswerError: the write may have been applied or not.
            ConfluenceError: it was refused.

        """
        ...
