"""``check`` over commits that are made: the run's range in CI, or one that is given."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.ancestry import resolve
from confluence_changelog.cleanup import strip_space
from confluence_changelog.cli import output
from confluence_changelog.cli.check import present_configuration
from confluence_changelog.cli.findings import Finding, exit_status, report
from confluence_changelog.cli.gates import judge, reword
from confluence_changelog.cli.reports import FORMS, Result, render, row_lines
from confluence_changelog.collect import entries_of
from confluence_changelog.commit import Commit
from confluence_changelog.config import FILE_NAME
from confluence_changelog.errors import EXIT_OK, ConfigurationError, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.logs import judged_scope
from confluence_changelog.mentions import likely_target
from confluence_changelog.plugins.rules import extra_rules
from confluence_changelog.pushed import config_at
from confluence_changelog.ranges.event import Event
from confluence_changelog.ranges.find import read_event
from confluence_changelog.ranges.review import Review, commits_of, to_check
from confluence_changelog.row import lay_out
from confluence_changelog.scope import row_judge
from confluence_changelog.settings import DEFAULT_COLUMNS, Config
from confluence_changelog.text import plain

_SUMMARY = "GITHUB_STEP_SUMMARY"
"""GitHub, and Gitea and Forgejo after it: the file for what a step has to say, in Markdown."""

_EDIT = "To go on: edit the title and the description of the request, and run this check again.\n"


class _Judged(NamedTuple):
    """What was judged, and what was found."""

    commits: Sequence[Commit]
    findings: Sequence[Finding]
    remedy: Callable[[], str]


def in_ci(arguments: argparse.Namespace) -> int:
    """Check the commits that this run is about; outside of CI, those that are not pushed."""
    repository = open_repository()
    event = read_event()
    review = to_check(repository, configured(arguments, repository), event)
    if review.config is None or not review.found.include:
        nothing = Result((), "")
        if arguments.format == "text":
            output.result(f"Nothing to check. {plain(review.found.steps[-1])}")
        else:
            _show(arguments.format, nothing)
        return _publish_reports(arguments, nothing, event)
    if review.policy and not arguments.config:
        config_at(repository, review.found.include[0])  # what is broken is not let in
    judged = _judge(repository, review, review.config)
    return finish(arguments, repository, review.config, judged, event)


def over(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    commits: Sequence[Commit],
) -> int:
    """Check the commits of a range."""
    findings = judge(repository, commits, config, extra_rules(), may_autosquash=False)
    judged = _Judged(commits, findings, lambda: reword(commits, findings))
    return finish(arguments, repository, config, judged, None)


def configured(
    arguments: argparse.Namespace, repository: Repository
) -> Callable[[str], Config | None]:
    """Return what reads the configuration of a commit, or of the work tree for an empty text."""

    def read(commit: str) -> Config | None:
        commit = (
            resolve(repository, named)
            if (named := getattr(arguments, "policy_from", None))
            else commit
        )
        if arguments.config or not commit:
            return present_configuration(repository, arguments.config)
        try:
            config = config_at(repository, commit)
        except ConfigurationError as error:
            output.warning(f"{error} Until that is mended, the default policy binds every path.")
            return Config()
        if config is None:
            output.note(
                f"confluence-changelog: no {FILE_NAME} in {commit[:10]}, nothing is checked."
            )
        return config

    return read


def _judge(repository: Repository, review: Review, config: Config) -> _Judged:
    commits, rules = commits_of(repository, review), extra_rules()
    if review.text and commits:
        commits = [_squashed(review.text, commits)]
        findings = [
            finding._replace(abbreviated="the request")
            for finding in judge(repository, commits, config, rules, may_autosquash=False)
        ]
        return _Judged(commits, findings, lambda: _EDIT)
    findings = judge(repository, commits, config, rules, may_autosquash=review.may_autosquash)
    return _Judged(commits, findings, lambda: reword(commits, findings))


def _squashed(text: str, commits: Sequence[Commit]) -> Commit:
    """Return the commit that a request becomes, as far as that is known before it is merged."""
    own = [commit for commit in commits if len(commit.parents) < 2] or commits
    changes = dict.fromkeys(change for commit in own for change in commit.changes)
    last = own[-1]
    return last._replace(
        id="",
        abbreviated="",
        parents=last.parents[:1],
        message=strip_space(text),
        changes=tuple(changes),
    )


def finish(
    arguments: argparse.Namespace,
    repository: Repository,
    config: Config,
    judged: _Judged,
    event: Event | None,
) -> int:
    """Say what was found, in every form that was asked for."""
    commits, findings, remedy = judged
    columns = tuple(config.table.columns or DEFAULT_COLUMNS)
    rows = _rows(repository, config, judged)
    said = remedy() if exit_status(findings) else ""
    result = Result(tuple(findings), said, columns, rows)
    if arguments.format == "text":
        report(findings, "text", remedy)
        total = output.count(len(commits), "commit")
        output.result(f"{total}, {len(findings):,} bound by the policy.")
        if event is not None and rows and not result.refuses:
            output.result("As the log will show them:")
            for line in row_lines(result):
                output.result(f"  {line}")
    else:
        _show(arguments.format, result)
    return _publish_reports(arguments, result, event)


def _rows(repository: Repository, config: Config, judged: _Judged) -> dict[str, tuple[str, ...]]:
    """Lay out the rows of the commits that the policy binds and that get one."""
    bound = {finding.id for finding in judged.findings}
    why_none = row_judge(repository, judged.commits, judged_scope(config))
    kept = [item for item in judged.commits if item.id in bound and not why_none(item)]
    fields = tuple((config.table.columns or DEFAULT_COLUMNS).values())
    entries = entries_of(repository, kept[::-1], config, may_lack=True)
    target = likely_target(config, os.environ.get("CONFLUENCE_URL", ""))
    return {entry.id: lay_out(entry, fields, config.row, target=target).cells for entry in entries}


def _show(form: str, result: Result) -> None:
    if text := render(form, result):
        output.result(text.rstrip("\n"))


def _publish_reports(arguments: argparse.Namespace, result: Result, event: Event | None) -> int:
    """Write the files that were asked for, and what GitHub shows with a run."""
    for form, file in map(_report, arguments.report or ()):
        _write(file, render(form, result), "w")
    if event is not None and event.system.endswith(" Actions"):
        if arguments.format == "text":
            _show("github", result)
        if summary := os.environ.get(_SUMMARY):
            _write(Path(summary), render("markdown", result), "a")
    return exit_status(result.findings) if result.findings else EXIT_OK


def _report(text: str) -> tuple[str, Path]:
    form, _, name = text.partition("=")
    if form not in FORMS or not name:
        raise UsageError(f"--report {text} is not FORM=FILE with a form of {', '.join(FORMS)}.")
    return form, Path(name)


def _write(file: Path, text: str, mode: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open(mode, encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(f"The report {file} cannot be written: {error.strerror}.") from error
