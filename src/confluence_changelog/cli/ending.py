"""Ends a publisher that nobody watches, when it is at work for too long."""

import os
import threading

from confluence_changelog import notes
from confluence_changelog.errors import EXIT_REFUSED
from confluence_changelog.git import Repository


class _End(threading.Timer):
    """Ends this process, unless it is done by then."""


def end_after(seconds: float, repository: Repository) -> None:
    """End this process when it is at work for too long, whatever it then waits for."""

    def end() -> None:
        notes.write_failure(
            repository.common_dir, f"Publishing took more than {seconds:.0f} s and was ended."
        )
        os._exit(EXIT_REFUSED)

    if not _ends():
        timer = _End(seconds, end)
        timer.daemon = True
        timer.start()


def call_off() -> None:
    """Do not end this process any more."""
    for end in _ends():
        end.cancel()
        end.join()


def _ends() -> list[_End]:
    return [thread for thread in threading.enumerate() if isinstance(thread, _End)]
