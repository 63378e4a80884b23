"""What a save does to storage text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.sandbox.save import (
    name_entities,
    save,
    strip_attributes,
    strip_link_fragments,
)
from confluence_changelog.sandbox.storage_check import check
from confluence_changelog.sandbox.tokens import decode, escape
from confluence_changelog.sandbox.tree import parse

MACRO = '<ac:structured-macro ac:name="code"'
STAMPED = f'{MACRO} ac:schema-version="1" ac:macro-id="ID"'


def stored(storage: str) -> str:
    return save(storage, user_keys={"ada": "8a24"}, new_id=lambda: "ID")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("text", "text"),
        ("a<!-- comment -->b", "ab"),
        ("a<!-- <p>not</p> -->b", "ab"),
        ("<p>a</p><?php x ?>", "<p>a</p>"),
        ("<br/><hr/>", "<br /><hr />"),
        ("<p></p>", "<p />"),
        ("<p><!-- x --></p>", "<p />"),
        ("<td> </td>", "<td> </td>"),
        ("<b>a</b><i>c</i>", "<strong>a</strong><em>c</em>"),
        ("<p>a <mark>b</mark> c</p>", "<p>a b c</p>"),
        ("<p class='a'>b</p>", '<p class="a">b</p>'),
        ("""<p title='say "a"'>b</p>""", '<p title="say &quot;a&quot;">b</p>'),
        ('<p\n  class = "a"\n>b</p >', '<p class="a">b</p>'),
        ('<p title="a\nb">c</p>', '<p title="a b">c</p>'),
        ('<p title="a > b">c</p>', '<p title="a > b">c</p>'),
        ('<td style="text-align:start">a</td>', '<td style="">a</td>'),
        (
            '<td style="text-align: start; color: red;">a</td>',
            '<td style="color: red;">a</td>',
        ),
        ("say \"a\" > 'b'", "say &quot;a&quot; &gt; 'b'"),
        ("a&nbsp;&eacute;&amp;&lt;b", "a&nbsp;&eacute;&amp;&lt;b"),
        ("a&#160;b&#x2014;c&#38;", "a&nbsp;b\N{EM DASH}c&amp;"),
        ("a\N{NO-BREAK SPACE}b", "a&nbsp;b"),
        ("a\r\nb\rc", "a\nb\nc"),
        (f"{MACRO} />", f"{STAMPED} />"),
        (
            f'{MACRO} ac:schema-version="2" ac:macro-id="x" data-layout="wide" />',
            f'{MACRO} ac:schema-version="2" data-layout="wide" ac:macro-id="x" />',
        ),
        (
            f'{MACRO}><ac:plain-text-body><![CDATA[a <!-- b --> & <br/> "]]></ac:plain-text-body>'
            "</ac:structured-macro>",
            f'{STAMPED}><ac:plain-text-body><![CDATA[a <!-- b --> & <br/> "]]></ac:plain-text-body>'
            "</ac:structured-macro>",
        ),
        (
            "<ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b]]></ac:plain-text-body>",
            "<ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b]]></ac:plain-text-body>",
        ),
        (
            "<ac:plain-text-body>a &amp; b</ac:plain-text-body>",
            "<ac:plain-text-body><![CDATA[a & b]]></ac:plain-text-body>",
        ),
        ("<p><![CDATA[a < b]]></p>", "<p>a &lt; b</p>"),
        (
            '<ac:link><ri:user ri:username="ada" /></ac:link>',
            '<ac:link><ri:user ri:userkey="8a24" /></ac:link>',
        ),
        (
            '<ac:link><ri:user ri:username="ben" /></ac:link>',
            '<ac:link><ri:user ri:username="ben" /></ac:link>',
        ),
    ],
)
def test_save(before: str, after: str) -> None:
    assert check(before) is None
    assert stored(before) == after


def test_macros_get_ids_of_their_own() -> None:
    macros = parse(save(f"{MACRO} />{MACRO} />")).elements()
    assert len({macro.get("ac:macro-id") for macro in macros}) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="#a">b</a>', '<a href="">b</a>'),
        ('<a href="/x?y=1&amp;z=2#a">#b</a>', '<a href="/x?y=1&amp;z=2">#b</a>'),
        ('<ac:link ac:anchor="a" />', '<ac:link ac:anchor="a" />'),
    ],
)
def test_strip_link_fragments(before: str, after: str) -> None:
    assert strip_link_fragments(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<p id="a" lang="en" data-x="1">b</p>', "<p>b</p>"),
        ('<td class="a" colspan="2" data-highlight-colour="#fff" />',) * 2,
        ('<ri:user ri:userkey="a" />',) * 2,
        ('<td ac:local-id="a"><p local-id="b">c</p></td>',) * 2,
    ],
)
def test_strip_attributes(before: str, after: str) -> None:
    assert strip_attributes(before) == after


def test_named_entities_leave_tags_and_cdata_alone() -> None:
    before = '<p title="é">é ə &lt;</p><ac:plain-text-body><![CDATA[é]]></ac:plain-text-body>'
    assert name_entities(before) == before.replace(">é ə", ">&eacute; ə")


XML_TEXT = st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc"),
        blacklist_characters="\ufffe\uffff\r",
        whitelist_characters="\n",
    )
)
INLINE = st.recursive(
    XML_TEXT.map(escape) | st.sampled_from(["<br/>", "&nbsp;", "&#8212;", "<!-- x -->"]),
    lambda inner: st.tuples(st.sampled_from(["p", "b", "td", "ac:link-body"]), st.lists(inner)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"
    ),
)


@given(XML_TEXT)
def test_escaped_text_is_read_as_it_was(text: str) -> None:
    assert check(escape(text)) is None
    assert decode(escape(text)) == text


@given(INLINE)
def test_a_save_keeps_the_text_and_a_second_one_changes_nothing(storage: str) -> None:
    assert check(storage) is None
    once = stored(storage)
    assert check(once) is None
    assert parse(once).text() == parse(storage).text()
    assert stored(once) == once
