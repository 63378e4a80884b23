"""Archives along with publications: after one of news, and between the parts of a whole history."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain, groupby
from operator import itemgetter

from confluence_changelog.archives.archive import archive, is_due
from confluence_changelog.archives.choose import period_of
from confluence_changelog.archives.steps import Order
from confluence_changelog.confluence.page import Client
from confluence_changelog.entry import Entry
from confluence_changelog.errors import ChangelogError
from confluence_changelog.publish import Publication
from confluence_changelog.settings import ArchiveSettings

Publish = Callable[[Sequence[Entry]], Publication]
"""Publishes entries, which are in topological order, newest first."""


def with_archives(
    client: Client, done: Publication, order: Order, report: Callable[[str], None]
) -> Publication:
    """Move what a log has too much after a publication, which is done whatever comes of that."""
    try:
        if not is_due(done.page, order):
            return done
        moved = archive(client, done.page.id, order, report)
    except ChangelogError as error:
        return replace(done, warnings=(*done.warnings, _not_archived(error)))
    warnings = (*done.warnings, *moved.warnings)
    return replace(done, page=moved.page, moves=moved.moves, warnings=warnings)


def in_parts(
    client: Client,
    entries: Sequence[Entry],
    order: Order,
    publish: Publish,
    report: Callable[[str], None],
) -> Publication:
    """Publish a whole history from its oldest part on, and archive each before the next one comes.

    So the page of the log never holds more than a part, and rows of past periods go to the archives of
    these. Each part is published as every publication is; interrupted, all can be repeated.

    Raises what `publish` and `archive` raise.
    """
    done: list[Publication] = []
    for part in parts(entries, order.settings) or [()]:
        published = publish(part)
        client.deadline.restart()
        moved = archive(client, published.page.id, order, report)
        warnings = (*published.warnings, *moved.warnings)
        done.append(replace(published, page=moved.page, moves=moved.moves, warnings=warnings))
    return together(done)


def parts(entries: Sequence[Entry], settings: ArchiveSettings) -> list[Sequence[Entry]]:
    """Return the parts of a history, the oldest first, each newest first and within one period."""
    oldest_first = entries[::-1]
    found: Iterable[Sequence[Entry]] = [oldest_first]
    if settings.period:
        own = [period_of(entry.date, settings.period) for entry in oldest_first]
        reached = zip(accumulate(own, max), oldest_first, strict=True)
        found = ([each for _, each in group] for _, group in groupby(reached, itemgetter(0)))
    return [lot[::-1] for part in found for lot in _lots(part, settings.page_rows)]


def together(done: Sequence[Publication]) -> Publication:
    """Return what several publications did, the oldest commits first, as one."""
    last = done[-1]
    return replace(
        last,
        rows=tuple(chain.from_iterable(each.rows for each in reversed(done))),
        replaced=tuple(chain.from_iterable(each.replaced for each in done)),
        already=sum(each.already for each in done),
        attempts=sum(each.attempts for each in done),
        warnings=tuple(dict.fromkeys(chain.from_iterable(each.warnings for each in done))),
        moves=tuple(chain.from_iterable(each.moves for each in done)),
    )


def _not_archived(error: ChangelogError) -> str:
    return f"The rows are published, but older ones were not archived: {error}"


def _lots(entries: Sequence[Entry], most: int) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), most):
        yield entries[start : start + most]
