"""``confluence-changelog add``: a row by hand, for a change that is not in Git."""

import argparse
import secrets
from dataclasses import dataclass, field
from datetime import date

from confluence_changelog.addition import (
    Addition,
    added,
    assign,
    is_date,
    is_filled_in,
    name_of,
    plan_addition,
    shown,
    split_cell,
)
from confluence_changelog.archives.reading import Archives
from confluence_changelog.cli import asking, logs, output, site
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.fenced import Outcome, Task, write
from confluence_changelog.insert import Edit
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.redact import redact
from confluence_changelog.row import Row
from confluence_changelog.text import clean, plain

_DESCRIPTION = """\
Add a row for a change that is not in Git, where the log's new rows go. Texts are given in the order of the
table's columns; today's date and your name are filled in where they are left out. At a terminal,
without texts, they are asked for one by one. A row of its own for every commit is `publish`'s job."""

_EXAMPLES = """\
examples:
  confluence-changelog add "Moved the mail relay" "The old rack is switched off on Friday."
  confluence-changelog add 2026-11-20 "Ada Example" "Moved the mail relay" "The old rack goes."
  confluence-changelog add --cell "What=Moved the mail relay" --cell "Why=The old rack goes."
  confluence-changelog add --key CHG-4711 "Moved the mail relay" "The old rack goes."   repeat at will"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "texts",
        nargs="*",
        metavar="TEXT",
        help="the text of each cell, or of each that is not filled in",
    )
    parser.add_argument(
        "--cell",
        action="append",
        default=[],
        metavar="HEADER=TEXT",
        help="the text of the cell below a header (can be repeated)",
    )
    parser.add_argument(
        "--key",
        help="what names this change, such as a ticket: its row is added once, however often it is run",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show the row and its storage text; write nothing"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    logs.add_argument(parser)
    site.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Add the row, and print it."""
    if arguments.key is not None and not arguments.key.strip():
        raise UsageError("--key is empty; give what names the change, such as a ticket.")
    config = logs.only(arguments, site.any_config(arguments))
    place = site.find_site(arguments, config)
    layout = Layout(config.table, config.row, archive=config.archive)
    with output.progress("adding a row") as report, site.connect(place, config) as client:
        name = name_of(arguments.key or secrets.token_hex(16))
        work = _Work(arguments, client, layout, name, Archives(client, layout))
        page_id = site.page_id(client, place)
        task = Task(
            plan=work.plan,
            logged=lambda page: added(page.body, layout) | work.archived(page),
            message=lambda _edit: "Change log: a row added by hand",
        )
        if arguments.dry_run:
            page = client.read_page(page_id)
            done = Outcome(page, {}, {}, work.plan(page), 0, ())
        else:
            done = write(client, page_id, task, report)
    (_show_json if arguments.format == "json" else _show_text)(arguments, done)
    for what in dict.fromkeys(work.removed):
        output.warning(f"{what} is shown as [removed]; change that secret, for it was typed here.")
    return EXIT_OK


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be added; the texts are settled on the first page that is read."""

    arguments: argparse.Namespace
    client: Client
    layout: Layout
    name: str
    archives: Archives
    settled: list[Addition] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def archived(self, page: Page) -> frozenset[str]:
        """Return the names of the rows on the archives of a page; none are sought without a key."""
        if self.arguments.key is None:
            return frozenset()
        return self.archives.names(page)

    def plan(self, page: Page) -> Edit:
        """Return the edit of a page."""
        if self.name in added(page.body, self.layout) or self.name in self.archived(page):
            return Edit((), (), (), (), page.body, 0)
        if not self.settled:
            self.settled.append(self._settle(read_log(page.body, self.layout)))
        return plan_addition(page.body, self.settled[0], self.layout)

    def _settle(self, log: Log) -> Addition:
        by_header = [split_cell(log, cell) for cell in self.arguments.cell]
        given = assign(log, self.arguments.texts, by_header)
        if not any(text is not None for text in given):
            given = self._asked(log)
        texts = []
        for text, shows in zip(given, log.fields, strict=True):
            safe, names = redact(clean(text or self._filled_in(shows)))
            self.removed.extend(names)
            texts.append(safe)
        return Addition(self.name, log.table.headings, tuple(texts))

    def _asked(self, log: Log) -> tuple[str | None, ...]:
        wanted = [column for column, shows in enumerate(log.fields) if not is_filled_in(shows)]
        if not asking.may_ask():
            raise UsageError(
                f"The texts of the row are missing; give one for each of {shown(log, wanted)}, or "
                "some with --cell Header=text."
            )
        usual = [self._filled_in(shows) for shows in log.fields]
        with output.paused(), self.client.deadline.paused():
            output.note("The cells of the row; Enter alone takes what stands in [].")
            texts = [self._answer(log, column, usual[column]) for column in range(len(usual))]
        if not any(texts[column] for column in wanted):
            raise UsageError("Nothing was typed, so no row was added.")
        return tuple(texts)

    def _answer(self, log: Log, column: int, usual: str) -> str:
        if log.fields[column] == "commit":
            return ""
        name = plain(shown(log, [column]))
        return asking.answer(f"{name} [{usual}]" if usual else name) or usual

    def _filled_in(self, shows: str | None) -> str:
        """Return what a cell shows without a text of its own."""
        if is_date(shows):
            return date.today().isoformat()  # noqa: DTZ011 - of whoever types, where they are
        if shows in ("author", "committer"):
            user = self.client.user()
            return (user.name or user.id) if user.known else ""
        return ""


def _show_json(arguments: argparse.Namespace, done: Outcome) -> None:
    rows = [{"cells": list(row.cells), "storage": row.storage} for row in _rows(done)]
    output.result_json(
        {
            "dry_run": arguments.dry_run,
            "page": {
                "id": done.page.id,
                "title": done.page.title,
                "version": done.page.version,
                "url": done.page.address,
            },
            "added": rows,
            "already": not rows,
            "warnings": list(done.warnings),
        }
    )


def _show_text(arguments: argparse.Namespace, done: Outcome) -> None:
    title = plain(done.page.title)
    rows = _rows(done)
    if not rows:
        output.result(f"A row with the key {plain(arguments.key)!r} is on {title!r} already.")
    for row in rows:
        verb = "Would add" if arguments.dry_run else "Added"
        output.result(f"{verb} a row to {title!r}, version {done.page.version}:")
        output.result("  " + " | ".join(plain(cell) for cell in row.cells))
        if arguments.dry_run:
            output.result(f"    {row.storage}")
    output.result(done.page.address)
    for text in done.warnings:
        output.warning(text)


def _rows(done: Outcome) -> list[Row]:
    return list(done.rows.values()) or list(done.edit.rows)
