"""What a route of REST v2 begins with: the page, its identity, the parameters of the query."""

from flask import request

from confluence_changelog.sandbox import accounts, store
from confluence_changelog.sandbox.app import site
from confluence_changelog.sandbox.cloud_errors import no_page, refused, wrong_type
from confluence_changelog.sandbox.model import Page
from confluence_changelog.sandbox.rest.asked import Asked, number_at, text_at

SHOWN = ("current", "archived", "trashed", "historical")
_LARGEST = 2**63


def identity(text: str, name: str = "id", wanted: str = "ContentId") -> int:
    """Return the number that an identity is; 400 where it is none."""
    if not (text.isascii() and text.isdecimal() and int(text) < _LARGEST):
        raise wrong_type(name, wanted)
    return int(text)


def readable(asked: Asked, page_id: str, statuses: tuple[str, ...] = SHOWN) -> Page:
    """Return the page as the person sees it; 404 where it is absent or not for them."""
    page = site().read_page(asked.connection, identity(page_id))
    if page is None or page.status not in statuses:
        raise no_page(page_id)
    if not accounts.may_read(asked.connection, asked.person, page):
        raise no_page(page_id)
    return page


def editable(
    asked: Asked, page_id: str, statuses: tuple[str, ...] = ("current", "draft", "archived")
) -> Page:
    """Return the page itself, whatever readers see of it; 404 for a person who may not edit it."""
    page = store.find_page(asked.connection, identity(page_id))
    if page is None or page.status not in statuses:
        raise no_page(page_id)
    if not accounts.may_edit(asked.connection, asked.person, page):
        raise no_page(page_id)
    return page


def values(name: str) -> list[str]:
    """Return the values of a parameter that may be given several times, or with commas."""
    return [
        each.strip()
        for given in request.args.getlist(name)
        for each in given.split(",")
        if each.strip()
    ]


def identities(name: str) -> set[int]:
    """Return the identities that a parameter names."""
    return {identity(each, name, "Long") for each in values(name)}


def is_set(name: str) -> bool:
    """Whether a parameter is ``true``; 400 where it is neither that nor ``false``."""
    given = request.args.get(name, "false").lower()
    if given not in ("true", "false"):
        raise wrong_type(name, "boolean")
    return given == "true"


def one_of(name: str, allowed: tuple[str, ...], default: str = "") -> str:
    """Return a parameter's value; 400 where it is none of the allowed ones."""
    given = request.args.get(name, default)
    if given != default and given not in allowed:
        said = f"Provided value '{given}' for '{name}' is not one of {', '.join(allowed)}"
        raise refused(400, said, "")
    return given


def required_text(data: dict[str, object], name: str) -> str:
    """Return a field of the body; 400 where it is absent or no text."""
    if not isinstance(data.get(name), str):
        raise refused(400, f"{name} must not be null", "")
    return text_at(data, name)


def required_number(data: dict[str, object], *path: str) -> int:
    """Return a number of the body; 400 where there is none."""
    number = number_at(data, *path)
    if number is None:
        raise refused(400, f"{'.'.join(path)} must not be null", "")
    return number
