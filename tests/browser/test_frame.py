"""The frame of every page: valid, readable by machines, usable in a narrow window."""

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from confluence_changelog.sandbox import LOG_ID

if TYPE_CHECKING:
    from browser.conftest import Wiki

PAGES = (
    f"/pages/viewpage.action?pageId={LOG_ID}",
    f"/pages/viewpage.action?pageId={LOG_ID}&version=2",
    f"/pages/viewpreviousversions.action?pageId={LOG_ID}",
    f"/pages/diffpagesbyversion.action?pageId={LOG_ID}&originalVersion=1&revisedVersion=5",
    "/collector/pages.action?key=OPS",
    "/sandbox/mails",
    "/",
)
DOM = """() => {
    const found = [];
    const visit = (node, depth) => {
        found.push([depth, node.localName]);
        for (const child of node.children) visit(child, depth + 1);
    };
    visit(document.documentElement, 0);
    return found;
}"""
EVERYTHING = (
    "<p>before <ac:structured-macro ac:name='code'><ac:plain-text-body>x</ac:plain-text-body>"
    "</ac:structured-macro> after</p><p><ac:structured-macro ac:name='info'><ac:rich-text-body>"
    "<ul><li>a</li></ul></ac:rich-text-body></ac:structured-macro></p><p><br />line</p><hr />"
    "<table><tbody><tr><th>H</th><td><table><tbody><tr><td>in</td></tr></tbody></table></td></tr>"
    "</tbody></table><ac:task-list><ac:task><ac:task-body>do</ac:task-body></ac:task></ac:task-list>"
    "<ac:structured-macro ac:name='toc' /><h2>One</h2><h2>One</h2><blockquote><p>q</p></blockquote>"
)


class Written(HTMLParser):
    """Depth and name of each element as the text has them, without a browser's repairs."""

    VOID = frozenset({"br", "col", "hr", "input", "link", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[list[object]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.found.append([len(self.open), tag])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_finds_the_elements_as_they_are_written(published: "Wiki", path: str) -> None:
    page = published.open(path)
    with page.expect_response(lambda answer: answer.request.is_navigation_request()) as answer:
        page.reload()
    written = Written(answer.value.text())
    assert written.open == []
    assert page.evaluate(DOM) == written.found


def test_any_storage_becomes_valid_html(wiki: "Wiki") -> None:
    wiki.sandbox.edit(LOG_ID, storage=EVERYTHING)
    wiki.sandbox.edit(LOG_ID, storage=EVERYTHING.replace("One", "Two").replace(" after", " then"))
    for path in (PAGES[1], PAGES[3].replace("Version=5", "Version=3"), "/sandbox/mails"):
        page = wiki.open(path)
        with page.expect_response(lambda answer: answer.request.is_navigation_request()) as answer:
            page.reload()
        assert page.evaluate(DOM) == Written(answer.value.text()).found
        ids = page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_machines_can_read_the_pages(published: "Wiki", path: str) -> None:
    page = published.open(path)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title().endswith(" - Confluence sandbox")
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("th:not([scope])").count() == 0
    nameless = page.locator("a, button, input:not([type=hidden])").evaluate_all(
        "all => all.filter(each => !(each.textContent || each.ariaLabel || '').trim()).length"
    )
    assert nameless == 0


def test_the_keyboard_skips_to_the_content(published: "Wiki") -> None:
    page = published.open()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    assert focused.is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 600])
def test_no_page_is_wider_than_a_narrow_window(published: "Wiki", path: str, width: int) -> None:
    published.page.set_viewport_size({"width": width, "height": 700})
    page = published.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_in_a_narrow_window_the_log_scrolls_in_its_own_frame(published: "Wiki") -> None:
    published.page.set_viewport_size({"width": 320, "height": 700})
    log = published.open().locator(".table-wrap").last
    assert log.evaluate("each => each.scrollWidth > each.clientWidth")
    assert log.evaluate("each => getComputedStyle(each).overflowX") == "auto"
