"""Every test runs without the developer's own configuration of Git, Confluence and CI."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from support.repositories import Repo, RepoBuilder, RepoFactory

if TYPE_CHECKING:
    from confluence_changelog.sandbox import Sandbox

FOREIGN = (
    *("CONFLUENCE_", "GIT_", "PRE_COMMIT", "SSH_ASKPASS"),
    *("CI_", "GITHUB_", "GITLAB_", "GITEA_", "FORGEJO_", "RUNNER_", "BITBUCKET_", "CIRCLE"),
    *(
        "JENKINS_",
        "TEAMCITY_",
        "DRONE",
        "TAG_NAME",
        "BUILD_",
        "SYSTEM_",
        "TF_BUILD",
        "AGENT_",
        "CHANGE_",
        "BRANCH_NAME",
    ),
)
FOREIGN_EXACTLY = frozenset(
    {
        *("CI", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "NETRC", "PAGER"),
        "PYTHON_KEYRING_BACKEND",
    }
)


SLOW = frozenset(("browser", "campaign", "fuzz", "hostile", "operations"))
"""Folders all of whose tests count as slow: the quick ones are to end within two minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SLOW.intersection(item.path.parts):
            item.add_marker(pytest.mark.slow)


def pytest_configure() -> None:
    """Choose the seed of the campaign for all workers, so that it can be shown and replayed.

    No example of a property has a time limit: a busy machine is no failure.
    """
    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")
    os.environ.setdefault("CAMPAIGN_SEED", str(random.randrange(1 << 32)))


def pytest_report_header() -> str:
    """Show how this run's campaign is replayed."""
    return f"campaign: CAMPAIGN_SEED={os.environ['CAMPAIGN_SEED']}"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home folder of this test: its own, with its own Git configuration."""
    for name in list(os.environ):
        if name in FOREIGN_EXACTLY or name.startswith(FOREIGN):
            monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("home")
    configuration = folder / ".gitconfig"
    configuration.write_text(
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
        "[user]\n\tname = Ada Example\n\temail = ada@example.com\n[core]\n\tautocrlf = false\n",
        encoding="utf-8",
    )
    xdg = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    for variable in ("HOME", "USERPROFILE", "APPDATA", *xdg):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    return folder


@pytest.fixture(scope="session", autouse=True)
def violations() -> Iterator[list[str]]:
    """Hold every exchange with a sandbox of this process against Atlassian's OpenAPI documents."""
    from support import documents, openapi

    if not documents.SPECS.is_dir():
        yield []
        return
    with openapi.judging() as found:
        yield found


@pytest.fixture(autouse=True)
def judged(violations: list[str]) -> Iterator[None]:
    """Fail a test that asked, or was answered, what Atlassian's documents do not allow."""
    violations.clear()
    yield
    assert violations == []


@pytest.fixture
def make_repo(tmp_path: Path) -> RepoFactory:
    """Return a function that makes repositories below ``tmp_path``: see support.repositories."""

    def make(name: str = "repo", *, bare: bool = False, object_format: str = "sha1") -> Repo:
        return Repo.init(tmp_path / name, bare=bare, object_format=object_format)

    return make


@pytest.fixture(scope="session")
def templates() -> dict[Callable[[Repo], None], Repo]:
    """Return the repositories that ``build_repo`` copies, by what fills them."""
    return {}


@pytest.fixture
def build_repo(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    templates: dict[Callable[[Repo], None], Repo],
) -> RepoBuilder:
    """Return a function that copies a repository which is built once: see support.repositories."""

    def copy(build: Callable[[Repo], None], name: str = "repo") -> Repo:
        if build not in templates:
            template = Repo.init(tmp_path_factory.mktemp("template") / "repo")
            build(template)
            templates[build] = template
        return templates[build].copy(tmp_path / name)

    return copy


@pytest.fixture
def sandbox(confluence_sandbox: "Sandbox", monkeypatch: pytest.MonkeyPatch) -> "Sandbox":
    """Return a local Confluence as new, and have the environment name its log."""
    from confluence_changelog.sandbox import LOG_ID, TOKEN

    monkeypatch.setenv("CONFLUENCE_URL", confluence_sandbox.url)
    monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    return confluence_sandbox
