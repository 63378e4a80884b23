"""``confluence-changelog archive``: the oldest rows of a long log move to child pages."""

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from confluence_changelog.archives.along import with_archives
from confluence_changelog.archives.archive import Archiving, archive, preview
from confluence_changelog.archives.choose import Choice
from confluence_changelog.archives.reading import is_on
from confluence_changelog.archives.steps import Move, Order
from confluence_changelog.cli import logs, output, site
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.log_table import Layout
from confluence_changelog.publish import Publication
from confluence_changelog.settings import ArchiveSettings, Config
from confluence_changelog.shape import check_archive
from confluence_changelog.text import plain

_DESCRIPTION = """\
Move the oldest rows of the log, those that people typed among them, to child pages that the log links in
its last row: what is beyond a number of rows, a size of the page, or the current calendar period. Each row
is moved once, however often this is interrupted and repeated."""

_EXAMPLES = """\
examples:
  confluence-changelog archive                  as [archive] of the configuration says
  confluence-changelog archive --rows 200       all but the newest 200 rows
  confluence-changelog archive --period year    rows of past years, each year to a page of its own
  confluence-changelog archive --dry-run        only show what would move"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EXAMPLES
    parser.add_argument("--rows", type=int, metavar="N", help="how many rows the log keeps")
    parser.add_argument("--size", type=int, metavar="N", help="how many characters its page keeps")
    parser.add_argument(
        "--period",
        choices=("year", "quarter", "month"),
        help="move rows of past periods, those of each period to a page of its own",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would move; write nothing"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    logs.add_argument(parser)
    site.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Archive, of each log, and print what was moved."""
    configs = logs.chosen(arguments, site.any_config(arguments))
    logs.refuse_one_page(arguments, configs)
    return logs.in_turn(arguments, configs, partial(_archive_log, arguments))


def _archive_log(arguments: argparse.Namespace, config: Config) -> int:
    order = order_of(config, _settings(arguments, config))
    place = site.find_site(arguments, config)
    with output.progress("archiving") as report, site.connect(place, config) as client:
        page_id = site.page_id(client, place)
        if arguments.dry_run:
            page, choice = preview(client, page_id, order)
            _show_preview(arguments, page, choice)
        else:
            _show(arguments, archive(client, page_id, order, report))
    return EXIT_OK


def order_of(config: Config, settings: ArchiveSettings, *, lazily: bool = False) -> Order:
    """Return what is to be moved, as of today."""
    today = date.today()  # noqa: DTZ011 - a calendar period is that of whoever runs this
    return Order(Layout(config.table, config.row, archive=settings), settings, today, lazily)


def after(
    client: Client, done: Publication, config: Config, report: Callable[[str], None]
) -> Publication:
    """Archive after a publication, where the configuration says so."""
    if not config.archive.with_publish:
        return done
    return with_archives(client, done, order_of(config, config.archive, lazily=True), report)


def _settings(arguments: argparse.Namespace, config: Config) -> ArchiveSettings:
    """Return the configured settings, or those of the command line in place of all its bounds."""
    given = {
        name: getattr(arguments, name)
        for name in ("rows", "size", "period")
        if getattr(arguments, name) is not None
    }
    settings = config.archive
    if given:
        settings = settings._replace(rows=0, size=0, period="", with_publish=False)
        settings = settings._replace(**given)
        check_archive(config._replace(archive=settings), "The command line")
    if not is_on(settings):
        raise UsageError(
            "Nothing says how much the log keeps; give --rows, --size or --period, or set one of them in "
            "[archive] of the configuration."
        )
    return settings


def _show(arguments: argparse.Namespace, done: Archiving) -> None:
    if arguments.format == "json":
        output.result_json(
            {
                "dry_run": False,
                "page": _page_json(done.page),
                "moved": [move._asdict() for move in done.moves],
                "rows": done.rows,
                "warnings": list(done.warnings),
            }
        )
        return
    title = plain(done.page.title)
    if not done.moves:
        output.result(f"Nothing to archive: {title!r} keeps all its rows.")
    show_moves(done.moves)
    output.result(done.page.address)
    for text in done.warnings:
        output.warning(text)


def show_moves(moves: Sequence[Move]) -> None:
    """Print what was moved."""
    for move in moves:
        output.result(f"Moved {output.count(move.rows, 'row')} to {plain(move.title)!r}.")
        output.result(f"  {move.address}")


def _show_preview(arguments: argparse.Namespace, page: Page, choice: Choice | None) -> None:
    rows = choice.last - choice.first + choice.left if choice else 0
    if arguments.format == "json":
        output.result_json(
            {"dry_run": True, "page": _page_json(page), "moved": [], "rows": rows, "warnings": []}
        )
        return
    output.result(f"Would move {output.count(rows, 'row')} of {plain(page.title)!r}.")
    output.result(page.address)


def _page_json(page: Page) -> dict[str, object]:
    return {"id": page.id, "title": page.title, "version": page.version, "url": page.address}
