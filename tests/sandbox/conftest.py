"""A running sandbox, a session that is logged in, and the recorded answers of real servers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, Sandbox

PAYLOADS = Path(__file__).parents[2].parent / "shared" / "confluence" / "payloads"


@pytest.fixture
def sandbox(confluence_sandbox: Sandbox) -> Sandbox:
    """As new; judged by Atlassian's OpenAPI documents."""
    return confluence_sandbox


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Logged in as the administrator."""
    with requests.Session() as session:
        session.auth = ("admin", "admin")
        yield session


@pytest.fixture
def api(sandbox: Sandbox) -> str:
    return f"{sandbox.url}/rest/api"


@pytest.fixture
def log(api: str) -> str:
    """Address of the page "Change Log"."""
    return f"{api}/content/{LOG_ID}"


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """Recorded answers by file name: JSON data, or text."""

    def read(name: str) -> Any:
        if not PAYLOADS.is_dir():
            pytest.skip(f"the recorded answers are not at {PAYLOADS}")
        text = (PAYLOADS / name).read_text(encoding="utf-8")
        return json.loads(text) if name.endswith(".json") else text.strip()

    return read


@pytest.fixture
def update() -> Callable[..., dict[str, Any]]:
    """Body of a PUT of "Change Log"."""

    def body(number: int = 2, storage: str = "<p>new</p>", **more: Any) -> dict[str, Any]:
        version = {"number": number, **more.pop("version", {})}
        return {
            "id": str(LOG_ID),
            "type": "page",
            "title": "Change Log",
            "space": {"key": "OPS"},
            "body": {"storage": {"value": storage, "representation": "storage"}},
            "version": version,
            **more,
        }

    return body
