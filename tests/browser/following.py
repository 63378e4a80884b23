"""Follows links: a click returns before the browser has gone where it leads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def follow(link: "Locator") -> None:
    """Click, and wait until the browser is there."""
    with link.page.expect_navigation():
        link.click()
