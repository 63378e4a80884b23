"""The corpus of real storage-format bodies, which lies beside the project and is no part of it."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

from confluence_changelog.storage.rows import Table
from confluence_changelog.storage.table import headings

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PAGES = sorted((SHARED / "corpus" / "pages").glob("*.xml"))


@cache
def _verdicts() -> dict[str, bool]:
    with (SHARED / "corpus" / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["file"]: row["wellformed"] == "yes" for row in rows}


def is_well_formed(path: Path) -> bool:
    """Say what the corpus's index says of a page."""
    return _verdicts()[path.name]


def columns_for(text: str, table: Table) -> dict[str, str]:
    """Return columns that fit a table: its first header that is unique shows the date."""
    found = headings(text, table)
    if not found:
        first = text[table.rows[0].start : table.rows[0].end] if table.rows else ""
        count = first.count("<td") + first.count("<th")
        return {f"column {number}": "date" if number == 0 else "body" for number in range(count)}
    unique = [
        name for name in found if name and Counter(map(str.casefold, found))[name.casefold()] == 1
    ]
    return {name: "date" if index == 0 else "body" for index, name in enumerate(unique)}
