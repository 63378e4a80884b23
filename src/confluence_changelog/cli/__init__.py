"""The command line. Only the modules of this package print or exit.

Results go to standard output; progress, warnings and errors go to standard error.
"""

import os
import sys
from collections.abc import Sequence

from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_INTERRUPTED, EXIT_USAGE, ChangelogError

_DESCRIPTION = """\
Keeps a change log on a Confluence page: a table with one row for every Git commit, newest first,
each commit exactly once, and nothing else on the page touched."""

_EPILOGUE = """\
environment:
  CONFLUENCE_URL       address of Confluence; credentials go to its host only
  CONFLUENCE_PAGE      id of the page with the log
  CONFLUENCE_TOKEN     personal access token, or
  CONFLUENCE_USER, CONFLUENCE_PASSWORD

exit status:
  0 all well    1 something was found    2 wrong use or configuration
  3 Git or Confluence refused, or could not be reached; it can be run again    130 interrupted"""

_COMMANDS = {
    "check": "refuse a commit message that does not say what and why",
    "prepare": "ask for what a commit message must say, in the editor",
    "publish": "give commits their rows on the page",
    "note": "note new commits for a publisher in the background, as Git's hooks do",
    "status": "show what waits for its row, and what the policy finds wrong",
    "sandbox": "run a local Confluence to try things on",
    "demo": "see commits become rows on a local Confluence",
}
"""Each is a module of this package with `add_arguments` and `run`."""


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


def _run(words: list[str]) -> int:
    if len(words) == 2 and words[0] == "check" and not words[1].startswith("-"):
        # What every commit runs does without argparse, which is a tenth of the time it takes.
        from confluence_changelog.cli.check import check_file

        return check_file(words[1])
    from confluence_changelog.cli.parser import parse

    arguments = parse(words, _COMMANDS, _DESCRIPTION, _EPILOGUE)
    return int(arguments.run(arguments))
