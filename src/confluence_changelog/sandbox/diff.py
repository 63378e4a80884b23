"""The difference of two versions of a page, as a tree of the new one.

What was added and what was removed is marked in its place: whole blocks (table rows, paragraphs, list
items) where a block is new or gone, words within a block that changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from .pieces import Keys, Piece, dissect
from .tree import Element, Node

Mark = Literal["added", "removed"]

_LIKE = 0.4
"""Share of words that two blocks must have in common to be one block that changed."""
_MOST_PAIRS = 4000
"""Beyond so many possible pairs, blocks of a changed run are not paired by likeness."""
_FRAME = frozenset({"colgroup", "table", "tbody", "td", "tfoot", "th", "thead"})
"""What is paired even where nothing in it is alike."""
_OPEN = frozenset(
    {
        *("a", "b", "blockquote", "cite", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3"),
        *(
            "h4",
            "h5",
            "h6",
            "i",
            "li",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "small",
            "span",
            "strong",
            "sub",
        ),
        *("sup", "tr", "u", "ul", "ac:layout", "ac:layout-cell", "ac:layout-section"),
        *("ac:rich-text-body", "ac:structured-macro", *_FRAME),
    }
)
"""What is compared inside; anything else is new or gone as a whole."""
_MARKED_INSIDE = frozenset({"dd", "dt", "li", "tbody", "td", "tfoot", "th", "thead", "tr"})
"""What HTML allows no ``<ins>`` around."""


def compare(old: str, new: str) -> Element:
    """Return the tree of the new storage text with the marks, and with what was removed.

    The root has no name, nor has an element around added or removed parts; `Element.mark` says which
    they are.  A row or a list item that is new or gone is marked itself as well.
    """
    keys: Keys = {}
    return Element("", children=_merged(dissect(old, keys).pieces, dissect(new, keys).pieces))


def _merged(old: Sequence[Piece], new: Sequence[Piece]) -> list[Node]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    changed = _changed(old[head : len(old) - tail], new[head : len(new) - tail])
    return [*_plain(new[:head]), *changed, *_plain(new[len(new) - tail :])]


def _common(old: Sequence[Piece], new: Sequence[Piece]) -> int:
    """Return how many pieces from the start are alike."""
    pairs = zip(old, new, strict=False)
    shorter = min(len(old), len(new))
    return next((index for index, (a, b) in enumerate(pairs) if a.key != b.key), shorter)


def _changed(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Node]:
    if not old or not new:
        yield from _replaced(old, new)
        return
    matcher = SequenceMatcher(None, [p.key for p in old], [p.key for p in new], autojunk=False)
    held_old: list[Piece] = []
    held_new: list[Piece] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        # Words that changed on both sides of a space changed together.
        if kind == "equal" and not (held_old and all(p.is_space for p in new[j:j_end])):
            yield from _replaced(held_old, held_new)
            yield from _plain(new[j:j_end])
            held_old, held_new = [], []
        else:
            held_old += old[i:i_end]
            held_new += new[j:j_end]
    yield from _replaced(held_old, held_new)


def _replaced(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Node]:
    i = j = 0
    for before, after in _pairs(old, new):
        yield from _marked(old[i:before], "removed")
        yield from _marked(new[j:after], "added")
        yield _descended(old[before], new[after])
        i, j = before + 1, after + 1
    yield from _marked(old[i:], "removed")
    yield from _marked(new[j:], "added")


def _descended(old: Piece, new: Piece) -> Node:
    if new.name == "tr":
        cells = zip(old.pieces, new.pieces, strict=True)
        children = [_descended(before, after) for before, after in cells]
    else:
        children = _merged(old.pieces, new.pieces)
    return Element(new.name, new.attributes, children)


def _pairs(old: Sequence[Piece], new: Sequence[Piece]) -> list[tuple[int, int]]:
    """Return which of the old blocks became which of the new, in order: the most alike in sum."""
    rows = [index for index, piece in enumerate(old) if piece.name in _OPEN]
    columns = [index for index, piece in enumerate(new) if piece.name in _OPEN]
    in_order = list(zip(rows, columns, strict=False))
    if len(in_order) == max(len(rows), len(columns)) and all(
        new[c].name in _FRAME and _same_shape(old[r], new[c]) for r, c in in_order
    ):
        return in_order
    if len(rows) * len(columns) > _MOST_PAIRS:
        fit = [(r, c) for r, c in in_order if _same_shape(old[r], new[c])]
        return fit if len(rows) == len(columns) else []
    before = [(old[r], Counter(old[r].words())) for r in rows]
    after = [(new[c], Counter(new[c].words())) for c in columns]
    gains = [[_gain(a, b, a_words, b_words) for b, b_words in after] for a, a_words in before]
    return [(rows[r], columns[c]) for r, c in _best_path(gains)]


def _best_path(gains: list[list[float]]) -> Iterator[tuple[int, int]]:
    """Cells of a matrix, each right of and below the one before, that gain most in sum."""
    height, width = len(gains), len(gains[0]) if gains else 0
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for r in reversed(range(height)):
        for c in reversed(range(width)):
            taken = gains[r][c] + best[r + 1][c + 1] if gains[r][c] else 0.0
            best[r][c] = max(best[r + 1][c], best[r][c + 1], taken)
    r = c = 0
    while r < height and c < width:
        if gains[r][c] and best[r][c] == gains[r][c] + best[r + 1][c + 1]:
            yield r, c
            r, c = r + 1, c + 1
        elif best[r][c] == best[r + 1][c]:
            r += 1
        else:
            c += 1


def _gain(old: Piece, new: Piece, old_words: Counter[int], new_words: Counter[int]) -> float:
    """Return what share of words (or cells) two blocks have in common; 0 where they are no pair."""
    if not _same_shape(old, new):
        return 0.0
    share = 2 * (old_words & new_words).total() / (old_words.total() + new_words.total() or 1)
    if new.name == "tr" and new.pieces:
        same = sum(a.key == b.key for a, b in zip(old.pieces, new.pieces, strict=True))
        share = max(share, same / len(new.pieces))
    return max(share, 0.01) if new.name in _FRAME else (share if share >= _LIKE else 0.0)


def _same_shape(old: Piece, new: Piece) -> bool:
    if old.name != new.name or old.attributes.get("href") != new.attributes.get("href"):
        return False
    if new.name == "tr":
        return [cell.name for cell in old.pieces] == [cell.name for cell in new.pieces]
    if new.name == "ac:structured-macro":
        rich = any(piece.name == "ac:rich-text-body" for piece in new.pieces)
        return rich and _call(old) == _call(new)
    return True


def _call(macro: Piece) -> tuple[str | None, list[int]]:
    """Return what a macro is called with: its name and the keys of its parameters."""
    parameters = [piece.key for piece in macro.pieces if piece.name == "ac:parameter"]
    return macro.attributes.get("ac:name"), parameters


def _plain(pieces: Iterable[Piece]) -> list[Node]:
    return [piece.whole() for piece in pieces]


def _marked(pieces: Sequence[Piece], mark: Mark) -> Iterator[Node]:
    """Return the pieces as nodes: neighbours of a kind within one element that has the mark."""
    for kind, group in groupby(pieces, key=_kind):
        run = list(group)
        if kind == "inside":
            for piece in run:
                children = list(_marked(piece.pieces, mark))
                yield Element(piece.name, piece.attributes, children, mark)
        elif kind == "column":
            yield from _plain(run) if mark == "added" else ()
        elif not all(piece.is_space for piece in run):
            yield Element("", {}, _plain(run), mark)
        elif mark == "added":
            yield from _plain(run)


def _kind(piece: Piece) -> str:
    if piece.name in _MARKED_INSIDE:
        return "inside"
    if piece.name in ("col", "colgroup"):
        return "column"
    return "block" if piece.is_block else "inline"
