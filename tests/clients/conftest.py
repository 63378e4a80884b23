"""What other people's clients ask is theirs; what the sandbox answers is judged."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def judged(violations: list[str]) -> Iterator[None]:
    violations.clear()
    yield
    assert [each for each in violations if not each.startswith("request ")] == []
