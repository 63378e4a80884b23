"""The query language of the sandbox's search."""

import pytest

from confluence_changelog.sandbox.cql import CqlError, parse

PAGE = {
    "type": ["page"],
    "space": ["OPS"],
    "title": ["Change Log of 2026"],
    "label": ["alpha", "beta"],
    "created": ["2026-03-04T09:00:00.000Z"],
}


def function(name: str, argument: str) -> str:
    return {"currentSpace": "OPS"}.get(name, f"{name}:{argument}")


def holds(query: str) -> bool:
    return parse(query, function).condition(PAGE.__getitem__)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", True),
        ("type = page", True),
        ("TYPE=Page and space='ops'", True),
        ("type = page AND space = DOC", False),
        ("space = DOC OR label = beta", True),
        ("space = DOC OR type = page AND label = none", False),
        ("(space = DOC OR type = page) AND label = alpha", True),
        ("NOT space = DOC", True),
        ("NOT (space = DOC OR label = alpha)", False),
        ("space != OPS", False),
        ("space in (DOC, OPS)", True),
        ("space not in (DOC, 'X Y')", True),
        ("title ~ 'log change'", True),
        ("title ~ 'Lo'", False),
        ("title ~ 'Lo*'", True),
        ("title !~ 'log'", False),
        ('title = "change log of 2026"', True),
        (r'title = "with \" quote"', False),
        ("created > 2026-03-04", True),
        ("created >= '2026/3/5'", False),
        ("created < 2027-01-01 AND created <= '2026-03-04 10:00'", True),
        ("space = currentSpace()", True),
        ("title = now('-7d')", False),
    ],
)
def test_a_condition(query: str, expected: bool) -> None:
    assert holds(query) is expected


def test_an_order() -> None:
    query = parse("type = page ORDER BY created DESC, title asc, id", function)
    assert query.order == (("created", True), ("title", False), ("id", False))
    assert parse("order by title", function).order == (("title", False),)


@pytest.mark.parametrize(
    "query",
    [
        "type",
        "type =",
        "type page",
        "type = page AND",
        "type = page space = OPS",
        "(type = page",
        "space in OPS",
        "space in (OPS",
        "none = 1",
        "type = 'page",
        "type = page ORDER title",
        "(" * 100 + "type = page" + ")" * 100,
    ],
)
def test_what_is_no_query(query: str) -> None:
    with pytest.raises(CqlError):
        holds(query)
