"""Reads the configuration file into a `Config`.

`confluence-changelog.toml` at the root of the repository, or ``[tool.confluence-changelog]`` in its
``pyproject.toml``. ``default.toml`` in this package shows every key with its default.

The file lies in a repository that others may write to, so it is not trusted: it holds no secrets,
and an address in it decides nothing about where credentials are sent (see `credentials`).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from confluence_changelog.demands import check_policy
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.settings import ArchiveSettings, Config, RowSettings, TableSettings
from confluence_changelog.toml import parse_toml
from confluence_changelog.typed import Hint, convert, is_section

FILE_NAME = "confluence-changelog.toml"
PYPROJECT = "pyproject.toml"
TOOL = "confluence-changelog"

_CREDENTIAL = r"(?i)pass(word|wd|phrase)?$|token|secret|credential|api_?key|^pat$|^user"
_LONGEST_DEADLINE = 86_400
_MOST_DAYS = 3_650
_PEOPLE = ("row", "people")
"""A table whose keys are e-mail addresses, such as ``user@example.com``."""
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"


def find_file(root: Path) -> Path | None:
    """Return the file that configures the repository at `root`, or None.

    Raises:
        ConfigurationError: there are two.

    """
    own, pyproject = root / FILE_NAME, root / PYPROJECT
    in_pyproject = pyproject.is_file() and _section(_text(pyproject), str(pyproject)) is not None
    if own.is_file() and in_pyproject:
        raise ConfigurationError(
            f"Both {FILE_NAME} and [tool.{TOOL}] in {PYPROJECT} configure {root}; remove one of them."
        )
    if own.is_file():
        return own
    return pyproject if in_pyproject else None


def load(path: Path) -> Config:
    """Read a configuration file.

    Raises:
        ConfigurationError: no such file, no TOML, an unknown key, a value of the wrong type, or a
            secret.

    """
    text = _text(path)
    if path.name == PYPROJECT:
        return parse(_section(text, str(path)) or {}, str(path))
    return parse(_toml(text, str(path)), str(path))


def parse_files(own: str | None, pyproject: str | None, where: str) -> Config | None:
    """Return what the texts of the two files of one folder configure; None for a missing file.

    The answer is None when neither configures anything. Raises what `find_file` and `load` raise;
    `where` says in errors where the files stand.
    """
    section = None if pyproject is None else _section(pyproject, f"{where}{PYPROJECT}")
    if own is not None and section is not None:
        raise ConfigurationError(
            f"Both {where}{FILE_NAME} and [tool.{TOOL}] in {PYPROJECT} configure; remove one of them."
        )
    if own is not None:
        return parse(_toml(own, f"{where}{FILE_NAME}"), f"{where}{FILE_NAME}")
    return None if section is None else parse(section, f"{where}{PYPROJECT}")


def parse(data: Mapping[str, Any], where: str) -> Config:
    """Turn decoded TOML into a `Config`; `where` names the file in errors."""
    if not data:
        return Config()
    _refuse_secrets(data, where, ())
    _refuse_unknown_keys(Config, data, where, ())
    if "log" not in data:
        return _checked(convert(Config, data, where), where)
    from confluence_changelog.logs import check_logs, each_log, with_inherited

    config = convert(Config, with_inherited(data), where)
    check_logs(config, where)
    for log in each_log(config):
        _check_values(log, f"{where}: log {log.log[0].name}")
    return _checked(config, where)


def _checked(config: Config, where: str) -> Config:
    _check_values(config, where)
    check_policy(config.policy, where)
    return config


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"There is no configuration file {path}; correct --config."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(f"{path} cannot be read: {reason}.") from error


def _section(pyproject: str, where: str) -> dict[str, Any] | None:
    """Return our table of a pyproject.toml; one that does not name us is not parsed."""
    if TOOL not in pyproject:
        return None
    tool = _toml(pyproject, where).get("tool")
    found = tool.get(TOOL) if isinstance(tool, dict) else None
    if found is None or isinstance(found, dict):
        return found
    raise ConfigurationError(f"{where}: `tool.{TOOL}` must be a table.")


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except ValueError as error:
        raise ConfigurationError(f"{where} is not TOML: {error}.") from error


def _refuse_unknown_keys(
    kind: Hint, data: Mapping[str, Any], where: str, path: tuple[str, ...]
) -> None:
    hints = kind.__annotations__
    for key, value in data.items():
        if key not in hints:
            raise ConfigurationError(f"{where}: {_unknown(key, list(hints), path)}.")
        section = next(filter(is_section, (hints[key], *_arguments(hints[key]))), None)
        for item in value if isinstance(value, list) else [value]:
            if section is not None and isinstance(item, Mapping):
                _refuse_unknown_keys(section, item, where, (*path, key))


def _arguments(hint: Hint) -> tuple[Any, ...]:
    """Return what an annotation such as ``tuple[str | Forbidden, ...] | None`` is made of."""
    inner = get_args(hint)
    return (*inner, *(part for argument in inner for part in _arguments(argument)))


def _unknown(key: str, names: list[str], path: tuple[str, ...]) -> str:
    from confluence_changelog.nearest import nearest

    section = f"[{'.'.join(path)}]" if path else "the file"
    hint = nearest(key, names) or f"it can have {', '.join(names)}"
    return f"unknown key `{key}` in {section}; {hint}"


def _refuse_secrets(data: Mapping[str, Any], where: str, path: tuple[str, ...]) -> None:
    for key, value in data.items():
        if path[-2:] == ("table", "columns"):
            return
        items = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, Mapping):
                _refuse_secrets(item, where, (*path, key))
            elif not isinstance(item, bool) and (
                (path != _PEOPLE and re.search(_CREDENTIAL, key)) or _has_secret(item)
            ):
                raise ConfigurationError(
                    f"{where}: `{'.'.join((*path, key))}` looks like a credential, which may not "
                    "stand in a file of the repository; set CONFLUENCE_TOKEN, or CONFLUENCE_USER "
                    "and CONFLUENCE_PASSWORD, in the environment instead."
                )


def _has_secret(value: object) -> bool:
    from confluence_changelog.redact import redact

    return isinstance(value, str) and bool(redact(value)[1])


def _check_values(config: Config, where: str) -> None:
    if config.table != TableSettings() or config.row != RowSettings():
        from confluence_changelog.shape import check_shape

        check_shape(config, where)
    if config.archive != ArchiveSettings():
        from confluence_changelog.shape import check_archive

        check_archive(config, where)
    if not re.fullmatch(_NAME, config.row.repository):
        raise ConfigurationError(
            f"{where}: `row.repository` may have up to 40 letters, digits, dots, hyphens and "
            "underscores."
        )
    if config.row.commit_url and not _is_commit_url(config.row.commit_url):
        raise ConfigurationError(
            f"{where}: `row.commit_url` must be an http(s) address with {{id}} in it and no "
            "fragment, such as https://git.example.com/net/commit/{id}."
        )
    number = 1 if config.table.number is None else config.table.number
    if min(config.row.body_limit, config.page.deadline, number) < 1:
        raise ConfigurationError(
            f"{where}: `row.body_limit`, `page.deadline` and `table.number` must be at least 1."
        )
    if not 0 <= config.scope.heal <= _MOST_DAYS:
        raise ConfigurationError(f"{where}: `scope.heal` must be 0 to {_MOST_DAYS} days.")
    if config.page.deadline > _LONGEST_DEADLINE:
        raise ConfigurationError(
            f"{where}: `page.deadline` must be at most {_LONGEST_DEADLINE} seconds, which is a day."
        )


def _is_commit_url(address: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
    except ValueError:  # such as "https://[{id}"
        return False
    return (
        parts.scheme in ("http", "https") and "{id}" in address and bool(parts.netloc)
    ) and not parts.fragment
