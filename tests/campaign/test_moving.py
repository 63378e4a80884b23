"""The judge of archives must see what goes wrong with them."""

import pytest

from campaign.page import handmade
from campaign.verdict import Case, Stored, judge

COMMITS = [letter * 40 for letter in "abc"]
HEAD = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
MARK = (
    '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">cl1-archive-7-1</ac:parameter>'
    "</ac:structured-macro>"
)
LINKS = f'<tr><td colspan="4"><p>Older: {MARK}</p></td></tr>'
TYPED = handmade("1 May", "Old token-001x", "By hand")


def row(commit: str) -> str:
    address = f"https://git.example.com/net/config/commit/{commit}#cl1-repo-0123456789ab"
    date = f'<a href="{address}">{commit[:7]}</a>'
    return f"<tr><td>{date}</td><td>Cy</td><td>{commit[:3]}</td><td>x</td></tr>"


def table(*rows: str) -> str:
    return f"<p>Intro</p><table><tbody>{HEAD}{''.join(rows)}</tbody></table>"


ROWS = [row(COMMITS[2]), row(COMMITS[1]), TYPED, row(COMMITS[0])]


def kinds(last: str, *archives: str) -> set[str]:
    """Return what is found where the second version of the log is the last one."""
    versions = [Stored(1, table(*ROWS), False), Stored(2, last, True)]
    parents: dict[str, tuple[str, ...]] = dict.fromkeys(COMMITS, ())
    case = Case(versions, COMMITS, parents, table(TYPED), archives)
    return {finding.kind for finding in judge(case)}


def test_a_good_move_passes() -> None:
    assert kinds(table(*ROWS[:2], LINKS), table(*ROWS[2:])) == set()


@pytest.mark.parametrize(
    ("last", "archives", "found"),
    [
        (table(*ROWS[:2], LINKS), [table(ROWS[3])], {"archive", "handmade"}),
        (table(*ROWS[:2], LINKS), [table(ROWS[3], ROWS[2])], {"archive"}),
        (table(*ROWS[:2], LINKS), [table(*ROWS[1:])], {"archive", "double"}),
        (table(*ROWS[:2], LINKS), [table(TYPED, *ROWS[2:])], {"archive", "handmade"}),
        (table(ROWS[0], *ROWS[2:], LINKS), [table(ROWS[1])], {"archive", "changed"}),
        (table(*ROWS[:2], LINKS) + "<p>x</p>", [table(*ROWS[2:])], {"changed", "page"}),
        (table(*ROWS[:2]), [], {"archive", "missing", "handmade"}),
    ],
)
def test_a_bad_move_is_caught(last: str, archives: list[str], found: set[str]) -> None:
    assert kinds(last, *archives) == found
