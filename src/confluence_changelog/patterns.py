"""gitignore patterns of paths. Pure, and quick to load: the hooks decide with it what to judge.

The translation is that of pathspec's ``GitIgnoreBasicPattern``, to the letter, which a test
verifies: Git's documented patterns (gitignore, "PATTERN FORMAT"), and a file below an excluded
folder can be taken in again.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.refusal import printable

_SPECIAL_IN_BRACKETS = r"[\\&|~\[]"


def path_filter(patterns: Sequence[str], key: str = "paths") -> Callable[[str], bool]:
    """Return the function that tells whether the last pattern that matches a path takes it in.

    Paths are Git's: relative to the root, "/" between folders.
    Raises ConfigurationError, which names the configuration's key, for a pattern that is none,
    that can match nothing, or that only takes out.
    """
    rules = [_rule(pattern, key) for pattern in patterns]
    if rules and not any(include for _, include in rules):
        raise _wrong(key, patterns[0], 'takes paths out of nothing: put "*" before it')
    rules.reverse()

    @lru_cache(maxsize=1 << 16)
    def covers(path: str) -> bool:
        return next((include for matches, include in rules if matches(path)), False)

    return covers


def _rule(pattern: str, key: str) -> tuple[Callable[[str], object], bool]:
    try:
        translated = translate(pattern)
        if translated is None:
            raise _wrong(key, pattern, "can match nothing")
        expression, include = translated
        return re.compile(expression).search, include
    except (ValueError, re.error) as error:
        raise _wrong(key, pattern, "is no gitignore pattern") from error


def translate(pattern: str) -> tuple[str, bool] | None:
    """Return the regular expression to search a path for, and whether a match takes it in.

    None for a comment and a blank line. Raises ValueError for what is no pattern.
    """
    text = pattern if pattern.endswith("\\ ") else pattern.rstrip()
    if not text or text.startswith("#"):
        return None
    include = not text.startswith("!")
    text = text.removeprefix("!")
    segments = _segments(text.split("/"))
    if segments == ["**"]:
        only_folders = text.endswith("/") and text != "/"
        return ("/" if only_folders else "."), include
    if segments in (["**", "*"], ["**", "*", "**"]):
        return ("." if len(segments) == 2 else "/"), include
    return _expression(segments), include


def _segments(segments: list[str]) -> list[str]:
    """Anchor the pattern: one without an inner slash matches at any depth."""
    if not segments[0]:
        del segments[0]
    elif len(segments) == 1 or (len(segments) == 2 and not segments[1]):
        segments.insert(0, "**")
    if not segments:
        raise ValueError("nothing is left of the pattern")
    if not segments[-1]:
        segments[-1] = "**"
    return [
        segment
        for index, segment in enumerate(segments)
        if index == 0 or (segment, segments[index - 1]) != ("**", "**")
    ]


def _expression(segments: list[str]) -> str:
    parts: list[str] = []
    last = len(segments) - 1
    for index, segment in enumerate(segments):
        if segment == "**":
            parts.append("^(?:.+/)?" if index == 0 else "(?:/.+)?" if index < last else "/")
            continue
        if index == 0:
            parts.append("^")
        elif index > 1 or segments[0] != "**":
            parts.append("/")
        parts.append("[^/]+" if segment == "*" else _glob(segment))
        if index == last:
            parts.append("/?$" if segment == "*" else "(?:/|$)")
    return "".join(parts)


def _glob(segment: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(segment):
        character, at = segment[at], at + 1
        if character == "\\":
            if at == len(segment):
                raise ValueError("the pattern ends with a backslash")
            character, at = segment[at], at + 1
            parts.append(re.escape(character))
        elif character in "*?":
            parts.append("[^/]*" if character == "*" else "[^/]")
        elif character == "[" and (end := _bracket_end(segment, at)):
            parts.append(_bracket(segment[at : end - 1]))
            at = end
        else:
            parts.append(re.escape(character))
    return "".join(parts)


def _bracket_end(segment: str, at: int) -> int:
    """Return where the text behind the bracket expression begins, or 0 when it has no end."""
    begin = at
    if segment[begin : begin + 1] in ("!", "^"):
        begin += 1
    if segment[begin : begin + 1] == "]":
        begin += 1
    return segment.find("]", begin) + 1


def _bracket(inner: str) -> str:
    negated = inner[:1] in ("!", "^")
    inner = inner[negated:]
    return f"[{'^' * negated}{re.sub(_SPECIAL_IN_BRACKETS, _escaped, inner)}]"


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _wrong(key: str, pattern: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f'The pattern "{printable(pattern)}" of {key} {what}; correct it in the configuration.'
    )
