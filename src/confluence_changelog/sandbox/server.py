"""A sandbox that listens: for a person at a terminal, and for tests.

Flask is imported only when a server is made, so that this module can be imported without it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from confluence_changelog.errors import UsageError

from .contents import Contents
from .extra import Extra, owned
from .flavour import CLOUD_CONTEXT, CLOUD_ID, GATEWAY, Flavour
from .seed import TOKEN
from .site import Settings, Site
from .switches import Switches, changed

if TYPE_CHECKING:
    from confluence_changelog.sandbox.http_server import Server

MISSING = (
    "The sandbox needs Flask, which is not installed: "
    "run python -m pip install 'confluence-changelog[sandbox]'."
)


def serve(port: int, data: Path | None, announce: Callable[[str], None], **settings: Any) -> None:  # noqa: ANN401
    """Serve until interrupted; `announce` gets the address once it listens.

    The arguments, and what may go wrong, are those of `Sandbox`.
    """
    sandbox = Sandbox(port=port, data=data, **settings)
    with sandbox, suppress(KeyboardInterrupt):
        announce(sandbox.url)
        # Windows delivers Ctrl-C only between waits.
        while not sandbox.stopped.wait(1):
            pass


class Sandbox(Contents):
    """A local Confluence on 127.0.0.1, in a thread of this process.

    ::

        with Sandbox() as sandbox:
            requests.get(f"{sandbox.url}/rest/api/content/65538", auth=("admin", "admin"))

    `flavour` is ``data-center`` or ``cloud``.  `port` 0 is any free one; `data` is a SQLite file,
    None for memory; `context` is the path that Data Center runs under (``/confluence``), Cloud is
    always under ``/wiki``.  `spaces` are names by key, `users` are passwords by user name (on Cloud,
    API tokens by e-mail address), `tokens` have their owner or a list of scopes.  Further arguments
    are switches.  UsageError where Flask is missing, the port is taken, or the file cannot be used.
    """

    def __init__(
        self,
        *,
        flavour: Flavour = "data-center",
        port: int = 0,
        data: Path | None = None,
        context: str = "",
        spaces: Mapping[str, str] | None = None,
        users: Mapping[str, str] | None = None,
        tokens: Mapping[str, str | Sequence[str]] | None = None,
        **switches: object,
    ) -> None:
        context = CLOUD_CONTEXT if flavour == "cloud" else context.strip("/")
        settings = Settings(
            data=data,
            context="/" + context.strip("/") if context else "",
            switches=changed(Switches(), switches),
            flavour=flavour,
            extra=Extra(spaces or {}, users or {}, owned(tokens or {})),
        )
        self._site, self._server = _make(settings, port)
        self.flavour = flavour
        self.stopped = self._site.stopping
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        """Address of the host, where the control routes are."""
        self.url = self.root + settings.context
        """Address of Confluence."""
        self.cloud_id = CLOUD_ID
        self.gateway = f"{self.root}{GATEWAY}{CLOUD_CONTEXT}"
        """Cloud: address of Confluence for tokens with scopes."""
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

    @property
    def credentials(self) -> tuple[str, str]:
        """The administrator's user name and secret: a password, on Cloud an API token."""
        return ("admin@example.com", TOKEN) if self.flavour == "cloud" else ("admin", "admin")

    @property
    def environment(self) -> dict[str, str]:
        """What `confluence-changelog` reads from the environment to reach this Confluence."""
        user, secret = self.credentials
        return {
            "CONFLUENCE_URL": self.url,
            "CONFLUENCE_USER": user,
            "CONFLUENCE_PASSWORD": secret,
        }

    def stop(self) -> None:
        """Close all connections and the database; what is in memory is gone."""
        self._site.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._site.database.close()


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
