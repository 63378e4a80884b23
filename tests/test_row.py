"""Rows: every field becomes text, and the row carries its identity."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from confluence_changelog.identity import digest, marks
from confluence_changelog.row import lay_out
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage.validate import validate
from confluence_changelog.storage.visible import visible_text
from confluence_changelog.storage.xml import epilogue, prologue
from confluence_changelog.text import clean
from support.entries import entry

FIELDS = ("date", "author", "subject", "body")
STYLE = RowSettings()


def cell_contents(storage: str) -> list[str]:
    return re.findall(r"<td>(.*?)</td>", storage, re.DOTALL)


def test_a_row() -> None:
    row = lay_out(entry(1), FIELDS, STYLE)
    full = "0000001" + "c" * 33
    assert row.storage == (
        '<tr><td><p><time datetime="2026-03-04" />&#160;<a href="https://git.example.com/net/config/'
        f'commit/{full}#cl1-repo-{row.identity.digest}">0000001</a></p></td><td><p>Ada Example</p></td>'
        "<td><p>Change 1</p></td><td><p>Because it was needed.</p></td></tr>"
    )
    assert row.cells == ("2026-03-04 0000001", "Ada Example", "Change 1", "Because it was needed.")


def test_without_an_address_the_identity_is_an_anchor() -> None:
    row = lay_out(entry(1, url=""), FIELDS, STYLE)
    first = cell_contents(row.storage)[0]
    assert "<a " not in row.storage
    assert first.startswith('<p><time datetime="2026-03-04" />&#160;<ac:structured-macro')
    assert first.endswith("</ac:structured-macro></p>")
    assert [mark.identity for mark in marks(first)] == [row.identity]


def test_a_commit_column_carries_the_identity() -> None:
    row = lay_out(entry(1), ("date", "commit", None), STYLE)
    contents = cell_contents(row.storage)
    assert marks(contents[0]) == []
    assert [mark.identity for mark in marks(contents[1])] == [row.identity]
    assert contents[2] == "<p><br /></p>"


def test_what_is_missing_is_said() -> None:
    row = lay_out(
        entry(subject="", body=" \n"),
        FIELDS,
        RowSettings(missing_subject="(none)", missing_reason="R&D?"),
    )
    assert row.cells[2:] == ("(none)", "R&D?")


def test_a_long_body_is_cut_with_a_link_to_the_commit() -> None:
    body = "word " * 1000
    row = lay_out(entry(body=body), FIELDS, RowSettings(body_limit=100))
    cell = cell_contents(row.storage)[3]
    assert 60 < len(visible_text(cell)) < 140
    assert cell.endswith(f'<p>… <a href="{entry().url}">continues in the commit</a></p>')
    assert marks(cell) == []
    without = lay_out(entry(body=body, url=""), FIELDS, RowSettings(body_limit=100))
    assert without.cells[3].endswith("… continues in the commit")


def test_the_digest_is_of_the_row_without_its_identity() -> None:
    """A rebased commit keeps its digest: it is not computed from the id."""
    first, second = (lay_out(entry(number, subject="Same"), FIELDS, STYLE) for number in (1, 2))
    assert first.identity.digest == second.identity.digest
    assert first.identity.id != second.identity.id
    unmarked = "".join(
        content[: mark.start] + content[mark.end :]
        if (mark := next(iter(marks(content)), None))
        else content
        for content in cell_contents(first.storage)
    )
    assert digest(unmarked) == first.identity.digest


def test_characters_beyond_the_bmp_can_be_replaced() -> None:
    row = lay_out(entry(subject="a \U0001f680 b"), FIELDS, RowSettings(wide_characters="replace"))
    assert row.cells[2] == "a \ufffd b"
    assert lay_out(entry(subject="a \U0001f680 b"), FIELDS, STYLE).cells[2] == "a \U0001f680 b"


def test_what_ci_takes_for_a_command_is_broken_in_code_as_well() -> None:
    row = lay_out(entry(body="##[a]\n\n```\n###vso[x]]]>##\n```\n"), FIELDS, STYLE)
    assert "##" not in row.storage
    assert validate(row.storage) is None
    assert row.cells[3] == "##[a]\n###vso[x]]]>##"


def test_code_can_be_text() -> None:
    row = lay_out(entry(body="```sh\na\n```"), FIELDS, RowSettings(code="text"))
    assert cell_contents(row.storage)[3] == "<p><code>a</code></p>"
    assert (
        row.identity.digest == lay_out(entry(body="```sh\na\n```"), FIELDS, STYLE).identity.digest
    )


def test_the_mark_stands_in_a_paragraph_whatever_the_cell_ends_with() -> None:
    for body in ("- a", "> a", "```\na\n```", "a"):
        row = lay_out(entry(body=body), ("{date}{body}",), STYLE)
        assert validate(row.storage) is None
        assert row.storage.endswith("</a></p></td></tr>")


def test_a_revert_named_in_code_is_no_link() -> None:
    body = f"```\nThis reverts commit {'c' * 40}.\n```"
    row = lay_out(entry(body=body), FIELDS, STYLE, lambda _: '<a href="x">{}</a>')
    assert f"<![CDATA[This reverts commit {'c' * 40}.]]>" in row.storage


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "]]>",
        "&nbsp;&lt;",
        '"><ac:structured-macro ac:name="html"/>',
        "</td></tr></table>",
        "<!--",
        "{code}[link|http://x]",
    ],
)
def test_mark_up_in_a_commit_stays_text(hostile: str) -> None:
    row = lay_out(entry(author=hostile, subject=hostile, body=hostile), FIELDS, STYLE)
    assert row.cells[1:] == (hostile, hostile, hostile)
    assert validate(row.storage) is None


def _parsed(storage: str) -> list[str]:
    root = etree.fromstring(f"{prologue()}{storage}{epilogue()}".encode())
    return ["".join("".join(cell.itertext()).split()) for cell in root[0]]


@given(st.text(), st.text())
def test_any_unicode_reads_back(author: str, subject: str) -> None:
    row = lay_out(entry(author=author, subject=subject, date=date(1, 1, 1)), FIELDS, STYLE)
    cells = _parsed(row.storage)
    assert cells[1] == "".join(clean(author).split())
    expected = "".join(clean(subject).split())
    assert cells[2].replace("`", "") == (
        expected or STYLE.missing_subject.replace(" ", "")
    ).replace("`", "")
