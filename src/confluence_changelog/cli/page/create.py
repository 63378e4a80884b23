"""``confluence-changelog page create``: makes a page."""

import argparse

from confluence_changelog.cli import output, site
from confluence_changelog.cli.page import text, told
from confluence_changelog.cli.page.write import checked_title
from confluence_changelog.config import FILE_NAME
from confluence_changelog.confluence.address import PageAddress, parse
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import EXIT_OK, ChangelogError, TitleExistsError, UsageError
from confluence_changelog.settings import DEFAULT_COLUMNS, Config
from confluence_changelog.storage.ready import log_table
from confluence_changelog.text import plain

_EMPTY = "<p><br /></p>"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the action and its arguments."""
    parser.description = (
        "Make a page, in a space that is named by its key. A page that exists stays as it is."
    )
    parser.epilog = """\
examples:
  confluence-changelog page create OPS "Change Log" --log
  confluence-changelog page create OPS Runbook --parent OPS:Home --file runbook.xml"""
    parser.add_argument("space", metavar="SPACE", help="the key of the space, as in addresses: OPS")
    parser.add_argument("title", metavar="TITLE")
    parser.add_argument(
        "--parent", metavar="PAGE", help="id, address or SPACE:Title of the page above"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--file", help="read its body from a file; - is standard input")
    what.add_argument(
        "--log", action="store_true", help="with a table that has the configured columns, for a log"
    )
    text.add_format_argument(parser)
    told.add_json_argument(parser)
    site.add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the page, and say where it is."""
    title = checked_title(arguments.title)
    if not arguments.space.strip():
        raise UsageError("The key of the space is empty; give it as it stands in addresses: OPS.")
    config = site.any_config(arguments)
    body = _body(arguments, config)
    parent = parse(arguments.parent) if arguments.parent else PageAddress()
    place = site.Site(site.named_base(arguments, config, parent), parent)
    with output.progress("making the page"), site.connect(place, config) as client:
        above = site.page_id(client, place) if arguments.parent else ""
        page = create(client, arguments.space, title, body, above)
    told.written(page, f"Made {plain(page.title)!r}, id {page.id}.", json=arguments.json)
    if arguments.log and str(config.page.id) != page.id:
        output.note(f"To keep the log there, set `id = {page.id}` in [page] of {FILE_NAME}.")
    return EXIT_OK


def create(client: Client, space: str, title: str, body: str, parent: str = "") -> Page:
    """Make a page. Raises TitleExistsError, with the address of the page that has the title."""
    found = client.find_page(space, title)
    if found is None:
        try:
            return client.create_page(space, title, body, parent=parent)
        except TitleExistsError:
            found = client.find_page(space, title)
            if found is None:
                raise
    raise TitleExistsError(
        f"Space {plain(space)} has a page {plain(title)!r} already, {_address(client, found)}; choose "
        "another title, or write to that page."
    )


def _address(client: Client, page_id: str) -> str:
    try:
        return client.read_page(page_id).address
    except ChangelogError:  # it cannot be written to
        return f"page {page_id}"


def _body(arguments: argparse.Namespace, config: Config) -> str:
    if arguments.log:
        return log_table(tuple(config.table.columns or DEFAULT_COLUMNS))
    if arguments.file is None:
        if arguments.format == "text":
            raise UsageError("--format text says what a file is; give --file as well.")
        return _EMPTY
    name = "Standard input" if arguments.file == text.STDIN else plain(arguments.file)
    return text.storage(text.read(arguments.file), arguments.format, name)
