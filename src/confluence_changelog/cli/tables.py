"""``confluence-changelog tables``: the tables of a page, and which of them is the log."""

import argparse

from confluence_changelog.cli import logs, output, site
from confluence_changelog.cli.page.show import described
from confluence_changelog.columns import likeness, map_headings
from confluence_changelog.confluence.page import Page
from confluence_changelog.errors import EXIT_OK, LogTableError
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.settings import Config
from confluence_changelog.storage.find import Listed, listing
from confluence_changelog.text import plain

_DESCRIPTION = """\
List the tables of a page: the number that `number` in [table] of the configuration counts them by, the
heading above, the headers, what new rows would show in them, and which table is the log. Tables inside
macros, such as an expand, come last."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.add_argument(
        "page",
        nargs="?",
        metavar="PAGE",
        help="id, address or SPACE:Title (default: the page of the log)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    logs.add_argument(parser)
    site.add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the page, and print its tables."""
    configs = logs.chosen(arguments, site.any_config(arguments))
    return logs.in_turn(arguments, configs, lambda config: _tables(arguments, config))


def _tables(arguments: argparse.Namespace, config: Config) -> int:
    place = site.find_site(arguments, config)
    with output.progress("reading the page"), site.connect(place, config) as client:
        page = client.read_page(site.page_id(client, place))
    log, why = _log(page, config)
    show = _show_json if arguments.format == "json" else _show_text
    show(listing(page.body, likeness=likeness), log, why)
    return EXIT_OK


def _log(page: Page, config: Config) -> tuple[Log | None, str]:
    """Return the log, or why there is none."""
    try:
        return read_log(page.body, Layout(config.table, config.row)), ""
    except LogTableError as error:
        return None, str(error)


def _shown(table: Listed, log: Log | None) -> tuple[str | None, ...]:
    """Return what rows show in the columns of a table; of one that is no log what they would."""
    if log is not None and log.table.table.number == table.number:
        return log.fields
    return map_headings(table.headers)


def _show_text(found: list[Listed], log: Log | None, why: str) -> None:
    for table in found:
        output.result(described(table))
        is_log = log is not None and log.table.table.number == table.number
        if is_log or likeness(table.headers):
            headers = table.headers if any(table.headers) else ("",) * len(_shown(table, log))
            pairs = zip(headers, _shown(table, log), strict=True)
            told = ", ".join(
                f"{plain(header) or '(no header)'}: {shown or 'stays empty'}"
                for header, shown in pairs
            )
            output.result(f"  {'This is the log' if is_log else 'Looks like a log'}: {told}")
    if not found:
        output.result("The page has no table.")
    if why:
        output.note(why)


def _show_json(found: list[Listed], log: Log | None, why: str) -> None:
    output.result_json(
        {
            "tables": [
                table._asdict() | {"columns": _shown(table, log), "looks_like_a_log": bool(liked)}
                for table in found
                for liked in [likeness(table.headers)]
            ],
            "log": log.table.table.number if log else None,
            "reason": why,
        }
    )
