"""TOML that anybody may have written, read within bounds. Quick to load: the hooks do it."""

from typing import Any

_LONGEST = 1_000_000
_MOST_DOTS = 100
"""In a line: tomllib takes time and memory by the square of the parts of a dotted key."""


def parse_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says. Raises ValueError, with the reason, for one that is not read."""
    if not text.strip():
        return {}
    if len(text) > _LONGEST:
        raise ValueError(f"it has more than {_LONGEST:,} characters")
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        raise ValueError(f"it has a line with more than {_MOST_DOTS} dots")
    import tomllib  # an empty text does without

    try:
        return tomllib.loads(text)  # ValueError also for a number of thousands of digits
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
