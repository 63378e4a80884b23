"""The pictures of the documentation: ``UPDATE_SCREENSHOTS=1 scripts/test tests/browser``."""

import struct
from typing import TYPE_CHECKING

import pytest

from confluence_changelog.sandbox import LOG_ID, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from browser.conftest import Wiki

MOST_BYTES = 150_000


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("page", "/pages/viewpage.action?pageId={}"),
        ("history", "/pages/viewpreviousversions.action?pageId={}"),
        ("diff", "/pages/diffpagesbyversion.action?pageId={}&selectedPageVersions=5"),
        ("mails", "/sandbox/mails"),
    ],
)
def test_pictures(
    story: Sandbox,
    window: "Callable[[Sandbox], Wiki]",
    picture: "Callable[[Page, str], Path]",
    name: str,
    path: str,
) -> None:
    data = picture(window(story).open(path.format(LOG_ID)), name).read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data.startswith(b"\x89PNG")
    assert width == 1200
    assert 300 < height < 3000
    assert len(data) < MOST_BYTES
