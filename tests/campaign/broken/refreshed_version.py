"""A broken publisher: after a conflict it refreshes the version number under its old body."""

from dataclasses import replace

from confluence_changelog.cli import main
from confluence_changelog.confluence.cloud import Cloud
from confluence_changelog.confluence.data_center import DataCenter
from confluence_changelog.confluence.page import Page

_read_page = {kind: kind.read_page for kind in (Cloud, DataCenter)}
_first: list[Page] = []


def _read_once(client: Cloud | DataCenter, page_id: str) -> Page:
    page = _read_page[type(client)](client, page_id)
    _first.append(page)
    return replace(page, body=_first[0].body)


Cloud.read_page = DataCenter.read_page = _read_once
raise SystemExit(main())
