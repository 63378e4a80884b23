"""What a reader sees of a piece of storage format."""

import pytest

from confluence_changelog.storage.visible import Link, links, visible_text


@pytest.mark.parametrize(
    ("storage", "text"),
    [
        ("<p>a <strong>b</strong>&nbsp;&amp;&#160;c</p>", "a b & c"),
        ("<p>a</p><p>b<br />c</p>", "a\nb\nc"),
        ("<ul><li><p>a</p></li><li>b</li></ul>", "a\nb"),
        ('<p><time datetime="2026-01-02" />&#160;x</p>', "2026-01-02 x"),
        ("<p><time datetime='2026-01-02'></time></p>", "2026-01-02"),
        ("a<!-- <p>no</p> -->b", "ab"),
        (
            '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sh'
            "</ac:parameter><ac:plain-text-body><![CDATA[a < &amp; b]]></ac:plain-text-body>"
            "</ac:structured-macro>",
            "a < &amp; b",
        ),
        ('<ac:parameter ac:name="x" />a', "a"),
        ('<p title="a > b">c</p>', "c"),
        ("&unknown; &#xZ; &#1114112; &#xD800;", "&unknown; &#xZ; &#1114112; &#xD800;"),
        ("&euro;&#8364;&#x20AC;&apos;", "€€€'"),
    ],
)
def test_visible_text(storage: str, text: str) -> None:
    assert visible_text(storage) == text


def test_links() -> None:
    text = "<p>x <a title=\"a>b\" href='h?a&amp;b'><code>t</code>&amp;u</a></p>"
    start = text.index("<a ")
    assert links(text) == [Link("h?a&b", "t&u", start, text.index("</p>"))]


@pytest.mark.parametrize(
    "storage",
    [
        "<!-- <a href='x'>y</a> -->",
        "<![CDATA[<a href='x'>y</a>]]>",
        "<a name='x'>y</a>",
        "<abbr href='x'>y</abbr>",
        "<a data-href='x'>y</a>",
    ],
)
def test_no_links(storage: str) -> None:
    assert links(storage) == []
