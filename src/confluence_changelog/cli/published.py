"""Says what was published: to people and to machines."""

import argparse

from confluence_changelog.cli import archive, output
from confluence_changelog.collect import Collection
from confluence_changelog.publish import Publication
from confluence_changelog.row import Row
from confluence_changelog.scope import Skipped
from confluence_changelog.text import plain

_SHOWN_REASONS = 20


def show_nothing(arguments: argparse.Namespace, why: str) -> None:
    """Print that there is nothing to publish, and why."""
    if arguments.format == "json":
        output.result_json({"dry_run": arguments.dry_run, "published": [], "reason": why})
    elif not arguments.quiet:
        output.result(f"Nothing to publish. {plain(why)}")


def show(arguments: argparse.Namespace, done: Publication, found: Collection) -> None:
    """Print what was published."""
    if arguments.quiet:
        return
    form = _show_json if arguments.format == "json" else _show_text
    form(done, found, dry_run=arguments.dry_run)


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
            "corrected": [_row_json(row) for row in done.corrected],
            "already": done.already,
            "archived": [move._asdict() for move in done.moves],
            "skipped": [
                {"commit": item.commit.id, "reason": item.reason} for item in found.skipped
            ],
            "removed": _removed(done, found),
            "warnings": [*done.warnings, *found.warnings],
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
    if done.corrected:
        verb = "Would correct" if dry_run else "Corrected"
        output.result(f"{verb} {output.count(len(done.corrected), 'row')}:")
        for row in done.corrected:
            output.result("  " + " | ".join(plain(cell) for cell in row.cells))
    archive.show_moves(done.moves)
    _show_skipped(found.skipped)
    output.result(done.page.address)
    for item in _removed(done, found):
        output.warning(
            f"{item['commit'][:10]}: {item['what']} is shown as [removed]; change that secret, the "
            "commit still holds it."
        )
    for text in (*done.warnings, *found.warnings):
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
    published = {row.identity.id for row in (*done.rows, *done.corrected)}
    return [
        {"commit": entry.id, "what": what}
        for entry in {entry.id: entry for entry in (*found.entries, *found.corrections)}.values()
        if entry.id in published
        for what in entry.removed
    ]
