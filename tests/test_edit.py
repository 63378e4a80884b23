"""Edits by spans, and their undoing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.storage.edit import Span, apply, undo


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text(max_size=40))
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = [
        Span(start, text[start:end], draw(st.text(max_size=5)))
        for start, end in zip(ends[::2], ends[1::2], strict=False)
    ]
    return text, spans


@given(edits())
def test_undoing_an_edit_gives_the_text_back(edit: tuple[str, list[Span]]) -> None:
    text, spans = edit
    assert undo(apply(text, spans), spans) == text


def test_spans_are_replaced() -> None:
    assert apply("abcdef", [Span(0, "", "1"), Span(2, "c", "2"), Span(6, "", "3")]) == "1ab2def3"


@pytest.mark.parametrize(
    "spans",
    [
        [Span(2, "", "x"), Span(1, "", "y")],
        [Span(0, "ab", "x"), Span(1, "b", "y")],
        [Span(0, "x", "")],
        [Span(9, "a", "")],
    ],
)
def test_spans_that_do_not_fit_are_refused(spans: list[Span]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apply("abc", spans)


def test_undo_refuses_a_text_that_was_changed_since() -> None:
    spans = [Span(1, "", "new")]
    with pytest.raises(ValueError, match="does not fit"):
        undo(apply("abc", spans).replace("new", "nwe"), spans)
