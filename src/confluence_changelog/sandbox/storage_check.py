"""Whether Confluence would take a text as storage format, and what it says when not.

The judge is Expat, with the prefixes and the XHTML entities declared that Confluence knows.  The
wording is that of Woodstox, the parser behind Confluence's messages (seen in public reports:
``Error parsing xhtml: Unexpected close tag </br>; expected </p>.``).
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from .tokens import ENTITIES

MAX_DEPTH = 200
"""Deepest nesting that is taken.  Woodstox stops at 1000; pages of people reach a few dozen."""

_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATIONS = "".join(
    f'<!ENTITY {name} "&#{code};">' for name, code in ENTITIES.items() if name not in _XML_OWN
)
_ROOT = (
    '<xml xmlns:ac="http://example.com/ac" xmlns:ri="http://example.com/ri" '
    'xmlns:at="http://example.com/at">'
)
_PROLOGUE = f"<!DOCTYPE xml [{_DECLARATIONS}]>{_ROOT}".encode()
_NAME = re.compile(r"</?([\w:.-]+)")
_REFERENCE = re.compile(r"&([\w.-]+);")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text does not parse: the reason, and where (both counted from 1)."""

    reason: str
    row: int
    column: int

    @property
    def message(self) -> str:
        """Confluence's message."""
        where = f"[row,col {{unknown-source}}]: [{self.row},{self.column}]"
        return f"Error parsing xhtml: {self.reason}\n at {where}"


class _TooDeepError(Exception):
    """Raised out of Expat's call-back."""


class _Nesting:
    """The names of the open elements while Expat reads."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def start(self, name: str, _attributes: object) -> None:
        if len(self.names) > MAX_DEPTH:
            raise _TooDeepError
        self.names.append(_qualified(name))

    def end(self, _name: str) -> None:
        self.names.pop()


def check(storage: str) -> Fault | None:
    """None where Confluence would parse the text; otherwise what is wrong with it."""
    if illegal := _ILLEGAL.search(storage):
        code = ord(illegal[0])
        return _fault_at(storage, illegal.start(), f"Illegal character ((CTRL-CHAR, code {code}))")
    nesting = _Nesting()
    parser = expat.ParserCreate("utf-8", " ")
    parser.namespace_prefixes = True
    parser.StartElementHandler = nesting.start
    parser.EndElementHandler = nesting.end
    value = storage.encode()
    try:
        parser.Parse(_PROLOGUE, False)
        parser.Parse(value, False)
        parser.Parse(b"</xml>", True)
    except _TooDeepError:
        offset = parser.CurrentByteIndex - len(_PROLOGUE)
        return _fault_at_byte(value, offset, f"Maximum Element Depth limit ({MAX_DEPTH}) Exceeded")
    except expat.ExpatError as error:
        offset = parser.ErrorByteIndex - len(_PROLOGUE)
        return _fault_at_byte(value, offset, _reason(error.code, value, offset, nesting.names))
    return None


def _reason(code: int, value: bytes, offset: int, names: list[str]) -> str:
    rest = (value[max(offset, 0) :] + b"</xml>")[:200].decode("utf-8", "replace")
    before = value[max(offset - 2, 0) : max(offset, 0)].decode("utf-8", "replace")
    if code == expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]:
        found = _NAME.match(rest) or _NAME.match("</" + rest)
        return f"Unexpected close tag </{found[1] if found else ''}>; expected </{names[-1]}>."
    if code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
        entity = _REFERENCE.match(rest)
        return f'Undeclared general entity "{entity[1] if entity else ""}"'
    if code == expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]:
        found = _NAME.match(rest)
        return f'Undeclared namespace prefix "{found[1].partition(":")[0] if found else ""}"'
    if code == expat.errors.codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]:
        return "Duplicate attribute."
    if rest.startswith("]]>") or before == "]]":
        return (
            "String ']]>' not allowed in textual content, except as the end marker of CDATA section"
        )
    if code in _UNFINISHED or not value[offset:]:
        return "Unexpected EOF in prolog"
    character = rest[:1]
    return f"Unexpected character '{character}' (code {ord(character)}) {_expected(before)}"


_UNFINISHED = frozenset(
    expat.errors.codes[name]
    for name in (
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT,
    )
)


def _expected(before: str) -> str:
    if before.endswith("&"):
        return "(expected a name start character)"
    if before.endswith('"'):
        return "excepted space, or '>' or \"/>\""
    return "in content or in a tag"


def _qualified(name: str) -> str:
    """``ac:link`` of Expat's ``uri link ac``; a name without a prefix comes alone."""
    parts = name.split(" ")
    return name if len(parts) == 1 else ":".join(reversed(parts[1:]))


def _fault_at_byte(value: bytes, offset: int, reason: str) -> Fault:
    text = value.decode()
    before = value[: max(offset, 0)].decode("utf-8", "ignore")
    return _fault_at(text, len(before), reason)


def _fault_at(text: str, position: int, reason: str) -> Fault:
    row = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return Fault(reason, row, column)
