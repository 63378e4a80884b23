"""Credentials: where they come from, and where alone they are sent."""

import base64
import os
import sys
import time
from pathlib import Path
from traceback import format_exception

import pytest
import requests

from confluence_changelog import logins
from confluence_changelog.credentials import (
    Login,
    base_address,
    credentials_for,
    is_this_machine,
    ring,
    site_of,
)
from confluence_changelog.errors import KeyringError, NoCredentialsError, UsageError
from confluence_changelog.logins import Kept, StoredLogin
from support.repositories import RepoFactory

BASE = "https://wiki.example.com/confluence"


def header(environment: dict[str, str], base: str = BASE) -> str:
    auth = credentials_for(base, {"CONFLUENCE_URL": base, "HOME": os.environ["HOME"]} | environment)
    request = requests.Request("GET", base).prepare()
    return str(auth(request).headers["Authorization"])


def test_a_token_is_sent_as_bearer() -> None:
    assert header({"CONFLUENCE_TOKEN": " pat "}) == "Bearer pat"


def test_user_and_password_are_sent_in_utf8() -> None:
    sent = header({"CONFLUENCE_USER": "ada", "CONFLUENCE_PASSWORD": "pässwörd:€"})
    assert base64.b64decode(sent.removeprefix("Basic ")).decode() == "ada:pässwörd:€"


def test_a_token_comes_before_a_password() -> None:
    both = {"CONFLUENCE_TOKEN": "t", "CONFLUENCE_USER": "u", "CONFLUENCE_PASSWORD": "p"}
    assert header(both) == "Bearer t"


@pytest.mark.parametrize(
    "environment",
    [{}, {"CONFLUENCE_USER": "ada"}, {"CONFLUENCE_PASSWORD": "x"}, {"CONFLUENCE_TOKEN": " "}],
)
def test_none_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"There are no credentials for wiki\.example\.com"):
        header(environment)


@pytest.mark.parametrize(
    "trusted",
    [
        "",
        "https://other.example.com/confluence",
        "http://wiki.example.com/confluence",
        "https://wiki.example.com:8443/confluence",
        "https://wiki.example.com.evil.example.org",
        "https://wiki.example.com@evil.example.org",
        "https://wiki.example.com:notaport",
        "wiki.example.com",
    ],
)
def test_they_go_to_the_host_of_the_environment_only(trusted: str) -> None:
    environment = {"CONFLUENCE_URL": trusted, "CONFLUENCE_TOKEN": "s3cr3t"}
    with pytest.raises(UsageError) as error:
        credentials_for(BASE, environment)
    assert "sent only to the host of CONFLUENCE_URL" in str(error.value)
    assert "s3cr3t" not in str(error.value)


@pytest.mark.parametrize(
    "trusted",
    ["https://wiki.example.com", "https://WIKI.example.com:443/", "https://wiki.example.com/other"],
)
def test_the_same_host_is_the_same_whatever_the_path(trusted: str) -> None:
    assert credentials_for(BASE, {"CONFLUENCE_URL": trusted, "CONFLUENCE_TOKEN": "t"})


def test_plain_http_is_for_this_machine() -> None:
    base = "http://wiki.example.com"
    with pytest.raises(UsageError, match="not https"):
        header({"CONFLUENCE_TOKEN": "t"}, base)
    assert header({"CONFLUENCE_TOKEN": "t", "CONFLUENCE_ALLOW_HTTP": "1"}, base) == "Bearer t"
    assert header({"CONFLUENCE_TOKEN": "t"}, "http://127.0.0.1:8090") == "Bearer t"


@pytest.mark.parametrize("host", ["localhost", "wiki.localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "192.0.2.1", "localhost.example.com", "2001:db8::1", "local"])
def test_other_machines(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("name", ["CONFLUENCE_TOKEN", "CONFLUENCE_USER"])
def test_a_line_break_cannot_make_a_header(name: str) -> None:
    environment = {"CONFLUENCE_USER": "u", "CONFLUENCE_PASSWORD": "p", name: "a\r\nX-Evil: 1"}
    with pytest.raises(UsageError, match=name):
        header(environment)


@pytest.mark.parametrize(
    ("address", "base"),
    [
        (" https://wiki.example.com/ ", "https://wiki.example.com"),
        ("https://wiki.example.com/confluence//", "https://wiki.example.com/confluence"),
        ("http://127.0.0.1:8090?x=1#y", "http://127.0.0.1:8090"),
    ],
)
def test_base_address(address: str, base: str) -> None:
    assert base_address(address) == base


@pytest.mark.parametrize(
    "address", ["wiki.example.com", "ftp://wiki.example.com", "https://", "", "https://u:s3@h"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UsageError) as error:
        base_address(address)
    assert "s3" not in str(error.value)


SITE = "https://wiki.example.com"
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")


def command(tmp_path: Path, code: str) -> str:
    """Return a command that runs Python code."""
    script = tmp_path / "secret.py"
    script.write_text(code, encoding="utf-8")
    return f'"{Path(sys.executable).as_posix()}" "{script.as_posix()}"'


def netrc(folder: Path, text: str = "", mode: int = 0o600) -> str:
    file = folder / "netrc"
    file.write_text(
        text or "machine wiki.example.com login ada password from-netrc\n", encoding="utf-8"
    )
    file.chmod(mode)
    return str(file)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Login]:
    """Return what the keyring holds; the real one is for test_login."""
    held = {SITE: Login("ada", "from-keyring")}
    monkeypatch.setattr(ring, "read", held.get)
    return held


def pair(sent: str) -> str:
    return base64.b64decode(sent.removeprefix("Basic ")).decode()


def test_the_order_of_the_sources(tmp_path: Path, kept: dict[str, Login]) -> None:
    logins.add(StoredLogin(SITE))
    everything = {
        "CONFLUENCE_TOKEN": "from-token",
        "CONFLUENCE_PASSWORD": "from-password",
        "CONFLUENCE_USER": "ada",
        "CONFLUENCE_CREDENTIAL_COMMAND": command(tmp_path, "print('from-command')"),
        "NETRC": netrc(tmp_path),
        "XDG_CONFIG_HOME": os.environ["XDG_CONFIG_HOME"],
        "APPDATA": os.environ["APPDATA"],
    }
    assert header(everything) == "Bearer from-token"
    del everything["CONFLUENCE_TOKEN"]
    assert pair(header(everything)) == "ada:from-password"
    del everything["CONFLUENCE_PASSWORD"]
    assert pair(header(everything)) == "ada:from-command"
    del everything["CONFLUENCE_USER"]
    assert header(everything) == "Bearer from-command"
    del everything["CONFLUENCE_CREDENTIAL_COMMAND"]
    assert pair(header(everything)) == "ada:from-keyring"
    logins.remove(SITE)
    assert pair(header(everything)) == "ada:from-netrc"


@pytest.mark.parametrize("source", ["keyring", "command", "netrc"])
def test_a_stored_log_in_serves_its_own_origin_only(
    source: Kept, tmp_path: Path, kept: dict[str, Login], monkeypatch: pytest.MonkeyPatch
) -> None:
    logins.add(StoredLogin(SITE, source))
    monkeypatch.setenv("CONFLUENCE_CREDENTIAL_COMMAND", command(tmp_path, "print('x')"))
    monkeypatch.setenv("NETRC", netrc(tmp_path))
    assert credentials_for(BASE)
    assert credentials_for("https://WIKI.example.com:443")
    for other in ("https://wiki.example.com:8443", "https://wiki.example.com.evil.example.org"):
        with pytest.raises(NoCredentialsError, match="or of a stored log-in, not to"):
            credentials_for(other)
    with pytest.raises(UsageError):
        credentials_for("http://wiki.example.com")


def test_what_names_no_host_does_not_serve_a_log_in_of_another_kind(
    tmp_path: Path, kept: dict[str, Login], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The secret of the environment or a command is for CONFLUENCE_URL."""
    kept.clear()
    logins.add(StoredLogin(SITE, "keyring"))
    monkeypatch.setenv("CONFLUENCE_TOKEN", "for-another-host")
    monkeypatch.setenv("CONFLUENCE_CREDENTIAL_COMMAND", command(tmp_path, "print('for-another')"))
    with pytest.raises(NoCredentialsError, match="There are no credentials for wiki"):
        credentials_for(BASE)


def test_a_command_of_the_users_git_configuration(
    make_repo: RepoFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo()
    monkeypatch.chdir(repo.path)
    ours = command(tmp_path, "print('token'); print('and more')")
    repo.git("config", "--local", "confluence-changelog.credentialCommand", ours)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "confluence-changelog.credentialCommand")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", ours)
    with pytest.raises(NoCredentialsError):
        header({})
    repo.git("config", "--global", "confluence-changelog.credentialCommand", ours)
    assert header({}) == "Bearer token"
    repo.git("config", "--global", "confluence-changelog.user", "ada")
    assert pair(header({})) == "ada:token"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import sys; print('s3cr3t'); print('s3cr3t', file=sys.stderr); sys.exit(3)", "status 3"),
        ("", "gave nothing in the first line"),
        ("print(); print('s3cr3t')", "gave nothing in the first line"),
        ("print('s3cr3t\\x07')", "gives holds a line break or control character"),
        ("print('s3cr3t' + chr(228))", "is in no token"),
    ],
)
def test_a_command_that_fails(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], code: str, says: str
) -> None:
    line = command(tmp_path, f"import sys; sys.stdout.reconfigure(encoding='utf-8')\n{code}")
    with pytest.raises(UsageError, match=says) as error:
        header({"CONFLUENCE_CREDENTIAL_COMMAND": line})
    assert "CONFLUENCE_CREDENTIAL_COMMAND" in str(error.value)
    assert "s3cr3t" not in "".join(format_exception(error.value))
    assert capfd.readouterr() == ("", "")


def test_a_command_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confluence_changelog.credentials.command.SECONDS", 0.2)
    line = command(tmp_path, "import sys, time; print('s3cr3t', flush=True); time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(UsageError, match=r"gave nothing within 0\.2 seconds"):
        header({"CONFLUENCE_CREDENTIAL_COMMAND": line})
    assert time.monotonic() - began < 50


@pytest.mark.parametrize("line", ["no-such-program-anywhere", "'unclosed", "./secret", '"" x'])
def test_a_command_that_is_none(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of the present folder is none: a repository could bring it."""
    (tmp_path / "secret").write_text("#!/bin/sh\necho token\n", encoding="utf-8")
    (tmp_path / "secret").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UsageError, match="cannot be run") as error:
        header({"CONFLUENCE_CREDENTIAL_COMMAND": line})
    assert line not in str(error.value)


def test_a_command_runs_without_a_shell_and_away_from_the_repository(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; print(os.path.basename(os.getcwd()) + '+' + '+'.join(sys.argv[1:]))"
    line = f"{command(tmp_path, code)} $HOME ; echo '*'"
    assert header({"CONFLUENCE_CREDENTIAL_COMMAND": line}).endswith("+$HOME+;+echo+*")
    assert home.name in header({"CONFLUENCE_CREDENTIAL_COMMAND": line})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("machine wiki.example.com login ada password pw", "ada:pw"),
        ("machine WIKI.Example.com login ada password pw", "ada:pw"),
        (
            "machine a.example.com login x password y\nmachine wiki.example.com login ada password pw",
            "ada:pw",
        ),
    ],
)
def test_netrc(tmp_path: Path, text: str, expected: str) -> None:
    assert pair(header({"NETRC": netrc(tmp_path, text)})) == expected


def test_a_netrc_entry_without_a_log_in_is_a_token(tmp_path: Path, home: Path) -> None:
    assert (
        header({"NETRC": netrc(tmp_path, "machine wiki.example.com password pat")}) == "Bearer pat"
    )
    Path(netrc(home, "machine wiki.example.com password pat")).rename(home / ".netrc")
    assert header({"USERPROFILE": str(home)}) == "Bearer pat"


@pytest.mark.parametrize(
    "text", ["default login ada password pw", "machine example.com login ada password pw", " "]
)
def test_netrc_that_has_nothing_for_the_host(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoCredentialsError):
        header({"NETRC": netrc(tmp_path, text)})


@pytest.mark.parametrize(
    "text", ["machine wiki.example.com login ada s3cr3t pw", "s3cr3t", "\udcff"]
)
def test_netrc_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    file = Path(netrc(tmp_path))
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match="netrc") as error:
        header({"NETRC": str(file)})
    assert "s3cr3t" not in "".join(format_exception(error.value))
    with pytest.raises(UsageError, match="correct NETRC, or unset it"):
        header({"NETRC": str(tmp_path / "none")})


@POSIX
def test_netrc_that_others_may_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="chmod 600"):
        header({"NETRC": netrc(tmp_path, mode=0o640)})
    with pytest.raises(NoCredentialsError):
        header({"NETRC": netrc(tmp_path, "machine other.example.com password x", 0o640)})


def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    logins.add(StoredLogin(SITE))
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyringError, match="The package keyring is not installed"):
        credentials_for(BASE)


def test_credentials_show_nothing_of_themselves() -> None:
    auth = credentials_for(BASE, {"CONFLUENCE_URL": BASE, "CONFLUENCE_TOKEN": "s3cr3t"})
    for each in (auth, Login("ada", "s3cr3t")):
        assert "s3cr3t" not in f"{each} {each!r}"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://Wiki.example.com:443/confluence?x", "https://wiki.example.com"),
        ("http://127.0.0.1:8090/", "http://127.0.0.1:8090"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_site_of_an_address(address: str, site: str) -> None:
    assert site_of(address) == site
