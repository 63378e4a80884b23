"""The one way to a client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from confluence_changelog.confluence.cloud import Cloud
from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.flavour import cloud_base
from confluence_changelog.confluence.gateway import through_gateway
from confluence_changelog.confluence.page import Client
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.confluence.unrecognised import Unrecognised
from confluence_changelog.credentials import Credentials
from confluence_changelog.hosts import flavour_of, is_gateway


@contextmanager
def connect(
    base: str,
    auth: Credentials,
    deadline: Deadline,
    *,
    flavour: Literal["auto", "data-center", "cloud"] = "auto",
    send_ancestors: bool = False,
    gateway: str = "",
) -> Iterator[Client]:
    """Open a session with a Confluence, and close it.

    Args:
        base: the address, with the context path; Cloud's ``/wiki`` may be left out.
        auth: what puts the credentials on a request.
        deadline: when to give up.
        flavour: what kind of Confluence it is; ``auto`` goes by the address, and where that does not
            say it, by the first answer. Only the latter can cost requests.
        send_ancestors: whether writes name the page's parent.
        gateway: the address of Atlassian's gateway if requests are to go through it (see `gateway`).

    """
    transport = Transport(base, auth, deadline)
    try:
        if gateway and not is_gateway(base):
            transport.base = through_gateway(transport, gateway)
        yield _client(transport, flavour, send_ancestors=send_ancestors)
    finally:
        transport.close()


def _client(
    transport: Transport, flavour: Literal["auto", "data-center", "cloud"], *, send_ancestors: bool
) -> Client:
    by_address = flavour_of(transport.base)
    named = by_address if flavour == "auto" or is_gateway(transport.base) else flavour
    if named is None:
        return Unrecognised(transport, send_ancestors=send_ancestors)
    if named == "data-center":
        return DataCenter(transport, send_ancestors=send_ancestors)
    transport.base = cloud_base(transport.base)
    return Cloud(transport, send_ancestors=send_ancestors)
