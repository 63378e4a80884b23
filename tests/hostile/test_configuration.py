"""Hostile configuration files: refused with one sentence, or harmless."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from confluence_changelog.sandbox import LOG_ID, Sandbox
from hostile.corpus import GITHUB_TOKEN, LOG, PASSWORD
from hostile.running import Done, assert_harmless, assert_refused, call, run
from support.repositories import Repo

DEFAULTS = tomllib.loads(
    resources.files("confluence_changelog").joinpath("default.toml").read_text(encoding="utf-8")
)
VALUES = (
    *('""', '"x"', '"\\u202e\\u001b[31m\\n::error::x"', "0", "-1", "1.5", "nan", "true"),
    *("[]", '["x"]', "[1]", "[[]]", "[{}]", "{}", "{x = 1}", "2026-01-01", "07:00:00"),
    *("99999999999999999999", "9" * 4000, '"http://["', '"https://[{id}"', '"("', '"**/*"', '"!"'),
)


def _keys(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from _keys(value, (*path, key))


def _publish(
    repo: Repo, text: str | bytes, capsys: pytest.CaptureFixture[str], name: str = ""
) -> Done:
    file = repo.path / (name or "confluence-changelog.toml")
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return call(capsys, "publish", "--range", "HEAD", "--dry-run")


@pytest.mark.parametrize("key", list(_keys(DEFAULTS)), ids=".".join)
def test_values_of_every_kind(
    key: tuple[str, ...], sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong ones are refused; right ones that are strange do no harm."""
    sandbox.set_body(LOG_ID, LOG)
    for value in VALUES:
        done = _publish(repo, f"{'.'.join(key)} = {value}\n", capsys)
        assert_harmless(done.text)
        assert done.code in (0, 2, 3), (value, done)
        if done.code:
            assert_refused(done, done.code)


FILES: dict[str, bytes] = {
    "not-utf-8": b"\xff\xfe",
    "nul": b"a = \x00",
    "not-toml": b"\x1b[31m ::error::x",
    "deep-array": b"a = " + b"[" * 100_000 + b"]" * 100_000,
    "deep-table": b"a = " + b"{a = " * 100_000 + b"1" + b"}" * 100_000,
    "deep-key": b"a" + b".a" * 100_000 + b" = 1",
    "deep-section": b"[a" + b".a" * 3000 + b"]",
    "deep-scope": b"[scope" + b".a" * 3000 + b"]",
    "long-number": b"[row]\nbody_limit = " + b"9" * 100_000,
    "long-number-of-nothing": b"a = 0x" + b"f" * 100_000,
    "date-of-nothing": b"a = 2026-13-45",
    "5-mb": b"a = '" + b"x" * 5_000_000 + b"'",
    "5-mb-of-keys": b"".join(b"k%d = 1\n" % number for number in range(300_000)),
    "key-that-commands": b'"\\n::error::x\\u001b[31m\\u202e" = 1',
    "key-that-is-long": b"k" * 100_000 + b" = 1",
    "key-that-is-no-letter": '"\u0440\u0430ge" = 1'.encode(),
    "key-that-is-empty": b'"" = 1',
    "section-that-commands": b'["##vso[x]"]\na = 1',
    "key-that-is-secret": GITHUB_TOKEN.encode() + b" = 1",
    "value-that-is-secret": b"[page]\nurl = 'https://x:" + PASSWORD.encode() + b"@h.example.com'",
    "secret-in-a-list": b"[scope]\npaths = ['" + GITHUB_TOKEN.encode() + b"']",
    "secret-in-a-list-of-lists": b"[scope]\npaths = [['" + GITHUB_TOKEN.encode() + b"']]",
    "secret-of-a-column": b"[table.columns]\n" + GITHUB_TOKEN.encode() + b" = 'nothing'",
    "secret-of-a-field": b"[table.columns]\nDate = '" + GITHUB_TOKEN.encode() + b"'",
    "password": b"[page]\npassword = 'x'",
    "no-date": b"[table.columns]\nWho = 'author'",
    "column-of-mark-up": b"[table.columns]\n'<b>\\u202e::error::' = 'date'",
    "column-that-is-long": b"[table.columns]\n'" + b"x" * 100_000 + b"' = 'date'",
    "pattern": b"[scope]\nskip_subjects = ['(?P<x>', '*']",
    "pattern-that-repeats": b"[scope]\nskip_subjects = ['a{99999999999}']",
    "ticket-that-is-deep": b"[policy]\nticket = '" + b"(" * 5000 + b")" * 5000 + b"'",
    "forbidden-that-repeats": b"[policy]\nforbidden = ['a{99999999999}']",
    "pattern-that-is-deep": b"[scope]\nskip_subjects = ['" + b"(" * 5000 + b")" * 5000 + b"']",
    "branch": b"[scope]\nbranches = ['\\u001b[31m']",
    "branch-that-commands": b'[scope]\nbranches = ["::error::x\\n##vso[y]"]',
    "since": b"[scope]\nsince = '--output=x'",
    "since-that-commands": b'[scope]\nsince = "\\n::error::x"',
    "date-that-is-none": b"[scope]\nsince = '2026-01-01T99'",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_refused(
    name: str, sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, LOG)
    done = _publish(repo, FILES[name], capsys)
    assert_refused(done, 3 if name.startswith("column-") else 2)
    assert GITHUB_TOKEN not in done.text
    assert PASSWORD not in done.text
    assert not (repo.path / "x").exists()


PYPROJECTS = {
    "tool-is-no-table": "tool = 'confluence-changelog'",
    "tools-are-a-list": "[[tool]]\nconfluence-changelog = 1",
    "ours-is-no-table": "[tool]\nconfluence-changelog = 5",
    "not-toml": "[tool.confluence-changelog",
    "deep": "confluence-changelog = " + "[" * 100_000,
}


@pytest.mark.parametrize("name", PYPROJECTS)
def test_a_pyproject_is_refused_or_none_of_ours(
    name: str, sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, LOG)
    done = _publish(repo, PYPROJECTS[name], capsys, "pyproject.toml")
    assert_harmless(done.text)
    if name.startswith("tool"):
        assert done.code == 0, done
    else:
        assert_refused(done, 2)


def test_columns_of_mark_up_fit_a_table_with_such_headers(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = ('<script>"', "::error::", "\u202e##vso[x]")
    shown = "".join(f"<th>{text.replace('<', '&lt;')}</th>" for text in headers)
    sandbox.set_body(LOG_ID, f"<table><tr>{shown}</tr></table>")
    columns = "".join(
        f"'{text}' = '{field}'\n"
        for text, field in zip(headers, ("commit", "subject", "body"), strict=True)
    )
    done = _publish(repo, f"[table.columns]\n{columns}", capsys)
    assert done.code == 0, done
    assert_harmless(done.text)
    done = _publish(repo, f"[table]\nnumber = 1\ncolumns.'{headers[2]}' = 'date'\n", capsys)
    assert_harmless(done.text)


def test_skipped_commits_show_the_pattern_harmlessly(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, LOG)
    pattern = "Add|\\u001b[31m]|\\u202e|\\n::error::x|\\n##vso[y]"
    for format_ in ("text", "json"):
        (repo.path / "confluence-changelog.toml").write_text(
            f'[scope]\nskip_subjects = ["{pattern}"]\n', encoding="utf-8"
        )
        done = call(capsys, "publish", "--range", "HEAD", "--format", format_)
        assert done.code == 0
        assert "subject is left out" in done.out
        assert_harmless(done.text)


@pytest.mark.parametrize(
    "pattern",
    [
        "**/" * 30 + "x",
        "a/**/" * 12 + "x",
        "*a" * 20,
        "[" * 2000,
        "{a,b}" * 500,
        "\\",
        "a" * 50_000,
    ],
)
def test_patterns_of_paths_take_bounded_time(pattern: str, sandbox: Sandbox, repo: Repo) -> None:
    sandbox.set_body(LOG_ID, LOG)
    repo.commit({"/".join(["a"] * 60) + "/" + "a" * 100 + "y": "1"}, "Nest\n\nIt had to be deep.")
    (repo.path / "confluence-changelog.toml").write_text(
        f"[scope]\npaths = ['{pattern}', '*']\n", encoding="utf-8"
    )
    done = run("publish", "--range", "HEAD", folder=repo.path, environment={})
    assert_harmless(done.text)
    assert done.code in (0, 2), done


def test_a_configuration_elsewhere_shows_nothing_of_itself(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file of the repository may be a link to one that is nobody's business."""
    secret = tmp_path / "netrc"
    secret.write_text(f"machine h.example.com login x password {PASSWORD}\n", encoding="utf-8")
    (repo.path / "confluence-changelog.toml").symlink_to(secret)
    done = call(capsys, "publish", "--range", "HEAD")
    assert_refused(done, 2)
    assert PASSWORD not in done.text
