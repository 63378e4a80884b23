"""Macros as safe HTML: what is written in them is escaped."""

import re
from collections.abc import Callable
from typing import NamedTuple

from .markup import anchor
from .tokens import escape
from .tree import Element

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_COLOURS = frozenset({"green", "red", "yellow", "purple", "grey", "blue"})
_PANELS = frozenset({"info", "note", "tip", "warning", "panel"})
_ISSUE = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")
_JIRA = "https://jira.example.com/browse/"
"""The sandbox is linked to no Jira; the host is one that is reserved for examples."""


class Macro(NamedTuple):
    """A macro: its parameters, and what is in it."""

    name: str
    parameters: dict[str, str]
    body: str
    """The rich text in it, as HTML."""
    plain: str | None
    """The plain text in it."""
    headings: list[tuple[int, str]]
    """Level and text of the page's headings."""


def parameters_of(macro: Element) -> dict[str, str]:
    """Return the parameters of a macro element by name."""
    return {each.get("ac:name"): each.text() for each in macro.elements("ac:parameter")}


def show(macro: Macro) -> str:
    """HTML of a macro; one that the sandbox does not know is shown in a frame with its name."""
    if macro.name in _PANELS:
        return _panel(macro)
    return _MACROS.get(macro.name, _unknown)(macro)


def _panel(macro: Macro) -> str:
    title = macro.parameters.get("title", "")
    heading = f'<p class="panel-title">{escape(title)}</p>' if title else ""
    return f'<div class="panel panel-{macro.name}" role="note">{heading}{macro.body}</div>'


def _code(macro: Macro) -> str:
    title = macro.parameters.get("title") or macro.parameters.get("language", "")
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    text = escape(macro.plain or "")
    return f'<figure class="code">{caption}<pre><code>{text}</code></pre></figure>'


def _status(macro: Macro) -> str:
    colour = (macro.parameters.get("colour") or macro.parameters.get("color", "")).lower()
    colour = colour if colour in _COLOURS else "grey"
    return (
        f'<span class="status status-{colour}">{escape(macro.parameters.get("title", ""))}</span>'
    )


def _expand(macro: Macro) -> str:
    title = escape(macro.parameters.get("title") or "Click here to expand...")
    return f"<details><summary>{title}</summary>{macro.body}</details>"


def _jira(macro: Macro) -> str:
    key = macro.parameters.get("key", "")
    if _ISSUE.fullmatch(key):
        return f'<a class="jira" href="{_JIRA}{key}" rel="nofollow noreferrer noopener">{key}</a>'
    return f'<span class="jira">{escape(key or macro.parameters.get("jqlQuery", ""))}</span>'


def _contents(macro: Macro) -> str:
    items = "".join(
        f'<li class="level-{level}"><a href="#{anchor(text)}">{escape(text)}</a></li>'
        for level, text in macro.headings
    )
    return f'<ul class="toc">{items}</ul>'


def _unknown(macro: Macro) -> str:
    plain = "" if macro.plain is None else f"<pre>{escape(macro.plain)}</pre>"
    shown = macro.body or plain
    kind = "div" if shown else "span"
    name = f'<span class="macro-name">{escape(macro.name)}</span>'
    return f'<{kind} class="macro">{name}{shown}</{kind}>'


_MACROS: dict[str, Callable[[Macro], str]] = {
    "code": _code,
    "noformat": _code,
    "status": _status,
    "expand": _expand,
    "jira": _jira,
    "toc": _contents,
}
