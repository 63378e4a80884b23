"""Plain text, made harmless: for a page, for a terminal, for JSON; and cut at a good place. Pure."""

import re
import unicodedata

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


def one_line(text: str) -> str:
    """Return a text on one line: cleaned, white space collapsed."""
    return " ".join(_BLANKS.split(clean(text))).strip()


def inline(text: str) -> str:
    """Storage mark-up for text inside a block: cleaned, escaped, white space collapsed."""
    return escape(one_line(text))


def escape(text: str) -> str:
    """Escape text that stands between tags; see `attribute` for that between quotation marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(escaped: str) -> str:
    """Return escaped text as it stands between quotation marks."""
    return escaped.replace('"', "&quot;")


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
