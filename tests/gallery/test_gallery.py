"""The gallery: logs as teams keep them, published to from real repositories by the command line.

``UPDATE_GALLERY=1 scripts/test tests/gallery`` writes the pages as they are sent to ``after.xml``, to be
looked at before they are committed; everything else is compared all the same.
"""

import json
import os
import re
from collections.abc import Iterator

import pytest
import requests
from lxml import etree

from confluence_changelog.cli import main
from confluence_changelog.confluence.page import Flavour
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.sandbox.save import literal_entities, save
from confluence_changelog.storage.xml import epilogue, prologue
from gallery.making import commit_all
from gallery.reading import Log, every_log, is_empty, new_rows, read, row_at
from support.repositories import RepoFactory
from support.sites import name_in_environment

UPDATE = bool(os.environ.get("UPDATE_GALLERY"))
LOGS = [read(folder) for folder in every_log()]
MACRO_ID = re.compile(r' ac:macro-id="[^"]*"')


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[Flavour, Sandbox]]:
    """One sandbox of each flavour."""
    with Sandbox() as data_center, Sandbox(flavour="cloud") as cloud:
        yield {"data-center": data_center, "cloud": cloud}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return what every write sends, to the byte; it is sent all the same."""
    found: list[bytes] = []
    send = requests.Session.send

    def recording(
        self: requests.Session, request: requests.PreparedRequest, **how: object
    ) -> requests.Response:
        if request.method == "PUT":
            assert isinstance(request.body, bytes)
            found.append(request.body)
        return send(self, request, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.Session, "send", recording)
    return found


def test_the_gallery_is_large() -> None:
    """Many makes, both kinds of Confluence, and many shapes that others' pages have."""
    assert len(LOGS) >= 25
    assert {log.flavour for log in LOGS} == {"data-center", "cloud"}
    assert sum(bool(log.shape) for log in LOGS) >= 12


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.folder.name)
def test_log(
    log: Log,
    sites: dict[Flavour, Sandbox],
    sent: list[bytes],
    make_repo: RepoFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sandbox = sites[log.flavour]
    sandbox.reset()
    sandbox.set_body(LOG_ID, log.before)
    name_in_environment(sandbox, monkeypatch)
    monkeypatch.chdir(commit_all(log, make_repo()).path)

    assert main(["publish", "--range", "HEAD", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["published"]) == len(log.commits) == len(log.rows)
    after = body_of(sent)
    if UPDATE:
        (log.folder / "after.xml").write_bytes(after.encode())
    assert after == read(log.folder).after
    assert stored(sandbox, log.flavour) == after_a_save(after, log.flavour)

    assert is_all(parts_around(after), log.before, log.filled)
    assert table_rows(after, log) == list(log.rows)

    assert main(["publish", "--range", "HEAD"]) == 0
    assert len(sent) == 1
    assert main(["audit", "--range", "HEAD"]) == 0, capsys.readouterr().out


def body_of(sent: list[bytes]) -> str:
    """Return the page body of the only write."""
    (data,) = map(json.loads, sent)
    body = data["body"]
    value = body["storage"]["value"] if "storage" in body else body["value"]
    assert isinstance(value, str)
    return value


def stored(sandbox: Sandbox, flavour: Flavour) -> str:
    """Return the page as it is stored, without the random ids that macros got."""
    return MACRO_ID.sub("", sandbox.page(LOG_ID).storage)


def after_a_save(storage: str, flavour: Flavour) -> str:
    saved = MACRO_ID.sub("", save(storage, new_id=lambda: ""))
    return literal_entities(saved) if flavour == "cloud" else saved


def parts_around(after: str) -> list[str]:
    """Return what stands before, between and behind the new rows."""
    rows = new_rows(after)
    ends, starts = [0, *(row.end() for row in rows)], [*(row.start() for row in rows), len(after)]
    return [after[end:start] for end, start in zip(ends, starts, strict=True)]


def is_all(parts: list[str], before: str, filled: int) -> bool:
    """Tell whether the parts are all of the page before, but for so many prepared rows in between."""
    part, *rest = parts
    if not before.startswith(part):
        return False
    before = before.removeprefix(part)
    if not rest:
        return not before and not filled
    return is_all(rest, before, filled) or (
        filled > 0
        and (row := row_at(before)) is not None
        and is_empty(row)
        and is_all(rest, before.removeprefix(row), filled - 1)
    )


def table_rows(after: str, log: Log) -> list[tuple[str, ...]]:
    """Return the texts of the new rows as lxml sees them; they stand where they belong."""
    root = etree.fromstring(prologue() + after + epilogue())
    found = [row for row in root.iter("tr") if is_new(row)]
    table = next(found[0].iterancestors("table"))
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    block = rows[log.first : log.first + len(log.rows)]
    assert found == block
    return [tuple(text_of(cell) for cell in row.iterchildren("td", "th")) for row in block]


def is_new(row: etree._Element) -> bool:
    return "cl1-" in etree.tostring(row, encoding="unicode") and row.find(".//tr") is None


def text_of(cell: etree._Element) -> str:
    """Return what a reader sees of a cell on one line, but for the id of its commit."""
    if cell.tag == "a" and "#cl1-" in cell.get("href", ""):
        return ""
    if str(cell.tag).endswith("}parameter"):
        return ""
    pieces = [cell.text or ""]
    if cell.tag == "time":
        pieces.append(cell.get("datetime", ""))
    for child in cell:
        block = child.tag in ("p", "li", "br", "ul", "ol", "div")
        pieces += [" " * block, text_of(child), " " * block, child.tail or ""]
    text = "".join(pieces)
    return " ".join(text.split()) if cell.tag in ("td", "th") else text
