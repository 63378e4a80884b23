"""The difference of two versions, the history, and the mails, in a browser."""

from typing import TYPE_CHECKING

from browser.following import follow
from confluence_changelog.sandbox import LOG_ID

if TYPE_CHECKING:
    from browser.conftest import Wiki

MARKED = ".difference :is(ins, del, .diff-added, .diff-removed)"


def test_a_new_row_is_all_that_is_marked(published: "Wiki") -> None:
    page = published.changes(5)
    row = page.locator(".difference tr.diff-added")
    assert row.count() == 1
    assert "Remove the old resolver" in row.inner_text()
    assert row.evaluate("each => each.previousElementSibling.innerText").startswith("Date")
    outside = page.locator(MARKED).evaluate_all(
        "all => all.filter(each => !each.closest('tr.diff-added')).length"
    )
    assert outside == 0
    colours = page.locator(".difference tr td:first-child").evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundColor)"
    )
    assert colours.count("rgb(227, 252, 239)") == 1


def test_an_edit_by_hand_shows_its_words(published: "Wiki") -> None:
    page = published.changes(3)
    assert page.locator(MARKED).all_inner_texts() == [", from April on Dora"]
    page = published.changes(4)
    assert page.locator(MARKED).all_inner_texts() == ["the", "our"]
    lines = page.locator(MARKED).evaluate_all(
        "all => all.map(each => getComputedStyle(each).textDecorationLine)"
    )
    assert lines == ["line-through", "none"]


def test_differences_lead_to_their_neighbours(published: "Wiki") -> None:
    page = published.changes(3, 4)
    follow(page.get_by_role("link", name="Next change"))
    assert page.locator(".compared tr").last.inner_text().startswith("New\tv. 5 (current)")
    assert page.get_by_role("link", name="Next change").count() == 0
    for _ in range(3):
        follow(page.get_by_role("link", name="Previous change"))
    assert page.locator(".compared tr").first.inner_text().startswith("Old\tv. 1")
    assert page.get_by_role("link", name="Previous change").count() == 0


def test_the_history_lists_versions_and_compares_chosen_ones(published: "Wiki") -> None:
    page = published.open(f"/pages/viewpreviousversions.action?pageId={LOG_ID}")
    rows = [row.split("\t") for row in page.locator("tbody tr").all_inner_texts()]
    assert [row[1] for row in rows] == ["CURRENT (v. 5)", "v. 4", "v. 3", "v. 2", "v. 1"]
    assert [row[3] for row in rows[:2]] == ["Admin", "Eddi Editor"]
    assert rows[2][4] == "Dora takes the network over"
    assert [row[5] for row in rows] == ["told", "not told (minor edit)", "told", "told", "new page"]
    page.get_by_label("Version 5").uncheck()
    page.get_by_label("Version 4").uncheck()
    page.get_by_label("Version 1").check()
    page.get_by_label("Version 2").check()
    follow(page.get_by_role("button"))
    assert page.locator("tr.diff-added").count() == 7
    assert "<script>" in page.locator("tr.diff-added").first.inner_text()


def test_the_mails_show_who_changed_what(published: "Wiki") -> None:
    page = published.open("/sandbox/mails")
    mails = page.locator("details.mail")
    assert mails.count() == 3
    newest = mails.first
    assert newest.locator(".subject").inner_text() == "[Confluence] Operations > Change Log"
    assert newest.locator("summary").inner_text().endswith("to Eddi Editor, Rita Reader")
    assert newest.locator("tr.diff-added").count() == 1
    assert newest.locator(".difference table").count() == 1
    assert newest.locator(".difference tr").count() == 3
    assert not mails.nth(1).locator(".difference").is_visible()
    mails.nth(1).locator("summary").click()
    assert mails.nth(1).locator(".comment").inner_text() == "Dora takes the network over"
    assert mails.nth(1).locator("ins").inner_text() == ", from April on Dora"
    follow(mails.nth(1).get_by_role("link", name="View changes"))
    assert page.locator(".compared tr").last.inner_text().startswith("New\tv. 3")
