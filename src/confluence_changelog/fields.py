"""What a column shows, as the configuration says it: a field, a template, or a constant. Pure.

``subject`` is a field, ``trailer:Risk`` one with a detail, ``"{subject} ({ticket})"`` a template and
``"=by script"`` a constant.
"""

import re
from functools import cache
from typing import NamedTuple

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.settings import FIELDS

DATES = ("date", "author-date", "committer-date", "merge-date")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_MOST_FILES = 10_000
_PLUGGED = re.compile(r"x(-[a-z0-9]+)+")


class Piece(NamedTuple):
    """A field, or literal text where `field` is empty."""

    field: str
    detail: str
    """A trailer's key, a format of dates, a number of files; or the literal text."""


@cache
def pieces(shown: str) -> tuple[Piece, ...]:
    """Return what a column shows, piece by piece; nothing for a column that stays empty.

    Raises:
        ConfigurationError: there is no such field, or it cannot be there; without the file's name.

    """
    if shown.startswith("="):
        return (Piece("", shown[1:]),) if shown[1:] else ()
    if "{" not in shown and "}" not in shown:
        return (_piece(shown),) if shown else ()
    return _template(shown)


def is_template(shown: str) -> bool:
    """Tell whether it is neither a single field nor empty."""
    return shown.startswith("=") or "{" in shown or "}" in shown


def shows(shown: str, field: str) -> bool:
    """Tell whether a column shows a field, the full message counting as subject and body."""
    found = {piece.field for piece in pieces(shown)}
    return field in found or (field in ("subject", "body") and "message" in found)


def is_dated(shown: str) -> bool:
    """Tell whether a column shows a date."""
    return any(piece.field in DATES for piece in pieces(shown))


def carries(shown: str) -> bool:
    """Tell whether a row's identity can stand in such a column."""
    return shown == "commit" or is_dated(shown)


def is_plugged(name: str) -> bool:
    """Tell whether a name of a field, or of a rule, is one that only plugins give."""
    return bool(_PLUGGED.fullmatch(name))


def _template(shown: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    literal, position = "", 0
    for match in _PARTS.finditer(shown):
        literal += shown[position : match.start()]
        position = match.end()
        if match[0] in ("{{", "}}"):
            literal += match[0][0]
        elif match[1] is None:
            raise ConfigurationError(
                f"cannot show {shown!r}, which has a single {match[0]}; double it, or close it"
            )
        else:
            if literal:
                found.append(Piece("", literal))
            literal = ""
            found.append(_piece(match[1], within=shown))
    literal += shown[position:]
    return (*found, Piece("", literal)) if literal else tuple(found)


def _piece(text: str, within: str = "") -> Piece:
    field, colon, detail = text.partition(":")
    if field not in FIELDS and not is_plugged(field):
        from confluence_changelog.nearest import nearest

        hint = nearest(field, FIELDS) or f"columns can show {', '.join(FIELDS)}"
        raise ConfigurationError(f"cannot show `{text}`; {hint}")
    if within and field == "commit":
        raise ConfigurationError(
            f"cannot show `commit` within {within!r}, because it is a link that must stand alone; "
            "use `id`, the abbreviated id as text"
        )
    if field == "trailer" and not _KEY.fullmatch(detail):
        raise ConfigurationError(f"cannot show `{text}`; name the trailer, as in `trailer:Risk`")
    if field == "files" and colon and not (detail.isdecimal() and int(detail) <= _MOST_FILES):
        raise ConfigurationError(f"cannot show `{text}`; give a number, as in `files:20`")
    if colon and field not in (*DATES, "files", "trailer"):
        raise ConfigurationError(f"cannot show `{text}`; write `{field}`")
    if field in DATES and colon:
        from confluence_changelog.dates import check_format

        check_format(detail)
    return Piece(field, detail)
