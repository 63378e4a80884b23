"""A real browser, a sandbox whose log was published from a real repository, and a place for pictures."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confluence_changelog.demo import history, tour
from confluence_changelog.sandbox import LOG_ID, Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    *("--disable-quic", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)
MUST_RUN = os.environ.get("CI", "").lower() not in ("", "0", "false")
"""Read before the tests' own environment hides it."""
PICTURES = Path(__file__).parents[2] / "docs" / "images"

TALLEST = 1150
LAST_WHOLE = """tallest => Math.max(...[...document.querySelectorAll("main, main > *, main tr")]
    .filter(each => each.checkVisibility())
    .map(each => each.getBoundingClientRect().bottom + scrollY).filter(y => y < tallest))"""
"""Where the last part of the page ends that fits into a picture."""

HOSTILE = history.Change(
    ("Cy &lt;b&gt; Example", "cy@example.com"),
    "2026-03-14T09:30:00+0100",
    "motd",
    "hello\n",
    """\
<script>document.title='owned'</script> "quoted" & ]]> 'done'

<img src=x onerror="document.title='owned'"> and
[a link](javascript:document.title='owned') and javascript:alert(1)
</p></td></tr></tbody></table><iframe srcdoc="<script>parent.document.title='owned'</script>">
<![CDATA[ <a href="javascript:alert(1)">here</a> ]]>
""",
)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Chromium without a window, driven through the DevTools protocol."""
    missing = pytest.fail if MUST_RUN else pytest.skip
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        missing(f"no browser on PATH: one of {', '.join(BROWSERS)}")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing("playwright is not installed")
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, chromium_sandbox=not is_root, args=list(QUIET)
        )
        yield browser
        browser.close()


@dataclass
class Wiki:
    """The sandbox in a window of the browser, and what the pages tried to do in it."""

    sandbox: Sandbox
    page: "Page"
    attempts: list[str] = field(default_factory=list)
    """Dialogs, messages and errors of scripts, and requests to anywhere else."""

    def open(self, path: str = f"/pages/viewpage.action?pageId={LOG_ID}") -> "Page":
        answer = self.page.goto(self.sandbox.url + path)
        assert answer is not None
        assert answer.status == 200
        return self.page

    def show(self, storage: str) -> "Page":
        """Open the log's page with this body."""
        self.sandbox.set_body(LOG_ID, storage)
        return self.open()

    def changes(self, *numbers: int) -> "Page":
        """Open the difference of two versions of the log's page."""
        chosen = "".join(f"&selectedPageVersions={number}" for number in numbers)
        return self.open(f"/pages/diffpagesbyversion.action?pageId={LOG_ID}{chosen}")

    def watch(self) -> None:
        """Note whatever a script could do."""
        page, origin = self.page, self.sandbox.url + "/"
        page.on("dialog", lambda dialog: self.attempts.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: self.attempts.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: self.attempts.append(f"error: {error}"))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith(origin)
                else self.attempts.append(f"request: {asked.url}")
            ),
        )


@pytest.fixture
def window(browser: "Browser") -> "Iterator[Callable[[Sandbox], Wiki]]":
    """Return a function that opens a sandbox in a new window; its pages must attempt nothing."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    opened: list[Wiki] = []

    def open_window(sandbox: Sandbox) -> Wiki:
        opened.append(Wiki(sandbox, context.new_page()))
        opened[-1].watch()
        return opened[-1]

    yield open_window
    context.close()
    assert [wiki.attempts for wiki in opened] == [[]] * len(opened)


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def cloud() -> Iterator[Sandbox]:
    with Sandbox(flavour="cloud") as cloud:
        yield cloud


@pytest.fixture
def wiki(running: Sandbox, window: Callable[[Sandbox], Wiki]) -> Wiki:
    """A sandbox as new."""
    running.reset()
    return window(running)


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A log that was published to from a real repository, not to be changed: see `tell`."""
    with Sandbox() as sandbox:
        tell(sandbox, tmp_path_factory.mktemp("repository"))
        yield sandbox


@pytest.fixture(scope="session")
def hostile_story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The same with a hostile commit, the second newest."""
    with Sandbox() as sandbox:
        tell(sandbox, tmp_path_factory.mktemp("repository"), HOSTILE)
        yield sandbox


def tell(sandbox: Sandbox, folder: Path, *more: history.Change) -> None:
    """Publish, edit by hand (once as a minor edit), and publish again: versions 2 to 5."""
    history.make_history(folder)
    history.commit(folder, more)
    tour.publish_newest(sandbox, folder, lambda _: None)
    sandbox.edit(
        LOG_ID,
        find="<td>Ben</td></tr>",
        replace="<td>Ben, from April on Dora</td></tr>",
        message="Dora takes the network over",
    )
    sandbox.edit(LOG_ID, find="the runbook", replace="our runbook", minor=True)
    history.commit(folder, [history.LATER])
    tour.publish_newest(sandbox, folder, lambda _: None)


@pytest.fixture
def published(hostile_story: Sandbox, window: Callable[[Sandbox], Wiki]) -> Wiki:
    """The log with the hostile commit in a new window."""
    return window(hostile_story)


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that takes a picture: into docs/images where UPDATE_SCREENSHOTS is set.

    It takes one of the page, or of a part of it.
    """
    folder = PICTURES if os.environ.get("UPDATE_SCREENSHOTS") else tmp_path

    def take(page: "Page", name: str, part: str = "") -> Path:
        file = folder / f"{name}.png"
        if part:
            page.locator(part).screenshot(path=file)
            return file
        height = page.evaluate(LAST_WHOLE, TALLEST) + 1
        width = page.evaluate("innerWidth")
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
        page.screenshot(path=file, full_page=True, clip=clip)
        return file

    return take
