"""The questions that the editor opens with when a configuration change has no message yet. Pure."""

from collections.abc import Sequence

from confluence_changelog.demands import Demands
from confluence_changelog.text import plain

_MOST = 10


def questions(demands: Demands, paths: Sequence[str]) -> list[str]:
    """Return the lines that ask for a message: what changed, and what must be said of it."""
    shown = [f"  {plain(path)}" for path in paths[:_MOST]]
    if len(paths) > _MOST:
        shown.append(f"  … and {len(paths) - _MOST} more")
    limit = f", in {demands.subject_length} characters" if demands.subject_length else ""
    lines = ["This changes:", *shown, "", f"What changes? Say it in the first line{limit}."]
    if demands.reason_words:
        lines.append("Why? Say it below an empty line.")
    lines += [f"Name the ticket: {plain(ticket)}" for ticket in demands.tickets]
    lines += [f"{plain(key)}? Say it in a last line “{plain(key)}: …”." for key in demands.trailers]
    return lines


def fill(text: str, lines: Sequence[str], comment: str) -> str:
    """Put the lines as comments into the text of a message file, before what Git wrote.

    Where Git's scissors line comes first, only what is below it will be dropped: they go there.
    """
    commented = "".join(f"{comment} {line}".rstrip() + "\n" for line in [*lines, ""])
    before, mark, after = text.partition(f"{comment} ")
    if mark and after.startswith("-----"):
        line, end, after = after.partition("\n")
        return f"{before}{mark}{line}{end}{commented}{after}"
    if not before.endswith("\n"):
        before += "\n"
    return f"{before}{commented}{mark}{after}"
