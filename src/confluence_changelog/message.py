"""The parts of a commit message: subject, body and trailers.

Pure, and imports nothing that costs time: the commit-msg hook loads it at every commit.
"""

from typing import NamedTuple

_SPACE = " \t\r\n"
"""What Git's own ``isspace`` takes for white space (git-compat-util.h, ctype.c)."""
_COMMENT = "#"
_SCISSORS = "# ------------------------ >8 ------------------------"
_CHERRY_PICK = "(cherry picked from commit "
_GENERATED = ("Signed-off-by: ", _CHERRY_PICK)
_REASON_KEYS = frozenset(
    ("reason", "why", "because", "rationale", "motivation", "purpose", "context", "background")
)
_REFERENCE_KEYS = frozenset(
    (
        "bug",
        "bugs",
        "cc",
        "closes",
        "depends-on",
        "fixed",
        "fixes",
        "implements",
        "issue",
        "issues",
        "jira",
        "link",
        "links",
        "ref",
        "references",
        "refs",
        "related",
        "resolves",
        "see",
        "see-also",
        "task",
        "ticket",
        "tickets",
        "to",
        "url",
    )
)
_PROSE_WORDS = 4
_PROSE_LETTERS = 8


class Trailer(NamedTuple):
    """One ``Key: value`` of the trailer block, its continuation lines unfolded."""

    key: str
    value: str


class Message(NamedTuple):
    """A commit message in its parts; each may be empty."""

    subject: str
    body: str
    trailers: tuple[Trailer, ...]


class _Part(NamedTuple):
    """One entry of the trailer block: a trailer with its lines, or a line that is none."""

    lines: list[str]
    separator: int


def parse_message(text: str) -> Message:
    r"""Split a raw commit message (Git's ``%B``) into subject, body and trailers.

    The subject is the first paragraph on one line (Git's ``%s``, without the indentation of its
    lines). The trailers are those of ``git log --format=%(trailers:only,unfold)``: Git's rules
    from trailer.c with its default configuration (separator ``:``, comment character ``#``).

    The body is the rest without the trailers and without ``(cherry picked from commit …)``, which
    belongs to the trailer block but has no key. Any other line of the block stays in the body:
    under a ``Signed-off-by:`` Git's block may hold up to three quarters of prose.

    One exception to Git's view: ``Reason: the partner moved to a new data centre`` as the only
    text below the subject is a trailer for Git and a body for whoever wrote it. So when no body
    would remain, trailers that are plainly prose stay in it (and in the trailers): those whose
    key names a reason (``Reason``, ``Why``, …), and those whose value has four words or more,
    no address in angle brackets, and a key that is not one of references and people
    (``…-by``, ``…-id``, ``Cc``, ``Fixes``, ``Link``, …).

    Lines end at ``\n``, ``\r\n`` or ``\r`` only; no text fails.
    """
    lines = _lines(text)
    title_end = _first_blank(lines)
    end = _log_end(lines)
    start = _block_start(lines, title_end, end)
    parts = _parts(lines[start:end])
    trailers = [(_trailer(part), part.lines) for part in parts if part.separator > 0]
    others = [
        part.lines[0]
        for part in parts
        if part.separator <= 0 and not part.lines[0].startswith(_CHERRY_PICK)
    ]
    body = _text([*lines[title_end:start], *others, *lines[end:]])
    if not body:
        body = _text([line for trailer, raw in trailers if _is_prose(trailer) for line in raw])
    subject = " ".join(filter(None, (line.strip() for line in lines[:title_end])))
    return Message(subject, body, tuple(trailer for trailer, _ in trailers))


def without_trailers(text: str, key: str) -> str:
    """Return a raw message without its trailers of a key; case does not matter."""
    lines = _lines(text)
    end = _log_end(lines)
    start = _block_start(lines, _first_blank(lines), end)
    kept = [
        line
        for part in _parts(lines[start:end])
        if part.separator <= 0 or _trailer(part).key.lower() != key.lower()
        for line in part.lines
    ]
    return "\n".join([*lines[:start], *kept, *lines[end:]])


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    first = next((index for index, line in enumerate(lines) if not _is_blank(line)), len(lines))
    return lines[first:]


def _text(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in _without_blank_ends(lines))


def _without_blank_ends(lines: list[str]) -> list[str]:
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _is_blank(line: str) -> bool:
    return not line.strip(_SPACE)


def _first_blank(lines: list[str]) -> int:
    return next((index for index, line in enumerate(lines) if _is_blank(line)), len(lines))


def _log_end(lines: list[str]) -> int:
    """Where trailing comments, blank lines and an old ``Conflicts:`` list begin.

    Git: ``ignored_log_message_bytes`` in commit.c.
    """
    cutoff = lines.index(_SCISSORS) if _SCISSORS in lines else len(lines)
    ignored, in_conflicts = 0, False
    for index, line in enumerate(lines[:cutoff]):
        if line == "" or line.startswith(_COMMENT):
            ignored = ignored or index
        elif line == "Conflicts:":
            ignored, in_conflicts = ignored or index, True
        elif not (in_conflicts and line.startswith("\t")):
            ignored, in_conflicts = 0, False
    return ignored or cutoff


def _block_start(lines: list[str], title_end: int, end: int) -> int:
    """Give the first line of the trailer block, or `end` when there is none.

    Git: ``find_trailer_block_start`` in trailer.c. The block is the last paragraph below the
    title; all its lines are trailers, or one is generated by Git and a quarter are trailers.
    """
    seen = generated = False
    trailers = others = continuations = 0
    for index in range(end - 1, title_end - 1, -1):
        line = lines[index]
        if line.startswith(_COMMENT):
            others, continuations = others + continuations, 0
        elif _is_blank(line):
            if seen:
                others += continuations
                is_block = trailers and (not others or (generated and trailers * 3 >= others))
                return index + 1 if is_block else end
        elif line[0] in _SPACE:
            seen, continuations = True, continuations + 1
        elif line.startswith(_GENERATED) or _separator(line) > 0:
            seen, trailers, continuations = True, trailers + 1, 0
            generated = generated or line.startswith(_GENERATED)
        else:
            seen, others, continuations = True, others + continuations + 1, 0
    return end


def _separator(line: str) -> int:
    """Give the offset of the colon behind a trailer's key, or -1. Git: ``find_separator``."""
    key, colon, _ = line.partition(":")
    token = key.rstrip(" \t")
    plain = token.replace("-", "a")
    if colon and (key == "" or (plain.isascii() and plain.isalnum())):
        return len(key)
    return -1


def _parts(block: list[str]) -> list[_Part]:
    parts: list[_Part] = []
    for line in block:
        if parts and parts[-1].separator > 0 and (not line or line[0] in _SPACE):
            parts[-1].lines.append(line)
        else:
            parts.append(_Part([line], _separator(line)))
    return parts


def _trailer(part: _Part) -> Trailer:
    first, *more = part.lines
    folded = [first[part.separator + 1 :], *(line.lstrip(_SPACE) for line in more)]
    return Trailer(first[: part.separator].strip(_SPACE), " ".join(folded).strip(_SPACE))


def _is_prose(trailer: Trailer) -> bool:
    key = trailer.key.lower()
    if key in _REASON_KEYS:
        return bool(trailer.value)
    if key in _REFERENCE_KEYS or key.endswith(("-by", "-id", "-to", "-on")):
        return False
    if "<" in trailer.value and "@" in trailer.value:
        return False
    words = sum(any(map(str.isalpha, word)) for word in trailer.value.split())
    # Thai, Chinese and Japanese, among others, are written without spaces.
    letters = sum(letter >= "\u0e00" and letter.isalpha() for letter in trailer.value)
    return words >= _PROSE_WORDS or letters >= _PROSE_LETTERS
