"""How large a page gets: whether its rows fit into one request, and if not, how many would. Pure.

Confluence takes requests of 5 MiB. A page is written whole, so that is also the limit of a log.
"""

import json

from confluence_changelog.confluence.transport import MAX_REQUEST
from confluence_changelog.errors import TooLargeError
from confluence_changelog.insert import Edit

MANY_ROWS = 1_000
LARGE_BODY = 1_000_000
"""Characters. Beyond these bounds a page gets slow: each write stores a whole new version of it."""

BESIDE_BODY = 16 * 1024
"""Bytes of a request that are left for title, version message and ids."""

LEFT_BY_BACKFILL = MAX_REQUEST // 10
"""Bytes that a backfill leaves free, so that the log can go on."""


def refuse_too_large(edit: Edit, *, backfill: bool = False) -> None:
    """Do nothing where the edited page fits into a request.

    Raises:
        TooLargeError: it does not; the message says how many of the newest rows would fit.

    """
    limit = MAX_REQUEST - (LEFT_BY_BACKFILL if backfill else BESIDE_BODY)
    size = _size(edit.body)
    if size <= limit:
        return
    fitting = _fitting(edit, limit - size)
    what = "that a backfill may fill" if backfill else "that Confluence takes"
    remedy = "not one of them fits, so start"
    if fitting:
        first_without = edit.rows[fitting].identity.id
        remedy = (
            f'the newest {fitting:,} fit, so set since = "{first_without}" in [scope] of the '
            "configuration, or start"
        )
    raise TooLargeError(
        f"With {len(edit.rows):,} new rows the page has {size:,} bytes, more than the {limit:,} {what}; "
        f"nothing was sent: {remedy} a new page for the log."
    )


def size_warning(edit: Edit) -> str:
    """Return what to say of a log that makes its page slow; empty for other logs."""
    if edit.count <= MANY_ROWS and len(edit.body) <= LARGE_BODY:
        return ""
    return (
        f"The log has {edit.count:,} rows and {len(edit.body):,} characters: every publication "
        "stores the whole page again and readers wait for it; run confluence-changelog archive, or "
        "start a new page for new changes."
    )


def _fitting(edit: Edit, spare: int) -> int:
    """Return how many of the newest rows fit, where `spare`, below 0, is the room without any less."""
    fitting = len(edit.rows)
    for row in reversed(edit.rows):
        if spare >= 0:
            break
        spare += _size(row.storage)
        fitting -= 1
    return fitting if spare >= 0 else 0


def _size(text: str) -> int:
    """Return the bytes of a text in the JSON that is sent, without the quotation marks."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")) - 2
