"""Text that people write in commits to storage format, block by block. Pure."""

import re
from typing import TYPE_CHECKING, NamedTuple

from confluence_changelog import macros
from confluence_changelog.links import broken, link, linked
from confluence_changelog.reader import parse, parse_inline
from confluence_changelog.settings import LinkPattern, RowSettings
from confluence_changelog.text import clean, escape, one_line
from confluence_changelog.wrap import unwrap

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_PADDING = re.compile(r"^ +| +(?= )")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{0,20}")
_CODE_TAB = 4


class Style(NamedTuple):
    """How text is laid out."""

    macros: bool = True
    """Whether code blocks become code macros; else code, line by line."""
    linked: bool = True
    """Whether there are links."""
    patterns: tuple[LinkPattern, ...] = ()


PLAIN = Style()


class _Place(NamedTuple):
    """Where a block stands."""

    style: Style
    margin: int = 0
    """Columns of markers before it."""
    top: bool = True
    """Whether it stands in no list and no quote, where macros are not certain to be taken."""

    def within(self, columns: int) -> "_Place":
        return _Place(self.style, self.margin + columns, top=False)


def style_of(settings: RowSettings, *, linked: bool = True) -> Style:
    """Return the style that the configuration asks for."""
    return Style(settings.code == "macro", linked, settings.links)


def words(text: str, style: Style = PLAIN) -> str:
    """Storage mark-up for text inside a block: on one line, with code between backticks and links."""
    return _inline(one_line(text), style)


def blocks(text: str, style: Style = PLAIN) -> str:
    r"""Storage blocks for a message's body: paragraphs, lists, quotes and literal code.

    Understood of Markdown are bullet and numbered lists, ``>`` quotes, fenced and indented code,
    code spans, and links to web addresses; all else stays the characters it is. Every piece of text
    stands in a ``<p>``, as Confluence's editors want it in a table cell, or in a code macro. Numbers
    of lists stay as typed.

    Line breaks that come from wrapping become spaces, those that were meant ``<br />``: see
    `confluence_changelog.wrap`.

    Text nested deeper than the parser goes (20 levels) is laid out as plain paragraphs. Nothing
    but the understood markers, the address of a link that has a text, and a language named after a
    fence, is missing from the result.
    """
    # Imported here: nothing but a row needs it.
    from markdown_it.tree import SyntaxTreeNode

    source = _source(text)
    tokens = parse(source)
    if tokens is None:
        return _paragraphs(source, style)
    return _block(SyntaxTreeNode(tokens), _Place(style))


def split(text: str, limit: int) -> tuple[str, str]:
    """Return the beginning of a text, in whole blocks of at most `limit` characters, and the rest.

    The beginning is empty where the first block is longer.
    """
    source = _source(text)
    starts = {token.map[0] for token in parse(source) or () if token.level == 0 and token.map}
    place = end = 0
    for number, row in enumerate(source.split("\n")):
        if place > limit:
            break
        if number in starts:
            end = place
        place += len(row) + 1
    return source[:end].rstrip(), source[end:]


def _source(text: str) -> str:
    return clean(text).expandtabs(_CODE_TAB)


def _inline(text: str, style: Style) -> str:
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in parse_inline(text, linked=style.linked):
        if token.type == "link_open":
            opened.append((str(token.attrs["href"]), len(out)))
        elif token.type == "link_close":
            address, at = opened.pop()
            out[at:] = [link(address, "".join(out[at:]))]
        else:
            out.append(_piece(token, style, in_link=bool(opened)))
    return "".join(out)


def _piece(token: "Token", style: Style, *, in_link: bool) -> str:
    if token.type == "code_inline":
        return f"<code>{escape(token.content)}</code>"
    if token.type == "address":
        return link(token.content, escape(token.content))
    if in_link or not style.linked:
        return broken(token.content)
    return linked(token.content, style.patterns)


def _paragraph(text: str, at: _Place) -> str:
    return f"<p>{_inline(unwrap(text, at.margin), at.style)}</p>"


def _paragraphs(source: str, style: Style) -> str:
    groups: list[list[str]] = [[]]
    for line in source.split("\n"):
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return "".join(_paragraph("\n".join(lines), _Place(style)) for lines in groups if lines)


def _block(node: "SyntaxTreeNode", at: _Place) -> str:
    match node.type:
        case "inline":
            return _paragraph(node.content, at)
        case "code_block" | "fence":
            return _code(node.content, node.info.strip(), at)
        case "bullet_list":
            return f"<ul>{_children(node, at)}</ul>"
        case "ordered_list":
            return _numbered(node, at)
        case "list_item":
            return f"<li>{_children(node, at.within(len(node.info) + 2)) or '<p></p>'}</li>"
        case "blockquote":
            return f"<blockquote>{_children(node, at.within(2)) or '<p></p>'}</blockquote>"
        case _:  # the root, and the paragraph around an inline
            return _children(node, at)


def _children(node: "SyntaxTreeNode", at: _Place) -> str:
    return "".join(_block(child, at) for child in node.children)


def _numbered(node: "SyntaxTreeNode", at: _Place) -> str:
    """Begin the list anew where an item's number is neither the next nor the first again."""
    first = expected = int(node.children[0].info)
    out = [_list_start(first)]
    for item in node.children:
        number = int(item.info)
        if number not in (first, expected):
            first = expected = number
            out += ["</ol>", _list_start(number)]
        expected += 1
        out.append(_block(item, at))
    return "".join([*out, "</ol>"])


def _list_start(number: int) -> str:
    return "<ol>" if number == 1 else f'<ol start="{number}">'


def _code(content: str, info: str, at: _Place) -> str:
    lines = [line.rstrip() for line in content.rstrip().split("\n")]
    language = info if _LANGUAGE.fullmatch(info) else ""
    if info and not language:
        lines.insert(0, info)
    if not any(lines):
        return ""
    if at.style.macros and at.top:
        return macros.code("\n".join(lines), language)
    marked = [f"<code>{_padded(line)}</code>" if line else "" for line in lines]
    return f"<p>{'<br />'.join(marked)}</p>"


def _padded(line: str) -> str:
    return _PADDING.sub(lambda spaces: "&#160;" * len(spaces[0]), escape(line))
