"""Which kind of Confluence an address belongs to, as far as the address says it.

Sources: Cloud sites are hosts below ``atlassian.net`` (or ``jira.com``) with the context path ``/wiki``;
Atlassian's gateway for tokens with scopes is ``https://api.atlassian.com/ex/confluence/<cloud id>``, and
``/_edge/tenant_info`` of a site gives the cloud id to anybody.
"""

import re
from urllib.parse import urlsplit

from confluence_changelog.confluence.fields import text_at
from confluence_changelog.confluence.page import Flavour
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.errors import ConfluenceError, UnreachableError

_CLOUD_HOST = re.compile(
    r"(?:.+\.)?(?:atlassian\.net|atlassian-us-gov-mod\.net|jira\.com|jira-dev\.com)"
)
_GATEWAY_PATH = re.compile(r"/ex/confluence/[0-9A-Za-z-]+(?:/wiki)?")
_CLOUD_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,63}")
_CONTEXT = "/wiki"


def flavour_of(base: str) -> Flavour | None:
    """Return the kind of Confluence that an address names, or None where it could be either."""
    host = urlsplit(base).hostname or ""
    return "cloud" if _CLOUD_HOST.fullmatch(host.lower()) or is_gateway(base) else None


def is_gateway(base: str) -> bool:
    """Say whether an address is that of a site behind Atlassian's gateway."""
    return bool(_GATEWAY_PATH.fullmatch(urlsplit(base).path.rstrip("/")))


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
