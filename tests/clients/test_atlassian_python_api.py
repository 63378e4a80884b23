"""atlassian-python-api 3.41.21 takes the sandbox for Data Center, and for what Cloud left of v1."""

import pytest
from atlassian import Confluence
from atlassian.errors import ApiError
from requests import HTTPError

from confluence_changelog.sandbox import HOME_ID, LOG_ID, SPACE, TOKEN, Sandbox

BOTH = pytest.mark.parametrize(
    "flavour",
    [
        pytest.param("data-center", marks=pytest.mark.confluence_sandbox),
        pytest.param("cloud", marks=pytest.mark.confluence_sandbox(flavour="cloud")),
    ],
)


@pytest.fixture
def client(confluence_sandbox: Sandbox) -> Confluence:
    user, secret = confluence_sandbox.credentials
    cloud = confluence_sandbox.flavour == "cloud"
    return Confluence(confluence_sandbox.url, user, secret, cloud=cloud)


def body_of(client: Confluence, page_id: str) -> str:
    page = client.get_page_by_id(page_id, expand="body.storage")
    return str(page["body"]["storage"]["value"])


@BOTH
def test_a_page_from_its_creation_to_the_trash(client: Confluence, flavour: str) -> None:
    page_id = client.create_page(SPACE, "New", "<p>one</p>", parent_id=HOME_ID)["id"]
    assert client.page_exists(SPACE, "New")
    assert client.get_page_id(SPACE, "New") == page_id
    assert client.get_page_by_title(SPACE, "New")["id"] == page_id
    assert client.get_parent_content_id(page_id) == str(HOME_ID)
    assert client.update_page(page_id, "New", "<p>two</p>")["version"]["number"] == 2
    assert client.append_page(page_id, "New", "<p>three</p>")["version"]["number"] == 3
    assert client.prepend_page(page_id, "New", "<p>zero</p>")["version"]["number"] == 4
    assert body_of(client, page_id) == "<p>zero</p><p>two</p><p>three</p>"
    assert client.history(page_id)["lastUpdated"]["number"] == 4
    assert client.get_page_ancestors(page_id)[0]["id"] == str(HOME_ID)
    client.remove_page(page_id)
    assert not client.page_exists(SPACE, "New")
    with pytest.raises(ApiError):
        client.get_page_by_id(page_id)


@BOTH
def test_a_page_that_did_not_change_is_not_written(
    client: Confluence, confluence_sandbox: Sandbox, flavour: str
) -> None:
    page = confluence_sandbox.create_page("Mine", "<p>one</p>")
    client.update_page(page.id, "Mine", "<p>one</p>")
    assert len(confluence_sandbox.versions(page.id)) == 1
    client.update_or_create(HOME_ID, "Mine", "<p>two</p>")
    assert len(confluence_sandbox.versions(page.id)) == 2


@BOTH
def test_properties(client: Confluence, flavour: str) -> None:
    client.set_page_property(LOG_ID, {"key": "mine", "value": {"a": 1}})
    found = client.get_page_property(LOG_ID, "mine")
    assert (found["value"], found["version"]["number"]) == ({"a": 1}, 1)
    changed = {"key": "mine", "value": {"a": 2}, "version": {"number": 2}}
    client.update_page_property(LOG_ID, changed)
    [found] = client.get_page_properties(LOG_ID)["results"]
    assert found["value"] == {"a": 2}
    client.delete_page_property(LOG_ID, "mine")
    assert client.get_page_properties(LOG_ID)["results"] == []


@BOTH
def test_labels(client: Confluence, flavour: str) -> None:
    client.set_page_label(LOG_ID, "alpha")
    assert [each["name"] for each in client.get_page_labels(LOG_ID)["results"]] == ["alpha"]
    assert [each["id"] for each in client.get_all_pages_by_label("alpha")] == [str(LOG_ID)]
    client.remove_page_label(LOG_ID, "alpha")
    assert client.get_page_labels(LOG_ID)["results"] == []


@BOTH
def test_search_and_lists(client: Confluence, flavour: str) -> None:
    found = client.cql(f'type = page AND space = "{SPACE}" AND title ~ "change log"')["results"]
    assert [each["content"]["id"] for each in found] == [str(LOG_ID)]
    assert [each["id"] for each in client.get_child_pages(HOME_ID)] == [str(LOG_ID)]
    pages = client.get_all_pages_from_space(SPACE)
    assert [each["title"] for each in pages] == ["Operations", "Change Log"]
    assert SPACE in [each["key"] for each in client.get_all_spaces()["results"]]
    assert client.get_space(SPACE)["homepage"]["id"] == str(HOME_ID)


@BOTH
def test_attachments(client: Confluence, flavour: str) -> None:
    client.attach_content(b"text", "a.txt", "text/plain", page_id=LOG_ID)
    [found] = client.get_attachments_from_content(LOG_ID)["results"]
    assert (found["title"], found["extensions"]["fileSize"]) == ("a.txt", 4)


def test_a_token_and_a_wrong_one(confluence_sandbox: Sandbox) -> None:
    assert Confluence(confluence_sandbox.url, token=TOKEN).page_exists(SPACE, "Change Log")
    with pytest.raises(HTTPError, match="401"):
        Confluence(confluence_sandbox.url, token="wrong").get_all_spaces()


def test_bodies_are_converted(client: Confluence) -> None:
    assert client.convert_wiki_to_storage("h1. Hi")["value"] == "<h1>Hi</h1>"
    assert client.convert_storage_to_view("<p>x</p>")["value"] == "<p>x</p>"


def test_a_space_is_created(client: Confluence) -> None:
    client.create_space("DOC", "Documents")
    assert client.get_space("DOC")["name"] == "Documents"


@pytest.mark.confluence_sandbox(flavour="cloud", v1_removed=True)
def test_cloud_without_the_removed_routes(client: Confluence) -> None:
    with pytest.raises(HTTPError, match="This deprecated endpoint has been removed"):
        client.get_all_spaces()
    assert client.cql("type = page")["totalSize"] >= 2
    client.set_page_label(LOG_ID, "alpha")
