"""Hostile message files through `check` and `prepare`, and messages that are very large."""

import json

import pytest

from confluence_changelog.sandbox import LOG_ID, Sandbox
from hostile.corpus import LEAKED, MESSAGES, TEXTS
from hostile.judging import our_rows, parse
from hostile.running import Done, assert_harmless, call, run
from support.repositories import Repo

FILES = MESSAGES | {f"text-{name}": text for name, text in TEXTS.items()}
LARGE = {
    "subject": b"x" * 10_000_000 + b"\n\nBecause of y.",
    "line": b"Change x\n\n" + b"word " * 2_000_000,
    "lines": b"Change x\n\n" + b"a line\n" * 1_400_000,
    "empty-words": b"fix " * 2_500_000,
    "quotes": b"Change x\n\n" + b"> " * 5_000_000,
    "trailers": b"Change x\n\n" + b"A: b\n" * 300_000,
    "comments": b"Change x\n\n" + b"# c\n" * 1_000_000,
    "colons": b"Change x\n\n" + b"://a:" * 1_000_000,
    "dashes": b"Change x\n\n" + b"-----BEGIN PRIVATE KEY----- " * 300_000,
    "header": b"Change x\n\n" + b"authorization: basic " * 300_000,
    "dots": b"Change x\n\n" + b"eyJaaaaaaaa." * 500_000,
}
"""Shapes on which expressions could take more than linear time."""


@pytest.fixture(autouse=True)
def _configured(repo: Repo) -> None:
    (repo.path / "confluence-changelog.toml").touch()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_message_file_is_judged(
    name: str, form: str, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    text = FILES[name]
    file = repo.path / "MESSAGE"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = call(capsys, "check", str(file), "--format", form)
    assert done.code in (0, 1), done
    assert_harmless(done.text)
    for secret in LEAKED:
        assert secret not in done.text
    if form == "json" and done.out:
        json.loads(done.out)


def test_the_name_of_a_file_is_harmless(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    file = repo.path / "a\x1b[31m\n::error::b\u202e##vso[x]"
    try:
        file.write_text("fix", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    for form in ("text", "json"):
        done = call(capsys, "check", str(file), "--format", form)
        assert done.code == 1
        assert_harmless(done.text)
    done = call(capsys, "check", str(file) + "x")
    assert done.code == 2
    assert_harmless(done.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_ten_megabytes_are_judged_and_published(name: str, sandbox: Sandbox, repo: Repo) -> None:
    (repo.path / "confluence-changelog.toml").write_text("[table]\nnumber = 2\n", encoding="utf-8")
    repo.commit({}, LARGE[name])
    (repo.path / "MESSAGE").write_bytes(LARGE[name])
    done = run("check", "MESSAGE", folder=repo.path, environment={})
    _assert_short(done, (0, 1))
    done = run("publish", "--commit", "HEAD", folder=repo.path, environment={})
    _assert_short(done, (0,))
    assert len(our_rows(parse(sandbox.page(LOG_ID).storage))[repo.rev_parse()]) == 1


def _assert_short(done: Done, codes: tuple[int, ...]) -> None:
    assert done.code in codes, done.err[-1000:]
    assert_harmless(done.text)
    assert len(done.text) < 10_000
