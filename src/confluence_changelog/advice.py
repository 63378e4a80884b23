"""What to say of a log whose columns do not tell all that they could. Pure."""

from collections.abc import Sequence

from confluence_changelog.fields import shows
from confluence_changelog.kept import seems_oldest_first
from confluence_changelog.log_table import Log
from confluence_changelog.placement import is_oldest_first
from confluence_changelog.settings import TableSettings
from confluence_changelog.text import plain

_TOLD = (("subject", "what was changed"), ("body", "why"))


def empty_columns(log: Log) -> str:
    """Return what to say of headers that map to nothing; empty where each column shows something."""
    names = log.table.headings or tuple(f"column {at + 1}" for at in range(len(log.fields)))
    pairs = zip(names, log.fields, strict=True)
    empty = [plain(name) or "(no header)" for name, shown in pairs if shown is None]
    if not empty:
        return ""
    return (
        f"These columns stay empty in new rows: {', '.join(empty)}; name them in [table.columns] if "
        "they should not."
    )


def wrong_end(body: str, log: Log, table: TableSettings) -> str:
    """Return what to say of a log that is kept oldest first while new rows go to its top; else nothing."""
    rising = "" if is_oldest_first(table) else seems_oldest_first(body, log.table, log.fields)
    if not rising:
        return ""
    return (
        f"The {rising} of the log rise from top to bottom, and new rows go to the top: set order = "
        '"oldest-first" in [table] if they belong at the end.'
    )


def untold(fields: Sequence[str | None]) -> list[tuple[str, str]]:
    """Return what readers should be told and no column shows, each with what to say of it."""
    return [
        (
            name,
            f"No column shows `{name}`, so that readers do not learn {what}: add one.",
        )
        for name, what in _TOLD
        if not any(shown and shows(shown, name) for shown in fields)
    ]
