"""Configured patterns: what becomes a link or an issue, and what stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from confluence_changelog.identity import digest, marks
from confluence_changelog.links import is_address, linked
from confluence_changelog.markdown import Style, blocks, words
from confluence_changelog.message import Trailer
from confluence_changelog.row import lay_out
from confluence_changelog.settings import LinkPattern, RowSettings
from confluence_changelog.storage.visible import visible_text
from confluence_changelog.storage.xml import epilogue, prologue
from support.entries import commit_id, entry

ISSUE = LinkPattern(r"#(\d+)", "https://git.example.com/issues/{1}")
COMMIT = LinkPattern(r"\b[0-9a-f]{7,40}\b", "https://git.example.com/commit/{0}")
TICKET = LinkPattern(r"\bNET-\d+\b", macro="jira", server="R&D")
PATTERNS = (ISSUE, COMMIT, TICKET)


def a(address: str, text: str) -> str:
    return f'<a href="{address}">{text}</a>'


def issue(key: str, server: str = "") -> str:
    named = f'<ac:parameter ac:name="server">{server}</ac:parameter>' if server else ""
    return (
        f'<ac:structured-macro ac:name="jira" ac:schema-version="1">{named}'
        f'<ac:parameter ac:name="key">{key}</ac:parameter></ac:structured-macro>'
    )


@pytest.mark.parametrize(
    ("text", "storage"),
    [
        ("Fix #12, #x", f"Fix {a('https://git.example.com/issues/12', '#12')}, #x"),
        ("as in 1234abc.", f"as in {a('https://git.example.com/commit/1234abc', '1234abc')}."),
        ("NET-7 & XNET-7", f"{issue('NET-7', 'R&amp;D')} &amp; XNET-7"),
        ("a\nb", "a<br />b"),
        ("https://a.example/#12", a("https://a.example/#12", "https://a.example/#12")),
        (f"This reverts commit {commit_id(1)}.", f"This reverts commit {commit_id(1)}."),
    ],
)
def test_what_patterns_find_becomes_a_link(text: str, storage: str) -> None:
    assert linked(text, PATTERNS) == storage


def test_code_and_named_links_hold_no_others() -> None:
    style = Style(patterns=PATTERNS)
    assert words("`#1` [see #2](https://a.example)", style) == (
        f"<code>#1</code> {a('https://a.example', 'see #2')}"
    )
    assert "<a " not in blocks("```\n#1 https://a.example\n```", style)


@pytest.mark.parametrize(
    ("pattern", "url", "text", "address"),
    [
        (r"PR (\S+)", "https://a.example/{1}", 'PR a"b<c', "https://a.example/a%22b%3Cc"),
        (r"(\w+/\w+)!(\d+)", "https://a.example/{1}/-/{2}", "net/dns!4", "https://a.example/net/dns/-/4"),
        (r"x(y)?", "https://a.example/?q={1}&b={0}", "x", "https://a.example/?q=&amp;b=x"),
        (r"@ü", "https://a.example/{0}", "@ü", "https://a.example/%40%C3%BC"),
    ],
)  # fmt: skip
def test_what_was_found_is_encoded(pattern: str, url: str, text: str, address: str) -> None:
    assert f'href="{address}"' in linked(text, [LinkPattern(pattern, url)])


def test_the_first_pattern_wins_and_nothing_overlaps() -> None:
    both = [LinkPattern("b+", "https://a.example/{0}"), LinkPattern("ab", "https://b.example/{0}")]
    assert (
        linked("abb ab", both)
        == f"a{a('https://a.example/bb', 'bb')} a{a('https://a.example/b', 'b')}"
    )


def test_what_is_no_key_stays_text() -> None:
    assert linked("net-7 NET-x", [LinkPattern(r"\w+-\w+", macro="jira")]) == "net-7 NET-x"
    assert linked("abc", [LinkPattern("x*", "https://a.example/{0}")]) == "abc"


@given(st.text("#1aN-ET7 /:htps.<&\n)(", max_size=80))
def test_every_text_keeps_its_characters(text: str) -> None:
    storage = f"<p>{linked(text, PATTERNS)}</p>"
    root = etree.fromstring(f"{prologue()}{storage}{epilogue()}".encode())
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        *("storage", "p", "a", "br", "structured-macro", "parameter"),
    }
    shown = visible_text(storage, references=True)
    assert "".join(shown.split()) == "".join(text.split())


def test_subjects_tickets_and_trailers_have_links() -> None:
    row = lay_out(
        entry(1, subject="Fix #1", tickets=("NET-7", "X-1"), trailers=(Trailer("Refs", "#2"),)),
        ("date", "subject", "ticket", "trailer:Refs"),
        RowSettings(links=PATTERNS),
    )
    assert row.cells[1:] == ("Fix #1", "NET-7, X-1", "#2")
    assert row.storage.count("https://git.example.com/issues/") == 2
    assert issue("NET-7", "R&amp;D") in row.storage


HOSTILE = (
    f"See {commit_id(1)} and [{commit_id(1)[:7]}](https://a.example/{commit_id(1)}#cl1-repo-0123456789ab).\n\n"
    f"<https://a.example/{commit_id(1)}> #1\n\nThis reverts commit {commit_id(1)}."
)


@pytest.mark.parametrize(
    "shown",
    [
        "{date} {subject} {message}",
        "{author-date}{body}",
        "{body}{merge-date:%Y}",
        "{date}: {ticket}",
    ],
)
def test_in_a_cell_that_can_carry_an_identity_nothing_is_a_link(shown: str) -> None:
    """A link whose text begins the id in its address would be one."""
    made = entry(
        2, subject=f"See {commit_id(1)}", body=HOSTILE, message=HOSTILE, tickets=(commit_id(1),)
    )
    row = lay_out(
        made, (shown, "body"), RowSettings(links=PATTERNS), lambda _: "<a href='x'>{}</a>"
    )
    first = row.storage.partition("</td>")[0]
    assert [mark.identity for mark in marks(first)] == [row.identity]
    assert first.count("<a ") == 1
    assert row.storage.count("<a ") > 3
    etree.fromstring(f"{prologue()}{row.storage}{epilogue()}".encode())


def test_the_digest_of_a_text_does_not_depend_on_its_links() -> None:
    text = "Fix #12 of 1234abc in NET-7, see https://a.example/x."
    assert digest(blocks(text, Style(patterns=PATTERNS))) == digest(
        blocks(text, Style(linked=False))
    )


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "https:///x",
        "ftp://a",
        "//a",
        "https://a@b",
        "https://[x",
        f"https://a/{'x' * 2000}",
    ],
)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_address(text)
