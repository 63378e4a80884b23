"""The verdict finds each fault on a page that has it, and none on a page that has none."""

import pytest

from campaign.page import handmade, link
from campaign.verdict import Case, Stored, judge

A, B, C, D = (letter * 40 for letter in "abcd")
PARENTS = {A: (), B: (A,), C: (A,), D: (B, C)}
"""B and C descend from A; D merges them."""
OLD, RELAY = handmade("1 May", link(C), D), handmade("2 May", "Relay", "By hand")


def row(commit: str, text: str = "") -> str:
    date = f"<p>{link(commit, '#cl1-repo-0123456789ab')}</p>"
    return f"<tr><td>{date}</td><td>Ada</td><td>{text or B}</td><td>{A}</td></tr>"


def body(*rows: str, text: str = "Intro") -> str:
    head = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
    return f"<p>{text}</p><table><tbody>{head}{''.join(rows)}</tbody></table>"


def kinds(
    *bodies: str, alone: str = "", hand: tuple[int, ...] = (0,), corrected: bool = False
) -> set[str]:
    """Return what is found; the versions in `hand`, counted from 0, are the other hand's."""
    texts = {B: "Corrected"} if corrected else {}
    versions = [Stored(number + 1, text, number not in hand) for number, text in enumerate(bodies)]
    case = Case(versions, [A, B, C], PARENTS, alone or body(OLD, RELAY), None, texts)
    return {finding.kind for finding in judge(case)}


EMPTY = body(OLD, RELAY)
FULL = body(row(C), row(B), row(A), OLD, RELAY)


def test_a_page_as_it_should_be() -> None:
    assert kinds(EMPTY, body(row(B), OLD, RELAY), body(row(B), row(A), OLD, RELAY), FULL) == set()


def test_a_row_that_its_descendant_was_there_before() -> None:
    assert kinds(EMPTY, body(row(B), OLD, RELAY), FULL) == set()


def test_an_edit_of_the_other_hand() -> None:
    alone = body(handmade("3 May", "token-001x", ""), OLD, RELAY)
    both = body(handmade("3 May", "token-001x", ""), row(C), row(B), row(A), OLD, RELAY)
    assert kinds(EMPTY, FULL, both, alone=alone, hand=(0, 2)) == set()


def test_stamps_of_an_editor_are_no_change() -> None:
    stamped = FULL.replace("<p>", '<p local-id="1">').replace("<tr>", '<tr ac:local-id="2">')
    assert kinds(EMPTY, FULL, stamped, hand=(0, 2)) == set()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (body(row(B), row(A), OLD, RELAY), {"missing"}),
        (body(row(C), row(C), row(B), row(A), OLD, RELAY), {"double"}),
        (body(row(D), row(C), row(B), row(A), OLD, RELAY), {"unexpected"}),
        (body(row(C), row(A), row(B), OLD, RELAY), {"order"}),
        (body(OLD, row(C), row(B), row(A), RELAY), {"place"}),
        (body(row(C), row(B), row(A), RELAY), {"handmade", "page", "changed"}),
        (body(row(C), row(B), row(A), RELAY, OLD), {"handmade", "page", "changed"}),
        (FULL.replace("Intro", "Other"), {"page", "changed"}),
        (FULL + "<hr />", {"page", "changed"}),
        (FULL.replace("<p>Intro", "Intro"), {"unreadable"}),
        (FULL + FULL, {"unreadable"}),
    ],
)
def test_what_is_wrong_with_a_page(page: str, found: set[str]) -> None:
    assert kinds(EMPTY, page) == found


def test_an_ancestor_below_too_much() -> None:
    """A belongs right below B, its lowest descendant."""
    assert kinds(EMPTY, body(row(C), row(B), OLD, RELAY), FULL) == set()
    below = body(row(C), row(B), OLD, row(A), RELAY)
    assert kinds(EMPTY, body(row(C), row(B), OLD, RELAY), below) == {"place"}


def test_a_row_that_was_lost_and_came_back() -> None:
    assert kinds(EMPTY, FULL, body(row(B), row(A), OLD, RELAY), FULL) == {"lost row", "changed"}


def test_a_token_that_was_lost() -> None:
    alone = body(OLD, RELAY, text="token-001x token-002x")
    lost = body(row(C), row(B), row(A), OLD, RELAY, text="token-002x")
    found = kinds(EMPTY, alone, lost, alone=alone, hand=(0, 1))
    assert found == {"token", "lost token", "page", "changed"}


def test_tokens_in_another_order() -> None:
    alone = body(OLD, RELAY, text="token-001x token-002x")
    other = FULL.replace("Intro", "token-002x token-001x")
    assert "token" in kinds(EMPTY, FULL, other, alone=alone, hand=(0, 2))


def test_a_row_that_the_publisher_changed() -> None:
    assert kinds(EMPTY, body(row(A), OLD, RELAY), FULL.replace(row(A), row(A, "new"))) == {
        "changed"
    }


RIGHT = FULL.replace(row(B), row(B, "Corrected"))


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ((EMPTY, FULL, RIGHT), set()),
        ((EMPTY, RIGHT), set()),
        ((EMPTY, FULL), {"uncorrected"}),
        ((EMPTY, RIGHT, FULL, RIGHT), {"uncorrected"}),
        ((EMPTY, FULL, RIGHT.replace(row(A), row(A, "Corrected"))), {"changed"}),
        (
            (EMPTY, FULL, body(row(B, "Corrected"), row(C), row(A), OLD, RELAY)),
            {"lost row", "changed", "place"},
        ),
    ],
)
def test_a_row_that_is_corrected(pages: tuple[str, ...], found: set[str]) -> None:
    """Its text may change where it stands, once, and must."""
    assert kinds(*pages, corrected=True) <= found
    assert bool(kinds(*pages, corrected=True)) == bool(found)


def test_a_version_that_is_missing() -> None:
    versions = [Stored(1, EMPTY, ours=False), Stored(3, FULL, ours=True)]
    found = judge(Case(versions, [A, B, C], PARENTS, EMPTY))
    assert [finding.kind for finding in found] == ["version"]
