"""Gives entries their rows, as the options of ``publish`` say, and archives where that is configured."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from confluence_changelog import ancestry
from confluence_changelog.archives.along import in_parts, parts, together
from confluence_changelog.archives.reading import is_on
from confluence_changelog.cli import archive, site
from confluence_changelog.cli.logs import Pages
from confluence_changelog.collect import Collection
from confluence_changelog.confluence.page import Client
from confluence_changelog.entry import Entry
from confluence_changelog.git import Repository
from confluence_changelog.log_table import Layout
from confluence_changelog.plugins.load import plugins
from confluence_changelog.plugins.notices import told
from confluence_changelog.publish import Publication, preview, publish
from confluence_changelog.settings import Config

Publisher = Callable[[Sequence[Entry]], Publication]


def send(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    found: Collection,
    most: int | None,
    pages: Pages,
    report: Callable[[str], None],
) -> Publication:
    """Publish, or in a dry run return what would be published; `pages` are those of earlier logs."""
    plugins()  # a broken one is said before anything is written
    place = site.find_site(arguments, config)
    with site.connect(place, config) as client:
        report(f"publishing {len(found.entries):,} commits")
        page = site.page_id(client, place)
        pages.refuse_shared(client.base, page, config)
        one = _publisher(arguments, repository, config, client, page, found, most, report)
        done = _sent(arguments, config, client, found.entries, one, report)
        pages.add(client.base, done.page, config)
    return done


def _publisher(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    client: Client,
    page: str,
    found: Collection,
    most: int | None,
    report: Callable[[str], None],
) -> Publisher:
    """Return what gives some of the entries their rows, or says which they would get."""
    layout = Layout(config.table, config.row, archive=config.archive)
    placements = partial(ancestry.placements, repository)

    def one(part: Sequence[Entry]) -> Publication:
        if arguments.dry_run:
            return preview(
                client,
                page,
                part,
                layout,
                placements,
                corrections=found.corrections,
                most=most,
                backfill=arguments.backfill,
            )
        return publish(
            client,
            page,
            part,
            layout,
            placements=placements,
            corrections=found.corrections,
            most=most,
            backfill=arguments.backfill,
            report=report,
        )

    return one


def _sent(
    arguments: argparse.Namespace,
    config: Config,
    client: Client,
    entries: Sequence[Entry],
    one: Publisher,
    report: Callable[[str], None],
) -> Publication:
    """Publish all at once, or backfill part by part where the oldest go to archives."""
    if arguments.backfill and is_on(config.archive):
        if arguments.dry_run:
            return together([one(part) for part in parts(entries, config.archive) or [()]])
        order = archive.order_of(config, config.archive)
        return in_parts(client, entries, order, one, report)
    done = one(entries)
    if arguments.dry_run:
        return done
    done = done if arguments.backfill else told(done)
    return archive.after(client, done, config, report)
