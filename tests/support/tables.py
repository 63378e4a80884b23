"""Random pages with a log that people have kept by hand, and the commits that stand in it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from confluence_changelog.log_table import Layout, read_log
from support.entries import COLUMNS, layout

CELLS = (
    "<td>{}</td>",
    "<td/>",
    '<td class="confluenceTd">{}</td>',
    '<td style="text-align: center;"><p>{}</p></td>',
    '<td colspan="1"><div class="content-wrapper"><p style="text-align: right;">{}</p></div></td>',
    '<td class="highlight-red" data-highlight-colour="red" ac:local-id="a"><p local-id="b">{}</p></td>',
)
EMPTY = (
    "",
    "<br />",
    "<p>\n<br/></p>",
    "&nbsp;",
    "<p>&#8203;</p>",
    "<span><strong></strong></span>",
)
ROW_ATTRIBUTES = ("", ' class=""', ' class="odd" ac:local-id="c"')
HEAD = "<tr>" + "".join(f"<th>{name}</th>" for name in COLUMNS) + "</tr>"
GROUPS = "<tr><td colspan='4'>Log</td></tr>"
TABLES = (
    f"<table><tbody>{HEAD}|</tbody></table>",
    f"<table class='wrapped'><colgroup><col /></colgroup><tbody class=''>{HEAD}|</tbody></table>",
    f"<table>{HEAD}|</table>",
    f"<table><thead>{GROUPS}{HEAD}</thead>\n<tbody>|</tbody></table>",
    f"<table><thead>{HEAD}</thead><tbody>{HEAD}|</tbody></table>",
    f"<table><thead>{HEAD}</thead>|</table>",
    f"<table><thead>{HEAD}</thead><tbody>|</tbody><tfoot><tr><td>1</td></tr></tfoot></table>",
    f"<table><thead>{HEAD}</thead><tfoot><tr><td>1</td></tr></tfoot><tbody>|</tbody></table>",
)


class Kept(NamedTuple):
    """A page body with a log that has empty rows at both ends."""

    body: str
    on_top: int
    at_the_end: int


@st.composite
def _rows(draw: st.DrawFn, contents: tuple[str, ...]) -> str:
    cells = [
        draw(st.sampled_from(CELLS)).replace("{}", draw(st.sampled_from(contents))) for _ in COLUMNS
    ]
    if draw(st.booleans()):
        cells[0] = f'<th scope="row">{draw(st.sampled_from(contents))}</th>'
    cells[-1] = f"<td>{draw(st.sampled_from(contents))}</td>"
    return f"<tr{draw(st.sampled_from(ROW_ATTRIBUTES))}>{''.join(cells)}</tr>"


@st.composite
def kept_logs(draw: st.DrawFn) -> Kept:
    """Return a page: rows by hand and section rows, and rows that somebody prepared around them."""
    prepared = st.lists(_rows(EMPTY), max_size=3)
    entries = st.one_of(_rows(("May", "<em>x</em>")), st.just('<tr><td colspan="4">2025</td></tr>'))
    top, middle, end = draw(prepared), draw(st.lists(entries, max_size=4)), draw(prepared)
    rows = draw(st.sampled_from(("", "\n", "\n  "))).join([*top, *middle, *end])
    body = f"<p>A &amp; B</p>{draw(st.sampled_from(TABLES)).replace('|', rows)}<p>End</p>"
    if middle:
        return Kept(body, len(top), len(end))
    return Kept(body, len(top) + len(end), len(top) + len(end))


def kept(order: str = "newest-first", empty_rows: str = "keep") -> Layout:
    """Return the layout of the first table, in an order."""
    made = layout(number=1)
    return made._replace(table=made.table._replace(order=order, empty_rows=empty_rows))


def number_of(commit: str) -> int:
    """Return the number that tells a commit."""
    return int(commit[:7], 16)


def in_a_line(missing: Sequence[str], logged: Sequence[str]) -> Mapping[str, int]:
    """Place commits of which each descends from all that have lower numbers."""
    return {
        commit: later[-1]
        for commit in missing
        if (later := [at for at, each in enumerate(logged) if number_of(each) > number_of(commit)])
    }


def logged(body: str, where: Layout) -> list[int]:
    """Return the commits of a log, by number, from top to bottom."""
    return [number_of(row.identity.id) for row in read_log(body, where).ledger.rows]
