"""Random logs, killed and edited anywhere: each row is there once, in order, and nothing else changed."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confluence_changelog.archives.steps import Order
from confluence_changelog.log_table import read_log
from confluence_changelog.sandbox import Sandbox
from support.archived import (
    LAYOUT,
    bodies,
    by_hand,
    everything,
    make_log,
    order,
    ours,
    rows_of,
    run,
    run_until_quiet,
    said,
)
from support.confluence import FLAVOURS

pytestmark = pytest.mark.slow

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
TEXTS = st.sampled_from(["same", "caf\u00e9", "a  b", "x &amp; y"])
SPANNING = (
    '<tr><td rowspan="2">1 May</td><td>Bo</td><td>two</td><td>rows</td></tr>'
    "<tr><td>Bo</td><td>second</td><td>half</td></tr>"
)
DATED = '<tr><td><p><time datetime="{}" /></p></td><td>Bo</td><td>typed</td><td>x</td></tr>'


@st.composite
def logs(draw: st.DrawFn) -> list[str]:
    """Return row texts; those of commits are all different ones."""
    kinds = draw(st.lists(st.sampled_from("ooohhds"), min_size=1, max_size=9))
    rows = []
    for number, kind in enumerate(kinds, 1):
        if kind == "o":
            rows.append(ours(number, draw(DAYS)))
        elif kind == "h":
            rows.append(by_hand(draw(TEXTS)))
        elif kind == "d":
            rows.append(DATED.format(draw(DAYS)))
        else:
            rows.append(SPANNING)
    return rows


ORDERS = st.builds(
    order,
    rows=st.integers(0, 4),
    period=st.sampled_from(["", "year", "quarter", "month"]),
    page_rows=st.integers(1, 4),
)
PATIENT = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_made = Counter[str]()


@pytest.fixture(
    params=[
        pytest.param(flavour, marks=pytest.mark.confluence_sandbox(flavour=flavour))
        for flavour in FLAVOURS
    ]
)
def sandbox(confluence_sandbox: Sandbox) -> Sandbox:
    return confluence_sandbox


def fresh(sandbox: Sandbox, rows: list[str]) -> int:
    _made["log"] += 1
    log = make_log(sandbox, rows, f"Log {_made['log']}")
    sandbox.edit(log, append="<p>resaved</p>")
    return log


def around(body: str) -> tuple[str, str]:
    """Return what stands before and behind the log table."""
    table = read_log(body, LAYOUT).table.table
    return body[: table.start], body[table.end :]


@PATIENT
@given(rows=logs(), wanted=ORDERS, after=st.booleans())
def test_killed_anywhere(sandbox: Sandbox, rows: list[str], wanted: Order, after: bool) -> None:
    log = fresh(sandbox, rows)
    before = sandbox.page(log).storage
    run_until_quiet(sandbox, log, wanted, after=after)
    body = sandbox.page(log).storage
    assert everything(sandbox, log) == said(rows_of(before))
    assert around(body) == around(before)
    latest = sandbox.page(log).latest
    assert run(sandbox, log, wanted).rows == 0
    assert sandbox.page(log).latest == latest
    assert all(rows_of(each) for each in bodies(sandbox, log))
    kept = wanted.settings.rows
    if kept and not any("rowspan" in row for row in rows):
        assert len(rows_of(body)) <= kept


@PATIENT
@given(rows=logs(), wanted=ORDERS, after=st.booleans(), data=st.data())
def test_killed_anywhere_and_edited_in_between(
    sandbox: Sandbox, rows: list[str], wanted: Order, after: bool, data: st.DataObject
) -> None:
    """People add, edit and delete rows that they see in the log; what they did is there in the end."""
    log = fresh(sandbox, rows)
    expected = Counter(everything(sandbox, log))

    def edit(number: int) -> None:
        body = sandbox.page(log).storage
        there = read_log(body, LAYOUT).table
        table = [body[r.start : r.end] for r in there.table.rows[there.first :]]
        plain = [
            r for r in table if "rowspan" not in r and "half" not in r and "cl1-archive-" not in r
        ]
        if not plain or data.draw(st.booleans()):
            return
        row = data.draw(st.sampled_from(plain))
        do = data.draw(st.sampled_from([_above, _below, _changed, _gone]))
        new = do(row).replace("NUMBER", str(number))
        place = body.index(row)
        sandbox.edit(log, storage=body[:place] + new + body[place + len(row) :])
        expected.subtract(said([row]))
        expected.update(said(rows_of(f"{_HEAD}{new}</tbody></table>") if new else []))

    run_until_quiet(sandbox, log, wanted, after=after, meanwhile=edit)
    assert Counter(everything(sandbox, log)) == +expected


_HEAD = "<table><tbody><tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"


def _above(row: str) -> str:
    return by_hand("added NUMBER") + row


def _below(row: str) -> str:
    return row + by_hand("added NUMBER")


def _changed(row: str) -> str:
    return row.replace("</td></tr>", "<p>edited NUMBER</p></td></tr>")


def _gone(_row: str) -> str:
    return ""
