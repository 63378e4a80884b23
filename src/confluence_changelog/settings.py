"""What can be configured, with its defaults: one named tuple for each section of the file.

``default.toml`` in this package says what each key means. Named tuples and not dataclasses, because
the hooks load this module at every commit, and ``dataclasses`` doubles the time that takes.
"""

from typing import Literal, NamedTuple

FIELDS = (
    *("date", "author", "committer", "subject", "body", "commit"),
    *(
        "author-date",
        "committer-date",
        "co-authors",
        "message",
        "trailer",
        "ticket",
        "id",
        "branch",
    ),
    *("repository", "files", "file-count", "diffstat", "number", "version"),
    *("lines", "merge-date"),
)
"""What a column can show; `fields` says how they are combined."""

DEFAULT_COLUMNS = {"Date": "date", "Who": "author", "What": "subject", "Why": "body"}
"""What a table without headers is taken to have where no columns are configured."""


BOTS = ("*[[]bot]*", "renovate*", "teamcity*")
"""Authors that are programs: GitHub's apps, Renovate on other hosts, TeamCity's own commits."""


class PageSettings(NamedTuple):
    """``[page]``: where the log is."""

    url: str = ""
    id: str | int = ""
    flavour: Literal["auto", "data-center", "cloud"] = "auto"
    send_ancestors: bool = False
    deadline: int = 120


class TableSettings(NamedTuple):
    """``[table]``: which table is the log, and what its columns show."""

    number: int | None = None
    columns: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it
    """Header text to what is shown, from left to right; none: by the words of the headers."""
    heading: str = ""
    """The heading in whose section the log is."""
    anchor: str = ""
    """The name of an anchor macro in the log or before it."""
    order: Literal["newest-first", "oldest-first"] = "newest-first"
    empty_rows: Literal["keep", "fill"] = "keep"
    """What becomes of prepared rows where new rows begin."""


class LinkPattern(NamedTuple):
    """``[[row.links]]``: what in a text becomes a link. It has a `url` or a `macro`."""

    pattern: str
    """Regular expression."""
    url: str = ""
    """The address, with ``{0}`` for what was found and ``{1}`` for its first group."""
    macro: Literal["", "jira"] = ""
    server: str = ""
    """The name of Confluence's application link to that Jira; empty: its first one."""


class RowSettings(NamedTuple):
    """``[row]``: how a commit becomes a row."""

    date: Literal["committer", "author"] = "committer"
    missing_subject: str = "(no subject)"
    missing_reason: str = "(no reason given)"
    body_limit: int = 4000
    wide_characters: Literal["keep", "replace"] = "keep"
    commit_url: str = ""
    repository: str = "repo"
    date_format: str = ""
    """Of strftime; empty: a date of Confluence's own, which each reader sees in their language."""
    date_zone: str = ""
    """The time zone of dates; empty: the one that the commit names."""
    ticket: str = ""
    """Regular expression of ticket numbers; empty: the policy's, or else that of Jira's keys."""
    code: Literal["macro", "text"] = "macro"
    """How code blocks are shown."""
    fold: int = 20_000
    """Characters of a body beyond `body_limit` that fold, where Confluence can; 0: none."""
    fold_title: str = "More"
    links: tuple[LinkPattern, ...] = ()
    people: dict[str, str] = {}  # noqa: RUF012 - nobody writes into it
    """E-mail address to user: a user name or key on Data Center, an account id on Cloud."""
    people_lookup: bool = False
    """Whether people are looked for by name; on Cloud only."""
    bots: tuple[str, ...] = BOTS
    """fnmatch patterns of authors, as of ``scope.skip_authors``, that are no people."""
    bot_person: str = ""
    """Regular expression, searched for in messages of bots: whom it finds is the person."""


class ArchiveSettings(NamedTuple):
    """``[archive]``: when the oldest rows of a log move to child pages, and what these are called."""

    rows: int = 0
    """So many rows the log keeps; 0: any number."""
    size: int = 0
    """So many characters its page keeps; 0: any number."""
    period: Literal["", "year", "quarter", "month"] = ""
    """Rows of past periods move, each period to a page of its own."""
    with_publish: bool = False
    """Whether each publication moves what is too much."""
    page_rows: int = 1000
    """After so many rows a further archive is begun."""
    title: str = "{log} \N{EN DASH} archive {part}"
    label: str = "Older changes:"
    """What stands before the links to the archives, in the last row of the log."""


class Scope(NamedTuple):
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
    skip_commits: tuple[str, ...] = ()
    """Ids of commits that their owner withdrew, at least 7 digits."""
    merges: bool = False
    """Whether merge commits get a row."""
    first_parent: bool = False
    """Whether only what the branch itself went through gets a row, not what merges brought."""
    squash: bool = False
    """Whether pull requests are squashed, so that their title and description become the commit."""
    heal: int = 30
    """Days before a publication whose missing rows it adds as well; 0: none."""


class Forbidden(NamedTuple):
    """One entry of ``policy.forbidden`` that says why."""

    pattern: str
    """Regular expression, searched for in the message."""
    message: str = ""


class PathPolicy(NamedTuple):
    """``[[policy.paths]]``: what differs for some paths; None is what ``[policy]`` says."""

    patterns: tuple[str, ...]
    """gitignore patterns; for each path the last table that matches it decides."""
    apply: bool = True
    """False: nothing is asked of commits that touch these paths only."""
    subject_length: int | None = None
    empty_words: tuple[str, ...] | None = None
    reason_words: int | None = None
    trailers: tuple[str, ...] | None = None
    ticket: str | None = None
    forbidden: tuple[str | Forbidden, ...] | None = None
    secrets: bool | None = None
    warnings: tuple[str, ...] | None = None
    example: str | None = None


class PolicySettings(NamedTuple):
    """``[policy]``: what `check` wants of a commit message."""

    subject_length: int = 72
    """Characters; 0: any."""
    empty_words: tuple[str, ...] = ()
    reason_words: int = 3
    trailers: tuple[str, ...] = ()
    """Keys of trailers that must be there with a value; case does not matter."""
    ticket: str = ""
    """Regular expression, searched for in the message; empty: none is asked for."""
    forbidden: tuple[str | Forbidden, ...] = ()
    secrets: bool = True
    warnings: tuple[str, ...] = ("subject-long", "revert-reason")
    """Ids of rules that do not refuse."""
    example: str = ""
    """A message that passes, shown with a refusal; empty: one of ours."""
    exception: str = ""
    """Push option with which pre-receive lets undocumented commits through; empty: none."""
    paths: tuple[PathPolicy, ...] = ()


class LogSettings(NamedTuple):
    """One table of ``[[log]]``, with what it has from the sections of the file."""

    name: str
    page: PageSettings = PageSettings()
    table: TableSettings = TableSettings()
    row: RowSettings = RowSettings()
    archive: ArchiveSettings = ArchiveSettings()
    scope: Scope = Scope()


class Config(NamedTuple):
    """The whole configuration."""

    page: PageSettings = PageSettings()
    table: TableSettings = TableSettings()
    row: RowSettings = RowSettings()
    archive: ArchiveSettings = ArchiveSettings()
    scope: Scope = Scope()
    policy: PolicySettings = PolicySettings()
    log: tuple[LogSettings, ...] = ()
    """Several logs; see `logs.each_log`."""
