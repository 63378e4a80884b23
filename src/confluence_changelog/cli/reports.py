"""What a check found, in the forms that machines and CI systems read. Pure.

Nothing that a commit says becomes mark-up or a command of a CI system in any of them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from confluence_changelog.cli.findings import Finding, example_text, plain_line
from confluence_changelog.config import FILE_NAME
from confluence_changelog.junit import Case, junit
from confluence_changelog.policy import Violation, quoted
from confluence_changelog.redact import redact
from confluence_changelog.text import clean, cut, json_safe, plain

_ROWS = 20
_COMMITS = 50
"""Rows and refused commits in a summary, of which GitHub takes a MiB a step."""
_LONGEST_CELL = 600
_SUITE = "confluence-changelog check"
_LINKED = "@#:"
"""What begins a mention, a reference and an emoji where Markdown is shown."""


class Result(NamedTuple):
    """What a check found."""

    findings: tuple[Finding, ...]
    """Of each commit that the policy binds."""
    remedy: str
    """What to do when something is refused; else empty."""
    columns: tuple[str, ...] = ()
    """The headers of the log table."""
    rows: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Commit -> the text of the cells of its row, as it will look; those without a row left out."""

    @property
    def refuses(self) -> bool:
        """Whether anything is refused."""
        return any(finding.refuses for finding in self.findings)


def render(form: str, result: Result) -> str:
    """Return the result in one of `FORMS`."""
    return FORMS[form](result)


def row_lines(result: Result) -> Iterator[str]:
    """Yield the rows as they will look, one a line, safe to print."""
    for cells in result.rows.values():
        yield " | ".join(_shown(cell) for cell in cells)


def _json(result: Result) -> str:
    found = [
        {
            "commit": finding.id or None,
            "subject": plain(quoted(finding.subject)),
            "violations": [
                {
                    "rule": violation.rule,
                    "severity": "warning" if violation.is_warning else "error",
                    "message": plain(violation.text),
                }
                for violation in finding.violations
            ],
            **({"row": list(result.rows[finding.id])} if finding.id in result.rows else {}),
        }
        for finding in result.findings
    ]
    return f"{json_safe(json.dumps(found, ensure_ascii=False, indent=2))}\n"


def _annotations(result: Result) -> str:
    """Return GitHub's workflow commands, one a line (GitHub: workflow commands; runner: escapes)."""
    lines = [
        _annotation(finding, violation)
        for finding in result.findings
        for violation in finding.violations
    ]
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding, violation: Violation) -> str:
    command = "warning" if violation.is_warning else "error"
    title = _escaped(plain(f"confluence-changelog {violation.rule}"))
    title = title.replace(":", "%3A").replace(",", "%2C")
    return f"::{command} title={title}::{_escaped(_sentence(finding, violation))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _code_quality(result: Result) -> str:
    """Return GitLab's form of a code quality report (GitLab: "Code Quality", import other tools)."""
    found = [
        {
            "description": _sentence(finding, violation),
            "check_name": f"confluence-changelog/{violation.rule}",
            "fingerprint": _fingerprint(finding, violation),
            "severity": _severity(violation),
            "location": {"path": _path(finding), "lines": {"begin": 1}},
        }
        for finding in result.findings
        for violation in finding.violations
    ]
    return f"{json_safe(json.dumps(found, ensure_ascii=False, indent=2))}\n"


def _severity(violation: Violation) -> str:
    if violation.rule == "secret":
        return "critical"
    return "minor" if violation.is_warning else "major"


def _fingerprint(finding: Finding, violation: Violation) -> str:
    """Return what is the same in each run over the same commit, and else different."""
    parts = (finding.id or finding.subject, violation.rule, violation.text)
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _path(finding: Finding) -> str:
    return redact(clean(finding.path))[0].replace("\n", " ") or FILE_NAME


def _junit(result: Result) -> str:
    cases = [_case(finding, result) for finding in result.findings]
    return junit(_SUITE, cases or [Case("check", "no commit is bound by the policy")])


def _case(finding: Finding, result: Result) -> Case:
    errors = [item for item in finding.violations if not item.is_warning]
    warnings = [item for item in finding.violations if item.is_warning]
    said = [f"warning: {_violation(item)}" for item in warnings]
    cells = result.rows.get(finding.id, ())
    said += [
        f"{plain(name)}: {_shown(cell)}" for name, cell in zip(result.columns, cells, strict=False)
    ]
    details = ""
    if errors:
        details = "\n".join([*map(_violation, errors), "", _remedy(finding, result)])
    return Case(
        "check",
        _name(finding),
        " ".join(map(_violation, errors)),
        details,
        "\n".join(said),
    )


def _markdown(result: Result) -> str:
    """Return a summary for people: the refusal with its remedy, or the rows as they will look."""
    lines = ["## confluence-changelog", ""]
    if not result.findings:
        lines.append("No commit is bound by the policy.")
    found = [finding for finding in result.findings if finding.violations]
    for finding in found[:_COMMITS]:
        lines += [f"**{_marked(_name(finding))}**", ""]
        lines += [f"- {_label(item)} {_marked(_violation(item))}" for item in finding.violations]
        lines.append("")
    if len(found) > _COMMITS:
        lines += [f"… and {len(found) - _COMMITS:,} more commits.", ""]
    refused = next((finding for finding in result.findings if finding.refuses), None)
    if refused is not None:
        lines.append(f"<pre>{_marked(_remedy(refused, result))}</pre>")
    elif result.findings:
        lines += ["Every message says what changes and why.", "", *_table(result)]
    return "\n".join(lines).rstrip() + "\n"


def _label(violation: Violation) -> str:
    return "warning:" if violation.is_warning else "**refused:**"


def _table(result: Result) -> Iterator[str]:
    if not result.rows:
        return
    one = len(result.rows) == 1
    yield f"{'The row as the log will show it' if one else 'The rows as the log will show them'}:"
    yield ""
    yield _markdown_row(result.columns)
    yield "|---" * len(result.columns) + "|"
    rows = [*result.rows.values()]
    for cells in rows[:_ROWS]:
        yield _markdown_row(cells)
    if len(rows) > _ROWS:
        yield f"\n… and {len(rows) - _ROWS:,} more."


def _markdown_row(cells: tuple[str, ...]) -> str:
    marked = ("<br>".join(map(_marked, _cut(cell).split("\n"))) for cell in cells)
    return f"| {' | '.join(marked)} |"


def _marked(text: str) -> str:
    """Return text that stays text in Markdown, in HTML, and for what links mentions and the like.

    CommonMark: a character reference cannot stand for what gives structure.
    """
    return "\n".join("".join(map(_reference, plain_line(line))) for line in text.split("\n"))


def _reference(character: str) -> str:
    if character.isalnum() or character in " ,-" or not character.isascii():
        return character
    reference = f"&#{ord(character)};"
    return f"<span>{reference}</span>" if character in _LINKED else reference


def _remedy(finding: Finding, result: Result) -> str:
    text = f"{example_text(finding.demands)}\n{result.remedy}".rstrip()
    return "\n".join(map(plain_line, text.split("\n")))


def _sentence(finding: Finding, violation: Violation) -> str:
    return plain(f"{_name(finding)}: {violation.text}")


def _violation(violation: Violation) -> str:
    return plain(f"{violation.text} [{violation.rule}]")


def _name(finding: Finding) -> str:
    return plain(f"{finding.abbreviated} {quoted(finding.subject)}")


def _shown(cell: str) -> str:
    return plain(_cut(cell))


def _cut(cell: str) -> str:
    text, was_cut = cut(cell, _LONGEST_CELL)
    return f"{text} …" if was_cut else text


FORMS: Mapping[str, Callable[[Result], str]] = {
    "json": _json,
    "github": _annotations,
    "gitlab": _code_quality,
    "junit": _junit,
    "markdown": _markdown,
}
"""The names of the forms."""
