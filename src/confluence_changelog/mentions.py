"""What rows are laid out for on a Confluence: whether text can fold there, and whom it can mention."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from confluence_changelog.correct import wanting
from confluence_changelog.entry import Entry
from confluence_changelog.errors import ConfluenceError
from confluence_changelog.fields import shows
from confluence_changelog.given import Target
from confluence_changelog.hosts import flavour_of
from confluence_changelog.log_table import Layout, read_log
from confluence_changelog.settings import Config, RowSettings

if TYPE_CHECKING:
    from confluence_changelog.confluence.page import Client

Find: TypeAlias = Callable[[str, str], str]
"""From a name and an e-mail address to the mark-up that mentions the user; empty where none is known."""

_LONGEST_NAME = 200
_MOST_LOOKUPS = 100
"""Names that one run looks for; whoever comes after them is shown by name."""


def finder(client: "Client", row: RowSettings) -> Find:
    """Return what finds people: by the configured map, or else by name. Each is asked for once.

    Whoever Confluence does not tell is shown by name, and so is everybody when it refuses to: a row
    does not wait for it.
    """
    users = {email.lower(): user for email, user in row.people.items()}
    looked_for: set[str] = set()

    @cache
    def mentioned(user: str) -> str:
        return _answer(client.mention, user)

    @cache
    def named(name: str) -> str:
        looked_for.add(name)
        return _answer(client.find_person, name) if len(looked_for) <= _MOST_LOOKUPS else ""

    def find(name: str, email: str) -> str:
        if user := users.get(email.lower()):
            return mentioned(user)
        asks = row.people_lookup and client.flavour == "cloud" and len(name) <= _LONGEST_NAME
        return named(name) if asks else ""

    return find


def laid_out_for(
    client: "Client",
    body: str,
    entries: Iterable[Entry],
    layout: Layout,
    find: Find,
    corrections: Sequence[Entry] = (),
) -> Layout:
    """Return the layout for the rows that a page lacks; the page was read with the client.

    Rows that do not show the correction of their commit are lacking as well. Nobody is asked for
    where the configuration names no people. Raises what `read_log` raises.
    """
    plain = layout._replace(target=target_of(client, (), (), find))
    if not layout.row.people and not layout.row.people_lookup:
        return plain
    log = read_log(body, layout)
    missing = [entry for entry in entries if entry.id not in log.ledger.ids]
    missing += wanting(body, log, plain, corrections).rows.values()
    return layout._replace(target=target_of(client, missing, log.fields, find))


def target_of(
    client: "Client", entries: Iterable[Entry], fields: Sequence[str | None], find: Find
) -> Target:
    """Return what the rows of entries are laid out for; the client has read a page.

    Only on Data Center may an expand stand in a cell: Cloud's editor refuses it there.
    """
    mentions = {
        email.lower(): markup
        for entry in entries
        for name, email in dict.fromkeys(_people(entry, fields))
        if email and (markup := find(name, email))
    }
    return Target(client.flavour == "data-center", mentions)


def likely_target(config: Config, address: str) -> Target:
    """Return what a preview is laid out for, which asks no Confluence: as far as the address tells."""
    flavour: str | None = config.page.flavour
    if flavour == "auto":
        address = address or config.page.url or str(config.page.id)
        try:
            flavour = (flavour_of(address) or "data-center") if "://" in address else None
        except ValueError:  # such as "https://[x"
            flavour = None
    return Target(folds=flavour == "data-center")


def _people(entry: Entry, fields: Sequence[str | None]) -> Iterator[tuple[str, str]]:
    """Yield the names and addresses of the people that columns show."""
    shown = {each for each in ("author", "committer", "co-authors") if _is_shown(fields, each)}
    if "author" in shown:
        yield entry.author, entry.author_email
    if "committer" in shown:
        yield entry.committer, entry.committer_email
    if shown & {"author", "co-authors"}:
        yield from zip(entry.co_authors, entry.co_author_emails, strict=False)


def _is_shown(fields: Sequence[str | None], field: str) -> bool:
    return any(each and shows(each, field) for each in fields)


def _answer(ask: Callable[[str], str], who: str) -> str:
    try:
        return ask(who)
    except ConfluenceError:
        return ""
