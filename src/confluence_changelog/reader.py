"""Reads text as the little of Markdown that is meant in commits. Pure.

markdown-it-py does it, with all but a few of its rules switched off: what is not on the list stays the
characters it is.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from confluence_changelog.links import is_address

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_SCHEME = re.compile(r"<?https?://[^\s<>]+>?", re.IGNORECASE)


def parse(source: str) -> "list[Token] | None":
    """Return the blocks of a text; None where it is nested deeper than the parser goes."""
    parser = _parser(linked=False)
    tokens = parser.parse(source)
    # Below this level markdown-it drops the text without a word.
    limit = parser.options["maxNesting"] - 1
    return None if any(t.nesting == 1 and t.level >= limit for t in tokens) else tokens


def parse_inline(text: str, *, linked: bool) -> "list[Token]":
    """Return the tokens of text within a block; those of type ``address`` are ``<https://…>``."""
    parser = _parser(linked=linked)
    tokens: list[Token] = []
    parser.inline.parse(text, parser, {}, tokens)
    return tokens


@cache
def _parser(*, linked: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero").enable(["list", "blockquote", "fence", "code", "backticks"])
    parser.core.ruler.disable("inline")
    if linked:
        parser.inline.ruler.push("named link", _named_link)
        parser.inline.ruler.push("bare link", _bare_link)
    return parser


def _named_link(state: "StateInline", silent: bool) -> bool:
    """Take ``[text](https://example.com)``, and nothing else that Markdown would take for a link.

    No picture, no title, no other scheme, and no text that is itself an address: it could lie.
    """
    from markdown_it.rules_inline import link as rule

    start = state.pos
    if (start and state.src[start - 1] == "!") or not rule(state, True):
        return False
    text, _, address = state.src[start + 1 : state.pos - 1].rpartition("](")
    if not text.strip() or "://" in text or not _leads_somewhere(state.md, address):
        state.pos = start
        return False
    if not silent:
        state.pos = start
        rule(state, False)
    return True


def _leads_somewhere(parser: "MarkdownIt", address: str) -> bool:
    """Tell whether Markdown's destination of a link is a web address."""
    from markdown_it.common.utils import unescapeAll

    plain = unescapeAll(address.removeprefix("<").removesuffix(">"))
    return bool(_SCHEME.fullmatch(address)) and is_address(parser.normalizeLink(plain))


def _bare_link(state: "StateInline", silent: bool) -> bool:
    """Take ``<https://example.com>``, whose text stays as it was written."""
    from markdown_it.rules_inline import autolink as rule

    start = state.pos
    if not rule(state, True):
        return False
    address = state.src[start + 1 : state.pos - 1]
    if not _SCHEME.fullmatch(address) or not is_address(address):
        state.pos = start
        return False
    if not silent:
        state.push("address", "a", 0).content = address
    return True
