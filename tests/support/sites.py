"""Sandboxes as the command line finds them: through the environment."""

from collections.abc import Iterator

import pytest

from confluence_changelog.sandbox import LOG_ID, Sandbox
from support.confluence import FLAVOURS


def name_in_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what a user sets: the address, the page of the log, and the credentials."""
    for name, value in sandbox.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))


@pytest.fixture(params=FLAVOURS)
def sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Return a running sandbox of each flavour."""
    with Sandbox(flavour=request.param) as running:
        name_in_environment(running, monkeypatch)
        yield running


def writes(sandbox: Sandbox) -> int:
    """Return how many writes were asked for."""
    return sum(each["method"] in ("PUT", "POST") for each in sandbox.requests())
