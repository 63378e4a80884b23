"""``confluence-changelog check``: refuses commits whose messages do not say what and why."""

from pathlib import Path
from typing import TYPE_CHECKING

from confluence_changelog.cleanup import is_empty
from confluence_changelog.cli import output
from confluence_changelog.config import FILE_NAME, find_file, load
from confluence_changelog.demands import demands
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.message import parse_message
from confluence_changelog.policy import violations
from confluence_changelog.settings import Config
from confluence_changelog.staged import (
    amended,
    is_merge,
    open_hook,
    read_file,
    stored,
    touched_paths,
)

if TYPE_CHECKING:
    import argparse

_DESCRIPTION = """\
Check that commit messages say what changes and why, as the policy of the configuration asks.
It applies to commits that touch the configured paths. Nothing is published or asked of a server.

Without an option, FILE holds the message of the commit that is being made (commit-msg hook)."""

_EPILOGUE = """\
examples:
  confluence-changelog check .git/COMMIT_EDITMSG
  confluence-changelog check --range origin/main..HEAD --policy-from origin/main
  confluence-changelog check --message - --format json < message.txt"""

_STAGES = {
    "pre-commit": "see that the commit-msg hook is installed, and that staged configuration is valid",
    "pre-push": "check what is being pushed, as Git or a hook manager names it",
    "pre-receive": "check what a server receives on published branches, by their present policy",
}


def add_arguments(parser: "argparse.ArgumentParser") -> None:
    """Describe the command and its arguments."""
    parser.description = _DESCRIPTION
    parser.epilog = _EPILOGUE
    parser.add_argument("words", nargs="*", metavar="FILE", help="the file that holds the message")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--range", metavar="A..B", help="check the commits of a revision range")
    what.add_argument("--message", metavar="TEXT", help="check a message; - reads it from stdin")
    for stage, summary in _STAGES.items():
        what.add_argument(
            f"--{stage}", dest="stage", action="store_const", const=stage, help=summary
        )
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration file")
    parser.add_argument(
        "--policy-from", metavar="REV", help="read the configuration as REV has it (with --range)"
    )
    parser.add_argument(
        "--format", choices=["text", "json", "github"], default="text", help="default: text"
    )


def run(arguments: "argparse.Namespace") -> int:
    """Check what is asked for, and say what is wrong with it."""
    if not arguments.words or arguments.stage or arguments.range or arguments.message:
        from confluence_changelog.cli import gates  # a commit does without

        return gates.run(arguments)
    if len(arguments.words) > 1:
        raise UsageError("There is more than one message file: give one.")
    return check_file(arguments.words[0], arguments.config, arguments.format)


def check_file(name: str, named_configuration: Path | None = None, form: str = "text") -> int:
    """Check the message of the commit that is being made, and say what is wrong with it."""
    repository, settings = open_hook()
    config = configuration(repository.root, named_configuration)
    if config is None:
        return EXIT_OK
    file = Path(name)
    message = stored(read_file(file), settings, repository.root)
    if is_empty(message):  # Git itself refuses it
        return EXIT_OK
    asked = demands(config, lambda: touched_paths(repository))
    if asked is None:
        return EXIT_OK
    parsed = parse_message(message)
    found = violations(parsed, asked, is_merge=is_merge(repository))
    if found and (replaced := amended(repository)) and replaced.is_merge:
        found = violations(parsed, asked, is_merge=True)
    if not found and form == "text":
        return EXIT_OK
    from confluence_changelog.cli.findings import Finding, again, report

    finding = Finding("", "", parsed.subject, tuple(found), asked)
    return report([finding], form, lambda: again(repository, file))


def configuration(root: Path, named: Path | None) -> Config | None:
    """Return the configuration, or None after saying in one line that there is none."""
    path = named or find_file(root)
    if path is None:
        output.note(f"confluence-changelog: no {FILE_NAME} here, nothing is checked.")
        return None
    return load(path)
