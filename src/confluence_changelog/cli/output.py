"""Writes to the person or the machine that started a command."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.status import Status

_LONGEST = 2000
_TAIL = 900
"""Characters of a long sentence's end, where the remedy stands."""

_gathered: list[list[dict[str, object]]] = []
"""Where results for machines are gathered; empty while they are printed."""
_shown: "list[Status]" = []
"""Progress that is on the terminal now."""


def use_utf8() -> None:
    """Write UTF-8 wherever the output goes; what a terminal cannot show is escaped, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def result(text: str) -> None:
    """Print a result."""
    print(text, flush=True)


def result_json(value: object) -> None:
    """Print a result for a machine: exactly, and yet harmless to a terminal or a CI log."""
    if _gathered and isinstance(value, dict):
        _gathered[-1].append(value)
        return
    import json  # loaded here, like text below: a hook that has nothing to say does without

    from confluence_changelog.text import json_safe

    print(json_safe(json.dumps(value, ensure_ascii=False, indent=2)), flush=True)


@contextlib.contextmanager
def gathered() -> "Iterator[list[dict[str, object]]]":
    """Gather what would be printed as JSON, in the list that is yielded."""
    found: list[dict[str, object]] = []
    _gathered.append(found)
    try:
        yield found
    finally:
        _gathered.remove(found)


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right number."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def warning(text: str) -> None:
    """Print a warning to standard error."""
    _say("warning", "33", text)


def error(text: str) -> None:
    """Print an error to standard error."""
    _say("error", "31", text)


def note(text: str) -> None:
    """Print a remark to standard error."""
    print(bounded(text), file=sys.stderr, flush=True)


def lines(text: str) -> None:
    """Print lines that are safe to print to standard error."""
    print(text, file=sys.stderr, flush=True)


def _say(kind: str, colour: str, text: str) -> None:
    shown = f"\x1b[1;{colour}m{kind}:\x1b[0m" if coloured(sys.stderr) else f"{kind}:"
    print(f"{shown} {bounded(text)}", file=sys.stderr, flush=True)


def safe(text: str) -> str:
    """Return a text that others wrote on one line: harmless to a terminal and a CI log, no secrets."""
    from confluence_changelog.redact import redact
    from confluence_changelog.text import clean, plain

    return plain(redact(clean(text))[0])


def bounded(text: str) -> str:
    """Return a sentence that may quote what others wrote: safe, and not too long."""
    shown = safe(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST // 2]} … {shown[-_TAIL:]}"


def coloured(stream: TextIO) -> bool:
    """Say whether a stream takes colours: a terminal, unless NO_COLOR or TERM=dumb ask for none."""
    return (
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"
    )


@contextlib.contextmanager
def progress(doing: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done while it is done, on a terminal; in a pipe show nothing.

    Yields a function that says what is being done next.
    """
    if not sys.stderr.isatty():
        yield lambda _doing: None
        return
    from rich.console import Console

    with Console(stderr=True).status(doing) as status:
        _shown.append(status)
        try:
            yield status.update
        finally:
            _shown.remove(status)


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Show no progress while somebody is asked."""
    for status in _shown:
        status.stop()
    try:
        yield
    finally:
        for status in _shown:
            status.start()
