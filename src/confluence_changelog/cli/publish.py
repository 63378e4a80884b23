"""``confluence-changelog publish``: commits become rows."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from confluence_changelog.cli import logs, output, published, site
from confluence_changelog.cli.logs import Pages
from confluence_changelog.cli.sending import send
from confluence_changelog.collect import Collection, collect, found_commits, in_range, named
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.ranges.find import read_event, to_publish
from confluence_changelog.settings import Config

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
    logs.add_argument(parser)
    site.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Publish, and print what was published."""
    if arguments.pending and arguments.log:
        raise UsageError("--pending is for every log; leave --log out.")
    if arguments.backfill and not arguments.range:
        raise UsageError(
            "--backfill says that the commits of a range are no news; give --range as well (HEAD is "
            "the whole history)."
        )
    if arguments.pending:
        from confluence_changelog.cli import pending

        return pending.run(arguments, partial(published.show, arguments))
    repository = open_repository()
    configs = logs.chosen(arguments, site.read_config(arguments, repository))
    logs.refuse_one_page(arguments, configs)
    pages = Pages()

    def publish_log(config: Config) -> int:
        with output.progress("reading commits") as report:
            work = _collect(arguments, repository, config, report)
            if work.nothing:
                published.show_nothing(arguments, work.nothing)
                return EXIT_OK
            done = send(arguments, repository, config, work.found, work.most, pages, report)
        published.show(arguments, done, work.found)
        return EXIT_OK

    return logs.in_turn(arguments, configs, publish_log)


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
