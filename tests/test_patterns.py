"""Patterns of paths mean what they mean to pathspec, which stands in for Git's documentation."""

import re
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import PathSpec
from pathspec.patterns.gitignore.basic import GitIgnoreBasicPattern

from confluence_changelog.errors import ConfigurationError
from confluence_changelog.patterns import path_filter, translate

PIECES = st.sampled_from(
    [
        *("a", "b", "net", ".", "*", "**", "?", "/", "//", "[", "]", "!", "^", "-", "\\", " ", "#"),
        *(
            "[a-c]",
            "[!a]",
            "[^b]",
            "[]a]",
            "[[:x:]]",
            "[a&&b]",
            "[\\]]",
            "\\*",
            "\n",
            "\\ ",
            "$",
            "ä",
        ),
    ]
)
PATTERNS = st.lists(PIECES, max_size=8).map("".join)
PATHS = st.lists(
    st.sampled_from(["a", "b", "c", "net", "na", ".x", "a b", "ä", "[", "!", "#", "a\n", "\udcff"]),
    min_size=1,
    max_size=4,
).map("/".join)


def theirs(pattern: str) -> tuple[str, bool] | str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # "Possible nested set"
            parsed = GitIgnoreBasicPattern(pattern)
    except (ValueError, re.error):
        return "refused"
    if parsed.include is None:
        return None
    return parsed.regex.pattern, parsed.include


def ours(pattern: str) -> tuple[str, bool] | str | None:
    try:
        found = translate(pattern)
        if found is not None:
            re.compile(found[0])
    except (ValueError, re.error):
        return "refused"
    return found


def _bare(expression: str) -> str:
    """Return an expression without the backslashes before characters that need none in []."""
    return re.sub(
        r"\\(\\|[&|~\[])", lambda pair: pair[0] if pair[1] == "\\" else pair[1], expression
    )


@given(PATTERNS | st.text(max_size=12))
@example("**/")
@example("[\\[a-c]")
@example("/")
@example("//")
@example("a/**/**/b")
@example("**/**")
@example("[z-a]")
@example("a\\")
@example("!")
@example("[]")
@example("[!]")
def test_it_is_translated_as_pathspec_does(pattern: str) -> None:
    mine, other = ours(pattern), theirs(pattern)
    if isinstance(mine, tuple) and isinstance(other, tuple):
        # The one difference: characters that a future Python may give a meaning in [] are escaped.
        assert (_bare(mine[0]), mine[1]) == (
            _bare(other[0]),
            other[1],
        )
    else:
        assert mine == other


@given(st.lists(PATTERNS, min_size=1, max_size=4), st.lists(PATHS, min_size=1, max_size=5))
def test_it_decides_as_pathspec_does(patterns: list[str], paths: list[str]) -> None:
    try:
        covers = path_filter(patterns)
    except ConfigurationError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        spec = PathSpec.from_lines("gitignore", patterns)
    for path in paths:
        assert covers(path) == spec.match_file(path), (patterns, path)


@pytest.mark.parametrize(
    ("patterns", "taken", "left"),
    [
        (["net/"], ["net/x", "a/net/x"], ["net", "nets/x"]),
        (["/net/"], ["net/x"], ["a/net/x"]),
        (["*.conf"], ["a.conf", "b/a.conf"], ["a.conf5"]),
        (["*", "!docs/"], ["a", "b/c"], ["docs/x"]),
        (["net/**/x"], ["net/x", "net/a/b/x"], ["x"]),
        (["[a-c]?"], ["a1", "x/b2/y"], ["d1", "a"]),
    ],
)
def test_patterns(patterns: list[str], taken: list[str], left: list[str]) -> None:
    covers = path_filter(patterns)
    assert [path for path in taken if not covers(path)] == []
    assert [path for path in left if covers(path)] == []


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("!", "is no gitignore pattern"),
        ("[z-a]", "is no gitignore pattern"),
        ("# x", "can match nothing"),
        (" ", "can match nothing"),
        ("!docs/", "takes paths out of nothing"),
    ],
)
def test_what_is_no_pattern(pattern: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        path_filter([pattern], "policy.paths")


def test_no_pattern_takes_nothing() -> None:
    assert not path_filter([])("a")
