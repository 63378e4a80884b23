"""Bodies as REST v2 takes them: flat or nested, in storage, ADF or wiki."""

from confluence_changelog.sandbox import adf, wiki
from confluence_changelog.sandbox.cloud_errors import refused
from confluence_changelog.sandbox.rest.asked import text_at

WRITTEN = ("storage", "atlas_doc_format", "wiki")


def storage_of(data: dict[str, object]) -> str | None:
    """Return the storage text of a request's body; None where it has none, 400 where it is wrong.

    ``{"representation": …, "value": …}``, or one such under the name of its representation.
    """
    given = data.get("body")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise refused(400, "body must be an object", "")
    if not given:
        return None
    nested = next((given[name] for name in WRITTEN if isinstance(given.get(name), dict)), None)
    body = given if nested is None else nested
    representation = text_at(body, "representation")
    if representation not in WRITTEN or not isinstance(body.get("value"), str):
        raise refused(400, "body must have a representation and a value", "")
    return _as_storage(representation, text_at(body, "value"))


def _as_storage(representation: str, value: str) -> str:
    if representation == "storage":
        return value
    if representation == "wiki":
        return wiki.storage(value)
    storage = adf.storage(value)
    if storage is None:
        raise refused(400, "Error converting ADF to storage format", "")
    return storage
