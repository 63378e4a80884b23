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


MACRO = (
    '<ac:structured-macro ac:name="{}" ac:macro-id="1">'
    '<ac:parameter ac:name="{}">v&amp;1</ac:parameter>{}'
)
END = "</ac:structured-macro>"
RICH = "<ac:rich-text-body><p>in</p></ac:rich-text-body>"


@pytest.mark.parametrize(
    ("storage", "text"),
    [
        (f"<p>a {MACRO.format('jira', 'key', '')}{END} b</p>", "a v&1 b"),
        (f"<p>a {MACRO.format('jira', 'server', '')}{END} b</p>", "a b"),
        (f"<p>a</p>{MACRO.format('expand', 'title', RICH)}{END}", "a\n▸ v&1\nin"),
        (f"{MACRO.format('code', 'language', '')}{END}", ""),
        (f"{MACRO.format('status', 'title', '')}{END}", ""),
        ('<ac:link><ri:user ri:userkey="k1" /></ac:link>', "k1"),
        ('<ac:link><ri:user ri:local-id="2" ri:account-id="5:a" /></ac:link>', "5:a"),
        ("<ac:link><ri:user ri:username='ada'></ri:user></ac:link>", "ada"),
        ('<ac:link><ri:page ri:content-title="T" /></ac:link>', ""),
    ],
)
def test_references_count_where_they_are_asked_for(storage: str, text: str) -> None:
    assert visible_text(storage, references=True) == text
    assert visible_text(storage) == "\n".join(
        line for line in ("a b" if " b" in storage else "", "a" if "</p><ac" in storage else "",
                          "in" if "<p>in" in storage else "") if line
    )  # fmt: skip


@pytest.mark.parametrize("start", ["<p>Ada &amp; <time datetime='2026-01-01' />", "<p>x", ""])
def test_rows_without_references_read_the_same(start: str) -> None:
    storage = f"{start}<!-- c --><![CDATA[d]]><ac:parameter ac:name='title'>e</ac:parameter></p>"
    assert visible_text(storage, references=True) == visible_text(storage)
