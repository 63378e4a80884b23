"""Decoded TOML -> the named tuples of `settings`, by their annotations.

Values that plainly have the right types, which is the case at every commit, are taken as they are.
Any others are left to msgspec, whose import a commit does not pay for and which says what is wrong.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from confluence_changelog.errors import ConfigurationError

T = TypeVar("T", bound=tuple[Any, ...])
Hint: TypeAlias = Any
"""An annotation: a type, a union, or a generic one."""


def convert(kind: type[T], data: Mapping[str, Any], where: str) -> T:
    """Return the named tuple that the data describe; keys that are not there get their defaults.

    Raises ConfigurationError, which begins with ``where``, for a key or a type that is wrong.
    """
    if not _fits(kind, data):
        _judge(kind, data, where)
    built: T = _build(kind, data)
    return built


def is_section(hint: Hint) -> bool:
    """Tell whether an annotation is a named tuple."""
    return isinstance(hint, type) and hasattr(hint, "_field_defaults")


def _fits(hint: Hint, value: object) -> bool:
    """Tell whether the value needs no judge; False is no verdict."""
    if is_section(hint):
        return _fits_section(hint, value)
    origin: Hint = get_origin(hint)
    arguments = get_args(hint)
    if origin is None:
        return value is None if hint is type(None) else type(value) is hint
    if origin is Literal:
        return type(value) is str and value in arguments
    if origin is tuple:
        return type(value) is list and all(_fits(arguments[0], item) for item in value)
    if origin is dict:
        return type(value) is dict and all(type(item) is str for item in value.values())
    return any(_fits(argument, value) for argument in arguments)


def _fits_section(kind: Hint, value: object) -> bool:
    if type(value) is not dict:
        return False
    hints = kind.__annotations__
    needed = hints.keys() - kind._field_defaults.keys()
    return needed <= value.keys() and all(
        key in hints and _fits(hints[key], item) for key, item in value.items()
    )


def _build(hint: Hint, value: Hint) -> Hint:
    """Return what an annotation makes of a value that has been judged."""
    if is_section(hint) and isinstance(value, Mapping):
        hints = hint.__annotations__
        return hint(**{key: _build(hints[key], item) for key, item in value.items()})
    if isinstance(value, list):
        inner = next(filter(None, map(_item, (hint, *get_args(hint)))))
        return tuple(_build(inner, item) for item in value)
    if isinstance(value, Mapping):
        section = next(filter(is_section, get_args(hint)), None)
        return _build(section, value) if section else dict(value)
    return value


def _item(hint: Hint) -> Hint:
    """Return the annotation of the items, where this one is of a tuple; else None."""
    origin: Hint = get_origin(hint)
    return get_args(hint)[0] if origin is tuple else None


def _judge(kind: Hint, data: Mapping[str, Any], where: str) -> None:
    import msgspec

    try:
        msgspec.convert(data, _twin(kind))
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{where}: {_readable(str(error))}.") from error


def _twin(hint: Hint) -> Hint:
    """Return the annotation with msgspec's structs in place of named tuples."""
    import msgspec

    if is_section(hint):
        optional = hint._field_defaults
        fields = [
            (key, _twin(inner), None) if key in optional else (key, _twin(inner))
            for key, inner in hint.__annotations__.items()
        ]
        return msgspec.defstruct(hint.__name__, fields, forbid_unknown_fields=True)
    origin: Hint = get_origin(hint)
    arguments = get_args(hint)
    if origin in (None, Literal, dict):
        return hint
    if origin is tuple:
        return tuple.__class_getitem__((_twin(arguments[0]), ...))
    return Union[tuple(map(_twin, arguments))]  # noqa: UP007 - its members are only known now


def _readable(message: str) -> str:
    """Turn msgspec's "Expected `int`, got `str` - at `$.table.number`" into our words."""
    reason, _, place = message.partition(" - at ")
    place = place.strip("`").removeprefix("$.")
    reason = reason.replace("Expected", "expected").replace("object", "table")
    return f"`{place}`: {reason}" if place else reason
