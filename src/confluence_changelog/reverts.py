"""Links from the row of a revert to the row of what it reverts. Pure.

The visible text does not depend on where the link leads, because the digest of a row is made of it.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

from confluence_changelog.identity import Identity, anchor_name
from confluence_changelog.macros import parts

Links = Callable[[str], str]
"""From a full id to mark-up with ``{}`` in the text's place; ``{}`` alone is no link."""

SENTENCE = re.compile(r"(This reverts commit )([0-9a-f]{40}(?:[0-9a-f]{24})?)(?![0-9a-zA-Z])")
"""As `git revert` writes it (Git: sequencer.c)."""


def no_links(_commit: str) -> str:
    """Link nothing."""
    return "{}"


def link_reverts(storage: str, digits: int, links: Links) -> str:
    """Return the content of a cell in which the reverted commit is shown abbreviated, as a link.

    In code macros it stays what it is.
    """

    def shown(match: re.Match[str]) -> str:
        return match[1] + links(match[2]).replace("{}", match[2][:digits], 1)

    return "".join(
        part if number % 2 else SENTENCE.sub(shown, part)
        for number, part in enumerate(parts(storage))
    )


def links_to_rows(rows: Mapping[str, Identity], page: str, commits: str, digits: int) -> Links:
    """Return what leads to the rows of a page.

    Args:
        rows: the commits that have a row, with their identities.
        page: the address of the page; may be empty.
        commits: the address of a commit with ``{id}`` in the id's place; empty where none is known,
            and rows are anchors then.
        digits: of abbreviated ids.

    A row that is no anchor is found by its text: browsers scroll to ``#:~:text=`` (WICG: "URL
    Fragment Text Directives"), and those that cannot show the page. What has no row, in another
    log for instance, is linked to the commit itself.

    """

    def link(commit: str) -> str:
        identity = rows.get(commit)
        if identity and not commits:
            name = escape(anchor_name(identity))
            return f'<ac:link ac:anchor="{name}"><ac:link-body>{{}}</ac:link-body></ac:link>'
        if identity and page:
            return _href(f"{page.partition('#')[0]}#:~:text={commit[:digits]}")
        return _href(commits.replace("{id}", quote(commit, safe=""))) if commits else "{}"

    return link


def _href(address: str) -> str:
    return f'<a href="{escape(address)}">{{}}</a>'
