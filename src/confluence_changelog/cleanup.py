"""The file of a commit message -> the message that Git will store. Pure.

Git: builtin/commit.c (``prepare_to_commit``, ``cleanup_message``), strbuf.c (``strbuf_stripspace``)
and wt-status.c (``wt_status_locate_end``); the same in Git 2.39 and 2.5x.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

_SPACE = " \t\r\n"
"""What Git's own ``isspace`` takes for white space (git-compat-util.h, ctype.c)."""
_SCISSORS = "------------------------ >8 ------------------------"
_CANDIDATES = "#;@!$%^&|:"
"""What ``core.commentChar = auto`` chooses from (Git: ``adjust_comment_line_char``)."""
_SIGN_OFF = "Signed-off-by: "
_TRUE = r"(?i)true|yes|on|[+-]?0*[1-9][0-9]*"


class Cleanup(NamedTuple):
    """How Git will clean a message."""

    mode: str
    """``strip``, ``whitespace``, ``verbatim`` or ``scissors``."""
    comment: str
    """What begins a comment line; empty: nothing does."""
    is_verbose: bool
    """Whether all below a scissors line goes, whatever the mode."""


def cleanup(text: str, settings: Mapping[str, str], *, editor: str) -> Cleanup:
    """Return how Git will clean the text of a message file.

    ``settings`` are Git's, by lower-case key. ``editor`` is GIT_EDITOR: Git sets it to ``:`` for
    the hooks of a commit without an editor (Git: githooks, "pre-commit"), whose comments stay.
    Options of the command line reach no hook and are not known: ``--cleanup`` not at all,
    ``--verbose`` by what it leaves in the text.
    """
    comment = _comment(text, settings)
    is_edited = editor != ":" or _has_status(text, comment)
    mode = settings.get("commit.cleanup", "default")
    if mode not in ("strip", "whitespace", "verbatim", "scissors"):
        mode = "strip" if is_edited else "whitespace"
    if mode == "scissors" and not is_edited:
        mode = "whitespace"
    if settings.get("core.commentchar", "").lower() == "auto" and not is_edited:
        comment = ""  # Git chooses a character that begins no line
    verbose = settings.get("commit.verbose", "")
    is_verbose = bool(verbose and re.fullmatch(_TRUE, verbose))
    return Cleanup(mode, comment, is_verbose or (is_edited and _has_cut(text, comment)))


def clean_up(text: str, how: Cleanup) -> str:
    """Return the message that Git stores."""
    if how.comment and (how.is_verbose or how.mode == "scissors"):
        text = _before_scissors(text, how.comment)
    if how.mode == "verbatim":
        return text
    return strip_space(text, how.comment if how.mode == "strip" else "")


def strip_space(text: str, comment: str = "") -> str:
    """Do what ``git stripspace`` does; lines that begin with a comment text are dropped."""
    kept: list[str] = []
    is_pending = False
    for line in text.split("\n"):
        if comment and line.startswith(comment):
            continue
        bare = line.rstrip(_SPACE)
        if bare:
            kept += ["", bare] if is_pending and kept else [bare]
        is_pending = not bare
    return "\n".join([*kept, ""]) if kept else ""


def is_empty(message: str) -> bool:
    """Tell whether Git itself refuses a clean message: nothing in it but sign-offs."""
    lines = message.split("\n")
    return all(not line.strip(_SPACE) or line.startswith(_SIGN_OFF) for line in lines)


def _comment(text: str, settings: Mapping[str, str]) -> str:
    chosen = settings.get("core.commentchar", "#")
    if chosen.lower() != "auto":
        return chosen or "#"
    cut = re.search(rf"(?m)^(.) {_SCISSORS}\n\1 ", text)
    last = cut[1] if cut else text.rstrip().rpartition("\n")[2][:1]
    return last if last and last in _CANDIDATES else "#"


def _has_status(text: str, comment: str) -> bool:
    """Tell whether Git's comments for an editor are in the text: three or more, one of them bare.

    They show that there was one, though GIT_EDITOR is ``:`` (as scripts set it to change nothing).
    """
    lines = text.rstrip(_SPACE).split("\n")
    at = len(lines)
    while at and lines[at - 1].startswith(comment):
        at -= 1
    return len(lines) - at > 2 and comment in lines[at:]


def _has_cut(text: str, comment: str) -> bool:
    """Tell whether Git wrote a scissors line: a comment follows it."""
    return f"\n{comment} {_SCISSORS}\n{comment}" in f"\n{text}"


def _before_scissors(text: str, comment: str) -> str:
    before, cut, _ = f"\n{text}".partition(f"\n{comment} {_SCISSORS}\n")
    return f"{before}\n"[1:] if cut else text
