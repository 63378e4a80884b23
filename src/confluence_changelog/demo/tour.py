"""The steps of the demonstration, each through the same code and requests as a real publication."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from confluence_changelog import ancestry
from confluence_changelog.collect import Collection, collect
from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import credentials_for
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.history import log
from confluence_changelog.log_table import Layout
from confluence_changelog.publish import Publication, publish
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from confluence_changelog.settings import Config, TableSettings

NEWEST = 25
"""How many commits of a given repository are shown at most."""

CONFIG = Config(table=TableSettings(number=2))


@dataclass(frozen=True, slots=True)
class Step:
    """What one publication of the demonstration did."""

    done: Publication
    found: Collection
    requests: tuple[str, ...]
    """Method and status of each request."""


def publish_newest(sandbox: Sandbox, path: Path, report: Callable[[str], None]) -> Step:
    """Publish the newest commits of a repository to the sandbox's log."""
    repository = open_repository(path)
    commits = list(islice(log(repository, ["HEAD"]), NEWEST))
    found = collect(repository, commits, CONFIG, report)
    sandbox.clear_requests()
    done = _publish(sandbox, repository, found, report)
    requests = tuple(f"{item['method']} {item['status']}" for item in sandbox.requests())
    return Step(done, found, requests)


def _publish(
    sandbox: Sandbox, repository: Repository, found: Collection, report: Callable[[str], None]
) -> Publication:
    environment = {"CONFLUENCE_URL": sandbox.url, "CONFLUENCE_TOKEN": TOKEN}
    auth = credentials_for(sandbox.url, environment)
    transport = Transport(sandbox.url, auth, Deadline(CONFIG.page.deadline))
    try:
        return publish(
            DataCenter(transport),
            str(LOG_ID),
            found.entries,
            Layout(CONFIG.table, CONFIG.row),
            placements=partial(ancestry.placements, repository),
            report=report,
        )
    finally:
        transport.close()


def let_another_hand_edit(sandbox: Sandbox) -> str:
    """Have somebody change the page right before our next write; return what they will add."""
    text = "Remember: freeze from 20 March."
    sandbox.put_fault(
        method="PUT",
        path=f"/content/{LOG_ID}$",
        edit={"append": f"<p>{text}</p>", "message": "Note on the freeze"},
    )
    return text


def address(sandbox: Sandbox) -> str:
    """Return where a browser shows the log."""
    return f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}"
