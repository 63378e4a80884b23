"""``confluence-changelog publish``: commits become rows."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from confluence_changelog.cli import archive, output, site
from confluence_changelog.cli.sending import send
from confluence_changelog.collect import Collection, collect, found_commits, in_range, named
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.publish import Publication
from confluence_changelog.ranges.find import read_event, to_publish
from confluence_changelog.row import Row
from confluence_changelog.scope import Skipped
from confluence_changelog.settings import Config
from confluence_changelog.text import plain

_EXAMPLES = """\
examples:
  confluence-changelog publish                            in CI: what was pushed; else what is missing
  confluence-changelog publish --range v1.4..main         what came since v1.4
  confluence-changelog publish --range HEAD --dry-run     the whole history; only show it
  confluence-changelog publish --range HEAD --backfill    the whole history, without telling watchers
  confluence-changelog publish --commit HEAD --commit HEAD~3
  confluence-changelog publish --pending                  what hooks noted"""

MOST_UNASKED = 50
"""New rows that are published without a range and without `scope.since`: nobody asked for a whole
history."""

_SHOWN_REASONS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = (
        "Give every commit that is in scope its row on the page. Commits that have one are left alone,\n"
        "so it can be repeated at any time. Without a range the event of the CI system says which, else\n"
        "the scope itself (see `range --explain`)."
    )
    parser.epilog = _EXAMPLES
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--range", metavar="A..B", help="a Git revision range; one revision is its whole history"
    )
    which.add_argument(
        "--commit", metavar="REV", action="append", help="one commit (can be repeated)"
    )
    which.add_argument(
        "--pending",
        action="store_true",
        help="the commits that hooks noted: see docs/commit-time.md",
    )
    parser.add_argument(
        "--backfill",
        action="store_true",
        help="with --range: its commits are no news; a minor edit, which tells no watchers",
    )
    parser.add_argument("--quiet", action="store_true", help="with --pending: print nothing")
    parser.add_argument(
        "--dry-run", action="store_true", help="show the rows and their storage text; write nothing"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    site.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Publish, and print what was published."""
    if arguments.backfill and not arguments.range:
        raise UsageError(
            "--backfill says that the commits of a range are no news; give --range as well (HEAD is "
            "the whole history)."
        )
    if arguments.pending:
        from confluence_changelog.cli import pending

        return pending.run(arguments, partial(_show, arguments))
    repository = open_repository()
    config = site.read_config(arguments, repository)
    with output.progress("reading commits") as report:
        work = _collect(arguments, repository, config, report)
        if work.nothing:
            _show_nothing(arguments, work.nothing)
            return EXIT_OK
        done = send(arguments, repository, config, work.found.entries, work.most, report)
    _show(arguments, done, work.found)
    return EXIT_OK


class _Work(NamedTuple):
    """What a publication is about."""

    found: Collection
    most: int | None = None
    """How many new rows are sensible; None: any number."""
    nothing: str = ""
    """Why there is nothing to publish, whatever the log has."""


def _collect(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    report: Callable[[str], None],
) -> _Work:
    if arguments.range is not None:
        return _Work(
            collect(repository, in_range(repository, arguments.range, report), config, report)
        )
    if arguments.commit:
        return _Work(collect(repository, named(repository, arguments.commit), config, report))
    found = to_publish(repository, config, read_event(), datetime.now(UTC))
    if not found.include:
        return _Work(Collection((), ()), nothing=found.steps[-1])
    commits = found_commits(repository, found)
    asked = 0 if found.is_scope else len(commits) - len(found.recent)
    most = None if config.scope.since else asked + MOST_UNASKED
    return _Work(collect(repository, commits, config, report, found.on), most)


def _show_nothing(arguments: argparse.Namespace, why: str) -> None:
    if arguments.format == "json":
        output.result_json({"dry_run": arguments.dry_run, "published": [], "reason": why})
    elif not arguments.quiet:
        output.result(f"Nothing to publish. {plain(why)}")


def _show(arguments: argparse.Namespace, done: Publication, found: Collection) -> None:
    if arguments.quiet:
        return
    show = _show_json if arguments.format == "json" else _show_text
    show(done, found, dry_run=arguments.dry_run)


def _show_json(done: Publication, found: Collection, *, dry_run: bool) -> None:
    output.result_json(
        {
            "dry_run": dry_run,
            "page": {
                "id": done.page.id,
                "title": done.page.title,
                "version": done.page.version,
                "url": done.page.address,
            },
            "published": [_row_json(row) for row in done.rows],
            "replaced": [_row_json(row) for row in done.replaced],
            "already": done.already,
            "archived": [move._asdict() for move in done.moves],
            "skipped": [
                {"commit": item.commit.id, "reason": item.reason} for item in found.skipped
            ],
            "removed": _removed(done, found),
            "warnings": list(done.warnings),
            "writes": done.attempts,
        }
    )


def _row_json(row: Row) -> dict[str, object]:
    return {"commit": row.identity.id, "cells": list(row.cells), "storage": row.storage}


def _show_text(done: Publication, found: Collection, *, dry_run: bool) -> None:
    title = plain(done.page.title)
    verb = "Would publish" if dry_run else "Published"
    output.result(
        f"{verb} {output.count(len(done.rows), 'row')} on {title!r}, version {done.page.version}; "
        f"{output.count(done.already, 'commit')} had a row already."
    )
    for row in done.rows:
        output.result("  " + " | ".join(plain(cell) for cell in row.cells))
        if dry_run:
            output.result(f"    {plain(row.storage)}")
    if done.replaced:
        verb = "Would replace" if dry_run else "Replaced"
        output.result(f"{verb} {output.count(len(done.replaced), 'row')} of vanished commits:")
        for row in done.replaced:
            output.result("  " + " | ".join(plain(cell) for cell in row.cells))
    archive.show_moves(done.moves)
    _show_skipped(found.skipped)
    output.result(done.page.address)
    for item in _removed(done, found):
        output.warning(
            f"{item['commit'][:10]}: {item['what']} is shown as [removed]; change that secret, the "
            "commit still holds it."
        )
    for text in done.warnings:
        output.warning(text)


def _show_skipped(skipped: tuple[Skipped, ...]) -> None:
    if not skipped:
        return
    output.result(f"{output.count(len(skipped), 'commit')} out of scope:")
    for item in skipped[:_SHOWN_REASONS]:
        output.result(f"  {item.commit.abbreviated} {plain(item.reason)}")
    if len(skipped) > _SHOWN_REASONS:
        output.result(f"  … and {len(skipped) - _SHOWN_REASONS:,} more (--format json lists all)")


def _removed(done: Publication, found: Collection) -> list[dict[str, str]]:
    published = {row.identity.id for row in done.rows}
    return [
        {"commit": entry.id, "what": what}
        for entry in found.entries
        if entry.id in published
        for what in entry.removed
    ]
