"""What a commit message must say: message -> violations. Pure.

The policy binds `check` only. Publishing judges nothing: a commit that slipped through has its row too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from confluence_changelog.message import Message
from confluence_changelog.settings import PolicySettings

EMPTY_WORDS = frozenset(
    """
    change changes cleanup commit config configuration edit edits fix fixed fixes misc more nothing
    oops stuff test tests tmp todo typo update updated updates wip work x
    """.split()  # noqa: SIM905 - one word a line would hide what the list is
)
"""Words that say nothing when a subject has no others."""

EXAMPLE = """\
Move the primary resolver to 192.0.2.53

The old resolver leaves the data centre on Friday; clients that still
ask it would lose name resolution."""

_WORD = re.compile(r"[^\W_]+(?:[-.'/:]?[^\W_]+)*")
_AUTOSQUASH = ("fixup! ", "squash! ", "amend! ")


class Violation(NamedTuple):
    """What is wrong with a message: a stable rule id, and a sentence."""

    rule: str
    text: str


def violations(message: Message, settings: PolicySettings) -> list[Violation]:
    """Return what the policy finds wrong with a message.

    A message that ``git commit --fixup`` or ``--squash`` made is left alone: it is to vanish in a
    rebase, and the commit it goes into has been judged.
    """
    if message.subject.startswith(_AUTOSQUASH):
        return []
    return [*_subject(message, settings), *_reason(message, settings)]


def _subject(message: Message, settings: PolicySettings) -> Iterator[Violation]:
    words = _words(message.subject)
    empty = EMPTY_WORDS | {word.casefold() for word in settings.empty_words}
    if not words:
        yield Violation("subject-missing", "The first line does not say what changes.")
    elif all(word in empty for word in words):
        yield Violation(
            "subject-empty", f"The first line ({message.subject!r}) does not say what changes."
        )


def _reason(message: Message, settings: PolicySettings) -> Iterator[Violation]:
    if settings.reason_words == 0:
        return
    words = _words(message.body)
    if not words:
        yield Violation(
            "reason-missing",
            "The message does not say why: the body, below an empty line, is missing.",
        )
    elif set(words) <= set(_words(message.subject)):
        yield Violation("reason-repeats", "The body repeats the first line and does not say why.")
    elif len(words) < settings.reason_words:
        yield Violation(
            "reason-short",
            f"The body has {len(words)} words and does not say why; {settings.reason_words} are the "
            "least.",
        )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
