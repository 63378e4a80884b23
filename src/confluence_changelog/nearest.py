"""The hint for a misspelt word."""

import difflib
from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str:
    """Return "did you mean `…`?" with the nearest of the words, or an empty text."""
    near = difflib.get_close_matches(word.lower(), list(words), n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else ""
