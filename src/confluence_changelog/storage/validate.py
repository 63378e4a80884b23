"""Says whether Confluence would accept a text as storage format, and if not, where and why.

Confluence answers a text that does not parse with a 400 ``Error parsing xhtml: …`` for the whole
page (Atlassian's servers use a strict XML parser). The same faults are found here before anything is
sent: expat finds the place, and the reason is worded for the person who wrote the text.
"""

import re
from typing import NamedTuple
from xml.parsers import expat

from confluence_changelog.storage.xml import MAX_CHARACTERS, MAX_DEPTH, epilogue, prologue

_VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))
_NONE = (0xFFFE, 0xFFFF)
_OPEN_REFERENCE = re.compile(r"&#?[A-Za-z0-9]*[^A-Za-z0-9;]?$")
_NAME = re.compile(r"[A-Za-z_][\w.:-]*")
_ATTRIBUTE_FAULTS = (
    (re.compile(r"<[\w.:-]+[^<>]*?\s([\w.:-]+)\s*=\s*[^\s\"'<>]*$"), "has no quotes"),
    (re.compile(r"<[\w.:-]+[^<>]*?\s([\w.:-]+)\s*$"), "has no value"),
)


class Fault(NamedTuple):
    """Where and why a text is not storage format; line and column count from 1, in characters."""

    line: int
    column: int
    reason: str


class _Stop(Exception):  # noqa: N818 - carries a place out of expat's callbacks, is no error
    pass


class _Reader:
    """Reads a text with expat and keeps what is open, so that a fault can be named."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[tuple[str, int]] = []
        self.limit = ""
        self.parser = expat.ParserCreate("utf-8", "\x1f")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        head = prologue().encode()
        self.offset = len(head)
        self.document = head + text.encode("utf-8", "surrogatepass") + epilogue().encode()

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.open.append((name.rpartition("\x1f")[2], self.parser.CurrentByteIndex))
        if len(self.open) > MAX_DEPTH:
            self.limit = f"elements are nested more than {MAX_DEPTH} deep"
            raise _Stop

    def _end(self, _name: str) -> None:
        self.open.pop()

    def characters(self, byte_index: int) -> int:
        """Return the offset in the text, in characters, of a byte of the document."""
        inside = self.document[self.offset : max(self.offset, byte_index)]
        return min(len(inside.decode("utf-8", "ignore")), len(self.text))


def validate(text: str) -> Fault | None:
    """Return the first fault of a storage-format text, or None where Confluence would accept it.

    Entity declarations, DOCTYPEs and external entities are faults; depth and size are bounded.
    """
    if len(text) > MAX_CHARACTERS:
        return Fault(1, 1, f"the text has more than {MAX_CHARACTERS:,} characters")
    reader = _Reader(text)
    try:
        reader.parser.Parse(reader.document, True)
    except _Stop:
        return _at(text, reader.characters(reader.open[-1][1]), reader.limit)
    except expat.ExpatError as error:
        offset = reader.characters(reader.parser.ErrorByteIndex)
        return _explain(reader, error.code, offset)
    return None


def _at(text: str, offset: int, reason: str) -> Fault:
    line = text.count("\n", 0, offset) + 1
    return Fault(line, offset - text.rfind("\n", 0, offset), reason)


def _explain(reader: _Reader, code: int, offset: int) -> Fault:
    text = reader.text
    message = expat.errors.messages[code]
    if message == expat.errors.XML_ERROR_TAG_MISMATCH:
        return _mismatch(reader, offset)
    if message == expat.errors.XML_ERROR_UNDEFINED_ENTITY:
        name = _NAME.match(text, offset + 1)
        shown = f"&{name[0]};" if name else "this entity"
        return _at(text, offset, f"{shown} is not known to Confluence: write the character itself")
    if message == expat.errors.XML_ERROR_UNBOUND_PREFIX:
        return _at(text, offset, "the prefix is not known: Confluence has only ac:, ri: and at:")
    if message == expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE:
        return _at(text, offset, "an attribute stands twice in one tag")
    if message == expat.errors.XML_ERROR_BAD_CHAR_REF:
        return _at(text, offset, "the reference names a character that is not allowed")
    if message == expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
        return _at(text, offset, "an end tag before this place closes nothing that is open")
    if message == expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION:
        return _at(text, offset, "<![CDATA[ is never closed by ]]>")
    if offset >= len(text):
        return _at(text, offset, "the text ends inside a tag, a comment or a reference")
    return _invalid_token(text, offset, message)


def _mismatch(reader: _Reader, offset: int) -> Fault:
    """Explain an end tag that does not fit; expat points behind its ``</``, or past the text."""
    text = reader.text
    name = _NAME.match(text, offset)
    closing = name[0] if name else ""
    if len(reader.open) == 1:
        return _at(text, offset - 2, f"</{closing}> closes nothing that is open")
    opened = reader.characters(reader.open[-1][1])
    tag = _NAME.match(text, opened + 1)
    open_name = tag[0] if tag else reader.open[-1][0]
    if open_name in _VOID:
        return _at(text, opened, f"<{open_name}> is never closed: write <{open_name} />")
    if not closing:
        return _at(text, opened, f"<{open_name}> is never closed")
    if closing in _VOID:
        return _at(text, offset - 2, f"</{closing}> closes nothing: write <{closing} />")
    place = _at(text, opened, "")
    return _at(
        text,
        offset - 2,
        f"</{closing}> does not close the open <{open_name}> "
        f"(line {place.line}, column {place.column})",
    )


def _invalid_token(text: str, offset: int, message: str) -> Fault:
    """Explain what expat calls an invalid token, from the text around it."""
    character = text[offset]
    before = text[max(0, offset - 400) : offset]
    if reference := _OPEN_REFERENCE.search(before + character):
        at = offset + 1 - len(reference[0])
        entity = ", or an entity lacks its ;" if len(reference[0]) > 2 else ""
        return _at(text, at, f"a bare & must be written &amp;{entity}")
    if text.startswith("]]>", offset) or before.endswith("]]"):
        return _at(text, offset, "]]> may stand only at the end of CDATA: write ]]&gt;")
    if before.endswith(("<!", "<!D")):
        return _at(text, offset, "a document type declaration is not allowed")
    if before.endswith("--"):
        return _at(text, offset - 2, "-- may not stand inside a comment")
    if before.endswith("<"):
        return _at(text, offset - 1, "a bare < must be written &lt;")
    return _at(text, offset, _fault_of_character(character, before) or message)


def _fault_of_character(character: str, before: str) -> str:
    code = ord(character)
    if (code < 32 and character not in "\t\n\r") or 0xD800 <= code < 0xE000 or code in _NONE:
        return f"the character U+{code:04X} is not allowed"
    for pattern, what in _ATTRIBUTE_FAULTS:
        if found := pattern.search(before):
            return f"the attribute {found[1]} {what}"
    return "< may not stand here: write &lt;" if character == "<" else ""
