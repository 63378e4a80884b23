"""What a reader of the log sees in a browser."""

from typing import TYPE_CHECKING

import pytest

from browser.following import follow
from confluence_changelog.sandbox import HOME_ID

if TYPE_CHECKING:
    from browser.conftest import Wiki

LOG = "article table >> nth=1"
BODY = "<ac:rich-text-body><p>inside</p></ac:rich-text-body>"


def macro(name: str, inside: str = "", **parameters: str) -> str:
    given = "".join(
        f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items()
    )
    return f'<ac:structured-macro ac:name="{name}">{given}{inside}</ac:structured-macro>'


def test_the_newest_commit_is_the_first_row_under_the_header(published: "Wiki") -> None:
    rows = published.open().locator(LOG).locator("tr")
    assert rows.nth(0).locator("th").all_inner_texts() == ["Date", "Who", "What", "Why"]
    _, who, what, why = rows.nth(1).locator("td").all_inner_texts()
    assert (who, what) == ("Ada Example", "Remove the old resolver")
    assert why == "192.0.2.10 was switched off on Friday as planned."


def test_the_newest_rows_date_is_shown_as_a_date(published: "Wiki") -> None:
    cell = published.open().locator(LOG).locator("tr").nth(1).locator("td").first
    assert cell.locator("time").inner_text() == "16 Mar 2026"
    assert cell.locator("time").get_attribute("datetime") == "2026-03-16"
    commit = cell.locator("a")
    address = commit.get_attribute("href") or ""
    assert address.startswith("https://gitlab.example.com/ops/network-config/-/commit/")
    assert commit.inner_text() in address


def test_rows_typed_by_hand_stay_below(published: "Wiki") -> None:
    rows = published.open().locator(LOG).locator("tr")
    assert rows.count() == 1 + 8 + 3
    assert rows.last.inner_text().split("\t")[0] == "12 April 2024"


def test_the_code_macro_is_shown_as_code(published: "Wiki") -> None:
    page = published.open()
    code = page.locator("figure.code")
    assert code.locator("figcaption").inner_text() == "Row template"
    shown = code.locator("pre code").inner_text().splitlines()
    assert shown[0] == "<table>"
    assert shown[2] == "  <tr><td>...</td><td>...</td><td>a < b && c > d</td><td>...</td></tr>"
    font = code.locator("code").evaluate("each => getComputedStyle(each).fontFamily")
    assert "monospace" in font
    assert page.locator("article table").count() == 2


def test_a_message_full_of_mark_up_is_shown_as_text(published: "Wiki") -> None:
    page = published.open()
    row = page.locator(LOG).locator("tr").nth(2)
    _, _, what, why = row.locator("td").all_inner_texts()
    assert what == "<script>document.title='owned'</script> \"quoted\" & ]]> 'done'"
    for text in (
        "<img src=x onerror=\"document.title='owned'\"> and",
        "[a link](javascript:document.title='owned') and javascript:alert(1)",
        "</p></td></tr></tbody></table><iframe srcdoc=",
        '<![CDATA[ <a href="javascript:alert(1)">here</a> ]]>',
    ):
        assert text in why
    assert row.locator("td").nth(1).inner_text() == "Cy &lt;b&gt; Example"
    assert row.locator("a").count() == 1
    assert row.locator("script, img, iframe").count() == 0
    assert page.title() == "Change Log - Confluence sandbox"


def test_the_place_of_a_page_is_shown(published: "Wiki") -> None:
    page = published.open()
    assert page.locator("h1").all_inner_texts() == ["Change Log"]
    crumbs = page.get_by_role("navigation", name="Breadcrumb").get_by_role("link")
    assert crumbs.all_inner_texts() == ["Pages", "Operations"]
    follow(crumbs.last)
    assert page.url.endswith(f"pageId={HOME_ID}")
    follow(page.locator(".children").get_by_role("link", name="Change Log"))
    assert page.locator("h1").inner_text() == "Change Log"
    follow(page.get_by_role("link", name="Pages", exact=True))
    assert page.locator("main li").all_inner_texts() == ["Operations\nChange Log", "Change Log"]


def test_a_part_to_expand_opens_without_a_script(wiki: "Wiki") -> None:
    page = wiki.show(macro("expand", BODY, title="More"))
    assert not page.get_by_text("inside").is_visible()
    page.get_by_text("More").click()
    assert page.get_by_text("inside").is_visible()


@pytest.mark.parametrize("kind", ["info", "note", "tip", "warning"])
def test_panels(wiki: "Wiki", kind: str) -> None:
    panel = wiki.show(macro(kind, BODY, title="Mind") + macro("panel", BODY)).get_by_role("note")
    assert panel.first.inner_text() == "Mind\n\ninside"
    colours = panel.evaluate_all("all => all.map(each => getComputedStyle(each).backgroundColor)")
    assert len(set(colours)) == 2


def test_statuses_have_their_colours(wiki: "Wiki") -> None:
    names = ("Green", "Red", "Yellow", "Purple", "Blue", "Grey")
    page = wiki.show("".join(macro("status", title=name, colour=name) for name in names))
    shown = page.locator(".status").evaluate_all(
        "all => all.map(each => [each.textContent, getComputedStyle(each).backgroundColor])"
    )
    assert [text for text, _ in shown] == list(names)
    assert len({colour for _, colour in shown}) == len(names)


def test_mentions_images_issues_and_anchors(wiki: "Wiki") -> None:
    page = wiki.show(
        '<p><ac:link><ri:user ri:username="reader" /></ac:link></p>'
        '<p><ac:image><ri:attachment ri:filename="rack.png" /></ac:image></p>'
        f"<p>{macro('jira', key='OPS-1417')}{macro('anchor', **{'': 'content'})}</p>"
        '<p><ac:link ac:anchor="content"><ac:link-body>down</ac:link-body></ac:link></p>'
    )
    assert page.locator(".mention").inner_text() == "@Rita Reader"
    assert page.get_by_role("img", name="Image: rack.png").inner_text() == "rack.png"
    issue = page.get_by_role("link", name="OPS-1417").get_attribute("href")
    assert issue == "https://jira.example.com/browse/OPS-1417"
    follow(page.get_by_role("link", name="down"))
    assert page.locator(":target").evaluate("each => each.closest('article') !== null")
