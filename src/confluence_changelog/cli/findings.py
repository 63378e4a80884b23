"""Says what is wrong with messages: to people, to machines, and to GitHub."""

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

    @property
    def refuses(self) -> bool:
        """Whether more than warnings were found."""
        return any(not violation.is_warning for violation in self.violations)


def report(findings: Sequence[Finding], form: str, remedy: Callable[[], str]) -> int:
    """Print the findings, and what to do about them; return the exit status."""
    if form == "json":
        output.result_json([_json(finding) for finding in findings])
    elif form == "github":
        for finding in findings:
            for violation in finding.violations:
                output.result(_annotation(finding, violation))
    else:
        _text([finding for finding in findings if finding.violations], remedy)
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
        output.lines(f"\n{_example(refused[0].demands)}\n{remedy()}")


def _example(demands: Demands) -> str:
    text = clean(example(demands))
    passes = not violations(parse_message(text), demands)
    heading = "A message that passes:" if passes else "A message of this shape passes:"
    indented = "\n".join(f"    {_plain_line(line)}".rstrip() for line in text.split("\n"))
    return f"{heading}\n\n{indented}\n"


def _plain_line(line: str) -> str:
    """Return the line with its indentation, safe to print."""
    return line[: len(line) - len(line.lstrip(" "))] + plain(line)


def _json(finding: Finding) -> dict[str, object]:
    return {
        "commit": finding.id or None,
        "subject": plain(quoted(finding.subject)),
        "violations": [
            {
                "rule": violation.rule,
                "severity": "warning" if violation.is_warning else "error",
                "message": plain(violation.text),
            }
            for violation in finding.violations
        ],
    }


def _annotation(finding: Finding, violation: Violation) -> str:
    """Return GitHub's workflow command for an annotation (GitHub: workflow commands; runner: escapes)."""
    command = "warning" if violation.is_warning else "error"
    subject = quoted(finding.subject)
    name = f"{finding.abbreviated} {subject}" if finding.abbreviated else subject
    title = _escaped(plain(f"confluence-changelog {violation.rule}"))
    title = title.replace(":", "%3A").replace(",", "%2C")
    return f"::{command} title={title}::{_escaped(plain(f'{name}: {violation.text}'))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
