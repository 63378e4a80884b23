"""Well-formed storage text as a list of tokens, and back.

Only text that `storage_check` let pass comes here, so a regular expression suffices.  References
(``&nbsp;``) stay as they are written.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.entities import codepoint2name, name2codepoint
from typing import Literal

_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<\?(?P<instruction>.*?)\?>"
    r"|</(?P<close>[^\s>]+)\s*>"
    r"|<(?P<open>[^\s/>]+)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>"
    r"|(?P<text>[^<]+)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|(\w+));")

ENTITIES = {**name2codepoint, "apos": ord("'")}
"""The 253 entities of XHTML 1.0: the only named ones that stored pages hold."""


@dataclass(frozen=True, slots=True)
class Text:
    """Character data with its references."""

    value: str


@dataclass(frozen=True, slots=True)
class CData:
    """What stands between ``<![CDATA[`` and ``]]>``."""

    value: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; attribute values keep their references and are free of double quotes."""

    kind: Literal["open", "close", "empty"]
    name: str
    attributes: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Value of an attribute, or an empty string."""
        return next((value for key, value in self.attributes if key == name), "")


Token = Text | CData | Tag


def scan(storage: str) -> Iterator[Token]:
    """Tokens of well-formed text; comments and processing instructions are left out."""
    for match in _TOKEN.finditer(storage):
        kind = match.lastgroup
        if kind == "text":
            yield Text(match["text"])
        elif kind == "cdata":
            yield CData(match["cdata"])
        elif kind == "close":
            yield Tag("close", match["close"])
        elif kind == "empty":
            attributes = _attributes(match["attributes"]) if match["attributes"] else ()
            yield Tag("empty" if match["empty"] else "open", match["open"], attributes)


def write(tokens: Iterable[Token]) -> str:
    """Text of the tokens, in Confluence's spelling: double quotes and `` />``."""
    return "".join(_spell(token) for token in tokens)


def decode(text: str) -> str:
    """Character data or an attribute value with its references resolved."""
    return _REFERENCE.sub(lambda m: _character(*m.groups()) or m[0], text) if "&" in text else text


def escape(text: str) -> str:
    """Plain text as character data or as an attribute value."""
    return html.escape(text, quote=False).replace('"', "&quot;")


def name_of(character: str) -> str:
    """XHTML's name of a character, or an empty string."""
    return codepoint2name.get(ord(character), "")


def _attributes(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (match[1], match[2] if match[2] is not None else match[3].replace('"', "&quot;"))
        for match in _ATTRIBUTE.finditer(text)
    )


def _spell(token: Token) -> str:
    if isinstance(token, Text):
        return token.value
    if isinstance(token, CData):
        return f"<![CDATA[{token.value}]]>"
    if token.kind == "close":
        return f"</{token.name}>"
    attributes = "".join(f' {name}="{value}"' for name, value in token.attributes)
    return f"<{token.name}{attributes}{' />' if token.kind == 'empty' else '>'}"


def _character(hexadecimal: str | None, decimal: str | None, name: str | None) -> str:
    if name:
        return chr(ENTITIES[name]) if name in ENTITIES else ""
    return chr(int(hexadecimal, 16) if hexadecimal else int(decimal or "0"))
