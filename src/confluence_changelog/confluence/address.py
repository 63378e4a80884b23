"""Takes apart what people give as a page: an id, ``KEY:Title``, or any address that a browser shows.

Forms of address: ``…/pages/viewpage.action?pageId=``, ``viewinfo.action``, ``resumedraft.action?draftId=``,
``…/display/KEY/Title`` (Data Center); ``…/spaces/KEY/pages/ID/Title``, ``…/edit-v2/ID`` (Cloud, and Data
Center since 9); ``…/x/…``, the short link of the share dialog, which is the id itself.
"""

import re
from base64 import b64decode
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from confluence_changelog.credentials import base_address, origin, without_user
from confluence_changelog.errors import UsageError

_ID = re.compile(r"[0-9]{1,19}")
_IS_ADDRESS = re.compile(r"https?:", re.IGNORECASE)
_KEY_AND_TITLE = re.compile(r"(~[^:/?#\s]+|[A-Za-z0-9][A-Za-z0-9_-]*)\s*:\s*(\S.*)", re.DOTALL)
_NO_TITLE = re.compile(
    r"[^:]*:(?://|\S+@\S+\.\S+$)|(?:data|file|ftp|javascript|mailto|ssh|vbscript):", re.IGNORECASE
)
"""An address with a slip in it, perhaps with a password: it must not come back as a title."""
_CONTEXT = r"(?P<context>(?:/[^/]+)*?)"
_FORMS = tuple(
    re.compile(_CONTEXT + form)
    for form in (
        r"/spaces/[^/]+/(?:pages|history|blog/\d+/\d+/\d+)/(?:edit-v2/|edit/)?(?P<id>\d+)(?:/.*)?",
        r"/(?:rest/api/content|api/v2/pages)/(?P<id>\d+)(?:/.*)?",
        r"/display/(?P<space>[^/]+)/(?P<title>[^/].*?)/?",
        r"/x/(?P<tiny>[A-Za-z0-9_-]{1,11})/?",
        r"/spaces/[^/]+/(?P<folder>folder)/.*",
        r"/(?P<alone>spaces|display)/[^/]+(?:/overview)?/?",
        r"/(?:pages|spaces|plugins|display|[^/]+\.action|exportword)(?:/.*)?",
    )
)
_IN_QUERY = ("pageId", "draftId", "homepageId", "contentId")


class PageAddress(NamedTuple):
    """What names a page: its id, or its space and title."""

    base: str = ""
    """The address of its Confluence with the context path, or empty where it was not given."""
    id: str = ""
    space: str = ""
    """A space key."""
    title: str = ""


def parse(text: str) -> PageAddress:
    """Return what a text names.

    Raises:
        UsageError: no page.

    """
    text = text.strip()
    if _ID.fullmatch(text):
        return PageAddress(id=text)
    if _IS_ADDRESS.match(text):
        return _in_address(text)
    if (found := _KEY_AND_TITLE.fullmatch(text)) and not _NO_TITLE.match(text):
        return PageAddress(space=found[1], title=found[2])
    raise _unclear(text)


def base_of(known: str, page: PageAddress) -> str:
    """Return the address of the Confluence that a page is on.

    Args:
        known: the address that is configured, or empty.
        page: the page.

    Raises:
        UsageError: the page is elsewhere.

    """
    if not page.base or not known:
        return known or page.base
    path = urlsplit(known).path
    if origin(known) == origin(page.base) and path in ("", urlsplit(page.base).path):
        return page.base
    raise UsageError(
        f"The page's address is on {page.base}, but Confluence is {known}; correct one of them, or "
        "give the page's id."
    )


def page_of_short_link(link: str) -> str:
    """Return the page id behind ``/x/``.

    It is the id, little-endian, in base64 with ``_`` for ``+`` and ``-`` for ``/``, without the ``A`` and
    ``=`` at its end (Atlassian: "How to programmatically generate the tiny link of a Confluence page").

    Raises:
        ValueError: it is no such link.

    """
    data = b64decode(link.replace("-", "/").replace("_", "+").ljust(11, "A") + "=", validate=True)
    number = int.from_bytes(data, "little")
    if not 0 < number < 1 << 63:
        raise ValueError(link)
    return str(number)


def _in_address(text: str) -> PageAddress:
    base_address(text)
    parts = urlsplit(text)
    found = _shape(parts.path)
    if found is None:
        raise _unclear(text)
    base = base_address(f"{parts.scheme}://{parts.netloc}{found['context']}")
    groups = {name: value for name, value in found.groupdict().items() if value}
    query = parse_qs(parts.query)
    if page := _page_in(groups, query):
        return page._replace(base=base)
    if "folder" in groups:
        raise _unclear(text, " but a folder")
    raise _unclear(text, " but a space" if "alone" in groups else "")


def _shape(path: str) -> re.Match[str] | None:
    """Return the match of the form that leaves the shortest context path."""
    found = [match for form in _FORMS if (match := form.fullmatch(path))]
    return min(found, key=lambda match: len(match["context"])) if found else None


def _page_in(groups: dict[str, str], query: dict[str, list[str]]) -> PageAddress | None:
    for name in _IN_QUERY:
        if _ID.fullmatch(query.get(name, [""])[0]):
            return PageAddress(id=query[name][0])
    if _ID.fullmatch(groups.get("id", "")):
        return PageAddress(id=groups["id"])
    if "tiny" in groups:
        try:
            return PageAddress(id=page_of_short_link(groups["tiny"]))
        except ValueError:
            return None
    if "title" in groups:
        return PageAddress(
            space=unquote(groups["space"]), title=unquote_plus(groups["title"]).strip()
        )
    if "spaceKey" in query and "title" in query:
        return PageAddress(space=query["spaceKey"][0], title=query["title"][0])
    return None


def _unclear(text: str, but: str = "") -> UsageError:
    return UsageError(
        f"{without_user(text)!r} names no page{but}; copy the address of the page with the log from the "
        "browser, or give its id, or SPACE:Title."
    )
