"""``confluence-changelog demo``: shows the main job on a local Confluence."""

import argparse
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_OK
from confluence_changelog.text import plain

if TYPE_CHECKING:
    from confluence_changelog.demo.tour import Step
    from confluence_changelog.sandbox import Sandbox

_EXAMPLES = """\
examples:
  confluence-changelog demo                  on a repository that it makes
  confluence-changelog demo --serve          and leave the page open for a browser
  confluence-changelog demo --repo ../config on the newest commits of another repository"""

_WIDTHS = (18, 11, 34, 34)
"""Of the columns of the log, in characters."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = (
        "Start a local Confluence, publish the commits of a real repository to its log, publish again,\n"
        "and solve a conflict with another hand. Nothing leaves this machine."
    )
    parser.epilog = _EXAMPLES
    parser.add_argument("--repo", type=Path, metavar="PATH", help="a repository to publish from")
    parser.add_argument(
        "--serve", action="store_true", help="go on serving the page until interrupted"
    )
    parser.add_argument(
        "--port", type=int, default=0, help="TCP port of the local Confluence (default: any)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the demonstration."""
    from confluence_changelog.demo.history import make_history
    from confluence_changelog.sandbox import Sandbox

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = arguments.repo
        if path is None:
            path = Path(folder)
            make_history(path)
        with Sandbox(port=arguments.port) as sandbox:
            _show(sandbox, path, own=arguments.repo is None)
            if arguments.serve:
                output.result("It stays there until Ctrl-C; no log-in is needed to look.")
                _wait()
            else:
                output.result("It is gone now; with --serve it stays for your browser.")
    return EXIT_OK


def _show(sandbox: "Sandbox", path: Path, *, own: bool) -> None:
    from confluence_changelog.demo import history, tour
    from confluence_changelog.sandbox import LOG_ID

    with output.progress("publishing") as report:
        first = tour.publish_newest(sandbox, path, report)
        _heading("1. The commits of a repository become rows of the log")
        _show_step(first)
        again = tour.publish_newest(sandbox, path, report)
        _heading("2. Publishing again: every commit has its row, nothing is written")
        _show_step(again)
        if own:
            note = tour.let_another_hand_edit(sandbox)
            history.commit(path, [history.LATER])
            last = tour.publish_newest(sandbox, path, report)
            _heading(
                "3. A new commit, while somebody else saves the page between our read and write"
            )
            _show_step(last)
            kept = note in sandbox.page(LOG_ID).storage
            output.result(f"   the other hand's note {note!r} is {'kept' if kept else 'LOST'}")
    _show_page(sandbox)


def _show_step(step: "Step") -> None:
    rows = output.count(len(step.done.rows), "new row")
    output.result(
        f"   {rows}, {step.done.already} were there; requests: {', '.join(step.requests)}"
    )
    for item in step.found.skipped:
        output.result(f"   no row for {item.commit.abbreviated}: {plain(item.reason)}")


def _show_page(sandbox: "Sandbox") -> None:
    from confluence_changelog.demo import tour
    from confluence_changelog.sandbox import LOG_ID
    from confluence_changelog.storage.scan import cells, scan
    from confluence_changelog.storage.visible import visible_text

    body = sandbox.page(LOG_ID).storage
    _heading("The log now")
    for row in scan(body)[1].rows:
        texts = [visible_text(body[cell.start : cell.end]) for cell in cells(body, row)]
        shown = "  ".join(map(_fitted, texts, _WIDTHS))
        output.result(f"   {shown}".rstrip())
    _heading("The versions of the page")
    for version in sandbox.versions(LOG_ID):
        output.result(f"   {version.number}  {version.author}: {plain(version.message) or '-'}")
    output.result(f"\n{tour.address(sandbox)}")


def _heading(text: str) -> None:
    output.result(f"\n{text}")


def _fitted(text: str, width: int) -> str:
    shown = plain(text)
    return shown.ljust(width) if len(shown) <= width else shown[: width - 1] + "…"


def _wait() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
