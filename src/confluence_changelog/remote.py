"""From the address of a remote to the web address of its commits."""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from confluence_changelog.redact import redact


class _Remote(NamedTuple):
    """A remote's address in its parts; no user, no password."""

    scheme: str
    host: str
    port: str
    path: tuple[str, ...]


_WEB_HOSTS = {
    "www.github.com": "github.com",
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
"""Hosts for Git alone (SSH over port 443) and whose web pages they belong to."""

_ALIAS = re.compile(r"(github\.com|gitlab\.com|bitbucket\.org)[-_][\w-]+")
"""An SSH configuration's name for a second account: git@github.com-work:…"""

_BITBUCKET_SSH_PORT = "7999"
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://([^/]*)/*(.*)", re.IGNORECASE | re.DOTALL)
_SCP_LIKE = re.compile(r"([^/\\:\[]{2,}|\[[0-9a-f:.]+\]):(?!//)/?(.+)", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(
    r"([a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5})?)?", re.IGNORECASE
)
_SCHEMES = {
    "http": "http",
    "https": "https",
    "ssh": "ssh",
    "git+ssh": "ssh",
    "ssh+git": "ssh",
    "git": "git",
}


def commit_address(remote_url: str) -> str:
    """Give the web address of a remote's commits with ``{id}`` in the id's place, or "".

    Known are GitHub, GitLab, Bitbucket Cloud and Data Center, Azure Repos, Gitea, Forgejo and
    SourceHut: by their public hosts, by a host named after them (``gitlab.example.com``), or by
    addresses that only they have (``/scm/KEY/name.git``, ``/_git/name``). For anything else,
    local paths among it, the answer is "": no address is better than a wrong one.

    User and password never get into the result, and an address that holds a secret is none. It is
    https, with the remote's port if that was https, unless the remote is http itself. Put the id in
    with ``.replace("{id}", …)``: other braces are percent-encoded.
    """
    remote = _parse(remote_url.strip())
    if remote is None:
        return ""
    found = _azure(remote) or _bitbucket_data_center(remote) or _by_host(remote)
    return "" if redact(found)[1] else found


def repository_name(remote_url: str) -> str:
    """Return the name of a remote's repository, or an empty text where its address is not known."""
    remote = _parse(remote_url.strip())
    path = _without_git(remote.path) if remote else ()
    return "" if not path or redact(path[-1])[1] else path[-1]


def repository_path(remote_url: str) -> tuple[str, ...]:
    """Return the names of a remote's repository and its owners, the repository's last; or nothing."""
    remote = _parse(remote_url.strip())
    path = _without_git(remote.path) if remote else ()
    return () if redact("/".join(path))[1] else path


def _parse(address: str) -> _Remote | None:
    if match := _ADDRESS.fullmatch(address):
        scheme, authority, path = match[1].lower(), match[2], match[3]
    elif match := _SCP_LIKE.fullmatch(address):
        scheme, authority, path = "ssh", match[1], match[2]
    else:
        return None
    place = _HOST.fullmatch(authority.rpartition("@")[2])
    segments = tuple(unquote(part) for part in re.split("[?#]", path)[0].split("/") if part)
    # An @ in the path is the rest of a password that holds a slash.
    if scheme not in _SCHEMES or not place or any(not _is_name(part) for part in segments):
        return None
    host = place[1].lower()
    alias = _ALIAS.fullmatch(host) if _SCHEMES[scheme] == "ssh" else None
    host = alias[1] if alias else _WEB_HOSTS.get(host, host)
    return _Remote(_SCHEMES[scheme], host, place[2] or "", segments)


def _is_name(segment: str) -> bool:
    return segment not in (".", "..") and "@" not in segment and segment.isprintable()


def _origin(remote: _Remote) -> str:
    """Scheme, host and port of the web pages."""
    if remote.scheme not in ("http", "https"):
        return f"https://{remote.host}"
    is_usual = remote.port in ("", {"http": "80", "https": "443"}[remote.scheme])
    return f"{remote.scheme}://{remote.host}" + ("" if is_usual else f":{remote.port}")


def _path(*segments: str) -> str:
    return "".join("/" + quote(segment, safe="~", errors="replace") for segment in segments)


def _without_git(path: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the ``.git`` that hosts take or leave."""
    return (*path[:-1], path[-1].removesuffix(".git")) if path else ()


def _azure(remote: _Remote) -> str:
    """Azure Repos and Azure DevOps Server: ``…/_git/name``; over SSH ``v3/org/project/name``."""
    if remote.host in ("ssh.dev.azure.com", "vs-ssh.visualstudio.com"):
        match remote.path:
            case ("v3", organisation, project, name):
                path = _path(organisation, project, "_git", name)
                return f"https://dev.azure.com{path}/commit/{{id}}"
        return ""
    if remote.scheme == "ssh" or "_git" not in remote.path[:-1]:
        return ""
    at = remote.path.index("_git")
    before, after = remote.path[:at], remote.path[at + 1 :]
    if after[0] in ("_full", "_optimized"):
        after = after[1:]
    if remote.host.endswith(".visualstudio.com") and before[:1] == ("DefaultCollection",):
        before = before[1:]
    path = _path(*before, "_git", *after)
    return f"{_origin(remote)}{path}/commit/{{id}}" if len(after) == 1 else ""


def _bitbucket_data_center(remote: _Remote) -> str:
    """Bitbucket Data Center: ``/scm/KEY/name.git``; over SSH ``KEY/name.git``, usually port 7999.

    A project's key is upper case in web addresses, whatever the remote says; a personal
    repository stands under ``~user``.
    """
    path = _without_git(remote.path)
    if remote.scheme == "ssh":
        is_ours = remote.port == _BITBUCKET_SSH_PORT or remote.host.startswith("bitbucket.")
        path = ("scm", *path) if is_ours and len(path) == 2 else ()
    if path[-3:-2] != ("scm",) or remote.host == "bitbucket.org":
        return ""
    *context, _, key, name = path
    owner = ("users", key[1:]) if key.startswith("~") else ("projects", key.upper())
    return f"{_origin(remote)}{_path(*context, *owner, 'repos', name)}/commits/{{id}}"


def _by_host(remote: _Remote) -> str:
    """Give the address on hosts that are known by name; the path is the repository's."""
    path = _without_git(remote.path)
    first_label, host = remote.host.partition(".")[0], remote.host
    if first_label == "github" or host.endswith(".ghe.com"):
        page = "/commit/{id}" if len(path) == 2 else ""
    elif first_label == "gitlab":
        page = "/-/commit/{id}" if len(path) >= 2 else ""
    elif host == "bitbucket.org":
        page = "/commits/{id}" if len(path) == 2 else ""
    elif first_label in ("gitea", "forgejo") or host in ("codeberg.org", "git.sr.ht"):
        page = "/commit/{id}" if len(path) >= 2 else ""
    else:
        page = ""
    return _origin(remote) + _path(*path) + page if page else ""
