"""Publishing to the sandbox, against the classic procedure and against `append_page`."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from atlassian import Confluence
from measure import interleave
from page import LAYOUT, body, entries
from report import Section
from sizes import SIZES
from wire import Meter, client, create_page, sandbox, session

from confluence_changelog.entry import Entry
from confluence_changelog.publish import publish
from confluence_changelog.row import lay_out
from confluence_changelog.sandbox import TOKEN

OURS, CLASSIC, APPEND = (
    "ours",
    "classic: read, convert, edit, convert back, version, ancestors, write; for each row",
    "atlassian-python-api, `append_page` for each row",
)
_FIELDS = tuple(LAYOUT.table.columns.values())
_VOID = re.compile(r"<(br|col|hr|img)\b([^<>]*?)/?>")
_ABOUT = """\
Rows for new commits go to a page of the sandbox that has {logged:,} of them already. The sandbox runs in \
another process on the same machine, so that seconds hold its work and no network: over a real one each \
request costs more, and the classic way the more. Reading Git is not included. Bytes are those of \
bodies sent and answered. The classic procedure converts to `view`, puts the row into the HTML by its \
text, and converts back, which loses macros; `append_page` cannot put a row into a table, so each row \
comes as a table of its own at the end of the page."""
_NOTES = """\
The ways that publish row by row are measured for up to {by_row:,} rows. Marked with *, nothing was \
measured: the {by_row:,} rows were multiplied, which is too little, since the page grows with each row."""

Publish = Callable[[str, str, str, Sequence[Entry]], None]


def measure(size: str) -> Section:
    """Measure and return the results."""
    sizes = SIZES[size]
    start = body(entries(sizes.logged))
    rows: list[list[str]] = []
    with sandbox() as address:
        for number in sizes.publish:
            by_row = number <= sizes.by_row
            ways = WAYS if by_row else {OURS: ours}
            meters = {name: Meter() for name in ways}
            cases = {
                name: partial(_once, way, address, start, entries(number, seed=7), meters[name])
                for name, way in ways.items()
            }
            rounds = min(sizes.rounds, 5 if number == 1 else 2)
            times = interleave(cases, rounds, to=OURS, warm_up=False)
            for name, meter in meters.items():
                asked, sent = meter.requests // rounds, meter.bytes / rounds
                figures = (f"{asked:,}", _bytes(sent), times[name].shown, times[name].ratio)
                rows.append([f"{number:,}", name, *figures])
                _last[name] = (number, asked, sent, min(times[name].seconds))
            if not by_row:
                rows += [_multiplied(name, number) for name in WAYS if name != OURS]
    about = _ABOUT.format(logged=sizes.logged)
    header = ("commits", "way", "requests", "bytes", "time", "ratio to ours")
    return Section("Publishing", about, header, rows, _NOTES.format(by_row=sizes.by_row))


_last: dict[str, tuple[int, int, float, float]] = {}
"""The largest measurement of each way: rows, requests, bytes, least seconds."""


def _multiplied(name: str, number: int) -> list[str]:
    rows, asked, sent, seconds = _last[name]
    ours_seconds = _last[OURS][3]
    times = number / rows
    return [
        f"{number:,}",
        name,
        f"{asked * times:,.0f}*",
        f"over {_bytes(sent * times)}*",
        f"over {seconds * times:,.0f} s*",
        f"over {seconds * times / ours_seconds:,.0f}*",
    ]


def _once(way: Publish, address: str, start: str, new: list[Entry], meter: Meter) -> None:
    """Publish to a new page; making it is in the time of every way, and not counted."""
    page_id, title = create_page(address, start)
    with meter.counting():
        way(address, page_id, title, new)


def ours(address: str, page_id: str, _title: str, new: Sequence[Entry]) -> None:
    """Publish all in one go."""
    with client(address) as confluence:
        publish(confluence, page_id, new, LAYOUT, placements=lambda _missing, _logged: {})


def classic(address: str, page_id: str, title: str, new: Sequence[Entry]) -> None:
    """Publish row by row, as the first version of this tool and many scripts do."""
    with session() as web:

        def ask(method: str, path: str, **options: object) -> dict:
            answer = web.request(method, f"{address}/rest/api/{path}", **options)
            answer.raise_for_status()
            return answer.json()

        def convert(value: str, source: str, to: str) -> str:
            sent = {"value": value, "representation": source}
            return ask("POST", f"contentbody/convert/{to}", json=sent)["value"]

        for entry in reversed(new):
            page = ask("GET", f"content/{page_id}", params={"expand": "body.storage,space"})
            view = convert(page["body"]["storage"]["value"], "storage", "view")
            header, found, rest = view.partition("Why</th></tr>")
            row = lay_out(entry, _FIELDS, LAYOUT.row).storage
            if not found:
                raise RuntimeError("the log table is not in the view")
            edited = _VOID.sub(r"<\1\2/>", header + found + row + rest)
            storage = convert(edited, "editor", "storage")
            version = ask("GET", f"content/{page_id}", params={"expand": "version"})["version"]
            above = ask("GET", f"content/{page_id}", params={"expand": "ancestors"})["ancestors"]
            payload = {
                "id": page_id,
                "type": "page",
                "title": title,
                "space": {"key": page["space"]["key"]},
                "version": {"number": version["number"] + 1},
                "ancestors": [{"id": each["id"]} for each in above[-1:]],
                "body": {"storage": {"value": storage, "representation": "storage"}},
            }
            ask("PUT", f"content/{page_id}", json=payload)


def append(address: str, page_id: str, title: str, new: Sequence[Entry]) -> None:
    """Append a table for each row."""
    confluence = Confluence(url=address, token=TOKEN)
    for entry in reversed(new):
        row = lay_out(entry, _FIELDS, LAYOUT.row).storage
        confluence.append_page(page_id, title, f"<table><tbody>{row}</tbody></table>")
    confluence.close()


WAYS: dict[str, Publish] = {OURS: ours, CLASSIC: classic, APPEND: append}


def _bytes(number: float) -> str:
    return f"{number / 1e6:,.2f} MB" if number >= 1e5 else f"{number / 1e3:,.1f} kB"
