"""What an editor's re-save does to a page: someone opens it, changes nothing, and saves.

Sources: the storage of pages that were written in the Cloud editor (``local-id`` on blocks,
``ac:local-id`` on tables, rows and cells, ``legacyAnchorId`` beside an anchor's name), and what
Atlassian's published storage-format transformer does to a cell: a link around a date is dropped,
white space between a date and a link vanishes, bare text gains a paragraph, the content wrapper
goes.
"""

import re
import uuid
from collections.abc import Callable, Iterator

from .tokens import CData, Text, decode, escape
from .tree import Element, Node, parse, serialise

_BLOCK = re.compile(
    r"p|h[1-6]|ul|ol|li|blockquote|pre|hr|div|table|ac:(structured-macro|task-list|layout|image)"
)
_WITH_LOCAL_ID = re.compile(r"p|h[1-6]|ul|ol|li|blockquote")
_WITH_AC_LOCAL_ID = frozenset(("table", "tr", "th", "td"))
_INLINE_MACROS = frozenset(("anchor", "jira", "status"))
_HOLDS_BLOCKS = frozenset(("td", "th", "li"))


def resave(storage: str, *, new_id: Callable[[], str] = lambda: str(uuid.uuid4())) -> str:
    """Well-formed storage text as it reads after an editor's save."""
    root = parse(storage)
    _visit(root, new_id)
    return serialise(root)


def unconvertible(storage: str) -> str:
    """Return what an editor cannot take over from well-formed storage text, or an empty string.

    A row without cells; in a cell a table, an expand macro, or a link or an inline macro that
    stands outside a paragraph.
    """
    return next(_unconvertible(parse(storage), cell=False), "")


def _unconvertible(element: Element, *, cell: bool) -> Iterator[str]:
    for child in element.elements():
        macro = child.get("ac:name") if child.name == "ac:structured-macro" else ""
        if child.name == "tr" and not any(each.name in ("td", "th") for each in child.elements()):
            yield "a row without cells"
        elif cell and child.name == "table":
            yield "a table in a cell"
        elif cell and macro == "expand":
            yield "an expand macro in a cell"
        elif element.name in ("td", "th") and (child.name == "ac:link" or macro in _INLINE_MACROS):
            yield "a link or macro outside a paragraph in a cell"
        yield from _unconvertible(child, cell=cell or child.name in ("td", "th"))


def _visit(element: Element, new_id: Callable[[], str]) -> None:
    element.children = [kept for child in element.children for kept in _unwrapped(child)]
    element.children = _without_gaps(element.children)
    for child in element.elements():
        _visit(child, new_id)
    if element.name in _HOLDS_BLOCKS:
        element.children = _in_paragraphs(element.children)
    _identify(element, new_id)
    if element.name == "ac:structured-macro" and element.get("ac:name") == "anchor":
        _add_legacy_anchor(element)
    for child in element.elements("p") if element.name in _HOLDS_BLOCKS else ():
        _identify(child, new_id)


def _unwrapped(node: Node) -> list[Node]:
    if isinstance(node, Text):
        return [Text(_literal(node.value))]
    if not isinstance(node, Element):
        return [node]
    if node.name == "pre":
        return [_code(node)]
    around_date = node.name == "a" and node.child("time") is not None
    wrapper = node.name == "div" and "content-wrapper" in node.get("class").split()
    if around_date or wrapper:
        return [kept for child in node.children for kept in _unwrapped(child)]
    return [node]


def _code(pre: Element) -> Element:
    body = Element("ac:plain-text-body", children=[CData(pre.text())])
    stamps = {"ac:name": "code", "ac:schema-version": "1", "ac:macro-id": str(uuid.uuid4())}
    return Element("ac:structured-macro", stamps, [body])


def _without_gaps(nodes: list[Node]) -> list[Node]:
    """Drop plain white space between a date and a link; a no-break space stays."""
    return [
        node
        for index, node in enumerate(nodes)
        if not (
            isinstance(node, Text)
            and not node.value.strip(" \n\t")
            and {_name(nodes, index - 1), _name(nodes, index + 1)} == {"time", "a"}
        )
    ]


def _name(nodes: list[Node], index: int) -> str:
    node = nodes[index] if 0 <= index < len(nodes) else None
    return node.name if isinstance(node, Element) else ""


def _in_paragraphs(nodes: list[Node]) -> list[Node]:
    """Return a cell's content as blocks: runs of text and inline elements gain a paragraph."""
    blocks: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and _BLOCK.fullmatch(node.name):
            blocks += _paragraph(run)
            blocks.append(node)
            run = []
        else:
            run.append(node)
    blocks += _paragraph(run)
    return blocks or [Element("p")]


def _paragraph(run: list[Node]) -> list[Node]:
    if all(isinstance(node, Text) and not node.value.strip(" \n\t") for node in run):
        return []
    only_break = len(run) == 1 and _name(run, 0) == "br"
    return [Element("p", children=[] if only_break else run)]


def _identify(element: Element, new_id: Callable[[], str]) -> None:
    if _WITH_LOCAL_ID.fullmatch(element.name):
        element.attributes.setdefault("local-id", new_id().replace("-", "")[-12:])
    elif element.name in _WITH_AC_LOCAL_ID:
        whole = new_id()
        short = whole.replace("-", "")[-12:]
        element.attributes.setdefault("ac:local-id", whole if element.name == "table" else short)


def _add_legacy_anchor(macro: Element) -> None:
    names = {parameter.get("ac:name"): parameter for parameter in macro.elements("ac:parameter")}
    if "" in names and "legacyAnchorId" not in names:
        legacy = Text(escape(f"LEGACY-{names[''].text()}"))
        macro.children.append(Element("ac:parameter", {"ac:name": "legacyAnchorId"}, [legacy]))


def _literal(text: str) -> str:
    """Named entities as characters, but for XML's own and the no-break space."""
    return escape(decode(text)).replace("\xa0", "&nbsp;")
