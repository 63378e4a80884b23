"""The text that a page is to hold: from an argument, a file or standard input."""

import argparse
import sys
from pathlib import Path

from confluence_changelog.errors import UsageError
from confluence_changelog.markdown import Style, blocks
from confluence_changelog.storage.validate import validate
from confluence_changelog.text import clean, plain

STDIN = "-"


def add_format_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option that says what the text is."""
    parser.add_argument(
        "--format",
        choices=("storage", "text"),
        default="storage",
        help="what the text is: storage format (default), or plain text, none of which is mark-up",
    )


def read(name: str) -> str:
    """Return the text of a file, or of standard input for ``-``; line ends as they are.

    Raises UsageError where it cannot be read, or is not UTF-8.
    """
    try:
        data = _stdin() if name == STDIN else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{'Standard input' if name == STDIN else name} is not UTF-8 (byte {error.start + 1}); "
            "save it as UTF-8."
        ) from error


def storage(text: str, form: str, name: str) -> str:
    """Return a text in storage format, which Confluence would accept.

    Args:
        text: the text.
        form: ``storage`` or ``text``.
        name: where it is from, for people.

    Raises:
        UsageError: it is not, or it is empty.

    """
    if not clean(text).strip():
        raise UsageError(
            f"{name} is empty, which would leave nothing of the page; nothing was written."
        )
    if form == "text":
        return blocks(text, Style(macros=False))
    if fault := validate(text):
        raise UsageError(
            f"{name} is not storage format, line {fault.line}, column {fault.column}: {fault.reason}; "
            "nothing was written. Is it plain text? Then give --format text."
        )
    return text


def harmless(text: str) -> list[str]:
    """Return the lines of a text, as they are but for what a terminal or a CI system obeys."""
    lines = clean(text).split("\n")
    shown = map(plain, lines)
    return [a if a.split() == b.split() else b for a, b in zip(lines, shown, strict=True)]


def _stdin() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin else b""
