"""``confluence-changelog audit``: proves that every commit is on the page, once, unaltered."""

import argparse

from confluence_changelog.auditing import examine, mend, mending, refusal, subject
from confluence_changelog.cli import audited, logs, output, site
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK, ChangelogError, UsageError
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.junit import Case
from confluence_changelog.logs import name_of
from confluence_changelog.plugins.notices import told
from confluence_changelog.publish import Publication
from confluence_changelog.settings import Config

_DESCRIPTION = """\
Prove that every commit in scope has exactly one row on the page, unaltered and in the order of history.
What is not so is listed with its remedy. Nothing is written without --fix."""

_EPILOGUE = """\
examples:
  confluence-changelog audit                          the whole scope
  confluence-changelog audit --since 2026-01-01       commits of this year
  confluence-changelog audit --range v1.4..v1.5       what came with a release
  confluence-changelog audit --format junit > audit.xml
  confluence-changelog audit --fix                    publish what is missing, and audit again

exit status: 0 nothing was found; 1 something was, and with --fix: is left."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EPILOGUE
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--range", metavar="A..B", help="what of the scope is in it")
    which.add_argument(
        "--since", metavar="DATE", default="", help="what of the scope was committed since then"
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="publish what is missing, and correct rows; a rewritten commit takes its row over where that "
        "is certain",
    )
    parser.add_argument(
        "--yes",
        action="store_true",
        help="with --fix: also more than 50 rows, or while rows without a commit are left",
    )
    parser.add_argument("--format", choices=("text", "json", "junit"), default="text")
    logs.add_argument(parser)
    site.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Audit, mend if asked to, and print what was found."""
    if arguments.yes and not arguments.fix:
        raise UsageError("--yes says that --fix may write much; give --fix as well.")
    if arguments.fix:
        _refuse_requests()
    repository = open_repository()
    configs = logs.chosen(arguments, site.read_config(arguments, repository))
    logs.refuse_one_page(arguments, configs)
    cases: list[Case] = []

    def audit_log(config: Config) -> int:
        try:
            return _audit(arguments, repository, config, cases)
        except ChangelogError as error:
            if len(configs) > 1:
                cases.append(Case(f"audit.{name_of(config)}", "it can be audited", str(error)))
            raise

    status = logs.in_turn(arguments, configs, audit_log)
    if arguments.format == "junit":
        audited.show_junit(cases)
    return status


def _audit(
    arguments: argparse.Namespace, repository: Repository, config: Config, cases: list[Case]
) -> int:
    place = site.find_site(arguments, config)
    said = ""
    with output.progress("reading commits") as report:
        what = subject(
            repository, config, within=arguments.range, since=arguments.since, report=report
        )
        with site.connect(place, config) as client:
            page = site.page_id(client, place)
            report(f"auditing {len(what.scope):,} commits")
            found = examine(client, page, what)
            plan = mending(client, what, found)
            if arguments.fix and (plan.commits or plan.corrections):
                said = refusal(plan) if not arguments.yes else ""
                if not said:
                    done = told(mend(client, page, what, plan, report))
                    found = examine(client, page, what)
                    plan = mending(client, what, found)
                    _tell(done)
    if said:
        output.error(
            f"Nothing was published: {said}; look at what was found, then repeat with --yes."
        )
    for text in found.sheets.warnings:
        output.warning(text)
    if arguments.format == "junit":
        cases += audited.cases(what, found, plan.takeover)
    else:
        audited.show(arguments.format, what, found, plan.takeover)
    return EXIT_FINDINGS if found.audit.findings else EXIT_OK


def _refuse_requests() -> None:
    """Refuse to write where what is checked out may still be refused, and says what is in scope."""
    from confluence_changelog.ranges.find import read_event

    event = read_event()
    if event is not None and event.kind in ("pull request", "merge queue"):
        raise UsageError(
            f"This run of {event.system} is about a {event.kind}, which may not write to the log: run "
            "audit without --fix here, and with it on the published branch."
        )


def _tell(done: Publication) -> None:
    """Say on standard error what was written; what is left is the result."""
    rows = f"Published {output.count(len(done.rows), 'row')}"
    taken = f"replaced {output.count(len(done.replaced), 'row')} of rewritten commits"
    corrected = f", corrected {output.count(len(done.corrected), 'row')}" if done.corrected else ""
    output.note(f"{rows}, {taken}{corrected}; audited again.")
    for text in done.warnings:
        output.warning(text)
