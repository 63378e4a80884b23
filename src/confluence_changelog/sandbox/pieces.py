"""Storage text cut into pieces that two versions of a page can be compared by.

A piece is an element with its pieces, or a word.  Pieces that look alike have the same key,
whatever an editor or a save changed that no reader sees: ids, classes and styles, references,
``div.content-wrapper``, the lone paragraph of a cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .storage_check import check
from .tokens import CData, Text, decode
from .tree import Element, Node, parse

_UNSEEN = frozenset(
    {
        *("ac:local-id", "ac:macro-id", "ac:schema-version", "class", "local-id", "rel", "style"),
        *("ri:local-id", "ri:version-at-save", "scope", "width"),
    }
)
_SPANS = frozenset({"colspan", "rowspan"})
_BLOCK = re.compile(
    r"p|h[1-6]|[uo]l|li|dl|dt|dd|blockquote|pre|hr|div|table|t(body|head|foot|r|d|h)|col(group)?"
    r"|ac:(layout.*|task.*|parameter|rich-text-body|plain-text-body)"
)
_INLINE_MACROS = frozenset({"anchor", "jira", "status"})
_HOLDS_LONE_PARAGRAPH = frozenset({"td", "th", "li"})
_WORD = re.compile(r"\s+|\w[\w.:/@-]*\w|\w|[^\w\s]+")
"""White space, a word (an address or a number is one), or what stands between words."""

Keys = dict[object, int]
"""Key of each look; shared by the two versions."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An element without its children, or a word, white space or punctuation."""

    node: Element | CData
    pieces: "tuple[Piece, ...]"
    key: int
    is_block: bool

    @property
    def name(self) -> str:
        """Name of the element; a word has none."""
        return self.node.name if isinstance(self.node, Element) else ""

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes of the element; a word has none."""
        return self.node.attributes if isinstance(self.node, Element) else {}

    @property
    def is_space(self) -> bool:
        """Whether it is nothing but white space."""
        return isinstance(self.node, CData) and self.node.value.isspace()

    def words(self) -> Iterator[int]:
        """Keys of all words, and of all elements that hold none, inside."""
        if self.pieces:
            for piece in self.pieces:
                yield from piece.words()
        elif not self.is_space:
            yield self.key

    def whole(self) -> Node:
        """Return it as a node with all that is in it."""
        if isinstance(self.node, CData):
            return self.node
        children = [piece.whole() for piece in self.pieces]
        return Element(self.node.name, self.node.attributes, children)


def dissect(storage: str, keys: Keys) -> Piece:
    """Return the pieces of storage text; text that does not parse is one preformatted block."""
    root = Element("", children=[Element("pre", children=[CData(storage)])])
    return _element(root if check(storage) else parse(storage), keys)


def _element(element: Element, keys: Keys) -> Piece:
    pieces = tuple(_pieces(element, keys))
    look = (
        element.name,
        tuple(sorted(_seen_attributes(element))),
        tuple(piece.key for piece in pieces),
    )
    key = keys.setdefault(look, len(keys))
    return Piece(Element(element.name, element.attributes), pieces, key, is_block(element))


def _pieces(element: Element, keys: Keys) -> Iterator[Piece]:
    for node in _seen_children(element):
        if isinstance(node, Element):
            yield _element(node, keys)
            continue
        for word in _WORD.findall(_text(node)):
            key = keys.setdefault(" " if word.isspace() else word, len(keys))
            yield Piece(CData(word), (), key, is_block=False)


def _seen_attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name in element.attributes:
        value = element.get(name)
        if name not in _UNSEEN and not (name in _SPANS and value == "1"):
            yield name, value


def _seen_children(element: Element) -> list[Node]:
    nodes = [node for child in element.children for node in _unwrapped(child)]
    nodes = [node for index, node in enumerate(nodes) if not _is_gap(nodes, index)]
    match nodes:
        case [Element("p") as lone] if element.name in _HOLDS_LONE_PARAGRAPH:
            return _seen_children(lone)
        case [Element("br")]:
            return []
    return nodes


def _unwrapped(node: Node) -> list[Node]:
    if isinstance(node, Element):
        if node.name == "div" and "content-wrapper" in node.get("class").split():
            return [inner for child in node.children for inner in _unwrapped(child)]
        if node.name == "ac:parameter" and node.get("ac:name") == "legacyAnchorId":
            return []
    return [node]


def _is_gap(nodes: list[Node], index: int) -> bool:
    """Whether it is white space at an edge or beside a block."""
    node = nodes[index]
    if isinstance(node, Element) or _text(node).strip():
        return False
    beside = [nodes[each] for each in (index - 1, index + 1) if 0 <= each < len(nodes)]
    return len(beside) < 2 or any(isinstance(each, Element) and is_block(each) for each in beside)


def is_block(element: Element) -> bool:
    """Whether an element stands on lines of its own."""
    if element.name == "ac:structured-macro":
        return element.get("ac:name") not in _INLINE_MACROS
    return _BLOCK.fullmatch(element.name) is not None


def _text(node: Text | CData) -> str:
    return node.value if isinstance(node, CData) else decode(node.value)
