"""Versions of a page in REST v2."""

from typing import Any

from flask import Blueprint, Response

from confluence_changelog.sandbox import store
from confluence_changelog.sandbox.app import answer
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.model import Page, Version
from confluence_changelog.sandbox.rest.asked import Asked, reading

from . import shape
from .asked import identity, one_of, readable
from .lists import part_of

routes = Blueprint("versions", __name__)

_MOST_WITH_BODIES = 50


@routes.get("/pages/<page_id>/versions")
def _versions(page_id: str) -> Response:
    """Answer with all versions, the newest first; with bodies, with fifty at most."""
    with reading() as asked:
        page = readable(asked, page_id)
        every = store.versions(asked.connection, page.id)
        if one_of("sort", ("modified-date", "-modified-date"), "-modified-date")[0] != "-":
            every.reverse()
        representation = one_of("body-format", shape.BULK_REPRESENTATIONS)
        if representation:
            every = every[:_MOST_WITH_BODIES]
        return part_of(every, lambda each: _in_list(asked, page, each, representation))


@routes.get("/pages/<page_id>/versions/<number>")
def _version(page_id: str, number: str) -> Response:
    with reading() as asked:
        page = readable(asked, page_id)
        wanted = identity(number, "version-number", "Integer")
        every = store.versions(asked.connection, page.id)
        found = next((each for each in every if each.number == wanted), None)
        if found is None:
            raise refused(404, f"Cannot find version [{number}] of the page with id [{page_id}]")
        before = [each.number for each in every if each.number < wanted]
        after = [each.number for each in every if each.number > wanted]
        detailed = {
            **shape.version(asked, found),
            "contentTypeModified": False,
            "collaborators": [shape.account_id(asked, found.author)],
        }
        if before:
            detailed["prevVersion"] = max(before)
        if after:
            detailed["nextVersion"] = min(after)
        return answer(detailed)


def _in_list(asked: Asked, page: Page, version: Version, representation: str) -> dict[str, Any]:
    whole: dict[str, Any] = {"id": str(page.id), "title": version.title}
    if representation:
        then = store.find_page(asked.connection, page.id, version.number) or page
        whole["body"] = {representation: shape.body(asked, then, representation)}
    return {**shape.version(asked, version), "page": whole}
