"""The Flask application: what stands before and after every request."""

import json

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from .errors import RestError, tomcat_page, too_large
from .faults import LOG_IN_PAGE, Fault
from .http_server import DROP
from .site import EditError, Settings, Site

_KEY = "confluence-changelog-sandbox"
_RATE_LIMIT = {
    "X-RateLimit-Limit": "10",
    "X-RateLimit-Remaining": "9",
    "X-RateLimit-Interval-Seconds": "5",
    "X-RateLimit-FillRate": "2",
    "retry-after": "0",
}


def create_app(settings: Settings | None = None) -> Flask:
    """Make the sandbox's WSGI application, with its starting content."""
    from . import addresses, control, mailbox, markup, rest, view

    settings = settings or Settings()
    app = Flask(__package__, static_folder=None)
    site = Site(settings)
    app.extensions[_KEY] = site
    for name in ("api", "experimental"):
        prefix = f"{settings.context}/rest/{name}"
        app.register_blueprint(rest.all_routes(), url_prefix=prefix, name=name)
    for routes in (view.routes, addresses.routes):
        app.register_blueprint(routes, url_prefix=settings.context or None)
    app.register_blueprint(control.routes, url_prefix="/sandbox")
    app.register_blueprint(mailbox.routes, url_prefix="/sandbox")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"day": markup.day_of, "moment": markup.moment}
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(RestError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(EditError, _edit_failed)
    return app


def site_of(app: Flask) -> Site:
    """Return the state of an application that `create_app` made."""
    site: Site = app.extensions[_KEY]
    return site


def site() -> Site:
    """Return the state of the application that handles the request."""
    return site_of(current_app)


def answer(data: object, status: int = 200) -> Response:
    """Answer with JSON as Confluence sends it: UTF-8, without escapes."""
    return Response(json.dumps(data, ensure_ascii=False), status, mimetype="application/json")


def base_address() -> str:
    """Address of the site as the client named it, without a slash at the end."""
    return request.host_url.rstrip("/") + site().settings.context


def is_control(asked: Request) -> bool:
    """Whether a request is for the sandbox itself and not for the Confluence it plays."""
    return asked.path.startswith("/sandbox/")


def _begin() -> Response | None:
    g.fault = None
    g.recorded = None
    if is_control(request):
        return None
    here = site()
    size = len(request.get_data())
    g.recorded = here.requests.begin(
        request.method,
        request.path,
        request.query_string.decode(errors="replace"),
        request.headers,
        size,
    )
    fault = g.fault = here.faults.take(request.method, request.path)
    if fault is not None:
        if fault.delay:
            here.stopping.wait(fault.delay)
        if fault.edit is not None and fault.edit_when == "before":
            here.edit(_page_id(), fault.edit)
        if fault.drop == "before":
            return Response()
        if fault.answers and not fault.applied:
            return _fault_answer(fault)
    if size > here.settings.request_limit:
        raise too_large(here.settings.request_limit)
    return None


def _finish(response: Response) -> Response:
    here = site()
    fault: Fault | None = g.get("fault")
    if fault is not None:
        if fault.edit is not None and fault.edit_when == "after":
            here.edit(_page_id(), fault.edit)
        if fault.answers and fault.applied:
            response = _fault_answer(fault)
        if fault.drop:
            response.headers[DROP] = "amid" if fault.drop == "during" else "silent"
    if g.get("person"):
        response.headers.setdefault("X-Seraph-LoginReason", "OK")
        for name, value in _RATE_LIMIT.items() if here.switches.rate_limit_headers else ():
            response.headers.setdefault(name, value)
    if g.get("recorded"):
        g.recorded.user = g.person.username if g.get("person") else ""
        if not (fault and fault.drop):
            g.recorded.status = response.status_code
    return response


def _page_id() -> int:
    """Return the page that the request names, or 0."""
    found = (request.view_args or {}).get("page_id") or request.args.get("pageId", "")
    return int(found) if str(found).isdecimal() else 0


def _fault_answer(fault: Fault) -> Response:
    if fault.html:
        body, kind = (LOG_IN_PAGE if fault.body is None else fault.body), "text/html"
    elif isinstance(fault.body, str) or fault.body is None:
        body, kind = fault.body or "", "text/plain"
    else:
        body, kind = json.dumps(fault.body, ensure_ascii=False), "application/json"
    response = Response(body, fault.status or 200, mimetype=kind)
    response.headers.update(fault.headers)
    return response


def _refused(refusal: RestError) -> Response:
    if isinstance(refusal.body, str):
        kind = "text/html" if refusal.body.startswith("<") else "application/json"
        response = Response(refusal.body, refusal.status, mimetype=kind)
    else:
        response = answer(refusal.body, refusal.status)
    response.headers.update(refusal.headers)
    return response


def _edit_failed(error: EditError) -> Response:
    """Say why a fault's edit could not be made: that is the test's mistake."""
    return answer({"message": f"The edit of a fault cannot be made: {error}"}, 500)


def _http_error(error: HTTPException) -> Response:
    """Answer an address or a method that there is not: JSON from REST, Tomcat's page elsewhere."""
    status = error.code or 500
    if "/rest/" in request.path or is_control(request):
        said = f"null for uri: {request.url}" if status == 404 else str(error.description)
        return answer({"message": said, "status-code": status}, status)
    return Response(tomcat_page(status, error.name), status, mimetype="text/html")
