"""Which Confluence it is, and what finding that out costs; Atlassian's gateway; looking around."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.confluence.connect import connect
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.confluence.flavour import cloud_base
from confluence_changelog.confluence.gateway import gateway_from
from confluence_changelog.confluence.page import Client
from confluence_changelog.credentials import BasicAuth, BearerAuth
from confluence_changelog.errors import (
    AuthenticationError,
    GoneError,
    NotConfluenceError,
    NotFoundError,
    PageError,
    ScopeError,
    TitleExistsError,
    UsageError,
)
from confluence_changelog.hosts import flavour_of, is_gateway
from confluence_changelog.sandbox import HOME_ID, LOG_ID, SPACE, TOKEN, Sandbox
from support.answering import Answering
from support.confluence import FLAVOURS, client, credentials
from support.repositories import Repo, RepoFactory

PAGE = str(LOG_ID)
GATEWAY = "https://api.atlassian.com/ex/confluence/0c2f6a1e-7d55-4b0e-9a3c-5a0d5b0c1a57"
CLOUD_PAGE = {
    "id": PAGE,
    "status": "current",
    "title": "Change Log",
    "spaceId": "32769",
    "parentId": None,
    "version": {"number": 7},
    "body": {"storage": {"value": "<p>x</p>"}},
}


@pytest.fixture(params=FLAVOURS)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(flavour=request.param) as running:
        yield running


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    with Sandbox(flavour="cloud") as running:
        yield running


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday.")
    monkeypatch.chdir(repo.path)
    return repo


def asked(sandbox: Sandbox) -> list[str]:
    return [f"{each['method']} {each['path']}" for each in sandbox.requests()]


@pytest.mark.parametrize(
    ("base", "flavour"),
    [
        ("https://example.atlassian.net", "cloud"),
        ("https://EXAMPLE.Atlassian.net/wiki", "cloud"),
        ("https://example.jira.com/wiki", "cloud"),
        (GATEWAY, "cloud"),
        (f"{GATEWAY}/wiki", "cloud"),
        ("http://127.0.0.1:8090/ex/confluence/0c2f6a1e", "cloud"),
        ("https://wiki.example.com", None),
        ("https://wiki.example.com/wiki", None),
        ("https://atlassian.net.example.com", None),
        ("https://notatlassian.net", None),
        ("https://api.atlassian.com", None),
    ],
)
def test_what_an_address_says(base: str, flavour: str | None) -> None:
    assert flavour_of(base) == flavour


def test_the_context_path_of_cloud_may_be_left_out() -> None:
    assert cloud_base("https://example.atlassian.net/") == "https://example.atlassian.net/wiki"
    assert cloud_base("https://example.atlassian.net/wiki") == "https://example.atlassian.net/wiki"
    assert cloud_base(GATEWAY) == f"{GATEWAY}/wiki"
    assert is_gateway(cloud_base(GATEWAY))


@pytest.mark.parametrize("named", [True, False])
def test_publishing_is_two_requests(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """With a flavour that is configured, and for a Data Center without, too."""
    in_environment(monkeypatch, sandbox)
    if named:
        text = f'[page]\nflavour = "{sandbox.flavour}"\n'
        (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")
    assert main(["publish", "--range", "HEAD"]) == 0
    assert sandbox.page(LOG_ID).latest == 2
    methods = [line.partition(" ")[0] for line in asked(sandbox)]
    if named or sandbox.flavour == "data-center":
        assert methods == ["GET", "PUT"]
    else:
        assert methods.count("PUT") == 1
        assert "/api/v2/" in asked(sandbox)[-1]


def in_environment(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, page: str = PAGE) -> None:
    monkeypatch.setenv("CONFLUENCE_URL", sandbox.url)
    monkeypatch.setenv("CONFLUENCE_PAGE", page)
    if sandbox.flavour == "cloud":
        monkeypatch.setenv("CONFLUENCE_USER", "admin@example.com")
        monkeypatch.setenv("CONFLUENCE_PASSWORD", TOKEN)
    else:
        monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)


@pytest.mark.parametrize("removed", [False, True])
def test_a_cloud_with_a_domain_of_its_own_is_recognised(cloud: Sandbox, *, removed: bool) -> None:
    """Whether it still answers on the API that Data Center has, or no more."""
    cloud.switch(v1_removed=removed)
    with connect(cloud.url, credentials(cloud), Deadline(20)) as found:
        page = found.read_page(PAGE)
        assert found.flavour == "cloud"
        cloud.clear_requests()
        found.write_page(page, page.body + "<p>x</p>", "why")
        found.read_page(PAGE)
    assert [line.partition("/api/")[2] for line in asked(cloud)] == [f"v2/pages/{PAGE}"] * 2


def test_a_cloud_whose_context_path_was_left_out_is_recognised(cloud: Sandbox) -> None:
    with connect(cloud.root, credentials(cloud), Deadline(20)) as found:
        assert found.read_page(PAGE).title == "Change Log"
        assert found.base == cloud.url


def test_what_is_not_a_page_asks_first(sandbox: Sandbox) -> None:
    with connect(sandbox.url, credentials(sandbox), Deadline(20)) as found:
        assert found.find_page(SPACE, "Change Log") == PAGE
        assert found.flavour == sandbox.flavour
    assert asked(sandbox)[0] == "GET /_edge/tenant_info"


def test_a_page_that_is_missing_on_a_data_center_is_missing() -> None:
    with (
        Sandbox() as sandbox,
        connect(sandbox.url, credentials(sandbox), Deadline(20)) as found,
        pytest.raises(NotFoundError, match="page 999"),
    ):
        found.read_page("999")


def test_cloud_behind_a_forced_data_center_is_named() -> None:
    page = {"id": PAGE, "type": "page", "version": {"number": 7, "by": {"accountId": "557058:a"}}}
    with Answering() as server:
        server.will(200, page)
        with (
            connect(server.base, BearerAuth("x"), Deadline(5), flavour="data-center") as found,
            pytest.raises(GoneError, match='flavour = "cloud"'),
        ):
            found.read_page(PAGE)


def test_the_network_in_front_of_cloud_is_asked_again() -> None:
    with Answering() as server:
        server.will(403, b"<html>", X_Cache="Error from cloudfront", Content_Type="text/html")
        server.will(200, CLOUD_PAGE)
        with connect(server.base, BearerAuth("x"), Deadline(5), flavour="cloud") as found:
            assert found.read_page(PAGE).parent == ""
    assert len(server.asked) == 2


# What a client gives besides reading and writing, on both.


@pytest.fixture
def confluence(sandbox: Sandbox) -> Iterator[Client]:
    with client(sandbox) as running:
        yield running


def test_who_we_are(confluence: Client) -> None:
    user = confluence.user()
    assert user.known
    assert user.name == "Admin"
    assert user.id


def test_who_we_are_not(sandbox: Sandbox) -> None:
    sandbox.switch(anonymous_access=True)
    with client(sandbox, "wrong") as confluence:
        assert not confluence.user().known


def test_a_page_is_found_by_space_and_title(confluence: Client) -> None:
    assert confluence.find_page(SPACE, "Change Log") == PAGE
    assert confluence.find_page(SPACE, "Change") is None


def test_a_space_that_is_not_there(confluence: Client) -> None:
    if confluence.flavour == "data-center":
        assert confluence.find_page("NONE", "Change Log") is None
    else:
        with pytest.raises(NotFoundError, match="no space NONE"):
            confluence.find_page("NONE", "Change Log")


def test_a_page_is_made_and_found_below_its_parent(sandbox: Sandbox, confluence: Client) -> None:
    page = confluence.create_page(SPACE, "Ä & b", "<p>x</p>", parent=PAGE)
    assert (page.title, page.version, page.parent) == ("Ä & b", 1, PAGE)
    assert page.body.startswith("<p>x")
    above = confluence.ancestors(page.id)
    assert [each.id for each in above] == [str(HOME_ID), PAGE]
    assert above[-1].title == "Change Log"
    with pytest.raises(TitleExistsError, match="choose another title"):
        confluence.create_page(SPACE, "Ä & b", "<p>x</p>")


def test_a_page_whose_making_was_not_answered_is_made_once(
    sandbox: Sandbox, confluence: Client
) -> None:
    sandbox.put_fault(method="POST", drop="after")
    assert confluence.create_page(SPACE, "Made", "<p>x</p>").title == "Made"


def test_a_page_is_renamed_by_writing_it(confluence: Client) -> None:
    page = confluence.read_page(PAGE)
    confluence.write_page(replace(page, title="Log"), page.body, "why")
    assert confluence.read_page(PAGE).title == "Log"


def test_who_may_edit(sandbox: Sandbox, confluence: Client) -> None:
    sandbox.add_user("guest", "guest", edits=False, token="guest-token")
    assert confluence.may_edit(PAGE) is not False
    with client(sandbox, "guest-token", user="guest") as guest:
        assert guest.may_edit(PAGE) is not True


def test_the_mode_and_the_version(sandbox: Sandbox, confluence: Client) -> None:
    is_cloud = sandbox.flavour == "cloud"
    assert confluence.read_only() is (None if is_cloud else False)
    assert bool(confluence.server_version()) is not is_cloud
    sandbox.switch(read_only=True)
    assert confluence.read_only() is (None if is_cloud else True)


def test_a_folder_is_no_page(cloud: Sandbox) -> None:
    folder = cloud.create_folder("Logs")
    with client(cloud) as found, pytest.raises(PageError, match="is a folder"):
        found.read_page(str(folder.id))


# The gateway.


def test_a_token_with_scopes_goes_through_the_gateway(cloud: Sandbox) -> None:
    scopes = ("read:page:confluence", "write:page:confluence")
    cloud.add_token("scoped", "admin", *scopes)
    auth = BasicAuth("admin@example.com", "scoped")
    for gateway in (cloud.root, cloud.gateway):
        cloud.clear_requests()
        with connect(cloud.url, auth, Deadline(20), gateway=gateway) as found:
            page = found.read_page(PAGE)
            found.write_page(page, page.body + "<p>x</p>", "why")
        assert len(asked(cloud)) == (3 if gateway == cloud.root else 2)
    with connect(cloud.gateway, auth, Deadline(20)) as found:
        assert found.read_page(PAGE).version == 3


def test_a_token_with_scopes_on_the_site_itself(cloud: Sandbox) -> None:
    cloud.add_token("scoped", "admin", "read:page:confluence")
    auth = BasicAuth("admin@example.com", "scoped")
    with (
        connect(cloud.url, auth, Deadline(5), flavour="cloud") as found,
        pytest.raises(AuthenticationError, match="CONFLUENCE_GATEWAY=1"),
    ):
        found.read_page(PAGE)


def test_a_scope_that_is_missing_is_named(cloud: Sandbox) -> None:
    cloud.add_token("scoped", "admin", "read:space:confluence")
    with (
        connect(cloud.gateway, BasicAuth("admin@example.com", "scoped"), Deadline(5)) as found,
        pytest.raises(ScopeError, match="write:page:confluence"),
    ):
        found.read_page(PAGE)


def test_the_gateway_needs_a_site_of_cloud() -> None:
    with (
        Sandbox() as sandbox,
        pytest.raises(NotConfluenceError, match="gives no cloud id"),
        connect(sandbox.url, credentials(sandbox), Deadline(5), gateway="http://127.0.0.1:1"),
    ):
        pass


@pytest.mark.parametrize(
    ("value", "gateway"),
    [
        ("", ""),
        ("0", ""),
        ("1", "https://api.atlassian.com"),
        (GATEWAY + "/", GATEWAY),
        ("https://api.atlassian-us-gov-mod.com", "https://api.atlassian-us-gov-mod.com"),
        ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
    ],
)
def test_the_gateway_of_the_environment(value: str, gateway: str) -> None:
    assert gateway_from({"CONFLUENCE_GATEWAY": value}) == gateway


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("yes please", "no address of Confluence"),
        ("http://api.example.com", "not https"),
        ("https://api.atlassian.com/ex/jira/1", "no gateway's address"),
        ("https://ada:s3cret@api.atlassian.com", "holds a user or password"),
    ],
)
def test_what_is_no_gateway(value: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as error:
        gateway_from({"CONFLUENCE_GATEWAY": value})
    assert "s3cret" not in str(error.value)


def test_a_cloud_id_of_nonsense_is_not_followed() -> None:
    """It becomes part of the address that credentials are sent to."""
    with Answering() as server:
        server.will(200, {"cloudId": "../../../evil"})
        with (
            pytest.raises(NotConfluenceError),
            connect(server.base, BearerAuth("a-token"), Deadline(5), gateway=server.base),
        ):
            pass
    assert [each.headers.get("Authorization") for each in server.asked] == [None]


# From the command line.


def test_what_is_copied_from_the_browser_is_published_to(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_environment(monkeypatch, sandbox)
    monkeypatch.setenv("CONFLUENCE_URL", sandbox.root)
    by_title = f"{sandbox.url}/display/{SPACE}/Change+Log"
    for page in (by_title, f"{SPACE}:Change Log", f"{sandbox.url}/x/AgAB"):
        assert main(["publish", "--range", "HEAD", "--page", page]) == 0
    assert sandbox.page(LOG_ID).latest == 2


def test_a_title_that_is_not_there_is_named(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        in_environment(monkeypatch, sandbox, f"{SPACE}:Nowhere")
        assert main(["publish", "--range", "HEAD"]) == 3
    assert "There is no page 'Nowhere' in space OPS" in capsys.readouterr().err


def test_the_address_of_the_page_says_where_confluence_is_but_not_whom_to_trust(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        in_environment(monkeypatch, sandbox, f"{sandbox.url}/x/AgAB")
        monkeypatch.delenv("CONFLUENCE_URL")
        assert main(["publish", "--range", "HEAD"]) == 2
        assert f"set CONFLUENCE_URL={sandbox.url}" in capsys.readouterr().err
        assert sandbox.requests() == []


def test_a_page_on_another_host_is_refused(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Sandbox() as sandbox:
        in_environment(monkeypatch, sandbox, "https://wiki.example.org/x/AgAB")
        assert main(["publish", "--range", "HEAD"]) == 2
        assert sandbox.requests() == []
    assert "The page's address is on https://wiki.example.org, but" in capsys.readouterr().err


def test_a_file_of_the_repository_cannot_name_a_gateway(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nor can it be the address of one: credentials go to the host of CONFLUENCE_URL."""
    with Sandbox() as sandbox, Answering() as stranger:
        stranger.will(200, CLOUD_PAGE)
        in_environment(monkeypatch, sandbox, "")
        monkeypatch.delenv("CONFLUENCE_URL")
        address = json.dumps(f"{stranger.base}/ex/confluence/0c2f6a1e")
        text = f'[page]\nurl = {address}\nid = {PAGE}\nflavour = "cloud"\n'
        (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")
        assert main(["publish", "--range", "HEAD"]) == 2
        assert stranger.asked == []
