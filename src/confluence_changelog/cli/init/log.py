"""The log on the page: which table it is, and what its columns show."""

import argparse
from collections.abc import Mapping, Sequence

from confluence_changelog.cli import output
from confluence_changelog.cli.init.questions import Questions
from confluence_changelog.cli.page.show import described
from confluence_changelog.draft import Draft, fields_by_name, is_recognisable, likely_logs
from confluence_changelog.errors import ConfigurationError, LogTableError, UsageError
from confluence_changelog.fields import pieces
from confluence_changelog.git import Repository
from confluence_changelog.kept import seems_oldest_first
from confluence_changelog.keying import key_of
from confluence_changelog.ledger import read_repositories
from confluence_changelog.log_table import Layout, read_log
from confluence_changelog.row import identity_fields
from confluence_changelog.settings import DEFAULT_COLUMNS, FIELDS, RowSettings, TableSettings
from confluence_changelog.storage.find import Listed, find_log_table
from confluence_changelog.text import plain


def choose(arguments: argparse.Namespace, found: Sequence[Listed], ask: Questions) -> Listed:
    """Return the table that is the log. Raises UsageError where that is not clear."""
    for table in found:
        output.result(described(table))
    if arguments.table is not None:
        return _numbered(found, str(arguments.table))
    likely = [found[at].number for at in likely_logs([table.headers for table in found])]
    if len(found) == 1:
        return found[0]
    proposal = str(likely[0]) if len(likely) == 1 else ""
    return _numbered(found, ask.text("Which table is the log (its number)", "--table", proposal))


def columns(arguments: argparse.Namespace, table: Listed, ask: Questions) -> dict[str, str]:
    """Return what the columns show, by header. Raises UsageError where that cannot be."""
    if arguments.columns:
        return _checked(_given(arguments.columns), table)
    found = fields_by_name(table.headers)
    _show(found, table.headers)
    is_right = is_recognisable(found) and ask.agreed("Is that right?", unasked=True)
    if not is_right and ask.is_asking and table.headers:
        found = _asked(table.headers, found, ask)
    return _checked(found, table)


def settings(body: str, table: Listed, shown: dict[str, str]) -> TableSettings:
    """Return the settings that find the table: by its headers, or where that is not enough by number."""
    try:
        found = find_log_table(body, tuple(shown))
        if found.table.number == table.number:
            return TableSettings(None, shown)
    except LogTableError:
        pass
    return TableSettings(table.number, shown)


def order(
    arguments: argparse.Namespace, body: str, table: TableSettings, ask: Questions
) -> TableSettings:
    """Return the settings with the order that the log is kept in, by its numbers or dates."""
    if arguments.order:
        return table._replace(order=arguments.order)
    log = read_log(body, Layout(table, RowSettings()))
    rising = seems_oldest_first(body, log.table, log.fields)
    if not rising:
        return table
    output.result(f"The {rising} of the log rise from top to bottom: new rows would go to its end.")
    if not ask.agreed("Is it kept oldest first?", unasked=True):
        return table
    return table._replace(order="oldest-first")


def key(repository: Repository, body: str, draft: Draft) -> str:
    """Return the name of a repository in the identity of its rows; the log may have others' rows."""
    found = read_log(body, Layout(TableSettings(draft.number, draft.columns), RowSettings()))
    columns = identity_fields(found.fields)
    rows = [read_repositories(body, found.table, column) for column in columns]
    return key_of(repository, next(filter(None, rows), {}))


def _numbered(found: Sequence[Listed], text: str) -> Listed:
    for table in found:
        if text == str(table.number):
            return table
    raise UsageError(
        f"The page has no table {plain(text)!r}; give a number from 1 to {len(found)}."
    )


def _show(found: Mapping[str, str], headers: Sequence[str]) -> None:
    for header in headers:
        output.result(f"  {plain(header) or '(no header)'}: {found.get(header) or 'stays empty'}")


def _asked(headers: Sequence[str], found: Mapping[str, str], ask: Questions) -> dict[str, str]:
    output.note(f"Columns can show {', '.join(FIELDS)}; - leaves one empty.")
    answers = {
        header: ask.text(f"  {plain(header)} shows", "--columns", found.get(header, "-"))
        for header in headers
        if header
    }
    return {header: field for header, field in answers.items() if field != "-"}


def _given(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in texts]
    for header, separator, _ in pairs:
        if not separator or not header.strip():
            raise UsageError("--columns takes pairs such as Datum=date Wer=author, each in quotes.")
    return {header.strip(): field.strip() for header, _, field in pairs}


def _checked(shown: dict[str, str], table: Listed) -> dict[str, str]:
    for header, field in shown.items():
        try:
            pieces(field)
        except ConfigurationError as error:
            raise UsageError(f"Column {plain(header)!r} {plain(str(error))}.") from error
        if any("\ud800" <= character <= "\udfff" for character in header):
            raise UsageError(
                f"The header {plain(header)!r} is no Unicode text; rename that column."
            )
    if not is_recognisable(shown):
        headers = " | ".join(plain(header) for header in table.headers) or "no headers"
        example = " ".join(f"{name}={field}" for name, field in DEFAULT_COLUMNS.items())
        raise UsageError(
            f"No column of table {table.number} ({headers}) is known to show `date` or `commit`, so that "
            f"a row could not be recognised; give --columns, such as {example}."
        )
    return shown
