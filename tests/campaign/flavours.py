"""What differs between Data Center and Cloud for a campaign: log-ins, and how a hand edits over REST."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from confluence_changelog.confluence.page import Flavour
from confluence_changelog.sandbox import TOKEN
from confluence_changelog.sandbox.save import literal_entities, save

EDITOR = "editor"
"""The name and the password of the sandbox's person who makes the page and the other hand's edits."""


class Wire(NamedTuple):
    """How one of the two is spoken to."""

    flavour: Flavour
    editor: str
    """The user name of the other hand."""
    publisher: Mapping[str, str]
    """The variables with the publishers' credentials."""
    page: str
    """The path of a page, with ``{}`` for its id."""
    query: Mapping[str, str]
    """What asks for its storage."""

    def saved(self, storage: str) -> str:
        """Return storage text as it reads after a save."""
        return literal_entities(save(storage)) if self.flavour == "cloud" else save(storage)

    def edited(self, page: Mapping[str, Any], storage: str, message: str) -> dict[str, Any]:
        """Return the request that puts this text in place of a page's."""
        version = {"number": page["version"]["number"] + 1, "message": message}
        common = {"id": page["id"], "title": page["title"], "version": version}
        body = {"representation": "storage", "value": storage}
        if self.flavour == "cloud":
            return {**common, "status": "current", "body": body}
        space = {"key": page["space"]["key"]}
        return {**common, "type": "page", "space": space, "body": {"storage": body}}


WIRES: dict[Flavour, Wire] = {
    "data-center": Wire(
        "data-center",
        EDITOR,
        {"CONFLUENCE_TOKEN": TOKEN},
        "/rest/api/content/{}",
        {"expand": "body.storage,version,space"},
    ),
    "cloud": Wire(
        "cloud",
        f"{EDITOR}@example.com",
        {"CONFLUENCE_USER": "admin@example.com", "CONFLUENCE_PASSWORD": TOKEN},
        "/api/v2/pages/{}",
        {"body-format": "storage"},
    ),
}
