"""Which kind of Confluence an address belongs to, as far as the address says it. Pure.

Sources: Cloud sites are hosts below ``atlassian.net`` (or ``jira.com``) with the context path ``/wiki``;
Atlassian's gateway for tokens with scopes is ``https://api.atlassian.com/ex/confluence/<cloud id>``.
"""

import re
from typing import Literal
from urllib.parse import urlsplit

_CLOUD_HOST = re.compile(
    r"(?:.+\.)?(?:atlassian\.net|atlassian-us-gov-mod\.net|jira\.com|jira-dev\.com)"
)
_GATEWAY_PATH = re.compile(r"/ex/confluence/[0-9A-Za-z-]+(?:/wiki)?")


def flavour_of(base: str) -> Literal["cloud"] | None:
    """Return the kind of Confluence that an address names, or None where it could be either."""
    host = urlsplit(base).hostname or ""
    return "cloud" if _CLOUD_HOST.fullmatch(host.lower()) or is_gateway(base) else None


def is_gateway(base: str) -> bool:
    """Say whether an address is that of a site behind Atlassian's gateway."""
    return bool(_GATEWAY_PATH.fullmatch(urlsplit(base).path.rstrip("/")))
