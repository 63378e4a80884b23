"""Hostile pages: refused with one sentence and untouched, or only the row is new."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from confluence_changelog.sandbox import LOG_ID, Sandbox
from hostile.corpus import ACCEPTED, HEAVY, REFUSED
from hostile.judging import our_rows, parse, without
from hostile.running import Done, assert_harmless, assert_refused, call, run
from support.repositories import Repo


def _publish(name: str, repo: Repo, capsys: pytest.CaptureFixture[str]) -> Done:
    if name in HEAVY:
        return run("publish", "--range", "HEAD", folder=repo.path, environment={})
    return call(capsys, "publish", "--range", "HEAD")


def _named(pages: Mapping[str, Callable[[], str]]) -> list[Any]:
    slow = pytest.mark.slow
    return [pytest.param(name, marks=slow) if name in HEAVY else name for name in pages]


@pytest.mark.parametrize("name", _named(REFUSED))
def test_a_page_is_refused_and_stays_as_it_is(
    name: str, sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    body = REFUSED[name]()
    sandbox.set_body(LOG_ID, body)
    assert_refused(_publish(name, repo, capsys))
    assert (sandbox.page(LOG_ID).storage, sandbox.page(LOG_ID).latest) == (body, 1)
    assert [request["method"] for request in sandbox.requests()] == ["GET"]


@pytest.mark.parametrize("name", _named(ACCEPTED))
def test_a_page_gets_the_row_and_nothing_else(
    name: str, sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, ACCEPTED[name]())
    before = sandbox.page(LOG_ID).storage
    done = _publish(name, repo, capsys)
    assert done.code == 0, done.err
    assert_harmless(done.text)
    commit = repo.rev_parse()
    after = parse(sandbox.page(LOG_ID).storage)
    assert len(our_rows(after)[commit]) == 1
    assert without(after, frozenset([commit])) == without(parse(before), frozenset())
    assert call(capsys, "publish", "--range", "HEAD").out.startswith("Published 0 rows")
