"""What is wrong with a commit message: message + demands -> violations. Pure.

The policy binds `check` only. Publishing judges nothing: a commit that slipped through has its row too.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confluence_changelog.demands import Demands
from confluence_changelog.message import Message

EMPTY_WORDS = frozenset(
    """
    change changes cleanup commit config configuration edit edits fix fixed fixes misc more nothing
    oops stuff test tests tmp todo typo update updated updates wip work x
    """.split()  # noqa: SIM905 - one word a line would hide what the list is
)
"""Words that say nothing when a subject has no others."""

_WORD = re.compile(r"[^\W_]+(?:[-.'/:]?[^\W_]+)*")
_AUTOSQUASH = ("fixup! ", "squash! ", "amend! ")
_SQUASHED = "Squashed commit of the following:"
_QUOTED_SUBJECT = ('Revert "', 'Reapply "')
_REVERTS = r"This reverts commit [0-9a-f]{7,64}(?:, reversing\s+changes made to [0-9a-f]{7,64})?\.?"
_LOG_HEADER = r"(?m)^(?:commit [0-9a-f]{40,64}|(?:Merge|Author|Date): .*)$"
_UNSPACED = "\u0e00"
"""From here on there are scripts without spaces between words: Thai, Chinese, Japanese."""
_HANGUL = ("\uac00", "\ud7a3")
_LONGEST_QUOTE = 60


class Violation(NamedTuple):
    """What is wrong with a message: a stable rule id (see `rules`), and a sentence."""

    rule: str
    text: str
    is_warning: bool = False


def violations(
    message: Message, demands: Demands, *, is_merge: bool = False, may_autosquash: bool = True
) -> list[Violation]:
    """Return what is wrong with a message.

    Of a merge commit nothing is asked but that it holds no secret: what it merges has been judged.
    The same goes for a message that ``git commit --fixup`` or ``--squash`` made while
    ``may_autosquash``: it is to vanish in a rebase.
    """
    found = [*_secrets(message)] if demands.secrets else []
    is_autosquash = message.subject.startswith(_AUTOSQUASH)
    if is_autosquash and not is_merge and not may_autosquash:
        word = message.subject.partition(" ")[0]
        text = f"A {word} commit must be squashed before it reaches a published branch."
        found.append(Violation("autosquash", text))
    if not is_merge and not is_autosquash:
        found += [*_subject(message, demands), *_reason(message, demands)]
        found += [*_trailers(message, demands), *_patterns(message, demands)]
        found += _extra(message, demands)
    return [item._replace(is_warning=item.rule in demands.warnings) for item in found]


def quoted(subject: str) -> str:
    """Return a subject for a sentence: without secrets, and cut."""
    from confluence_changelog.redact import redact
    from confluence_changelog.text import clean

    safe = redact(clean(subject))[0]
    return safe if len(safe) <= _LONGEST_QUOTE else f"{safe[: _LONGEST_QUOTE - 1].rstrip()}…"


def _subject(message: Message, demands: Demands) -> Iterator[Violation]:
    words = _words(message.subject)
    empty = EMPTY_WORDS | demands.empty_words
    length = len(message.subject)
    if not words:
        yield Violation("subject-missing", "The first line does not say what changes.")
    elif message.subject == _SQUASHED or all(word in empty for word in words):
        text = f"The first line ({quoted(message.subject)!r}) does not say what changes."
        yield Violation("subject-empty", text)
    elif 0 < demands.subject_length < length and not message.subject.startswith(_QUOTED_SUBJECT):
        text = f"The first line has {length} characters; {demands.subject_length} are the most."
        yield Violation("subject-long", text)


def _reason(message: Message, demands: Demands) -> Iterator[Violation]:
    if demands.reason_words == 0:
        return
    body, reverts = message.body, 0
    if "This reverts commit " in body:
        body, reverts = re.subn(_REVERTS, "", body)
    if message.subject == _SQUASHED or _SQUASHED in body:
        body = re.sub(_LOG_HEADER, "", body.replace(_SQUASHED, ""))
    words = _words(body)
    count = sum(map(_weight, words))
    if not words and reverts:
        text = "The message says what it reverts, but not why."
        yield Violation("revert-reason", text)
    elif not words:
        text = "The message does not say why: the body, below an empty line, is missing."
        yield Violation("reason-missing", text)
    elif set(words) <= set(_words(message.subject)):
        yield Violation("reason-repeats", "The body repeats the first line and does not say why.")
    elif count < demands.reason_words:
        text = (
            f"The body has {count} {'word' if count == 1 else 'words'} and does not say why; "
            f"{demands.reason_words} are the least."
        )
        yield Violation("reason-short", text)


def _trailers(message: Message, demands: Demands) -> Iterator[Violation]:
    present = {trailer.key.casefold() for trailer in message.trailers if trailer.value}
    for key in demands.trailers:
        if key.casefold() not in present:
            text = f"The trailer {key} is missing: end the message with a line “{key}: …”."
            yield Violation("trailer-missing", text)


def _patterns(message: Message, demands: Demands) -> Iterator[Violation]:
    whole = "\n".join(_parts(message))
    for ticket in demands.tickets:
        if not re.search(ticket, whole):
            yield Violation("ticket-missing", f"The message names no ticket (such as {ticket}).")
    for entry in demands.forbidden:
        if re.search(entry.pattern, whole):
            text = entry.message or f"The message holds what may not be in it ({entry.pattern})."
            yield Violation("forbidden", text)


def _extra(message: Message, demands: Demands) -> Iterator[Violation]:
    for rule in demands.extra:
        if text := rule.wrong(message, demands.paths):
            yield Violation(rule.id, text)


def _secrets(message: Message) -> Iterator[Violation]:
    from confluence_changelog.redact import redact

    body = "\n".join(_parts(message)[2:])
    for place, text in (("first line", message.subject), ("message below the first line", body)):
        for name in redact(_visible(text))[1]:
            yield Violation(
                "secret", f"The {place} holds {name}: it must not get into the history."
            )


def _visible(text: str) -> str:
    """Drop the invisible characters that could hide a secret; most texts have none."""
    if text.isascii() and text.replace("\n", " ").replace("\t", " ").isprintable():
        return text
    from confluence_changelog.text import clean

    return clean(text)


def _parts(message: Message) -> Sequence[str]:
    trailers = (f"{trailer.key}: {trailer.value}" for trailer in message.trailers)
    return [message.subject, "", message.body, "", *trailers]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _weight(word: str) -> int:
    """Return for how many words a word counts; without spaces, two letters count as one."""
    if word.isascii():
        return 1
    letters = [letter for letter in word if letter >= _UNSPACED]
    unspaced = sum(not _HANGUL[0] <= letter <= _HANGUL[1] for letter in letters)
    return max(1, unspaced // 2)
