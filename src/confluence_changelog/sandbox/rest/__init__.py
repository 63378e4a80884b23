"""Data Center's REST interface (Atlassian DC REST 10.2), as far as a change log needs it."""

from flask import Blueprint

from . import content, parts, people, spaces


def all_routes() -> Blueprint:
    """All routes, to be registered under ``rest/api``, and for older clients ``rest/experimental``."""
    blueprint = Blueprint("rest", __name__)
    for each in (content.routes, parts.routes, people.routes, spaces.routes):
        blueprint.register_blueprint(each)
    return blueprint
