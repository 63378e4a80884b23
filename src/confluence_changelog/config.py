"""Reads the configuration file into a `Config`.

`confluence-changelog.toml` at the root of the repository, or ``[tool.confluence-changelog]`` in its
``pyproject.toml``. ``default.toml`` in this package shows every key with its default.

The file lies in a repository that others may write to, so it is not trusted: it holds no secrets,
and an address in it decides nothing about where credentials are sent (see `credentials`).
"""

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.settings import FIELDS, Config

FILE_NAME = "confluence-changelog.toml"
PYPROJECT = "pyproject.toml"
TOOL = "confluence-changelog"

_SECRET_KEY = re.compile(r"(?i)pass(word|wd|phrase)?$|token|secret|credential|api_?key|^pat$|^user")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def find_file(root: Path) -> Path | None:
    """Return the file that configures the repository at `root`, or None.

    Raises:
        ConfigurationError: there are two.

    """
    own, pyproject = root / FILE_NAME, root / PYPROJECT
    in_pyproject = pyproject.is_file() and TOOL in _read(pyproject).get("tool", {})
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
    data = _read(path)
    if path.name == PYPROJECT:
        data = data.get("tool", {}).get(TOOL, {})
    return parse(data, str(path))


def parse(data: Mapping[str, Any], where: str) -> Config:
    """Turn decoded TOML into a `Config`; `where` names the file in errors."""
    _refuse_secrets(data, where, ())
    _refuse_unknown_keys(Config, data, where, ())
    import msgspec

    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{where}: {_readable(str(error))}.") from error
    _check_values(config, where)
    return config


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"There is no configuration file {path}; correct --config."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigurationError(f"{path} cannot be read: {reason}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.") from error


def _refuse_unknown_keys(
    kind: type[Any], data: Mapping[str, Any], where: str, path: tuple[str, ...]
) -> None:
    names = [item.name for item in dataclasses.fields(kind)]
    hints = get_type_hints(kind)
    for key, value in data.items():
        if key not in names:
            raise ConfigurationError(f"{where}: {_unknown(key, names, path)}.")
        if dataclasses.is_dataclass(hints[key]) and isinstance(value, Mapping):
            _refuse_unknown_keys(hints[key], value, where, (*path, key))


def _unknown(key: str, names: list[str], path: tuple[str, ...]) -> str:
    section = f"[{'.'.join(path)}]" if path else "the file"
    hint = _nearest(key, names) or f"it can have {', '.join(names)}"
    return f"unknown key `{key}` in {section}; {hint}"


def _nearest(word: str, words: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.5)
    return f"did you mean `{near[0]}`?" if near else ""


def _refuse_secrets(data: Mapping[str, Any], where: str, path: tuple[str, ...]) -> None:
    for key, value in data.items():
        if path[:2] == ("table", "columns"):
            return
        if isinstance(value, Mapping):
            _refuse_secrets(value, where, (*path, key))
        elif _SECRET_KEY.search(key) or _has_secret(value):
            raise ConfigurationError(
                f"{where}: `{'.'.join((*path, key))}` looks like a credential, which may not stand "
                "in a file of the repository; set CONFLUENCE_TOKEN, or CONFLUENCE_USER and "
                "CONFLUENCE_PASSWORD, in the environment instead."
            )


def _has_secret(value: object) -> bool:
    from confluence_changelog.redact import redact

    texts = value if isinstance(value, list) else [value]
    return any(redact(text)[1] for text in texts if isinstance(text, str))


def _readable(message: str) -> str:
    """Turn msgspec's "Expected `int`, got `str` - at `$.table.number`" into our words."""
    reason, _, place = message.partition(" - at ")
    place = place.strip("`").removeprefix("$.")
    reason = reason.replace("Expected", "expected")
    return f"`{place}`: {reason}" if place else reason


def _check_values(config: Config, where: str) -> None:
    for header, shown in config.table.columns.items():
        if shown not in FIELDS:
            hint = _nearest(shown, FIELDS) or f"columns can show {', '.join(FIELDS)}"
            raise ConfigurationError(f"{where}: column {header!r} cannot show `{shown}`; {hint}.")
    if not {"date", "commit"} & set(config.table.columns.values()):
        raise ConfigurationError(
            f"{where}: no column shows `date` or `commit`, so that a row could not be recognised "
            "again; add one to [table.columns]."
        )
    if not _KEY.fullmatch(config.row.repository):
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


def _is_commit_url(address: str) -> bool:
    parts = urlsplit(address)
    return (
        parts.scheme in ("http", "https") and "{id}" in address and bool(parts.netloc)
    ) and not parts.fragment
