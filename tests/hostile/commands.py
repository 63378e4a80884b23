"""Every command with what hostile input reaches it: a table, which `test_every_command` runs.

A new command is a new line here, and is run over the whole corpus.
"""

from collections.abc import Mapping
from typing import NamedTuple

from confluence_changelog.sandbox import LOG_ID

CORPORA = ("texts", "pages", "answers", "remotes", "branches", "history", "secrets")
"""What comes as arguments, from a page, from a server, from Git; and credentials everywhere."""

_ASKS = "pages answers secrets"
_GIT = "remotes branches history"
_ANY = frozenset((0, 1, 2, 3))
_WELL, _WRONG = frozenset((0,)), frozenset((2,))
_REFUSED, _FOUND = frozenset((2, 3)), frozenset((0, 3))
_VALID = frozenset((0, 2))


class Run(NamedTuple):
    """One way to run a command, and what may come of it."""

    words: str
    """Of the command line; ``{text}`` is the hostile one, ``{url}`` where Confluence is."""
    on: str
    """Corpora."""
    codes: frozenset[int] = _ANY
    """Exit statuses that are right."""
    writes: str = ""
    """What it may change on Confluence: a ``row``, the ``body`` of the log, or ``others``: new pages."""
    stdin: str = ""
    is_typed: bool = False
    """Whether it shows what was typed for a page as it is: then also what looks like a secret."""

    def arguments(self, text: str = "", url: str = "") -> list[str]:
        """Return the command line."""
        return [word.format(text=text, url=url, page=LOG_ID) for word in self.words.split()]


_INIT = "init --page {page} --yes --hooks none --replace"
TABLE: Mapping[str, tuple[Run, ...]] = {
    "init": (
        Run(f"{_INIT} --table 2", f"{_ASKS} {_GIT}"),
        Run(f"{_INIT} --table 1 --columns Date=date", "pages"),
        Run("init --page {text} --yes --hooks none --replace", "texts", _REFUSED),
        Run(f"{_INIT} --url {{text}}", "texts", _REFUSED),
        Run(f"{_INIT} --table 2 --since {{text}}", "texts"),
        Run(f"{_INIT} --table {{text}}", "texts", _WRONG),
        Run(f"{_INIT} --table 2 --columns {{text}}=date", "texts"),
        Run(f"{_INIT} --table 2 --columns Date={{text}}", "texts"),
        Run(
            "init --create OPS:{text} --yes --hooks none --replace",
            *("texts", _ANY, "others"),
            is_typed=True,
        ),
    ),
    "check": (
        Run("check {text}", "texts"),
        Run("check --range {text}", "texts"),
        Run("check --message {text}", "texts"),
        Run("check --config {text} --range HEAD", "texts", _WRONG),
        Run("check --range HEAD --format json", f"secrets {_GIT}"),
        Run("check --pre-receive", "texts", _WRONG, stdin="{text} {text} {text} {text}\n"),
        Run("check --pre-receive", "texts history", stdin="{zeros} {head} refs/heads/x{text}\n"),
        Run("check --pre-push origin {text}", "texts", stdin="x {head} x {zeros}\n"),
    ),
    "prepare": (
        Run("prepare {text}", "texts"),
        Run("prepare MESSAGE {text}", "texts"),
        Run("prepare MESSAGE", f"secrets {_GIT}"),
    ),
    "publish": (
        Run("publish --range HEAD --dry-run --format json", f"{_ASKS} {_GIT}"),
        Run("publish --range {text}", "texts", _REFUSED),
        Run("publish --commit {text}", "texts", _REFUSED),
        Run("publish --range HEAD --page {text}", "texts", _REFUSED),
        Run("publish --range HEAD --config {text}", "texts", _WRONG),
    ),
    "audit": (
        Run("audit", f"{_ASKS} {_GIT}"),
        Run("audit --format junit", "pages"),
        Run("audit --page {text}", "texts", _REFUSED),
        Run("audit --config {text}", "texts", _WRONG),
    ),
    "range": (
        Run("range", f"secrets {_GIT}"),
        Run("range --explain", _GIT),
        Run("range --explain --format json", _GIT),
        Run("range --explain --for check", _GIT),
        Run("range --for {text}", "texts", _WRONG),
        Run("range --config {text}", "texts", _WRONG),
    ),
    "note": (
        Run("note --post-commit", f"secrets {_GIT}"),
        Run("note --post-merge x{text}", "texts", _WELL),
        Run("note --post-rewrite x{text}", "texts", _WELL, stdin="{text} {text}\n"),
        Run(
            "note --post-receive",
            "texts history",
            _WELL,
            stdin="{zeros} {head} refs/heads/{text}\n",
        ),
        Run("note --{text}", "texts", _WRONG),
    ),
    "install": (
        Run("install --native --dry-run", f"secrets {_GIT}"),
        Run("install --pre-commit --dry-run", _GIT),
        Run("install --pre-commit --repo {text} --rev {text} --dry-run", "texts"),
        Run("install --hook-type {text}", "texts", _WRONG),
    ),
    "uninstall": (
        Run("uninstall", f"secrets {_GIT}"),
        Run("uninstall {text}", "texts", _WRONG),
    ),
    "add": (
        Run("add x y", "answers secrets", writes="row"),
        Run("add x y --dry-run", "pages"),
        Run("add x y --dry-run --format json", "pages"),
        Run("add {text} {text} --dry-run", "texts"),
        Run("add {text} {text}", "texts", writes="row"),
        Run("add x y --key {text} --format json", "texts", writes="row"),
        Run("add --cell Who={text} --cell What={text}", "texts", writes="row"),
        Run("add --cell {text} --cell Why=x --dry-run --format json", "texts"),
        Run("add x y --page {text}", "texts", _REFUSED),
    ),
    "archive": (
        Run("archive --rows 1", f"{_ASKS} branches", _ANY, "body"),
        Run("archive --period year --dry-run --format json", "pages", _FOUND),
        Run("archive --rows {text}", "texts", _VALID),
        Run("archive --page {text} --rows 1", "texts", _REFUSED),
    ),
    "tables": (
        Run("tables", _ASKS, _FOUND),
        Run("tables {page} --format json", "pages", _FOUND),
        Run("tables {text}", "texts", _REFUSED),
    ),
    "page": (
        Run("page show", _ASKS, _FOUND),
        Run("page show {page} --format json", "pages", _FOUND),
        Run("page show {text}", "texts", _REFUSED),
        Run("page write {page} x --format text --dry-run", "pages", _WELL, is_typed=True),
        Run("page write {page} <p/>", "answers secrets", writes="body"),
        Run("page write {page} {text} --dry-run", "texts", _VALID, is_typed=True),
        Run("page write {page} {text} --dry-run --format text", "texts", _VALID, is_typed=True),
        Run("page write {page} {text} --format text", "texts", _VALID, writes="body"),
        Run("page write {page} {text}", "texts", _VALID, writes="body"),
        Run("page write {page} --title {text} --dry-run", "texts", _VALID, is_typed=True),
        Run("page write {page} <p/> --message=-{text}", "texts", _WELL, writes="body"),
        Run("page write {page} --file {text}", "texts", _WRONG),
        Run("page write {page} x --format text --if-version {text}", "texts", _REFUSED),
        Run("page write {text} <p/>", "texts", _REFUSED),
        Run("page validate {text}", "texts", frozenset((1, 2))),
        Run("page validate -", "texts", frozenset((0, 1, 2)), stdin="{text}"),
        Run("page create OPS {text} --log", "texts", writes="others", is_typed=True),
        Run("page create {text} x", "texts", writes="others"),
        Run("page create OPS x --parent {text}", "texts", _REFUSED),
        Run("page create OPS x --file {text}", "texts", _WRONG),
        Run("page create OPS x", "answers secrets", writes="others"),
    ),
    "status": (
        Run("status", f"secrets {_GIT}"),
        Run("status --format json", _GIT),
        Run("status --config {text}", "texts", _WRONG),
    ),
    "login": (
        Run("login {url} --stdin", "answers", stdin="a-token\n"),
        Run("login {url} --from command", "secrets"),
        Run("login {text} --stdin", "texts", _REFUSED, stdin="a-token\n"),
        Run("login {url} --user {text} --stdin", "texts", _REFUSED, stdin="a-token\n"),
        Run("login {url} --stdin", "texts", _REFUSED, stdin="{text}\n"),
        Run("login {url} --from {text}", "texts", _WRONG),
    ),
    "logout": (
        Run("logout {text}", "texts", _WRONG),
        Run("logout", "secrets", _WRONG),
    ),
    "doctor": (
        Run("doctor", f"{_ASKS} {_GIT}"),
        Run("doctor --format json", f"pages answers {_GIT}"),
        Run("doctor --page {text}", "texts", _REFUSED),
        Run("doctor --url {text}", "texts", _REFUSED),
        Run("doctor --config {text}", "texts", _REFUSED),
    ),
    "sandbox": (
        Run("sandbox --port 0 --switch {text}", "texts", _WRONG),
        Run("sandbox --port 0 --switch fault={text}", "texts", _WRONG),
        Run("sandbox --port 0 --switch captcha=x{text}", "texts", _WRONG),
        Run("sandbox --port 0 --data /no/folder/x --space {text}", "texts", _WRONG),
        Run("sandbox --port 0 --data /no/folder/x --user {text}", "texts", _WRONG),
        Run("sandbox --port 0 --data /no/folder/x --token {text}", "texts", _WRONG),
        Run("sandbox --port 0 --data /no/folder/x --context {text}", "texts", _WRONG),
        Run("sandbox --port {text}x", "texts", _WRONG),
        Run("sandbox --port 0 --data {text}/x/y", "texts", _WRONG),
        Run("sandbox --flavour {text}", "texts secrets", _WRONG),
    ),
    "demo": (
        Run("demo --repo .", "history", _FOUND),
        Run("demo --repo {text}/x", "texts", _REFUSED),
        Run("demo --port {text}x", "texts secrets", _WRONG),
    ),
}
