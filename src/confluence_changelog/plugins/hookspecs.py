"""The hook functions that a plugin can have, and what they take and give: for plugins to import.

Nothing that they give becomes mark-up, a link or a command: it is text, of which control characters
and known secrets are removed, as from commits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pluggy

from confluence_changelog.entry import Entry
from confluence_changelog.message import Message

NAME = "confluence_changelog"
"""Of the project for pluggy, and of the group of entry points."""

hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)

Field = Callable[[Entry], str]


class Rule(NamedTuple):
    """What a plugin asks of commit messages, besides the policy."""

    text: str
    """What is asked for, in one sentence."""
    example: str
    """A whole message that passes."""
    wrong: Callable[[Message, Sequence[str]], str]
    """Takes a message and the paths that its commit touches; returns what is wrong, in one sentence,
    or an empty text."""


class PublishedPage(NamedTuple):
    """The page with the log, after rows were written."""

    id: str
    title: str
    version: int
    address: str


class PublishedRow(NamedTuple):
    """A row that is new on the page."""

    commit: str
    """The full id."""
    cells: tuple[str, ...]
    """The text of each cell, as a reader sees it."""


@hookspec
def changelog_fields() -> Mapping[str, Field]:
    """Return fields for columns, by their names, which begin with ``x-``."""
    return {}


@hookspec
def changelog_rules() -> Mapping[str, Rule]:
    """Return rules for commit messages, by their ids, which begin with ``x-``."""
    return {}


@hookspec
def changelog_rows_published(page: PublishedPage, rows: Sequence[PublishedRow]) -> None:
    """Learn of new rows, newest first, after they are on the page; not of a backfill."""
