"""What is asked of a commit, by the paths that it touches: settings + paths -> demands. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.message import Message
from confluence_changelog.patterns import path_filter
from confluence_changelog.settings import Config, Forbidden, PathPolicy, PolicySettings


class ExtraRule(NamedTuple):
    """A rule that a plugin gives."""

    id: str
    example: str
    """A message that passes; may be empty."""
    wrong: Callable[[Message, Sequence[str]], str]
    """Takes a message and the paths of its commit; returns what is wrong, or an empty text."""


class Demands(NamedTuple):
    """What one commit's message must hold to."""

    subject_length: int
    """Characters; 0: any."""
    empty_words: frozenset[str]
    reason_words: int
    trailers: tuple[str, ...]
    tickets: tuple[str, ...]
    """Regular expressions, each of which must be found."""
    forbidden: tuple[Forbidden, ...]
    secrets: bool
    warnings: frozenset[str]
    example: str
    extra: tuple[ExtraRule, ...] = ()
    paths: tuple[str, ...] = ()
    """What the commit touches; for the extra rules only."""


def demands(config: Config, paths: Callable[[], Sequence[str]]) -> Demands | None:
    """Return what is asked of a commit that touches the paths; None when nothing is.

    The paths are only asked for when something depends on them. A commit is bound when one of its
    paths is configured in ``[scope]``, or in that of one of several logs. For each such path the last
    table of ``[[policy.paths]]`` that matches it decides, and ``[policy]`` where none does. What the
    paths of a commit demand adds up, the strictest first; paths under ``apply = false`` add nothing.
    """
    policy = config.policy
    scopes = [log.scope.paths for log in config.log] or [config.scope.paths]
    is_bounded = all(scopes)
    if not is_bounded and not policy.paths:
        return _area(policy)
    touched = list(paths())
    if is_bounded:
        covered = [path_filter(patterns) for patterns in scopes]
        touched = [path for path in touched if any(covers(path) for covers in covered)]
        if not touched:
            return None
    if not policy.paths or not touched:
        return _area(policy)
    areas = dict.fromkeys(_areas(policy.paths, touched))
    asked = [_area(policy, area) for area in areas if area is None or area.apply]
    return _sum(asked) if asked else None


def bound_paths(config: Config, paths: Sequence[str]) -> list[str]:
    """Return those of the paths for which the policy asks for anything."""
    return [path for path in paths if demands(config, [path].copy) is not None]


def check_policy(policy: PolicySettings, where: str) -> None:
    """Raise ConfigurationError for a value of ``[policy]`` that cannot be; ``where`` is the file."""
    try:
        _check(policy)
        for table in policy.paths:
            path_filter(table.patterns, "policy.paths")
            _check(table)
    except ConfigurationError as error:
        raise ConfigurationError(f"{where}: {error}") from error


def _check(table: PolicySettings | PathPolicy) -> None:
    if isinstance(table, PathPolicy) and not table.patterns:
        raise ConfigurationError("`policy.paths` has a table without patterns; add some.")
    if min(table.subject_length or 0, table.reason_words or 0) < 0:
        raise ConfigurationError(
            "`policy.subject_length` and `policy.reason_words` must not be negative."
        )
    for key in table.trailers or ():
        if not re.fullmatch(r"[A-Za-z0-9-]+", key):
            raise ConfigurationError(
                f"`policy.trailers`: {key!r} is no trailer's key, which has letters, digits and "
                "hyphens only."
            )
    _compile("ticket", table.ticket or "")
    for entry in table.forbidden or ():
        pattern = _forbidden(entry).pattern
        if not pattern:
            raise ConfigurationError("`policy.forbidden` has an empty pattern; remove it.")
        _compile("forbidden", pattern)
    if table.warnings and table.warnings != PolicySettings().warnings:
        _check_rules(table.warnings)


def _compile(key: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:  # "(((…", "a{99999999999}"
        raise ConfigurationError(
            f"`policy.{key}`: {pattern!r} is no regular expression: {error}."
        ) from error


def _check_rules(ids: Sequence[str]) -> None:
    from confluence_changelog.fields import is_plugged
    from confluence_changelog.nearest import nearest
    from confluence_changelog.rules import RULES

    for rule in ids:
        if rule not in RULES and not is_plugged(rule):
            hint = nearest(rule, RULES) or f"the rules are {', '.join(RULES)}"
            raise ConfigurationError(f"`policy.warnings`: there is no rule `{rule}`; {hint}.")


def _areas(tables: Sequence[PathPolicy], paths: Sequence[str]) -> Iterator[PathPolicy | None]:
    filters = [(table, path_filter(table.patterns, "policy.paths")) for table in reversed(tables)]
    for path in paths:
        yield next((table for table, covers in filters if covers(path)), None)


def _area(policy: PolicySettings, table: PathPolicy | None = None) -> Demands:
    if table is not None:
        own = {key: value for key, value in table._asdict().items() if value is not None}
        policy = policy._replace(**{key: own[key] for key in own.keys() & set(policy._fields)})
    return Demands(
        policy.subject_length,
        frozenset(word.casefold() for word in policy.empty_words),
        policy.reason_words,
        policy.trailers,
        (policy.ticket,) if policy.ticket else (),
        tuple(_forbidden(entry) for entry in policy.forbidden),
        policy.secrets,
        frozenset(policy.warnings),
        policy.example,
    )


def _forbidden(entry: str | Forbidden) -> Forbidden:
    return Forbidden(entry) if isinstance(entry, str) else entry


def _sum(areas: Sequence[Demands]) -> Demands:
    """Add up what several areas ask for; a rule only warns when it only warns in each of them."""
    lengths = [area.subject_length for area in areas if area.subject_length]
    return Demands(
        min(lengths, default=0),
        frozenset[str]().union(*(area.empty_words for area in areas)),
        max(area.reason_words for area in areas),
        _each([key for area in areas for key in area.trailers]),
        _each([ticket for area in areas for ticket in area.tickets]),
        tuple(dict.fromkeys(entry for area in areas for entry in area.forbidden)),
        any(area.secrets for area in areas),
        areas[0].warnings.intersection(*(area.warnings for area in areas)),
        max((area.example for area in areas), key=len),
    )


def _each(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
