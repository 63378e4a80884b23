"""``/sandbox/mails``: what watchers would have got, for people and as JSON."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request

from .app import answer, site
from .control import this_machine_only
from .mails import mails, notices
from .shown import name_of, protect

_SHOWN = 50

routes = Blueprint("mailbox", __name__)
routes.before_request(this_machine_only)
routes.after_request(protect)


@routes.get("/mails")
def mailbox() -> Response | str:
    """All mails as JSON where the client prefers that, or a page with the newest."""
    context = site().settings.context
    with site().database.reading() as connection:
        if _wants_json():
            return answer([asdict(mail) for mail in mails(connection, context)])
        found = notices(connection)
        shown = [
            (notice, name_of(connection, notice.version.author), notice.html(connection, context))
            for notice in found[:_SHOWN]
        ]
    return render_template("mails.html", shown=shown, count=len(found))


def _wants_json() -> bool:
    named = request.args.get("format")
    if named:
        return named == "json"
    kinds = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(kinds) == "application/json"
