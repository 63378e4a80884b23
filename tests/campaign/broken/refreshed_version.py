"""A broken publisher: after a conflict it refreshes the version number under its old body."""

from dataclasses import replace

from confluence_changelog.cli import main
from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.page import Page

_read_page = DataCenter.read_page
_first: list[Page] = []


def _read_once(client: DataCenter, page_id: str) -> Page:
    page = _read_page(client, page_id)
    _first.append(page)
    return replace(page, body=_first[0].body)


DataCenter.read_page = _read_once
raise SystemExit(main())
