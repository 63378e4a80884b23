"""Finds out, from the command line, the environment and the configuration, where the log is."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluence_changelog import logins
from confluence_changelog.config import FILE_NAME, find_file, load
from confluence_changelog.confluence.address import PageAddress, base_of, parse
from confluence_changelog.confluence.page import Client
from confluence_changelog.credentials import base_address, site_of
from confluence_changelog.errors import NotARepositoryError, NotFoundError, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.pushed import bare_config
from confluence_changelog.settings import Config


@dataclass(frozen=True, slots=True)
class Site:
    """A page on a Confluence."""

    base: str
    page: PageAddress


def add_config_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which configuration."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help=f"configuration file (default: {FILE_NAME} at the root of the repository)",
    )


def add_place_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which configuration and which Confluence."""
    add_config_argument(parser)
    parser.add_argument(
        "--url", metavar="URL", help="address of Confluence (default: CONFLUENCE_URL)"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which configuration and which page."""
    add_place_arguments(parser)
    parser.add_argument(
        "--page",
        metavar="PAGE",
        help="id, address or SPACE:Title of the page (default: CONFLUENCE_PAGE)",
    )


def read_config(arguments: argparse.Namespace, repository: Repository) -> Config:
    """Return the configuration that the arguments name, or that of the repository, or defaults."""
    path = arguments.config or find_file(repository.root)
    return load(path) if path else bare_config(repository) or Config()


def any_config(arguments: argparse.Namespace) -> Config:
    """Return the configuration as `read_config` does, and the defaults outside of a repository."""
    if arguments.config:
        return load(arguments.config)
    try:
        return read_config(arguments, open_repository())
    except NotARepositoryError:
        return Config()


def find_site(arguments: argparse.Namespace, config: Config) -> Site:
    """Return the page that arguments, environment or configuration name, in that order.

    Where only the page's address is given, it says where Confluence is, too.

    Raises:
        UsageError: none of them does, or they contradict each other.

    """
    page = named_page(arguments, config)
    return Site(named_base(arguments, config, page), page)


def named_page(arguments: argparse.Namespace, config: Config) -> PageAddress:
    """Return what names the page of the log. Raises UsageError where nothing does.

    One page in the environment cannot be meant for several logs that name pages of their own.
    """
    own, inherited = str(config.page.id), os.environ.get("CONFLUENCE_PAGE", "")
    named = arguments.page or ((own or inherited) if config.log else (inherited or own))
    if not named:
        raise UsageError(
            "The page of the log is not known; set CONFLUENCE_PAGE, or `id` in [page] of "
            f"{FILE_NAME}, to the page's address or the number in it."
        )
    return parse(named)


def named_base(arguments: argparse.Namespace, config: Config, page: PageAddress) -> str:
    """Return where Confluence is. Raises UsageError where that is not known, or the page is elsewhere."""
    known = arguments.url or os.environ.get("CONFLUENCE_URL") or config.page.url
    if not known and not page.base:
        raise UsageError(
            "The address of Confluence is not known; set CONFLUENCE_URL, or `url` in [page] of "
            f"{FILE_NAME}."
        )
    return base_of(base_address(known) if known else "", page)


@contextmanager
def connect(site: Site, config: Config, *, ask: bool = True) -> Iterator[Client]:
    """Open a session with the site, and close it.

    Where there are no credentials, whoever sits at the terminal is asked for them, if `ask`.
    """
    from confluence_changelog.cli import asking
    from confluence_changelog.confluence import connect as confluence
    from confluence_changelog.confluence.deadline import Deadline

    gateway = gateway_for(site.base)
    auth = asking.credentials(site.base, gateway, ask=ask)
    with confluence.connect(
        site.base,
        auth,
        Deadline(config.page.deadline),
        flavour=config.page.flavour,
        send_ancestors=config.page.send_ancestors,
        gateway=gateway,
    ) as client:
        yield client


def gateway_for(base: str) -> str:
    """Return the gateway that the environment, or the stored log-in, wants requests to go through."""
    from confluence_changelog.confluence.gateway import gateway_from

    stored = logins.find(site_of(base))
    return gateway_from() or (stored.gateway if stored else "")


def page_id(client: Client, site: Site) -> str:
    """Return the id of the site's page; one that is named by its title is looked up.

    Raises:
        NotFoundError: there is none.

    """
    if site.page.id:
        return site.page.id
    found = client.find_page(site.page.space, site.page.title)
    if found is None:
        raise NotFoundError(
            f"There is no page {site.page.title!r} in space {site.page.space} on {site.base} that this "
            "user may see; copy its address from the browser, or give its id."
        )
    return found
