"""Routes under ``/sandbox``: faults, switches, other hands.  For this machine only, no log-in."""

import ipaddress
from dataclasses import asdict

import msgspec
from flask import Blueprint, Response, request

from . import accounts, store
from .app import answer, site
from .faults import Edit
from .switches import Switches, changed

routes = Blueprint("control", __name__)


class NewPerson(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """Body of ``PUT /sandbox/users/<name>``."""

    password: str
    display_name: str = ""
    edits: bool = True
    tokens: list[str] = []


class Restriction(msgspec.Struct, forbid_unknown_fields=True):
    """Body of ``PUT /sandbox/restrictions/<page>``; None leaves a restriction as it is."""

    read: list[str] | None = None
    update: list[str] | None = None


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """Body of ``PUT /sandbox/body/<page>``."""

    storage: str


@routes.before_request
def this_machine_only() -> Response | None:
    """Refuse other machines, and pages in a browser that talk to a name that leads here."""
    host = request.host.rpartition(":")[0] if ":" in request.host else request.host
    origin = request.headers.get("Origin", "")
    if (
        not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
        or host not in ("127.0.0.1", "localhost", "[::1]")
        or (origin and origin != request.host_url.rstrip("/"))
    ):
        return answer({"message": "The control routes are for this machine only."}, 403)
    return None


@routes.errorhandler(msgspec.MsgspecError)
@routes.errorhandler(ValueError)
def _wrong(error: Exception) -> Response:
    return answer({"message": str(error)}, 400)


@routes.get("/faults")
def _faults() -> Response:
    return answer(site().faults.waiting())


@routes.post("/faults")
def _put_faults() -> Response:
    given = _json()
    return answer(
        [site().faults.put(one) for one in (given if isinstance(given, list) else [given])]
    )


@routes.delete("/faults")
def _clear_faults() -> Response:
    site().faults.clear()
    return Response(status=204)


@routes.get("/requests")
def _requests() -> Response:
    return answer(site().requests.all())


@routes.delete("/requests")
def _clear_requests() -> Response:
    site().requests.clear()
    return Response(status=204)


@routes.get("/switches")
def _switches() -> Response:
    return answer(msgspec.to_builtins(site().switches))


@routes.put("/switches")
def _set_switches() -> Response:
    here = site()
    here.switches = changed(here.switches, msgspec.convert(_json(), dict[str, object]))
    here.wrong_passwords.clear()
    return _switches()


@routes.delete("/switches")
def _clear_switches() -> Response:
    site().switches = Switches()
    return _switches()


@routes.post("/edit/<int:page_id>")
def _edit(page_id: int) -> Response:
    page = site().edit(page_id, msgspec.convert(_json(), Edit))
    return answer({"id": str(page.id), "version": page.version.number})


@routes.put("/body/<int:page_id>")
def _set_body(page_id: int) -> Response:
    storage = msgspec.convert(_json(), Body).storage
    with site().database.writing() as connection:
        store.replace_storage(connection, page_id, storage)
    return Response(status=204)


@routes.put("/users/<username>")
def _put_user(username: str) -> Response:
    new = msgspec.convert(_json(), NewPerson)
    with site().database.writing() as connection:
        person = accounts.add_person(
            connection, username, new.password, new.display_name or username, edits=new.edits
        )
        for token in new.tokens:
            accounts.add_token(connection, token, username)
    return answer(asdict(person))


@routes.put("/restrictions/<int:page_id>")
def _restrict(page_id: int) -> Response:
    wanted = msgspec.convert(_json(), Restriction)
    with site().database.writing() as connection:
        if wanted.read is not None:
            accounts.restrict(connection, page_id, "read", wanted.read)
        if wanted.update is not None:
            accounts.restrict(connection, page_id, "update", wanted.update)
    return Response(status=204)


def _json() -> object:
    """Return the request's JSON; its type must say so, which no form of another site can."""
    if request.mimetype != "application/json":
        raise ValueError("Content-Type must be application/json")
    data: object = msgspec.json.decode(request.get_data())
    return data
