"""A place to work at: a repository with a remote, a page, and our hooks as each carrier runs them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from operations.carriers import CARRIERS, configuration, install, prepare, use
from operations.place import Place
from operations.shared import copy_project, neutral, once
from support.repositories import Repo

CONFIGURATION = '[scope]\npaths = ["*.conf"]\n\n[page]\ndeadline = 60\n'


class Carried(NamedTuple):
    """A carrier that is ready for use."""

    carrier: str
    home: Path | None
    """The folder of a hook manager."""
    template: Repo
    """A repository with the hooks, whose remote is the bare repository beside it."""


@pytest.fixture(scope="session", params=CARRIERS)
def carried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Carried:
    """Return each carrier in turn, with its environments made once for all workers."""
    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    carrier: str = request.param
    place = tmp_path_factory.mktemp("template")
    with neutral(place):
        project = once(common / "project", copy_project)
        home = None
        if carrier != "native":
            home = once(common / carrier, prepare(carrier, project))
        repo = Repo.init(place / "repo")
        files = {"confluence-changelog.toml": CONFIGURATION, "README": "Configuration\n"}
        if home is not None:
            files[".pre-commit-config.yaml"] = configuration(project)
        repo.commit(files, "Begin\n\nEvery change is to be explained from now on.")
        repo.clone("origin", bare=True)
        install(carrier, repo, project)
    return Carried(carrier, home, repo)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox() as running:
        monkeypatch.setenv("CONFLUENCE_URL", running.url)
        monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
        monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
        yield running


@pytest.fixture
def place(
    carried: Carried, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """Return a place of this test's own. What its programs cover is measured elsewhere."""
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)
    use(carried.carrier, carried.home, monkeypatch)
    repo = carried.template.copy(tmp_path / "repo")
    bare = carried.template.path.with_name("origin")
    origin = Repo(bare, repo.now).copy(tmp_path / "origin")
    repo.git("remote", "add", "origin", origin.path.as_uri())
    repo.git("fetch", "-q", "origin")
    repo.git("remote", "set-head", "origin", "main")
    return Place(carried.carrier, repo, origin, sandbox)
