"""``confluence-changelog page show``: a page as it is stored."""

import argparse
import sys
from collections.abc import Sequence

from confluence_changelog.cli import output, site
from confluence_changelog.cli.page.text import harmless
from confluence_changelog.columns import likeness
from confluence_changelog.confluence.page import Ancestor, Page
from confluence_changelog.errors import EXIT_OK, MalformedStorageError
from confluence_changelog.storage.find import Listed, listing
from confluence_changelog.text import plain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the action and its arguments."""
    parser.description = (
        "Show a page: its title, version, what is above it, the tables on it with the numbers that\n"
        "[table] of the configuration counts them by, and its body in storage format."
    )
    parser.add_argument(
        "page",
        nargs="?",
        metavar="PAGE",
        help="id, address or SPACE:Title (default: the page of the log)",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--body", action="store_true", help="print the body alone, exactly as it is stored"
    )
    how.add_argument("--format", choices=("text", "json"), default="text")
    site.add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the page and print it."""
    config = site.any_config(arguments)
    place = site.find_site(arguments, config)
    with output.progress("reading the page"), site.connect(place, config) as client:
        page = client.read_page(site.page_id(client, place))
        above = () if arguments.body else client.ancestors(page.id)
    if arguments.body:
        _print_exactly(page.body)
    else:
        (_show_json if arguments.format == "json" else _show_text)(page, above, tables(page.body))
    return EXIT_OK


def tables(body: str) -> list[Listed]:
    """Return the tables of a page body; none where it is not storage format."""
    try:
        return listing(body, likeness=likeness)
    except MalformedStorageError as error:
        output.warning(str(error))
        return []


def described(table: Listed) -> str:
    """Return a table on one line."""
    headers = " | ".join(plain(header) or "(empty)" for header in table.headers) or "no headers"
    below = f", below {plain(table.heading)!r}" if table.heading else ""
    where = ", inside a macro" if table.inside else ""
    return f"Table {table.number}{below}{where}: {headers} ({output.count(table.rows, 'row')})"


def _print_exactly(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def _show_json(page: Page, above: Sequence[Ancestor], found: Sequence[Listed]) -> None:
    output.result_json(
        {
            "id": page.id,
            "title": page.title,
            "type": page.type,
            "space": page.space,
            "version": page.version,
            "url": page.address,
            "ancestors": [{"id": each.id, "title": each.title} for each in above],
            "tables": [table._asdict() for table in found],
            "storage": page.body,
        }
    )


def _show_text(page: Page, above: Sequence[Ancestor], found: Sequence[Listed]) -> None:
    output.result(f"{plain(page.title)!r}, id {page.id}, version {page.version}")
    output.result(page.address)
    if above:
        output.result("Under: " + " > ".join(plain(each.title) or each.id for each in above))
    for table in found:
        output.result(described(table))
    output.result("")
    output.result("\n".join(harmless(page.body)))
