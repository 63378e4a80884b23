"""Secrets of the keyring, netrc, a command, and fingers at a terminal stay there, whatever fails."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from confluence_changelog import logins
from hostile.listening import Answer, Listening, http, raw
from hostile.running import SECONDS, assert_harmless, assert_refused, run
from hostile.secrets import PASSWORD, TOKEN, USER, Place, assert_nowhere, command_lines, echo
from support.rings import Kept
from support.tty import converse

TESTS = Path(__file__).resolve().parents[1]
Source = Callable[[str, Path], Mapping[str, str]]


def keyring(url: str, vault: Path) -> dict[str, str]:
    logins.add(logins.StoredLogin(url, "keyring"))
    ring = {"RINGS_FILE": str(vault / "ring.json"), "PYTHONPATH": str(TESTS)}
    os.environ.update(ring)  # pytest's monkeypatch takes it back: see the fixture
    Kept().set_password(
        f"confluence-changelog:{url}", "login", f'{{"user": "", "secret": "{TOKEN}"}}'
    )
    return {**ring, "PYTHON_KEYRING_BACKEND": "support.rings.Kept"}


def netrc(url: str, vault: Path) -> dict[str, str]:
    file = vault / "netrc"
    file.write_text(f"machine 127.0.0.1 password {TOKEN}\n", encoding="utf-8")
    file.chmod(0o600)
    return {"NETRC": str(file)}


def command(url: str, vault: Path) -> dict[str, str]:
    script = vault / "secret.py"
    script.write_text(
        f"import sys\nsys.stdout.reconfigure(encoding='utf-8')\nprint({TOKEN!r})\n"
        f"print({PASSWORD!r})\nprint({PASSWORD!r}.encode('ascii', 'replace'), file=sys.stderr)\n",
        encoding="utf-8",
    )
    line = f'"{Path(sys.executable).as_posix()}" "{script.as_posix()}"'
    return {"CONFLUENCE_CREDENTIAL_COMMAND": line}


SOURCES: dict[str, Source] = {"keyring": keyring, "netrc": netrc, "command": command}
ANSWERS: dict[str, Answer] = {
    "401": echo("401 x", "application/json; padded"),
    "403": echo("403 x", "text/html"),
    "500": echo("500 x", "application/json"),
    "redirect": echo("302 x", "text/html"),
    "no JSON": raw(http(b"{")),
}
COMMANDS = {
    "publish": ("publish", "--range", "HEAD"),
    "audit": ("audit",),
    "doctor": ("doctor", "--format", "json"),
}


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where the secrets are, the only one that is not searched for them."""
    for name in ("RINGS_FILE", "PYTHONPATH"):
        monkeypatch.setenv(name, "")
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("source", SOURCES)
def test_failures(source: str, name: str, vault: Path, place: Place) -> None:
    for answer in ANSWERS.values():
        with Listening(answer) as server:
            environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
            environment |= SOURCES[source](server.url, vault)
            done = run(*COMMANDS[name], folder=place.repo.path, environment=environment)
        assert any(TOKEN.encode() in request for request in server.requests)
        assert done.code == 3, done
        assert_harmless(done.text)
        assert_nowhere(done.text)
    assert_nowhere(place.repo.path, place.home, place.temporary)


@pytest.mark.parametrize("python", [(), ("-X", "dev"), ("-v",)], ids=["plain", "dev", "verbose"])
@pytest.mark.parametrize("source", SOURCES)
def test_while_it_waits(source: str, python: tuple[str, ...], vault: Path, place: Place) -> None:
    """The server never answers; meanwhile anybody may look at the processes."""
    with Listening(lambda _request, connection: connection.recv(1)) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
        environment |= place.environment | SOURCES[source](server.url, vault)
        output = place.temporary / "output"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *python, "-m", "confluence_changelog", *COMMANDS["publish"]],
                cwd=place.repo.path,
                env=os.environ | environment,
                stdout=file,
                stderr=file,
            )
            assert server.asked.wait(SECONDS)
            assert_nowhere(*command_lines())
            process.kill()
            process.wait(SECONDS)
    assert_nowhere(output.read_bytes(), place.repo.path, place.home, place.temporary)


@pytest.mark.parametrize("source", SOURCES)
def test_they_go_to_no_other_host(source: str, vault: Path, place: Place) -> None:
    configuration = place.repo.path / "confluence-changelog.toml"
    with Listening(raw(http(b"{}"))) as other, Listening(raw(http(b"{}"))) as server:
        environment = {"CONFLUENCE_PAGE": "65538"} | dict(SOURCES[source](server.url, vault))
        for options, named in (
            (("--url", other.url), server.url),
            ((), ""),
            (("--page", f"{other.url}/x/AgAB"), ""),
        ):
            configuration.write_text(f'[page]\nurl = "{other.url}"\n', encoding="utf-8")
            mine = environment | ({"CONFLUENCE_URL": named} if named else {})
            done = run(*COMMANDS["publish"], *options, folder=place.repo.path, environment=mine)
            assert_refused(done, 2)
            assert "Credentials are sent only to" in done.err
    assert other.requests == server.requests == []


@pytest.mark.parametrize(
    "broken",
    [
        {"PYTHON_KEYRING_BACKEND": "support.rings.Locked", "SAID_BY_KEYRING": TOKEN},
        {"PYTHON_KEYRING_BACKEND": "support.rings.Missing"},
        {"PYTHON_KEYRING_BACKEND": "support.missing.Kept"},
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    ],
)
def test_a_keyring_that_is_broken_is_one_sentence(
    broken: dict[str, str], vault: Path, place: Place
) -> None:
    with Listening(raw(http(b"{}"))) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"}
        environment |= dict(keyring(server.url, vault)) | broken
        done = run(*COMMANDS["publish"], folder=place.repo.path, environment=environment)
    assert_refused(done, 2)
    assert_nowhere(done.text)
    assert "keyring" in done.err
    assert server.requests == []


@pytest.mark.parametrize("options", [(), ("--user", USER)], ids=["token", "password"])
def test_log_ins_that_fail(options: tuple[str, ...], vault: Path, place: Place) -> None:
    secret = PASSWORD if options else TOKEN
    for answer in ANSWERS.values():
        with Listening(answer) as server:
            environment = keyring(server.url, vault) | place.environment
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "confluence_changelog",
                    "login",
                    server.url,
                    "--stdin",
                    *options,
                ],
                cwd=place.repo.path,
                env=os.environ | environment,
                input=secret.encode(),
                capture_output=True,
                check=False,
                timeout=SECONDS,
            )
        assert done.returncode == 3, done
        assert_harmless(done.stderr.decode())
        assert_nowhere(done.stdout, done.stderr)
    assert_nowhere(place.repo.path, place.home, place.temporary)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_what_is_typed_is_not_shown(vault: Path, place: Place) -> None:
    with Listening(ANSWERS["401"]) as server:
        environment = {"CONFLUENCE_URL": server.url, "CONFLUENCE_PAGE": "65538"} | place.environment
        answers = [("User name", USER), ("Password: ", PASSWORD)]
        done = converse(
            COMMANDS["publish"], answers, folder=place.repo.path, environment=environment
        )
    assert (done.code, "did not accept the credentials" in done.shown) == (3, True)
    assert_nowhere(done.shown, place.repo.path, place.home, place.temporary)


def test_hooks_ask_no_source(vault: Path, place: Place) -> None:
    """What every commit runs neither starts the command nor opens the keyring."""
    touched = vault / "touched"
    script = vault / "secret.py"
    script.write_text(f"open({str(touched)!r}, 'w').close()", encoding="utf-8")
    (place.repo.path / "MESSAGE").write_text(
        "Move it\n\nThe old place is full.\n", encoding="utf-8"
    )
    line = f'"{Path(sys.executable).as_posix()}" "{script.as_posix()}"'
    environment = {
        "CONFLUENCE_URL": "https://wiki.example.com",
        "CONFLUENCE_CREDENTIAL_COMMAND": line,
        "CI": "",
    }
    with Listening(raw(http(b"{}"))):
        for arguments in (("check", "MESSAGE"), ("status",), ("check", "--range", "HEAD")):
            done = run(*arguments, folder=place.repo.path, environment=environment)
            assert done.code == 0, done
    assert not touched.exists()
