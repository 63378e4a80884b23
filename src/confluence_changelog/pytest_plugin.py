"""A pytest plugin: ``confluence_sandbox`` is a local Confluence for other people's test suites.

It comes with the extra ``confluence-changelog[sandbox]``, as an entry point of pytest.  Nothing of the
sandbox is imported before a test asks for it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from confluence_changelog.sandbox import Sandbox

_Running: TypeAlias = "dict[str, Sandbox]"
_MARKER = (
    "confluence_sandbox(flavour='data-center', **settings): how the fixture confluence_sandbox is "
    "set up; the settings are the arguments of confluence_changelog.sandbox.Sandbox"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def running_confluence_sandboxes() -> Iterator[_Running]:
    """Return the sandboxes that run, by their settings; they stop with the session."""
    running: _Running = {}
    with ExitStack() as stack:
        yield running
        for each in running.values():
            stack.callback(each.stop)


@pytest.fixture
def confluence_sandbox(
    request: pytest.FixtureRequest, running_confluence_sandboxes: _Running
) -> "Sandbox":
    """Return a local Confluence as new: pages, people, faults and recorded requests of this test.

    ``.url`` is its address, ``.environment`` what `confluence-changelog` needs to reach it,
    ``.credentials`` a user and a secret.  ``@pytest.mark.confluence_sandbox(flavour="cloud")`` makes
    it Confluence Cloud.  It is started once for each set of settings and emptied for each test.
    """
    marker = request.node.get_closest_marker("confluence_sandbox")
    settings = dict(marker.kwargs) if marker else {}
    key = repr(sorted(settings.items()))
    if key not in running_confluence_sandboxes:
        from confluence_changelog.sandbox import Sandbox

        running_confluence_sandboxes[key] = Sandbox(**settings)
    sandbox = running_confluence_sandboxes[key]
    sandbox.reset()
    return sandbox
