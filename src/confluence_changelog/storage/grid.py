"""Which cell of a row stands in a grid column, where cells span columns and rows."""

from collections.abc import Iterator

from confluence_changelog.storage.rows import Row, Table
from confluence_changelog.storage.scan import Cell, cells, each_cell


def has_row_spans(text: str, table: Table) -> bool:
    """Tell whether any cell of a table may span rows."""
    return text.find("rowspan", table.start, table.end) >= 0


def cell_at(text: str, row: Row, column: int) -> Cell | None:
    """Return the cell of a row that begins in a grid column, where nothing spans rows."""
    at = 0
    for cell in each_cell(text, row):
        if at >= column:
            return cell if at == column else None
        at += min(cell.colspan, 1000)
    return None


def column_cells(text: str, table: Table, column: int) -> Iterator[tuple[int, Cell | None]]:
    """Yield for each row its index and the cell that begins in a grid column; spans are followed."""
    if not has_row_spans(text, table):
        for index, row in enumerate(table.rows):
            yield index, cell_at(text, row, column)
        return
    taken: dict[int, int] = {}
    for index, row in enumerate(table.rows):
        yield index, _cell_under_spans(cells(text, row), column, taken)


def _cell_under_spans(row: tuple[Cell, ...], column: int, taken: dict[int, int]) -> Cell | None:
    """Return the cell that begins in a grid column; `taken` carries row spans downwards."""
    blocked = {at for at, left in taken.items() if left > 0}
    for at in blocked:
        taken[at] -= 1
    at, result = 0, None
    for cell in row:
        while at in blocked:
            at += 1
        if at > column:  # what is further to the right shifts nothing, and there may be much of it
            break
        if at == column:
            result = cell
        if cell.rowspan != 1:
            for covered in range(at, min(at + cell.colspan, column + 1)):
                taken[covered] = cell.rowspan - 1 if cell.rowspan else 65534
        at += min(cell.colspan, 1000)
    return result
