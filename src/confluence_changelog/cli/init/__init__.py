"""``confluence-changelog init``: sets up a repository, question by question."""

import argparse
from pathlib import Path

from confluence_changelog.ancestry import resolve
from confluence_changelog.cli import install, output, site
from confluence_changelog.cli.init import log as table_of
from confluence_changelog.cli.init import place
from confluence_changelog.cli.init.questions import Questions
from confluence_changelog.cli.page.show import tables
from confluence_changelog.collect import entries_of
from confluence_changelog.config import FILE_NAME, find_file, parse
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.draft import Draft, render
from confluence_changelog.errors import (
    EXIT_OK,
    ChangelogError,
    PageError,
    UnknownRevisionError,
    UsageError,
)
from confluence_changelog.files import put
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.history import log
from confluence_changelog.log_table import Layout, Log, read_log
from confluence_changelog.mentions import likely_target
from confluence_changelog.placement import line
from confluence_changelog.refusal import printable
from confluence_changelog.row import lay_out
from confluence_changelog.scope import instant, since_commit
from confluence_changelog.settings import Config, PageSettings
from confluence_changelog.storage.table import insertion_point
from confluence_changelog.text import plain
from confluence_changelog.toml import parse_toml

_DESCRIPTION = f"""\
Set up a repository: ask for the page with the log, its table and columns, and where the log begins; write
{FILE_NAME}; install the hooks; and show how the row of the last commit would look. Nothing is written
to Confluence, unless a page has to be made. Every question has an option, so that it runs without a
terminal, too."""

_EXAMPLES = """\
examples:
  confluence-changelog init
  confluence-changelog init --page 'https://wiki.example.com/pages/viewpage.action?pageId=65538' --yes
  confluence-changelog init --url https://wiki.example.com --create 'OPS:Change Log' --hooks none
  confluence-changelog init --page 65538 --table 2 --columns Datum=date Wer=author Was=subject"""

_PATIENCE = 30
"""Seconds that Confluence may take in all to answer; somebody waits."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EXAMPLES
    parser.add_argument("--url", metavar="URL", help="address of Confluence")
    parser.add_argument("--page", metavar="PAGE", help="id, any address or SPACE:Title of the page")
    parser.add_argument(
        "--create",
        metavar="SPACE:TITLE",
        help="make a page with a ready log; with --page, below that one",
    )
    parser.add_argument("--table", type=int, metavar="N", help="which table of the page is the log")
    parser.add_argument(
        "--columns",
        nargs="+",
        action="extend",
        metavar="HEADER=FIELD",
        help="what its columns show: date, author, committer, subject, body or commit",
    )
    parser.add_argument(
        "--order",
        choices=("newest-first", "oldest-first"),
        help="where new rows go: under the header rows, or to the end",
    )
    parser.add_argument(
        "--since",
        metavar="COMMIT",
        help="the log begins after this commit or date; all: with the first",
    )
    parser.add_argument(
        "--hooks", choices=("native", "pre-commit", "none"), help="how Git is to run the hooks"
    )
    parser.add_argument(
        "--replace", action="store_true", help=f"replace a {FILE_NAME} that is there"
    )
    parser.add_argument(
        "--yes", action="store_true", help="take what is proposed, without a question"
    )


def run(arguments: argparse.Namespace) -> int:
    """Set up, saying what is done."""
    ask = Questions(arguments.yes)
    repository = open_repository()
    file = _free_file(repository, ask, replace=arguments.replace)
    where = place.find(arguments, ask)
    head = _head(repository)
    given = _since(arguments, repository, head, ask) if arguments.since else None
    with site.connect(where, Config(PageSettings(deadline=_PATIENCE))) as client:
        ask.deadline = client.deadline
        place.greet(client)
        page = place.read(arguments, client, where, ask)
        page, shown = _log(arguments, client, page, ask)
        url = where.base if site.gateway_for(where.base) else client.base
        flavour = client.flavour
    ask.deadline = None
    since = given or _since(arguments, repository, head, ask)
    draft = shown._replace(url=url, flavour=flavour, since=since[0], since_is=since[1])
    draft = draft._replace(repository=table_of.key(repository, page.body, draft))
    text = render(draft)
    config = parse(parse_toml(text), FILE_NAME)
    log_on_page = read_log(page.body, Layout(config.table, config.row))
    new_rows = line(page.body, log_on_page.table, config.table)
    insertion_point(page.body, log_on_page.table, new_rows.start)
    _write(file, text)
    _hooks(arguments, ask)
    _show_row(repository, config, log_on_page, head)
    output.result(
        f"Next: commit {FILE_NAME}; confluence-changelog doctor looks at everything that publishing needs."
    )
    return EXIT_OK


def _free_file(repository: Repository, ask: Questions, *, replace: bool) -> Path:
    """Return the file to write. Raises UsageError where another is there, and is to stay."""
    if repository.bare:
        raise UsageError(f"A bare repository has no {FILE_NAME}; run init in a work tree.")
    file = repository.root / FILE_NAME
    there = find_file(repository.root)
    if there is not None and there != file:
        raise UsageError(f"{printable(there)} configures this repository already; edit it there.")
    if there is None or replace or not _says_anything(there):
        return file
    if ask.is_asking and ask.confirmed(f"{FILE_NAME} is there already. Replace it"):
        return file
    raise UsageError(
        f"{printable(there)} is there already and stays as it is; edit it, or give --replace."
    )


def _says_anything(file: Path) -> bool:
    try:
        return bool(parse_toml(file.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError):
        return True


def _head(repository: Repository) -> str:
    """Return the id of the last commit; empty where there is none yet."""
    try:
        return resolve(repository, "HEAD")
    except UnknownRevisionError:
        return ""


def _since(
    arguments: argparse.Namespace, repository: Repository, head: str, ask: Questions
) -> tuple[str, str]:
    """Return where the log begins, and what to say of it."""
    if arguments.since is None and not head:
        return "", "Empty: all commits get rows."
    proposal = head[:10] if head else "all"
    text = arguments.since or ask.text(
        "Commits get rows after this commit or date (all: every one)", "--since", proposal
    )
    if text == "all":
        return "", "Empty: all commits get rows."
    if instant(text) is not None:
        return text, "Commits from then on get rows."
    commit = since_commit(repository, text)
    subject = next(iter(log(repository, [commit], no_walk=True))).message.partition("\n")[0]
    return commit, f"Commits after this one get rows: {output.safe(subject)[:100]}"


def _log(
    arguments: argparse.Namespace, client: Client, page: Page, ask: Questions
) -> tuple[Page, Draft]:
    """Return the page with the log, and what the file is to say of it."""
    found = tables(page.body)
    if not found:
        made = place.offer(client, page, ask)
        if made is None:
            raise PageError(
                f"Page {page.id} has no table at the top level; put one there, or let init make a page "
                "with a ready log below it: --create SPACE:Title."
            )
        page, found = made, tables(made.body)
    if client.may_edit(page.id) is False:
        output.warning("This user may not edit the page, so that nothing can be published yet.")
    table = table_of.choose(arguments, found, ask)
    shown = table_of.columns(arguments, table, ask)
    settings = table_of.settings(page.body, table, shown)
    settings = table_of.order(arguments, page.body, settings, ask)
    title = f"{page.title}: {page.address}"
    draft = Draft("", page.id, title, "", settings.number, shown, "", "", settings.order)
    return page, draft


def _write(file: Path, text: str) -> None:
    try:
        put(file, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(
            f"{printable(file)} cannot be written: {error.strerror or error}."
        ) from error
    output.result(f"Wrote {FILE_NAME}.")


def _hooks(arguments: argparse.Namespace, ask: Questions) -> None:
    """Install the hooks if that is wanted; what hinders it is told, and hinders nothing else."""
    wanted = arguments.hooks or ""
    if wanted == "none":
        return
    if not wanted and not ask.agreed(
        "Install the hooks, so that commits without a reason are refused, and others get their rows?",
        unasked=arguments.yes,
    ):
        output.result("Hooks were not installed: confluence-changelog install does it.")
        return
    chosen = argparse.Namespace(
        native=wanted == "native",
        pre_commit=wanted == "pre-commit",
        hook_type=None,
        repo=None,
        rev=None,
        dry_run=False,
    )
    try:
        install.run(chosen)
    except ChangelogError as error:
        output.warning(f"The hooks were not installed: {error}")


def _show_row(repository: Repository, config: Config, on_page: Log, head: str) -> None:
    if not head:
        output.result("There is no commit yet; the first one gets the first row.")
        return
    commits = list(log(repository, [head], no_walk=True))
    (entry,) = entries_of(repository, commits, config)
    row = lay_out(entry, on_page.fields, config.row, target=likely_target(config, ""))
    output.result("The row of the last commit would look like this:")
    headings = on_page.table.headings
    for column, cell in enumerate(row.cells):
        name = plain(headings[column]) or f"column {column + 1}"
        output.result(f"  {name}: {plain(cell) or '(empty)'}")
