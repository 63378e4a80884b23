"""Finding the log table among others: by heading, anchor, number, headers, and by what it looks like."""

import pytest

from confluence_changelog.errors import LogTableError
from confluence_changelog.insert import plan
from confluence_changelog.log_table import read_log
from confluence_changelog.settings import TableSettings
from confluence_changelog.storage.edit import undo
from confluence_changelog.storage.find import listing
from support.corpus import PAGES, is_well_formed
from support.entries import commit_id, entry, layout, nowhere

SERVERS = (
    "<table><tbody><tr><th>Server</th><th>Owner</th></tr>"
    "<tr><td>a</td><td>b</td></tr></tbody></table>"
)


def log(*headers: str, rows: str = "") -> str:
    names = "".join(f"<th><p><strong>{header}</strong></p></th>" for header in headers)
    return f"<table><tbody><tr>{names}</tr>{rows}</tbody></table>"


def macro(content: str, name: str = "expand") -> str:
    return (
        f'<ac:structured-macro ac:name="{name}"><ac:parameter ac:name="title">More</ac:parameter>'
        f"<ac:rich-text-body><p>x</p>{content}</ac:rich-text-body></ac:structured-macro>"
    )


def anchor(name: str) -> str:
    return (
        '<p><ac:structured-macro ac:name="anchor" ac:schema-version="1">'
        f'<ac:parameter ac:name="">{name}</ac:parameter>'
        '<ac:parameter ac:name="legacyAnchorId">LEGACY-x</ac:parameter></ac:structured-macro></p>'
    )


GERMAN = log("Datum", "Autor", "Änderung")
ENGLISH = log("Date", "By", "Description")


def chosen(body: str, **where: object) -> int:
    settings = TableSettings()._replace(**where)  # type: ignore[arg-type]
    return read_log(body, layout()._replace(table=settings)).table.table.number


@pytest.mark.parametrize(
    ("body", "where", "number"),
    [
        (SERVERS + GERMAN, {}, 2),
        (ENGLISH + log("Date", "Who", "What", "Why"), {}, 2),
        (GERMAN + macro(ENGLISH), {}, 1),
        (SERVERS + macro(macro(GERMAN, "panel")), {}, 2),
        (f"<h1>A</h1>{GERMAN}<h1>Change  LOG</h1>{ENGLISH}", {"heading": "Change Log"}, 2),
        (f"<h1>Log</h1>{SERVERS}<h2>2026</h2>{ENGLISH}<h1>B</h1>{GERMAN}", {"heading": "log"}, 2),
        (f"<h2>Log</h2>{macro(GERMAN)}<h2>B</h2>{ENGLISH}", {"heading": "Log"}, 2),
        (f"{GERMAN}{anchor('a')}{anchor('log')}<p>x</p>{ENGLISH}{GERMAN}", {"anchor": "log"}, 2),
        (GERMAN + ENGLISH.replace("By", f"By{anchor('log')}") + GERMAN, {"anchor": "log"}, 2),
        (f"{GERMAN}{anchor('log')}{macro(ENGLISH)}{GERMAN}", {"anchor": "log"}, 3),
        (GERMAN + ENGLISH, {"number": 2}, 2),
        (GERMAN + log("X", "Y", "Date"), {"columns": {"Date": "date", "X": "author"}}, 2),
        (ENGLISH + log("Date", "By"), {"columns": {"Date": "date", "By": "author"}}, 2),
    ],
)
def test_the_log_is(body: str, where: dict[str, object], number: int) -> None:
    assert chosen(body, **where) == number


@pytest.mark.parametrize(
    ("body", "where", "says"),
    [
        (SERVERS, {}, "no table with the headers of a change log, a date and an author"),
        (GERMAN + ENGLISH, {}, "2 tables with the headers of a change log"),
        (macro(GERMAN) + macro(ENGLISH), {}, "table 2 inside a macro has Date | By | Description"),
        (f"<h1>A</h1>{SERVERS}", {}, "table 1 under 'A' has Server | Owner"),
        (f"<h1>A</h1>{GERMAN}", {"heading": "B"}, "no heading 'B': table 1 under 'A'"),
        ("<h1>A</h1><h1>B</h1>" + GERMAN, {"heading": "A"}, "no table below the heading 'A'"),
        (f"<h1>A</h1>{GERMAN}{ENGLISH}", {"heading": "A"}, "2 tables under 'A' with the headers"),
        (GERMAN, {"anchor": "log"}, "no anchor 'log'"),
        (anchor("log") * 2 + GERMAN, {"anchor": "log"}, "2 anchors 'log'"),
        (GERMAN + anchor("log"), {"anchor": "log"}, "no table behind the anchor 'log'"),
        (f"<h1>A</h1>{SERVERS}", {"heading": "A"}, "no column for a date or a commit"),
        (SERVERS, {"number": 1}, "no column for a date or a commit"),
        (GERMAN, {"number": 2}, "no table 2"),
        (SERVERS * 30, {}, "and 22 more"),
    ],
)
def test_what_is_not_clear_is_refused(body: str, where: dict[str, object], says: str) -> None:
    with pytest.raises(LogTableError) as error:
        chosen(body, **where)
    assert says in str(error.value)
    assert len(str(error.value)) < 2000


def test_a_log_that_was_begun_is_kept_to() -> None:
    automatic = layout({})
    body = plan(GERMAN, [entry(1)], automatic, nowhere).body
    assert chosen(ENGLISH + body) == 2
    with pytest.raises(LogTableError, match="Table 2 of the page has rows of commits"):
        chosen(ENGLISH + body.replace("Datum", "Foo"))


def test_the_identity_stays_in_its_column_when_one_for_commits_is_added() -> None:
    automatic = layout({})
    body = plan(log("Date", "By", "What", "x"), [entry(1)], automatic, nowhere).body
    renamed = body.replace("<strong>x", "<strong>Commit")
    assert plan(renamed, [entry(1)], automatic, nowhere).rows == ()
    edit = plan(renamed, [entry(2), entry(1)], automatic, nowhere)
    assert [row.identity.id for row in edit.rows] == [commit_id(2)]
    assert read_log(edit.body, automatic).ledger.ids == {commit_id(1), commit_id(2)}


def test_running_numbers_go_on_from_the_highest() -> None:
    rows = "<tr><td>008</td><td>x</td><td>y</td></tr><tr><td><p>no. 7</p></td><td>x</td><td>y</td></tr>"
    edit = plan(log("Nr", "Date", "What", rows=rows), [entry(2), entry(1)], layout({}), nowhere)
    assert [row.cells[0] for row in edit.rows] == ["010", "009"]


@pytest.mark.parametrize("wrap", [str, macro, lambda text: macro(macro(text, "panel"), "section")])
def test_rows_go_in_wherever_the_log_is(wrap: object) -> None:
    assert callable(wrap)
    body = f"<p>&nbsp;</p>{SERVERS}{wrap(GERMAN)}{macro(SERVERS)}<p>End</p>"
    edit = plan(body, [entry(2), entry(1)], layout({}), nowhere)
    assert edit.body.replace("".join(row.storage for row in edit.rows), "") == body
    assert read_log(edit.body, layout({})).ledger.ids == {commit_id(1), commit_id(2)}


def test_many_headings_and_tables_take_linear_time() -> None:
    body = f"<h1>Log</h1>{SERVERS}<h2>Log</h2>" * 5_000 + f"<h1>End</h1>{GERMAN}"
    with pytest.raises(LogTableError, match="no table under 'Log'"):
        chosen(body, heading="Log")
    assert chosen(body) == 5_001
    assert chosen(body + anchor("x") + ENGLISH, anchor="x") == 5_002


def test_what_is_listed() -> None:
    body = f"{macro(GERMAN)}<h2>Servers &amp; <em>owners</em></h2>{SERVERS}"
    assert [tuple(table) for table in listing(body)] == [
        (1, "Servers & owners", ("Server", "Owner"), 2, False),
        (2, "", ("Datum", "Autor", "Änderung"), 1, True),
    ]


@pytest.mark.skipif(not PAGES, reason="the corpus of real pages is not there")
def test_real_pages_are_left_alone_or_get_their_rows() -> None:
    taken, refused = 0, list[str]()
    for path in filter(is_well_formed, PAGES):
        text = path.read_text(encoding="utf-8")
        try:
            edit = plan(text, [entry(2), entry(1)], layout({}), nowhere)
        except LogTableError as error:
            refused.append(str(error))
            continue
        taken += 1
        assert undo(edit.body, edit.spans) == text
    assert taken < 10  # there are few logs among them, and nothing else may be taken for one
    assert max(map(len, refused)) < 4000
