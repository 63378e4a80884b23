"""Whether a text is storage format, and what Confluence says when it is not."""

import re
from pathlib import Path

import pytest

from confluence_changelog.sandbox.storage_check import MAX_DEPTH, check

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


@pytest.mark.parametrize(
    "storage",
    [
        "",
        "text",
        "<p>a</p> b <p>c</p>",
        "&nbsp;&eacute;&hellip;&apos;&#8212;&#x1F642;",
        '<ac:link><ri:user ri:userkey="x" /></ac:link><at:var at:name="y" />',
        "<ac:plain-text-body><![CDATA[<table> & ]]]]><![CDATA[>]]></ac:plain-text-body>",
        "<!-- comment -->",
        "<p>" * (MAX_DEPTH - 1) + "</p>" * (MAX_DEPTH - 1),
    ],
)
def test_storage_that_parses(storage: str) -> None:
    assert check(storage) is None


@pytest.mark.parametrize(
    ("storage", "reason", "row", "column"),
    [
        ("<p>a<br></p>", "Unexpected close tag </p>; expected </br>.", 1, 11),
        ("<p>a</br></p>", "Unexpected close tag </br>; expected </p>.", 1, 7),
        ("a\n<b>ü</i>", "Unexpected close tag </i>; expected </b>.", 2, 7),
        ("<ac:link><b></ac:link>", "Unexpected close tag </ac:link>; expected </b>.", 1, 15),
        ("<p>", "Unexpected close tag </xml>; expected </p>.", 1, 4),
        ("</p>", "Unexpected close tag </p>; expected </xml>.", 1, 3),
        ("</xml><xml>", "Unexpected EOF in prolog", 1, 7),
        ("a & b", "Unexpected character ' ' (code 32) (expected a name start character)", 1, 4),
        (
            '<p class="x"[>',
            "Unexpected character '[' (code 91) excepted space, or '>' or \"/>\"",
            1,
            13,
        ),
        (
            "a ]]> b",
            "String ']]>' not allowed in textual content, except as the end marker of CDATA "
            "section",
            1,
            5,
        ),
        ("&nosuch;", 'Undeclared general entity "nosuch"', 1, 1),
        ("<foo:a/>", 'Undeclared namespace prefix "foo"', 1, 1),
        ('<p a="1" a="2"/>', "Duplicate attribute.", 1, 10),
        ("a\x0bb", "Illegal character ((CTRL-CHAR, code 11))", 1, 2),
        ("\ud800", "Illegal character ((CTRL-CHAR, code 55296))", 1, 1),
        ("<![CDATA[ x", "Unexpected EOF in prolog", 1, 12),
    ],
)
def test_storage_that_does_not_parse(storage: str, reason: str, row: int, column: int) -> None:
    fault = check(storage)
    assert fault is not None
    assert (fault.reason, fault.row, fault.column) == (reason, row, column)
    where = f"\n at [row,col {{unknown-source}}]: [{row},{column}]"
    assert fault.message == f"Error parsing xhtml: {reason}{where}"


@pytest.mark.parametrize(
    "storage",
    [
        "<td nowrap>x</td>",
        "<td a=b>x</td>",
        '<a href="a&b">x</a>',
        '<p title="<">x</p>',
        "<!DOCTYPE html><p>x</p>",
        '<?xml version="1.0"?><p>x</p>',
        "&#0;",
        "&",
        "<",
        "</xml><!-- x --><xml>",
        "<p>" * (MAX_DEPTH + 1) + "</p>" * (MAX_DEPTH + 1),
    ],
)
def test_other_storage_that_does_not_parse(storage: str) -> None:
    fault = check(storage)
    assert fault is not None
    assert re.match(
        r"Error parsing xhtml: .+\n at \[row,col \{unknown-source\}\]: \[", fault.message
    )


def test_real_pages_are_judged_as_they_are_known_to_be() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"the collected pages are not at {CORPUS}")
    lines = (CORPUS / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:]]
    expected = {row["file"]: row["wellformed"] == "yes" for row in rows}
    judged = {
        name: check((CORPUS / "pages" / name).read_text(encoding="utf-8")) is None
        for name in expected
    }
    assert judged == expected
