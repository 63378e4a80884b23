"""The edits that a move consists of, each proven before it is sent. Pure.

An edit of the log takes rows out and replaces the archive row, which is ours; an edit of an archive
puts rows to the top of its table, or takes out those that do not count, and replaces its record.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from confluence_changelog.archives.carry import carried, source_digest, without_ids
from confluence_changelog.archives.marks import (
    NOTHING,
    RECORD,
    ArchiveRow,
    Mark,
    Record,
    archive_row,
    digest_of,
    essence,
    linked,
    marks_in,
    new_archive_row,
    read_record,
    shown_digest,
)
from confluence_changelog.errors import LogTableError, PageError, ProofError
from confluence_changelog.identity import Anchor, Identity, anchors
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.row import anchor
from confluence_changelog.storage.carried import prove_carried
from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.proof import prove
from confluence_changelog.storage.table import insertion_point


class Shelf(NamedTuple):
    """An archive as it stands in a page body."""

    log: Log
    record: Record
    anchor: Anchor


def read_shelf(body: str, layout: Layout) -> Shelf:
    """Read an archive.

    Raises:
        PageError: it has no record, or no table behind it.

    """
    found = read_record(body)
    if found is None:
        raise PageError(
            "It has no record of what was moved to it, or two: restore a version from its page history "
            "that has one."
        )
    table = layout.table._replace(number=None, heading="", anchor=found[0].name)
    return Shelf(read_log(body, layout._replace(table=table)), *found)


def new_shelf(body: str, log: Log, record: Record, title: str, address: str) -> str:
    """Return the body of an archive without rows: a link back, its record, and the header rows."""
    rows = log.table.table.rows[: log.table.first]
    if not rows:
        raise LogTableError(
            f"Table {log.table.table.number} of the page has no header row that an archive could "
            "repeat; add one in Confluence's editor."
        )
    headers = "".join(without_ids(body[row.start : row.end]) for row in rows)
    back = f'<a href="{escape(address)}">{escape(title, quote=False)}</a>'
    return (
        f"<p>Moved here from {back}, where the newer changes are.{anchor(record.name)}</p>"
        f'<table class="wrapped"><tbody>{headers}</tbody></table><p><br /></p>'
    )


def texts(body: str, log: Log, first: int, last: int) -> list[str]:
    """Return the rows ``[first:last]`` of a table."""
    return [body[row.start : row.end] for row in log.table.table.rows[first:last]]


def copies(rows: Sequence[str], title: str, shelf_body: str) -> list[str]:
    """Return rows as they are put into an archive, proven to be the same.

    Args:
        rows: rows of the log.
        title: the title of the page of the log.
        shelf_body: the body of the archive.

    """
    there = {each.name for text in (*rows, shelf_body) for each in anchors(text)}
    made = [carried(row, title, there) for row in rows]
    prove_carried(rows, made, title, there)
    if [essence(row) for row in rows] != [essence(row) for row in made]:
        raise ProofError(
            "The rows were not moved because their copies could not be read back; nothing was written, "
            "please report these rows with the version of confluence-changelog."
        )
    return made


def stage(
    body: str,
    shelf: Shelf,
    rows: Sequence[str],
    made: Sequence[str],
    identities: Sequence[Identity],
    number: int,
    layout: Layout,
) -> str:
    """Return the body of an archive with copies of rows at the top; they count after the commit.

    `made` is what `copies` returned, `identities` are those of rows of ours among them, `number`
    is that of the move.
    """
    record = shelf.record._replace(
        number=number,
        rows=len(rows),
        shown=shown_digest(made),
        source=source_digest(rows),
    )
    new = _edit_shelf(body, shelf, record, layout, made=made)
    before = [each.identity for each in shelf.log.ledger.rows]
    _check(read_shelf(new, layout).log, [*identities, *before])
    return new


def clean(body: str, shelf: Shelf, first: int, layout: Layout) -> str:
    """Return the body of an archive without the rows of a void move; `first` is as `staged_at` says."""
    record = shelf.record._replace(rows=0, shown=NOTHING, source=NOTHING)
    gone = range(first, first + shelf.record.rows)
    return _edit_shelf(body, shelf, record, layout, gone=gone)


def close(body: str, shelf: Shelf, layout: Layout) -> str:
    """Return the body of an archive that takes no more rows."""
    return _edit_shelf(body, shelf, shelf.record._replace(closed=True), layout)


def staged_at(body: str, shelf: Shelf) -> int | None:
    """Return the index of the first row that the last move put there; None where they were changed."""
    record, table = shelf.record, shelf.log.table
    rows = texts(body, shelf.log, table.first, len(table.table.rows))
    said = [essence(row) for row in rows]
    for at in range(len(rows) - record.rows + 1):
        if digest_of(said[at : at + record.rows]) == record.shown:
            return table.first + at
    return None


def still_there(body: str, log: Log, row: ArchiveRow, record: Record) -> range | None:
    """Return the rows of a log that were staged, where they stand above its archive row unchanged."""
    first = row.row - record.rows
    if record.rows < 1 or first < log.table.first:
        return None
    rows = texts(body, log, first, row.row)
    same = source_digest(rows) == record.source and shown_digest(rows) == record.shown
    return range(first, row.row) if same else None


def name(
    body: str, log: Log, layout: Layout, mark: Mark, title: str, address: str, label: str
) -> str:
    """Return the body of a log that names one more archive, as the last one."""
    link = linked(mark, title, address)
    there = archive_row(body, log.table)
    if there is None:
        return _edit_log(body, log, layout, new_archive_row(len(log.table.headings), label, link))
    place = log.table.table.rows[there.row]
    at = max(each.end for _, each in marks_in(body, place))
    return _edit_log(body, log, layout, f"{body[place.start : at]}, {link}{body[at : place.end]}")


def decide(body: str, log: Log, layout: Layout, mark: Mark, gone: range = range(0)) -> str:
    """Return the body of a log with a new mark for an archive, and without the rows that it counts."""
    there = archive_row(body, log.table)
    if there is None:
        raise ProofError("The log has lost its archive row; run again.")
    place = log.table.table.rows[there.row]
    old = next(each for found, each in marks_in(body, place) if found.page == mark.page)
    row = body[place.start : old.start] + anchor(mark.name) + body[old.end : place.end]
    return _edit_log(body, log, layout, row, gone)


def _edit_log(body: str, log: Log, layout: Layout, row: str, gone: range = range(0)) -> str:
    """Replace the archive row, or put it at the end of the table, and take rows out."""
    rows = log.table.table.rows
    there = archive_row(body, log.table)
    spans = [_without(body, log, index) for index in gone]
    inserted: dict[int, list[str]] = {}
    replaced: dict[int, str] = {}
    if there is None:
        end = next((at for at, each in enumerate(rows) if each.section == "tfoot"), len(rows))
        spans.append(Span(insertion_point(body, log.table, end), "", row))
        inserted[end] = [row]
    else:
        place = rows[there.row]
        spans.append(Span(place.start, body[place.start : place.end], row))
        replaced[there.row] = row
    new = apply(body, sorted(spans))
    prove(body, new, sorted(spans), log.table.table.number, inserted, replaced, gone)
    expected = [each.identity for each in log.ledger.rows if each.row not in gone]
    _check(read_log(new, layout), expected)
    return new


def _edit_shelf(
    body: str,
    shelf: Shelf,
    record: Record,
    layout: Layout,
    *,
    made: Sequence[str] = (),
    gone: range = range(0),
) -> str:
    log, old = shelf.log, shelf.anchor
    spans = [Span(old.start, body[old.start : old.end], anchor(record.name))]
    spans += [_without(body, log, index) for index in gone]
    if made:
        spans.append(Span(insertion_point(body, log.table, log.table.first), "", "".join(made)))
    new = apply(body, sorted(spans))
    inserted = {log.table.first: list(made)} if made else {}
    prove(body, new, sorted(spans), log.table.table.number, inserted, {}, gone, RECORD)
    if read_shelf(new, layout).record != record:
        raise ProofError(_NOT_READ_BACK)
    return new


def _without(body: str, log: Log, index: int) -> Span:
    row = log.table.table.rows[index]
    return Span(row.start, body[row.start : row.end], "")


def _check(log: Log, expected: Sequence[Identity]) -> None:
    if [each.identity for each in log.ledger.rows] != list(expected):
        raise ProofError(_NOT_READ_BACK)


_NOT_READ_BACK = (
    "The edit was not sent because its rows could not be read back from it; nothing was written, please "
    "report this with the version of confluence-changelog."
)
