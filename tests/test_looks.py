"""New rows look like the rows around them, in what belongs to the table."""

import pytest
from hypothesis import given

from confluence_changelog import ledger
from confluence_changelog.addition import Addition, name_of, plan_addition
from confluence_changelog.insert import plan
from confluence_changelog.ledger import read_ledger
from confluence_changelog.log_table import read_log
from confluence_changelog.looks import CellLook, Look, dressed, look_of
from confluence_changelog.macros import code, expand, jira
from confluence_changelog.row import lay_out
from confluence_changelog.settings import RowSettings
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.table import headings
from support.corpus import SHARED
from support.entries import HEADER, commit_id, entry, layout, nowhere, page
from support.tables import Kept, kept, kept_logs

FIELDS = ("date", "author", "subject", "body")
WRAPPED = '<div class="content-wrapper">'


def row(*cells: str, attributes: str = "") -> str:
    return f"<tr{attributes}>{''.join(cells)}</tr>"


def new_row(
    *rows: str, order: str = "newest-first", empty: str = "keep", subject: str = "New"
) -> str:
    """Return the storage text of a row that goes between these."""
    edit = plan(page(*rows), [entry(1, subject=subject, body="")], kept(order, empty), nowhere)
    return edit.rows[0].storage


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<td>x</td>", "<td><p>New</p></td>"),
        ("<td/>", "<td><p>New</p></td>"),
        ("<td><p>x</p></td>", "<td><p>New</p></td>"),
        ('<td colspan="1" rowspan="1">x</td>', "<td><p>New</p></td>"),
        ('<td class="">x</td>', "<td><p>New</p></td>"),
        ('<td class="confluenceTd wide">x</td>', '<td class="confluenceTd wide"><p>New</p></td>'),
        ("<td class='x'>x</td>", '<td class="x"><p>New</p></td>'),
        (
            '<td class="highlight-#79f2c0 wide" style="text-align: left;" '
            'data-highlight-colour="#79f2c0">x</td>',
            '<td class="wide" style="text-align: left;"><p>New</p></td>',
        ),
        (
            '<td style="background-color: rgb(1,2,3);TEXT-ALIGN:center ;color: red; width: 12.5px">x</td>',
            '<td style="TEXT-ALIGN:center; width: 12.5px;"><p>New</p></td>',
        ),
        ('<td style="background: url(x)">x</td>', "<td><p>New</p></td>"),
        (
            '<td id="a" ac:local-id="b" local-id="c" data-x="d" title="e">x</td>',
            "<td><p>New</p></td>",
        ),
        ('<td align="right" valign="top">x</td>', '<td align="right" valign="top"><p>New</p></td>'),
        (f"<td>{WRAPPED}<p>x</p></div></td>", f"<td>{WRAPPED}<p>New</p></div></td>"),
        (f"<td>\n{WRAPPED}\n<ul><li>x</li></ul></div></td>", f"<td>{WRAPPED}<p>New</p></div></td>"),
        ('<td><div class="x"><p>x</p></div></td>', "<td><p>New</p></td>"),
        (
            '<td><p style="text-align: center;" local-id="a">x</p><p>y</p></td>',
            '<td><p style="text-align: center;">New</p></td>',
        ),
        (
            f'<td>{WRAPPED}<p class="auto-cursor-target" style="text-align: right;"><br /></p>x</div></td>',
            f'<td>{WRAPPED}<p style="text-align: right;">New</p></div></td>',
        ),
        (
            '<td><p><ac:inline-comment-marker ac:ref="1">x</ac:inline-comment-marker></p></td>',
            "<td><p>New</p></td>",
        ),
        (
            """<td class='a"b &#60; &amp;lt;' align="\u202e">x</td>""",
            '<td class="a&quot;b &lt; &amp;lt;"><p>New</p></td>',
        ),
        ('<td class="##[error]">x</td>', "<td><p>New</p></td>"),
        ('<td class="numberingColumn">4</td>', '<td class="numberingColumn">New</td>'),
    ],
)
def test_what_of_a_cell_is_copied(cell: str, expected: str) -> None:
    around = [row("<td>1 May</td>", "<td>Bo</td>", cell, "<td>x</td>")]
    storage = new_row(*around)
    assert f"Ada Example</p></td>{expected}<td><p>(no reason" in storage
    assert new_row(*around, order="oldest-first") == storage


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", ""),
        (' class=""', ""),
        (' class="odd"', ' class="odd"'),
        (' ac:local-id="a" id="b" class="highlight-red" style="height: 3px"', ""),
    ],
)
def test_what_of_a_row_is_copied(attributes: str, expected: str) -> None:
    around = row("<td>x</td>", "<td/>", "<td/>", "<td/>", attributes=attributes)
    assert new_row(around).startswith(f"<tr{expected}><td><p><time")


def test_the_first_cell_of_a_table_with_a_header_column_is_a_header() -> None:
    body = page(row('<th scope="row">1 May</th>', "<td>Bo</td>", "<td>x</td>", "<td>y</td>"))
    edit = plan(body, [entry(2), entry(1)], kept(), nowhere)
    for new in edit.rows:
        assert new.storage.startswith('<tr><th scope="row"><p><time')
        assert new.storage.count("<th") == new.storage.count("</th>") == 1
    assert read_log(edit.body, kept()).ledger.ids == {commit_id(1), commit_id(2)}
    assert plan(edit.body, [entry(2), entry(1)], kept(), nowhere).spans == ()


PLAIN = row("<td>1 May</td>", "<td>Bo</td>", "<td>x</td>", "<td>y</td>")
CENTRED = PLAIN.replace("<td>", '<td align="center">')
EMPTY = row(*["<td align='left'></td>"] * 4)


@pytest.mark.parametrize(
    ("rows", "newest", "oldest"),
    [
        ([CENTRED, PLAIN], "center", ""),
        ([PLAIN, CENTRED], "", "center"),
        (["<tr><td colspan='4'>2026</td></tr>", CENTRED, "<tr><td/></tr>"], "center", "center"),
        ([PLAIN, CENTRED, row(*["<th>x</th>"] * 4)], "", "center"),
        ([EMPTY, CENTRED, EMPTY], "center", "center"),
        ([EMPTY, EMPTY], "left", "left"),
        ([EMPTY, "<tr><td colspan='4'>2026</td></tr>"], "left", "left"),
        ([CENTRED.replace("<td", "<td rowspan='1'", 1)], "center", "center"),
        ([], "", ""),
    ],
)
def test_which_row_is_looked_at(rows: list[str], newest: str, oldest: str) -> None:
    for order, align in (("newest-first", newest), ("oldest-first", oldest)):
        storage = plan(page(*rows), [entry(1)], kept(order), nowhere).rows[0].storage
        assert storage.count(f'align="{align}"') == (4 if align else 0), order


def test_each_block_looks_like_the_rows_around_it() -> None:
    body = plan(page(CENTRED), [entry(2)], kept(), nowhere).body
    plain = body.replace(' align="center"', "", 4)
    edit = plan(plain, [entry(3), entry(1)], kept(), lambda *_: {commit_id(1): 0})
    assert [row.storage.count("center") for row in edit.rows] == [0, 4]


def test_a_prepared_row_keeps_its_own_shape_and_colours() -> None:
    prepared = (
        '<tr class="odd" ac:local-id="1">'
        '<td class="highlight-#79f2c0" data-highlight-colour="#79f2c0" id="2" title="Größe" '
        'data-x="3"></td>'
        '<td style="background-color: red;"></td>'
        f'<td>{WRAPPED}<p local-id="3"><br /></p></div></td><td></td></tr>'
    )
    storage = new_row(prepared, CENTRED, empty="fill")
    assert storage.startswith(
        '<tr class="odd"><td class="highlight-#79f2c0" data-highlight-colour="#79f2c0" title="Größe"><p>'
    )
    assert '<td style="background-color: red;"><p>Ada Example</p></td>' in storage
    assert f"<td>{WRAPPED}<p>New</p></div></td><td><p>(no reason" in storage


def test_a_row_keeps_its_looks_when_its_commit_is_amended() -> None:
    body = plan(page(), [entry(2)], kept(), nowhere).body
    coloured = (
        body.replace(
            "<tr><td><p><time", '<tr class="odd"><th class="highlight-red"><p local-id="1"><time', 1
        )
        .replace("</a></p></td>", "</a></p></th>", 1)
        .replace("<td><p>Change 2", f'<td>{WRAPPED}<p style="text-align: right;">Change 2', 1)
        .replace("Change 2</p>", "Change 2</p></div>", 1)
    )
    successors = {commit_id(2): commit_id(7)}
    edit = plan(coloured, [entry(7, subject="Amended")], kept(), nowhere, successors)
    (new,) = edit.replaced
    assert new.storage.startswith('<tr class="odd"><th class="highlight-red"><p><time')
    assert f'<td>{WRAPPED}<p style="text-align: right;">Amended</p></div></td>' in new.storage
    assert edit.body.count("local-id") == 0


def test_only_paragraphs_of_the_cell_itself_are_aligned() -> None:
    look = CellLook(paragraph=' style="text-align: center;"')
    content = "<p>a</p><ul><li><p>b</p><p>c</p></li></ul><blockquote><p>d</p></blockquote><p>e</p>"
    aligned = content.replace("<p>a", '<p style="text-align: center;">a')
    aligned = aligned.replace("<p>e", '<p style="text-align: center;">e')
    assert dressed(content, look) == f"<td>{aligned}</td>"


def test_a_row_that_is_added_by_hand_looks_like_the_others() -> None:
    body = page(CENTRED.replace("<td", '<th scope="row"', 1).replace("</td>", "</th>", 1))
    headings = ("Date", "Who", "What", "Why")
    texts = ("2026-11-20", "Bo", "Moved the relay", "")
    edit = plan_addition(body, Addition(name_of("k"), headings, texts), kept())
    assert edit.rows[0].storage.startswith('<tr><th scope="row" align="center"><p><time')
    assert edit.rows[0].storage.endswith('<td align="center"><p><br /></p></td></tr>')


def test_the_digest_is_that_of_a_plain_row() -> None:
    fancy = plan(page(CENTRED), [entry(1)], kept(), nowhere).rows[0]
    plain = plan(page(), [entry(1)], kept(), nowhere).rows[0]
    assert (fancy.identity, fancy.cells) == (plain.identity, plain.cells)
    assert fancy.storage != plain.storage


@given(kept_logs())
def test_a_new_row_looks_as_it_was_laid_out(there: Kept) -> None:
    """What is copied from a row of ours is what that was copied from."""
    new = plan(there.body, [entry(1)], kept(), nowhere).rows[0].storage
    text = f"<table>{new}</table>"
    (found,) = scan(text)[0].rows
    look = look_of(text, found)
    assert look == look_of(text, found, own=True)
    assert lay_out(entry(1), FIELDS, RowSettings(), look=look).storage == new
    assert "highlight" not in new
    assert "local-id" not in new


@pytest.mark.parametrize("first", ["td", "th"])
@pytest.mark.parametrize("is_wrapped", [True, False])
def test_copied_shapes_are_read_the_short_way(first: str, is_wrapped: bool) -> None:
    shape = CellLook(first, ' class="x" style="text-align: left;"', is_wrapped, ' class="y"')
    look = Look("", (shape, *[shape._replace(name="td")] * 4))
    fields = ("number", "date", "author", "subject", "body")
    rows = [lay_out(entry(n), fields, RowSettings(), number="4", look=look).storage for n in (2, 1)]
    body = f"<table><tr><th>No</th>{HEADER[4:]}{''.join(rows)}</table>"
    log = read_log(body, layout(number=1)).table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_TRACE", ledger.re.compile("(?!)"))
        found = read_ledger(body, log, 1, "repo")
    assert [each.identity.id for each in found.rows] == [commit_id(2), commit_id(1)]


RECORDED = SHARED / "confluence" / "payloads"
NEW = "<p>New</p>"
DC, WIDE = f"<td>{NEW}</td>", f"<td>{WRAPPED}{NEW}</div></td>"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded pages are not there")
@pytest.mark.parametrize(
    ("name", "table", "order", "expected"),
    [
        ("storage-dc-relative-table.xml", 1, "newest-first", [DC, WIDE, DC, WIDE]),
        ("storage-dc-relative-table.xml", 1, "oldest-first", [DC, WIDE, DC, DC]),
        (
            "storage-dc-tables.xml",
            2,
            "newest-first",
            [f'<td style="text-align: {side};">{NEW}</td>' for side in ("left", "center", "right")],
        ),
        ("storage-cloud-new-editor-table.xml", 1, "newest-first", [DC, DC]),
        ("storage-cloud-new-editor-table.xml", 1, "oldest-first", [DC, DC]),
    ],
)
def test_rows_of_recorded_pages(name: str, table: int, order: str, expected: list[str]) -> None:
    """Alignment and wrappers are taken over; ids, highlights, mentions and comments are not."""
    text = (RECORDED / name).read_text(encoding="utf-8")
    text = text[text.index("<table") : text.rindex("</table>") + len("</table>")]
    heads = headings(text, scan(text)[table - 1])
    where = layout(dict(zip(heads, ("date", *["subject"] * 3), strict=False)), table)
    where = where._replace(table=where.table._replace(order=order))
    storage = plan(text, [entry(1, subject="New")], where, nowhere).rows[0].storage
    (row,) = scan(f"<table>{storage}</table>")[0].rows
    look = look_of(f"<table>{storage}</table>", row)
    shown = [dressed(NEW, cell) for cell in look.cells]
    assert shown == expected
    for never in ("local-id", "highlight", "inline-comment", "colspan", "userkey"):
        assert never not in storage


@pytest.mark.parametrize(
    "inside",
    ['<ac:link><ri:user ri:userkey="8a" /></ac:link>', jira("NET-1")],
)
def test_what_needs_a_paragraph_keeps_it_in_a_bare_cell(inside: str) -> None:
    assert dressed(f"<p>{inside}</p>", CellLook(is_bare=True)) == f"<td><p>{inside}</p></td>"


def test_code_and_folded_text_are_not_aligned() -> None:
    look = CellLook(paragraph=' style="text-align: right;"')
    folded = expand("More", f"<p>b</p>{code('<p>c</p><ul>')}")
    content = f"<p>a</p>{code('<p></ul>')}{folded}<p>d</p>"
    shown = dressed(content, look)
    assert shown.count('<p style="text-align: right;">') == 2
    assert shown.replace(' style="text-align: right;"', "") == f"<td>{content}</td>"
