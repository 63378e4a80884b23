"""Confluence's query language, as far as clients that look for pages use it.

``field operator value`` joined by AND, OR, NOT and parentheses, then ORDER BY (Atlassian, "Advanced
searching using CQL").  A query is read once and asked of each page's fields.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Fields: TypeAlias = Callable[[str], Collection[str]]
"""Values of a field; KeyError where there is no such field."""
Condition: TypeAlias = Callable[[Fields], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<sign>!=|!~|<=|>=|[=~<>(),])|(?P<word>[^\s=~<>!(),\"']+))"
)
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(.*)")
_DEEPEST = 50


class CqlError(ValueError):
    """A query that cannot be read."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: what a page must fulfil, and the fields to order by, each with its direction."""

    condition: Condition
    order: tuple[tuple[str, bool], ...]


def parse(text: str, functions: Callable[[str, str], str]) -> Query:
    """Return the query; `functions` gives the value of ``name(argument)``. CqlError says what is wrong."""
    reader = _Reader(_tokens(text), functions)
    condition = reader.any_of() if reader.peek() and not reader.at("order") else _always
    order = tuple(reader.order())
    if reader.peek():
        raise CqlError(f"unexpected {reader.peek()!r}")
    return Query(condition, order)


def _always(_fields: Fields) -> bool:
    return True


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise CqlError(f"unexpected character at {place + 1}")
        tokens.append(found[0].strip())
        place = found.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[str], functions: Callable[[str, str], str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._functions = functions

    def peek(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def at(self, *words: str) -> bool:
        return self.peek().lower() in words

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise CqlError("unexpected end of the query")
        self._place += 1
        return token

    def any_of(self) -> Condition:
        parts = [self._all_of()]
        while self.at("or"):
            self.take()
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else lambda fields: any(part(fields) for part in parts)

    def order(self) -> Iterable[tuple[str, bool]]:
        if not self.at("order"):
            return
        self.take()
        if self.take().lower() != "by":
            raise CqlError("ORDER must be followed by BY")
        while True:
            field = self.take().lower()
            descending = self.at("desc")
            if self.at("asc", "desc"):
                self.take()
            yield field, descending
            if not self.at(","):
                return
            self.take()

    def _all_of(self) -> Condition:
        parts = [self._one()]
        while self.at("and"):
            self.take()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda fields: all(part(fields) for part in parts)

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CqlError("the query is nested too deeply")
        try:
            return self._nested() if self.at("not", "(") else self._clause()
        finally:
            self._depth -= 1

    def _nested(self) -> Condition:
        if self.take() != "(":
            inner = self._one()
            return lambda fields: not inner(fields)
        inner = self.any_of()
        self._expect(")")
        return inner

    def _clause(self) -> Condition:
        field, operator = self.take().lower(), self.take().lower()
        if operator == "not":
            operator = f"not {self.take().lower()}"
        if operator in ("in", "not in"):
            wanted = self._list()
            return _compared(field, "=" if operator == "in" else "!=", wanted)
        if operator not in _OPERATORS:
            raise CqlError(f"unexpected operator {operator!r}")
        return _compared(field, operator, [self._value()])

    def _list(self) -> list[str]:
        self._expect("(")
        values = [self._value()]
        while self.at(","):
            self.take()
            values.append(self._value())
        self._expect(")")
        return values

    def _value(self) -> str:
        token = self.take()
        if token[0] in "\"'":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if self.peek() != "(":
            return token
        self.take()
        argument = "" if self.at(")") else self._value()
        self._expect(")")
        return self._functions(token, argument)

    def _expect(self, token: str) -> None:
        if self.take() != token:
            raise CqlError(f"{token!r} is missing")


def _compared(field: str, operator: str, wanted: list[str]) -> Condition:
    negative = operator.startswith("!")
    matches = _OPERATORS[operator]

    def condition(fields: Fields) -> bool:
        try:
            values = fields(field)
        except KeyError:
            raise CqlError(f"no field {field!r}") from None
        return negative != any(matches(value, each) for value in values for each in wanted)

    return condition


def _same(value: str, wanted: str) -> bool:
    return value.casefold() == wanted.casefold()


def _holds(value: str, wanted: str) -> bool:
    """Whether a text holds all words of another; ``word*`` is the beginning of one."""
    words = re.findall(r"\w+", value.casefold())
    return all(
        any(word.startswith(part) if star else word == part for word in words)
        for part, star in re.findall(r"(\w+)(\*?)", wanted.casefold())
    )


def _day(text: str) -> str:
    """Return a date as it sorts: ``2024/3/1`` as ``2024-03-01``."""
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}{found[4].replace(' ', 'T')}"


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": _same,
    "!=": _same,
    "~": _holds,
    "!~": _holds,
    ">": lambda value, wanted: value > _day(wanted),
    ">=": lambda value, wanted: value >= _day(wanted),
    "<": lambda value, wanted: value < _day(wanted),
    "<=": lambda value, wanted: value <= _day(wanted),
}
