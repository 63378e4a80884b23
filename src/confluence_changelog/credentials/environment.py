"""Credentials in the environment."""

from collections.abc import Mapping

from confluence_changelog.credentials.auth import Credentials, Login, Source


def from_environment(environment: Mapping[str, str]) -> Credentials | None:
    """Return a token, or else user and password; None where neither is whole.

    Raises:
        UsageError: a variable holds what no header can.

    """
    token = environment.get("CONFLUENCE_TOKEN", "").strip()
    if token:
        return Login("", token).auth(Source("CONFLUENCE_TOKEN"), "CONFLUENCE_TOKEN")
    user = environment.get("CONFLUENCE_USER", "").strip()
    password = environment.get("CONFLUENCE_PASSWORD", "")
    if user and password:
        source = Source("CONFLUENCE_USER and CONFLUENCE_PASSWORD")
        return Login(user, password).auth(source, "CONFLUENCE_USER")
    return None
