"""Finds out, from the command line, the environment and the configuration, where the log is."""

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluence_changelog.config import FILE_NAME, find_file, load
from confluence_changelog.confluence.page import Client
from confluence_changelog.credentials import base_address, credentials_for, without_user
from confluence_changelog.errors import UsageError
from confluence_changelog.git import Repository
from confluence_changelog.settings import Config

_PAGE_ID = re.compile(r"[0-9]{1,19}")
_ID_IN_ADDRESS = re.compile(r"(?:[?&]pageId=|/pages/(?:edit-v2/)?)([0-9]{1,19})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Site:
    """A page on a Confluence."""

    base: str
    page: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which configuration and which page."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help=f"configuration file (default: {FILE_NAME} at the root of the repository)",
    )
    parser.add_argument(
        "--url", metavar="URL", help="address of Confluence (default: CONFLUENCE_URL)"
    )
    parser.add_argument(
        "--page", metavar="PAGE", help="id or address of the page (default: CONFLUENCE_PAGE)"
    )


def read_config(arguments: argparse.Namespace, repository: Repository) -> Config:
    """Return the configuration that the arguments name, or that of the repository, or defaults."""
    path = arguments.config or find_file(repository.root)
    return load(path) if path else Config()


def find_site(arguments: argparse.Namespace, config: Config) -> Site:
    """Return the page that arguments, environment or configuration name, in that order.

    Raises:
        UsageError: none of them does.

    """
    address = arguments.url or os.environ.get("CONFLUENCE_URL") or config.page.url
    if not address:
        raise UsageError(
            "The address of Confluence is not known; set CONFLUENCE_URL, or `url` in [page] of "
            f"{FILE_NAME}."
        )
    page = arguments.page or os.environ.get("CONFLUENCE_PAGE") or str(config.page.id)
    if not page:
        raise UsageError(
            "The page of the log is not known; set CONFLUENCE_PAGE, or `id` in [page] of "
            f"{FILE_NAME}, to the number in the page's address."
        )
    return Site(base_address(address), _page_id(page))


@contextmanager
def connect(site: Site, config: Config) -> Iterator[Client]:
    """Open a session with the site, and close it."""
    from confluence_changelog.confluence.data_center import DataCenter
    from confluence_changelog.confluence.deadline import Deadline
    from confluence_changelog.confluence.transport import Transport

    auth = credentials_for(site.base)
    transport = Transport(site.base, auth, Deadline(config.page.deadline))
    try:
        yield DataCenter(transport, send_ancestors=config.page.send_ancestors)
    finally:
        transport.close()


def _page_id(page: str) -> str:
    page = page.strip()
    if _PAGE_ID.fullmatch(page):
        return page
    if found := _ID_IN_ADDRESS.search(page):
        return found[1]
    raise UsageError(
        f"{without_user(page)!r} names no page by its id; take the number behind pageId= in the "
        "page's address (in the page's menu: Page Information)."
    )
