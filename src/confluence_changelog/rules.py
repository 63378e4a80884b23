"""The rules by their ids, which never change once they are released.

Each has a sentence, and an example that passes where the rule is configured as the sentence says.
"""

from typing import NamedTuple

from confluence_changelog.demands import Demands

EXAMPLE = """\
Move the primary resolver to 192.0.2.53

The old resolver leaves the data centre on Friday; clients that still
ask it would lose name resolution."""


class Rule(NamedTuple):
    """What a rule asks for."""

    text: str
    example: str


RULES = {
    "subject-missing": Rule("The first line says what changes.", EXAMPLE),
    "subject-empty": Rule(
        "The first line has a word that says something: not only `fix`, `update`, `wip`, the words "
        "of `empty_words`, or the heading of `git merge --squash`.",
        EXAMPLE,
    ),
    "subject-long": Rule("The first line has at most `subject_length` characters.", EXAMPLE),
    "reason-missing": Rule("The body, below an empty line, says why.", EXAMPLE),
    "reason-repeats": Rule("The body says more than the words of the first line.", EXAMPLE),
    "reason-short": Rule("The body has at least `reason_words` words.", EXAMPLE),
    "revert-reason": Rule(
        "A revert says why, besides Git's own sentence.",
        'Revert "Move the primary resolver to 192.0.2.53"\n\n'
        "This reverts commit 0fdc1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b.\n\n"
        "The new resolver does not answer queries from the branch offices.",
    ),
    "trailer-missing": Rule(
        'The message ends with the trailers of `trailers`, such as `["Risk"]`.',
        f"{EXAMPLE}\n\nRisk: low, the old resolver stays up until Friday",
    ),
    "ticket-missing": Rule(
        "The message names a ticket: `ticket`, such as `'\\bCHG-[0-9]+\\b'`, is found in it.",
        f"{EXAMPLE}\n\nTicket: CHG-1042",
    ),
    "forbidden": Rule("None of the patterns of `forbidden` is found in the message.", EXAMPLE),
    "secret": Rule(
        "The message holds no password, token or key of a known shape; placeholders pass.",
        "Send alerts to the new channel\n\nThe old hook is gone; the address is now "
        "https://alerts:<password>@alerts.example.com.",
    ),
    "corrects-unknown": Rule(
        "A trailer `Corrects` names one commit, by at least 7 digits of its id.",
        f"{EXAMPLE}\n\nCorrects: 0fdc1a2b3c",
    ),
    "autosquash": Rule(
        "No `fixup!`, `squash!` or `amend!` commit reaches a published branch.", EXAMPLE
    ),
}


def example(demands: Demands) -> str:
    """Return a message that shows the shape of what is asked for."""
    if demands.example:
        return demands.example.strip("\n")
    examples = [rule.example for rule in demands.extra if rule.example.strip()]
    if examples and not demands.trailers and not demands.tickets:
        return examples[0].strip("\n")
    lines = [f"{key}: …" for key in demands.trailers]
    lines += [f"Ticket: <what matches {ticket}>" for ticket in demands.tickets]
    return "\n".join([EXAMPLE, "", *lines]) if lines else EXAMPLE
