"""The mails that watchers would have got, and where they can be read."""

import pytest
import requests

from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox


@pytest.fixture
def address(sandbox: Sandbox) -> str:
    return f"{sandbox.url}/sandbox/mails"


def test_a_new_sandbox_has_sent_none(sandbox: Sandbox, address: str) -> None:
    sandbox.create_page("New")
    assert sandbox.mails() == []
    assert "No mail so far." in requests.get(address, timeout=5).text


def test_every_reader_but_the_author_gets_one_mail_a_version(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, append="<p>first</p>", message="one", user="editor")
    sandbox.edit(LOG_ID, append="<p>second</p>", message="two", user="admin")
    mails = [(mail.version, mail.to, mail.by, mail.message) for mail in sandbox.mails()]
    assert mails == [
        (3, "editor", "admin", "two"),
        (3, "reader", "admin", "two"),
        (2, "admin", "editor", "one"),
        (2, "reader", "editor", "one"),
    ]
    assert {mail.subject for mail in sandbox.mails()} == {"[Confluence] Operations > Change Log"}
    assert {mail.page for mail in sandbox.mails()} == {LOG_ID}


def test_a_minor_edit_is_told_to_nobody(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, append="<p>quiet</p>", minor=True)
    assert sandbox.mails() == []


def test_a_change_after_a_minor_edit_is_compared_with_that(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, append="<p>quiet</p>", minor=True)
    sandbox.edit(LOG_ID, append="<p>loud</p>")
    (html,) = {mail.html for mail in sandbox.mails()}
    assert html.count("<ins") == 1
    assert '<ins class="diff-added diff-block"><p>loud</p></ins>' in html
    assert "quiet" not in html


def test_a_mail_shows_what_changed_and_no_more(sandbox: Sandbox) -> None:
    row = "<tr><td>today</td><td>Ada</td><td>new</td><td>why</td></tr>"
    header = '<th colspan="1">Why</th></tr>'
    sandbox.edit(LOG_ID, find=header, replace=header + row)
    html = sandbox.mails()[0].html
    assert html.count('<tr class="diff-added">') == 1
    assert html.count("<tr") == 3
    assert "<h2>Log</h2>" in html
    assert "Chloe" not in html


def test_whoever_may_not_read_a_page_gets_no_mail(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, append="<p>a</p>")
    sandbox.restrict(HOME_ID, "read", "admin", "editor")
    assert [mail.to for mail in sandbox.mails()] == ["admin"]


def test_a_change_that_no_reader_sees_is_told_all_the_same(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, find=' class="wrapped"', replace="")
    assert {mail.html for mail in sandbox.mails()} == {
        '<p class="nothing">Nothing that a reader sees has changed.</p>'
    }


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("", "*/*", "text/html"),
        ("", "text/html,application/json;q=0.9", "text/html"),
        ("", "application/json", "application/json"),
        ("?format=json", "text/html", "application/json"),
        ("?format=html", "application/json", "text/html"),
    ],
)
def test_people_and_programs_get_them(
    sandbox: Sandbox, address: str, query: str, accept: str, kind: str
) -> None:
    sandbox.edit(LOG_ID, append="<p>a</p>", message="<b>bold</b>")
    answer = requests.get(address + query, headers={"Accept": accept}, timeout=5)
    assert answer.headers["Content-Type"].startswith(kind)
    if kind == "text/html":
        assert "&lt;b&gt;bold&lt;/b&gt;" in answer.text
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    else:
        assert [mail["to"] for mail in answer.json()] == ["admin", "reader"]
        assert answer.json()[0]["message"] == "<b>bold</b>"


def test_they_are_for_this_machine_only(address: str) -> None:
    answer = requests.get(address, headers={"Host": "wiki.example.com"}, timeout=5)
    assert answer.status_code == 403


def test_reading_them_is_no_request_to_confluence(sandbox: Sandbox, address: str) -> None:
    sandbox.clear_requests()
    requests.get(address, timeout=5)
    assert sandbox.requests() == []


def test_only_the_newest_are_shown_at_once(sandbox: Sandbox, address: str) -> None:
    for number in range(52):
        sandbox.edit(LOG_ID, storage=f"<p>{number}</p>")
    html = requests.get(address, timeout=5).text
    assert "The newest 50 of 52." in html
    assert html.count("<details") == 50


def test_their_links_work_under_a_context_path() -> None:
    with Sandbox(context="/confluence") as sandbox:
        sandbox.edit(LOG_ID, append="<p>a</p>")
        html = requests.get(sandbox.url.replace("/confluence", "/sandbox/mails"), timeout=5).text
        assert f'href="/confluence/pages/viewpage.action?pageId={LOG_ID}"' in html
