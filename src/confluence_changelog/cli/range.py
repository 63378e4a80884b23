"""``confluence-changelog range``: which commits a publication or a check would take, and why."""

import argparse
from datetime import UTC, datetime
from typing import NamedTuple

from confluence_changelog.cli import logs, output, site
from confluence_changelog.cli.review import configured
from confluence_changelog.collect import collect, found_commits
from confluence_changelog.commit import Commit
from confluence_changelog.errors import EXIT_OK
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.logs import judged_scope
from confluence_changelog.message import parse_message
from confluence_changelog.ranges.find import Found, read_event, to_publish
from confluence_changelog.ranges.review import commits_of, to_check
from confluence_changelog.redact import redact
from confluence_changelog.scope import row_judge
from confluence_changelog.settings import Config
from confluence_changelog.text import clean, plain

_EXAMPLES = """\
examples:
  confluence-changelog range --explain
  confluence-changelog range --explain --for check        what check in CI would judge
  confluence-changelog range --explain --format json
  confluence-changelog publish --dry-run                  what of it the log lacks"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = (
        "Print the range of commits that `publish` takes when no range is given: by the event of the CI\n"
        "system, else the scope itself. Confluence is not asked, so those that have a row are among them.\n"
        "With --for check, the range that `check` judges."
    )
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "--explain", action="store_true", help="say step by step why, and list the commits"
    )
    parser.add_argument(
        "--for", dest="purpose", choices=("publish", "check"), default="publish", help="which range"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    logs.add_argument(parser)
    site.add_config_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Find the range, and print it."""
    repository = open_repository()
    if arguments.purpose == "check":
        return _show(arguments, _to_check(arguments, repository))
    configs = logs.chosen(arguments, site.read_config(arguments, repository))
    return logs.in_turn(
        arguments, configs, lambda config: _show(arguments, _to_publish(repository, config))
    )


class _Range(NamedTuple):
    found: Found
    commits: list[Commit]
    reasons: dict[str, str]
    """Why some of the commits get no row."""


def _show(arguments: argparse.Namespace, judged: _Range) -> int:
    found, commits, reasons = judged
    if arguments.format == "json":
        _show_json(found, commits, reasons)
    elif arguments.explain:
        _explain(found, commits, reasons)
    else:
        output.result(" ".join(_revisions(found)) or "nothing")
    return EXIT_OK


def _to_publish(repository: Repository, config: Config) -> _Range:
    with output.progress("reading commits") as report:
        found = to_publish(repository, config, read_event(), datetime.now(UTC))
        commits = found_commits(repository, found)
        report(f"judging {len(commits):,} commits")
        judged = collect(repository, commits, config, on=found.on)
    return _Range(found, commits, {item.commit.id: item.reason for item in judged.skipped})


def _to_check(arguments: argparse.Namespace, repository: Repository) -> _Range:
    with output.progress("reading commits"):
        review = to_check(repository, configured(arguments, repository), read_event())
        commits = commits_of(repository, review)[::-1]
    scope = judged_scope(review.config or Config())
    why_none = row_judge(repository, commits, scope)
    reasons = {commit.id: why for commit in commits if (why := why_none(commit))}
    return _Range(review.found, commits, reasons)


def _revisions(found: Found) -> list[str]:
    """Return the range as Git takes it."""
    return [*found.include, *(f"^{commit}" for commit in found.exclude)]


def _explain(found: Found, commits: list[Commit], reasons: dict[str, str]) -> None:
    for number, step in enumerate(found.steps, 1):
        output.result(f"{number}. {output.safe(step)}")
    output.result(f"Range: {' '.join(_revisions(found)) or 'nothing'}")
    late = set(found.recent)
    for commit in commits:
        reason = reasons.get(commit.id, "")
        why = f"no row: {reason}" if reason else "in scope"
        if commit.id in late and not reason:
            why = "in scope, or missed in the last days"
        output.result(f"  {commit.abbreviated} {_subject(commit)} ({plain(why)})")
    kept = len(commits) - len(reasons)
    output.result(f"{output.count(len(commits), 'commit')}, {kept:,} in scope.")


def _show_json(found: Found, commits: list[Commit], reasons: dict[str, str]) -> None:
    event = found.event
    output.result_json(
        {
            "system": event.system if event else "",
            "event": event.kind if event else "",
            "include": list(found.include),
            "exclude": list(found.exclude),
            "scope": found.is_scope,
            "steps": [redact(clean(step))[0] for step in found.steps],
            "commits": [
                {
                    "commit": commit.id,
                    "subject": _subject(commit),
                    "reason": reasons.get(commit.id, ""),
                }
                for commit in commits
            ],
        }
    )


def _subject(commit: Commit) -> str:
    return output.safe(parse_message(commit.message).subject)[:100] or "(no subject)"
