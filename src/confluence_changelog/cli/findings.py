"""Says what is wrong with messages to the person who runs a check."""

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.cli import output
from confluence_changelog.demands import Demands
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK, GitError
from confluence_changelog.git import Repository, run
from confluence_changelog.message import parse_message
from confluence_changelog.policy import Violation, quoted, violations
from confluence_changelog.rules import example
from confluence_changelog.staged import staged_paths
from confluence_changelog.text import clean, plain

_FEW = 10


class Finding(NamedTuple):
    """What is wrong with one message."""

    id: str
    """Of its commit; empty when there is none yet."""
    abbreviated: str
    subject: str
    violations: tuple[Violation, ...]
    demands: Demands
    path: str = ""
    """The first of the configured paths that its commit touches."""

    @property
    def refuses(self) -> bool:
        """Whether more than warnings were found."""
        return any(not violation.is_warning for violation in self.violations)


def report(findings: Sequence[Finding], form: str, remedy: Callable[[], str]) -> int:
    """Print the findings, and what to do about them; return the exit status."""
    if form == "text":
        _text([finding for finding in findings if finding.violations], remedy)
        return exit_status(findings)
    from confluence_changelog.cli.reports import Result, render  # hooks do without

    said = remedy() if exit_status(findings) else ""
    if text := render(form, Result(tuple(findings), said)):
        output.result(text.rstrip("\n"))
    return exit_status(findings)


def exit_status(findings: Sequence[Finding]) -> int:
    """Return the exit status of a check that found this."""
    return EXIT_FINDINGS if any(finding.refuses for finding in findings) else EXIT_OK


def again(repository: Repository, file: Path) -> str:
    """Return the command that commits again, with the message that was refused.

    What ``git commit --all`` and ``--only`` had staged went with the refused commit: Git gives
    their hooks an index of their own (Git: builtin/commit.c, ``prepare_index``).
    """
    words = ["git", "commit", "--edit", f"--file={file.as_posix()}"]
    index = Path(os.environ.get("GIT_INDEX_FILE", "")).name
    if _has_diff(file):
        words.insert(2, "--verbose")
    paths: list[str] = []
    if index == "index.lock" and _all_is_staged(repository):
        words.insert(2, "--all")
    elif index.startswith("next-index-"):
        paths = staged_paths(repository)
    if 0 < len(paths) <= _FEW:
        words += ["--", *paths]
    return f"Your message is kept. To go on from it:\n\n    {plain(shlex.join(words))}\n"


def _all_is_staged(repository: Repository) -> bool:
    try:
        return not run(repository, ["diff", "--name-only", "--no-ext-diff", "-z"])
    except GitError:
        return False


def _has_diff(file: Path) -> bool:
    return b" ------------------------ >8 ------------------------\n" in file.read_bytes()


def _text(findings: Sequence[Finding], remedy: Callable[[], str]) -> None:
    for finding in findings:
        if finding.abbreviated:
            output.note(f"{finding.abbreviated} {quoted(finding.subject)}")
        for violation in finding.violations:
            say = output.warning if violation.is_warning else output.error
            say(f"{violation.text} [{violation.rule}]")
    refused = [finding for finding in findings if finding.refuses]
    if refused:
        output.lines(f"\n{example_text(refused[0].demands)}\n{remedy()}")


def example_text(demands: Demands) -> str:
    """Return a message that passes, under a heading, safe to print."""
    text = clean(example(demands))
    passes = not violations(parse_message(text), demands)
    heading = "A message that passes:" if passes else "A message of this shape passes:"
    indented = "\n".join(f"    {plain_line(line)}".rstrip() for line in text.split("\n"))
    return f"{heading}\n\n{indented}\n"


def plain_line(line: str) -> str:
    """Return the line with its indentation, safe to print."""
    return line[: len(line) - len(line.lstrip(" "))] + plain(line)
