"""Which of the header texts or headings on a page one of the configuration means. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence

_NO_WORD = re.compile(r"[^\w#°№]+")
_NUMBERING = re.compile(r"\s*[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?\s+")


def alike(wanted: str, texts: Sequence[str]) -> list[int]:
    """Return the places of the texts that `wanted` means.

    Those that are the same but for case and white space; or else but for punctuation and symbols; or
    else but for the number before a heading ("3.1 Change log").
    """
    ways: tuple[Callable[[str], str], ...] = (folded, _bare, _unnumbered)
    for way in ways:
        text = folded(wanted) if way is folded else _bare(wanted)
        found = [at for at, each in enumerate(texts) if way(each) == text]
        if found and text:
            return found
    return []


def folded(text: str) -> str:
    """Return a text without case, and with single blanks for white space."""
    return " ".join(text.split()).casefold()


def _bare(text: str) -> str:
    """Return the words of a text."""
    return folded(_NO_WORD.sub(" ", unicodedata.normalize("NFKC", text)))


def _unnumbered(text: str) -> str:
    return _bare(_NUMBERING.sub("", text, count=1))
