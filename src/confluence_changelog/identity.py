"""The identity of a row: which commit it is, of which repository, and a digest of its text.

It stands in one known cell, beside the date: a link whose text is the abbreviated id and whose address
holds the full id and ends in ``#cl1-<repository>-<digest>``; or, where no address is known, an anchor
macro named ``cl1-<id>-<repository>-<digest>``. Editors keep both. They may drop a fragment, and then
the digest and the repository are unknown, not the commit. Host and path are ignored: a repository may
move. (Cloud's editor gives an anchor macro a second parameter, ``legacyAnchorId``.)
"""

import hashlib
import re
import unicodedata
from typing import NamedTuple

from confluence_changelog.storage.visible import links, visible_text, without_opaque

_FULL_ID = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9A-Za-z])")
_ABBREVIATED = re.compile(r"[0-9a-f]{4,64}")
_FRAGMENT = re.compile(r"cl1-(?P<repository>.+)-(?P<digest>[0-9a-f]{12})")
_ANCHOR_NAME = re.compile(
    r"cl1-(?P<id>[0-9a-f]{64}|[0-9a-f]{40})-(?P<repository>.+)-(?P<digest>[0-9a-f]{12})"
)
_ANCHOR = re.compile(
    r"<ac:structured-macro(?=\s)[^<>]*?\sac:name\s*=\s*[\"']anchor[\"'][^<>]*>"
    r"(?P<parameters>(?:\s|<ac:parameter(?=[\s>])[^<>]*>[^<]*</ac:parameter\s*>)*+)"
    r"</ac:structured-macro\s*>"
)
_PARAMETER = re.compile(r"<ac:parameter[^<>]*?\sac:name\s*=\s*(?:\"\"|'')[^<>]*>([^<]*)<")


class Identity(NamedTuple):
    """Which commit a row is; `repository` and `digest` are empty where an editor dropped them."""

    id: str
    repository: str
    digest: str


class Anchor(NamedTuple):
    """An anchor macro: its name, and where the element stands."""

    name: str
    start: int
    end: int


class Mark(NamedTuple):
    """An identity and the element that carries it: ``cell[start:end]``."""

    identity: Identity
    start: int
    end: int
    origin: str = ""
    """What stands before the id in the address of a link: host and path of the repository."""


def digest(storage: str) -> str:
    """Return the digest of a row: 12 hex digits over its visible text, dates, issues and mentions.

    The text is brought to NFC and white space is left out, because editors change both. `storage` is
    the row without the element that carries its identity.
    """
    text = "".join(unicodedata.normalize("NFC", visible_text(storage, references=True)).split())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def link_fragment(repository: str, digest: str) -> str:
    """Return the fragment that a commit's address ends in, without the ``#``."""
    return f"cl1-{repository}-{digest}"


def anchor_name(identity: Identity) -> str:
    """Return the name of the anchor macro of a row whose commit has no address."""
    return f"cl1-{identity.id}-{identity.repository}-{identity.digest}"


def marks(cell: str) -> list[Mark]:
    """Return the identities in the content of a cell (in storage format)."""
    found = []
    for link in links(cell):
        address, _, fragment = link.address.partition("#")
        identity = _from_link(address, fragment, link.text)
        if identity:
            origin = address.partition(identity.id)[0]
            found.append(Mark(identity, link.start, link.end, origin))
    for anchor in anchors(cell):
        if match := _ANCHOR_NAME.fullmatch(anchor.name):
            identity = Identity(match["id"], match["repository"], match["digest"])
            found.append(Mark(identity, anchor.start, anchor.end))
    return found


def anchors(storage: str) -> list[Anchor]:
    """Return the anchor macros of a fragment, those in comments and CDATA left out."""
    return [
        Anchor(name.strip(), found.start(), found.end())
        for found in _ANCHOR.finditer(without_opaque(storage))
        for name in _PARAMETER.findall(found["parameters"])
    ]


def _from_link(address: str, fragment: str, text: str) -> Identity | None:
    if not _ABBREVIATED.fullmatch(text):
        return None
    for full in _FULL_ID.findall(address):
        if full.startswith(text):
            known = _FRAGMENT.fullmatch(fragment)
            return Identity(full, *(known.group("repository", "digest") if known else ("", "")))
    return None
