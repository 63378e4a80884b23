"""Another hand: edits the page over REST as an editor does, and leaves a token with each edit."""

import re
import threading
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

import requests

from campaign.flavours import EDITOR
from campaign.page import handmade, link
from campaign.plan import deck
from campaign.server import Server
from confluence_changelog.sandbox.editor import resave


class HandEdit(NamedTuple):
    """One edit."""

    token: str
    """A word that no other edit leaves."""
    kind: str
    commit: str
    """One that the edit names."""


def hand_edits(
    random: Random, commits: Sequence[str], count: int, *, archiving: bool = False
) -> list[HandEdit]:
    """Draw the edits; their tokens are ``token-001x`` and so on.

    While rows move away none is looked for that may be gone.
    """
    kinds = deck(random, [kind for kind in _CHANGES if not archiving or kind not in _OF_OLD_ROWS])
    return [
        HandEdit(f"token-{number:03}x", next(kinds), random.choice(commits))
        for number in range(1, count + 1)
    ]


def change(text: str, edit: HandEdit) -> str:
    """Return a page body after the edit."""
    changed = _CHANGES[edit.kind](text, edit)
    assert edit.token in changed, f"{edit.kind} found no place on the page"
    return changed


class Hand:
    """Makes the edits one after another, whoever asks for the next."""

    def __init__(self, server: Server, edits: Sequence[HandEdit]) -> None:
        self._wire = server.wire
        self._address = server.url + server.wire.page.format(server.page)
        self._left = list(reversed(edits))
        self._lock = threading.Lock()
        self._session = requests.Session()
        self._session.auth = (server.wire.editor, EDITOR)

    def close(self) -> None:
        """Close the session."""
        self._session.close()

    def edit(self) -> bool:
        """Make the next edit, again and again until it wins; say whether there was one."""
        with self._lock:
            if not self._left:
                return False
            edit = self._left.pop()
            while not self._save(edit):
                pass
            return True

    def finish(self) -> None:
        """Make all edits that are left."""
        while self.edit():
            pass

    def _save(self, edit: HandEdit) -> bool:
        """Read, change and write; say whether nobody wrote in between."""
        read = self._session.get(self._address, params=self._wire.query)
        read.raise_for_status()
        page = read.json()
        storage = change(page["body"]["storage"]["value"], edit)
        written = self._session.put(
            self._address, json=self._wire.edited(page, storage, edit.token)
        )
        if written.status_code == 409:
            return False
        written.raise_for_status()
        return True


class Pace:
    """Makes an edit after so many nudges, in a thread of its own, beside the publishers."""

    def __init__(self, hand: Hand, every: int) -> None:
        self._hand, self._every = hand, every
        self._nudges = 0
        self._due = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._over = False
        self._thread = threading.Thread(target=self._edit)
        self._thread.start()

    def nudge(self) -> None:
        """Count one; the edit that may be due is not waited for."""
        with self._lock:
            self._nudges += 1
            if self._nudges % self._every:
                return
        self._due.release()

    def stop(self) -> None:
        """End the thread; edits that are left stay left."""
        self._over = True
        self._due.release()
        self._thread.join()

    def _edit(self) -> None:
        while self._due.acquire() and not self._over:
            self._hand.edit()


def _append(text: str, edit: HandEdit) -> str:
    return f"{text}<p>{edit.token}</p>"


def _above_the_log(text: str, edit: HandEdit) -> str:
    return re.sub(r"(?=<h2[^>]*>Log</h2>)", f"<p>{edit.token} {edit.commit}</p>", text, count=1)


def _text(marker: str) -> Callable[[str, HandEdit], str]:
    """Return an edit that adds to the text that begins with a marker."""
    return lambda text, edit: re.sub(rf"{marker}[^<]*", rf"\g<0> {edit.token}", text, count=1)


def _top_row(text: str, edit: HandEdit) -> str:
    place = [header.end() for header in re.finditer(r">Why(</p>)?</th></tr>", text)][-1]
    return text[:place] + _row(edit) + text[place:]


def _middle_row(text: str, edit: HandEdit) -> str:
    """Add a row below one that was typed by hand."""
    place = text.index("</tr>", text.index("Relay:")) + len("</tr>")
    return text[:place] + _row(edit) + text[place:]


def _last_row(text: str, edit: HandEdit) -> str:
    header = [found.end() for found in re.finditer(r">Why(</p>)?</th></tr>", text)][-1]
    place = text.index("</tbody>", header)
    return text[:place] + _row(edit) + text[place:]


def _row(edit: HandEdit) -> str:
    return handmade("By hand", f"{edit.token} {link(edit.commit)}", edit.commit)


def _resave(text: str, edit: HandEdit) -> str:
    """Save through the editor, which rewrites the whole page."""
    return resave(_append(text, edit))


_CHANGES: dict[str, Callable[[str, HandEdit], str]] = {
    "a paragraph at the end": _append,
    "a paragraph above the log": _above_the_log,
    "the first paragraph": _text("Notes:"),
    "a cell of another table": _text("Duty:"),
    "a cell of a row typed by hand": _text("Relay:"),
    "a row at the top": _top_row,
    "a row in the middle": _middle_row,
    "a row at the end": _last_row,
    "the editor": _resave,
}
_OF_OLD_ROWS = ("a cell of a row typed by hand", "a row in the middle")
