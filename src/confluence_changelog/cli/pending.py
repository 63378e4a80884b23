"""``confluence-changelog publish --pending``: what hooks noted becomes rows."""

import argparse
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from confluence_changelog import ancestry, lock, notes, pending
from confluence_changelog.cli import archive, output, site
from confluence_changelog.collect import Collection
from confluence_changelog.config import load
from confluence_changelog.errors import EXIT_OK, EXIT_REFUSED, ChangelogError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.insert import Layout
from confluence_changelog.notes import Note
from confluence_changelog.pending import Pending
from confluence_changelog.plugins.load import plugins
from confluence_changelog.plugins.notices import told, untold
from confluence_changelog.publish import Publication, preview, publish
from confluence_changelog.settings import Config

Show = Callable[[Publication, Collection], None]

_GRACE = 30.0
"""Seconds beyond the deadline after which a publisher that nobody watches is ended."""


class _End(threading.Timer):
    """Ends this process, unless it is done by then."""


def run(arguments: argparse.Namespace, show: Show) -> int:
    """Publish what is noted, and what is noted meanwhile; one process at a time."""
    try:
        return _run(arguments, show)
    finally:
        for end in _ends():
            end.cancel()
            end.join()


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
                _watch_failures(arguments, repository, batch, show)
    if not seen:
        _say(arguments, "Nothing is noted.")
    return EXIT_OK


def lock_file(repository: Repository) -> Path:
    """Return the file whose lock a publisher holds."""
    return notes.home(repository.common_dir) / "lock"


def _watch_failures(
    arguments: argparse.Namespace, repository: Repository, batch: Sequence[Note], show: Show
) -> None:
    """Publish, and put down why that failed: nobody may be watching."""
    try:
        _publish(arguments, repository, batch, show)
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
) -> None:
    """Give noted commits their rows; a note goes when its commit is in the log or never will be."""
    ids = pending.reachable(repository, batch)
    gone = pending.unreachable(repository, batch, ids)
    waiting: Mapping[str, str] = {}
    untold = ""
    if ids:
        waiting, untold = _publish_reachable(arguments, repository, batch, ids, show)
    _tell_unreachable(arguments, sorted(gone))
    if arguments.dry_run:
        return
    settled = (gone | {*ids}) - waiting.keys()
    folder = notes.pending(repository.common_dir)
    notes.remove(folder, [note for note in batch if note.id in settled])
    notes.clear_failure(repository.common_dir)
    if untold:
        notes.write_failure(repository.common_dir, untold)
    _tell_waiting(arguments, repository, waiting)


def _publish_reachable(
    arguments: argparse.Namespace,
    repository: Repository,
    batch: Sequence[Note],
    ids: Sequence[str],
    show: Show,
) -> tuple[Mapping[str, str], str]:
    """Publish, show what was published, and return what waits for the remote, and who was not told."""
    config = load(arguments.config) if arguments.config else pending.read_config(repository, ids[0])
    if arguments.quiet:
        _end_after(config.page.deadline + _GRACE, repository)
    with output.progress("reading commits") as report:
        work = pending.plan(repository, batch, ids, config, report)
        done = _send(arguments, repository, config, work, report)
    if done:
        show(done, work.found)
    warnings = done.warnings if done else ()
    return work.waiting, next((text for text in warnings if text.startswith(untold(""))), "")


def _send(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    work: Pending,
    report: Callable[[str], None],
) -> Publication | None:
    entries = work.found.entries
    if not entries:
        return None
    plugins()  # a broken one is said before anything is written
    place = site.find_site(arguments, config)
    layout = Layout(config.table, config.row, archive=config.archive)
    placements = partial(ancestry.placements, repository)
    report(f"publishing {len(entries):,} commits")
    with site.connect(place, config, ask=not arguments.quiet) as client:
        page = site.page_id(client, place)
        if arguments.dry_run:
            return preview(client, page, entries, layout, placements, successors=work.successors)
        done = publish(
            client,
            page,
            entries,
            layout,
            placements=placements,
            successors=work.successors,
            report=report,
        )
        return archive.after(client, told(done), config, report)


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


def _end_after(seconds: float, repository: Repository) -> None:
    """End this process when it is at work for too long, whatever it then waits for."""

    def end() -> None:
        notes.write_failure(
            repository.common_dir, f"Publishing took more than {seconds:.0f} s and was ended."
        )
        os._exit(EXIT_REFUSED)

    if not _ends():
        timer = _End(seconds, end)
        timer.daemon = True
        timer.start()


def _ends() -> list[_End]:
    return [thread for thread in threading.enumerate() if isinstance(thread, _End)]
