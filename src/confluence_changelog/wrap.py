"""Undoing the wrap of plain text: which line breaks were meant."""

import itertools
import re
import unicodedata

_NARROWEST = 50
_BLANKS = re.compile(r"[ \t]+")
_ITEM_LIKE = re.compile(r"(?:\d{1,9}[.)]|\[[^\]\s]{1,9}\]:?|[•‣▪·*+#|-])\s")


def unwrap(text: str, indent: int = 0) -> str:
    r"""Join the lines of one paragraph that were wrapped; breaks that were meant stay ``\n``.

    A break is taken for wrapping, and becomes a space, when the first word of the next line did
    not fit on the line within 50 columns, the narrowest width that people wrap at; so text
    wrapped at 50 to 80 columns flows. Any other break was meant: shorter lines (``key=value``)
    and lines that begin like an item (``2.``, ``[1]``, ``•``, ``|``).

    Wide characters count two columns, and Chinese and Japanese may break after any of them; two
    of them are joined without a space. `indent` is the number of columns before the text, in a
    list or a quote. Runs of blanks become one space.
    """
    lines = [_BLANKS.sub(" ", line).strip(" ") for line in text.split("\n")]
    joined = lines[:1]
    for before, after in itertools.pairwise(lines):
        joined += [_joint(before, after, indent), after]
    return "".join(joined)


def _joint(before: str, after: str, indent: int) -> str:
    if not before or not after or _ITEM_LIKE.match(after):
        return "\n"
    is_cjk = _is_cjk(after[0])
    word = after[0] if is_cjk else after.split(" ", 1)[0]
    if indent + _width(before) + 1 + _width(word) <= _NARROWEST:
        return "\n"
    return "" if is_cjk and _is_cjk(before[-1]) else " "


def _width(text: str) -> int:
    """Columns on a terminal."""
    if text.isascii():
        return len(text)
    base = [character for character in text if not unicodedata.combining(character)]
    return len(base) + sum(unicodedata.east_asian_width(character) in "WF" for character in base)


def _is_cjk(character: str) -> bool:
    """Whether it is of a script that breaks lines anywhere; Korean does not."""
    return character >= "\u2e80" and (
        character <= "\u312f"
        or "\u31a0" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\uff01" <= character <= "\uff9f"
        or "\U00020000" <= character <= "\U0003ffff"
    )
