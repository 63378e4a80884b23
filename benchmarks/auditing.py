"""Auditing a page, against ``git log`` with the same flags and one request for the page."""

from collections.abc import Callable

from history import repository
from measure import interleave
from page import LAYOUT, body
from reading import git_log
from report import Section
from sizes import SIZES, Sizes
from wire import client, create_page, sandbox

from confluence_changelog.auditing import Subject, examine, subject
from confluence_changelog.collect import entries_of, in_scope
from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.page import Page
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import BearerAuth
from confluence_changelog.git import Repository, open_repository
from confluence_changelog.scope import select
from confluence_changelog.settings import Config, Scope

GIT, GET, BOTH, OURS, CORE = (
    "`git log`, same flags, output dropped",
    "one GET of the page",
    "both",
    "`audit`: Git, GET, and every commit held against every row",
    "of that, without Git's log and the GET",
)
_ABOUT = """\
{rows:,} rows of commits, with rows by hand among them, on a page of {size:,} characters of the sandbox, \
which runs in another process; the history is that of *Reading*. All of its {commits:,} commits are read \
and judged: those before a date are out of scope, so that as many are in scope as the page has rows. The \
audit finds nothing: it computes the digest of each row, looks each commit up, and holds the order of the \
rows against the graph of commits."""


def measure(size: str) -> Section:
    """Measure and return the results."""
    sizes = SIZES[size]
    opened = open_repository(repository(sizes))
    config = _config(opened, sizes)
    entries = entries_of(opened, subject(opened, config).scope.values(), config)
    text = body(entries)
    with sandbox() as address:
        page, _ = create_page(address, text)
        cases = _cases(opened, config, address, page)
        times = interleave(cases, sizes.rounds, to=BOTH)
    rows = [[name, times[name].shown, times[name].ratio] for name in cases]
    about = _ABOUT.format(rows=len(entries), size=len(text), commits=sizes.commits)
    return Section("Auditing", about, ("", "time", "ratio to both"), rows)


def _config(opened: Repository, sizes: Sizes) -> Config:
    """Return a configuration with as many commits in scope as the page has rows."""
    row = LAYOUT.row._replace(commit_url="https://git.example.com/net/config/commit/{id}")
    config = Config(table=LAYOUT.table, row=row)
    dates = [c.committer.date for c in select(opened, in_scope(opened, config), Scope()).in_scope]
    first = sorted(dates, reverse=True)[min(sizes.rows, len(dates)) - 1]
    return config._replace(scope=Scope(since=first.isoformat()))


def _cases(
    opened: Repository, config: Config, address: str, page: str
) -> dict[str, Callable[[], object]]:
    def get() -> None:
        with client(address) as confluence:
            confluence.read_page(page)

    def audit() -> None:
        _examine(subject(opened, config), address, page)

    def both() -> None:
        git_log(opened)
        get()

    what = subject(opened, config)
    with client(address) as confluence:
        read = confluence.read_page(page)

    class Ready(DataCenter):
        """Has read the page already, and asks for nothing else."""

        def read_page(self, _page: str) -> Page:
            return read

    ready = Ready(Transport(address, BearerAuth(""), Deadline(1)))
    return {
        GIT: lambda: git_log(opened),
        GET: get,
        BOTH: both,
        OURS: audit,
        CORE: lambda: examine(ready, page, what),
    }


def _examine(what: Subject, address: str, page: str) -> None:
    with client(address) as confluence:
        found = examine(confluence, page, what)
    if found.audit.findings or found.audit.commits != len(what.scope):
        raise RuntimeError(f"the audit found {found.audit.findings[:3]}")
