"""The command line. Only the modules of this package print or exit.

Results go to standard output; progress, warnings and errors go to standard error.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_INTERRUPTED, EXIT_REFUSED, EXIT_USAGE, ChangelogError

_DESCRIPTION = """\
Keeps a change log on a Confluence page: a table with one row for every Git commit, newest first,
each commit exactly once, and nothing else on the page touched."""

_EPILOGUE = """\
environment:
  CONFLUENCE_URL       address of Confluence; credentials go to its host only
  CONFLUENCE_PAGE      id of the page with the log
  CONFLUENCE_TOKEN     personal access token, or
  CONFLUENCE_USER, CONFLUENCE_PASSWORD; on Cloud e-mail address and API token
  CONFLUENCE_CREDENTIAL_COMMAND   a command whose output is the token or password

exit status:
  0 all well    1 something was found    2 wrong use or configuration
  3 Git or Confluence refused, or could not be reached; it can be run again    130 interrupted"""

_COMMANDS = {
    "init": "set up: page, table, columns and hooks, question by question",
    "check": "refuse a commit message that does not say what and why",
    "prepare": "ask for what a commit message must say, in the editor",
    "publish": "give commits their rows on the page",
    "audit": "prove that every commit is on the page, once, unaltered",
    "archive": "move the oldest rows of a long log to child pages",
    "range": "show which commits a publication would take, and why",
    "note": "note new commits for a publisher in the background, as Git's hooks do",
    "install": "have Git run the hooks in this repository",
    "uninstall": "take back what install wrote",
    "add": "add a row by hand, for a change that is not in Git",
    "tables": "list the tables of a page, and which one is the log",
    "page": "show, write, check and make pages",
    "status": "show what waits for its row, and what the policy finds wrong",
    "login": "log in to a Confluence, and keep that in the keyring",
    "logout": "remove a log-in from the keyring",
    "doctor": "say what is right and what is wrong, with the remedy",
    "sandbox": "run a local Confluence to try things on",
    "demo": "see commits become rows on a local Confluence",
}
"""Each is a module of this package with `add_arguments` and `run`."""

_BRIEF = ("check", "note", "prepare")
"""Git waits for these."""


def program() -> NoReturn:
    """Be the program ``confluence-changelog``: run its command line and end the process.

    What Git waits for ends at once. To take the interpreter apart would cost a sixth of the time of
    a hook, and to look for garbage a twentieth, while the system takes back everything anyway.
    """
    is_brief = sys.argv[1:2] != [] and sys.argv[1] in _BRIEF
    if is_brief:
        gc.disable()
    try:
        status = main()
    except Exception as error:  # noqa: BLE001 - a traceback in front of a user is a bug, and 1 a finding
        status = _unforeseen(error)
    if is_brief and _is_all_written():
        os._exit(status)
    sys.exit(status)


def _unforeseen(error: Exception) -> int:
    """Say so, and exit as after a refusal: nothing was found, and nothing is lost."""
    if os.environ.get("CONFLUENCE_CHANGELOG_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    output.error(
        f"confluence-changelog failed in a way that nobody foresaw ({type(error).__name__}); please report "
        "it with its version and what CONFLUENCE_CHANGELOG_TRACEBACK=1 shows, nothing is lost."
    )
    return EXIT_REFUSED


def _is_all_written() -> bool:
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        return False
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    output.use_utf8()
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        return _run(words)
    except ChangelogError as error:
        output.error(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        output.error("Interrupted; run again, each commit gets its row once.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as in `… | head`; nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_USAGE
    except OSError as error:
        # A disk that is full, for instance, or a file that belongs to someone else.
        what = f"{error.filename}: " if error.filename else ""
        output.error(f"{what}{error.strerror or error}; put that right and run again.")
        return EXIT_REFUSED


def _run(words: list[str]) -> int:
    if len(words) == 2 and words[0] == "check" and not words[1].startswith("-"):
        # What every commit runs does without argparse, a tenth of the time that it would take.
        from confluence_changelog.cli.check import check_file

        return check_file(words[1])
    if words == ["note", "--post-commit"]:
        from confluence_changelog.cli.note import run_hook

        return run_hook("post-commit")
    from confluence_changelog.cli.parser import parse

    arguments = parse(words, _COMMANDS, _DESCRIPTION, _EPILOGUE)
    return int(arguments.run(arguments))
