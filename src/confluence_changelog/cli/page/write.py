"""``confluence-changelog page write``: replaces the body of a page."""

import argparse
import difflib
import re

from confluence_changelog.cli import asking, output, site
from confluence_changelog.cli.page import text, told
from confluence_changelog.confluence.page import Client, Page
from confluence_changelog.errors import EXIT_OK, ConflictError, UsageError
from confluence_changelog.overwrite import NewBody, overwrite
from confluence_changelog.text import clean, plain

_DESCRIPTION = """\
Replace the whole body of a page by a text, in a new version; what stood there stays in the page's
history. A text that Confluence could not take is refused before anything is sent. An edit that somebody
saved in between is not overwritten."""

_EXAMPLES = """\
examples:
  confluence-changelog page write 65538 "<p>Moved to the new wiki.</p>"
  confluence-changelog page write OPS:Runbook --file runbook.xml --message "From the repository"
  confluence-changelog page write 65538 --file notes.txt --format text --dry-run
  confluence-changelog page show 65538 --body | sed s/old/new/g | confluence-changelog page write 65538 -"""

_BLOCK = re.compile(
    r"(?<=>)(?=</?(?:p|h[1-6]|table|tbody|thead|tr|t[dh]|[uo]l|li|ac:(?:structured-macro|layout))\b)"
)
_LONGEST_TITLE = 255
_MESSAGE = "Written by confluence-changelog page write"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the action and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EXAMPLES
    parser.add_argument("page", metavar="PAGE", help="id, address or SPACE:Title")
    parser.add_argument(
        "text", nargs="?", metavar="TEXT", help="the new body; - reads standard input"
    )
    parser.add_argument("--file", help="read the new body from a file; - is standard input")
    text.add_format_argument(parser)
    parser.add_argument("--title", help="give the page this title; without a text the body stays")
    parser.add_argument("--message", default=_MESSAGE, help="the version message")
    parser.add_argument("--minor", action="store_true", help="a minor edit: tell no watchers")
    parser.add_argument(
        "--if-version", type=int, metavar="N", help="write only while the page has this version"
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="take the place of a version that somebody saves in between, too",
    )
    parser.add_argument("--dry-run", action="store_true", help="show the difference; write nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask, at a terminal")
    told.add_json_argument(parser)
    site.add_place_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the page, and say which version it has now."""
    storage = _storage(arguments)
    title = None if arguments.title is None else checked_title(arguments.title)
    config = site.any_config(arguments)
    place = site.find_site(arguments, config)
    with output.progress("reading the page") as report, site.connect(place, config) as client:
        before = client.read_page(site.page_id(client, place))
        _refuse_other_version(before, arguments.if_version)
        new = NewBody(
            before.body if storage is None else storage,
            title or before.title,
            clean(arguments.message),
            arguments.minor,
            arguments.overwrite,
        )
        if (new.storage, new.title) == (before.body, before.title):
            line = f"{plain(before.title)!r}, version {before.version}, is like that already."
            told.left(before, [line], json=arguments.json)
            return EXIT_OK
        if arguments.dry_run:
            lines = difference(before, new)
            told.left(before, lines, json=arguments.json, difference=lines)
            return EXIT_OK
        if not arguments.yes:
            _confirm(client, before, new)
        report("writing the page")
        after, warning = overwrite(client, before, new, report)
    line = f"Wrote {plain(after.title)!r}, version {after.version}."
    told.written(after, line, json=arguments.json)
    if warning:
        output.warning(warning)
    return EXIT_OK


def checked_title(title: str) -> str:
    """Return a title in one line. Raises UsageError for one that no page can have."""
    shown = " ".join(clean(title).split())
    if not shown or len(shown) > _LONGEST_TITLE:
        raise UsageError(
            f"A title has 1 to {_LONGEST_TITLE} characters, not {len(shown)}; give another one."
        )
    return shown


def difference(before: Page, new: NewBody) -> list[str]:
    """Return a unified difference; storage format has few lines, so blocks count as such."""
    old_name, new_name = (
        f"{plain(title)} (version {number})"
        for title, number in ((before.title, before.version), (new.title, before.version + 1))
    )
    lines = difflib.unified_diff(
        _lines(before.body), _lines(new.storage), old_name, new_name, lineterm=""
    )
    return [*lines] or [f"--- {old_name}", f"+++ {new_name}"]


def _lines(storage: str) -> list[str]:
    return text.harmless(_BLOCK.sub("\n", storage))


def _storage(arguments: argparse.Namespace) -> str | None:
    """Return the new body; None where only a title is given."""
    if arguments.text is not None and arguments.file is not None:
        raise UsageError("The new body is given twice; give a text or --file, not both.")
    if arguments.file is not None or arguments.text == text.STDIN:
        name = arguments.file or text.STDIN
        shown = "Standard input" if name == text.STDIN else plain(name)
        return text.storage(text.read(name), arguments.format, shown)
    if arguments.text is not None:
        return text.storage(arguments.text, arguments.format, "The text")
    if arguments.title is None:
        raise UsageError("There is nothing to write; give a text, --file or --title.")
    return None


def _refuse_other_version(page: Page, wanted: int | None) -> None:
    if wanted is not None and page.version != wanted:
        raise ConflictError(
            f"Page {page.id} has version {page.version}, not {wanted}, so nothing was written; look at "
            f"what changed ({page.address})."
        )


def _confirm(client: Client, before: Page, new: NewBody) -> None:
    if not asking.may_ask():
        return
    sizes = f"{len(before.body):,} characters by {len(new.storage):,}"
    with output.paused(), client.deadline.paused():
        if not asking.confirmed(
            f"Replace {plain(before.title)!r}, version {before.version}: {sizes}"
        ):
            raise UsageError("Nothing was written.")
