"""People of REST v2, by account id."""

from flask import Blueprint, Response

from confluence_changelog.sandbox import accounts
from confluence_changelog.sandbox.app import answer, base_address
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.rest.asked import json_object, reading

from . import shape
from .lists import MOST

routes = Blueprint("people", __name__)


@routes.post("/users-bulk")
def _users() -> Response:
    """Answer with those of the account ids that there are."""
    with reading() as asked:
        wanted = json_object().get("accountIds")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST:
            raise refused(400, f"accountIds must be a list of 1 to {MOST} ids", "")
        found = [p for p in accounts.people(asked.connection) if p.account_id in wanted]
        links = {"base": base_address()}
        return answer({"results": [shape.person(each) for each in found], "_links": links})
