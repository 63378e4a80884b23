"""The scanner: which tables, rows and cells a body has, and where."""

import pytest

from confluence_changelog.errors import MalformedStorageError
from confluence_changelog.storage.scan import cells, scan
from confluence_changelog.storage.xml import MAX_DEPTH

TABLE = "<table><tbody><tr><td>a</td></tr></tbody></table>"
HIDDEN = (
    f"<ac:placeholder><ac:structured-macro>{TABLE}</ac:structured-macro></ac:placeholder>",
    '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
    f"<![CDATA[{TABLE}]]></ac:plain-text-body></ac:structured-macro>",
    f"<!-- {TABLE} -->",
    f"<?instruction {TABLE}?>",
    f"<ac:task-list><ac:task><ac:task-body>{TABLE}</ac:task-body></ac:task></ac:task-list>",
    "<p>&lt;table&gt;&lt;/table&gt; <tablet>no</tablet> <ac:link/></p>",
)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_a_top_level_table(hidden: str) -> None:
    text = f"<p>x</p>{hidden}{TABLE}"
    (table,) = scan(text)
    assert text[table.start : table.end] == TABLE
    assert table.number == 1


def test_tables_in_layouts_count_in_document_order() -> None:
    text = (
        "<ac:layout><ac:layout-section ac:type='single'><ac:layout-cell>"
        f"{TABLE}</ac:layout-cell></ac:layout-section></ac:layout><div>{TABLE}</div>"
    )
    assert [table.number for table in scan(text)] == [1, 2]


def expand(content: str) -> str:
    return (
        f'<ac:structured-macro ac:name="expand"><ac:rich-text-body>{content}</ac:rich-text-body>'
        "</ac:structured-macro>"
    )


def test_tables_inside_macros_count_after_all_others() -> None:
    inner = TABLE.replace(">a<", ">inner<")
    layout = f"<ac:layout><ac:layout-cell>{inner}</ac:layout-cell></ac:layout>"
    text = f"<p>x</p>{expand(f'<p>y</p>{inner}{expand(layout)}')}{TABLE}{expand(inner)}"
    tables = scan(text)
    assert [(table.number, table.inside) for table in tables] == [
        (1, False),
        (2, True),
        (3, True),
        (4, True),
    ]
    assert [text[table.start : table.end] for table in tables] == [TABLE, inner, inner, inner]
    assert [text[row.start : row.end] for row in tables[2].rows] == ["<tr><td>inner</td></tr>"]


def test_a_macro_in_a_cell_holds_no_table_of_its_own() -> None:
    text = f"<table><tr><td>{expand(TABLE)}</td></tr></table>"
    (table,) = scan(text)
    assert len(table.rows) == 1


def test_nested_tables_belong_to_their_cell() -> None:
    text = f"<table><tr><td>{TABLE}</td><td>b</td></tr><tr><td/></tr></table>"
    (table,) = scan(text)
    assert [text[row.start : row.end] for row in table.rows] == [
        f"<tr><td>{TABLE}</td><td>b</td></tr>",
        "<tr><td/></tr>",
    ]
    first = cells(text, table.rows[0])
    assert [text[cell.start : cell.end] for cell in first] == [TABLE, "b"]


def test_rows_know_their_section() -> None:
    text = (
        "<table><colgroup><col /></colgroup><thead><tr><th>h</th></tr></thead>\n"
        "<tbody class='x'>\n<tr><td>a</td></tr>\n</tbody><tfoot><tr><td>f</td></tr></tfoot></table>"
        "<table><tr><td>b</td></tr></table>"
    )
    first, second = scan(text)
    assert [row.section for row in first.rows] == ["thead", "tbody", "tfoot"]
    assert [section.name for section in first.sections] == ["thead", "tbody", "tfoot"]
    assert text[first.sections[1].start :].startswith("\n<tr><td>a")
    assert [row.section for row in second.rows] == [""]


@pytest.mark.parametrize(
    ("attributes", "spans"),
    [
        ("", (1, 1)),
        (' colspan="2"', (2, 1)),
        (" class='a>b' rowspan = '3' colspan=\"4\"", (4, 3)),
        (' colspan="0" rowspan="0"', (1, 0)),
        (' colspan="x" rowspan=""', (1, 1)),
        (' rowspan="99999999999999999999"', (1, 65534)),
        (' data-colspan="7"', (1, 1)),
    ],
)
def test_spans(attributes: str, spans: tuple[int, int]) -> None:
    text = f"<table><tr><td{attributes}>a</td></tr></table>"
    (cell,) = cells(text, scan(text)[0].rows[0])
    assert (cell.colspan, cell.rowspan) == spans
    assert text[cell.start : cell.end] == "a"


def test_a_greater_than_sign_in_an_attribute_ends_no_tag() -> None:
    text = '<table title="a > b / c"><tr class="x>"><td title=">">a</td></tr></table>'
    (table,) = scan(text)
    (cell,) = cells(text, table.rows[0])
    assert text[cell.start : cell.end] == "a"


@pytest.mark.parametrize(
    "text",
    [
        "<table>",
        "</table>",
        "<table><tr></table>",
        "<table></tr></table>",
        "<table><tbody></table>",
        "<table><tr><tr></tr></tr></table>",
        "<table><tbody><tr></tbody></tr></table>",
        "<table><tbody><thead></thead></tbody></table>",
        "<ac:link><table></ac:link></table>",
        "<!-- <table>",
        "<![CDATA[",
        "<table><tr><td></tr></table>",
    ],
)
def test_what_does_not_match_is_refused(text: str) -> None:
    with pytest.raises(MalformedStorageError, match="repair the page"):
        [cells(text, row) for table in scan(text) for row in table.rows]


def test_depth_is_bounded() -> None:
    deep = "<ac:link>" * (MAX_DEPTH + 1) + "</ac:link>" * (MAX_DEPTH + 1)
    with pytest.raises(MalformedStorageError, match=f"more than {MAX_DEPTH} deep"):
        scan(deep)


def test_a_hundred_thousand_tables_are_found() -> None:
    assert len(scan("<table><tr><td>a</td></tr></table>" * 100_000)) == 100_000


def test_hostile_text_takes_linear_time() -> None:
    """Quadratic scanning of these would take minutes."""
    for piece in ("<table ", '<tr a="', "<!-", "<ac:", "< ", "<table a='"):
        with pytest.raises(MalformedStorageError):
            scan(TABLE + piece * 200_000 + "<table>")
