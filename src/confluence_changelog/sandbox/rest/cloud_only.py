"""Routes of v1 that only Cloud has: people by account id, conversion in steps, and a few more."""

import uuid

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts
from confluence_changelog.sandbox.app import answer, base_address, site
from confluence_changelog.sandbox.errors import bad_request, not_found
from confluence_changelog.sandbox.flavour import CLOUD_ID

from . import on_cloud
from .asked import json_body, readable, reading, text_at
from .attachments import find
from .lists import part_of
from .spaces import converted

routes = Blueprint("cloud_only", __name__)

TARGETS = ("atlas_doc_format", "editor", "export_view", "storage", "styled_view", "view")


@routes.get("/user/bulk")
def _people() -> Response:
    wanted = {each for given in request.args.getlist("accountId") for each in given.split(",")}
    with reading() as asked:
        found = [p for p in accounts.people(asked.connection) if p.account_id in wanted]
        return answer(part_of(found, on_cloud.person, default_limit=200))


@routes.get("/settings/systemInfo")
def _system_information() -> Response:
    with reading():
        return answer(
            {
                "cloudId": CLOUD_ID,
                "commitHash": "0000000",
                "baseUrl": base_address(),
                "fallbackBaseUrl": base_address(),
                "edition": "standard",
                "siteTitle": "Confluence",
                "defaultLocale": "en_GB",
                "defaultTimeZone": "Etc/UTC",
                "microsPerimeter": "commercial",
            }
        )


@routes.post("/contentbody/convert/async/<to>")
def _convert(to: str) -> Response:
    with reading() as asked:
        data = json_body()
        if to not in TARGETS:
            raise bad_request(f"Conversion to {to} is not supported")
        value = converted(asked, text_at(data, "value"), text_at(data, "representation"), to)
        number = str(uuid.uuid4())
        site().conversions[number] = {"value": value, "representation": to}
        return answer({"asyncId": number})


@routes.get("/contentbody/convert/async/<number>")
def _conversion(number: str) -> Response:
    with reading():
        found = site().conversions.get(number)
        if found is None:
            raise not_found(f"No conversion with id : {number}")
        done = {"renderTaskId": number, "status": "COMPLETED", "error": ""}
        return answer({**found, **done, "webresource": {}, "_links": {}, "_expandable": {}})


@routes.get("/content/<page_id>/child/attachment/<content_id>/download")
def _download(page_id: str, content_id: str) -> Response:
    with reading() as asked:
        readable(asked, page_id)
        address = base_address() + find(asked, content_id).download
        return Response(status=302, headers={"Location": address})


@routes.get("/content/<page_id>/state")
@routes.put("/content/<page_id>/state")
@routes.delete("/content/<page_id>/state")
def _state(page_id: str) -> Response:
    """Answer that a page is in no particular state, whatever it was said to be in."""
    with reading() as asked:
        readable(asked, page_id)
        return answer({})
