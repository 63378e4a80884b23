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

from . import accounts, store
from .storage_check import check
from .tokens import CData, decode, escape
from .tree import Element, parse

_ELEMENT = re.compile(
    r"a|abbr|blockquote|br|caption|cite|code|col|colgroup|dd|del|div|dl|dt|em|h[1-6]|hr|ins|li|ol|p"
    r"|pre|q|s|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
_VOID = frozenset({"br", "col", "hr"})
_SPANS = frozenset({"colspan", "rowspan", "start", "span"})
_ADDRESS = re.compile(r"(?:https?:|mailto:)[^\s]*|(?![a-z][a-z0-9+.-]*:)[^\s\\]*", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|;)\s*width:\s*(\d+(?:\.\d+)?)(px|%)")
_ALIGN = re.compile(r"(?:^|;)\s*text-align:\s*(center|right)")
_CLASS = re.compile(r"[A-Za-z0-9_-]+")
_COLOURS = frozenset({"green", "red", "yellow", "purple", "grey", "blue"})
_PANELS = frozenset({"info", "note", "tip", "warning", "panel"})
_SILENT = frozenset({"ac:parameter", "ac:task-id", "ac:placeholder"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page's elements may need to know: names of people, where links lead, headings."""

    connection: sqlite3.Connection
    space: str
    context: str
    headings: list[tuple[int, str]] = field(default_factory=list)


def render(storage: str, connection: sqlite3.Connection, space: str, context: str = "") -> Markup:
    """HTML of a page's body; `space` is the one that links without a space lead to."""
    if fault := check(storage):
        source = f"<pre>{escape(storage)}</pre>"
        said = escape(fault.message)
        return Markup(f'<p class="panel panel-warning">{said}</p>{source}')  # noqa: S704 - escaped
    root = parse(storage)
    page = _Page(connection, space, context, list(_headings(root)))
    return Markup(_inside(root, page))  # noqa: S704 - every part is escaped below


def is_safe_address(address: str) -> bool:
    """Whether a link may lead there: http, https, mailto, or a place on this site."""
    return _ADDRESS.fullmatch("".join(c for c in address.strip() if c > "\x1f")) is not None


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
    if not _ELEMENT.fullmatch(element.name):
        return _inside(element, page)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(element))
    if element.name in _VOID:
        return f"<{element.name}{attributes}>"
    inside = _inside(element, page)
    if element.name in _HEADINGS:
        attributes += f' id="{_anchor(element.text())}"'
    return f"<{element.name}{attributes}>{inside}</{element.name}>"


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    style = element.get("style")
    classes = [name for name in element.get("class").split() if _CLASS.fullmatch(name)]
    if align := _ALIGN.search(style):
        classes.append(f"align-{align[1]}")
    if classes:
        yield "class", " ".join(f"wiki-{name}" for name in classes)
    if element.name == "col" and (width := _WIDTH.search(style)):
        yield "width", width[1] + ("%" if width[2] == "%" else "")
    for name in element.attributes:
        value = element.get(name)
        if (name in _SPANS and value.isdecimal()) or name == "title":
            yield name, value
    if element.name == "a" and is_safe_address(element.get("href")):
        yield "href", element.get("href").strip()
        yield "rel", "nofollow noreferrer noopener"


def _time(element: Element, _page: _Page) -> str:
    written = element.get("datetime")
    try:
        shown = date.fromisoformat(written[:10]).strftime("%d %b %Y")
    except ValueError:
        return f"<time>{escape(written)}</time>"
    return f'<time datetime="{escape(written)}">{shown}</time>'


def _link(element: Element, page: _Page) -> str:
    body = element.child("ac:link-body") or element.child("ac:plain-text-link-body")
    label = _inside(body, page) if body else ""
    anchor = element.get("ac:anchor")
    fragment = f"#{_anchor(anchor)}" if anchor else ""
    if user := element.child("ri:user"):
        key, name = user.get("ri:userkey"), user.get("ri:username")
        person = accounts.find_person(page.connection, username=name, key=key)
        shown = person.display_name if person else name or key or user.get("ri:account-id")
        return f'<span class="mention">@{escape(shown)}</span>'
    if target := element.child("ri:page"):
        title = target.get("ri:content-title")
        space = target.get("ri:space-key") or page.space
        found = store.find_title(page.connection, space, title)
        path = found.address if found else f"/display/{quote(space, safe='')}/{quote_plus(title)}"
        address = f"{page.context}{path}{fragment}"
        return f'<a href="{escape(address)}">{label or escape(title)}</a>'
    if attachment := element.child("ri:attachment"):
        name = escape(attachment.get("ri:filename"))
        return f'<span class="attachment">{label or name}</span>'
    return f'<a href="{escape(fragment)}">{label or escape(anchor)}</a>' if fragment else label


def _image(element: Element, _page: _Page) -> str:
    source = next(element.elements(), None)
    name = (source.get("ri:filename") or source.get("ri:value")) if source else ""
    return f'<span class="image">[image: {escape(element.get("ac:alt") or name)}]</span>'


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
    name = element.get("ac:name")
    parameters = {p.get("ac:name"): p.text() for p in element.elements("ac:parameter")}
    rich = element.child("ac:rich-text-body")
    body = _inside(rich, page) if rich else ""
    if name in _PANELS:
        return _panel(name, parameters.get("title", ""), body)
    if name in _MACROS:
        return _MACROS[name](parameters, body, element, page)
    plain = element.child("ac:plain-text-body")
    shown = body or (f"<pre>{escape(plain.text())}</pre>" if plain else "")
    kind = "div" if shown else "span"
    return f'<{kind} class="macro"><span class="macro-name">{escape(name)}</span>{shown}</{kind}>'


def _panel(name: str, title: str, body: str) -> str:
    heading = f'<p class="panel-title">{escape(title)}</p>' if title else ""
    return f'<div class="panel panel-{name}">{heading}{body}</div>'


def _code(parameters: dict[str, str], _body: str, element: Element, _page: _Page) -> str:
    plain = element.child("ac:plain-text-body")
    title = parameters.get("title") or parameters.get("language", "")
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    text = escape(plain.text()) if plain else ""
    return f'<figure class="code">{caption}<pre><code>{text}</code></pre></figure>'


def _status(parameters: dict[str, str], _body: str, _element: Element, _page: _Page) -> str:
    colour = (parameters.get("colour") or parameters.get("color", "")).lower()
    colour = colour if colour in _COLOURS else "grey"
    return f'<span class="status status-{colour}">{escape(parameters.get("title", ""))}</span>'


def _expand(parameters: dict[str, str], body: str, _element: Element, _page: _Page) -> str:
    title = escape(parameters.get("title") or "Click here to expand...")
    return f"<details><summary>{title}</summary>{body}</details>"


def _anchor_macro(parameters: dict[str, str], _body: str, _element: Element, _page: _Page) -> str:
    return f'<span id="{_anchor(parameters.get("", ""))}"></span>'


def _jira(parameters: dict[str, str], _body: str, _element: Element, _page: _Page) -> str:
    shown = parameters.get("key") or parameters.get("jqlQuery", "")
    return f'<span class="jira">{escape(shown)}</span>'


def _contents(_parameters: dict[str, str], _body: str, _element: Element, page: _Page) -> str:
    items = "".join(
        f'<li class="level-{level}"><a href="#{_anchor(text)}">{escape(text)}</a></li>'
        for level, text in page.headings
    )
    return f'<ul class="toc">{items}</ul>'


def _headings(element: Element) -> Iterator[tuple[int, str]]:
    for child in element.elements():
        if child.name in _HEADINGS:
            yield int(child.name[1]), child.text()
        else:
            yield from _headings(child)


def _anchor(text: str) -> str:
    """Return an element id that no page can choose to clash with the site's own."""
    return "anchor-" + re.sub(r"[^\w.:-]", "", text)


_MACROS: dict[str, Callable[[dict[str, str], str, Element, _Page], str]] = {
    "code": _code,
    "noformat": _code,
    "status": _status,
    "expand": _expand,
    "anchor": _anchor_macro,
    "jira": _jira,
    "toc": _contents,
}
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
