"""A client for an address that does not say what kind of Confluence it is."""

from confluence_changelog.confluence.cloud import Cloud
from confluence_changelog.confluence.connected import Connected
from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.flavour import cloud_base, cloud_id
from confluence_changelog.confluence.page import Ancestor, Client, Flavour, Page, User
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import GoneError, NotConfluenceError, NotFoundError


class Unrecognised(Connected):
    """Takes the site for a Data Center until an answer speaks against it (see `page.Client`).

    A Cloud with a domain of its own is rare, and costs a few requests more once; a Data Center costs
    none more. Where the first request is another than to read a page, one to ``/_edge/tenant_info``
    goes before it.
    """

    def __init__(self, transport: Transport, *, send_ancestors: bool = False) -> None:
        """Make a client that uses `transport`."""
        super().__init__(transport)
        self._client: Client = DataCenter(transport, send_ancestors=send_ancestors)
        self._sure = False

    @property
    def send_ancestors(self) -> bool:
        """Whether writes name the page's parent."""
        return self._client.send_ancestors

    @send_ancestors.setter
    def send_ancestors(self, value: bool) -> None:
        self._client.send_ancestors = value

    @property
    def flavour(self) -> Flavour:
        """What the site is: asks it where no answer has told yet."""
        return self._known().flavour

    def read_page(self, page_id: str) -> Page:
        """Return the current version of a page."""
        if self._sure:
            return self._client.read_page(page_id)
        try:
            page = self._client.read_page(page_id)
        except (GoneError, NotConfluenceError, NotFoundError):
            if self._known().flavour == "data-center":
                raise
            return self._client.read_page(page_id)
        self._sure = True
        return page

    def write_page(
        self, page: Page, body: str, message: str, *, minor: bool = False, move: bool = False
    ) -> Page | None:
        """Write a page."""
        return self._known().write_page(page, body, message, minor=minor, move=move)

    def create_page(self, space: str, title: str, body: str, *, parent: str = "") -> Page:
        """Make a page."""
        return self._known().create_page(space, title, body, parent=parent)

    def find_page(self, space: str, title: str) -> str | None:
        """Return the id of a page."""
        return self._known().find_page(space, title)

    def create_below(self, page: Page, title: str, body: str) -> Page:
        """Make a page below another."""
        return self._known().create_below(page, title, body)

    def find_beside(self, page: Page, title: str) -> str | None:
        """Return the id of a page in the space of another."""
        return self._known().find_beside(page, title)

    def children(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return the pages below a page."""
        return self._known().children(page_id)

    def ancestors(self, page_id: str) -> tuple[Ancestor, ...]:
        """Return what is above a page."""
        return self._known().ancestors(page_id)

    def user(self) -> User:
        """Return who the credentials make us."""
        return self._known().user()

    def may_edit(self, page_id: str) -> bool | None:
        """Say whether this user may edit the page."""
        return self._known().may_edit(page_id)

    def read_only(self) -> bool | None:
        """Say whether Confluence is in read-only mode."""
        return self._known().read_only()

    def server_version(self) -> str:
        """Return the version."""
        return self._known().server_version()

    def mention(self, user: str) -> str:
        """Return the mark-up that mentions a user."""
        return self._known().mention(user)

    def find_person(self, name: str) -> str:
        """Return the mark-up that mentions the one user with a full name."""
        return self._known().find_person(name)

    def _known(self) -> Client:
        """Return the client for what the site is, after asking it where that is not known yet."""
        if not self._sure:
            if cloud_id(self._transport) is not None:
                self._transport.base = cloud_base(self._transport.base)
                self._client = Cloud(self._transport, send_ancestors=self._client.send_ancestors)
            self._sure = True
        return self._client
