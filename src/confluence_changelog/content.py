"""The content of a row's cells: what is shown of an entry, as storage format. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time

from confluence_changelog.dates import shown_in, zone
from confluence_changelog.entry import Entry
from confluence_changelog.fields import DATES, Piece, is_plugged
from confluence_changelog.folding import count, files, limited
from confluence_changelog.given import (
    NOWHERE,
    Given,
    Target,
    author,
    co_authors,
    line,
    linked_line,
    person,
)
from confluence_changelog.markdown import style_of
from confluence_changelog.settings import RowSettings
from confluence_changelog.text import inline

_BRACKETS = {"(": ")", "[": "]", "{": "}", "\uff08": "\uff09"}
_DONE = {"A": "added", "D": "deleted", "R": "renamed", "C": "copied"}

EMPTY_CELL = "<p><br /></p>"
"""How Confluence's editors store an empty cell."""


def cell_content(
    shown: Sequence[Piece],
    entry: Entry,
    settings: RowSettings,
    number: str = "",
    target: Target = NOWHERE,
) -> str:
    """Return the content of a cell: blocks, of which the first holds what stands on one line.

    Of a template whatever is empty leaves no brackets behind; the body and the full message begin
    paragraphs of their own. A cell that can carry an identity, which is a link, holds no others.
    """
    carries = any(piece.field in (*DATES, "commit") for piece in shown)
    style = style_of(settings, linked=not carries)
    given = Given(entry, settings, number, target, style, alone=len(shown) == 1)
    made = [_made(piece, given) for piece in shown]
    if not any(made[index] for index, piece in enumerate(shown) if piece.field):
        made = [] if any(piece.field for piece in shown) else made
    found = [
        (text, piece.field in _BLOCKS or text.startswith("<p>"))
        for piece, text in zip(shown, _tidy(shown, made), strict=False)
    ]
    return "".join(_paragraphs(found)) or EMPTY_CELL


def _made(piece: Piece, given: Given) -> str:
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


def _trailers(given: Given, key: str) -> str:
    wanted = key.lower()
    values = (value for name, value in given.entry.trailers if name.lower() == wanted)
    return linked_line(
        ", ".join(dict.fromkeys(value.strip() for value in values if value.strip())), given
    )


def _diffstat(given: Given, _detail: str) -> str:
    """Return what happened to how many files; counting lines, which reads every blob, is `lines`."""
    statuses = given.entry.statuses
    counts = [(sum(s == letter for s in statuses), word) for letter, word in _DONE.items()]
    told = [f"{number:,} {word}" for number, word in counts if number]
    return ", ".join([f"{count(len(given.entry.paths))} changed", *told])


def _body(given: Given) -> str:
    shown = limited(given.entry.body, given) if given.entry.body.strip() else ""
    return shown or f"<p>{inline(given.settings.missing_reason)}</p>"


def _message(given: Given) -> str:
    text = given.entry.message or f"{given.entry.subject}\n\n{given.entry.body}".strip()
    return limited(text, given) or f"<p>{inline(given.settings.missing_subject)}</p>"


_BLOCKS: dict[str, Callable[[Given], str]] = {"body": _body, "message": _message}
_INLINE: dict[str, Callable[[Given, str], str]] = {
    "date": lambda given, form: _date(given.entry, given.entry.moment, given.settings, form),
    "author-date": lambda given, form: _date(
        given.entry, given.entry.authored, given.settings, form
    ),
    "committer-date": lambda given, form: _date(
        given.entry, given.entry.committed, given.settings, form
    ),
    "merge-date": lambda given, form: _date(
        given.entry, given.entry.merged or given.entry.committed, given.settings, form
    ),
    "author": author,
    "committer": lambda given, _: person(given.entry.committer, given.entry.committer_email, given),
    "co-authors": co_authors,
    "subject": lambda given, _: (
        line(given.entry.subject, given.style) or inline(given.settings.missing_subject)
    ),
    "trailer": _trailers,
    "ticket": lambda given, _: linked_line(", ".join(given.entry.tickets), given),
    "commit": lambda _given, _: "",
    "id": lambda given, _: line(given.entry.abbreviated),
    "branch": lambda given, _: line(given.entry.branch),
    "repository": lambda given, _: line(given.entry.repository),
    "files": files,
    "file-count": lambda given, _: str(len(given.entry.paths)),
    "diffstat": _diffstat,
    "lines": lambda given, _: line(given.entry.lines),
    "number": lambda given, _: line(given.number),
    "version": lambda given, _: line(given.entry.version),
}
