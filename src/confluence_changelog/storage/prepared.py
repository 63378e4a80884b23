"""Rows that somebody prepared: empty ones, to be filled in. Pure."""

import re
import unicodedata
from collections.abc import Collection

from confluence_changelog.storage.rows import Row
from confluence_changelog.storage.scan import Cell, cells
from confluence_changelog.storage.visible import visible_text

_HOLDS_SOMETHING = re.compile(
    r"<(?!/?(?:tr|t[dh]|p|br|div|span|strong|em|[bius]|su[bp])(?=[\s/>]))"
)
"""A tag that shows something, or a comment that would be lost: not one of a row or of formatting."""
_NUMBER = re.compile(r"[0-9]{1,12}\W?")


def is_prepared(text: str, row: Row, width: int, numbers: Collection[int] = ()) -> bool:
    """Tell whether a row is empty, so that it can be filled in.

    It has a cell for each column and no spanning one; no reader sees anything in its cells, and none
    holds a macro, a picture, a link, a date or a comment. A column of numbers may be numbered already.

    Args:
        text: the page body.
        row: the row.
        width: how many columns the table has.
        numbers: the columns that show a running number.

    """
    if row.section in ("thead", "tfoot") or _HOLDS_SOMETHING.search(text, row.start, row.end):
        return False
    found = cells(text, row)
    if len(found) != width or not are_single(found) or all(cell.header for cell in found):
        return False
    return all(_is_empty(text, cell, column in numbers) for column, cell in enumerate(found))


def are_single(row: Collection[Cell]) -> bool:
    """Tell whether no cell of a row spans columns or rows."""
    return all(cell.colspan == cell.rowspan == 1 for cell in row)


def _is_empty(text: str, cell: Cell, is_number: bool) -> bool:
    seen = visible_text(text[cell.start : cell.end])
    seen = "".join(letter for letter in seen if unicodedata.category(letter) != "Cf")
    return not seen.strip() or (is_number and bool(_NUMBER.fullmatch(seen.strip())))
