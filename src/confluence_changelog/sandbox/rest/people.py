"""People and the site itself: users, server information, access mode."""

from flask import Blueprint, Response, request

from confluence_changelog.sandbox import accounts
from confluence_changelog.sandbox.app import answer, base_address, site
from confluence_changelog.sandbox.auth import identify
from confluence_changelog.sandbox.errors import RestError, bad_request, envelope, no_user, not_found

from . import shape
from .asked import Asked, reading

routes = Blueprint("people", __name__)

VERSION = "10.2.14"
_BUILD = 9111


@routes.get("/user/current")
def _current() -> Response:
    with reading() as asked:
        return answer(shape.person(asked, asked.username))


@routes.get("/user/anonymous")
def _anonymous() -> Response:
    with reading() as asked:
        return answer(shape.person(asked, ""))


@routes.get("/user")
def _user() -> Response:
    if site().is_cloud:
        return _user_by_account_id(request.args.get("accountId", ""))
    username, key = request.args.get("username", ""), request.args.get("key", "")
    with reading() as asked:
        if not (username or key):
            raise bad_request("Either a user name or a user key is required")
        found = accounts.find_person(asked.connection, username=username, key=key)
        if found is None:
            raise no_user(key or username)
        return answer(shape.person(asked, found.username))


def _user_by_account_id(account_id: str) -> Response:
    with reading() as asked:
        every = accounts.people(asked.connection)
        found = next((each for each in every if each.account_id == account_id), None)
        if found is None:
            raise not_found(f"No user found with account id : {account_id}")
        return answer(shape.person(asked, found.username))


@routes.get("/server-information")
def _server_information() -> Response:
    with site().database.reading() as connection:
        asked = Asked(connection, identify(connection))
        if asked.person is None:
            raise RestError(401, envelope(401, "Client must be authenticated"))
        return answer(
            {
                "baseUrl": base_address(),
                "version": VERSION,
                "buildNumber": _BUILD,
                "marketplaceBuildNumber": _BUILD,
                "buildDate": "2026-09-01T00:00:00.000Z",
            }
        )


@routes.get("/accessmode")
def _access_mode() -> Response:
    with reading():
        return answer("READ_ONLY" if site().switches.read_only else "READ_WRITE")
