"""Every table of 241 real pages: a row goes in and leaves the page as it was, or is refused clearly."""

from collections import Counter
from pathlib import Path

import pytest

from confluence_changelog.errors import LogTableError, MalformedStorageError
from confluence_changelog.insert import plan
from confluence_changelog.storage.edit import undo
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.validate import validate
from support.corpus import PAGES, columns_for, is_well_formed
from support.entries import entry, layout, nowhere

pytestmark = pytest.mark.skipif(not PAGES, reason="the corpus of real pages is not there")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_verdict_on_a_real_page(path: Path) -> None:
    assert (validate(path.read_text(encoding="utf-8")) is None) == is_well_formed(path)


def test_every_table_takes_a_row_or_is_refused() -> None:
    taken, refused = 0, Counter[str]()
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        if not is_well_formed(path):
            continue
        for table in scan(text):
            wanted = columns_for(text, table) or {"Date": "date"}
            try:
                edit = plan(text, [entry(2), entry(1)], layout(wanted, table.number), nowhere)
            except LogTableError as error:
                refused[str(error)] += 1
                continue
            taken += 1
            assert undo(edit.body, edit.spans) == text
            assert edit.body.replace("".join(row.storage for row in edit.rows), "", 1) == text
            assert validate(edit.body) is None
            again = plan(edit.body, [entry(2), entry(1)], layout(wanted, table.number), nowhere)
            assert again.rows == ()
    assert taken >= 80
    assert all(reason.endswith(".") and ";" in reason for reason in refused)


def test_malformed_pages_are_refused() -> None:
    broken = [path for path in PAGES if not is_well_formed(path)]
    assert len(broken) == 4
    for path in broken:
        body = path.read_text(encoding="utf-8") + "<table><tr><th>Date</th></tr></table>"
        with pytest.raises((MalformedStorageError, LogTableError)):
            plan(body, [entry(1)], layout({"Date": "date"}), nowhere)
