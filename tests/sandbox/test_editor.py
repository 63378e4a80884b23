"""What an editor's re-save does to storage text."""

from itertools import count

import pytest

from confluence_changelog.sandbox.editor import resave
from confluence_changelog.sandbox.storage_check import check


def resaved(storage: str) -> str:
    """The text after a re-save, without the ids that it gained."""
    text = resave(storage, new_id=lambda: "ID")
    return text.replace(' ac:local-id="ID"', "").replace(' local-id="ID"', "")


def cell(content: str) -> str:
    return f"<table><tbody><tr><td>{content}</td></tr></tbody></table>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("text", "<p>text</p>"),
        ("", "<p />"),
        ("<br />", "<p />"),
        ("<p>a</p>", "<p>a</p>"),
        (
            "a <em>b</em><ul><li>c</li></ul>d",
            "<p>a <em>b</em></p><ul><li><p>c</p></li></ul><p>d</p>",
        ),
        (
            "<ul><li>a<ul><li>b</li></ul></li></ul>",
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>",
        ),
        ('<div class="content-wrapper"><p>a</p></div>', "<p>a</p>"),
        (
            '<p><a href="x#y"><time datetime="2024-05-21" /></a></p>',
            '<p><time datetime="2024-05-21" /></p>',
        ),
        (
            '<p><time datetime="2024-05-21" /> <a href="x#y">z</a></p>',
            '<p><time datetime="2024-05-21" /><a href="x#y">z</a></p>',
        ),
        (
            '<p><a href="x#y">z</a>\n<time datetime="2024-05-21" /></p>',
            '<p><a href="x#y">z</a><time datetime="2024-05-21" /></p>',
        ),
        (
            '<p><time datetime="2024-05-21" />&#160;<a href="x#y">z</a></p>',
            '<p><time datetime="2024-05-21" />&nbsp;<a href="x#y">z</a></p>',
        ),
        ("<p>caf&eacute; &lt;&nbsp;&amp;</p>", "<p>café &lt;&nbsp;&amp;</p>"),
    ],
)
def test_a_cell(before: str, after: str) -> None:
    assert resaved(cell(before)) == cell(after)


def test_an_anchor_gains_its_legacy_name() -> None:
    anchor = (
        '<p><ac:structured-macro ac:name="anchor">'
        '<ac:parameter ac:name="">cl1-x</ac:parameter>{}</ac:structured-macro></p>'
    )
    legacy = '<ac:parameter ac:name="legacyAnchorId">LEGACY-cl1-x</ac:parameter>'
    assert resaved(anchor.format("")) == anchor.format(legacy)
    assert resaved(anchor.format(legacy)) == anchor.format(legacy)


def test_each_block_gains_an_id_of_its_own() -> None:
    numbers = count()
    text = resave("<h1>a</h1>" + cell("b"), new_id=lambda: f"00000000-{next(numbers):012}")
    ids = [part.partition('"')[0] for part in text.split('local-id="')[1:]]
    assert len(ids) == len(set(ids)) == 5
    assert text.startswith('<h1 local-id="')
    assert '<table ac:local-id="00000000-' in text
    assert "<tbody><tr ac:local-id=" in text
    assert "<td ac:local-id=" in text
    assert "<p local-id=" in text


def test_preformatted_text_becomes_a_code_macro() -> None:
    text = resaved("<pre>a &lt; b</pre>")
    assert text.startswith('<ac:structured-macro ac:name="code" ac:schema-version="1" ac:macro-id=')
    assert "<ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body>" in text


def test_a_second_resave_changes_nothing_and_cdata_stays() -> None:
    storage = cell("a") + "<ac:plain-text-body><![CDATA[é <b> &nbsp;]]></ac:plain-text-body>"
    once = resave(storage)
    assert check(once) is None
    assert resave(once) == once
    assert "<![CDATA[é <b> &nbsp;]]>" in once
