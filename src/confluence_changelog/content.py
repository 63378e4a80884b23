"""The content of a row's cells: what is shown of an entry, as storage format. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from confluence_changelog.dates import shown_in, zone
from confluence_changelog.entry import Entry
from confluence_changelog.fields import Piece, is_plugged
from confluence_changelog.settings import RowSettings
from confluence_changelog.text import blocks, cut, inline

_LONGEST_LINE = 1000
"""Characters of a subject or a name that are shown: a commit can hold more than a page can."""
_FILES = 10
"""Paths that are shown where no number is configured."""
_BRACKETS = {"(": ")", "[": "]", "{": "}", "\uff08": "\uff09"}
_DONE = {"A": "added", "D": "deleted", "R": "renamed", "C": "copied"}

EMPTY_CELL = "<p><br /></p>"
"""How Confluence's editors store an empty cell."""


class _Given(NamedTuple):
    """What a cell is made from."""

    entry: Entry
    settings: RowSettings
    number: str


def cell_content(
    shown: Sequence[Piece], entry: Entry, settings: RowSettings, number: str = ""
) -> str:
    """Return the content of a cell: blocks, of which the first holds what stands on one line.

    Of a template whatever is empty leaves no brackets behind; the body and the full message begin
    paragraphs of their own.
    """
    given = _Given(entry, settings, number)
    made = [_made(piece, given) for piece in shown]
    if not any(made[index] for index, piece in enumerate(shown) if piece.field):
        made = [] if any(piece.field for piece in shown) else made
    found = [
        (text, piece.field in _BLOCKS)
        for piece, text in zip(shown, _tidy(shown, made), strict=False)
    ]
    return "".join(_paragraphs(found)) or EMPTY_CELL


def attribute(escaped: str) -> str:
    """Return escaped text as it stands between quotation marks."""
    return escaped.replace('"', "&quot;")


def _made(piece: Piece, given: _Given) -> str:
    if not piece.field:
        return _literal(piece.detail)
    if piece.field in _BLOCKS:
        return _BLOCKS[piece.field](given)
    if is_plugged(piece.field):
        return line(dict(given.entry.extra).get(piece.field, ""))
    return _INLINE[piece.field](given, piece.detail)


def _literal(text: str) -> str:
    """Return text of the configuration; white space at its ends separates it from fields."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{inline(text)}{after}"


def _tidy(shown: Sequence[Piece], made: Sequence[str]) -> list[str]:
    """Take away the brackets around what is empty."""
    texts = list(made)
    for index in range(1, len(texts) - 1):
        before, after = texts[index - 1].rstrip(), texts[index + 1].lstrip()
        literal = not shown[index - 1].field and not shown[index + 1].field
        if literal and not texts[index] and _BRACKETS.get(before[-1:]) == after[:1] != "":
            texts[index - 1], texts[index + 1] = before[:-1].rstrip(), after[1:]
    return texts


def _paragraphs(made: Sequence[tuple[str, bool]]) -> Iterator[str]:
    run = ""
    for text, is_block in made:
        if not is_block:
            run += text
            continue
        if run.strip():
            yield f"<p>{run.strip()}</p>"
        run = ""
        yield text
    if run.strip():
        yield f"<p>{run.strip()}</p>"


def line(text: str, *, code: bool = False) -> str:
    """Return a text as one line of mark-up, cut where it is too long to be one."""
    shown, was_cut = cut(text, _LONGEST_LINE)
    return inline(f"{shown} …" if was_cut else shown, code=code)


def _date(entry: Entry, moment: datetime | None, settings: RowSettings, form: str) -> str:
    """Return a date as Confluence's own, or as text where a format is configured."""
    found = moment or datetime.combine(entry.date, time())
    where = zone(settings.date_zone)
    if where and moment:
        try:
            found = moment.astimezone(where)
        except OverflowError:
            found = moment
    form = form or settings.date_format
    if form:
        return inline(shown_in(found, form))
    return _time(found.date())


def _time(day: date) -> str:
    return f'<time datetime="{day.isoformat()}" />'


def date_content(day: date, settings: RowSettings, form: str = "") -> str:
    """Return the content of a cell that shows a date, as the dates of commits are shown."""
    form = form or settings.date_format
    shown = inline(shown_in(datetime.combine(day, time()), form)) if form else _time(day)
    return f"<p>{shown}</p>"


def _authors(entry: Entry) -> str:
    return (
        f"{entry.author} (with {', '.join(entry.co_authors)})" if entry.co_authors else entry.author
    )


def _trailers(given: _Given, key: str) -> str:
    wanted = key.lower()
    values = (value for name, value in given.entry.trailers if name.lower() == wanted)
    return line(", ".join(dict.fromkeys(value.strip() for value in values if value.strip())))


def _files(given: _Given, limit: str) -> str:
    paths, most = given.entry.paths, int(limit) if limit else _FILES
    shown = [f"<code>{line(path)}</code>" for path in paths[:most]]
    if rest := len(paths) - len(shown):
        shown.append(f"… {rest:,} more" if shown else _count(rest))
    return "<br />".join(shown)


def _count(number: int) -> str:
    return f"{number:,} file" if number == 1 else f"{number:,} files"


def _diffstat(given: _Given, _detail: str) -> str:
    """Return what happened to how many files; lines are not counted, which would read every blob."""
    statuses = given.entry.statuses
    counts = [(sum(s == letter for s in statuses), word) for letter, word in _DONE.items()]
    told = [f"{number:,} {word}" for number, word in counts if number]
    return ", ".join([f"{_count(len(given.entry.paths))} changed", *told])


def _limited(text: str, given: _Given) -> str:
    """Return text as blocks; of a longer one the beginning, and a link to the commit."""
    text, was_cut = cut(text, given.settings.body_limit)
    shown = blocks(text)
    if not was_cut or not shown:
        return shown
    rest = "continues in the commit"
    if given.entry.url:
        rest = f'<a href="{attribute(inline(given.entry.url))}">{rest}</a>'
    return f"{shown}<p>… {rest}</p>"


def _body(given: _Given) -> str:
    shown = _limited(given.entry.body, given) if given.entry.body.strip() else ""
    return shown or f"<p>{inline(given.settings.missing_reason)}</p>"


def _message(given: _Given) -> str:
    text = given.entry.message or f"{given.entry.subject}\n\n{given.entry.body}".strip()
    return _limited(text, given) or f"<p>{inline(given.settings.missing_subject)}</p>"


_BLOCKS: dict[str, Callable[[_Given], str]] = {"body": _body, "message": _message}
_INLINE: dict[str, Callable[[_Given, str], str]] = {
    "date": lambda given, form: _date(given.entry, given.entry.moment, given.settings, form),
    "author-date": lambda given, form: _date(
        given.entry, given.entry.authored, given.settings, form
    ),
    "committer-date": lambda given, form: _date(
        given.entry, given.entry.committed, given.settings, form
    ),
    "author": lambda given, _: line(_authors(given.entry)),
    "committer": lambda given, _: line(given.entry.committer),
    "co-authors": lambda given, _: line(", ".join(given.entry.co_authors)),
    "subject": lambda given, _: (
        line(given.entry.subject, code=True) or inline(given.settings.missing_subject)
    ),
    "trailer": _trailers,
    "ticket": lambda given, _: line(", ".join(given.entry.tickets)),
    "commit": lambda _given, _: "",
    "id": lambda given, _: line(given.entry.abbreviated),
    "branch": lambda given, _: line(given.entry.branch),
    "repository": lambda given, _: line(given.entry.repository),
    "files": _files,
    "file-count": lambda given, _: str(len(given.entry.paths)),
    "diffstat": _diffstat,
    "number": lambda given, _: line(given.number),
    "version": lambda given, _: line(given.entry.version),
}
