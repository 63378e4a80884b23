"""``confluence-changelog publish --pending``: what hooks noted becomes rows."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from confluence_changelog import ancestry, lock, notes, pending
from confluence_changelog.cli import archive, ending, logs, output, site
from confluence_changelog.collect import Collection
from confluence_changelog.config import load
from confluence_changelog.errors import EXIT_OK, ChangelogError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.log_table import Layout
from confluence_changelog.logs import each_log, name_of
from confluence_changelog.notes import Note
from confluence_changelog.pending import Pending
from confluence_changelog.plugins.load import plugins
from confluence_changelog.plugins.notices import told, untold
from confluence_changelog.publish import Publication, preview, publish
from confluence_changelog.settings import Config

Show = Callable[[Publication, Collection], None]

_GRACE = 30.0
"""Seconds beyond the deadline after which a publisher that nobody watches is ended."""


def run(arguments: argparse.Namespace, show: Show) -> int:
    """Publish what is noted, and what is noted meanwhile; one process at a time."""
    try:
        return _run(arguments, show)
    finally:
        ending.call_off()


def _run(arguments: argparse.Namespace, show: Show) -> int:
    """Publish until nothing is noted that was not looked at.

    After it gave the lock back, it looks once more: a note is either seen here, or the publisher
    that was started for it gets the lock.
    """
    repository = open_repository()
    folder = notes.pending(repository.common_dir)
    if not (repository.git_dir / "sequencer").exists():
        notes.release(notes.held(repository.git_dir), folder)
    seen: set[Note] = set()
    status = EXIT_OK
    while set(notes.read(folder)) - seen:
        with lock.exclusive(lock_file(repository)) as is_mine:
            if not is_mine:
                _say(arguments, "Another publisher is at work; it publishes what is noted.")
                return EXIT_OK
            batch = notes.read(folder)
            if not seen:
                notes.strangers(folder)
            seen.update(batch)
            if batch:
                status = max(status, _watch_failures(arguments, repository, batch, show))
    if not seen:
        _say(arguments, "Nothing is noted.")
    return status


def lock_file(repository: Repository) -> Path:
    """Return the file whose lock a publisher holds."""
    return notes.home(repository.common_dir) / "lock"


def _watch_failures(
    arguments: argparse.Namespace, repository: Repository, batch: Sequence[Note], show: Show
) -> int:
    """Publish, and put down why that failed: nobody may be watching."""
    try:
        return _publish(arguments, repository, batch, show)
    except ChangelogError as error:
        notes.write_failure(repository.common_dir, str(error))
        raise
    except Exception as error:
        notes.write_failure(
            repository.common_dir,
            f"The publisher failed ({type(error).__name__}): run confluence-changelog publish "
            "--pending to see why.",
        )
        raise


def _publish(
    arguments: argparse.Namespace, repository: Repository, batch: Sequence[Note], show: Show
) -> int:
    """Give noted commits their rows; a note goes when its commit is in each log or never will be."""
    ids = pending.reachable(repository, batch)
    gone = pending.unreachable(repository, batch, ids)
    left = _Left({}, set(), EXIT_OK, "")
    if ids:
        left = _publish_reachable(arguments, repository, batch, ids, show)
    _tell_unreachable(arguments, sorted(gone))
    if not arguments.dry_run:
        settled = (gone | {*ids}) - left.waiting.keys() - left.failed
        folder = notes.pending(repository.common_dir)
        notes.remove(folder, [note for note in batch if note.id in settled])
        if left.status == EXIT_OK:
            notes.clear_failure(repository.common_dir)
        if left.untold:
            notes.write_failure(repository.common_dir, left.untold)
        _tell_waiting(arguments, repository, left.waiting)
    return left.status


class _Left(NamedTuple):
    """What stays noted."""

    waiting: Mapping[str, str]
    """Commits that wait for the remote; see `pending.Pending`."""
    failed: set[str]
    """Commits that a log lacks, which could not be published."""
    status: int
    """The worst exit status."""
    untold: str
    """Which plugin was not told of rows; empty for none."""


def _publish_reachable(
    arguments: argparse.Namespace,
    repository: Repository,
    batch: Sequence[Note],
    ids: Sequence[str],
    show: Show,
) -> _Left:
    """Publish to each log, show what was published, and return what is left to do."""
    config = load(arguments.config) if arguments.config else pending.read_config(repository, ids[0])
    configs = each_log(config)
    logs.refuse_one_page(arguments, configs)
    if arguments.quiet:
        ending.end_after(sum(one.page.deadline for one in configs) + _GRACE, repository)
    pages = logs.Pages()
    waiting: dict[str, str] = {}
    failed: set[str] = set()
    warnings: list[str] = []

    def publish_log(one: Config) -> int:
        lacking = {*ids}
        try:
            with output.progress("reading commits") as report:
                work = pending.plan(repository, batch, ids, one, report)
                waiting.update(work.waiting)
                lacking = _wanted(work, ids)
                done = _send(arguments, repository, one, work, pages, report)
        except ChangelogError as error:
            failed.update(lacking)
            if len(configs) > 1:
                notes.write_failure(repository.common_dir, f"Log {name_of(one)}: {error}")
            raise
        if done:
            warnings.extend(done.warnings)
            show(done, work.found)
        return EXIT_OK

    status = logs.in_turn(arguments, configs, publish_log)
    said = next((text for text in warnings if text.startswith(untold(""))), "")
    return _Left(waiting, failed, status, said)


def _wanted(work: Pending, ids: Sequence[str]) -> set[str]:
    """Return the commits that a log is to show, or whose corrections it is to show."""
    return {*ids} if work.found.corrects else {entry.id for entry in work.found.entries}


def _send(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    work: Pending,
    pages: logs.Pages,
    report: Callable[[str], None],
) -> Publication | None:
    entries, corrections = work.found.entries, work.found.corrections
    if not entries and not work.found.corrects:
        return None
    plugins()  # a broken one is said before anything is written
    place = site.find_site(arguments, config)
    layout = Layout(config.table, config.row, archive=config.archive)
    placements = partial(ancestry.placements, repository)
    report(f"publishing {len(entries):,} commits")
    with site.connect(place, config, ask=not arguments.quiet) as client:
        page = site.page_id(client, place)
        pages.refuse_shared(client.base, page, config)
        if arguments.dry_run:
            done = preview(
                client,
                page,
                entries,
                layout,
                placements,
                successors=work.successors,
                corrections=corrections,
            )
        else:
            done = publish(
                client,
                page,
                entries,
                layout,
                placements=placements,
                successors=work.successors,
                corrections=corrections,
                report=report,
            )
            done = archive.after(client, told(done), config, report)
        pages.add(client.base, done.page, config)
    return done


def _tell_unreachable(arguments: argparse.Namespace, ids: Sequence[str]) -> None:
    if ids:
        which = ", ".join(commit[:10] for commit in ids)
        what = (
            "is on no branch any more and gets"
            if len(ids) == 1
            else "are on no branch any more and get"
        )
        _say(arguments, f"{which} {what} no row.")


def _tell_waiting(
    arguments: argparse.Namespace, repository: Repository, waiting: Mapping[str, str]
) -> None:
    """Say which commits get their rows later; no failure, but the reason why they wait."""
    for new, old in waiting.items():
        sentence = (
            f"Commit {new[:10]} takes the row of {old[:10]} when that is gone from the remote: "
            "push it (git push --force-with-lease), or fetch."
        )
        notes.write_failure(repository.common_dir, sentence)
        _say(arguments, sentence)


def _say(arguments: argparse.Namespace, text: str) -> None:
    if not arguments.quiet:
        output.note(text)
