"""Gives entries their rows, as the options of ``publish`` say, and archives where that is configured."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from confluence_changelog import ancestry
from confluence_changelog.archives.along import in_parts, parts, together
from confluence_changelog.archives.reading import is_on
from confluence_changelog.cli import archive, site
from confluence_changelog.entry import Entry
from confluence_changelog.git import Repository
from confluence_changelog.insert import Layout
from confluence_changelog.plugins.load import plugins
from confluence_changelog.plugins.notices import told
from confluence_changelog.publish import Publication, preview, publish
from confluence_changelog.settings import Config


def send(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    entries: Sequence[Entry],
    most: int | None,
    report: Callable[[str], None],
) -> Publication:
    """Publish, or in a dry run return what would be published."""
    plugins()  # a broken one is said before anything is written
    place = site.find_site(arguments, config)
    layout = Layout(config.table, config.row, archive=config.archive)
    placements = partial(ancestry.placements, repository)
    backfill = arguments.backfill
    with site.connect(place, config) as client:
        report(f"publishing {len(entries):,} commits")
        page = site.page_id(client, place)

        def one(part: Sequence[Entry]) -> Publication:
            if arguments.dry_run:
                return preview(client, page, part, layout, placements, most=most, backfill=backfill)
            return publish(
                client,
                page,
                part,
                layout,
                placements=placements,
                most=most,
                backfill=backfill,
                report=report,
            )

        if backfill and is_on(config.archive):
            if arguments.dry_run:
                return together([one(part) for part in parts(entries, config.archive) or [()]])
            order = archive.order_of(config, config.archive)
            return in_parts(client, entries, order, one, report)
        done = one(entries)
        if arguments.dry_run:
            return done
        done = done if backfill else told(done)
        return archive.after(client, done, config, report)
