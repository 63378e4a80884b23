"""The corpus of real storage-format bodies, which lies beside the project and is no part of it."""

import csv
from functools import cache
from pathlib import Path

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
