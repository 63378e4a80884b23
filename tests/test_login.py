"""`login`, `logout`, and being asked at a terminal: a real keyring, a real terminal, real HTTP."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from confluence_changelog import logins, spawn
from confluence_changelog.credentials import site_of
from confluence_changelog.login import is_token
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.repositories import Repo, RepoFactory
from support.tty import converse

TESTS = Path(__file__).resolve().parent
PAT = base64.b64encode(b"123456789012:" + bytes(range(200, 220))).decode()
terminal = pytest.mark.skipif(
    os.name == "nt", reason="Windows has no pseudo-terminals of this kind"
)


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of the keyring that children use."""
    use_ring(monkeypatch, "Kept")
    file = tmp_path / "ring.json"
    monkeypatch.setenv("RINGS_FILE", str(file))
    return file


def use_ring(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"support.rings.{name}")
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


@pytest.fixture
def repo(make_repo: RepoFactory) -> Repo:
    repo = make_repo()
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday.")
    return repo


def run(
    *arguments: str,
    stdin: str = "",
    folder: Path | None = None,
    environment: Mapping[str, str] = {},
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "confluence_changelog", *arguments],
        cwd=folder,
        env=os.environ | dict(environment),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def stored(ring: Path) -> dict[str, dict[str, str]]:
    """Return what the keyring holds, by service."""
    data = json.loads(ring.read_text(encoding="utf-8")) if ring.exists() else {}
    return {name.partition(" ")[0]: json.loads(text) for name, text in data.items()}


@pytest.mark.parametrize(
    ("user", "secret", "kind", "as_whom"),
    [
        ("", TOKEN, "a personal access token", ""),
        ("admin", "admin", "user and password", "admin"),
        ("admin", TOKEN, "a personal access token", ""),
        ("admin", PAT, "a personal access token", ""),
    ],
    ids=["token", "password", "token for a password", "token by its looks"],
)
def test_what_is_given_is_recognised(
    confluence_sandbox: Sandbox, ring: Path, user: str, secret: str, kind: str, as_whom: str
) -> None:
    confluence_sandbox.add_token(PAT)
    options = ["--user", user] if user else []
    done = run("login", confluence_sandbox.url, "--stdin", *options, stdin=f"{secret}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"Logged in to {confluence_sandbox.url} as Admin: {kind}, kept in a keyring for tests.\n"
    )
    site = site_of(confluence_sandbox.url)
    assert stored(ring) == {f"confluence-changelog:{site}": {"user": as_whom, "secret": secret}}
    assert logins.read() == [logins.StoredLogin(site)]


def test_what_looks_like_a_token_is_never_tried_as_a_password(
    confluence_sandbox: Sandbox, ring: Path
) -> None:
    confluence_sandbox.switch(captcha=1)
    done = run("login", confluence_sandbox.url, "--stdin", "--user", "admin", stdin=PAT)
    assert done.returncode == 3
    assert "Confluence did not accept the credentials" in done.stderr
    assert (
        run("login", confluence_sandbox.url, "--stdin", "--user", "admin", stdin="admin").returncode
        == 0
    )


@pytest.mark.confluence_sandbox(flavour="cloud")
def test_an_api_token_is_for_an_address(confluence_sandbox: Sandbox, ring: Path) -> None:
    user, secret = confluence_sandbox.credentials
    page = f"{confluence_sandbox.url}/spaces/OPS/pages/{LOG_ID}/Change+Log"
    done = run("login", page, "--stdin", "--user", user, stdin=secret)
    assert done.returncode == 0, done.stderr
    assert "e-mail address and API token, kept in a keyring for tests." in done.stdout
    assert list(stored(ring).values()) == [{"user": user, "secret": secret}]
    done = run("login", confluence_sandbox.url, "--stdin", stdin=secret)
    assert done.returncode == 3
    assert "for Cloud, your e-mail address and an API token" in done.stderr


@pytest.mark.confluence_sandbox(flavour="cloud")
def test_a_token_with_scopes_is_kept_with_its_gateway(
    confluence_sandbox: Sandbox, ring: Path, repo: Repo
) -> None:
    scopes = ("read:page:confluence", "write:page:confluence", "read:confluence-user")
    confluence_sandbox.add_token("scoped", "admin", *scopes)
    gateway = confluence_sandbox.gateway.removesuffix("/wiki")
    done = run(
        *("login", confluence_sandbox.url, "--stdin", "--user", "admin@example.com"),
        stdin="scoped",
        environment={"CONFLUENCE_GATEWAY": gateway},
    )
    assert done.returncode == 0, done.stderr
    (login,) = logins.read()
    assert login.gateway == gateway
    place = {"CONFLUENCE_URL": confluence_sandbox.url, "CONFLUENCE_PAGE": str(LOG_ID)}
    done = run("publish", "--range", "HEAD", folder=repo.path, environment=place)
    assert done.returncode == 0, done.stderr
    assert confluence_sandbox.requests()[-1]["path"].startswith("/ex/confluence/")


@pytest.mark.parametrize(
    ("switches", "secret", "says"),
    [
        ({}, "wrong", "did not accept the credentials"),
        (
            {"anonymous_access": True},
            "wrong",
            "ignored the credentials and took the request as anonymous",
        ),
        ({"log_in_page": "page"}, TOKEN, "Not Confluence's REST API but text/html answered"),
        ({"log_in_page": "redirect"}, TOKEN, "a redirect to login.example.org"),
        ({"log_in_page": "empty"}, TOKEN, "an empty answer"),
        ({}, "", "There is no secret in the first line of standard input."),
        ({}, "to\x07ken", "What was typed holds a line break or control character"),
    ],
)
def test_what_is_not_accepted_is_not_kept(
    confluence_sandbox: Sandbox, ring: Path, switches: dict[str, object], secret: str, says: str
) -> None:
    confluence_sandbox.switch(**switches)
    done = run("login", confluence_sandbox.url, "--stdin", stdin=secret)
    assert done.returncode in (2, 3)
    assert says in done.stderr
    assert (stored(ring), logins.read()) == ({}, [])
    assert "Traceback" not in done.stderr


def test_a_captcha_stops_it_at_once(confluence_sandbox: Sandbox, ring: Path) -> None:
    confluence_sandbox.switch(captcha=1)
    login = ("login", confluence_sandbox.url, "--stdin", "--user", "admin")
    run(*login, stdin="wrong one")
    confluence_sandbox.clear_requests()
    done = run(*login, stdin="admin")
    assert (done.returncode, stored(ring)) == (3, {})
    assert "Confluence wants a CAPTCHA" in done.stderr
    asked = [each["path"] for each in confluence_sandbox.requests()]
    assert asked == ["/_edge/tenant_info", "/rest/api/user/current"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Forgetful", "does not keep what is stored in it"),
        ("Locked", "The keyring could not be written (RuntimeError)"),
        ("Missing", "The keyring could not be written (AttributeError)"),
    ],
)
def test_a_keyring_that_does_not_work(
    confluence_sandbox: Sandbox, ring: Path, monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    use_ring(monkeypatch, name)
    done = run("login", confluence_sandbox.url, "--stdin", stdin=TOKEN)
    assert done.returncode == 2
    assert says in done.stderr
    assert "CONFLUENCE_CREDENTIAL_COMMAND or netrc instead" in done.stderr
    assert TOKEN not in done.stderr
    assert logins.read() == []


def test_no_keyring_at_all(confluence_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    done = run("login", confluence_sandbox.url, "--stdin", stdin=TOKEN)
    assert done.returncode == 2
    assert "This machine has no keyring that could be used" in done.stderr


def test_a_log_in_serves_the_site_that_a_configuration_names(
    confluence_sandbox: Sandbox, ring: Path, repo: Repo
) -> None:
    text = f'[page]\nurl = "{confluence_sandbox.url}"\nid = "{LOG_ID}"\n'
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")
    assert run("login", confluence_sandbox.url, "--stdin", stdin=TOKEN).returncode == 0
    done = run("publish", "--range", "HEAD", folder=repo.path)
    assert done.returncode == 0, done.stderr
    assert "Published 1 row" in done.stdout
    other = text.replace("127.0.0.1", "localhost")
    (repo.path / "confluence-changelog.toml").write_text(other, encoding="utf-8")
    confluence_sandbox.clear_requests()
    done = run("publish", "--range", "HEAD", folder=repo.path)
    assert done.returncode == 2
    assert "or of a stored log-in, not to localhost" in done.stderr
    assert confluence_sandbox.requests() == []


def test_hooks_publish_for_a_site_that_is_logged_in_to(
    confluence_sandbox: Sandbox, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    assert not spawn.is_wanted(environment)
    assert run("login", confluence_sandbox.url, "--stdin", stdin=TOKEN).returncode == 0
    url = confluence_sandbox.url
    assert spawn.is_wanted(environment)
    assert spawn.is_wanted(environment | {"CONFLUENCE_URL": f"{url}/"})
    assert not spawn.is_wanted(environment | {"CONFLUENCE_URL": f"{url}0"})
    assert not spawn.is_wanted(environment | {"CI": "true"})
    assert spawn.is_meant(f'[page]\nurl = "{url}"', environment)
    assert spawn.is_meant("", environment | {"CONFLUENCE_PAGE": f"{url}/x/AgAB"})
    assert not spawn.is_meant('[page]\nurl = "https://wiki.example.com"', environment)


def test_a_hook_loads_no_keyring(ring: Path, repo: Repo) -> None:
    logins.add(logins.StoredLogin("https://wiki.example.com"))
    text = '[page]\nurl = "https://wiki.example.com"\n'
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")
    code = (
        "import sys; from confluence_changelog import spawn; spawn.start = lambda *_: print('started')\n"
        "from confluence_changelog.cli.note import run_hook; run_hook('post-commit')\n"
        "print(*sorted(set(sys.modules) & {'keyring', 'requests', 'netrc', 'argparse'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repo.path,
        env=os.environ | {"CI": ""},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "started\n\n"


def test_logout_removes_both(confluence_sandbox: Sandbox, ring: Path) -> None:
    assert run("login", confluence_sandbox.url, "--stdin", stdin=TOKEN).returncode == 0
    done = run("logout")
    assert (done.returncode, stored(ring), logins.read()) == (0, {}, [])
    assert done.stdout == f"The log-in for {site_of(confluence_sandbox.url)} is removed.\n"
    done = run("logout", confluence_sandbox.url)
    assert (done.returncode, "There is no stored log-in" in done.stderr) == (2, True)


def test_logout_forgets_the_site_even_with_a_broken_keyring(
    confluence_sandbox: Sandbox, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("login", confluence_sandbox.url, "--stdin", stdin=TOKEN).returncode == 0
    use_ring(monkeypatch, "Locked")
    done = run("logout", confluence_sandbox.url)
    assert (done.returncode, "The keyring could not be written" in done.stderr) == (2, True)
    assert logins.read() == []


def test_which_log_in_to_remove_must_be_clear(ring: Path) -> None:
    assert "there is no log-in;" in run("logout").stderr
    for name in ("a", "b"):
        logins.add(logins.StoredLogin(f"https://{name}.example.com"))
    done = run("logout")
    assert done.returncode == 2
    assert "https://a.example.com, https://b.example.com" in done.stderr


def test_a_command_can_be_what_logs_in(
    confluence_sandbox: Sandbox, repo: Repo, tmp_path: Path, home: Path
) -> None:
    script = tmp_path / "secret.py"
    script.write_text(f"print('{TOKEN}')\n", encoding="utf-8")
    command = f'"{Path(sys.executable).as_posix()}" "{script.as_posix()}"'
    repo.git("config", "--global", "confluence-changelog.credentialCommand", command)
    done = run("login", confluence_sandbox.url, "--from", "command")
    assert done.returncode == 0, done.stderr
    assert "from the command of confluence-changelog.credentialCommand" in done.stdout
    page = f"{confluence_sandbox.url}/pages/viewpage.action?pageId={LOG_ID}"
    done = run("publish", "--range", "HEAD", "--page", page, folder=repo.path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("source", ["command", "netrc"])
def test_a_source_that_has_nothing(source: str, confluence_sandbox: Sandbox) -> None:
    done = run("login", confluence_sandbox.url, "--from", source)
    assert done.returncode == 2
    assert logins.read() == []
    assert confluence_sandbox.requests() == []


def test_nobody_is_asked_where_nobody_sits(
    ring: Path, confluence_sandbox: Sandbox, repo: Repo
) -> None:
    done = run("login", confluence_sandbox.url)
    assert (done.returncode, "Nobody can be asked" in done.stderr) == (2, True)
    done = run("login")
    assert (done.returncode, "address of Confluence is not known" in done.stderr) == (2, True)
    page = {"CONFLUENCE_URL": confluence_sandbox.url, "CONFLUENCE_PAGE": str(LOG_ID)}
    done = run("publish", "--range", "HEAD", folder=repo.path, environment=page)
    assert (done.returncode, "There are no credentials" in done.stderr) == (2, True)
    assert confluence_sandbox.requests() == []


@terminal
def test_login_asks_at_a_terminal(confluence_sandbox: Sandbox, ring: Path, tmp_path: Path) -> None:
    answers = [
        ("Address of Confluence", f"{confluence_sandbox.url}/x/AgAB"),
        ("User name", "admin"),
        ("Password: ", "admin"),
    ]
    done = converse(["login"], answers, folder=tmp_path, environment={})
    assert done.code == 0, done.shown
    assert "as Admin: user and password, kept in a keyring for tests." in done.shown
    assert list(stored(ring).values()) == [{"user": "admin", "secret": "admin"}]


@terminal
def test_a_secret_is_not_shown_while_it_is_typed(
    confluence_sandbox: Sandbox, ring: Path, tmp_path: Path
) -> None:
    answers = [("User name", ""), ("Personal access token: ", TOKEN)]
    done = converse(["login", confluence_sandbox.url], answers, folder=tmp_path, environment={})
    assert done.code == 0, done.shown
    assert TOKEN not in done.shown


@terminal
@pytest.mark.parametrize("answer", ["y", "n", ""])
def test_a_command_without_credentials_asks_once_and_offers_to_keep_them(
    confluence_sandbox: Sandbox, ring: Path, repo: Repo, answer: str
) -> None:
    page = {"CONFLUENCE_URL": confluence_sandbox.url, "CONFLUENCE_PAGE": str(LOG_ID)}
    answers = [
        ("User name", ""),
        ("Personal access token: ", TOKEN),
        ("in the keyring [y/N]: ", answer),
    ]
    done = converse(["publish", "--range", "HEAD"], answers, folder=repo.path, environment=page)
    assert done.code == 0, done.shown
    assert "Published 1 row" in done.shown
    assert bool(stored(ring)) == bool(logins.read()) == (answer == "y")


@terminal
def test_an_address_that_only_a_file_names_has_to_be_confirmed(
    confluence_sandbox: Sandbox, ring: Path, repo: Repo
) -> None:
    text = f'[page]\nurl = "{confluence_sandbox.url}"\nid = "{LOG_ID}"\n'
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")
    done = converse(
        ["publish", "--range", "HEAD"],
        [("Only if this is your Confluence [y/N]: ", "")],
        folder=repo.path,
        environment={"CONFLUENCE_TOKEN": TOKEN},
    )
    assert done.code == 2
    assert "Credentials are sent only to the host" in done.shown
    assert confluence_sandbox.requests() == []


@terminal
@pytest.mark.parametrize("where", [{"CI": "1"}, {"GIT_INDEX_FILE": "index"}, {"PRE_COMMIT": "1"}])
def test_nobody_is_asked_in_ci_or_in_a_hook(
    confluence_sandbox: Sandbox, repo: Repo, where: dict[str, str]
) -> None:
    page = {"CONFLUENCE_URL": confluence_sandbox.url, "CONFLUENCE_PAGE": str(LOG_ID)}
    arguments = ["publish", "--range", "HEAD"]
    done = converse(arguments, [], folder=repo.path, environment=page | where)
    assert (done.code, "There are no credentials" in done.shown) == (2, True), done.shown


@terminal
def test_the_publisher_that_hooks_start_asks_nobody(
    confluence_sandbox: Sandbox, repo: Repo
) -> None:
    repo.commit({"confluence-changelog.toml": ""}, "Configure\n\nIt has to be somewhere.")
    folder = repo.path / ".git" / "confluence-changelog" / "pending"
    folder.mkdir(parents=True)
    (folder / repo.rev_parse()).write_text("{}", encoding="utf-8")
    page = {"CONFLUENCE_URL": confluence_sandbox.url, "CONFLUENCE_PAGE": str(LOG_ID)}
    done = converse(["publish", "--pending", "--quiet"], [], folder=repo.path, environment=page)
    assert (done.code, "There are no credentials" in done.shown) == (2, True), done.shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("[]", []),
        ('{"logins": 3}', []),
        ('{"logins": [3, {"site": 3}, {"site": "https://a.example.com", "source": "file"}]}', []),
        (
            '{"logins": [{"site": "https://a.example.com", "source": "netrc", "more": 1}]}',
            [logins.StoredLogin("https://a.example.com", "netrc")],
        ),
    ],
)
def test_a_damaged_list_of_log_ins_is_read_as_far_as_it_goes(
    text: str, expected: list[logins.StoredLogin]
) -> None:
    folder = logins.folder()
    assert folder is not None
    folder.mkdir(parents=True)
    (folder / "logins.json").write_text(text, encoding="utf-8")
    assert logins.read() == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_list_of_log_ins_is_the_users_own() -> None:
    logins.add(logins.StoredLogin("https://a.example.com"))
    folder = logins.folder()
    assert folder is not None
    assert (folder / "logins.json").stat().st_mode & 0o077 == 0
    assert logins.read({}) == []


@pytest.mark.parametrize(
    "secret", ["admin", "12345678:abc", "", PAT[:-4], "ATATT3xFfGF0" * 8, "ü" * 44]
)
def test_what_is_no_token(secret: str) -> None:
    assert is_token(PAT)
    assert not is_token(secret)
