"""Confluence Cloud's REST interface v2, as far as a change log and its neighbours need it.

Sources: Atlassian's OpenAPI document of REST v2 (2026-09), and answers that users recorded.
"""

from flask import Blueprint

from . import attachments, below, folders, pages, people, properties, spaces, versions, writing


def all_routes() -> Blueprint:
    """All routes, to be registered under ``wiki/api/v2``."""
    blueprint = Blueprint("v2", __name__)
    for each in (pages, writing, attachments, below, versions, properties, spaces, folders, people):
        blueprint.register_blueprint(each.routes)
    return blueprint
