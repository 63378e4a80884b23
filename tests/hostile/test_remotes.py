"""Hostile addresses of the remote: never shown, never run, never a link of another kind."""

import re
from urllib.parse import urlsplit

import pytest

from confluence_changelog.sandbox import LOG_ID, Sandbox
from hostile.corpus import GITHUB_TOKEN, PASSWORD, REMOTES
from hostile.judging import ROW, names, our_rows, parse
from hostile.running import assert_harmless, assert_refused, call
from support.repositories import Repo

_ROW = ROW | {"{urn:ac}structured-macro", "{urn:ac}parameter"}


def _set(repo: Repo, address: str) -> None:
    """Write it as an attacker would who can write the file."""
    quoted = address.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    with (repo.path / ".git" / "config").open("a", encoding="utf-8", newline="\n") as file:
        file.write(f'[remote "origin"]\n\turl = "{quoted}"\n')


@pytest.mark.parametrize("name", REMOTES)
def test_a_remote_gives_a_plain_link_or_none(
    name: str, sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.git("remote", "remove", "origin")
    _set(repo, REMOTES[name])
    (repo.path / "confluence-changelog.toml").write_text("[table]\nnumber = 2\n", encoding="utf-8")
    for options in (("--dry-run",), ("--format", "json"), ()):
        done = call(capsys, "publish", "--range", "HEAD", *options)
        assert done.code == 0, done
        assert_harmless(done.text)
        assert PASSWORD not in done.text
    (row,) = our_rows(parse(sandbox.page(LOG_ID).storage))[repo.rev_parse()]
    assert names(row) <= _ROW
    for link in row.iter("a"):
        address = link.get("href")
        assert re.fullmatch(r"https?://[!-~]+", address)
        assert "@" not in urlsplit(address).netloc
        assert not set(address) & set("<>\"'")
    for secret in (PASSWORD, GITHUB_TOKEN):
        assert secret not in sandbox.page(LOG_ID).storage
        assert secret not in done.text
    assert not (repo.path / "owned").exists()


@pytest.mark.parametrize("name", REMOTES)
def test_a_remote_that_is_asked_is_not_shown(
    name: str, sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """The clone does not know the default branch, so that Git asks the remote, in vain."""
    repo.git("update-ref", "refs/remotes/origin/other", "HEAD")
    repo.git("remote", "remove", "origin")
    repo.git("update-ref", "refs/remotes/origin/other", "HEAD")
    address = (
        REMOTES[name].replace("github.com", "127.0.0.1:9").replace("gitlab.com", "127.0.0.1:9")
    )
    _set(
        repo, address.replace("git.example.com", "127.0.0.1:9").replace("evil.example.com", "[::1]")
    )
    done = call(capsys, "publish", "--range", "HEAD")
    assert_refused(done)
    assert PASSWORD not in done.text
    assert GITHUB_TOKEN not in done.text
    assert not (repo.path / "owned").exists()


@pytest.mark.parametrize(
    "address",
    [
        f"https://x:{PASSWORD}@127.0.0.1:1/",
        f"user:{PASSWORD}@wiki.example.com",
        f"htps://user:{PASSWORD}@wiki.example.com/x",
        f"https://user:{PASSWORD}@[::1",
        f"https:/user:{PASSWORD}@wiki.example.com",
        f"https://wiki.example.com:99999999/?token={PASSWORD}",
        "https://[::1",
        "https://" + "a" * 300 + ".example.com",
        "https://.example.com",
        "https://ex\u202eample.com\n::error::x",
        "https://\x1b[31m/",
        "javascript:alert(1)",
        "https://wiki.example.com:port/",
    ],
)
@pytest.mark.parametrize("variable", ["CONFLUENCE_URL", "CONFLUENCE_PAGE", "--url", "--page"])
def test_an_address_of_confluence(
    address: str,
    variable: str,
    sandbox: Sandbox,
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    options = [variable, address] if variable.startswith("-") else []
    if not options:
        monkeypatch.setenv(variable, address)
    (repo.path / "confluence-changelog.toml").write_text("[page]\ndeadline = 1\n", encoding="utf-8")
    done = call(capsys, "publish", "--range", "HEAD", *options)
    assert_refused(done, done.code)
    assert done.code in (2, 3)
    assert PASSWORD not in done.text
    assert sandbox.requests() == []
