"""Atlassian's gateway, the only way in for API tokens with scopes.

Credentials go to the host of CONFLUENCE_URL and nowhere else. So the gateway is used only where the
environment names it: as CONFLUENCE_URL itself, or as CONFLUENCE_GATEWAY beside the address of the site.
"""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from confluence_changelog.confluence.flavour import cloud_base, cloud_id
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import base_address, refuse_plain_http
from confluence_changelog.errors import NotConfluenceError, UsageError
from confluence_changelog.hosts import is_gateway

_ATLASSIAN = "https://api.atlassian.com"


def gateway_from(environment: Mapping[str, str] = os.environ) -> str:
    """Return the gateway's address that CONFLUENCE_GATEWAY gives, or an empty text.

    ``1`` is Atlassian's; an address is that of another gateway (Atlassian Government has one), with or
    without ``/ex/confluence/<cloud id>`` at its end.

    Raises:
        UsageError: it is no such address, or plain HTTP to another machine.

    """
    value = environment.get("CONFLUENCE_GATEWAY", "").strip()
    if value in ("", "0", "false", "no"):
        return ""
    if value in ("1", "true", "yes"):
        return _ATLASSIAN
    address = base_address(value)
    if urlsplit(address).path and not is_gateway(address):
        raise UsageError(
            f"CONFLUENCE_GATEWAY is {address}, which is no gateway's address; set it to 1 for "
            f"Atlassian's, or to an address such as {_ATLASSIAN}/ex/confluence/<cloud id>."
        )
    refuse_plain_http(address, environment)
    return address


def through_gateway(transport: Transport, gateway: str) -> str:
    """Return the address of a site behind the gateway; asks the site where that lacks the cloud id.

    Raises:
        NotConfluenceError: the site gives no cloud id.

    """
    if is_gateway(gateway):
        return cloud_base(gateway)
    found = cloud_id(transport)
    if found is None:
        raise NotConfluenceError(
            f"{transport.base} gives no cloud id, so it is no site of Confluence Cloud; set "
            "CONFLUENCE_URL to the site's address, or unset CONFLUENCE_GATEWAY."
        )
    return f"{gateway}/ex/confluence/{found}/wiki"
