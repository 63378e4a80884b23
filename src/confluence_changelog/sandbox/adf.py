"""A page in the new editor's format, far enough to see that there is one.

The text of each block of the page becomes a paragraph; tables and macros lose their shape.
"""

import json
from collections.abc import Iterator

from .storage_check import check
from .tree import Element, parse


def document(storage: str) -> str:
    """Return storage text as the JSON text of an Atlassian document."""
    texts = [storage] if check(storage) else list(_texts(parse(storage)))
    content = [
        {"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts if text
    ]
    return json.dumps({"type": "doc", "version": 1, "content": content}, ensure_ascii=False)


def storage(text: str) -> str | None:
    """Return an Atlassian document as storage text; None where it is none.

    Its paragraphs and headings keep their text.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("type") != "doc":
        return None
    content = data.get("content")
    blocks = content if isinstance(content, list) else []
    return "".join(f"<p>{_escaped(_text(block))}</p>" for block in blocks)


def _texts(root: Element) -> Iterator[str]:
    for child in root.elements():
        yield " ".join(child.text().split())


def _text(node: object) -> str:
    if not isinstance(node, dict):
        return ""
    own = node.get("text")
    content = node.get("content")
    inside = "".join(_text(each) for each in content) if isinstance(content, list) else ""
    return (own if isinstance(own, str) else "") + inside


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
