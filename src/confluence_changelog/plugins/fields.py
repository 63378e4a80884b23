"""Fields that plugins give: text for columns whose field begins with ``x-``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from confluence_changelog.entry import Entry
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.fields import is_plugged, pieces
from confluence_changelog.plugins.allowed import VARIABLE, allowed, installed
from confluence_changelog.plugins.load import attempt, broken, plugins, results
from confluence_changelog.redact import redact
from confluence_changelog.settings import TableSettings
from confluence_changelog.text import clean

if TYPE_CHECKING:
    from confluence_changelog.plugins.hookspecs import Field


def wanted(table: TableSettings) -> dict[str, str]:
    """Return the fields of plugins that the columns show, each with the header of a column."""
    return {
        piece.field: header
        for header, shown in table.columns.items()
        for piece in pieces(shown)
        if is_plugged(piece.field)
    }


def filled(
    entries: Iterable[Entry], table: TableSettings, *, may_lack: bool = False
) -> tuple[Entry, ...]:
    """Return entries with what plugins show of them, where a column asks for it.

    Args:
        entries: the entries.
        table: the columns.
        may_lack: whether a field that no allowed plugin gives stays empty.

    Raises:
        ConfigurationError: no plugin that is allowed gives a field.
        PluginError: a plugin is broken.

    """
    asked = wanted(table)
    if not asked:
        return tuple(entries)
    given = _given()
    for field, header in asked.items():
        if field not in given and not may_lack:
            raise ConfigurationError(
                f"Column {header!r} shows `{field}`, which no allowed plugin gives: {_remedy()}."
            )
    chosen = {field: given[field] for field in asked if field in given}
    return tuple(_with(entry, chosen) for entry in entries)


def _given() -> "dict[str, tuple[str, Field]]":
    """Return the fields by name, each with the plugin that gives it."""
    loaded = plugins()
    found: dict[str, tuple[str, Field]] = {}
    for name, fields in results(loaded, "changelog_fields") if loaded else ():
        for field, function in _named(name, "fields", fields):
            if field in found:
                raise broken(name, f"gives the field {field}, as {found[field][0]} does")
            found[field] = (name, function)
    return found


def _named(name: str, what: str, given: object) -> Sequence[tuple[str, Any]]:
    """Return names and functions that a plugin gives, if they can be that."""
    if not isinstance(given, Mapping):
        raise broken(name, f"gives no mapping of {what}")
    for key, value in given.items():
        if not (isinstance(key, str) and is_plugged(key)):
            raise broken(name, f"has {what} whose names are not x- and letters, such as x-risk")
        if not callable(value):
            raise broken(name, f"gives no function for {key}")
    return list(given.items())


def _with(entry: Entry, fields: "Mapping[str, tuple[str, Field]]") -> Entry:
    extra: list[tuple[str, str]] = []
    removed: list[str] = []
    for field, (name, function) in fields.items():
        where = f"in its field {field}, at commit {entry.abbreviated}"
        text = attempt(name, where, lambda: function(entry))  # noqa: B023 - called at once
        if not isinstance(text, str):
            raise broken(
                name, f"gives no text for its field {field}, at commit {entry.abbreviated}"
            )
        safe, secrets = redact(clean(text))
        extra.append((field, safe))
        removed += [f"{secret} in {field}" for secret in secrets]
    every = tuple(dict.fromkeys((*entry.removed, *removed)))
    return replace(entry, extra=tuple(extra), removed=every)


def _remedy() -> str:
    names = [name for name in installed() if name not in allowed()]
    if not names:
        return "install the one that does, and allow it"
    which = " or ".join(names)
    return f"of those that are installed {which} is not allowed, which {VARIABLE} can name"
