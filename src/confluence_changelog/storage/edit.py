"""Edits text by disjoint spans and takes such an edit back.

The spans of an edit refer to the text that was read. Each is empty (rows are inserted there) or
covers exactly one whole row; the rest of the text is copied as it is.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """``text[start:start + len(old)]``, which is `old`, becomes `new`."""

    start: int
    old: str
    new: str


def apply(text: str, spans: Sequence[Span]) -> str:
    """Return `text` with the spans replaced.

    Raises:
        ValueError: the spans overlap, are out of order, or do not fit the text.

    """
    pieces: list[str] = []
    position = 0
    for span in spans:
        if span.start < position or text[span.start : span.start + len(span.old)] != span.old:
            raise ValueError(f"span at {span.start} does not fit the text")
        pieces += (text[position : span.start], span.new)
        position = span.start + len(span.old)
    pieces.append(text[position:])
    return "".join(pieces)


def undo(text: str, spans: Sequence[Span]) -> str:
    """Return what `text` was before `apply` replaced the spans.

    Raises:
        ValueError: the text does not hold what the spans say.

    """
    shift = 0
    reverse: list[Span] = []
    for span in spans:
        reverse.append(Span(span.start + shift, span.new, span.old))
        shift += len(span.new) - len(span.old)
    return apply(text, reverse)
