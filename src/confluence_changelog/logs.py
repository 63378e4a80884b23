"""Several logs of one repository: ``[[log]]`` of the configuration. Pure, and light for the hooks.

Each says what differs from the file's own sections, which are no log of their own then.
"""

import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from confluence_changelog.errors import ConfigurationError, UsageError
from confluence_changelog.settings import Config, LogSettings, Scope

SECTIONS = ("page", "table", "row", "archive", "scope")
_WHICH = ("number", "heading", "anchor")
"""Keys of ``[table]`` of which one says which table it is."""
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"


def with_inherited(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return decoded TOML in which each log has what it does not say itself.

    What is no table stays as it is, for others to refuse.
    """
    tables = data.get("log")
    if not isinstance(tables, list):
        return data
    logs = [_whole(data, each) if isinstance(each, Mapping) else each for each in tables]
    return {**data, "log": logs}


def each_log(config: Config) -> tuple[Config, ...]:
    """Return a configuration for each log: itself where there are no tables ``[[log]]``."""
    logs = config.log
    return tuple(_alone(log, config) for log in logs) or (config,)


def name_of(config: Config) -> str:
    """Return the name of the log that a configuration is for; empty where it has none."""
    return config.log[0].name if len(config.log) == 1 else ""


def log_named(config: Config, name: str) -> Config:
    """Return the configuration of one log. Raises UsageError where there is none of that name."""
    for one in each_log(config):
        if name_of(one) == name:
            return one
    names = ", ".join(log.name for log in config.log) or "none: it has no [[log]]"
    raise UsageError(f"There is no log {name!r}; the configuration has {names}.")


def judged_scope(config: Config) -> Scope:
    """Return the scope of what `check` judges: `demands` looks at the paths of all logs."""
    return config.scope._replace(paths=()) if config.log else config.scope


def check_logs(config: Config, where: str) -> None:
    """Raise ConfigurationError for logs that cannot be told apart; `where` names the file."""
    for log in config.log:
        if not re.fullmatch(_NAME, log.name):
            raise ConfigurationError(
                f"{where}: `log.name` may have up to 40 letters, digits, dots, hyphens and underscores."
            )
    for one, other in combinations(config.log, 2):
        if one.name.casefold() == other.name.casefold():
            raise ConfigurationError(f"{where}: two logs are called {one.name}; rename one.")
        if _place(one) == _place(other):
            raise ConfigurationError(same_table(one.name, other.name, f"{where}: "))


def same_table(one: str, other: str, where: str = "") -> str:
    """Return what to say of two logs that would share a table."""
    return (
        f"{where}The logs {one} and {other} are the same table; give one of them another page, or another "
        "heading, anchor or number."
    )


def _alone(log: LogSettings, config: Config) -> Config:
    return Config(log.page, log.table, log.row, log.archive, log.scope, config.policy, (log,))


def _whole(data: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = {key: _merged(data.get(key, {}), own.get(key, {})) for key in SECTIONS}
    return {**own, **merged}


def _merged(base: Any, own: Any) -> Any:  # noqa: ANN401 - TOML holds anything
    if not isinstance(base, Mapping) or not isinstance(own, Mapping):
        return own or base
    if any(key in own for key in _WHICH):
        base = {key: value for key, value in base.items() if key not in _WHICH}
    return {**base, **own}


def _place(log: LogSettings) -> tuple[object, ...]:
    page, table = log.page, log.table
    columns = tuple(table.columns)
    return (
        page.url.rstrip("/"),
        str(page.id),
        table.number,
        table.heading.casefold(),
        table.anchor,
        columns,
    )
