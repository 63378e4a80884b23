"""What a client reads and writes, whatever kind of Confluence it talks to."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from confluence_changelog.confluence.deadline import Deadline

Flavour = Literal["data-center", "cloud"]
"""``data-center`` is Data Center and Server."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page at one version."""

    id: str
    title: str
    space: str
    """What a write names its space by: the key on Data Center, the id on Cloud."""
    type: str
    """``page`` or ``blogpost``."""
    version: int
    parent: str
    """The id of its parent, or empty at the top of a space."""
    body: str
    """The body in storage format."""
    address: str
    """Where a browser shows it."""


class User(NamedTuple):
    """Who the credentials make us."""

    known: bool
    """False for the anonymous user: the credentials were ignored, or there are none."""
    name: str
    """The full name, for people; may be empty."""
    id: str
    """The user name on Data Center, the account id on Cloud; empty where not known."""


class Ancestor(NamedTuple):
    """A page above or below another; a folder on Cloud has no title."""

    id: str
    title: str


class Client(Protocol):
    """Reads and writes pages of one Confluence.

    Each call raises a `ConfluenceError` where Confluence refuses or cannot be reached.
    """

    send_ancestors: bool
    """Whether writes name the page's parent; set when a write without it moved the page."""

    @property
    def deadline(self) -> Deadline:
        """When to give up."""
        ...

    @property
    def base(self) -> str:
        """Return the address that requests go to, with its context path."""
        ...

    @property
    def flavour(self) -> Flavour:
        """Return what kind of Confluence it is, as far as is known."""
        ...

    def read_page(self, page_id: str) -> Page:
        """Return the current version of a page: one request.

        Raises:
            NotFoundError: there is none, or the user may not see it.
            PageError: it is not to be written: a draft, archived or in the trash, a folder, or its
                body is empty though it has a history.

        """
        ...

    def write_page(
        self, page: Page, body: str, message: str, *, minor: bool = False, move: bool = False
    ) -> Page | None:
        """Write `body` as the version after `page`, and return the page as it was stored: one request.

        None where the answer does not carry body and parent. The title is ``page.title``: to rename
        a page, pass it with another one. With `move`, it goes under ``page.parent``.

        Raises:
            ConflictError: the page has another version than `page`.
            LostAnswerError: the write may have been applied or not.
            ReadOnlyError: nobody may write at present.
            TitleExistsError: another page of the space has the title.
            RejectedStorageError: Confluence could not take the body.
            ConfluenceError: it was refused for another reason.

        """
        ...

    def create_page(self, space: str, title: str, body: str, *, parent: str = "") -> Page:
        """Make a page in the space with key `space` and return it.

        Without `parent`, a page id, it goes under the home page of the space on Cloud, and to the top
        of the space on Data Center.

        Raises:
            NotFoundError: there is no such space, or the user may not see it.
            TitleExistsError: a page of the space has the title.
            LostAnswerError: it may have been made or not.

        """
        ...

    def find_page(self, space: str, title: str) -> str | None:
        """Return the id of the current page with that title in the space with key `space`, or None."""
        ...

    def create_below(self, page: Page, title: str, body: str) -> Page:
        """Make a page below `page`, in its space, and return it. Raises what `create_page` raises."""
        ...

    def find_beside(self, page: Page, title: str) -> str | None:
        """Return the id of the current page with that title in the space of `page`, or None."""
        ...

    def children(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return the pages directly below a page; of very many not all."""
        ...

    def ancestors(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return what is above a page, the top first."""
        ...

    def user(self) -> User:
        """Return who the credentials make us.

        Raises:
            AuthenticationError: they are refused outright.

        """
        ...

    def may_edit(self, page_id: str) -> bool | None:
        """Say whether this user may edit the page; None where Confluence does not tell."""
        ...

    def read_only(self) -> bool | None:
        """Say whether Confluence is in read-only mode; None where it does not tell."""
        ...

    def server_version(self) -> str:
        """Return the version, such as ``9.2.1``; empty where Confluence does not tell (Cloud never)."""
        ...

    def mention(self, user: str) -> str:
        """Return the mark-up that mentions a user; empty where there is none of that name.

        Args:
            user: an account id on Cloud, which is taken as it is; on Data Center a user key, likewise,
                or a user name, which costs a request, because pages hold the key.

        """
        ...

    def find_person(self, name: str) -> str:
        """Return the mark-up that mentions the one user with a full name: one request, on Cloud only.

        Empty where there is none or more than one, and on Data Center.
        """
        ...
