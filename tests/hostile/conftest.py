"""A sandbox that all tests share, and a repository with one commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from hostile.secrets import Place
from support.repositories import Repo, RepoBuilder

ADDRESS = "https://github.com/example/config.git"


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(running: Sandbox, site: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """As new, and the one that the environment names."""
    running.reset()
    for name, value in site.items():
        monkeypatch.setenv(name, value)
    return running


@pytest.fixture
def site(running: Sandbox) -> dict[str, str]:
    """What the environment says of the sandbox."""
    return {
        "CONFLUENCE_URL": running.url,
        "CONFLUENCE_PAGE": str(LOG_ID),
        "CONFLUENCE_TOKEN": TOKEN,
    }


def _fill(repo: Repo) -> None:
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday.")
    repo.git("remote", "add", "origin", ADDRESS)


@pytest.fixture
def repo(build_repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """The present folder."""
    repo = build_repo(_fill)
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def configuration(repo: Repo) -> Path:
    """Path of the configuration file."""
    return repo.path / "confluence-changelog.toml"


@pytest.fixture
def place(repo: Repo, home: Path, tmp_path: Path) -> Place:
    repo.commit(
        {"confluence-changelog.toml": "[page]\ndeadline = 1\n"}, "Wait\n\nBut not for long."
    )
    (tmp_path / "temporary").mkdir()
    return Place(repo, home, tmp_path / "temporary")
