"""Judges what the configuration says of the table and of dates and tickets in its rows. Pure."""

import re

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.fields import carries, pieces
from confluence_changelog.settings import Config, RowSettings, TableSettings


def check_shape(config: Config, where: str) -> None:
    """Raise ConfigurationError for what cannot be; `where` names the file."""
    _check_table(config.table, where)
    _check_row(config.row, where)


def _check_table(table: TableSettings, where: str) -> None:
    named = [key for key in ("number", "heading", "anchor") if getattr(table, key)]
    if len(named) > 1:
        raise ConfigurationError(
            f"{where}: {' and '.join(f'`table.{key}`' for key in named)} both say which table is the "
            "log; keep one."
        )
    for header, shown in table.columns.items():
        try:
            pieces(shown)
        except ConfigurationError as error:
            raise ConfigurationError(f"{where}: column {header!r} {error}.") from error
    if table.columns and not any(map(carries, table.columns.values())):
        raise ConfigurationError(
            f"{where}: no column shows `date` or `commit`, so that a row could not be recognised "
            "again; add one to [table.columns]."
        )


def _check_row(row: RowSettings, where: str) -> None:
    try:
        _check_dates(row)
        re.compile(row.ticket)
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: [row]: {error}.") from error
    except (re.error, OverflowError, RecursionError) as error:
        raise ConfigurationError(
            f"{where}: `row.ticket`: {row.ticket!r} is no regular expression: {error}."
        ) from error


def _check_dates(row: RowSettings) -> None:
    if not row.date_format and not row.date_zone:
        return
    from confluence_changelog.dates import check_format, zone

    if row.date_format:
        check_format(row.date_format)
    zone(row.date_zone)
