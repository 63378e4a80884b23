"""Data Center's REST interface (Atlassian DC REST 10.2), as far as a change log needs it."""

from flask import Blueprint

from . import access, attachments, below, cloud_only, content, parts, people, search, spaces


def all_routes(*, cloud: bool = False) -> Blueprint:
    """All routes, to be registered under ``rest/api``, and for older clients ``rest/experimental``.

    With `cloud`, also those of v1 that only Cloud has.
    """
    blueprint = Blueprint("rest", __name__)
    every = (content, parts, attachments, below, access, people, search, spaces)
    for each in (*every, cloud_only) if cloud else every:
        blueprint.register_blueprint(each.routes)
    return blueprint
