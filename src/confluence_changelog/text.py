"""Plain text to storage format: nothing in a commit becomes mark-up that it did not mean to be."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from confluence_changelog.wrap import unwrap

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PLANES = range(0x10000, 0x110000, 0x10000)
_DROPPED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi controls, deprecated format characters
    "\u200b\u2060-\u2064\ufeff\ufff9-\ufffb"  # zero width, invisible operators, annotation
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # lone surrogates, non-characters
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in _PLANES)
    + "\U000e0000-\U000e007f"  # tags
    "]"
)
_ESCAPED_IN_JSON = re.compile(f"{_DROPPED.pattern}|[\u2028\u2029]")
_CI_MARKER = re.compile(r"#(?=#(?:vso|teamcity)?\[)", re.IGNORECASE)
_CI_COMMAND = re.compile(r"(?<!\S):{2,}")
_BLANKS = re.compile(r"[ \t\n]+")
_PADDING = re.compile(r"^ +| +(?= )")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{0,20}")
_CODE_TAB = 4


def clean(text: str) -> str:
    r"""Drop what must never reach a page or a terminal; keep ``\n`` and ``\t``.

    Dropped are control characters, bidi controls, lone surrogates, all that XML 1.0 cannot hold,
    non-characters, tags, and invisible characters that hide in words. Every other line end
    (``\r\n``, ``\r``, VT, FF, NEL, U+2028, U+2029) becomes ``\n``, so that no two words grow
    together. Kept are the joiners U+200C and U+200D and variation selectors (emoji, Persian,
    Indic scripts). The text is not normalised.
    """
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", text))


def plain(text: str) -> str:
    """One line for a terminal, a log or a CI job: cleaned, white space collapsed.

    What CI systems take for a command is broken by a space: ``##vso[``, ``##teamcity[`` and
    ``##[`` become ``# #…``, and a word that begins with ``::`` begins with ``: :`` (GitHub
    Actions, Azure Pipelines, TeamCity: workflow or service commands in log lines).
    """
    line = " ".join(clean(text).split())
    return _CI_COMMAND.sub(lambda match: " ".join(match[0]), _CI_MARKER.sub("# ", line))


def json_safe(text: str) -> str:
    r"""Return JSON text with what `clean` drops and `plain` breaks written as ``\u`` escapes."""
    return _CI_MARKER.sub(r"\\u0023", _ESCAPED_IN_JSON.sub(_json_escape, text))


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def inline(text: str, *, code: bool = False) -> str:
    """Storage mark-up for text inside a block: cleaned, escaped, white space collapsed.

    With `code`, spans between backticks become ``<code>``.
    """
    line = " ".join(_BLANKS.split(clean(text))).strip()
    return _inline(line) if code else _escape(line)


def blocks(text: str) -> str:
    r"""Storage blocks for a message's body: paragraphs, lists, quotes and literal code.

    Understood of Markdown are bullet and numbered lists, ``>`` quotes, fenced and indented code
    and code spans; all else stays the characters it is. Every piece of text stands in a ``<p>``,
    as Confluence's editors want it in a table cell. Numbers of lists stay as typed.

    Line breaks that come from wrapping become spaces, those that were meant ``<br />``: see
    `confluence_changelog.wrap`.

    Text nested deeper than the parser goes (20 levels) is laid out as plain paragraphs. Nothing
    but the understood markers, and a language named after a fence, is missing from the result.
    """
    # Imported here: the commit hook loads this module and parses no Markdown.
    from markdown_it.tree import SyntaxTreeNode

    source = clean(text).expandtabs(_CODE_TAB)
    parser = _parser()
    tokens = parser.parse(source)
    # Below this level markdown-it drops the text without a word.
    limit = parser.options["maxNesting"] - 1
    if any(token.nesting == 1 and token.level >= limit for token in tokens):
        return _paragraphs(source)
    return _block(SyntaxTreeNode(tokens))


def cut(text: str, limit: int) -> tuple[str, bool]:
    """At most `limit` characters of `text`, and whether some were cut.

    The cut is at a paragraph's end when one lies in the last third, else at a line's, else at a
    word's; else in the word, but not before a combining character or a joiner.
    """
    if len(text) <= limit:
        return text, False
    limit = max(limit, 0)
    first = limit - limit // 3
    for end in ("\n\n", "\n", " "):
        at = text.rfind(end, first, limit + len(end))
        if at > 0:
            return text[:at].rstrip(), True
    at = limit
    while first < at and (_extends(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    return text[:at].rstrip(), True


def _extends(character: str) -> bool:
    """Whether it belongs to the character before it: accents, joiners, emoji skin tones."""
    return (
        unicodedata.category(character).startswith("M")
        or character in "\u200c\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero").enable(["list", "blockquote", "fence", "code", "backticks"])
    parser.core.ruler.disable("inline")
    return parser


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _inline(text: str) -> str:
    parser = _parser()
    tokens: list[Token] = []
    parser.inline.parse(text, parser, {}, tokens)
    return "".join(
        f"<code>{_escape(token.content)}</code>"
        if token.type == "code_inline"
        else _escape(token.content).replace("\n", "<br />")
        for token in tokens
    )


def _paragraph(text: str, indent: int = 0) -> str:
    return f"<p>{_inline(unwrap(text, indent))}</p>"


def _paragraphs(source: str) -> str:
    groups: list[list[str]] = [[]]
    for line in source.split("\n"):
        if line.strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return "".join(_paragraph("\n".join(lines)) for lines in groups if lines)


def _block(node: "SyntaxTreeNode", margin: int = 0) -> str:
    """Storage for a block that begins after `margin` columns of markers."""
    match node.type:
        case "inline":
            return _paragraph(node.content, margin)
        case "code_block" | "fence":
            return _code(node.content, node.info.strip())
        case "bullet_list":
            return f"<ul>{_children(node, margin)}</ul>"
        case "ordered_list":
            return _numbered(node, margin)
        case "list_item":
            return f"<li>{_children(node, margin + len(node.info) + 2) or '<p></p>'}</li>"
        case "blockquote":
            return f"<blockquote>{_children(node, margin + 2) or '<p></p>'}</blockquote>"
        case _:  # the root, and the paragraph around an inline
            return _children(node, margin)


def _children(node: "SyntaxTreeNode", margin: int) -> str:
    return "".join(_block(child, margin) for child in node.children)


def _numbered(node: "SyntaxTreeNode", margin: int) -> str:
    """Begin the list anew where an item's number is neither the next nor the first again."""
    first = expected = int(node.children[0].info)
    out = [_list_start(first)]
    for item in node.children:
        number = int(item.info)
        if number not in (first, expected):
            first = expected = number
            out += ["</ol>", _list_start(number)]
        expected += 1
        out.append(_block(item, margin))
    return "".join([*out, "</ol>"])


def _list_start(number: int) -> str:
    return "<ol>" if number == 1 else f'<ol start="{number}">'


def _code(content: str, info: str) -> str:
    lines = content.rstrip().split("\n")
    if not _LANGUAGE.fullmatch(info):
        lines.insert(0, info)
    marked = [f"<code>{_padded(line.rstrip())}</code>" if line.strip() else "" for line in lines]
    return f"<p>{'<br />'.join(marked)}</p>" if any(marked) else ""


def _padded(line: str) -> str:
    return _PADDING.sub(lambda spaces: "&#160;" * len(spaces[0]), _escape(line))
