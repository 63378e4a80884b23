"""Adds our hooks to a `prek.toml`, by inserting lines. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from confluence_changelog.hooks.entry import Source, UneditableError
from confluence_changelog.hooks.stages import Stage
from confluence_changelog.toml import parse_toml

_TYPES = "default_install_hook_types"
_ONE_LINE = re.compile(rf"(?m)^({_TYPES} *= *\[)([^\[\]#\n]*)(\][ \t]*(?:#[^\n]*)?\r?)$")


def add(text: str, stages: Sequence[Stage], source: Source) -> str:
    """Return the file with what is missing of our hooks and of the types that are installed.

    The result is read again: nothing else may differ. Raises UneditableError where it does.
    """
    old = _parsed(text)
    listed = {
        (hook.get("id"), hook.get("entry"))
        for repo in old.get("repos", [])
        for hook in repo.get("hooks", [])
    }
    known = {word for pair in listed for word in pair}
    missing = [
        stage for stage in stages if not {stage.id, f"confluence-changelog {stage.command}"} & known
    ]
    added = {
        "repo": source.repo,
        "rev": source.rev,
        "hooks": [{"id": stage.id} for stage in missing],
    }
    types = old.get(_TYPES, ["pre-commit"])
    every = list(dict.fromkeys((*types, *(stage.name for stage in stages))))
    expected: dict[str, Any] = dict(old)
    if missing:
        expected["repos"] = [*old.get("repos", []), added]
        text = _with_repo(text, source, missing)
    if every != types:
        expected[_TYPES] = every
        text = _with_types(
            text, [name for name in every if name not in types], is_there=_TYPES in old
        )
    if _parsed(text) != expected:
        raise UneditableError("its lists are not in a form that can be added to")
    return text


def _parsed(text: str) -> dict[str, Any]:
    try:
        return dict(parse_toml(text.removeprefix("\ufeff")))
    except ValueError as error:
        raise UneditableError(f"it cannot be read: {error}") from error


def _with_repo(text: str, source: Source, missing: Sequence[Stage]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [
        "[[repos]]",
        f"repo = {_string(source.repo)}",
        f"rev = {_string(source.rev)}",
        "hooks = [",
        *(f'  {{ id = "{stage.id}" }},' for stage in missing),
        "]",
    ]
    start = text if text.endswith("\n") or not text else text + end
    return start + (end if text else "") + end.join(lines) + end


def _with_types(text: str, added: Sequence[str], *, is_there: bool) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    listed = ", ".join(f'"{name}"' for name in added)
    if not is_there:
        return f'{_TYPES} = ["pre-commit", {listed}]{end}{text}'
    return _ONE_LINE.sub(
        lambda found: (
            found[1] + ", ".join(filter(None, [found[2].rstrip(" ,"), listed])) + found[3]
        ),
        text,
    )


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
