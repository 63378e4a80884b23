"""What is said of a page that was written: two lines for people, or an object for programs."""

import argparse
from collections.abc import Sequence

from confluence_changelog.cli import output
from confluence_changelog.confluence.page import Page


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option for programs (``--format`` says what the text is that is written)."""
    parser.add_argument("--json", action="store_true", help="print the result as a JSON object")


def written(page: Page, sentence: str, *, json: bool) -> None:
    """Say that a page was written."""
    if json:
        output.result_json({**_facts(page), "written": True})
    else:
        output.result(sentence)
        output.result(page.address)


def left(page: Page, lines: Sequence[str], *, json: bool, difference: Sequence[str] = ()) -> None:
    """Say that a page was not written, with the difference that it would have made."""
    if json:
        shown = {"difference": [*difference]} if difference else {}
        output.result_json({**_facts(page), "written": False, **shown})
    else:
        output.result("\n".join(lines))


def _facts(page: Page) -> dict[str, object]:
    return {"id": page.id, "title": page.title, "version": page.version, "url": page.address}
