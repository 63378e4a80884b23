"""Texts of hypothesis's making through every target, and what fuzzing once found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confluence_changelog.storage.validate import validate
from fuzz.dictionary import PIECES
from fuzz.targets import TARGETS
from hostile.corpus import LOG

OPENING = (
    "<!--",
    "<![CDATA[",
    "<?",
    '<a href="x">',
    "<ac:parameter>",
    "<td ",
    "<td>",
    '"',
    "&#",
    "<tr>",
)
FINDINGS = sorted((Path(__file__).parent / "findings").glob("*.txt"))


@pytest.mark.parametrize("name", TARGETS)
def test_any_text(name: str) -> None:
    pieces = st.sampled_from(PIECES[name])
    texts = st.lists(pieces | st.text(max_size=3), max_size=40).map("".join)

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts)
    def judge(text: str) -> None:
        TARGETS[name](text)

    judge()


_NAMES = st.sampled_from(
    ("p", "div", "td", "tr", "table", "tbody", "ac:x", "ac:layout", "ac:layout-cell", "a", "ri:y")
)
_LEAVES = st.sampled_from(
    (
        *("", "x", " ", "\n", "&lt;td&gt;", "]]&gt;", "<br />", "<td />", "<tr/>", "<tbody/>"),
        *("<!-- </td><table> -->", "<?x <tr> ?>", "<table />", LOG),
        *("<ac:plain-text-body><![CDATA[</td><!-- <table>]]></ac:plain-text-body>", "<ac:x/>"),
        *('<p title="&lt;/table> > \'" />', "<p title='\">'>x</p>", "<ac:parameter ac:name='x' />"),
    )
)


def _element(name: str, inside: list[str]) -> str:
    return f"<{name}>{''.join(inside)}</{name}>"


def _table(rows: list[list[str]], section: str) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{_element(section, [body]) if section else body}</table>"


WELL_FORMED = st.recursive(
    _LEAVES,
    lambda inner: (
        st.builds(_element, _NAMES, st.lists(inner, max_size=4))
        | st.builds(
            _table,
            st.lists(st.lists(inner, max_size=3), max_size=4),
            st.sampled_from(("", "tbody", "thead", "tfoot")),
        )
    ),
    max_leaves=25,
)


@pytest.mark.parametrize("name", ["scanning", "validating", "seeing", "planning"])
def test_any_well_formed_page(name: str) -> None:
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(WELL_FORMED, max_size=5).map("".join))
    def judge(text: str) -> None:
        assert validate(text) is None
        TARGETS[name](text)

    judge()


@pytest.mark.slow
def test_what_is_opened_again_and_again_takes_linear_time() -> None:
    """In a process of its own, which a quadratic expression would keep busy for hours."""
    program = """
from fuzz.targets import scanning, seeing
for piece in {pieces}:
    for text in (piece * (1_000_000 // len(piece)), "<table><tr><td>" + piece * 100_000):
        scanning(text)
        seeing(text)
"""
    subprocess.run(
        [sys.executable, "-c", program.format(pieces=OPENING)],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        check=True,
        timeout=200,
    )


@pytest.mark.parametrize("file", FINDINGS, ids=lambda file: file.stem)
def test_what_was_found(file: Path) -> None:
    """Each file is named after its target, and holds a text that once failed it."""
    TARGETS[file.stem.partition("-")[0]](file.read_bytes().decode("utf-8", "surrogatepass"))
