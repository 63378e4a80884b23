"""The pure parts of archives: what is copied, what is chosen, and what the proofs catch."""

from datetime import date

import pytest

from confluence_changelog.archives.carry import carried, without_ids
from confluence_changelog.archives.choose import after, choose, shown
from confluence_changelog.archives.marks import Mark, Record, archive_row, linked, new_archive_row
from confluence_changelog.errors import LogTableError, ProofError
from confluence_changelog.insert import plan
from confluence_changelog.log_table import read_log
from confluence_changelog.settings import ArchiveSettings
from confluence_changelog.storage.carried import prove_carried
from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.proof import prove
from support.archived import LAYOUT, TODAY, by_hand, ours
from support.entries import entry, layout, nowhere, page

LINK = linked(Mark("77", 3), "Old & older", "https://wiki.example.com/x?a=1&b=2")
ARCHIVES = new_archive_row(4, "Older changes:", LINK)


def cell(content: str) -> str:
    return f"<tr><td>{content}</td></tr>"


@pytest.mark.parametrize(
    ("row", "copy"),
    [
        ('<p local-id="1">x</p>', "<p>x</p>"),
        (
            '<ac:structured-macro ac:name="a" ac:macro-id="1" />',
            '<ac:structured-macro ac:name="a" />',
        ),
        ('a<ac:inline-comment-marker ac:ref="r">b</ac:inline-comment-marker>c', "abc"),
        (
            '<ri:attachment ri:filename="a" />',
            '<ri:attachment ri:filename="a"><ri:page ri:content-title="L&amp;M" /></ri:attachment>',
        ),
        (
            '<ri:attachment ri:filename="a"><ri:page ri:content-title="O" /></ri:attachment>',
            '<ri:attachment ri:filename="a"><ri:page ri:content-title="O" /></ri:attachment>',
        ),
        (
            '<ac:link ac:anchor="x"><ac:link-body>y</ac:link-body></ac:link>',
            '<ac:link ac:anchor="x"><ri:page ri:content-title="L&amp;M" />'
            "<ac:link-body>y</ac:link-body></ac:link>",
        ),
        ('<ac:link ac:anchor="there" />', '<ac:link ac:anchor="there" />'),
        (
            '<ac:link ac:anchor="x"><ri:page ri:content-title="O" /></ac:link>',
            '<ac:link ac:anchor="x"><ri:page ri:content-title="O" /></ac:link>',
        ),
        (
            '<ac:link><ri:user ri:userkey="1" /></ac:link>',
            '<ac:link><ri:user ri:userkey="1" /></ac:link>',
        ),
        (
            '<ac:plain-text-body><![CDATA[<p local-id="1">]]></ac:plain-text-body>',
            '<ac:plain-text-body><![CDATA[<p local-id="1">]]></ac:plain-text-body>',
        ),
    ],
)
def test_what_a_copy_leaves_out_and_adds(row: str, copy: str) -> None:
    made = carried(cell(row), "L&M", {"there"})
    assert made == cell(copy)
    prove_carried([cell(row)], [made], "L&M", {"there"})


@pytest.mark.parametrize("wrong", [[], [cell("b")], [cell("a"), cell("a")], [cell("<p>a</p>")]])
def test_the_proof_catches_a_wrong_copy(wrong: list[str]) -> None:
    with pytest.raises(ProofError, match="not proven to be the same"):
        prove_carried([cell("a")], wrong, "L", ())


BODY = page(ours(2), by_hand("old"), ours(1))


def test_the_proof_catches_a_row_too_many() -> None:
    rows = read_log(BODY, LAYOUT).table.table.rows
    spans = [Span(row.start, BODY[row.start : row.end], "") for row in rows[2:4]]
    new = apply(BODY, spans)
    prove(BODY, new, spans, 1, {}, {}, {2, 3})
    for removed in ({2}, {1, 2}, {1, 2, 3}, ()):
        with pytest.raises(ProofError):
            prove(BODY, new, spans, 1, {}, {}, removed)


def test_the_archive_row_is_no_row_of_a_commit_and_has_no_number() -> None:
    body = page(ours(2), by_hand("7"), ARCHIVES)
    log = read_log(body, LAYOUT)
    assert [each.row for each in log.ledger.rows] == [1]
    found = archive_row(body, log.table)
    assert found is not None
    assert (found.row, found.marks) == (3, (Mark("77", 3),))
    numbered = layout({"No": "number", "Who": "author", "What": "subject", "Date": "date"})
    headers = "<tr><th>No</th><th>Who</th><th>What</th><th>Date</th></tr>"
    text = f"<table><tbody>{headers}{ARCHIVES.replace('Old', '2031')}</tbody></table>"
    assert plan(text, [entry(1)], numbered, nowhere).rows[0].cells[0] == "1"


def test_new_rows_stand_above_the_archive_row() -> None:
    edit = plan(page(ARCHIVES), [entry(1)], LAYOUT, nowhere)
    assert edit.body.index("Change 1") < edit.body.index("Older changes:")
    older = plan(page(ours(2), ARCHIVES), [entry(1)], LAYOUT, lambda _new, _old: {entry(1).id: 0})
    assert older.body.index("Change 1") < older.body.index("Older changes:")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((ARCHIVES, ARCHIVES), "both link its archives"),
        ((ARCHIVES.replace(LINK, LINK + LINK),), "twice"),
    ],
)
def test_copies_of_the_links_are_refused(rows: tuple[str, ...], sentence: str) -> None:
    body = page(ours(1), *rows)
    with pytest.raises(LogTableError, match=sentence):
        archive_row(body, read_log(body, LAYOUT).table)


@pytest.mark.parametrize(
    ("part", "wanted", "new"),
    [
        ("", "", "1"),
        ("9", "", "10"),
        ("2025", "", "1"),
        ("", "2025", "2025"),
        ("7", "2025", "2025"),
        ("2025", "2025", "2025.2"),
        ("2025.2", "2025", "2025.3"),
        ("2025-Q1", "2025-Q2", "2025-Q2"),
    ],
)
def test_parts(part: str, wanted: str, new: str) -> None:
    assert after(part, wanted) == new
    assert shown("2025.3") == "2025 (3)"


@pytest.mark.parametrize("period", ["year", "quarter", "month"])
def test_records_are_read_back(period: str) -> None:
    from confluence_changelog.archives.marks import read_record
    from confluence_changelog.row import anchor

    for part in ("1", "2025", "2025.2", "2025-Q3", "2025-03", "2025-03.12"):
        for closed in (False, True):
            record = Record("123", part, 4, 5, "a" * 12, "b" * 12, closed)
            found = read_record(f"<p>{anchor(record.name)}</p>")
            assert found is not None
            assert found[0] == record


def chosen(body: str, **bounds: object) -> tuple[int, int] | None:
    log = read_log(body, LAYOUT)
    settings = ArchiveSettings()._replace(**bounds)
    found = choose(body, log, archive_row(body, log.table), settings, TODAY)
    return None if found is None else (found.first, found.last)


def test_what_is_chosen() -> None:
    spanned = "<tr><td rowspan='2'>x</td><td/><td/><td/></tr><tr><td/><td/><td/></tr>"
    assert chosen(BODY, rows=3) is None
    assert chosen(BODY, rows=2) == (3, 4)
    assert chosen(BODY, rows=1) == (2, 4)
    assert chosen(page(ours(1)), size=1) is None, "the first row stays"
    assert chosen(BODY, size=len(BODY) - 1) == (3, 4)
    assert chosen(page(ours(2), spanned, ours(1)), rows=2) == (4, 5), "spanned rows stay together"
    assert chosen(page(ours(2), spanned, ours(1)), rows=1) == (2, 5)
    old = date(2025, 1, 1)
    assert chosen(page(ours(3), ours(2, old), by_hand("x"), ours(1, old)), period="year") == (2, 5)
    assert chosen(page(ours(3), ours(2, old), ours(1)), period="year") is None, "order comes first"
    assert chosen(page(ours(2), ours(1), ARCHIVES, by_hand("below")), rows=2) == (2, 3)


def test_ids_in_text_stay() -> None:
    assert without_ids("<p>local-id='x'</p>") == "<p>local-id='x'</p>"
