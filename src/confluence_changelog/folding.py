"""What may be too long for a cell, bodies and lists of files: cut, or folded where it can be. Pure."""

from collections.abc import Sequence
from itertools import accumulate

from confluence_changelog.given import Given, line
from confluence_changelog.macros import expand
from confluence_changelog.markdown import blocks, split
from confluence_changelog.text import attribute, cut, inline

_FILES = 10
"""Paths that are shown where no number is configured."""


def limited(text: str, given: Given) -> str:
    """Return text as blocks; of a longer one the beginning, and the rest folded, or a link."""
    shown, was_cut = cut(text, given.settings.body_limit)
    if not was_cut:
        return blocks(text, given.style)
    if given.target.folds and given.settings.fold:
        return _fold(text, given)
    begun = blocks(shown, given.style)
    return f"{begun}{_continues(given)}" if begun else ""


def _fold(text: str, given: Given) -> str:
    """Return the first blocks of a text and an expand with the others, or with all of a long first."""
    limit = given.settings.body_limit
    text, was_cut = cut(text, limit + given.settings.fold)
    begun, rest = split(text, limit)
    folded = blocks(rest, given.style) + (_continues(given) if was_cut else "")
    shown = blocks(begun or f"{cut(text, limit)[0]} …", given.style)
    return f"{shown}{expand(given.settings.fold_title, folded)}" if folded else shown


def _continues(given: Given) -> str:
    rest = "continues in the commit"
    if given.entry.url:
        rest = f'<a href="{attribute(inline(given.entry.url))}">{rest}</a>'
    return f"<p>… {rest}</p>"


def files(given: Given, limit: str) -> str:
    """Return the first paths, and how many more there are; where they can fold, more of them."""
    paths, most = given.entry.paths, int(limit) if limit else _FILES
    shown = [f"<code>{line(path)}</code>" for path in paths[:most]]
    if not (rest := len(paths) - len(shown)):
        return "<br />".join(shown)
    if not shown:
        return count(rest)
    if given.alone and given.target.folds and given.settings.fold:
        return f"<p>{'<br />'.join(shown)}</p>{_folded(paths[most:], given.settings.fold)}"
    return "<br />".join([*shown, f"… {rest:,} more"])


def _folded(paths: Sequence[str], limit: int) -> str:
    """Return an expand with as many paths as there is room for."""
    used = accumulate(len(path) + 1 for path in paths)
    shown = [
        f"<code>{line(path)}</code>"
        for path, so_far in zip(paths, used, strict=True)
        if so_far <= limit
    ]
    if rest := len(paths) - len(shown):
        shown.append(f"… {rest:,} more")
    return expand(f"{len(paths):,} more", f"<p>{'<br />'.join(shown)}</p>")


def count(number: int) -> str:
    """Return how many files there are."""
    return f"{number:,} file" if number == 1 else f"{number:,} files"
