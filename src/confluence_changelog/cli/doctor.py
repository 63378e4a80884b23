"""``confluence-changelog doctor``: says what is right and what is wrong, with the remedy."""

import argparse
import os
import sys
from functools import partial

from confluence_changelog.cli import logs, output, site
from confluence_changelog.confluence.address import PageAddress
from confluence_changelog.confluence.connect import connect
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.credentials.auth import Nobody
from confluence_changelog.doctor import configuration, page, repository
from confluence_changelog.doctor import site as confluence
from confluence_changelog.doctor.check import Check, Findings
from confluence_changelog.errors import ChangelogError
from confluence_changelog.logs import name_of
from confluence_changelog.settings import Config

_DESCRIPTION = """\
Look at everything that publishing needs: Git and its hooks, the configuration, the way to Confluence, the
credentials, the page and the log table on it. Each line is one check; what is not well ends with the
remedy. Nothing is changed anywhere."""

_EPILOGUE = """\
exit status: 0 all is well, or there are only warnings; 2 or 3 by the worst that is wrong"""

_MARKS = {
    "ok": ("ok", "32"),
    "warning": ("warning", "33"),
    "wrong": ("wrong", "31"),
    "unknown": ("?", "36"),
    "skipped": ("-", "2"),
}
_GROUPS = (
    repository.GROUP,
    configuration.GROUP,
    confluence.GROUP,
    confluence.CREDENTIALS,
    page.GROUP,
    page.LOG,
)
_DEPENDENT = ((confluence.CREDENTIALS, "accepted"), (page.GROUP, "found"), (page.LOG, "table"))
_WIDTH = max(len(mark) for mark, _ in _MARKS.values())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EPILOGUE
    parser.add_argument("--format", choices=("text", "json"), default="text")
    logs.add_argument(parser)
    site.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look, and print what was found."""
    findings = Findings()
    with output.progress("looking"):
        found = repository.examine(findings)
        config = configuration.examine(findings, found, arguments.config) or Config()
        configs = logs.chosen(arguments, config)
        if not config.log:
            _confluence(findings, arguments, config)
    if not config.log:
        return _show(arguments, findings)

    def look(one: Config) -> int:
        seen = Findings()
        with output.progress("looking"):
            configuration.examine_log(seen, found, one)
            _confluence(seen, arguments, one)
        return _show(arguments, seen)

    with output.gathered() as documents:
        status = _show(arguments, findings)
        status = max(status, logs.in_turn(arguments, configs, look))
    if documents:
        general, rest = documents
        alone = [{"name": name_of(configs[0]), **rest}]
        output.result_json({**general, "status": status, "logs": rest.get("logs", alone)})
    return status


def _show(arguments: argparse.Namespace, findings: Findings) -> int:
    (_show_json if arguments.format == "json" else _show_text)(findings)
    return findings.status


def _confluence(findings: Findings, arguments: argparse.Namespace, config: Config) -> None:
    address = _page(findings, arguments, config)
    try:
        base = site.named_base(arguments, config, address or PageAddress())
        gateway = site.gateway_for(base)
    except ChangelogError as error:
        findings.failed(confluence.GROUP, "address", error)
        findings.blocked = "the address of Confluence is not known"
        for group, name in _DEPENDENT:
            findings.skipped(group, name, findings.blocked)
        return
    findings.ok(confluence.GROUP, "address", f"{base}, by {_said_by(arguments, config)}.")
    flavour = confluence.recognise(
        findings, base, config.page.flavour, is_cloud=confluence.reach(findings, base)
    )
    auth = confluence.find_credentials(findings, base, flavour)
    way = "" if findings.blocked else gateway
    try:
        with connect(
            base, auth or Nobody(), Deadline(confluence.SECONDS), flavour=flavour, gateway=way
        ) as client:
            if way:
                findings.ok(confluence.GROUP, "gateway", f"Requests go through {client.base}")
            confluence.accept(findings, client, auth)
            confluence.version(findings, client)
            read = partial(_read, client, site.Site(base, address)) if address else None
            page.examine(findings, client, read, config)
    except ChangelogError as error:
        findings.failed(confluence.GROUP, "gateway", error)


def _said_by(arguments: argparse.Namespace, config: Config) -> str:
    """Return what says where Confluence is."""
    named = {
        "--url": arguments.url,
        "CONFLUENCE_URL": os.environ.get("CONFLUENCE_URL"),
        "the configuration": config.page.url,
    }
    return next((name for name, value in named.items() if value), "the address of the page")


def _read(client: Client, place: site.Site) -> Page:
    return client.read_page(site.page_id(client, place))


def _page(findings: Findings, arguments: argparse.Namespace, config: Config) -> PageAddress | None:
    try:
        return site.named_page(arguments, config)
    except ChangelogError as error:
        findings.failed(page.GROUP, "named", error)
        return None


def _show_text(findings: Findings) -> None:
    coloured = output.coloured(sys.stdout)
    for group in _GROUPS:
        checks = [check for check in findings.checks if check.group == group]
        if checks:
            output.result(group)
        for check in checks:
            output.result(f"  {_mark(check, coloured=coloured)}  {output.safe(check.text)}")
    wrong, warnings = (
        sum(check.verdict == verdict for check in findings.checks)
        for verdict in ("wrong", "warning")
    )
    counts = [f"{wrong} wrong"] if wrong else []
    counts += [output.count(warnings, "warning")] if warnings else []
    output.result(f"{', '.join(counts) or 'All is well'}.")


def _mark(check: Check, *, coloured: bool) -> str:
    mark, colour = _MARKS[check.verdict]
    shown = mark.ljust(_WIDTH)
    return f"\x1b[{colour}m{shown}\x1b[0m" if coloured else shown


def _show_json(findings: Findings) -> None:
    output.result_json(
        {
            "status": findings.status,
            "checks": [
                {
                    "group": check.group,
                    "name": check.name,
                    "verdict": check.verdict,
                    "text": output.safe(check.text),
                }
                for group in _GROUPS
                for check in findings.checks
                if check.group == group
            ],
        }
    )
