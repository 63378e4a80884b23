"""What a site of Cloud says of itself: ``/_edge/tenant_info`` gives its cloud id to anybody."""

import re
from urllib.parse import urlsplit

from confluence_changelog.confluence.fields import text_at
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import ConfluenceError, UnreachableError

_CLOUD_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,63}")
_CONTEXT = "/wiki"


def cloud_base(base: str) -> str:
    """Return the address of a Cloud with its context path, which people leave out."""
    base = base.rstrip("/")
    return base if base.endswith(_CONTEXT) else base + _CONTEXT


def cloud_id(transport: Transport) -> str | None:
    """Ask a site for its cloud id, without credentials; None where it is no Cloud's.

    Raises:
        UnreachableError: it could not be asked.

    """
    parts = urlsplit(transport.base)
    address = f"{parts.scheme}://{parts.netloc}/_edge/tenant_info"
    try:
        answer = transport.get_openly(address, "asking for the cloud id")
    except UnreachableError:
        raise
    except ConfluenceError:
        return None
    found = text_at(answer, "cloudId")
    return found if found and _CLOUD_ID.fullmatch(found) else None
