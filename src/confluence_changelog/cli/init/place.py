"""Where the log is: the address of Confluence, and the page, which may be made."""

import argparse
import os
import re

from confluence_changelog.cli import output, site
from confluence_changelog.cli.init.questions import Questions
from confluence_changelog.cli.page.create import create
from confluence_changelog.cli.page.write import checked_title
from confluence_changelog.confluence.address import PageAddress, base_of, parse
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.credentials import base_address
from confluence_changelog.errors import UsageError
from confluence_changelog.settings import DEFAULT_COLUMNS
from confluence_changelog.storage.ready import log_table
from confluence_changelog.text import plain

_KEY_IN_ADDRESS = re.compile(r"/(?:spaces|display)/([^/?#]+)/")


def find(arguments: argparse.Namespace, ask: Questions) -> site.Site:
    """Return where the log is to be; the page is unnamed where one has to be made.

    Raises UsageError where nothing says it.
    """
    known = arguments.url or os.environ.get("CONFLUENCE_URL", "")
    named = arguments.page or os.environ.get("CONFLUENCE_PAGE", "")
    page = parse(named) if named else PageAddress()
    if not known and not page.base:
        base, found = _either(
            ask.text("Address of Confluence, or of the page with the log", "--url")
        )
        known, page = base, page if named else found
    base = base_of(base_address(known) if known else "", page)
    if page == PageAddress() and not arguments.create:
        typed = _named(ask)
        page = parse(typed) if typed else page
        base = base_of(base, page)
    return site.Site(base, page)


def greet(client: Client) -> None:
    """Say who is logged in. Raises UsageError where nobody is."""
    user = client.user()
    if not user.known:
        raise UsageError(
            f"Confluence at {client.base} takes this request as anonymous, so that nothing could be "
            f"published; run confluence-changelog login {client.base}."
        )
    kind = "Confluence Cloud" if client.flavour == "cloud" else "Confluence Data Center"
    output.result(f"Logged in to {client.base} ({kind}) as {output.safe(user.name or user.id)}.")


def read(arguments: argparse.Namespace, client: Client, place: site.Site, ask: Questions) -> Page:
    """Return the page of the log; make it where that is wanted."""
    page = client.read_page(site.page_id(client, place)) if place.page != PageAddress() else None
    if arguments.create or page is None:
        return make(client, arguments.create or _new_name(ask), page)
    output.result(f"Page: {plain(page.title)!r}, version {page.version}, {page.address}")
    return page


def offer(client: Client, page: Page, ask: Questions) -> Page | None:
    """Offer to make a page below one that has no table; None where that is not wanted."""
    if not ask.confirmed("This page has no table. Make a page with a ready log below it"):
        return None
    return make(client, _new_name(ask, space_of(page)), page)


def make(client: Client, name: str, parent: Page | None) -> Page:
    """Make a page with a ready log; `name` is its space and title."""
    named = parse(name)
    if not named.title:
        raise UsageError(f"{plain(name)!r} names no new page; write it as SPACE:Title.")
    body = log_table(tuple(DEFAULT_COLUMNS))
    title = checked_title(named.title)
    page = create(client, named.space, title, body, parent.id if parent else "")
    output.result(f"Made the page {plain(page.title)!r}: {page.address}")
    return page


def space_of(page: Page) -> str:
    """Return the key of a page's space, as far as it is known."""
    found = _KEY_IN_ADDRESS.search(page.address)
    return found[1] if found else "" if page.space.isdecimal() else page.space


def _either(text: str) -> tuple[str, PageAddress]:
    """Return what a person gave: the address of Confluence, and of a page if it is one's."""
    try:
        page = parse(text)
    except UsageError:
        return base_address(text), PageAddress()
    return page.base or base_address(text), page


def _named(ask: Questions) -> str:
    if not ask.is_asking:
        return ask.text("The page with the log", "--page, or --create SPACE:Title")
    return ask.text(
        "Page with the log: its address or SPACE:Title (Enter makes a new one)", "--page"
    )


def _new_name(ask: Questions, space: str = "") -> str:
    proposal = f"{space}:Change Log" if space else ""
    return ask.text("Space and title of the new page, as in OPS:Change Log", "--create", proposal)
