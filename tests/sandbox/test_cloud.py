"""Cloud: REST v2, its cursors, ids, titles and states, and the tokens that open it."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import HOME_ID, LOG_ID, SPACE, TOKEN, Sandbox
from confluence_changelog.sandbox.cloud_auth import scope_needed

pytestmark = pytest.mark.confluence_sandbox(flavour="cloud")

PAGE = f"pages/{LOG_ID}"


class Api:
    """REST v2 of a sandbox, for someone who is logged in."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.auth = sandbox.credentials

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        address = path if path.startswith("http") else f"{self.sandbox.url}/api/v2/{path}"
        return self.session.request(method, address, timeout=30, **more)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def titles(self, path: str, **query: Any) -> list[str]:
        return [each["title"] for each in self.get(path, **query)["results"]]

    def put(self, number: int, storage: str = "<p>new</p>", **changes: Any) -> requests.Response:
        return self.ask("PUT", PAGE, json=put(number, storage, **changes))

    def create(self, title: str = "New", **more: Any) -> requests.Response:
        query = more.pop("params", {})
        space = str(self.sandbox.space(SPACE).id)
        page = {"spaceId": space, "status": "current", "title": title, "body": storage_of("<p />")}
        return self.ask("POST", "pages", json=page | more, params=query)


def storage_of(value: str) -> dict[str, str]:
    return {"representation": "storage", "value": value}


def put(number: int, storage: str = "<p>new</p>", **changes: Any) -> dict[str, Any]:
    page = {"id": str(LOG_ID), "status": "current", "title": "Change Log"}
    return {**page, "body": storage_of(storage), "version": {"number": number}, **changes}


def title_of(answer: requests.Response) -> str:
    return str(answer.json()["errors"][0]["title"])


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    api = Api(sandbox)
    yield api
    api.session.close()


def test_every_id_is_text_and_a_page_has_no_body_unasked(api: Api, sandbox: Sandbox) -> None:
    page = api.get(PAGE)
    space = str(sandbox.space(SPACE).id)
    assert (page["id"], page["spaceId"], page["parentId"]) == (str(LOG_ID), space, str(HOME_ID))
    assert page["body"] == {}
    assert api.get(f"pages/{HOME_ID}")["parentId"] is None
    assert sandbox.url.endswith("/wiki")


@pytest.mark.parametrize(
    "representation", ["storage", "atlas_doc_format", "view", "export_view", "styled_view"]
)
def test_a_body_in_each_format(api: Api, representation: str) -> None:
    body = api.get(PAGE, **{"body-format": representation})["body"]
    assert list(body) == [representation]
    assert "Who to call" in body[representation]["value"]
    assert api.ask("GET", PAGE, params={"body-format": "none"}).status_code == 400


def test_an_update_flat_and_nested(api: Api, sandbox: Sandbox) -> None:
    answer = api.put(2, version={"number": 2, "message": "why"})
    assert answer.json()["version"]["message"] == "why"
    nested = {"storage": storage_of("<p>&eacute;&nbsp;x</p>")}
    assert api.put(3, body=nested).status_code == 200
    page = sandbox.page(LOG_ID)
    assert (page.storage, page.parent, page.latest) == ("<p>é&nbsp;x</p>", HOME_ID, 3)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_stale_number(api: Api, sandbox: Sandbox, number: int) -> None:
    answer = api.put(number)
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "CONFLICT"
    assert f"Current Version: [1]. Provided version: [{number}]" in title_of(answer)
    assert sandbox.page(LOG_ID).latest == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "1"}, "id of the body differs"),
        ({"status": None}, "status must not be null"),
        ({"status": "historical"}, "'historical' for 'status' is not valid"),
        ({"title": None}, "title must not be null"),
        ({"title": "x" * 256}, "longer than 255"),
        ({"title": "OPERATIONS"}, "A page with this title already exists"),
        ({"body": None}, "body must not be null"),
        ({"body": {"representation": "html", "value": "x"}}, "a representation and a value"),
        ({"body": {"representation": "atlas_doc_format", "value": "<p>"}}, "converting ADF"),
        ({"body": storage_of("<p>x")}, "Error parsing xhtml"),
        ({"version": {}}, "version.number must not be null"),
        ({"spaceId": "4711"}, "different space is not supported"),
        ({"parentId": str(LOG_ID)}, "its own ancestor"),
    ],
)
def test_what_an_update_must_have(api: Api, change: dict[str, Any], said: str) -> None:
    answer = api.ask("PUT", PAGE, json={**put(2), **change})
    assert answer.status_code == 400
    assert said in title_of(answer)


def test_an_update_by_someone_who_may_not_finds_no_page(api: Api, sandbox: Sandbox) -> None:
    api.session.auth = ("reader@example.com", "reader")
    assert api.ask("GET", PAGE).status_code == 200
    answer = api.put(2)
    assert (answer.status_code, title_of(answer)) == (404, f"Cannot find a page with id [{LOG_ID}]")
    sandbox.restrict(LOG_ID, "read", "admin")
    assert api.ask("GET", PAGE).status_code == 404


def test_a_page_is_moved_by_its_parent_and_stays_without_one(api: Api, sandbox: Sandbox) -> None:
    new = api.create("Above").json()
    assert new["parentId"] == str(HOME_ID)
    assert api.put(2, parentId=new["id"]).json()["parentId"] == new["id"]
    assert api.put(3).json()["parentId"] == new["id"]
    assert api.put(4, parentId="4711").status_code == 404
    root = api.create("Root", params={"root-level": "true"}).json()
    assert (root["parentId"], root["parentType"]) == (None, None)


def test_a_rename(api: Api, sandbox: Sandbox) -> None:
    before = sandbox.page(LOG_ID).storage
    answer = api.ask("PUT", f"{PAGE}/title", json={"status": "current", "title": "Log"}).json()
    assert (answer["title"], answer["version"]["number"]) == ("Log", 2)
    assert sandbox.page(LOG_ID).storage == before


def test_titles_are_found_in_any_case_and_archived_ones_are_reserved(
    api: Api, sandbox: Sandbox
) -> None:
    space = sandbox.space(SPACE).id
    assert api.titles("pages", title="CHANGE log", **{"space-id": space}) == ["Change Log"]
    assert api.titles("pages", title="Change") == []
    sandbox.set_status(LOG_ID, "archived")
    assert api.titles("pages", title="change log") == ["Change Log"]
    assert api.titles("pages", title="change log", status="current") == []
    assert api.create("change LOG").status_code == 400
    sandbox.set_status(LOG_ID, "trashed")
    assert api.titles("pages", title="change log") == []
    assert api.create("change LOG").status_code == 200


@pytest.mark.parametrize("status", ["archived", "trashed"])
def test_a_page_that_is_not_current_says_so(api: Api, sandbox: Sandbox, status: Any) -> None:
    sandbox.set_status(LOG_ID, status)
    assert api.get(PAGE)["status"] == status
    assert api.ask("GET", PAGE, params={"status": "current"}).status_code == 404


def test_drafts(api: Api, sandbox: Sandbox) -> None:
    draft = api.create("Draft", status="draft").json()
    own = f"pages/{draft['id']}"
    assert draft["status"] == "draft"
    assert api.ask("GET", own).status_code == 404
    assert api.get(own, **{"get-draft": "true"})["status"] == "draft"
    saved = put(1, id=draft["id"], title="Draft", status="draft")
    assert api.ask("PUT", own, json=saved).json()["version"]["number"] == 1
    published = api.ask("PUT", own, json=saved | {"status": "current"}).json()
    assert (published["status"], published["version"]["number"]) == ("current", 1)
    again = put(1, "<p>draft</p>", id=draft["id"], title="Draft", status="draft")
    assert api.ask("PUT", own, json=again).status_code == 200
    assert api.get(own)["status"] == "current"
    beside = api.get(own, **{"get-draft": "true", "body-format": "storage"})
    assert (beside["status"], beside["body"]["storage"]["value"]) == ("draft", "<p>draft</p>")
    lost = api.create("Lost", status="draft").json()["id"]
    assert api.ask("DELETE", f"pages/{lost}").status_code == 404
    assert api.ask("DELETE", f"pages/{lost}", params={"draft": "true"}).status_code == 204


def test_trash_and_purge(api: Api) -> None:
    assert api.ask("DELETE", PAGE, params={"purge": "true"}).status_code == 404
    assert api.ask("DELETE", PAGE).status_code == 204
    assert api.get(PAGE)["status"] == "trashed"
    assert api.ask("DELETE", PAGE, params={"purge": "true"}).status_code == 204
    assert api.ask("GET", PAGE).status_code == 404


def test_lists_are_followed_by_cursor_to_the_end(api: Api, sandbox: Sandbox) -> None:
    for number in range(5):
        sandbox.create_page(f"Page {number}")
    path, titles = f"{sandbox.root}/wiki/api/v2/pages/{HOME_ID}/children?limit=2", []
    while path:
        answer = api.ask("GET", path)
        part = answer.json()
        titles += [each["title"] for each in part["results"]]
        following = part["_links"].get("next", "")
        assert following.startswith("/wiki/api/v2/") or not following
        assert answer.links.get("next", {}).get("url", "") == following
        path = sandbox.root + following if following else ""
    assert titles == ["Change Log", *(f"Page {number}" for number in range(5))]


@pytest.mark.parametrize(
    "query", ["cursor=none", "limit=0", "limit=251", "limit=x", "sort=colour", "space-id=x"]
)
def test_a_list_that_cannot_be_made(api: Api, query: str) -> None:
    assert api.ask("GET", f"pages?{query}").status_code == 400


def test_lists_are_sorted(api: Api, sandbox: Sandbox) -> None:
    space = {"space-id": sandbox.space(SPACE).id}
    assert api.titles("pages", sort="title", **space) == ["Change Log", "Operations"]
    assert api.titles("pages", sort="-id", **space) == ["Change Log", "Operations"]
    assert api.titles(f"spaces/{sandbox.space(SPACE).id}/pages") == ["Operations", "Change Log"]


def test_a_folder_is_no_page(api: Api, sandbox: Sandbox) -> None:
    space = str(sandbox.space(SPACE).id)
    folder = api.ask("POST", "folders", json={"spaceId": space, "title": "Old"}).json()["id"]
    inside = sandbox.create_page("Inside", parent=int(folder))
    for path in (f"pages/{folder}", f"pages/{folder}/children", f"pages/{folder}/labels"):
        assert api.ask("GET", path).status_code == 404
    assert api.get(f"folders/{folder}")["title"] == "Old"
    page = api.get(f"pages/{inside.id}")
    assert (page["parentId"], page["parentType"]) == (folder, "folder")
    assert api.titles(f"pages/{HOME_ID}/children") == ["Change Log"]
    assert api.titles(f"pages/{HOME_ID}/direct-children") == ["Old", "Change Log"]
    assert api.titles(f"pages/{HOME_ID}/descendants") == ["Old", "Change Log", "Inside"]
    assert api.titles(f"pages/{HOME_ID}/descendants", depth=1) == ["Old", "Change Log"]
    assert api.titles(f"folders/{folder}/direct-children") == ["Inside"]
    above = api.get(f"pages/{inside.id}/ancestors")["results"]
    assert [each["type"] for each in above] == ["page", "folder"]


def test_versions(api: Api) -> None:
    api.put(2, version={"number": 2, "message": "two"})
    api.put(3, "<p>three</p>")
    every = api.get(f"{PAGE}/versions", **{"body-format": "storage"})["results"]
    assert [each["number"] for each in every] == [3, 2, 1]
    assert every[0]["page"]["body"]["storage"]["value"] == "<p>three</p>"
    two = api.get(f"{PAGE}/versions/2")
    assert (two["message"], two["prevVersion"], two["nextVersion"]) == ("two", 1, 3)
    assert api.ask("GET", f"{PAGE}/versions/9").status_code == 404
    assert api.get(PAGE, version=1)["status"] == "historical"


def test_a_property_from_beginning_to_end(api: Api) -> None:
    def ask(method: str, path: str = "", **body: Any) -> requests.Response:
        return api.ask(method, f"{PAGE}/properties{path}", json=body)

    made = ask("POST", key="mine", value="text").json()
    own = f"/{made['id']}"
    assert ask("POST", key="mine", value=1).status_code == 400
    assert ask("POST", key="large", value="x" * 32 * 1024).status_code == 400
    assert ask("PUT", own, key="mine", value=2, version={"number": 1}).status_code == 409
    changed = ask("PUT", own, key="mine", value={"a": 2}, version={"number": 2}).json()
    assert (changed["value"], changed["version"]["number"]) == ({"a": 2}, 2)
    assert [e["key"] for e in api.get(f"{PAGE}/properties", key="mine")["results"]] == ["mine"]
    assert api.get(f"{PAGE}/properties", key="other")["results"] == []
    assert api.get(PAGE)["version"]["number"] == 1
    assert ask("DELETE", own).status_code == 204
    assert api.ask("GET", f"{PAGE}/properties{own}").status_code == 404


def test_labels_are_written_by_v1_and_read_by_v2(api: Api, sandbox: Sandbox) -> None:
    label = f"{sandbox.url}/rest/api/content/{LOG_ID}/label"
    api.ask("POST", label, json=[{"prefix": "global", "name": "alpha"}])
    assert [each["name"] for each in api.get(f"{PAGE}/labels")["results"]] == ["alpha"]
    assert api.get(f"{PAGE}/labels", prefix="my")["results"] == []
    assert api.get(PAGE, **{"include-labels": "true"})["labels"]["results"][0]["name"] == "alpha"


def test_spaces(api: Api, sandbox: Sandbox) -> None:
    assert [each["key"] for each in api.get("spaces", keys="ops,none")["results"]] == [SPACE]
    made = api.ask("POST", "spaces", json={"key": "DOC", "name": "Documents"})
    assert made.status_code == 201
    assert api.get(f"spaces/{made.json()['id']}")["name"] == "Documents"
    assert api.ask("POST", "spaces", json={"key": "DOC", "name": "Again"}).status_code == 400
    assert api.ask("GET", "spaces/4711").status_code == 404
    assert sandbox.space("DOC").name == "Documents"


def test_people(api: Api, sandbox: Sandbox) -> None:
    author = api.get(PAGE)["authorId"]
    [found] = api.ask("POST", "users-bulk", json={"accountIds": [author, "x"]}).json()["results"]
    assert found["displayName"] == "Eddi Editor"
    v1 = f"{sandbox.url}/rest/api"
    assert api.get(f"{v1}/user", accountId=author)["displayName"] == "Eddi Editor"
    assert api.ask("GET", f"{v1}/user", params={"accountId": "x"}).status_code == 404
    assert api.get(f"{v1}/user/current")["email"] == "admin@example.com"
    named = api.get(f"{v1}/search/user", cql='user.fullname ~ "Rita"')["results"]
    assert [each["user"]["displayName"] for each in named] == ["Rita Reader"]


def test_a_mention_is_stored_by_account_id(api: Api, sandbox: Sandbox) -> None:
    api.put(2, '<p><ac:link><ri:user ri:username="editor" /></ac:link></p>')
    author = api.get(f"pages/{HOME_ID}")["authorId"]
    assert f'<ri:user ri:account-id="{author}" />' in sandbox.page(LOG_ID).storage


def test_search_is_by_cursor_alone(api: Api, sandbox: Sandbox) -> None:
    address = f"{sandbox.url}/rest/api/search"
    first = api.get(address, cql="type = page AND space = OPS", limit=1, start=1)
    assert [each["title"] for each in first["results"]] == ["Operations"]
    second = api.get(sandbox.url + first["_links"]["next"])
    assert [each["title"] for each in second["results"]] == ["Change Log"]


def test_a_conversion_in_two_steps(api: Api, sandbox: Sandbox) -> None:
    address = f"{sandbox.url}/rest/api/contentbody/convert/async"
    asked = api.ask("POST", f"{address}/export_view", json=storage_of("<p>x</p>")).json()
    done = api.get(f"{address}/{asked['asyncId']}")
    assert (done["status"], done["value"]) == ("COMPLETED", "<p>x</p>")


@pytest.mark.parametrize("route", ["accessmode", "server-information", "none"])
def test_what_only_data_center_has(api: Api, sandbox: Sandbox, route: str) -> None:
    assert api.ask("GET", f"{sandbox.url}/rest/api/{route}").status_code == 404


def test_routes_of_v1_that_were_replaced_warn_or_are_gone(api: Api, sandbox: Sandbox) -> None:
    content = f"{sandbox.url}/rest/api/content/{LOG_ID}"
    answer = api.ask("GET", content)
    assert answer.headers["warning"].startswith("299 - ")
    assert "deprecation" in answer.headers
    sandbox.switch(v1_removed=True)
    assert api.ask("GET", content).status_code == 410
    kept = api.ask("GET", f"{sandbox.url}/rest/api/user/current")
    assert (kept.status_code, "warning" in kept.headers) == (200, False)


@pytest.mark.parametrize(
    ("user", "secret", "status"),
    [
        ("admin@example.com", TOKEN, 200),
        ("admin@example.com", "admin", 200),
        ("admin", TOKEN, 200),
        ("editor@example.com", TOKEN, 404),
        ("admin@example.com", "wrong", 404),
        ("", TOKEN, 404),
    ],
)
def test_an_address_and_its_token(api: Api, user: str, secret: str, status: int) -> None:
    api.session.auth = (user, secret)
    assert api.ask("GET", PAGE).status_code == status


def test_a_bearer_token_is_for_the_gateway(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for base, status in ((sandbox.url, 404), (sandbox.gateway, 200)):
        answer = requests.get(f"{base}/api/v2/{PAGE}", headers=headers, timeout=30)
        assert answer.status_code == status


def test_a_token_with_scopes(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_token("scoped", "admin", "read:page:confluence", "read:confluence-user")
    api.session.auth = ("admin@example.com", "scoped")
    assert api.ask("GET", PAGE).status_code == 401
    for method, path, status in (
        ("GET", f"/api/v2/{PAGE}", 200),
        ("GET", "/rest/api/user/current", 200),
        ("GET", "/api/v2/pages/4711", 404),
        ("PUT", "/api/v2/pages/4711", 401),
        ("GET", "/api/v2/spaces", 401),
        ("GET", "/rest/api/search", 401),
    ):
        assert api.ask(method, sandbox.gateway + path).status_code == status, path
    without_wiki = sandbox.gateway.removesuffix("/wiki")
    assert api.ask("GET", f"{without_wiki}/api/v2/{PAGE}").status_code == 200
    api.session.auth = ("admin@example.com", "wrong")
    assert api.ask("GET", f"{sandbox.gateway}/api/v2/{PAGE}").json()["code"] == 401
    assert api.ask("GET", f"{sandbox.root}/ex/confluence/none/wiki/api/v2/spaces").json() == {
        "code": 404,
        "message": "Not Found",
    }


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/wiki/api/v2/pages", "read:page:confluence"),
        ("DELETE", "/wiki/api/v2/pages/1", "delete:page:confluence"),
        ("DELETE", "/wiki/api/v2/pages/1/properties/2", "write:page:confluence"),
        ("POST", "/wiki/api/v2/spaces", "write:space:confluence"),
        ("POST", "/wiki/api/v2/users-bulk", "read:user:confluence"),
        ("POST", "/wiki/api/v2/folders", "write:folder:confluence"),
        ("GET", "/wiki/rest/api/user/current", "read:confluence-user"),
        ("GET", "/wiki/rest/api/content/search", "search:confluence"),
        ("GET", "/wiki/rest/api/settings/systemInfo", "manage:confluence-configuration"),
        ("GET", "/wiki/rest/api/space/OPS", "read:confluence-space.summary"),
        ("POST", "/wiki/rest/api/space", "write:confluence-space"),
        ("GET", "/wiki/rest/api/content/1", "read:confluence-content.all"),
        ("POST", "/wiki/rest/api/contentbody/convert/async/view", "read:confluence-content.all"),
        ("POST", "/wiki/rest/api/content/1/label", "write:confluence-content"),
    ],
)
def test_the_scope_that_a_request_needs(method: str, path: str, scope: str) -> None:
    assert scope_needed(method, path) == scope


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ({"representation": "wiki", "value": "h1. Hi"}, "<h1>Hi</h1>"),
        (
            {"representation": "atlas_doc_format", "value": '{"type": "doc", "content": []}'},
            "",
        ),
        ({}, ""),
    ],
)
def test_a_new_page_in_each_representation(
    api: Api, sandbox: Sandbox, body: dict[str, str], stored: str
) -> None:
    made = api.create(body=body)
    assert made.status_code == 200
    assert sandbox.page(int(made.json()["id"])).storage == stored
    assert api.create("Other", body=["text"]).status_code == 400


def test_what_cannot_be_made(api: Api, sandbox: Sandbox) -> None:
    space = str(sandbox.space(SPACE).id)
    for path, body, status in (
        ("pages", {"spaceId": "4711", "title": "x"}, 404),
        ("pages", {"spaceId": "x", "title": "x"}, 400),
        ("pages", {"spaceId": space, "title": " "}, 400),
        ("folders", {"spaceId": "4711", "title": "x"}, 404),
        ("folders", {"spaceId": space, "title": " "}, 400),
        ("users-bulk", {"accountIds": []}, 400),
        ("spaces", {"name": ""}, 400),
    ):
        assert api.ask("POST", path, json=body).status_code == status, (path, body)
    assert api.ask("GET", "folders/4711").status_code == 404
    api.session.auth = ("reader@example.com", "reader")
    assert api.create().status_code == 404
    assert api.ask("POST", "spaces", json={"key": "DOC", "name": "x"}).status_code == 404


def test_the_cloud_id_is_known_to_everyone(sandbox: Sandbox) -> None:
    info = requests.get(f"{sandbox.root}/_edge/tenant_info", timeout=30).json()
    assert info == {"cloudId": sandbox.cloud_id}
    assert sandbox.cloud_id in sandbox.gateway


def test_anonymous_access(sandbox: Sandbox) -> None:
    """Wrong credentials are as good as none."""
    sandbox.switch(anonymous_access=True)
    for auth in (None, ("admin@example.com", "wrong")):
        user = requests.get(f"{sandbox.url}/rest/api/user/current", auth=auth, timeout=30).json()
        assert user["type"] == "anonymous"
        page = requests.get(f"{sandbox.url}/api/v2/{PAGE}", auth=auth, timeout=30)
        assert page.status_code == 200


@pytest.mark.parametrize(
    "address", ["spaces/OPS/pages/65538/Change+Log", "spaces/OPS/pages/65538", "x/AgAB"]
)
def test_addresses_of_a_browser(api: Api, sandbox: Sandbox, address: str) -> None:
    for base in (sandbox.url, sandbox.root):
        assert "Who to call" in api.ask("GET", f"{base}/{address}").text


def test_too_large_a_page(api: Api) -> None:
    answer = api.put(2, "x" * 6_000_000)
    assert answer.status_code == 413
    assert "at most 5242880 bytes" in title_of(answer)


def test_routes_that_there_are_not(api: Api) -> None:
    assert title_of(api.ask("GET", "none")) == "Not Found"
    assert api.ask("POST", PAGE).status_code == 405
