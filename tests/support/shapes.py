"""Compares the keys and types of JSON data with those of recorded answers."""

from collections.abc import Iterator
from typing import Any


def missing(recorded: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yield paths that a recorded answer has and ours lacks, or has with another type.

    A null that was recorded says nothing of the type.
    """
    if isinstance(recorded, dict) and isinstance(ours, dict):
        for key, value in recorded.items():
            if key in ours:
                yield from missing(value, ours[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(recorded, list) and isinstance(ours, list):
        if recorded and ours:
            yield from missing(recorded[0], ours[0], f"{path}[]")
    elif recorded is not None and type(recorded) is not type(ours):
        yield path
