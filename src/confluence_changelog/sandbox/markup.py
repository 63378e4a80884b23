"""Small parts of the HTML that pages are shown in: dates, element ids, addresses of links."""

import re
from datetime import date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ADDRESS = re.compile(r"(?:https?:|mailto:)[^\s]*|(?![a-z][a-z0-9+.-]*:)[^\s\\]*", re.IGNORECASE)


def day(when: date) -> str:
    """Return a date as Confluence shows it in English: ``04 Mar 2026``, whatever the locale."""
    return f"{when.day:02} {_MONTHS[when.month - 1]} {when.year:04}"


def day_of(at: str) -> str:
    """Return the day of an ISO 8601 time as `day` does."""
    return day(datetime.fromisoformat(at))


def moment(at: str) -> str:
    """Return an ISO 8601 time in UTC as ``04 Mar 2026 09:12 UTC``."""
    when = datetime.fromisoformat(at)
    return f"{day(when)} {when:%H:%M} UTC"


def anchor(text: str) -> str:
    """Return an element id that no page can choose to clash with the site's own."""
    return "anchor-" + re.sub(r"[^\w.:-]", "", text)


def is_safe_address(address: str) -> bool:
    """Whether a link may lead there: http, https, mailto, or a place on this site."""
    return _ADDRESS.fullmatch("".join(c for c in address.strip() if c > "\x1f")) is not None
