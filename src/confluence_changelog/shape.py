"""Judges what the configuration says of the table and of what its rows show. Pure."""

import re

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.fields import carries, pieces
from confluence_changelog.settings import (
    ArchiveSettings,
    Config,
    LinkPattern,
    RowSettings,
    TableSettings,
)

_EMAIL = re.compile(r"[^\s<>]+@[^\s<>]+")
_MOST_ROWS = 100_000


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
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: [row]: {error}.") from error
    _expression("ticket", row.ticket, where)
    _expression("bot_person", row.bot_person, where)
    for link in row.links:
        _check_link(link, _expression("links", link.pattern, where), where)
    if row.fold < 0:
        raise ConfigurationError(f"{where}: `row.fold` must not be negative.")
    if not all(pattern.strip() for pattern in row.bots):
        raise ConfigurationError(f"{where}: `row.bots` has an empty pattern; remove it.")
    for email in row.people:
        if not _EMAIL.fullmatch(email):
            raise ConfigurationError(
                f"{where}: `row.people`: {email!r} is no e-mail address, as authors of commits have one."
            )


def _check_link(link: LinkPattern, expression: re.Pattern[str], where: str) -> None:
    if expression.fullmatch(""):
        raise ConfigurationError(
            f"{where}: `row.links`: {link.pattern!r} finds nothing at all; write what is to become a link."
        )
    if bool(link.url) == bool(link.macro) or (link.server and not link.macro):
        raise ConfigurationError(
            f"{where}: `row.links`: {link.pattern!r} needs a `url`, or `macro` and perhaps `server`."
        )
    if link.url and not _is_template(link.url, expression.groups):
        raise ConfigurationError(
            f"{where}: `row.links`: {link.url!r} must be an http(s) address with {{0}}, or the number of a "
            "group of its pattern, behind the host."
        )


def _is_template(url: str, groups: int) -> bool:
    from confluence_changelog.links import is_address, places

    host, _, _ = url.partition("://")[2].partition("/")
    numbers = places(url)
    plain = url.isprintable() and not set(url) & set(" \"'<>\\^`|")
    return (
        plain and is_address(url) and "{" not in host and bool(numbers) and max(numbers) <= groups
    )


def _expression(key: str, pattern: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ConfigurationError(
            f"{where}: `row.{key}`: {pattern!r} is no regular expression: {error}."
        ) from error


def _check_dates(row: RowSettings) -> None:
    if not row.date_format and not row.date_zone:
        return
    from confluence_changelog.dates import check_format, zone

    if row.date_format:
        check_format(row.date_format)
    zone(row.date_zone)


def check_archive(config: Config, where: str) -> None:
    """Raise ConfigurationError for archives that cannot be; `where` names the file."""
    archive = config.archive
    if min(archive.rows, archive.size) < 0 or not 1 <= archive.page_rows <= _MOST_ROWS:
        raise ConfigurationError(
            f"{where}: `archive.rows` and `archive.size` must be at least 0, and `archive.page_rows` "
            f"1 to {_MOST_ROWS}."
        )
    fields = re.findall(r"\{([^{}]*)\}", archive.title)
    if set(fields) - {"log", "part"} or "part" not in fields or re.search(r"[{}]", _bare(archive)):
        raise ConfigurationError(
            f"{where}: `archive.title` must hold {{part}}, may hold {{log}}, and no other braces."
        )
    if archive.period and config.row.date_format:
        raise ConfigurationError(
            f"{where}: `archive.period` needs dates that Confluence knows for dates; leave out "
            "`row.date_format`, or archive by `rows`."
        )
    is_on = bool(archive.rows or archive.size or archive.period)
    if is_on and config.table.order == "oldest-first":
        raise ConfigurationError(
            f"{where}: [archive] is for logs that are kept newest first, and `table.order` says "
            '"oldest-first"; leave one of them out.'
        )
    if archive.with_publish and not is_on:
        raise ConfigurationError(
            f"{where}: `archive.with_publish` does nothing without `rows`, `size` or `period` in "
            "[archive]; set one of them."
        )


def _bare(archive: ArchiveSettings) -> str:
    return archive.title.replace("{log}", "").replace("{part}", "")
