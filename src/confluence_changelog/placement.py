"""Where new rows go: under the header rows or at the end, and into rows that somebody prepared. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from confluence_changelog.ledger import Ledger
from confluence_changelog.settings import TableSettings
from confluence_changelog.storage.prepared import is_prepared
from confluence_changelog.storage.table import LogTable, refuse_crossing_spans, top_line


class Places(NamedTuple):
    """Where new rows go, by their ids."""

    inserted: tuple[tuple[int, tuple[str, ...]], ...]
    """The index of the table row that rows will stand before, and these rows from top to bottom."""
    filled: dict[int, str]
    """The index of a prepared row to the row that it becomes."""
    prepared: range
    """The prepared rows at the line where new rows begin, filled or not."""


def is_oldest_first(settings: TableSettings) -> bool:
    """Tell whether new rows go to the end."""
    return settings.order == "oldest-first"


def line(text: str, log: LogTable, settings: TableSettings, numbers: Collection[int] = ()) -> range:
    """Return the prepared rows at the line where new rows begin; the line is above the first of them.

    Newest first that line is directly under the header rows. Oldest first it is below the last row
    that has anything in it: before a ``tfoot``, and before prepared rows at the end.

    Args:
        text: the page body.
        log: its log table.
        settings: the order that it is kept in.
        numbers: the columns that show a running number.

    """
    rows, width, start = log.table.rows, len(log.headings), top_line(log)
    if is_oldest_first(settings):
        body = [at for at in range(start, len(rows)) if rows[at].section != "tfoot"]
        while body and is_prepared(text, rows[body[-1]], width, numbers):
            body.pop()
        start = body[-1] + 1 if body else start
    end = start
    while end < len(rows) and is_prepared(text, rows[end], width, numbers):
        end += 1
    return range(start, end)


def older_lines(
    ledger: Ledger,
    replaced: Mapping[int, str],
    lowest: Callable[[Sequence[str]], Mapping[str, int]],
    *,
    oldest_first: bool,
) -> dict[str, int]:
    """Return the table row before which each new row belongs that is older than one in the log.

    Newest first it belongs directly below the lowest row of a descendant, and oldest first directly above
    the highest.

    Args:
        ledger: the rows of ours.
        replaced: the index of a table row to the commit that takes it over.
        lowest: from ids to the index, among them, of the last that descends from a new commit.
        oldest_first: the order of the log.

    """
    logged = ledger.rows[:: -1 if oldest_first else 1]
    after = [replaced.get(each.row, each.identity.id) for each in logged]
    behind = 0 if oldest_first else 1
    return {commit: logged[at].row + behind for commit, at in lowest(after).items()}


def places(
    text: str,
    log: LogTable,
    settings: TableSettings,
    ids: Sequence[str],
    older: Mapping[str, int],
    numbers: Collection[int] = (),
) -> Places:
    """Return where new rows go.

    Args:
        text: the page body.
        log: its log table.
        settings: its order, and what becomes of prepared rows.
        ids: the commits, in topological order, newest first.
        older: those of them that are ancestors of commits in the log, and the index of the table row
            that each must stand before.
        numbers: the columns that show a running number.

    Raises LogTableError where a row span covers the line and a prepared row below it.
    """
    prepared = line(text, log, settings, numbers)
    last = is_oldest_first(settings)
    blocks: dict[int, list[str]] = {}
    for commit in ids:
        if commit in older:
            blocks.setdefault(older[commit], []).append(commit)
    new = [commit for commit in ids if commit not in older]
    take = min(len(new), len(prepared)) if settings.empty_rows == "fill" else 0
    oldest, rest = new[len(new) - take :], new[: len(new) - take]
    free = prepared[:take] if last else prepared[len(prepared) - take :]
    if free:
        refuse_crossing_spans(text, log.table, free.start)
    if rest:
        blocks.setdefault(prepared.start + (take if last else 0), []).extend(rest)
    step = -1 if last else 1
    inserted = tuple((at, tuple(blocks[at][::step])) for at in sorted(blocks))
    return Places(inserted, dict(zip(free, oldest[::step], strict=True)), prepared)
