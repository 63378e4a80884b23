"""Which rows of vanished commits may be replaced in place by those of their successors.

A commit vanishes when it is amended or rebased. The caller knows that it is reachable from no branch any
more; here it is decided whether its row can take the new text without losing anything else.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from confluence_changelog.identity import digest, marks
from confluence_changelog.ledger import Ledger
from confluence_changelog.storage.scan import cells
from confluence_changelog.storage.table import LogTable
from confluence_changelog.storage.visible import without_opaque

_OURS = re.compile(
    r"<(?:"
    r"(?:ac:link-body|ac:plain-text-body|ac:rich-text-body)>"
    r"|ac:link\s[^<>]*ac:anchor=.cl1-"
    r"|ac:link>(?=\s*<ri:user\s)"
    r"|ri:user\s"
    r"|ac:structured-macro(?=\s)[^<>]*?\sac:name=[\"'](?:code|expand|jira)[\"']"
    r"|ac:parameter\s+ac:name=[\"'](?:language|title|key|server)[\"']"
    r")"
)
"""What rows of ours hold of Confluence's own elements: code, expands, issues, mentions, links to the rows
of reverted commits. The digest tells whether they are those that were published."""

_BY_HAND = re.compile(rf"(?!{_OURS.pattern})<(?:ac:|ri:|table|img)")
"""What is in no row of ours: pictures, other macros, comments, tables. The identity is left out."""


class Replacements(NamedTuple):
    """Rows to replace, and vanished commits whose rows stay."""

    rows: dict[int, str]
    """Index of the table row to the id of the commit that takes it over."""
    altered: tuple[str, ...]
    """Ids of vanished commits whose rows were edited by hand, and are left alone."""


def replacements(
    text: str,
    log: LogTable,
    ledger: Ledger,
    column: int,
    successors: Mapping[str, str],
    missing: Collection[str],
) -> Replacements:
    """Return which rows can be replaced.

    A row can when its commit stands in the log exactly once, it holds no other identity and no spanning
    cell, its text is what was published (the digest tells), nobody has put a picture, a macro or a table
    into it, and its successor has no row yet.

    Args:
        text: the page body.
        log: its log table.
        ledger: the rows of ours.
        column: the grid column that carries identities.
        successors: the id of each vanished commit to the id of the commit that replaced it.
        missing: the ids of the commits that have no row yet.

    """
    rows: dict[int, str] = {}
    altered: list[str] = []
    ids = [row.identity.id for row in ledger.rows]
    for old, new in successors.items():
        if new not in missing or new in rows.values() or ids.count(old) != 1:
            continue
        logged = ledger.rows[ids.index(old)]
        if is_as_published(text, log, logged.row, column, logged.identity.digest):
            rows[logged.row] = new
        else:
            altered.append(old)
    return Replacements(rows, tuple(altered))


def is_as_published(text: str, log: LogTable, index: int, column: int, published: str) -> bool:
    """Tell whether a row is what was published.

    Its text has the digest, and it holds one identity, no spanning cell, and nothing that is in no row of
    ours.
    """
    row = log.table.rows[index]
    found = cells(text, row)
    if len(found) != len(log.headings) or any(
        (cell.colspan, cell.rowspan) != (1, 1) for cell in found
    ):
        return False
    contents = [text[cell.start : cell.end] for cell in found]
    carried = marks(contents[column])
    if len(carried) != 1:
        return False
    content = contents[column]
    contents[column] = content[: carried[0].start] + content[carried[0].end :]
    row_text = "".join(contents)
    return digest(row_text) == published and not _BY_HAND.search(without_opaque(row_text))
