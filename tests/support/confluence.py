"""A client of the sandbox, whichever Confluence that is."""

from collections.abc import Iterator
from contextlib import contextmanager

from confluence_changelog.confluence.connect import connect
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.page import Client, Flavour
from confluence_changelog.credentials import BasicAuth, BearerAuth, Credentials
from confluence_changelog.sandbox import TOKEN, Sandbox

FLAVOURS: tuple[Flavour, ...] = ("data-center", "cloud")


def credentials(sandbox: Sandbox, token: str = TOKEN, user: str = "admin") -> Credentials:
    """Return a token as the sandbox takes it; on Cloud it is an API token, with an e-mail address."""
    if sandbox.flavour == "data-center":
        return BearerAuth(token)
    return BasicAuth(f"{user}@example.com", token)


@contextmanager
def client(
    sandbox: Sandbox,
    token: str = TOKEN,
    *,
    user: str = "admin",
    send_ancestors: bool = False,
    seconds: float = 30,
) -> Iterator[Client]:
    """Open a session with the sandbox, as configured with its flavour."""
    with connect(
        sandbox.url,
        credentials(sandbox, token, user),
        Deadline(seconds),
        flavour=sandbox.flavour,
        send_ancestors=send_ancestors,
    ) as confluence:
        yield confluence
