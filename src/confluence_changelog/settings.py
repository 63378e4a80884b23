"""What can be configured, with its defaults: one frozen dataclass for each section of the file.

``default.toml`` in this package says what each key means.
"""

from dataclasses import dataclass, field
from typing import Literal

FIELDS = ("date", "author", "committer", "subject", "body", "commit")
"""What a column can show."""

DEFAULT_COLUMNS = {"Date": "date", "Who": "author", "What": "subject", "Why": "body"}


@dataclass(frozen=True, slots=True)
class PageSettings:
    """``[page]``: where the log is."""

    url: str = ""
    id: str | int = ""
    flavour: Literal["data-center"] = "data-center"
    send_ancestors: bool = False
    deadline: int = 120


@dataclass(frozen=True, slots=True)
class TableSettings:
    """``[table]``: which table is the log, and what its columns show."""

    number: int | None = None
    columns: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_COLUMNS))
    """Header text to field, from left to right."""


@dataclass(frozen=True, slots=True)
class RowSettings:
    """``[row]``: how a commit becomes a row."""

    date: Literal["committer", "author"] = "committer"
    missing_subject: str = "(no subject)"
    missing_reason: str = "(no reason given)"
    body_limit: int = 4000
    wide_characters: Literal["keep", "replace"] = "keep"
    commit_url: str = ""
    repository: str = "repo"


@dataclass(frozen=True, slots=True)
class Scope:
    """``[scope]``: which commits get a row. The defaults take every commit that is no merge."""

    branches: tuple[str, ...] = ()
    """fnmatch patterns of branch names; none: the default branch, see ``branches.published``."""
    since: str = ""
    """A commit, which is left out with its ancestors, or an ISO date or time (UTC unless it says
    otherwise), before which the committer's date must not be. What looks like a date is one."""
    paths: tuple[str, ...] = ()
    """gitignore patterns of paths, the last match decides, ``!`` takes out; none: all paths."""
    skip_authors: tuple[str, ...] = ()
    """fnmatch patterns of the name, the email or ``Name <email>``; case does not matter."""
    skip_subjects: tuple[str, ...] = ()
    """Regular expressions, searched for in the subject."""
    merges: bool = False
    """Whether merge commits get a row."""


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """``[policy]``: what `check` wants of a commit message."""

    reason_words: int = 3
    empty_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    page: PageSettings = field(default_factory=PageSettings)
    table: TableSettings = field(default_factory=TableSettings)
    row: RowSettings = field(default_factory=RowSettings)
    scope: Scope = field(default_factory=Scope)
    policy: PolicySettings = field(default_factory=PolicySettings)
