"""The text of a hook that `install` writes, and how it is told from other people's. Pure.

It is for any POSIX shell, and starts nothing but a hook that was there before, and this tool: the
shell of Git for Windows comes without other programs in its smallest edition.
"""

import re
from hashlib import sha256
from typing import Literal

from confluence_changelog.hooks.stages import Stage

BEFORE = ".before-confluence-changelog"
"""Ends the name of the hook that was there before."""

LEGACY = ".legacy"
"""Ends the name of the hook that pre-commit or prek found in the place of theirs, and run first."""

_MARK = "# Written by confluence-changelog install, taken back by confluence-changelog uninstall:"
_HEAD = re.compile(rf"#!/bin/sh\n{re.escape(_MARK)} ([0-9a-f]{{16}})\n")
_OWN_NAME = re.compile(
    r"""basename[ ("'{$-]+0\b|\$\{0##|\$PROGRAM_NAME|basename\((?:__file__|sys\.argv)"""
)
_FOLDER = "# The folder was made for it.\n"
_OURS = """\
ours() {{
    if [ -x "$python" ]; then
        "$python" -P -m confluence_changelog {command} "$@"
    elif command -v confluence-changelog >/dev/null 2>&1; then
        confluence-changelog {command} "$@"
    else
        printf '%s\\n' 'confluence-changelog is not installed any more, {outcome}:' \\
            "install it again, or take this hook away: $0" >&2
        return 1
    fi
}}
"""
_REFUSED = "so that nothing is let through unchecked"
_PASSED = "so that nothing was done"

# A hook that refuses ends the matter; after the fact both run.
_THEN = {
    (True, False): """\
if [ -x "$old" ]; then
    "$old" "$@" || exit
fi
ours "$@"
""",
    (True, True): """\
if [ ! -x "$old" ]; then
    ours "$@"
    exit
fi
{reading}give | "$old" "$@" || exit
give | ours "$@"
""",
    (False, False): """\
status=0
if [ -x "$old" ]; then
    "$old" "$@" || status=$?
fi
{never_fails}exit "$status"
""",
    (False, True): """\
status=0
if [ ! -x "$old" ]; then
    ours "$@"
    exit 0
fi
{reading}give | "$old" "$@" || status=$?
give | ours "$@"
exit "$status"
""",
}
_READING = """\
lines=$(while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done)
give() {
    [ -z "$lines" ] || printf '%s\\n' "$lines" 2>/dev/null
}
"""
_PREPARING = '[ "$status" -ne 0 ] || '
"""An aborted commit needs no template; after the fact ours runs whatever another hook said."""


def script(stage: Stage, python: str, *, made_folder: bool = False) -> str:
    """Return the text of a hook.

    Args:
        stage: which hook.
        python: absolute path of the interpreter that has this package, with forward slashes: a
            graphical client knows no virtual environment. Without it the command is looked for on
            PATH.
        made_folder: remember that `uninstall` is to take the folder away as well.

    """
    never_fails = f'{_PREPARING if stage.name == "prepare-commit-msg" else ""}ours "$@"\n'
    then = _THEN[stage.refuses, stage.reads].format(reading=_READING, never_fails=never_fails)
    body = (
        (_FOLDER if made_folder else "")
        + f'old="${{0%/*}}/{stage.name}{BEFORE}"\n'
        + f"python={_quoted(python)}\n"
        + _OURS.format(command=stage.command, outcome=_REFUSED if stage.refuses else _PASSED)
        + then
    )
    return f"#!/bin/sh\n{_MARK} {_digest(body)}\n{body}"


def origin(text: str) -> Literal["ours", "edited", "foreign"]:
    """Tell whose a hook is: as it was written by any version of this tool, edited since, or not ours."""
    head = _HEAD.match(text)
    if head and head[1] == _digest(text[head.end() :]):
        return "ours"
    return "edited" if _MARK in text else "foreign"


def calls_by_name(text: str) -> bool:
    """Tell whether a hook asks what it is called, as those of Gitea and overcommit do."""
    return bool(_OWN_NAME.search(text))


def made_folder(text: str) -> bool:
    """Tell whether the folder of one of our hooks was made for it."""
    return _FOLDER in text


def _digest(body: str) -> str:
    return sha256(body.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
