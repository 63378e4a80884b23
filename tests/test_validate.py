"""Validation: would Confluence accept a text, and if not, where and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from confluence_changelog.storage.validate import validate
from confluence_changelog.storage.xml import MAX_CHARACTERS, MAX_DEPTH, epilogue, prologue


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "<p>a</p>text<p>b</p>",
        "<p>&nbsp;&eacute;&ndash;&apos;&euro;&#160;&#x1F600;</p>",
        "<ac:link><ri:page ri:content-title='x' /></ac:link><at:var at:name='v' />",
        "<p><![CDATA[<br> & ]]></p>",
        "<!-- a comment --><br/><p>é😀</p>",
        "<div>" * (MAX_DEPTH - 1) + "</div>" * (MAX_DEPTH - 1),
    ],
)
def test_what_confluence_accepts(text: str) -> None:
    assert validate(text) is None


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("<p>a & b</p>", 1, 6, "a bare & must be written &amp;"),
        ("é😀<p>\na & b</p>", 2, 3, "a bare & must be written &amp;"),
        ("<p>AT&T</p>", 1, 6, "a bare & must be written &amp;, or an entity lacks its ;"),
        ("<p>R&D; x</p>", 1, 5, "&D; is not known to Confluence"),
        ("<p>1 < 2</p>", 1, 6, "a bare < must be written &lt;"),
        ("<p>a<br>b</p>", 1, 5, "<br> is never closed: write <br />"),
        ("<p>a</br></p>", 1, 5, "</br> closes nothing: write <br />"),
        ("<p>x\n<b>y</i></p>", 2, 5, "</i> does not close the open <b> (line 2, column 1)"),
        ("<p>", 1, 1, "<p> is never closed"),
        ("a</p>", 1, 2, "</p> closes nothing that is open"),
        ("<p class=x>a</p>", 1, 10, "the attribute class has no quotes"),
        ("<p checked>a</p>", 1, 11, "the attribute checked has no value"),
        ("<p a='1' a='2'/>", 1, 10, "an attribute stands twice in one tag"),
        ("<p>a ]]> b</p>", 1, 8, "]]> may stand only at the end of CDATA"),
        ("<x:y/>", 1, 1, "the prefix is not known"),
        ("<!DOCTYPE p><p/>", 1, 3, "a document type declaration is not allowed"),
        ("<p>\x01</p>", 1, 4, "the character U+0001 is not allowed"),
        ("<p>\ud800</p>", 1, 4, "the character U+D800 is not allowed"),
        ("<p>&#1;</p>", 1, 4, "the reference names a character that is not allowed"),
        ("<![CDATA[x", 1, 11, "<![CDATA[ is never closed by ]]>"),
        ("<!-- a -- b -->", 1, 8, "-- may not stand inside a comment"),
        ("<p", 1, 3, "the text ends inside a tag"),
        ("</storage><storage>", 1, 11, "closes nothing that is open"),
    ],
)
def test_what_confluence_refuses(text: str, line: int, column: int, reason: str) -> None:
    fault = validate(text)
    assert fault is not None
    assert reason in fault.reason
    assert (fault.line, fault.column) == (line, column)


def test_depth_and_size_are_bounded() -> None:
    deep = validate("<div>" * 10_000 + "</div>" * 10_000)
    assert deep is not None
    assert f"more than {MAX_DEPTH} deep" in deep.reason
    long = validate("x" * (MAX_CHARACTERS + 1))
    assert long is not None
    assert "characters" in long.reason


def test_entities_cannot_be_declared_or_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><p>&b;</p>'
    external = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a;</p>'
    for text in (bomb, external):
        fault = validate(text)
        assert fault is not None
        assert (fault.line, fault.column) == (1, 3)


MARKUP = (
    st.sampled_from(["<", ">", "/", "&", ";", "'", '"', "=", "!", "[", "]", "-", "?", "#"])
    | st.sampled_from(["<p>", "</p>", "<br/>", "<![CDATA[", "]]>", "<!--", "-->", "&nbsp;", "ac:"])
    | st.characters()
)


@settings(max_examples=400)
@given(st.lists(MARKUP).map("".join))
def test_the_verdict_is_that_of_lxml(text: str) -> None:
    try:
        etree.fromstring(
            f"{prologue()}{text}{epilogue()}".encode("utf-8", "surrogatepass"),
            etree.XMLParser(resolve_entities=True),
        )
    except etree.XMLSyntaxError:
        accepted = False
    else:
        accepted = True
    assert (validate(text) is None) == accepted
