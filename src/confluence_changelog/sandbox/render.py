"""Storage format as safe HTML.

Only elements and attributes on a list go through, each character of a page is escaped, and links
lead to http, https, mailto or this site.  A text that does not parse is shown as its source.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, quote_plus

from markupsafe import Markup

from . import accounts, macros, store
from .markup import anchor, day, is_safe_address
from .storage_check import check
from .tokens import CData, decode, escape
from .tree import Element, parse

_ELEMENT = re.compile(
    r"a|abbr|blockquote|br|caption|cite|code|col|colgroup|dd|del|div|dl|dt|em|h[1-6]|hr|ins|li|ol|p"
    r"|pre|q|s|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
_BLOCK = re.compile(r"<(?:blockquote|details|div|dl|figure|h[1-6]|hr|ol|p|pre|table|ul)[ >]")
_VOID = frozenset({"br", "col", "hr"})
_SPANS = frozenset({"colspan", "rowspan", "start", "span"})
_WIDTH = re.compile(r"(?:^|;)\s*width:\s*(\d+(?:\.\d+)?)(px|%)")
_ALIGN = re.compile(r"(?:^|;)\s*text-align:\s*(center|right)")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_HIGHLIGHTS = {
    "grey": "#f4f5f7",
    "red": "#ffe7e7",
    "green": "#ddfade",
    "yellow": "#ffffdd",
    "blue": "#e0f0ff",
}
"""The colours that cells of Data Center's editor have by name."""
_CLASS = re.compile(r"[A-Za-z0-9_-]+")
_SILENT = frozenset({"ac:parameter", "ac:task-id", "ac:placeholder"})
_MARKS = {"added": "ins", "removed": "del"}


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page's elements may need to know: names of people, where links lead, headings."""

    connection: sqlite3.Connection
    space: str
    context: str
    ids: set[str] | None
    """Ids that are given away; None: this text gets none."""
    headings: list[tuple[int, str]] = field(default_factory=list)


def render(storage: str, connection: sqlite3.Connection, space: str, context: str = "") -> Markup:
    """HTML of a page's body; `space` is the one that links without a space lead to."""
    if fault := check(storage):
        said = f'<p class="panel panel-warning">{escape(fault.message)}</p>'
        return Markup(f"{said}<pre>{escape(storage)}</pre>")  # noqa: S704 - escaped
    root = parse(storage)
    page = _Page(connection, space, context, set(), list(_headings(root)))
    return Markup(_inside(root, page))  # noqa: S704 - every part is escaped below


def render_tree(
    root: Element, connection: sqlite3.Connection, space: str, context: str = ""
) -> Markup:
    """HTML of a tree, with what is marked in ``<ins>`` and ``<del>`` and without element ids.

    It may stand beside others in a document.
    """
    return Markup(_inside(root, _Page(connection, space, context, None)))  # noqa: S704


def _inside(element: Element, page: _Page) -> str:
    return "".join(
        _element(node, page)
        if isinstance(node, Element)
        else escape(node.value if isinstance(node, CData) else decode(node.value))
        for node in element.children
    )


def _element(element: Element, page: _Page) -> str:
    if element.name in _SPECIAL:
        return _SPECIAL[element.name](element, page)
    if element.name in _SILENT:
        return ""
    if element.name == "tr":
        _give_scope(element)
    inside = _inside(element, page)
    if element.mark and not element.name:
        return _marked(element.mark, inside)
    if not _ELEMENT.fullmatch(element.name):
        return inside
    return _whole(element, inside, page)


def _whole(element: Element, inside: str, page: _Page) -> str:
    # A browser would end a paragraph at the first block in it.
    name = "div" if element.name == "p" and _BLOCK.search(inside) else element.name
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(element))
    if name in _VOID:
        return f"<{name}{attributes}>"
    if name in macros.HEADINGS:
        attributes += _id(element.text(), page)
    whole = f"<{name}{attributes}>{inside}</{name}>"
    return f'<div class="table-wrap">{whole}</div>' if name == "table" else whole


def _marked(mark: str, inside: str) -> str:
    kind = f"diff-{mark} diff-block" if _BLOCK.search(inside) else f"diff-{mark}"
    return f'<{_MARKS[mark]} class="{kind}">{inside}</{_MARKS[mark]}>'


def _id(name: str, page: _Page) -> str:
    """Return the attribute ``id`` for an anchor of that name; the first one gets it."""
    wanted = anchor(name)
    if page.ids is None or wanted in page.ids:
        return ""
    page.ids.add(wanted)
    return f' id="{wanted}"'


def _give_scope(row: Element) -> None:
    """Say of the header cells what they head: a row of nothing else heads the columns."""
    scope = "row" if row.child("td") else "col"
    for cell in row.elements("th"):
        cell.attributes["scope"] = scope


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    style = element.get("style")
    classes = [f"wiki-{name}" for name in element.get("class").split() if _CLASS.fullmatch(name)]
    if align := _ALIGN.search(style):
        classes.append(f"wiki-align-{align[1]}")
    if element.mark:
        classes.append(f"diff-{element.mark}")
    if classes:
        yield "class", " ".join(classes)
    if element.name in ("td", "th"):
        given = element.get("data-highlight-colour")
        if _COLOUR.fullmatch(colour := _HIGHLIGHTS.get(given, given)):
            yield "bgcolor", colour
    if element.name == "col" and (width := _WIDTH.search(style)):
        yield "width", width[1] + ("%" if width[2] == "%" else "")
    for name in element.attributes:
        value = element.get(name)
        if (
            (name in _SPANS and value.isdecimal())
            or (name == "scope" and value in ("col", "row"))
            or name == "title"
        ):
            yield name, value
    if element.name == "a" and is_safe_address(element.get("href")):
        yield "href", element.get("href").strip()
        yield "rel", "nofollow noreferrer noopener"


def _time(element: Element, _page: _Page) -> str:
    written = element.get("datetime")
    try:
        when = date.fromisoformat(written[:10])
    except ValueError:
        return escape(written)
    return f'<time datetime="{when.isoformat()}">{day(when)}</time>'


def _link(element: Element, page: _Page) -> str:
    body = element.child("ac:link-body") or element.child("ac:plain-text-link-body")
    label = _inside(body, page) if body else ""
    fragment = f"#{anchor(element.get('ac:anchor'))}" if element.get("ac:anchor") else ""
    if user := element.child("ri:user"):
        return _mention(user, page)
    if target := element.child("ri:page"):
        title = target.get("ri:content-title")
        address = _page_address(target.get("ri:space-key") or page.space, title, page)
        return f'<a href="{escape(address + fragment)}">{label or escape(title)}</a>'
    if attachment := element.child("ri:attachment"):
        name = escape(attachment.get("ri:filename"))
        return f'<span class="attachment">{label or name}</span>'
    if not fragment:
        return label
    return f'<a href="{escape(fragment)}">{label or escape(element.get("ac:anchor"))}</a>'


def _mention(user: Element, page: _Page) -> str:
    key, name = user.get("ri:userkey"), user.get("ri:username")
    account = user.get("ri:account-id")
    person = accounts.find_person(page.connection, username=name, key=key)
    if account:
        every = accounts.people(page.connection)
        person = next((each for each in every if each.account_id == account), None)
    shown = person.display_name if person else name or key or account
    return f'<span class="mention">@{escape(shown)}</span>'


def _page_address(space: str, title: str, page: _Page) -> str:
    found = store.find_title(page.connection, space, title)
    path = found.address if found else f"/display/{quote(space, safe='')}/{quote_plus(title)}"
    return f"{page.context}{path}"


def _image(element: Element, _page: _Page) -> str:
    source = next(element.elements(), None)
    name = (source.get("ri:filename") or source.get("ri:value")) if source else ""
    shown = escape(element.get("ac:alt") or name or "image")
    return f'<span class="image" role="img" aria-label="Image: {shown}">{shown}</span>'


def _task(element: Element, page: _Page) -> str:
    status, body = element.child("ac:task-status"), element.child("ac:task-body")
    done = status is not None and status.text().strip() == "complete"
    text = _inside(body, page) if body else ""
    box = "\N{BALLOT BOX WITH CHECK}" if done else "\N{BALLOT BOX}"
    return f"<li>{box} {text}</li>"


def _tasks(element: Element, page: _Page) -> str:
    return f'<ul class="tasks">{_inside(element, page)}</ul>'


def _emoticon(element: Element, _page: _Page) -> str:
    return escape(element.get("ac:emoji-fallback") or f"({element.get('ac:name')})")


def _macro(element: Element, page: _Page) -> str:
    name, parameters = element.get("ac:name"), macros.parameters_of(element)
    if name == "anchor":
        return f"<span{_id(parameters.get('', ''), page)}></span>"
    rich, plain = element.child("ac:rich-text-body"), element.child("ac:plain-text-body")
    body = _inside(rich, page) if rich else ""
    text = plain.text() if plain else None
    return macros.show(macros.Macro(name, parameters, body, text, page.headings))


def _headings(element: Element) -> Iterator[tuple[int, str]]:
    for child in element.elements():
        if child.name in macros.HEADINGS:
            yield int(child.name[1]), child.text()
        else:
            yield from _headings(child)


_SPECIAL: dict[str, Callable[[Element, _Page], str]] = {
    "ac:structured-macro": _macro,
    "ac:macro": _macro,
    "ac:link": _link,
    "ac:image": _image,
    "ac:task-list": _tasks,
    "ac:task": _task,
    "ac:emoticon": _emoticon,
    "time": _time,
}
