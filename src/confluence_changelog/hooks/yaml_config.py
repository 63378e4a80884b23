"""Adds our hooks to a `.pre-commit-config.yaml`, by inserting lines. Pure.

The file is never parsed and written anew: comments, order and style are people's. What is understood
is the form that pre-commit's own documentation and tools use; anything else is refused.
"""

import re
from collections.abc import Sequence

from confluence_changelog.hooks.entry import Source, UneditableError, whole
from confluence_changelog.hooks.installed import lists
from confluence_changelog.hooks.stages import Stage

_KEY = re.compile(r"([A-Za-z_][\w-]*):(?:\s|$)")
_TYPES = "default_install_hook_types"
_ID = re.compile(r"\s*(?:- )?id: *([\"']?)confluence-changelog-[a-z]+\1 *(?:#.*)?$")
_LOCAL = re.compile(r" *- repo: *([\"']?)local\1 *(?:#.*)?$")
_FLOW_TYPES = re.compile(rf"({_TYPES}: *\[)([^\[\]#\"'{{}}]*)(\] *(?:#.*)?)$")


def add(text: str, stages: Sequence[Stage], source: Source) -> str:
    """Return the file with what is missing of our hooks and of the types that are installed.

    Raises UneditableError where that cannot be done for certain.
    """
    if not text.strip():
        return text + whole(stages, source)
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[-1]:
        lines.append("")
    _understand(lines)
    missing = [stage for stage in stages if not lists(text, stage)]
    if missing:
        lines = _with_hooks(lines, missing, source)
    return end.join(_with_types(lines, [stage.name for stage in stages]))


def _understand(lines: Sequence[str]) -> None:
    """Refuse all but keys, list items, comments and one opening ``---`` at the margin, and tabs."""
    keys: list[str] = []
    for number, line in enumerate(lines):
        is_start = line.rstrip() == "---" and not any(map(_means, lines[:number]))
        if _means(line) and line.lstrip(" ").startswith("\t"):
            raise UneditableError(f"line {number + 1} is indented by a tab")
        if not _means(line) or is_start or line.startswith(" "):
            continue
        key = _KEY.match(line)
        if key:
            keys.append(key[1])
        elif not (line.startswith("- ") and keys and keys[-1] in ("repos", _TYPES)):
            raise UneditableError(f"line {number + 1} is neither a key nor a hook repository")
    if keys.count("repos") != 1 or len({*keys}) != len(keys):
        raise UneditableError("it has no key repos, or a key twice")


def _means(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _is_within(line: str, depth: int) -> bool:
    """Tell whether a line belongs to what is indented by so much, or may do so.

    In a text of several lines a ``#`` begins no comment.
    """
    return _means(line) or (bool(line.strip()) and _depth(line) > depth)


def _block(lines: Sequence[str], key: str) -> tuple[int, int]:
    """Return the first and the last line of a key at the margin; (-1, -1) where it is not."""
    starts = [n for n, line in enumerate(lines) if line.startswith(f"{key}:")]
    if not starts:
        return -1, -1
    last = starts[0]
    for number in range(starts[0] + 1, len(lines)):
        if _KEY.match(lines[number]):
            break
        if _is_within(lines[number], 0):
            last = number
    return starts[0], last


def _with_hooks(lines: Sequence[str], missing: Sequence[Stage], source: Source) -> list[str]:
    """Add hooks to our repository, where there is one, or else add the repository."""
    first, last = _block(lines, "repos")
    if lines[first].partition("#")[0].strip() != "repos:":
        raise UneditableError("the list of repos is not written line by line")
    depths = [_depth(line) for line in lines[first + 1 : last + 1] if _means(line)]
    depth = depths[0] if depths else 2
    for number in range(first + 1, last + 1):
        line = lines[number]
        is_item = _depth(line) == depth and line[depth : depth + 2] == "- "
        if _means(line) and not is_item and _depth(line) <= depth:
            raise UneditableError(f"line {number + 1} is indented less than the list it stands in")
    if ours := [n for n in range(first, last + 1) if _ID.match(lines[n])]:
        return _with_ids(lines, ours[-1], depth, missing)
    if any("confluence-changelog-" in line for line in lines[first : last + 1] if _means(line)):
        raise UneditableError("our hooks are not listed line by line")
    added = [" " * depth + line for line in source.lines(missing)]
    return [*lines[: last + 1], *added, *lines[last + 1 :]]


def _with_ids(lines: Sequence[str], known: int, depth: int, missing: Sequence[Stage]) -> list[str]:
    """Add hooks behind the last one of the list in which the line ``known`` names one of ours."""
    item = next(n for n in range(known, -1, -1) if lines[n].startswith(" " * depth + "- "))
    heads = [n for n in range(item, known) if re.match(r" *(?:- )?hooks: *(?:#.*)?$", lines[n])]
    if not heads or _LOCAL.match(lines[item]):
        raise UneditableError("our hooks are not listed line by line in their own repository")
    key = len(lines[heads[-1]]) - len(lines[heads[-1]].lstrip(" -"))
    items = [n for n in range(heads[-1] + 1, known + 1) if lines[n].lstrip().startswith("- ")]
    indent = _depth(lines[items[0]])
    last = known
    for number in range(known + 1, len(lines)):
        line = lines[number]
        is_next = _depth(line) < indent or (_depth(line) == key and line[key : key + 2] != "- ")
        if _means(line) and is_next:
            break
        if _is_within(line, indent):
            last = number
    added = [f"{' ' * indent}- id: {stage.id}" for stage in missing]
    return [*lines[: last + 1], *added, *lines[last + 1 :]]


def _with_types(lines: Sequence[str], names: Sequence[str]) -> list[str]:
    """Name what ``pre-commit install`` installs; without the key that is pre-commit alone."""
    first, last = _block(lines, _TYPES)
    if first < 0:
        place = _block(lines, "repos")[0]
        while place and lines[place - 1].lstrip().startswith("#"):
            place -= 1  # a comment above belongs to what stands below it
        every = dict.fromkeys(("pre-commit", *names))
        return [*lines[:place], f"{_TYPES}: [{', '.join(every)}]", *lines[place:]]
    flow = _FLOW_TYPES.match(lines[first])
    if flow:
        there = [word.strip() for word in flow[2].split(",") if word.strip()]
        added = [name for name in names if name not in there]
        if not added:
            return list(lines)
        listed = ", ".join((*filter(None, [flow[2].rstrip(" ,")]), *added))
        return [*lines[:first], f"{flow[1]}{listed}{flow[3]}", *lines[first + 1 :]]
    items = [n for n in range(first + 1, last + 1) if _means(lines[n])]
    pattern = re.compile(r"( *)- ([\"']?)([a-z-]+)\2 *(?:#.*)?$")
    matches = [pattern.match(lines[n]) for n in items]
    found = [match for match in matches if match]
    head_is_bare = lines[first].partition("#")[0].strip() == f"{_TYPES}:"
    if not found or len(found) != len(items) or not head_is_bare:
        raise UneditableError(f"{_TYPES} is not a plain list")
    there = [match[3] for match in found]
    added = [f"{found[0][1]}- {name}" for name in names if name not in there]
    return [*lines[: last + 1], *added, *lines[last + 1 :]]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
