"""How a storage-format fragment is wrapped so that an XML parser can read it."""

import re
from functools import cache
from html.entities import name2codepoint

MAX_CHARACTERS = 32 * 1024 * 1024
"""Bodies longer than this are refused: Confluence itself takes requests of 5 MiB at most."""

MAX_DEPTH = 200
"""Elements nested deeper than this are refused; libxml2 stops at 256."""

PREFIXES = ("ac", "ri", "at")
"""The prefixes that Confluence uses without declaring them (``at:`` holds template variables)."""

_XML_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

ENTITIES: dict[str, str] = _XML_ENTITIES | {
    name: chr(code) for name, code in name2codepoint.items() if name not in _XML_ENTITIES
}
"""Name to character: the 253 entities of XHTML 1.0 that stored bodies contain."""

ROOT = "storage"

_REFERENCE = re.compile(r"&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|([A-Za-z][A-Za-z0-9]*));")


@cache
def prologue() -> str:
    """Return what stands before a fragment: our own entity declarations and the open root.

    The root comes after every declaration, so the fragment itself can declare nothing: a DOCTYPE in
    it is not well-formed, and entities cannot be nested or external.
    """
    declarations = "".join(
        f'<!ENTITY {name} "&#{ord(character)};">'
        for name, character in ENTITIES.items()
        if name not in _XML_ENTITIES
    )
    namespaces = "".join(f' xmlns:{prefix}="urn:confluence:{prefix}"' for prefix in PREFIXES)
    return f"<!DOCTYPE {ROOT} [{declarations}]><{ROOT}{namespaces}>"


def epilogue() -> str:
    """Return what stands after a fragment."""
    return f"</{ROOT}>"


def unescape(text: str) -> str:
    """Replace entity and character references by their characters; unknown ones stay."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name is not None:
        return ENTITIES.get(name, reference[0])
    digits, base = (decimal, 10) if decimal is not None else (hexadecimal, 16)
    code = int(digits[-9:], base)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else reference[0]
