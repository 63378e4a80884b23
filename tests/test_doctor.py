"""`doctor`: each of its lines, provoked over real HTTP on both kinds of Confluence."""

import json
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import trustme

from confluence_changelog import notes
from confluence_changelog.cli import main
from confluence_changelog.git import open_repository
from confluence_changelog.hooks import native
from confluence_changelog.hooks.folder import own_folder
from confluence_changelog.hooks.stages import NATIVE, STAGES
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.answering import Answering
from support.proxying import Proxying
from support.repositories import Repo, RepoFactory
from support.tty import converse

BOTH = pytest.mark.parametrize(
    "flavour",
    [
        pytest.param("data-center", marks=pytest.mark.confluence_sandbox(flavour="data-center")),
        pytest.param("cloud", marks=pytest.mark.confluence_sandbox(flavour="cloud")),
    ],
)
CLOUD = pytest.mark.confluence_sandbox(flavour="cloud")
CONFIGURATION = '[scope]\nsince = "2026-01-01"\n'


class Report:
    """What `doctor` said."""

    def __init__(self, code: int, shown: str) -> None:
        data = json.loads(shown)
        self.code = code
        self.checks = {(each["group"], each["name"]): each for each in data["checks"]}
        assert data["status"] == code

    def __getitem__(self, check: str) -> tuple[str, str]:
        group, _, name = check.partition("/")
        found = self.checks[group, name]
        return found["verdict"], found["text"]

    def __contains__(self, check: str) -> bool:
        group, _, name = check.partition("/")
        return (group, name) in self.checks

    def all(self, verdict: str) -> list[str]:
        return [f"{g}/{n}" for (g, n), each in self.checks.items() if each["verdict"] == verdict]


Doctor = Callable[..., Report]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
    bundles = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
    for name in (*names, *map(str.lower, names), *bundles):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Return the present folder."""
    repo = make_repo()
    repo.commit(
        {"confluence-changelog.toml": CONFIGURATION}, "Begin a log\n\nReaders asked for it."
    )
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def sandbox(confluence_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Return the Confluence that the environment names."""
    for name, value in confluence_sandbox.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
    return confluence_sandbox


@pytest.fixture
def doctor(repo: Repo, capsys: pytest.CaptureFixture[str]) -> Doctor:
    def run(*arguments: str) -> Report:
        capsys.readouterr()
        code = main(["doctor", "--format", "json", *arguments])
        out, err = capsys.readouterr()
        assert err == ""
        return Report(code, out)

    return run


def configure(repo: Repo, text: str) -> None:
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")


def asked(sandbox: Sandbox) -> list[str]:
    return [f"{each['method']} {each['path']}" for each in sandbox.requests()]


@BOTH
def test_all_is_well(flavour: str, sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    native_hooks(repo)
    configure(repo, f'{CONFIGURATION}[page]\nflavour = "{flavour}"\n')
    report = doctor()
    assert report.code == 0
    assert report.all("wrong") == report.all("warning") == report.all("skipped") == []
    kind = "Cloud" if flavour == "cloud" else "Data Center"
    assert report["Confluence/flavour"] == ("ok", f"Confluence {kind}, by the configuration.")
    assert report["Credentials/accepted"][1].startswith("They are accepted, as those of Admin (")
    assert report["Page/editable"] == ("ok", "This user may edit it.")
    assert report["Log/table"][1] == "Table 2 is the log: 4 rows, 0 of them with a commit."
    assert report["Log/fields"] == ("ok", "No column shows: committer, commit.")


@BOTH
def test_it_changes_nothing(flavour: str, sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    before = sorted(repo.path.rglob("*"))
    doctor()
    assert {each.partition(" ")[0] for each in asked(sandbox)} == {"GET"}
    assert sandbox.page(LOG_ID).latest == 1
    assert sorted(repo.path.rglob("*")) == before


def native_hooks(repo: Repo, *names: str) -> None:
    folder = own_folder(open_repository(repo.path))
    stages = [STAGES[name] for name in names or NATIVE]
    for step in native.install_steps(folder, stages, "", lambda *_: False):
        assert step.take
        step.take()


def test_git_hooks(sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    report = doctor()
    assert report["Git/version"][0] == "ok"
    verdict, text = report["Git/commit-msg"]
    assert (verdict, "run confluence-changelog install" in text) == ("warning", True)
    assert report["Git/more-hooks"][0] == "warning"
    native_hooks(repo, "commit-msg", "post-commit")
    report = doctor()
    assert "Git/commit-msg" not in report
    assert report["Git/hooks"] == ("ok", "Installed: commit-msg, post-commit.")
    assert report["Git/more-hooks"][1] == (
        "Not installed: post-merge, post-rewrite, pre-push; run confluence-changelog install."
    )


def test_git_rows_that_come_from_ci_need_fewer_hooks(
    repo: Repo, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    native_hooks(repo, "commit-msg")
    assert doctor()["Git/more-hooks"] == (
        "ok",
        "Not installed: post-commit, post-merge, post-rewrite, pre-push: rows come when publish is run.",
    )
    monkeypatch.setenv("CI", "true")
    assert doctor()["Git/hooks"] == ("ok", "None are needed here, because CI is set.")


def test_git_pending_notes(sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    assert doctor()["Git/pending"] == ("ok", "No commit waits for its row.")
    folder = notes.pending(repo.path / ".git")
    notes.write(folder, [notes.Note("a" * 40, time.time())])
    assert doctor()["Git/pending"][0] == "ok"
    notes.write(folder, [notes.Note("b" * 40, time.time() - 3 * 86_400)])
    verdict, text = doctor()["Git/pending"]
    assert verdict == "warning"
    assert "2 commits wait for a row" in text
    assert "run confluence-changelog publish --pending" in text


def test_git_the_last_publisher(sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    notes.write_failure(repo.path / ".git", "Confluence\x1b[31m was away; run again.")
    notes.pending(repo.path / ".git").mkdir()
    (notes.pending(repo.path / ".git") / "stray").touch()
    report = doctor()
    assert report["Git/last-publisher"][0] == "warning"
    assert report["Git/last-publisher"][1].endswith(" was away; run again.")
    assert "stray" in report["Git/strange-files"][1]


def test_git_a_shallow_clone(
    repo: Repo, sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"a": "1"}, "Add a\n\nIt was missing.")
    monkeypatch.chdir(repo.clone(depth=1).path)
    assert "git fetch --unshallow" in doctor()["Git/repository"][1]


def test_git_no_repository(
    sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    report = doctor()
    assert (report.code, report["Git/repository"][0]) == (3, "wrong")
    assert report["Configuration/scope"][1] == (
        "The scope: not checked, because there is no repository."
    )
    assert report["Log/table"][0] == "ok"


def test_git_git_that_is_too_old_or_missing(
    sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if os.name == "posix":
        script = tmp_path / "git"
        script.write_text("#!/bin/sh\necho git version 2.30.9\n", encoding="utf-8")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert doctor()["Git/version"] == (
            "wrong",
            "Git 2.30.9 is too old: install Git 2.31 or later.",
        )
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert doctor()["Git/repository"][0] == "wrong"


@pytest.mark.parametrize(
    ("text", "check", "verdict", "says"),
    [
        ("[page", "file", "wrong", "is not TOML"),
        ("[pages]", "file", "wrong", "unknown key `pages`"),
        (CONFIGURATION, "file", "ok", "is valid"),
        ("", "since", "warning", "nothing says where the log begins"),
        ('[scope]\nsince = "2999-01-01"', "since", "warning", "yet to come"),
        ('[scope]\nsince = "nowhere"', "scope", "wrong", "neither a date"),
        ('[scope]\nbranches = ["other"]', "scope", "wrong", "other"),
        ('[scope]\nskip_subjects = ["("]', "scope", "wrong", "is no regular expression"),
        (CONFIGURATION, "scope", "ok", "Published branches: main."),
        (CONFIGURATION, "heal", "ok", "30 days"),
        ("[scope]\nheal = 0", "heal", "warning", "never added"),
        ("[page]\ndeadline = 5", "deadline", "warning", "the default is 120"),
        ("[page]\nsend_ancestors = true", "unusual", "ok", "page.send_ancestors"),
        ('[table.columns]\nDate = "date"\nWhat = "subject"', "no-body", "warning", "why"),
        ('[table.columns]\nDate = "date"\nWhy = "body"', "no-subject", "warning", "what was"),
    ],
)
def test_configuration_what_it_says(
    repo: Repo, doctor: Doctor, text: str, check: str, verdict: str, says: str
) -> None:
    configure(repo, text)
    found, said = doctor()[f"Configuration/{check}"]
    assert (found, says in said) == (verdict, True), said


def test_configuration_of_a_bare_repository(
    repo: Repo, doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare.git"
    repo.git("clone", "--quiet", "--bare", ".", str(bare))
    monkeypatch.chdir(bare)
    assert doctor()["Configuration/file"] == (
        "ok",
        "The configuration on the branch of HEAD is valid.",
    )


def test_configuration_no_file(repo: Repo, sandbox: Sandbox, doctor: Doctor) -> None:
    (repo.path / "confluence-changelog.toml").unlink()
    assert doctor()["Configuration/file"][0] == "warning"
    report = doctor("--config", "missing.toml")
    assert (report.code, report["Configuration/file"][0]) == (2, "wrong")
    assert report["Log/table"][0] == "ok"


def test_address_none(doctor: Doctor) -> None:
    report = doctor()
    assert report.code == 2
    assert report.all("wrong") == ["Confluence/address", "Page/named"]
    assert report.all("skipped") == ["Credentials/accepted", "Page/found", "Log/table"]


@pytest.mark.parametrize(
    ("variables", "arguments", "by"),
    [
        ({}, ("--url", "{url}", "--page", "65538"), "--url"),
        ({"CONFLUENCE_URL": "{url}"}, ("--page", "65538"), "CONFLUENCE_URL"),
        ({"CONFLUENCE_PAGE": "{url}/x/AgAB"}, (), "the address of the page"),
    ],
)
def test_address_who_says_it(
    confluence_sandbox: Sandbox,
    doctor: Doctor,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    arguments: tuple[str, ...],
    by: str,
) -> None:
    url = confluence_sandbox.url
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(url=url))
    report = doctor(*(each.format(url=url) for each in arguments))
    assert report["Confluence/address"] == ("ok", f"{url}, by {by}.")


def test_address_a_dead_one(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    monkeypatch.setattr("confluence_changelog.doctor.site.SECONDS", 0.3)
    monkeypatch.setenv("CONFLUENCE_URL", url)
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    report = doctor("--page", "1")
    assert (report.code, report.all("wrong")) == (3, ["Confluence/reachable"])
    assert "check the address and the network" in report["Confluence/reachable"][1]
    assert report["Credentials/found"][0] == "ok"
    assert set(report.all("skipped")) == {
        *("Confluence/flavour", "Confluence/version", "Credentials/accepted"),
        *("Page/found", "Page/editable", "Log/table"),
    }
    assert report["Page/found"][1] == (
        "The page: not checked, because Confluence cannot be reached."
    )


def test_address_another_kind_than_configured(sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    configure(repo, '[page]\nflavour = "cloud"\n')
    report = doctor()
    assert report.code == 2
    assert report["Confluence/flavour"] == (
        "wrong",
        'This is Confluence Data Center, but `flavour` in [page] is "cloud": correct it.',
    )
    assert report["Log/table"][0] == "ok"


@CLOUD
def test_address_a_cloud_that_has_to_be_recognised(sandbox: Sandbox, doctor: Doctor) -> None:
    assert 'set flavour = "cloud"' in doctor()["Confluence/flavour-unset"][1]


def test_address_the_version(sandbox: Sandbox, doctor: Doctor) -> None:
    assert doctor()["Confluence/version"] == ("ok", "Version 10.2.14.")
    sandbox.put_fault(path="/server-information", status=404, body={"message": "no"})
    assert doctor()["Confluence/version"][0] == "unknown"


@pytest.fixture
def company() -> trustme.CA:
    return trustme.CA(organization_name="Example Company")


@pytest.fixture
def server(company: trustme.CA) -> Iterator[Answering]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    company.issue_cert("127.0.0.1", "wiki.example.com").configure_cert(context)
    with Answering(context) as running:
        running.will(200, {"type": "known", "username": "ada", "displayName": "Ada Example"})
        yield running


def test_theway_a_certificate_that_nobody_vouches_for(
    server: Answering,
    company: trustme.CA,
    doctor: Doctor,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CONFLUENCE_URL", server.base)
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    report = doctor("--page", "1")
    assert report["Confluence/tls"][1] == (
        "Certificates are trusted as the operating system and requests do."
    )
    assert "set REQUESTS_CA_BUNDLE to your company's CA file" in report["Confluence/reachable"][1]
    file = tmp_path / "company.pem"
    company.cert_pem.write_to_path(file)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    report = doctor("--page", "1")
    assert report["Confluence/tls"][1] == (
        f"Certificates are trusted as REQUESTS_CA_BUNDLE says: {file}."
    )
    assert report["Confluence/reachable"] == ("ok", f"127.0.0.1:{server.port} answers.")
    assert report["Credentials/accepted"][1].endswith("Ada Example (ada).")


def test_theway_a_bundle_that_is_not_there(
    server: Answering, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFLUENCE_URL", server.base)
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    assert doctor()["Confluence/tls"] == (
        "wrong",
        "SSL_CERT_FILE names /nowhere/ca.pem, which is not there: correct or unset it.",
    )


def test_theway_a_proxy(
    server: Answering,
    company: trustme.CA,
    doctor: Doctor,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    company.cert_pem.write_to_path(tmp_path / "company.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "company.pem"))
    monkeypatch.setenv("CONFLUENCE_URL", server.base)
    with Proxying("me:pr0xy-secret") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:pr0xy-secret@{proxy.address}")
        report = doctor("--page", "1")
        assert report["Confluence/proxy"] == (
            "ok",
            f"Requests go through the proxy {proxy.address}.",
        )
        assert report["Confluence/reachable"][0] == "ok"
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:other-secret@{proxy.address}")
        report = doctor("--page", "1")
        assert report["Confluence/reachable"][0] == "wrong"
        assert "secret" not in str(report.checks)


def test_theway_without_tls(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confluence_changelog.doctor.site.SECONDS", 0.1)
    monkeypatch.setenv("CONFLUENCE_URL", "http://wiki.invalid")
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    report = doctor()
    assert report["Confluence/tls"][0] == "warning"
    assert "is not https" in report["Credentials/found"][1]


@BOTH
def test_credentials_none(
    flavour: str, sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONFLUENCE_PASSWORD")
    report = doctor()
    assert (report.code, report.all("wrong")) == (2, ["Credentials/found"])
    assert report["Page/found"][1].endswith("because there are no credentials for it.")
    assert asked(sandbox) == ["GET /_edge/tenant_info"]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "User and password of admin, from CONFLUENCE_USER and CONFLUENCE_PASSWORD."),
        ({"CONFLUENCE_TOKEN": TOKEN}, "A personal access token, from CONFLUENCE_TOKEN."),
    ],
)
def test_credentials_kinds(
    sandbox: Sandbox,
    doctor: Doctor,
    monkeypatch: pytest.MonkeyPatch,
    variables: Mapping[str, str],
    says: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    report = doctor()
    assert report["Credentials/found"] == ("ok", says)
    assert ("Credentials/expiry" in report) == bool(variables)


@CLOUD
def test_credentials_an_api_token(sandbox: Sandbox, doctor: Doctor) -> None:
    report = doctor()
    assert report["Credentials/found"][1].startswith("E-mail address and API token of admin@")
    assert report["Credentials/expiry"][0] == "unknown"


@BOTH
def test_credentials_wrong_ones(
    flavour: str, sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "wrong")
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Credentials/accepted"])
    assert "did not accept the credentials" in report["Credentials/accepted"][1]
    assert "wrong" not in report["Credentials/accepted"][1]


@BOTH
def test_credentials_wrong_ones_that_are_taken_for_nobody(
    flavour: str, sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.switch(anonymous_access=True)
    monkeypatch.setenv(
        "CONFLUENCE_TOKEN" if flavour == "data-center" else "CONFLUENCE_PASSWORD", "x"
    )
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Credentials/accepted"])
    assert "took the request as anonymous" in report["Credentials/accepted"][1]


@CLOUD
@pytest.mark.parametrize(
    "fault",
    [
        {
            "status": 404,
            "body": {"errors": [{"status": 404, "title": "Not Found", "detail": None}]},
        },
        {"status": 403, "body": {"message": "Current user not permitted to use Confluence"}},
        {
            "status": 403,
            "body": {"message": "Basic Authentication has been disabled on this instance."},
        },
    ],
    ids=["404", "403", "basic disabled"],
)
def test_credentials_the_ways_of_cloud_to_refuse_them(
    sandbox: Sandbox, doctor: Doctor, fault: dict[str, object]
) -> None:
    sandbox.put_fault(path="/user/current", **fault)
    report = doctor()
    assert "did not accept the credentials" in report["Credentials/accepted"][1]
    assert "an API token that has not expired" in report["Credentials/accepted"][1]


def test_credentials_a_captcha_is_the_last_request(
    sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.switch(captcha=1)
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "wrong")
    doctor()
    sandbox.clear_requests()
    report = doctor()
    assert "log in once in a browser" in report["Credentials/accepted"][1]
    assert "makes it worse" in report["Page/found"][1]
    assert asked(sandbox) == ["GET /_edge/tenant_info", "GET /rest/api/user/current"]


@BOTH
@pytest.mark.parametrize("form", ["page", "redirect", "empty"])
def test_credentials_single_sign_on(
    flavour: str, sandbox: Sandbox, doctor: Doctor, form: str
) -> None:
    sandbox.switch(log_in_page=form)
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Credentials/accepted"])
    assert "whether a log-in page or proxy stands in front" in report["Credentials/accepted"][1]
    assert "something else answers" in report["Page/found"][1]


def test_credentials_too_many_requests(sandbox: Sandbox, doctor: Doctor) -> None:
    sandbox.switch(too_many_requests="block-all")
    report = doctor()
    assert "run again later" in report["Credentials/accepted"][1]
    assert "wants no requests" in report["Log/table"][1]
    assert asked(sandbox) == ["GET /_edge/tenant_info", "GET /rest/api/user/current"]


@CLOUD
def test_credentials_scopes(
    sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFLUENCE_GATEWAY", sandbox.gateway.removesuffix("/wiki"))
    sandbox.add_token("all", "admin", "read:page:confluence", "read:confluence-user")
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "all")
    report = doctor()
    assert report.code == 0
    assert report["Confluence/gateway"] == ("ok", f"Requests go through {sandbox.gateway}")
    assert report["Credentials/write-scope"][0] == "unknown"
    sandbox.add_token("page", "admin", "read:page:confluence")
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "page")
    report = doctor()
    assert (report.code, report["Credentials/accepted"][0]) == (0, "warning")
    assert report["Page/editable"][0] == "ok"
    sandbox.add_token("user", "admin", "read:confluence-user")
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "user")
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Page/found"])
    assert "make a token with the scopes read:page:confluence" in report["Page/found"][1]


def test_credentials_a_stored_log_in(
    sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CONFLUENCE_USER")
    (tmp_path / "netrc").write_text(
        "machine 127.0.0.1 login admin password admin\n", encoding="utf-8"
    )
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert doctor()["Credentials/found"] == (
        "ok",
        f"User and password of admin, from netrc ({tmp_path / 'netrc'}).",
    )


@BOTH
def test_page_not_found(flavour: str, sandbox: Sandbox, doctor: Doctor) -> None:
    report = doctor("--page", "99999")
    assert (report.code, report.all("wrong")) == (3, ["Page/found"])
    assert report["Log/table"][1] == ("The log table: not checked, because the page was not read.")


@BOTH
def test_page_by_its_title(flavour: str, sandbox: Sandbox, doctor: Doctor) -> None:
    assert doctor("--page", "OPS:Change Log")["Page/found"][0] == "ok"
    assert "There is no page 'Nothing'" in doctor("--page", "OPS:Nothing")["Page/found"][1]


def test_page_not_named(sandbox: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFLUENCE_PAGE")
    report = doctor()
    assert (report.code, report.all("wrong")) == (2, ["Page/named"])
    assert report["Credentials/accepted"][0] == "ok"
    assert "it is not known which page it is" in report["Log/table"][1]


@BOTH
def test_page_not_editable(flavour: str, sandbox: Sandbox, doctor: Doctor) -> None:
    sandbox.restrict(LOG_ID, "update", "editor")
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Page/editable"])
    assert "the restrictions of the page" in report["Page/editable"][1]
    assert report["Log/table"][0] == "ok"


def test_page_what_an_old_server_does_not_tell(sandbox: Sandbox, doctor: Doctor) -> None:
    page = {"id": str(LOG_ID), "type": "page", "status": "current", "title": "Change Log"}
    sandbox.put_fault(path=f"/content/{LOG_ID}$", skip=1, body=page)
    sandbox.put_fault(path="/accessmode", status=404, body={"message": "no"})
    report = doctor()
    assert report["Page/editable"][0] == report["Page/read-only"][0] == "unknown"
    assert report.code == 0


def test_page_read_only_mode(sandbox: Sandbox, doctor: Doctor) -> None:
    sandbox.switch(read_only=True)
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Page/read-only"])


@BOTH
def test_page_an_empty_body(flavour: str, sandbox: Sandbox, doctor: Doctor) -> None:
    sandbox.edit(LOG_ID, append="<p>x</p>")
    sandbox.switch(empty_body=True)
    report = doctor()
    assert "gave an empty body" in report["Page/found"][1]
    assert report["Log/table"][1].endswith("not checked, because the page was not read.")


@BOTH
def test_log_no_table(flavour: str, sandbox: Sandbox, doctor: Doctor) -> None:
    sandbox.set_body(LOG_ID, "<p>Nothing yet</p>")
    report = doctor()
    assert (report.code, report.all("wrong")) == (3, ["Log/table"])
    assert "it has no table" in report["Log/table"][1]


def test_log_columns(sandbox: Sandbox, repo: Repo, doctor: Doctor) -> None:
    sandbox.set_body(
        LOG_ID,
        "<table><tr><th>When</th><th>Ticket</th><th>What</th></tr></table>",
    )
    configure(repo, '[table]\nnumber = 1\n[table.columns]\nWhen = "date"\nWhat = "subject"\n')
    report = doctor()
    assert report["Log/columns"] == ("ok", "Columns: When = date, What = subject.")
    assert report["Log/empty-columns"][0] == "warning"
    assert "Ticket; name them in [table.columns]" in report["Log/empty-columns"][1]
    assert report["Log/fields"][1] == "No column shows: author, committer, body, commit."


def test_log_a_span_where_rows_belong(sandbox: Sandbox, doctor: Doctor) -> None:
    sandbox.set_body(
        LOG_ID,
        '<table><tr><th rowspan="2">Date</th><th>Who</th><th>What</th><th>Why</th></tr>'
        "<tr><td>a</td><td>b</td><td>c</td></tr></table>",
    )
    assert doctor()["Log/table"][0] == "wrong"


def test_log_that_rises_while_new_rows_go_to_the_top(
    sandbox: Sandbox, repo: Repo, doctor: Doctor
) -> None:
    rows = "".join(f"<tr><td>2026-01-0{day}</td><td>x</td></tr>" for day in (1, 2, 3))
    sandbox.set_body(LOG_ID, f"<table><tr><th>Date</th><th>What</th></tr>{rows}</table>")
    status, said = doctor()["Log/order"]
    assert status == "warning"
    assert said.startswith(
        "The dates of the log rise from top to bottom, and new rows go to the top"
    )
    configure(repo, '[table]\norder = "oldest-first"\n')
    assert "Log/order" not in doctor()


def test_log_size(sandbox: Sandbox, doctor: Doctor) -> None:
    row = "<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr>"
    head = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
    sandbox.set_body(LOG_ID, f"<table>{head}{row * 1_001}</table>")
    assert "start a new page" in doctor()["Log/size"][1]


def test_the_text(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["doctor"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line for line in out.splitlines() if not line.startswith(" ")] == [
        *("Git", "Configuration", "Confluence", "Credentials", "Page", "Log", "2 warnings.")
    ]
    assert "  ok       Published branches: main.\n" in out
    assert "\x1b" not in out
    monkeypatch.setenv("CONFLUENCE_PASSWORD", "wrong")
    assert main(["doctor"]) == 3
    out = capsys.readouterr().out
    assert "  -        The page: not checked, because the credentials are not accepted.\n" in out
    assert out.endswith("\n1 wrong, 2 warnings.\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_colours_are_for_terminals(sandbox: Sandbox, repo: Repo) -> None:
    done = converse(["doctor"], [], folder=repo.path, environment={"TERM": "xterm"})
    assert done.code == 0
    assert "\x1b[32mok     \x1b[0m  Published branches: main." in done.shown
    plain = converse(["doctor"], [], folder=repo.path, environment={"TERM": "dumb"})
    assert "  ok       Published branches: main." in plain.shown


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_it_asks_nobody(sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFLUENCE_PASSWORD")
    done = converse(["doctor"], [], folder=repo.path, environment={})
    assert (done.code, "There are no credentials" in done.shown) == (2, True)
