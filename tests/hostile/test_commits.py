"""Hostile commits through every command: a row each, as text; and nothing else happens."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from confluence_changelog.message import parse_message
from confluence_changelog.redact import redact
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from confluence_changelog.text import clean
from hostile.corpus import LEAKED
from hostile.history import COMMITS, store
from hostile.judging import (
    MACROS,
    ROW,
    assert_macros_of_ours,
    names,
    our_rows,
    parse,
    shown,
    without,
)
from hostile.running import Done, assert_harmless, run
from support.repositories import Repo

_CONFIGURATION = "[table]\nnumber = 2\n"
_FORMS = ("text", "json", "junit")
_MARKERS = re.compile(r"[\s`>*+~-]+")
_LONGEST_LINE, _LONGEST_BODY, _FOLDED = 1000, 4000, 20_000


class Published(NamedTuple):
    repo: Repo
    ids: dict[str, str]
    before: str
    after: str
    runs: dict[str, Done]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """All of them, published once in a process of its own, and what the other runs wrote."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch, Sandbox() as sandbox:
        patch.setenv("GIT_CONFIG_GLOBAL", str(folder / "none"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        repo = Repo.init(folder / "repo")
        ids = store(repo)
        repo.git("remote", "add", "origin", "https://github.com/example/config.git")
        (repo.path / "confluence-changelog.toml").write_text(_CONFIGURATION, encoding="utf-8")
        environment = {
            "HOME": str(folder),
            "CONFLUENCE_URL": sandbox.url,
            "CONFLUENCE_PAGE": str(LOG_ID),
            "CONFLUENCE_TOKEN": TOKEN,
        }
        before = sandbox.page(LOG_ID).storage
        runs = {
            f"audit before in {form}": run(
                "audit", "--format", form, folder=repo.path, environment=environment
            )
            for form in _FORMS
        }
        runs |= {
            name: run(
                "publish", "--range", "HEAD", *options, folder=repo.path, environment=environment
            )
            for name, options in {
                "dry run": ("--dry-run",),
                "dry run in JSON": ("--dry-run", "--format", "json"),
                "publish": ("--format", "json"),
                "again": (),
            }.items()
        }
        runs |= {
            f"audit in {form}": run(
                "audit", "--format", form, folder=repo.path, environment=environment
            )
            for form in _FORMS
        }
        runs |= {
            name: run(*arguments.split(), folder=repo.path, environment={})
            for name, arguments in {
                "check": "check --range HEAD",
                "check in JSON": "check --range HEAD --format json",
                "check for GitHub": "check --range HEAD --format github",
                "status": "status",
                "status in JSON": "status --format json",
            }.items()
        }
        runs["demo"] = run("demo", "--repo", str(repo.path), folder=folder, environment={})
        yield Published(repo, ids, before, sandbox.page(LOG_ID).storage, runs)


RUNS = {
    **dict.fromkeys(("dry run", "dry run in JSON", "publish", "again", "demo"), 0),
    "check": 1,
    "check in JSON": 1,
    "status": 0,
    "status in JSON": 0,
    **{f"audit before in {form}": 1 for form in _FORMS},
    **{f"audit in {form}": 0 for form in _FORMS},
}


@pytest.mark.parametrize("name", RUNS)
def test_every_run_is_well_and_writes_nothing_harmful(published: Published, name: str) -> None:
    done = published.runs[name]
    assert done.code == RUNS[name], done.err[-2000:]
    assert_harmless(done.text)
    for secret in LEAKED:
        assert secret not in done.text


def test_the_second_run_has_nothing_to_do(published: Published) -> None:
    assert published.runs["again"].out.startswith("Published 0 rows on 'Change Log', version 2;")


@pytest.mark.parametrize("name", ["dry run in JSON", "publish"])
def test_json_parses_and_names_every_commit(published: Published, name: str) -> None:
    shown = json.loads(published.runs[name].out)
    assert [row["commit"] for row in shown["published"]] == list(published.ids.values())[::-1]


def test_an_audit_names_every_commit(published: Published) -> None:
    expected = list(published.ids.values())[::-1]
    shown = json.loads(published.runs["audit before in json"].out)
    assert [finding["commit"] for finding in shown["findings"]] == expected
    cases = ET.fromstring(published.runs["audit before in junit"].out).iter("testcase")
    assert [case.get("name") for case in cases if case.find("failure") is not None] == expected


def test_github_gets_our_commands_and_no_others(published: Published) -> None:
    findings = json.loads(published.runs["check in JSON"].out)
    done = published.runs["check for GitHub"]
    assert done.code == 1
    lines = done.out.splitlines()
    assert len(lines) == sum(len(finding["violations"]) for finding in findings)
    for line in lines:
        assert re.match("::(error|warning) title=[^:]*::", line), line
        assert_harmless(line.removeprefix("::"))
    for secret in LEAKED:
        assert secret not in done.text


def test_nothing_but_the_rows_is_new(published: Published) -> None:
    ids = frozenset(published.ids.values())
    assert without(parse(published.after), ids) == without(parse(published.before), ids)
    for secret in LEAKED:
        assert secret not in published.after


@pytest.fixture(scope="module")
def rows(published: Published) -> dict[str, list[list[str]]]:
    found = our_rows(parse(published.after))
    for elements in found.values():
        for row in elements:
            assert names(row) <= ROW | MACROS
            assert_macros_of_ours(row)
            for link in row.findall(".//a"):
                address = urlsplit(link.get("href", ""))
                assert address.scheme in ("http", "https")
                assert "@" not in address.netloc
            assert len(row[0].findall(".//a")) == 1
    return {
        commit: [[shown(cell) for cell in row] for row in each] for commit, each in found.items()
    }


@pytest.mark.parametrize("name", COMMITS)
def test_a_commit_has_one_row_that_shows_its_text(
    published: Published, rows: dict[str, list[list[str]]], name: str
) -> None:
    commit = published.ids[name]
    (row,) = rows[commit]
    assert len(row) == 4
    name_or_address, message = _as_git_reads(published.repo, commit)
    subject, body, _ = parse_message(redact(clean(message))[0])
    _assert_shows(row[1], redact(clean(name_or_address))[0] or "unknown", _LONGEST_LINE, "…")
    _assert_shows(row[2], subject or "(no subject)", _LONGEST_LINE, "…")
    _assert_shows(row[3], body or "(no reason given)", _LONGEST_BODY, "… continues in the commit")


def _assert_shows(cell: str, text: str, limit: int, rest: str) -> None:
    assert clean(cell) == cell
    if len(text) <= limit:
        assert _squeezed(cell) == _squeezed(text)
        return
    # A long body folds, where its first block is too long as a whole; and it may end all the same.
    shown, whole = _squeezed(cell.removesuffix(rest)), _squeezed(text)
    begun, _, again = shown.partition("…")
    assert whole.startswith(shown) or (whole.startswith(begun) and whole.startswith(again))
    assert cell.endswith(rest) or (limit == _LONGEST_BODY and shown.endswith(whole))
    assert len(cell) <= 2 * limit + _FOLDED + len(f"▸ More … {rest}")


def _as_git_reads(repo: Repo, commit: str) -> tuple[str, str]:
    """The author's name or else address, and the message; what is no UTF-8 is read as Latin-1."""
    raw = repo.run("log", "-1", "--encoding=UTF-8", "--format=%aN%x00%aE%x00%B", commit).stdout
    texts = []
    for part in raw.split(b"\0", 2):
        try:
            texts.append(part.decode())
        except UnicodeDecodeError:
            texts.append(part.decode("latin-1"))
    name, address, message = texts
    return (name if clean(name).strip() else address), message


def _squeezed(text: str) -> str:
    """Without white space, the markers of lists, quotes and code, and brackets around addresses."""
    bare = text.replace("\N{NO-BREAK SPACE}", "").replace("<http", "http")
    return _MARKERS.sub("", bare)
