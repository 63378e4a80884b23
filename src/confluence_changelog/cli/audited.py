"""Says what an audit found: to people, to machines, and to CI systems."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from confluence_changelog.audit import CHECKS, Check, Finding, Takeover
from confluence_changelog.auditing import Examination, Subject
from confluence_changelog.cli import output
from confluence_changelog.junit import Case, junit
from confluence_changelog.logs import name_of
from confluence_changelog.message import parse_message
from confluence_changelog.placement import is_oldest_first
from confluence_changelog.policy import quoted
from confluence_changelog.redact import redact
from confluence_changelog.storage.visible import visible_text
from confluence_changelog.text import clean, plain

_SHOWN = 20
_LONGEST_ROW = 120


class _Words(NamedTuple):
    one: str
    many: str
    remedy: str


_WORDS: Mapping[Check, _Words] = {
    "missing": _Words(
        "1 commit has no row",
        "{:,} commits have no row",
        "run confluence-changelog audit --fix",
    ),
    "vanished": _Words(
        "1 row has a commit that no branch holds: history was rewritten, or not fetched",
        "{:,} rows have commits that no branch holds: history was rewritten, or not fetched",
        "run git fetch; a commit that says the same takes the row over with --fix; else delete the "
        "row on the page, or the link beside its date to keep it as a row made by hand",
    ),
    "double": _Words(
        "1 commit has several rows",
        "{:,} commits have several rows",
        "delete all but one of them on the page",
    ),
    "altered": _Words(
        "1 row was altered by hand",
        "{:,} rows were altered by hand",
        "restore the row from the page's history; or delete it and run audit --fix, which publishes "
        "it anew",
    ),
    "unproven": _Words(
        "1 row lost its digest and is not what its commit gives now",
        "{:,} rows lost their digest and are not what their commits give now",
        "compare the row with the commit; delete it and run audit --fix, which publishes it anew",
    ),
    "uncorrected": _Words(
        "1 row does not show the correction of its commit",
        "{:,} rows do not show the corrections of their commits",
        "run confluence-changelog audit --fix; a row that was altered by hand has to be restored first",
    ),
    "order": _Words(
        "1 row is out of order",
        "{:,} rows are out of order",
        "move the row on the page; or delete it and run audit --fix, which puts it in its place",
    ),
}


def show(form: str, what: Subject, found: Examination, taken: Takeover) -> None:
    """Print what was found, as text or JSON."""
    {"text": _text, "json": _json}[form](what, found, taken)


def _text(what: Subject, found: Examination, taken: Takeover) -> None:
    audit, title = found.audit, plain(found.page.title)
    head = (
        f"{output.count(audit.commits, 'commit')} {'in scope' if what.whole else 'of the range'}, "
        f"{output.count(audit.rows, 'row')} on {title!r}, version {found.page.version}: "
    )
    if not audit.findings:
        head += "each commit has exactly one row, unaltered and in order."
    else:
        head += f"{output.count(len(audit.findings), 'finding')}."
    output.result(head)
    for check, words in _WORDS.items():
        if group := audit.of(check):
            _group(group, words, what, found, taken)
    if what.whole and audit.elsewhere:
        output.note(
            f"{output.count(audit.elsewhere, 'row')} of commits that are out of scope: no finding, "
            "the scope was another one when they were published."
        )
    output.result(f"\n{found.page.address}" if audit.findings else found.page.address)
    if len(found.sheets.pages) > 1:
        output.note(
            f"{output.count(len(found.sheets.pages) - 1, 'archive')} of the log audited with it."
        )


def _group(
    group: list[Finding], words: _Words, what: Subject, found: Examination, taken: Takeover
) -> None:
    heading = words.one if len(group) == 1 else words.many.format(len(group))
    output.result(f"\n{heading}:")
    for finding in group[:_SHOWN]:
        output.result(f"  {_line(finding, what, found, taken)}")
    if len(group) > _SHOWN:
        output.result(f"  … and {len(group) - _SHOWN:,} more (--format json lists all)")
    output.result(f"  To mend it: {words.remedy}.")


def _line(finding: Finding, what: Subject, found: Examination, taken: Takeover) -> str:
    """Return a finding in one line: which commit, which rows, and what stands there."""
    commit = finding.commit[:10]
    if finding.check == "missing":
        return f"{commit} {_subject(finding, what)}{_claim(finding, taken)}"
    rows = " and ".join(_place(row, found) for row in finding.rows)
    line = f"{rows}, {commit}: {_shown(finding.rows[0], found)}"
    if finding.check == "order":
        is_above = finding.other > finding.rows[0]
        where = "above" if is_above else "below"
        when = "later" if is_above != is_oldest_first(what.config.table) else "earlier"
        line += f" (stands {where} {_place(finding.other, found)}, whose commit came {when})"
    elif finding.check == "vanished" and finding.commit in taken.successors:
        line += f" ({taken.successors[finding.commit][:10]} says the same)"
    return line


def _place(row: int, found: Examination) -> str:
    """Return which row it is, as people count, and of which archive."""
    sheet = found.sheets.of(row)
    number = f"row {row - sheet.first + 1}"
    return f"{number} of {plain(sheet.page.title)!r}" if sheet.first else number


def _claim(finding: Finding, taken: Takeover) -> str:
    """Say why a commit cannot have the row of a vanished one."""
    if rivals := taken.unclear.get(finding.commit):
        which = ", ".join(sorted({commit[:10] for commit in rivals}))
        return (
            f" (is it {which} rewritten? several say the same: delete their rows, or publish "
            f"--commit {finding.commit[:10]})"
        )
    return ""


def _subject(finding: Finding, what: Subject) -> str:
    commit = what.scope.get(finding.commit)
    return plain(quoted(parse_message(commit.message).subject)) if commit else ""


def _shown(row: int, found: Examination) -> str:
    """Return the text of a row on one line, cut, and without secrets."""
    sheet = found.sheets.of(row)
    place = sheet.log.table.table.rows[row - sheet.first]
    text = " | ".join(visible_text(sheet.page.body[place.start : place.end]).splitlines())
    safe = plain(redact(clean(text))[0])
    return safe if len(safe) <= _LONGEST_ROW else f"{safe[: _LONGEST_ROW - 1].rstrip()}…"


def _json(what: Subject, found: Examination, taken: Takeover) -> None:
    page, audit = found.page, found.audit
    output.result_json(
        {
            "clean": not audit.findings,
            "page": {
                "id": page.id,
                "title": page.title,
                "version": page.version,
                "url": page.address,
            },
            "whole_scope": what.whole,
            "commits": audit.commits,
            "rows": audit.rows,
            "rows_out_of_scope": audit.elsewhere,
            "findings": [_finding_json(finding, what, found, taken) for finding in audit.findings],
        }
    )


def _finding_json(
    finding: Finding, what: Subject, found: Examination, taken: Takeover
) -> dict[str, object]:
    return {
        "check": finding.check,
        "commit": finding.commit,
        "subject": _subject(finding, what),
        "rows": [_row_json(row, found) for row in finding.rows],
        "beside_row": _row_json(finding.other, found)["number"] if finding.other >= 0 else None,
        "taken_over_by": taken.successors.get(finding.commit),
        "rewritten_from": list(taken.unclear.get(finding.commit, ())),
        "message": plain(_line(finding, what, found, taken)),
        "remedy": _WORDS[finding.check].remedy,
    }


def _row_json(row: int, found: Examination) -> dict[str, object]:
    sheet = found.sheets.of(row)
    shown = {"number": row - sheet.first + 1, "text": _shown(row, found)}
    return {**shown, "page": sheet.page.id} if sheet.first else shown


def cases(what: Subject, found: Examination, taken: Takeover) -> list[Case]:
    """Return one test for each finding, and one for each check that found nothing."""
    name = name_of(what.config)
    suite = f"audit.{name}" if name else "audit"
    made: list[Case] = []
    for check, proof in CHECKS.items():
        group = [
            Case(
                f"{suite}.{check}",
                finding.commit,
                _line(finding, what, found, taken),
                f"{_line(finding, what, found, taken)}\nTo mend it: {_WORDS[check].remedy}.",
            )
            for finding in found.audit.of(check)
        ]
        made += group or [Case(f"{suite}.{check}", proof)]
    return made


def show_junit(cases: Sequence[Case]) -> None:
    """Print tests as a JUnit document."""
    output.result(junit("confluence-changelog audit", cases).rstrip("\n"))
