"""The address of Confluence, the way there, what it is, and whether it accepts the credentials."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.flavour import cloud_id
from confluence_changelog.confluence.page import Client, Flavour
from confluence_changelog.confluence.session import proxy_of
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import (
    BearerAuth,
    Credentials,
    credentials_for,
    host_of,
    is_this_machine,
)
from confluence_changelog.credentials.auth import Nobody
from confluence_changelog.doctor.check import Findings
from confluence_changelog.errors import EXIT_USAGE, ChangelogError, ScopeError
from confluence_changelog.hosts import flavour_of, is_gateway
from confluence_changelog.login import ignored
from confluence_changelog.text import plain

GROUP = "Confluence"
CREDENTIALS = "Credentials"
SECONDS = 30.0
"""For all attempts of one question."""

Configured = Literal["auto", "data-center", "cloud"]

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_KINDS: Mapping[Flavour, str] = {
    "cloud": "Confluence Cloud",
    "data-center": "Confluence Data Center",
}


def reach(
    findings: Findings, base: str, environment: Mapping[str, str] = os.environ
) -> bool | None:
    """Look at the way to Confluence, without credentials; return whether a Cloud is there, if known."""
    _tls(findings, base, environment)
    if proxy := proxy_of(base):
        findings.ok(
            GROUP, "proxy", f"Requests go through the proxy {host_of(proxy) or 'that is set'}."
        )
    else:
        findings.ok(GROUP, "proxy", "No proxy is used.")
    transport = Transport(base, Nobody(), Deadline(SECONDS))
    try:
        found = findings.ask(GROUP, "reachable", lambda: (cloud_id(transport),))
    finally:
        transport.close()
    if found is None:
        return None
    findings.ok(GROUP, "reachable", f"{host_of(base)} answers.")
    return found[0] is not None


def recognise(
    findings: Findings, base: str, configured: Configured, *, is_cloud: bool | None
) -> Configured:
    """Say what kind of Confluence it is, and whether the configuration agrees; return what it is."""
    by_address = flavour_of(base)
    if is_cloud is None and by_address is None:
        findings.skipped(GROUP, "flavour", findings.blocked or "nothing answers")
        return configured
    found: Flavour = by_address or ("cloud" if is_cloud else "data-center")
    if configured not in ("auto", found):
        findings.wrong(
            GROUP,
            "flavour",
            f'This is {_KINDS[found]}, but `flavour` in [page] is "{configured}": correct it.',
            EXIT_USAGE,
        )
        return found
    how = (
        "by the configuration"
        if configured != "auto"
        else "by its address"
        if by_address
        else "as it answers"
    )
    findings.ok(GROUP, "flavour", f"{_KINDS[found]}, {how}.")
    if by_address is None and configured == "auto" and found == "cloud":
        findings.warning(
            GROUP,
            "flavour-unset",
            'Each run finds out anew that this is Cloud: set flavour = "cloud" in [page].',
        )
    return found


def find_credentials(
    findings: Findings, base: str, flavour: Configured = "auto"
) -> Credentials | None:
    """Say which credentials there are, and from where; return them."""
    try:
        auth = credentials_for(base)
    except ChangelogError as error:
        findings.failed(CREDENTIALS, "found", error)
        findings.blocked = findings.blocked or "there are no credentials for it"
        return None
    kind = auth.named(cloud=flavour == "cloud")
    whose = f" of {plain(auth.user)}" if auth.user else ""
    findings.ok(
        CREDENTIALS,
        "found",
        f"{kind[0].upper()}{kind[1:]}{whose}, from {auth.source.name}.",
    )
    return auth


def accept(findings: Findings, client: Client, auth: Credentials | None) -> None:
    """Say whether the credentials are accepted, and what of their end is known."""
    if findings.blocked or auth is None:
        findings.skipped(CREDENTIALS, "accepted", findings.blocked)
        return
    try:
        user = client.user()
    except ScopeError:
        findings.warning(
            CREDENTIALS,
            "accepted",
            "The token lacks the scope read:confluence-user, so that whose it is cannot be told: make one "
            "with that scope too.",
        )
        return
    except ChangelogError as error:
        findings.failed(CREDENTIALS, "accepted", error)
        return
    if not user.known:
        findings.failed(CREDENTIALS, "accepted", ignored(client.base, auth))
        return
    own = f" ({user.id})" if user.id and user.id != user.name else ""
    findings.ok(
        CREDENTIALS, "accepted", f"They are accepted, as those of {user.name or 'a user'}{own}."
    )
    _end(findings, client, auth)


def version(findings: Findings, client: Client) -> None:
    """Say which version it is, where that can be known."""
    if not findings.blocked and client.flavour == "cloud":
        return
    found = findings.ask(GROUP, "version", client.server_version)
    if found:
        findings.ok(GROUP, "version", f"Version {plain(found)}.")
    elif found is not None:
        findings.unknown(
            GROUP, "version", "It does not tell its version: it is older than 8.0, or hides it."
        )


def _tls(findings: Findings, base: str, environment: Mapping[str, str]) -> None:
    parts = urlsplit(base)
    if parts.scheme != "https":
        if is_this_machine(parts.hostname or ""):
            findings.ok(GROUP, "tls", "No TLS is needed, because it is this machine.")
        else:
            findings.warning(
                GROUP, "tls", "Without TLS anybody on the way can read the credentials: use https."
            )
        return
    for name in (*_BUNDLES, "SSL_CERT_FILE"):
        if file := environment.get(name):
            if Path(file).exists():
                findings.ok(
                    GROUP, "tls", f"Certificates are trusted as {name} says: {plain(file)}."
                )
            else:
                text = f"{name} names {plain(file)}, which is not there: correct or unset it."
                findings.wrong(GROUP, "tls", text, EXIT_USAGE)
            return
    findings.ok(GROUP, "tls", "Certificates are trusted as the operating system and requests do.")


def _end(findings: Findings, client: Client, auth: Credentials) -> None:
    """Say that the end of a token is not known: no documented route of Confluence tells it."""
    if client.flavour == "cloud":
        findings.unknown(
            CREDENTIALS,
            "expiry",
            "When the API token expires is not told by Confluence; it is a year after it was made at the "
            "latest: see the list of tokens in your Atlassian account.",
        )
    elif isinstance(auth, BearerAuth):
        findings.unknown(
            CREDENTIALS,
            "expiry",
            "When the token expires is not told by Confluence's API: see Personal Access Tokens in the "
            "profile.",
        )
    if is_gateway(client.base):
        findings.unknown(
            CREDENTIALS,
            "write-scope",
            "Whether the token has the scope write:page:confluence, only a write tells.",
        )
