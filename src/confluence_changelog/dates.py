"""Dates as text: formats that mean the same on every system, and time zones. Pure."""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache

from confluence_changelog.errors import ConfigurationError

_DIRECTIVE = re.compile(r"%(-?)([A-Za-z%]?)")
_KNOWN = frozenset("aAbBdGHIjmMpSuVyYzZ%")
_OFFSET = re.compile(r"(?:UTC)?([+-])([0-9]{2}):?([0-9]{2})")


def shown_in(moment: datetime, form: str) -> str:
    """Return a moment in a format of strftime; ``%-d`` is the day without a leading zero."""

    def part(match: re.Match[str]) -> str:
        if match[2] == "%":
            return "%"
        text = f"{moment.year:04}" if match[2] == "Y" else moment.strftime(f"%{match[2]}")
        return (text.lstrip("0") or "0") if match[1] else text

    return _DIRECTIVE.sub(part, form)


def check_format(form: str) -> None:
    """Raise ConfigurationError, without the file's name, for a format that cannot be used."""
    for match in _DIRECTIVE.finditer(form):
        if match[2] not in _KNOWN:
            raise ConfigurationError(
                f"cannot use the date format {form!r}, which has {match[0]!r}; known are "
                f"{', '.join(f'%{letter}' for letter in sorted(_KNOWN))}"
            )
    if not form or not _DIRECTIVE.search(form):
        raise ConfigurationError(
            f"cannot use the date format {form!r}, which shows no date; write %Y-%m-%d"
        )


@cache
def zone(name: str) -> tzinfo | None:
    """Return a time zone: of the IANA data base, ``UTC``, or ``+02:00``; None for an empty name.

    Raises:
        ConfigurationError: there is none of that name; without the file's name.

    """
    if not name:
        return None
    if name == "UTC":
        return timezone.utc  # noqa: UP017 - beside timezone it reads better
    if match := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset < timedelta(hours=24):
            return timezone(-offset if match[1] == "-" else offset)
    return _named(name)


def _named(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, available_timezones

    from confluence_changelog.nearest import nearest

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        known = {known.lower(): known for known in available_timezones()}
        hint = nearest(name, known)
        if not hint:
            hint = "write one such as Europe/Berlin, UTC or +02:00"
        if not known:
            hint = "this system knows none by name (install tzdata); write one such as +02:00"
        for lower, right in known.items():
            hint = hint.replace(f"`{lower}`", f"`{right}`")
        raise ConfigurationError(f"there is no time zone {name!r}; {hint}") from error
