"""``confluence-changelog check``: refuses commits whose messages do not say what and why."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from confluence_changelog.cleanup import is_empty
from confluence_changelog.cli import output
from confluence_changelog.config import FILE_NAME, find_file, load
from confluence_changelog.demands import Demands, demands
from confluence_changelog.errors import EXIT_OK, UsageError
from confluence_changelog.git import Repository
from confluence_changelog.message import Message, parse_message
from confluence_changelog.policy import Violation, violations
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

FILE holds the message of the commit that is being made (commit-msg hook). Without FILE or an option the
commits are checked that this run of a CI system is about; elsewhere, those that are not pushed."""

_EPILOGUE = """\
examples:
  confluence-changelog check .git/COMMIT_EDITMSG
  confluence-changelog check                              in CI: the commits of the request
  confluence-changelog check --report junit=check.xml --report gitlab=check.json
  confluence-changelog check --range origin/main..HEAD --policy-from origin/main
  confluence-changelog check --message - --format json < message.txt"""

_STAGES = {
    "pre-commit": "see that the commit-msg hook is installed, and that staged configuration is valid",
    "pre-push": "check what is being pushed, as Git or a hook manager names it",
    "pre-receive": "check what a server receives on published branches, by their present policy",
    "ci": "check what the run of a CI system is about (see range --explain --for check)",
}
VARIABLE, SETTING = "CONFLUENCE_CHANGELOG_PLUGINS", "confluence-changelog.plugins"
"""As in `plugins.allowed`, which is not loaded where nothing is set."""
_FORMS = ("json", "github", "gitlab", "junit", "markdown")
"""What `reports` writes, which commits do not load."""


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
        "--policy-from", metavar="REV", help="read the configuration as REV has it (for --range)"
    )
    parser.add_argument("--format", choices=["text", *_FORMS], default="text", help="default: text")
    parser.add_argument(
        "--report",
        action="append",
        metavar="FORM=FILE",
        help=f"also write a file (can be repeated; {', '.join(_FORMS)}), for ranges and in CI",
    )


def run(arguments: "argparse.Namespace") -> int:
    """Check what is asked for, and say what is wrong with it."""
    is_made = arguments.range is not None or arguments.stage == "ci"
    if (
        arguments.report
        and (arguments.words or arguments.stage or arguments.message)
        and not is_made
    ):
        raise UsageError("--report is for commits that are made: for --range, and in CI.")
    if not arguments.words or arguments.stage or arguments.range or arguments.message:
        from confluence_changelog.cli import gates  # a commit does without

        return gates.run(arguments)
    if len(arguments.words) > 1:
        raise UsageError("There is more than one message file: give one.")
    return check_file(arguments.words[0], arguments.config, arguments.format)


def check_file(name: str, named_configuration: Path | None = None, form: str = "text") -> int:
    """Check the message of the commit that is being made, and say what is wrong with it."""
    repository, settings = open_hook()
    config = _removed(repository, named_configuration) or configuration(
        repository.root, named_configuration
    )
    if config is None:
        return EXIT_OK
    file = Path(name)
    message = stored(read_file(file), settings, repository.root)
    if is_empty(message):  # Git itself refuses it
        return EXIT_OK
    parsed = parse_message(message)
    asked = demands(config, lambda: touched_paths(repository))
    wrong = miscorrections(repository, parsed, config)
    if asked is None and not wrong:
        return EXIT_OK
    if asked and (VARIABLE in os.environ or SETTING in settings):
        from confluence_changelog.plugins.rules import extra_rules  # few allow plugins

        if rules := extra_rules():
            asked = asked._replace(extra=rules, paths=tuple(touched_paths(repository)))
    found = violations(parsed, asked, is_merge=is_merge(repository)) if asked else []
    if asked and found and (is_left_out(message, config) or is_amended_merge(repository)):
        found = violations(parsed, asked, is_merge=True)
    found += wrong
    asked = asked or unbound(config)
    if not found and form == "text":
        return EXIT_OK
    from confluence_changelog.cli.findings import Finding, again, report

    finding = Finding("", "", parsed.subject, tuple(found), asked)
    return report([finding], form, lambda: again(repository, file))


def _removed(repository: Repository, named: Path | None) -> Config | None:
    """Return the configuration that the commit under way takes away; it binds this commit still."""
    if named or find_file(repository.root):
        return None
    from confluence_changelog.pushed import former_config  # most commits do without

    replaced = amended(repository)
    return former_config(repository, replaced.base if replaced else "HEAD")


def miscorrections(repository: Repository, message: Message, config: Config) -> list[Violation]:
    """Return what is wrong with trailers that correct other commits, whatever paths are touched.

    A correction is often an empty commit, which touches none.
    """
    if not any(key.lower() == "corrects" for key, _ in message.trailers):
        return []
    from confluence_changelog.corrections import unknown  # few commits have such a trailer
    from confluence_changelog.refusal import printable

    is_warning = "corrects-unknown" in config.policy.warnings
    return [
        Violation(
            "corrects-unknown",
            f'The trailer Corrects names "{printable(name)[:40]}", which is no one commit of this '
            "repository: give at least 7 digits of its id.",
            is_warning,
        )
        for name in unknown(repository, message)
    ]


def unbound(config: Config) -> Demands:
    """Return what is asked of a commit whatever it touches."""
    asked = demands(Config(policy=config.policy._replace(paths=())), list)
    assert asked is not None  # noqa: S101 - nothing depends on paths
    return asked


def is_amended_merge(repository: Repository) -> bool:
    """Tell whether a merge commit is being amended."""
    replaced = amended(repository)
    return replaced is not None and replaced.is_merge


def is_left_out(message: str, config: Config) -> bool:
    """Tell whether author or subject keep the commit that is being made from getting a row.

    Git passes the author on to its hooks (Git: builtin/commit.c, ``determine_author_info``).
    """
    scope = config.scope
    if not (scope.skip_authors or scope.skip_subjects):
        return False
    from datetime import UTC, datetime

    from confluence_changelog.commit import Commit, Identity
    from confluence_changelog.scope import commit_judges, first_reason

    name, email = (os.environ.get(f"GIT_AUTHOR_{part}", "") for part in ("NAME", "EMAIL"))
    who = Identity(name, email, datetime(1970, 1, 1, tzinfo=UTC))
    judges = commit_judges(scope._replace(paths=(), merges=True))
    return bool(first_reason(judges, Commit("", "", (), who, who, message, ())))


def configuration(root: Path, named: Path | None) -> Config | None:
    """Return the configuration, or None after saying in one line that there is none."""
    path = named or find_file(root)
    if path is None:
        output.note(f"confluence-changelog: no {FILE_NAME} here, nothing is checked.")
        return None
    return load(path)


def present_configuration(repository: Repository, named: Path | None) -> Config | None:
    """Return the configuration, in a bare repository that of the branch of HEAD; None as above."""
    from confluence_changelog.pushed import bare_config  # a commit does without

    found = None if named else bare_config(repository)
    return found or configuration(repository.root, named)
