"""What clients of every flavour have: a connection, and when to give up."""

from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.transport import Transport


class Connected:
    """Uses a transport; `page.Client` says what a client can do with it."""

    def __init__(self, transport: Transport) -> None:
        """Make a client that uses `transport`."""
        self._transport = transport

    @property
    def deadline(self) -> Deadline:
        """When to give up."""
        return self._transport.deadline

    @property
    def base(self) -> str:
        """The address with its context path."""
        return self._transport.base
