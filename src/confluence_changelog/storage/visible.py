"""What a reader sees of a piece of storage format, as plain text."""

import re
from typing import NamedTuple

from confluence_changelog.storage.xml import unescape

# What is never closed reaches to the end: looking for that end once for each opening takes too long.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<ac:parameter(?=[\s/>])(?P<of>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)"
    r"(?:(?<=/)>|>(?P<value>.*?)(?:</ac:parameter\s*>|\Z))"
    r"|<(?P<close>/?)(?P<name>[\w.:-]+)(?P<rest>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>",
    re.DOTALL,
)
_DATETIME = re.compile(r"""\sdatetime\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_BLOCKS = frozenset(
    """
    p br li ul ol div td th tr table blockquote pre hr h1 h2 h3 h4 h5 h6
    ac:plain-text-body ac:rich-text-body
    """.split()  # noqa: SIM905 - one name a line would hide what the list is
)


_NAME = re.compile(r"""\sac:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_USER = re.compile(r"""\sri:(?:userkey|account-id|username)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHOWN_PARAMETERS = frozenset((("jira", "key"), ("expand", "title"), ("code", "title")))
"""Macros and those of their parameters that a reader sees."""
_FOLDED = "\N{BLACK RIGHT-POINTING SMALL TRIANGLE}"


class Link(NamedTuple):
    """An ``<a href>``: its address, its visible text, and where the element stands."""

    address: str
    text: str
    start: int
    end: int


_LINK = re.compile(
    r"<a(?=[\s>])(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)(?<!/)>"
    r"(?P<text>(?:[^<]|<(?!/?a[\s>]))*+)</a\s*>"  # up to the next link, so that open ones cost little
)
_OPAQUE = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def visible_text(storage: str, *, references: bool = False) -> str:
    """Return the text of a fragment, one line per block, dates as ``YYYY-MM-DD``.

    Macro parameters and comments are no text; the CDATA of a macro's body is. Dates count because
    Confluence shows the ``datetime`` of a ``<time>``. With `references` also what a reader sees of
    issues, people and expands: an issue's key, a user's key or id, a triangle and an expand's title.
    """
    pieces: list[str] = []
    position = 0
    macro = ""
    for token in _TOKEN.finditer(storage):
        pieces.append(unescape(storage[position : token.start()]))
        position = token.end()
        if token["cdata"] is not None:
            pieces.append(token["cdata"])
        elif token["name"] == "time" and not token["close"]:
            pieces.append(_attribute(_DATETIME, token["rest"]))
        elif token["name"] in _BLOCKS:
            pieces.append("\n")
        elif references and token["name"] == "ac:structured-macro" and not token["close"]:
            macro = _attribute(_NAME, token["rest"])
            pieces.append(f"\n{_FOLDED} " if macro == "expand" else "")
        elif references:
            pieces.append(_reference(token, macro))
    pieces.append(unescape(storage[position:]))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _reference(token: re.Match[str], macro: str) -> str:
    """Return what a reader sees of a mention, or of a parameter."""
    if token["name"] == "ri:user":
        return _attribute(_USER, token["rest"])
    if token["of"] is not None and (macro, _attribute(_NAME, token["of"])) in _SHOWN_PARAMETERS:
        return unescape(token["value"] or "")
    return ""


def _attribute(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return unescape(found[1] or found[2] or "") if found else ""


def links(storage: str) -> list[Link]:
    """Return the ``<a href>`` elements of a fragment, those in comments and CDATA left out."""
    storage = without_opaque(storage)
    found = []
    for match in _LINK.finditer(storage):
        if href := _HREF.search(match["attributes"]):
            address = unescape(href[1] or href[2] or "")
            found.append(Link(address, visible_text(match["text"]), match.start(), match.end()))
    return found


def without_opaque(storage: str) -> str:
    """Return a fragment with comments and CDATA blanked out; offsets stay what they are."""
    if "<!" not in storage:
        return storage
    return _OPAQUE.sub(lambda match: " " * len(match[0]), storage)
