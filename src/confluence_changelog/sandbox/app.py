"""The Flask application: what stands before and after every request."""

import json

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from .cloud_errors import refused, translated
from .errors import RestError, tomcat_page, too_large
from .faults import LOG_IN_PAGE, Fault
from .gates import is_rest, rate_limit_headers, stop_at_gate
from .http_server import DROP
from .site import EditError, Settings, Site

_KEY = "confluence-changelog-sandbox"


def create_app(settings: Settings | None = None) -> Flask:
    """Make the sandbox's WSGI application, with its starting content."""
    from . import addresses, control, mailbox, markup, view

    settings = settings or Settings()
    app = Flask(__package__, static_folder=None)
    app.url_map.strict_slashes = False  # Confluence takes a slash at the end, and clients send it
    site = Site(settings)
    app.extensions[_KEY] = site
    _add_rest(app, site)
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


def _add_rest(app: Flask, site: Site) -> None:
    from . import addresses, cloud, rest
    from .cloud import edge, v1

    context = site.settings.context
    if not site.is_cloud:
        for name in ("api", "experimental"):
            prefix = f"{context}/rest/{name}"
            app.register_blueprint(rest.all_routes(), url_prefix=prefix, name=name)
        return
    remaining = rest.all_routes(cloud=True)
    remaining.before_request(v1.refuse_removed)
    remaining.after_request(v1.warn)
    app.register_blueprint(remaining, url_prefix=f"{context}/rest/api")
    app.register_blueprint(cloud.all_routes(), url_prefix=f"{context}/api/v2")
    app.register_blueprint(edge.routes)
    app.register_blueprint(addresses.routes, name="at-the-root")
    app.wsgi_app = edge.gateway(app.wsgi_app)  # type: ignore[method-assign, assignment]


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
        request.root_path + request.path,
        request.query_string.decode(errors="replace"),
        request.headers,
        size,
    )
    fault = g.fault = here.faults.take(request.method, request.root_path + request.path)
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
    return stop_at_gate(here) if is_rest(request.path) else None


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
        if not here.is_cloud:
            response.headers.setdefault("X-Seraph-LoginReason", "OK")
        for name, value in rate_limit_headers(here).items():
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
    if site().is_cloud:
        refusal = translated(refusal, request.path)
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
    if "/api/v2" in request.path:
        return _refused(refused(status, error.name))
    if "/rest/" in request.path or is_control(request):
        said = f"null for uri: {request.url}" if status == 404 else str(error.description)
        return answer({"message": said, "status-code": status}, status)
    return Response(tomcat_page(status, error.name), status, mimetype="text/html")
