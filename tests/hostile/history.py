"""A history of hostile commits, stored as an attacker would who can write objects."""

import re
from typing import NamedTuple

from hostile.corpus import EMAILS, ENCODINGS, MESSAGES, NAMES, PATHS, TEXTS
from support.repositories import Repo

_LATE = 4_000_000_000
"""So that `status`, which looks at the last days, sees all of them."""


class Hostile(NamedTuple):
    """A commit as it is stored."""

    message: bytes = b"Change x\n\nBecause of y."
    name: bytes = b"Ada Example"
    email: bytes = b"ada@example.com"
    path: bytes = b"a"
    encoding: bytes = b""


def commits() -> dict[str, Hostile]:
    found = {f"subject {name}": Hostile(text.encode()) for name, text in TEXTS.items()}
    for name, text in TEXTS.items():
        found[f"body {name}"] = Hostile(f"Change x\n\n{text}\n\nlast words".encode())
        person = re.sub(r"[<>\n\x00]", "_", text).encode()
        found[f"name {name}"] = Hostile(name=person)
        found[f"path {name}"] = Hostile(path=re.sub(r"[/\x00]", "_", text).encode()[:250])
    for name, message in MESSAGES.items():
        found[f"message {name}"] = Hostile(
            message.encode() if isinstance(message, str) else message
        )
    found |= {f"name {name}": Hostile(name=raw) for name, raw in NAMES.items()}
    found |= {f"e-mail {name}": Hostile(name=b"", email=raw) for name, raw in EMAILS.items()}
    found |= {f"path {name}": Hostile(path=raw) for name, raw in PATHS.items()}
    for name, raw in ENCODINGS.items():
        found[f"encoding {name}"] = Hostile(raw, encoding=name.encode())
    return found


COMMITS = commits()


def store(repo: Repo) -> dict[str, str]:
    """Store the commits, one upon the other, on main; their ids by name."""
    blob = repo.git("hash-object", "-w", "--stdin", stdin="x")
    ids: dict[str, str] = {}
    parent = ""
    for number, (name, what) in enumerate(COMMITS.items()):
        tree = repo.git("mktree", "-z", stdin=f"100644 blob {blob}\t".encode() + what.path + b"\0")
        lines = [f"tree {tree}".encode()]
        lines += [f"parent {parent}".encode()] if parent else []
        person = what.name + b" <" + what.email + b"> %d +0000" % (_LATE + number)
        lines += [b"author " + person, b"committer " + person]
        lines += [b"encoding " + what.encoding] if what.encoding else []
        parent = ids[name] = repo.commit_object(b"\n".join(lines) + b"\n\n" + what.message)
    repo.git("update-ref", "refs/heads/main", parent)
    return ids
