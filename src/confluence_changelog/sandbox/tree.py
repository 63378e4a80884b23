"""Storage text as a tree, for what needs to know where a thing stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .tokens import CData, Tag, Text, decode, scan, write


@dataclass(slots=True)
class Element:
    """An element; attribute values are as they are written in the text.

    `mark` is what a comparison of two versions says of it, and no part of the text.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    mark: Literal["", "added", "removed"] = ""

    def get(self, name: str) -> str:
        """Value of an attribute with its references resolved, or an empty string."""
        return decode(self.attributes.get(name, ""))

    def child(self, name: str) -> "Element | None":
        """First child element of that name."""
        return next(self.elements(name), None)

    def elements(self, name: str = "") -> Iterator["Element"]:
        """Child elements, of that name if one is given."""
        for child in self.children:
            if isinstance(child, Element) and name in ("", child.name):
                yield child

    def text(self) -> str:
        """All text inside, in reading order, with references resolved."""
        return "".join(
            child.text()
            if isinstance(child, Element)
            else child.value
            if isinstance(child, CData)
            else decode(child.value)
            for child in self.children
        )


Node = Element | Text | CData


def parse(storage: str) -> Element:
    """Tree of well-formed storage text under a nameless root."""
    root = Element("")
    path = [root]
    for token in scan(storage):
        if not isinstance(token, Tag):
            path[-1].children.append(token)
        elif token.kind == "close":
            path.pop()
        else:
            element = Element(token.name, dict(token.attributes))
            path[-1].children.append(element)
            if token.kind == "open":
                path.append(element)
    return root


def serialise(root: Element) -> str:
    """Storage text of the children of `root`; elements without content are written `` />``."""
    return write(token for child in root.children for token in _tokens(child))


def _tokens(node: Node) -> Iterator[Tag | Text | CData]:
    if not isinstance(node, Element):
        yield node
        return
    attributes = tuple(node.attributes.items())
    if not node.children:
        yield Tag("empty", node.name, attributes)
        return
    yield Tag("open", node.name, attributes)
    for child in node.children:
        yield from _tokens(child)
    yield Tag("close", node.name)
