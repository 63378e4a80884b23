"""The proof: what an edit must be, judged by lxml. Every broken edit here must be caught."""

import pytest

from confluence_changelog.errors import MalformedStorageError, ProofError
from confluence_changelog.storage.edit import Span, apply
from confluence_changelog.storage.proof import prove

NEW = "<tr><td><p>new &amp; x</p></td></tr>"
OLD = (
    "<p>Intro &nbsp; <ac:link><ri:page ri:content-title='T' /></ac:link></p>"
    "<table><tr><th>other</th></tr></table>"
    "<table><tbody><tr><th>H</th></tr>\n<tr><td>a</td></tr>\n</tbody></table>"
    '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[<table><tr>]]>'
    "</ac:plain-text-body></ac:structured-macro> tail"
)
PLACE = OLD.index("\n<tr><td>a")


def edited(*spans: Span) -> tuple[str, str, list[Span]]:
    return OLD, apply(OLD, spans), list(spans)


def test_a_right_edit_is_proven() -> None:
    prove(*edited(Span(PLACE, "", NEW)), 2, {1: [NEW]})


def test_several_blocks_are_proven() -> None:
    end = OLD.index("\n</tbody>")
    prove(*edited(Span(PLACE, "", NEW + NEW), Span(end, "", NEW)), 2, {1: [NEW, NEW], 2: [NEW]})


INSIDE = (
    '<ac:structured-macro ac:name="expand"><ac:rich-text-body><p>x</p>'
    "<table><tr><th>H</th></tr>|</table></ac:rich-text-body></ac:structured-macro>"
)


def test_an_edit_of_a_table_inside_a_macro_is_proven() -> None:
    body = INSIDE + OLD
    span = Span(body.index("|"), "", NEW)
    prove(body, apply(body, [span]), [span], 3, {1: [NEW]})
    for number, wrong in ((1, NEW), (2, NEW), (3, f"<p>y</p>{NEW}"), (4, NEW)):
        span = Span(body.index("|"), "", wrong)
        with pytest.raises(ProofError, match="nothing was written"):
            prove(body, apply(body, [span]), [span], number, {1: [NEW]})


@pytest.mark.parametrize(
    ("span", "number", "inserted"),
    [
        (Span(PLACE, "", NEW), 1, {1: [NEW]}),
        (Span(PLACE, "", NEW), 3, {1: [NEW]}),
        (Span(PLACE, "", NEW), 2, {0: [NEW]}),
        (Span(PLACE, "", NEW), 2, {2: [NEW]}),
        (Span(PLACE, "", NEW), 2, {1: [NEW.replace("new", "old")]}),
        (Span(PLACE, "", NEW + NEW), 2, {1: [NEW]}),
        (Span(PLACE, "", NEW + "<!-- c -->"), 2, {1: [NEW]}),
        (Span(PLACE, "", NEW + "text"), 2, {1: [NEW]}),
        (Span(PLACE, "", f"</tbody></table><table><tbody>{NEW}"), 2, {1: [NEW]}),
        (Span(0, "", f"<table>{NEW}</table>"), 2, {1: [NEW]}),
        (Span(OLD.index("a</td>"), "a", "b"), 2, {}),
    ],
)
def test_a_wrong_edit_is_caught(span: Span, number: int, inserted: dict[int, list[str]]) -> None:
    with pytest.raises(ProofError, match="nothing was written"):
        prove(*edited(span), number, inserted)


def test_an_edit_that_its_spans_do_not_tell_is_caught() -> None:
    old, new, spans = edited(Span(PLACE, "", NEW))
    with pytest.raises((ProofError, ValueError)):
        prove(old, new.replace("Intro", "Outro"), spans, 2, {1: [NEW]})


@pytest.mark.parametrize(
    "broken",
    [
        OLD + "<p>",
        OLD + "a & b",
        OLD + "&unknown;",
        OLD + "\x00",
        OLD + "\ud800",
        "<div>" * 400 + OLD + "</div>" * 400,
        '<!DOCTYPE p [<!ENTITY a "b">]>' + OLD,
    ],
)
def test_a_page_that_does_not_parse_is_refused(broken: str) -> None:
    span = Span(broken.index("\n<tr><td>a"), "", NEW)
    with pytest.raises(MalformedStorageError, match="repair the page"):
        prove(broken, apply(broken, [span]), [span], 2, {1: [NEW]})
