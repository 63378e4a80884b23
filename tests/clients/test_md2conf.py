"""md2conf (markdown-to-confluence 0.6.5) takes the sandbox for Cloud."""

import subprocess
import sys
from pathlib import Path

import pytest

from confluence_changelog.sandbox import HOME_ID, SPACE, Sandbox

pytest.importorskip("md2conf", reason="markdown-to-confluence is not installed")

CLOUD = pytest.mark.confluence_sandbox(flavour="cloud")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "below").mkdir(parents=True)
    (folder / "index.md").write_text(
        "# Overview\n\nSee [details](below/details.md).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        encoding="utf-8",
    )
    (folder / "below" / "details.md").write_text(
        "---\ntags: [alpha]\n---\n# Details\n\n```python\nprint(1)\n```\n", encoding="utf-8"
    )
    return folder


def synchronise(sandbox: Sandbox, documents: Path, address: str) -> list[tuple[str, str]]:
    """Run md2conf; return the method and the address of each request that wrote a page."""
    sandbox.clear_requests()
    user, secret = sandbox.credentials
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "md2conf", str(documents), "--api-url", address),
            *("--username", user, "--api-key", secret, "--space", SPACE, "--loglevel", "warning"),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return [
        (each["method"], each["path"].rpartition("/api/v2")[2])
        for each in sandbox.requests()
        if each["method"] != "GET" and "/pages" in each["path"] and "/prop" not in each["path"]
    ]


@CLOUD
@pytest.mark.slow
@pytest.mark.parametrize("through_gateway", [False, True])
def test_the_first_run_creates_the_second_writes_nothing_and_an_edit_is_written_once(
    confluence_sandbox: Sandbox, documents: Path, through_gateway: bool
) -> None:
    sandbox = confluence_sandbox
    address = sandbox.gateway.removesuffix("wiki") if through_gateway else f"{sandbox.url}/"
    first = synchronise(sandbox, documents, address)
    assert [method for method, _ in first] == ["POST", "POST", "PUT", "PUT"]
    overview, details = (path.removeprefix("/pages/") for _, path in first[2:])
    assert sandbox.page(int(overview)).parent == HOME_ID
    assert sandbox.page(int(details)).title == "Details"
    assert synchronise(sandbox, documents, address) == []
    text = documents / "below" / "details.md"
    text.write_text(text.read_text(encoding="utf-8") + "\nmore\n", encoding="utf-8")
    assert synchronise(sandbox, documents, address) == [("PUT", f"/pages/{details}")]
    assert "<p>more</p>" in sandbox.page(int(details)).storage
