"""What stands around pages: attachments, restrictions, watching, descendants, conversions."""

from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox

NO_CHECK = {"X-Atlassian-Token": "no-check"}
FILE = {"file": ("a.txt", b"one", "text/plain")}


def test_an_attachment_from_beginning_to_end(
    sandbox: Sandbox, session: requests.Session, log: str
) -> None:
    files = f"{log}/child/attachment"
    assert session.post(files, files=FILE).json()["message"] == "XSRF check failed"
    sent: dict[str, Any] = {"headers": NO_CHECK, "files": FILE}
    [made] = session.post(files, **sent).json()["results"]
    assert (made["title"], made["version"]["number"]) == ("a.txt", 1)
    again = session.post(files, **sent)
    assert again.status_code == 400
    assert "same file name as an existing attachment: a.txt" in again.json()["message"]
    assert session.post(files, headers=NO_CHECK).status_code == 400
    other = {"file": ("other.txt", b"three", "text/plain")}
    data = f"{files}/{made['id']}/data"
    assert session.post(data, headers=NO_CHECK).status_code == 400
    changed = session.post(data, headers=NO_CHECK, files=other).json()
    assert (changed["title"], changed["extensions"]["fileSize"]) == ("a.txt", 5)
    shown = session.get(sandbox.url + changed["_links"]["download"])
    assert (shown.text, shown.headers["Content-Disposition"]) == ("three", "attachment")
    assert session.get(files, params={"filename": "none"}).json()["size"] == 0
    address = f"{sandbox.url}/rest/api/content/{made['id']}"
    assert session.delete(address).status_code == 204
    assert session.delete(address).status_code == 404
    assert session.get(sandbox.url + changed["_links"]["download"]).status_code == 404


@pytest.mark.confluence_sandbox(flavour="cloud")
def test_an_attachment_on_cloud(sandbox: Sandbox) -> None:
    with requests.Session() as session:
        session.auth = sandbox.credentials
        files = f"{sandbox.url}/rest/api/content/{LOG_ID}/child/attachment"
        sent = {"file": FILE["file"], "minorEdit": (None, "true")}
        for number in (1, 2):
            [put] = session.put(files, headers=NO_CHECK, files=sent).json()["results"]
            assert put["version"]["number"] == number
        v2 = f"{sandbox.url}/api/v2"
        [found] = session.get(f"{v2}/pages/{LOG_ID}/attachments").json()["results"]
        assert (found["title"], found["fileSize"], found["pageId"]) == ("a.txt", 3, str(LOG_ID))
        address = f"{v2}/attachments/{found['id']}"
        assert session.get(address).json() == found
        assert session.get(f"{files}/{found['id']}/download").text == "one"
        by_number = f"{v2}/attachments/{found['id'].removeprefix('att')}"
        assert session.delete(by_number).status_code == 204
        assert session.get(address).status_code == 404


def test_restrictions_are_set_read_and_lifted(
    sandbox: Sandbox, session: requests.Session, log: str
) -> None:
    only_admin = {
        "operation": "update",
        "restrictions": {"user": [{"type": "known", "username": "admin"}]},
    }
    experimental = log.replace("/api/", "/experimental/")
    assert session.put(f"{experimental}/restriction", json=[only_admin]).status_code == 200
    found = session.get(f"{log}/restriction/byOperation").json()
    users = found["update"]["restrictions"]["user"]["results"]
    assert [each["username"] for each in users] == ["admin"]
    one = session.get(f"{log}/restriction/byOperation/read").json()
    assert one["restrictions"]["user"]["results"] == []
    refused = requests.put(log, json={"type": "page"}, auth=("editor", "editor"), timeout=30)
    assert refused.status_code == 403
    assert session.delete(f"{experimental}/restriction").status_code == 200
    found = session.get(f"{log}/restriction/byOperation/update").json()
    assert found["restrictions"]["user"]["results"] == []


def test_watching(session: requests.Session, api: str) -> None:
    address = f"{api}/user/watch/content/{LOG_ID}"
    assert session.get(address).json() == {"watching": True}
    assert session.delete(address).status_code == 204
    assert session.get(f"{api}/user/watch/content/4711").status_code == 404


def test_children_and_descendants(
    sandbox: Sandbox, session: requests.Session, api: str, log: str
) -> None:
    below = sandbox.create_page("Below", parent=LOG_ID)
    home = f"{api}/content/{HOME_ID}"
    found = session.get(f"{home}/child", params={"expand": "page,attachment"}).json()
    assert [each["id"] for each in found["page"]["results"]] == [str(LOG_ID)]
    assert found["attachment"]["results"] == []
    assert list(found["_expandable"]) == ["comment"]
    found = session.get(f"{home}/descendant", params={"expand": "page"}).json()
    assert [each["title"] for each in found["page"]["results"]] == ["Change Log", "Below"]
    found = session.get(f"{home}/descendant/page").json()
    assert [each["id"] for each in found["results"]] == [str(LOG_ID), str(below.id)]
    assert session.get(f"{home}/child/comment").json()["results"] == []


def test_the_pages_of_a_space(session: requests.Session, api: str) -> None:
    every = session.get(f"{api}/space/OPS/content").json()["page"]["results"]
    assert [each["title"] for each in every] == ["Operations", "Change Log"]
    assert session.get(f"{api}/space/OPS/content/page").json()["results"] == every
    assert session.get(f"{api}/space/OPS/content/blogpost").json()["results"] == []
    assert session.get(f"{api}/space/NONE/content").status_code == 404


def test_labels_and_properties_that_come_with_a_page(session: requests.Session, api: str) -> None:
    metadata = {
        "labels": [{"prefix": "global", "name": "Alpha"}],
        "properties": {"mine": {"key": "mine", "value": "text"}, "none": {}},
    }
    page = {"type": "page", "title": "New", "space": {"key": "OPS"}, "metadata": metadata}
    # What Atlassian's document says of metadata fits no client; so this is not by "session.post".
    made = session.post(f"{api.replace('/api', '/experimental')}/content", json=page).json()
    own = f"{api}/content/{made['id']}"
    assert [each["name"] for each in session.get(f"{own}/label").json()["results"]] == ["alpha"]
    assert session.get(f"{own}/property/mine").json()["value"] == "text"


@pytest.mark.parametrize(
    ("wiki", "storage"),
    [
        ("h2. Why", "<h2>Why</h2>"),
        ("one\ntwo\n\nthree", "<p>one<br />two</p><p>three</p>"),
        ("* a\n* b\n# c", "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"),
        ("*bold* _em_ {{x < 1}}", "<p><strong>bold</strong> <em>em</em> <code>x &lt; 1</code></p>"),
        (
            "[here|https://example.com/?a=1&b=2] [https://example.org]",
            '<p><a href="https://example.com/?a=1&amp;b=2">here</a> '
            '<a href="https://example.org">https://example.org</a></p>',
        ),
        ("2*3*4 a_b_c", "<p>2*3*4 a_b_c</p>"),
    ],
)
def test_wiki_mark_up(session: requests.Session, api: str, wiki: str, storage: str) -> None:
    asked = {"value": wiki, "representation": "wiki"}
    answer = session.post(f"{api}/contentbody/convert/storage", json=asked)
    assert answer.json()["value"] == storage


@pytest.mark.confluence_sandbox(flavour="cloud")
def test_what_only_cloud_has_in_v1(sandbox: Sandbox) -> None:
    with requests.Session() as session:
        session.auth = sandbox.credentials
        v1 = f"{sandbox.url}/rest/api"
        me = session.get(f"{v1}/user/current").json()["accountId"]
        found = session.get(f"{v1}/user/bulk", params={"accountId": [me, "x"]}).json()
        assert [each["accountId"] for each in found["results"]] == [me]
        assert session.get(f"{v1}/settings/systemInfo").json()["cloudId"] == sandbox.cloud_id
        assert session.get(f"{v1}/content/{LOG_ID}/state").json() == {}
        asked = {"value": "<p>x", "representation": "storage"}
        convert = f"{v1}/contentbody/convert/async"
        assert session.post(f"{convert}/export_view", json=asked).status_code == 400
        assert session.post(f"{convert}/none", json=asked).status_code == 400
        assert session.get(f"{convert}/none").status_code == 404
        document = '{"type": "doc", "content": [{"content": [{"text": "a < b"}]}, 7]}'
        adf = {"value": document, "representation": "atlas_doc_format"}
        converted = session.post(f"{convert}/export_view", json=adf).json()
        done = session.get(f"{convert}/{converted['asyncId']}").json()
        assert done["value"] == "<p>a &lt; b</p><p></p>"
        wrong = {"value": "[]", "representation": "atlas_doc_format"}
        assert session.post(f"{convert}/export_view", json=wrong).status_code == 400
