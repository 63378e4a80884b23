"""A company's certificate authority and its proxy: real TLS, a real tunnel."""

import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from confluence_changelog.confluence.connect import connect
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.session import proxy_of
from confluence_changelog.confluence.transport import Transport
from confluence_changelog.credentials import BearerAuth
from confluence_changelog.errors import UnreachableError
from support.answering import Answering
from support.proxying import Proxying

USER = {"type": "known", "username": "ada", "displayName": "Ada Example"}


@pytest.fixture(scope="module")
def company() -> trustme.CA:
    return trustme.CA(organization_name="Example Company")


@pytest.fixture
def authority(company: trustme.CA, tmp_path: Path) -> Path:
    """Return the file with the company's certificate."""
    file = tmp_path / "company.pem"
    company.cert_pem.write_to_path(file)
    return file


@pytest.fixture
def server(company: trustme.CA) -> Iterator[Answering]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("127.0.0.1", "wiki.example.com").configure_cert(context)
    with Answering(context) as running:
        running.will(200, USER)
        yield running


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
    for name in (*names, *map(str.lower, names), "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def whoami(base: str) -> str:
    with connect(base, BearerAuth("a-token"), Deadline(20), flavour="data-center") as client:
        return client.user().name


def test_a_certificate_of_nobody_is_refused_at_once(server: Answering) -> None:
    with pytest.raises(UnreachableError) as error:
        whoami(server.base)
    assert "its TLS certificate is not trusted: set REQUESTS_CA_BUNDLE" in str(error.value)
    assert server.base in str(error.value)
    assert server.asked == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_file_that_the_environment_names_is_trusted(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(authority))
    assert whoami(server.base) == "Ada Example"


def test_the_first_of_them_wins(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(stranger)
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
    with pytest.raises(UnreachableError):
        whoami(server.base)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    assert whoami(server.base) == "Ada Example"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_file_that_is_not_there_is_named(
    server: Answering, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "none.pem"))
    with pytest.raises(UnreachableError, match=name):
        whoami(server.base)


@pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="its store is not to be changed by a test"
)
@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl names certificates by their hash")
def test_what_the_system_trusts_is_trusted(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """OpenSSL takes the system's store from the folder that SSL_CERT_DIR names."""
    ask = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(authority)]
    name = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    store = tmp_path / "store"
    store.mkdir()
    shutil.copy(authority, store / f"{name}.0")
    monkeypatch.setenv("SSL_CERT_DIR", str(store))
    assert whoami(server.base) == "Ada Example"


def test_a_certificate_for_another_host_is_refused(
    company: trustme.CA, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("other.example.com").configure_cert(context)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    with Answering(context) as server:
        with pytest.raises(UnreachableError, match="not trusted"):
            whoami(server.base)
        assert server.asked == []


def test_a_proxy_is_gone_through(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    with Proxying() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        assert whoami(server.base) == "Ada Example"
    assert [asked.split(" ")[1] for asked in proxy.asked] == [f"127.0.0.1:{server.port}"]
    assert "a-token" not in "".join(proxy.headers)


def test_a_host_that_needs_no_proxy(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Proxying() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        assert whoami(server.base) == "Ada Example"
    assert proxy.asked == []


def test_plain_http_to_this_machine_goes_through_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is allowed because nobody is on the way; a proxy would be, and would read the token."""
    with Answering() as here, Proxying() as proxy:
        here.will(200, USER)
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        assert whoami(here.base) == "Ada Example"
        transport = Transport(here.base, BearerAuth("a-token"), Deadline(20))
        transport.touch("/pages")
        transport.close()
        assert here.paths() == ["GET /rest/api/user/current", "GET /pages"]
        assert proxy_of(here.base) is None
        assert proxy_of("http://wiki.example.com") == f"http://{proxy.address}"
    assert proxy.asked == []


def test_a_proxy_with_a_log_in(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    with Proxying("ada:a-password") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        with (
            pytest.raises(UnreachableError, match="check HTTPS_PROXY and NO_PROXY") as error,
            connect(server.base, BearerAuth("x"), Deadline(0.1), flavour="data-center") as client,
        ):
            client.user()
        assert server.asked == []
        assert "a-password" not in str(error.value)
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:a-password@{proxy.address}")
        assert whoami(server.base) == "Ada Example"


def test_a_netrc_file_speaks_to_nobody(
    server: Answering, authority: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``requests`` would send what it finds there, to the site and wherever else a request goes."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login eve password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    server.answers.clear()
    server.will(404)
    server.will(200, USER)
    with connect(server.base, BearerAuth("a-token"), Deadline(20)) as client:
        assert client.flavour == "data-center"
        assert client.user().known
    sent = [asked.headers.get("Authorization") for asked in server.asked]
    assert sent == [None, "Bearer a-token"]
