"""Versions, properties, labels, spaces and conversion over the REST interface."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from confluence_changelog.sandbox import LOG_ID, Sandbox

Update = Callable[..., dict[str, Any]]


def test_versions_are_listed_newest_first(
    session: requests.Session, log: str, update: Update
) -> None:
    session.put(log, json=update(2, version={"message": "two", "minorEdit": True}))
    session.put(log, json=update(3))
    log = log.replace("/api/", "/experimental/")
    part = session.get(f"{log}/version?limit=2").json()
    assert [each["number"] for each in part["results"]] == [3, 2]
    assert part["_links"]["next"].endswith("version?limit=2&start=2")
    two = session.get(f"{log}/version/2").json()
    assert (two["message"], two["minorEdit"], two["by"]["username"]) == ("two", True, "admin")
    assert session.get(f"{log}/version/9").status_code == 404


def test_an_old_version_can_be_deleted_but_not_the_current_one(
    session: requests.Session, log: str, update: Update
) -> None:
    session.put(log, json=update())
    assert session.delete(f"{log}/version/2").status_code == 400
    assert session.delete(f"{log}/version/1").status_code == 204
    assert session.delete(f"{log}/version/1").status_code == 400
    assert session.get(f"{log}?version=1").status_code == 404
    assert session.get(log).json()["version"]["number"] == 2


def test_experimental_versions(
    session: requests.Session, sandbox: Sandbox, log: str, update: Update
) -> None:
    session.put(log, json=update())
    address = f"{sandbox.url}/rest/experimental/content/{LOG_ID}/version"
    assert session.get(address).json()["size"] == 2
    assert session.delete(f"{address}/1").status_code == 204


def test_history(session: requests.Session, log: str, update: Update) -> None:
    session.put(log, json=update())
    history = session.get(f"{log}/history?expand=lastUpdated,previousVersion").json()
    assert history["latest"] is True
    assert history["createdBy"]["username"] == "editor"
    assert history["lastUpdated"]["by"]["username"] == "admin"
    assert history["previousVersion"]["number"] == 1
    assert history["_expandable"] == {}


def test_a_property_from_beginning_to_end(
    session: requests.Session, sandbox: Sandbox, log: str
) -> None:
    new = {"key": "ledger", "value": {"rows": [1, 2]}}
    created = session.post(f"{log}/property", json=new).json()
    assert (created["value"], created["version"]["number"]) == (new["value"], 1)
    changed = {"key": "ledger", "value": [3], "version": {"number": 2}}
    assert session.put(f"{log}/property/ledger", json=changed).json()["id"] == created["id"]
    assert session.put(f"{log}/property/ledger", json=changed).status_code == 409
    assert session.get(f"{log}/property/ledger").json()["value"] == [3]
    assert [each["key"] for each in session.get(f"{log}/property").json()["results"]] == ["ledger"]
    assert session.delete(f"{log}/property/ledger").status_code == 204
    assert session.get(f"{log}/property/ledger").status_code == 404
    assert session.delete(f"{log}/property/ledger").status_code == 404
    assert sandbox.page(LOG_ID).latest == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"key": "a", "value": "text", "version": {"number": 1}}, 400),
        ({"key": "a", "value": ["x" * 32 * 1024], "version": {"number": 1}}, 413),
        ({"key": "b", "value": [], "version": {"number": 1}}, 400),
        ({"key": "a", "value": [], "version": {"number": 2}}, 404),
        ({"key": "a", "value": [], "version": {"number": 1}}, 200),
    ],
)
def test_a_property_that_is_put(
    session: requests.Session, log: str, body: dict[str, Any], status: int
) -> None:
    assert session.put(f"{log}/property/a", json=body).status_code == status


def test_a_property_is_created_once_and_by_those_who_may_edit(
    session: requests.Session, log: str
) -> None:
    new = {"key": "a", "value": []}
    address = f"{log}/property"
    assert requests.post(address, json=new, auth=("reader", "reader"), timeout=5).status_code == 403
    assert session.post(address, json=new).status_code == 200
    assert session.post(address, json=new).status_code == 400
    assert session.post(address, json={"value": []}).status_code == 400


def test_labels_are_added_and_removed(session: requests.Session, log: str) -> None:
    session.post(f"{log}/label", json=[{"prefix": "global", "name": "Log"}, {"name": "ops"}])
    added = session.post(f"{log}/label", json=[{"prefix": "global", "name": "log"}]).json()
    assert [(each["prefix"], each["name"]) for each in added["results"]] == [
        ("global", "log"),
        ("global", "ops"),
    ]
    page = session.get(f"{log}?expand=metadata.labels").json()
    assert [each["name"] for each in page["metadata"]["labels"]["results"]] == ["log", "ops"]
    assert session.delete(f"{log}/label?name=log").status_code == 204
    assert session.delete(f"{log}/label/ops").status_code == 204
    assert session.delete(f"{log}/label/ops").status_code == 404
    assert session.get(f"{log}/label").json()["results"] == []
    assert session.post(f"{log}/label", json=[{"name": "two words"}]).status_code == 400


def test_spaces(session: requests.Session, api: str) -> None:
    new = {"key": "DEV", "name": "Development", "description": {"plain": {"value": "We build"}}}
    created = session.post(f"{api}/space", json=new).json()
    assert created["description"]["plain"]["value"] == "We build"
    home = session.get(f"{api}/content/{created['homepage']['id']}?expand=space").json()
    assert (home["title"], home["space"]["key"]) == ("Development Home", "DEV")
    assert [s["key"] for s in session.get(f"{api}/space").json()["results"]] == ["DEV", "OPS"]
    assert session.get(f"{api}/space?spaceKey=dev").json()["size"] == 1
    assert session.get(f"{api}/space/ops").json()["name"] == "Operations"
    assert session.get(f"{api}/space/NONE").status_code == 404
    assert session.post(f"{api}/space", json=new).status_code == 400
    assert session.post(f"{api}/space", json={"key": "not good", "name": "x"}).status_code == 400
    refused = requests.post(f"{api}/space", json=new, auth=("reader", "reader"), timeout=5)
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("source", "to", "value", "converted"),
    [
        ("storage", "view", "<p>a</p><script>b</script>", "<p>a</p>b"),
        ("storage", "export_view", "<p>&eacute;</p>", "<p>é</p>"),
        ("storage", "styled_view", "<b>a</b>", "a"),
        ("storage", "editor", "<p>a</p>", "<p>a</p>"),
        ("editor", "storage", "<p>a<br/></p>", "<p>a<br /></p>"),
    ],
)
def test_conversion(
    session: requests.Session, api: str, source: str, to: str, value: str, converted: str
) -> None:
    body = {"value": value, "representation": source}
    answer = session.post(f"{api}/contentbody/convert/{to}", json=body).json()
    assert (answer["value"], answer["representation"]) == (converted, to)


@pytest.mark.parametrize(
    ("source", "to", "value"), [("storage", "view", "<p>"), ("view", "storage", "<p />")]
)
def test_conversion_that_is_refused(
    session: requests.Session, api: str, source: str, to: str, value: str
) -> None:
    body = {"value": value, "representation": source}
    assert session.post(f"{api}/contentbody/convert/{to}", json=body).status_code == 400
