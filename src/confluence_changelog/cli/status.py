"""``confluence-changelog status``: what waits for its row, and what the policy finds wrong."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from confluence_changelog import lock, notes
from confluence_changelog.cli import output, site
from confluence_changelog.cli.pending import lock_file
from confluence_changelog.errors import EXIT_OK, ChangelogError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.plugins.rules import extra_rules
from confluence_changelog.status import DAYS, Undocumented, subjects, undocumented
from confluence_changelog.text import plain

_DESCRIPTION = f"""\
Show which commits hooks have noted for publication, since when, and why the last publisher stopped;
then the commits in scope of the last {DAYS} days that the policy finds something wrong with, however
they got there. Asks neither Confluence nor a remote."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration file")


def run(arguments: argparse.Namespace) -> int:
    """Show the state."""
    repository = open_repository()
    config = site.read_config(arguments, repository)
    wrong: list[Undocumented] = []
    unknown = ""
    try:
        wrong = undocumented(repository, config, extra_rules())
    except ChangelogError as error:
        unknown = str(error)
    (_show_json if arguments.format == "json" else _show_text)(repository, wrong, unknown)
    return EXIT_OK


def _show_json(repository: Repository, wrong: list[Undocumented], unknown: str) -> None:
    failure = notes.read_failure(repository.common_dir)
    output.result_json(
        {
            "pending": _notes_json(notes.pending(repository.common_dir)),
            "held": _notes_json(notes.held(repository.git_dir)),
            "unreadable": notes.strangers(notes.pending(repository.common_dir)),
            "publisher_running": lock.is_held(lock_file(repository)),
            "last_error": failure and {"time": _moment(failure.time), "sentence": failure.sentence},
            "days": DAYS,
            "violations": [
                {
                    "commit": item.commit.id,
                    "subject": item.subject,
                    "rules": [{"rule": v.rule, "text": v.text} for v in item.violations],
                }
                for item in wrong
            ],
            "violations_unknown": unknown,
        }
    )


def _notes_json(folder: Path) -> list[dict[str, object]]:
    return [
        {
            "commit": note.id,
            "noted": _moment(note.noted),
            "branch": note.branch,
            "replaces": list(note.replaces),
        }
        for note in notes.read(folder)
    ]


def _show_text(repository: Repository, wrong: list[Undocumented], unknown: str) -> None:
    folder = notes.pending(repository.common_dir)
    _show_notes(repository, folder, "for a row")
    _show_notes(repository, notes.held(repository.git_dir), "for the cherry-picks to end")
    if strangers := notes.strangers(folder):
        output.warning(f"{folder} holds files that are no notes: {', '.join(strangers)}")
    if failure := notes.read_failure(repository.common_dir):
        output.result(
            f"The last publisher stopped {_age(failure.time)} ago: {plain(failure.sentence)}"
        )
    if lock.is_held(lock_file(repository)):
        output.result("A publisher is at work.")
    if unknown:
        output.result(f"Which commits violate the policy is not known: {plain(unknown)}")
        return
    amount = output.count(len(wrong), "commit") if wrong else "No commit"
    output.result(f"{amount} in scope of the last {DAYS} days violate{_s(len(wrong))} the policy.")
    for item in wrong:
        output.result(f"  {item.commit.abbreviated} {item.subject}")
        for violation in item.violations:
            output.result(f"    {violation.text} [{violation.rule}]")


def _show_notes(repository: Repository, folder: Path, purpose: str) -> None:
    found = notes.read(folder)
    if found or folder.name == "pending":
        amount = output.count(len(found), "commit") if found else "No commit"
        output.result(f"{amount} wait{_s(len(found))} {purpose}.")
    shown = subjects(repository, [note.id for note in found])
    for note in found:
        said = shown.get(note.id, "is not in this repository any more")
        output.result(f"  {note.id[:10]} {said} (noted {_age(note.noted)} ago)")


def _s(count: int) -> str:
    return "" if count > 1 else "s"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _age(seconds: float) -> str:
    """Return how long ago a time is, in the largest unit that fits."""
    age = max(0, int(time.time() - seconds))
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if age >= size:
            return output.count(age // size, unit)
    return output.count(age, "second")
