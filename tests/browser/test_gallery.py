"""The gallery in a browser, and its pictures: ``UPDATE_SCREENSHOTS=1 scripts/test tests/browser``."""

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confluence_changelog.cli import main
from confluence_changelog.sandbox import LOG_ID, Sandbox
from gallery.making import commit_all
from gallery.reading import GALLERY, Log, every_log, read
from support.repositories import RepoFactory
from support.sites import name_in_environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from browser.conftest import Wiki

DOCUMENT = (Path(__file__).parents[2] / "docs" / "gallery.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"\(images/gallery/([\w-]+)\.png\)", DOCUMENT)
MOST_BYTES = 100_000
SEEN = """() => {
    const article = document.querySelector("article");
    for (const link of article.querySelectorAll("a[href*='#cl1-']")) link.textContent = "";
    for (const time of article.querySelectorAll("time")) time.textContent = time.dateTime;
    const marked = "a[href*='#cl1-'], [id^='anchor-cl1-']";
    return [...article.querySelectorAll("tr")]
        .filter(row => row.querySelector(marked) && !row.querySelector("tr"))
        .map(row => [...row.cells].map(cell => cell.innerText.split(/\\s+/).join(" ").trim()));
}"""
"""What stands in the rows with an identity, dates in digits and without ids of commits."""


@pytest.fixture
def published(
    request: pytest.FixtureRequest,
    window: "Callable[[Sandbox], Wiki]",
    make_repo: RepoFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> "tuple[Log, Wiki]":
    """Return a log of the gallery that was published to, in a new window."""
    log = read(GALLERY / request.param)
    sandbox = request.getfixturevalue("running" if log.flavour == "data-center" else "cloud")
    sandbox.reset()
    sandbox.set_body(LOG_ID, log.before)
    name_in_environment(sandbox, monkeypatch)
    monkeypatch.chdir(commit_all(log, make_repo()).path)
    assert main(["publish", "--range", "HEAD"]) == 0
    wiki = window(sandbox)
    wiki.page.set_viewport_size({"width": 1200, "height": 800})
    page = wiki.open()
    for summary in page.locator("article summary").all():
        summary.click()
    return log, wiki


@pytest.mark.parametrize("published", [log.name for log in every_log()], indirect=True)
def test_a_reader_sees_the_new_rows(
    published: "tuple[Log, Wiki]", picture: "Callable[..., Path]"
) -> None:
    log, wiki = published
    if log.folder.name in SHOWN:
        data = picture(wiki.page, f"gallery/{log.folder.name}", "article").read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert data.startswith(b"\x89PNG")
        assert (width <= 1200, 100 < height < 1000) == (True, True)
        assert len(data) < MOST_BYTES
    assert wiki.page.evaluate(SEEN) == [list(row) for row in log.rows]
