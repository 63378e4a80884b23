"""What stands around a Cloud site: the gateway for tokens with scopes, and the site's cloud id."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as Redirection

from confluence_changelog.sandbox.app import answer
from confluence_changelog.sandbox.cloud_errors import at_gateway
from confluence_changelog.sandbox.flavour import CLOUD_CONTEXT, CLOUD_ID, GATEWAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

routes = Blueprint("edge", __name__)


@routes.get("/_edge/tenant_info")
def tenant_info() -> Response:
    """Name the cloud id, to anyone."""
    return answer({"cloudId": CLOUD_ID})


@routes.get("/")
def root() -> Redirection:
    """Lead to Confluence."""
    return redirect(url_for("view.dashboard"))


@routes.route("/ex/confluence/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def unknown_site(path: str) -> Response:  # noqa: ARG001
    """Refuse a cloud id that is not this site's."""
    raise at_gateway(404, "Not Found")


def gateway(application: "WSGIApplication") -> "WSGIApplication":
    """Return the application with the gateway in front: the same routes below `GATEWAY`.

    The gateway takes them with ``/wiki`` and without.
    """

    def handle(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        path = environ["PATH_INFO"]
        if path.startswith(f"{GATEWAY}/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + GATEWAY
            inside = path.removeprefix(GATEWAY)
            known = inside.startswith(f"{CLOUD_CONTEXT}/")
            environ["PATH_INFO"] = inside if known else CLOUD_CONTEXT + inside
        return application(environ, start_response)

    return handle
