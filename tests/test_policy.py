"""What is asked of a message, by its rules and by the paths that a commit touches."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.config import parse
from confluence_changelog.demands import bound_paths, demands
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.message import parse_message
from confluence_changelog.policy import Violation, quoted, violations
from confluence_changelog.rules import EXAMPLE, RULES, example
from confluence_changelog.settings import Config

PROJECT = Path(__file__).resolve().parents[1]
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"
ID = "0fdc1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"
SQUASHED = f"""\
Squashed commit of the following:

commit {ID}
Author: Ada Example <ada@example.com>
Date:   Mon Jan 5 09:00:00 2026 +0000

    {{}}
"""


def found(
    text: str,
    policy: dict[str, object] | None = None,
    *paths: str,
    scope: tuple[str, ...] = (),
    is_merge: bool = False,
    may_autosquash: bool = True,
) -> list[Violation]:
    config = parse({"policy": policy or {}, "scope": {"paths": [*scope]}}, "f")
    asked = demands(config, lambda: paths)
    if asked is None:
        return []
    return violations(parse_message(text), asked, is_merge=is_merge, may_autosquash=may_autosquash)


def rules(text: str, policy: dict[str, object] | None = None, *paths: str) -> list[str]:
    return [item.rule for item in found(text, policy, *paths)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EXAMPLE, []),
        ("", ["subject-missing", "reason-missing"]),
        ("...", ["subject-missing", "reason-missing"]),
        ("Fix", ["subject-empty", "reason-missing"]),
        ("fix: config update!", ["subject-empty", "reason-missing"]),
        ("Fix the resolver", ["reason-missing"]),
        ("Fix the resolver\n\nSigned-off-by: Ada <ada@example.com>", ["reason-missing"]),
        ("Fix the resolver\n\nfix the resolver.", ["reason-repeats"]),
        ("Fix the resolver\n\nIt broke", ["reason-short"]),
        ("x" * 73 + "\n\nIt broke down yesterday", ["subject-long"]),
        ("x" * 72 + "\n\nIt broke down yesterday", []),
        ("Resolver reparieren\n\nDer alte fiel gestern aus", []),
        ("修正解析器\n\n旧的解析器昨天坏了", []),
        ("修正解析器\n\n坏了", ["reason-short"]),
        ("리졸버 수정\n\n고장 났다", ["reason-short"]),
        ("fixup! Fix the resolver", []),
        ("squash! Fix the resolver", []),
        ("amend! Fix the resolver", []),
        (f'Revert "Add x"\n\nThis reverts commit {ID}.', ["revert-reason"]),
        (
            f'Revert "Merge x"\n\nThis reverts commit {ID}, reversing\nchanges made to {ID}.',
            ["revert-reason"],
        ),
        (f'Revert "Add x"\n\nThis reverts commit {ID}.\n\nIt broke', ["reason-short"]),
        (f'Revert "Add x"\n\nThis reverts commit {ID}.\n\nIt broke the mail relay', []),
        ('Revert "' + "x" * 80 + f'"\n\nThis reverts commit {ID}, it broke the relay', []),
        (SQUASHED.format("Add the relay because mail is lost"), ["subject-empty"]),
        (SQUASHED.format("Add"), ["subject-empty", "reason-short"]),
        ("Add the relay\n\n" + SQUASHED.format("Mail gets lost in the old one"), []),
        ("Add the relay (#12)\n\n* Add the relay\n\n* Use it for the branch offices", []),
        ("Add x\n\nIt is needed now\n\n(cherry picked from commit " + ID + ")", []),
        (f"Add x\n\nThe token {TOKEN} is needed", ["secret"]),
        (f"Add {TOKEN}\n\nThe token is needed", ["secret"]),
        (f"Add x\n\nThe token is needed\n\nToken: {TOKEN}", ["secret"]),
        (f"fixup! Add x\n\n{TOKEN}", ["secret"]),
        ("Add x\n\nThe token ghp_\u200b" + TOKEN[4:] + " is needed", ["secret"]),
    ],
)
def test_messages(text: str, expected: list[str]) -> None:
    assert rules(text) == expected


@pytest.mark.parametrize(
    ("text", "policy", "expected"),
    [
        ("Deploy", {"reason_words": 0}, []),
        ("Deploy", {"reason_words": 0, "empty_words": ["DEPLOY"]}, ["subject-empty"]),
        ("Raise it\n\nOne two three", {"reason_words": 4}, ["reason-short"]),
        (EXAMPLE, {"subject_length": 10}, ["subject-long"]),
        ("x" * 500 + "\n\na b c", {"subject_length": 0}, []),
        (EXAMPLE, {"trailers": ["Risk"]}, ["trailer-missing"]),
        (f"{EXAMPLE}\n\nrisk: low", {"trailers": ["Risk"]}, []),
        (f"{EXAMPLE}\n\nRisk:", {"trailers": ["Risk"]}, ["trailer-missing"]),
        (EXAMPLE, {"ticket": r"\bCHG-\d+\b"}, ["ticket-missing"]),
        (f"CHG-1 {EXAMPLE}", {"ticket": r"\bCHG-\d+\b"}, []),
        (f"{EXAMPLE}\n\nRefs: CHG-1", {"ticket": r"\bCHG-\d+\b"}, []),
        (EXAMPLE, {"forbidden": ["(?i)RESOLVER"]}, ["forbidden"]),
        (EXAMPLE, {"forbidden": [{"pattern": "relay"}]}, []),
        (f"{EXAMPLE}\n{TOKEN}", {"secrets": False}, []),
    ],
)
def test_configured_rules(text: str, policy: dict[str, object], expected: list[str]) -> None:
    assert rules(text, policy) == expected


def test_a_forbidden_pattern_has_its_own_sentence() -> None:
    policy = {"forbidden": [{"pattern": "do not merge", "message": "This must not be merged."}]}
    (violation,) = found(f"{EXAMPLE}\ndo not merge", policy)
    assert violation.text == "This must not be merged."


def test_a_secret_is_named_and_not_shown() -> None:
    items = [*found(f"fix {TOKEN}"), *found(f"{TOKEN}\n\n{TOKEN}")]
    assert "The first line holds a GitHub token: it must not get into the history." in {
        item.text for item in items
    }
    assert not any(TOKEN in item.text for item in items)
    assert quoted(f"fix {TOKEN}") == "fix [removed]"
    assert quoted("x" * 100) == "x" * 59 + "…"


def test_severity() -> None:
    long = "x" * 73 + "\n\nIt broke down yesterday"
    assert found(long)[0].is_warning
    assert not found(long, {"warnings": []})[0].is_warning
    assert found("fix\n\na b c", {"warnings": ["subject-empty"]})[0].is_warning


@pytest.mark.parametrize("text", ["Merge branch 'x'", "fix", "fixup! x", 'Revert "x"'])
def test_a_merge_is_asked_for_nothing(text: str) -> None:
    policy: dict[str, object] = {"ticket": "CHG", "trailers": ["Risk"], "forbidden": ["."]}
    assert found(text, policy, is_merge=True, may_autosquash=False) == []
    (secret,) = found(f"{text} {TOKEN}", policy, is_merge=True)
    assert secret.rule == "secret"


@pytest.mark.parametrize("word", ["fixup!", "squash!", "amend!"])
def test_autosquash_is_for_unpublished_branches(word: str) -> None:
    (violation,) = found(f"{word} Add x", may_autosquash=False)
    assert violation.rule == "autosquash"
    assert word in violation.text


AREAS: dict[str, object] = {
    "reason_words": 4,
    "trailers": ["Risk"],
    "warnings": ["reason-short", "subject-long"],
    "paths": [
        {"patterns": ["network/"], "ticket": "CHG-[0-9]+", "warnings": ["subject-long"]},
        {"patterns": ["docs/", "*.md"], "apply": False},
        {"patterns": ["lab/"], "reason_words": 0, "trailers": []},
        {"patterns": ["network/*.md"], "trailers": []},
    ],
}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["app.conf"], ["reason-short", "trailer-missing"]),
        (["network/a"], ["reason-short", "trailer-missing", "ticket-missing"]),
        (["docs/a", "README.md"], []),
        (["docs/a", "app.conf"], ["reason-short", "trailer-missing"]),
        (["lab/a"], []),
        (["lab/a", "network/a"], ["reason-short", "trailer-missing", "ticket-missing"]),
        (["network/x.md"], ["reason-short"]),
        ([], ["reason-short", "trailer-missing"]),
    ],
)
def test_paths(paths: list[str], expected: list[str]) -> None:
    assert rules("Add x\n\nIt is needed", AREAS, *paths) == expected


def test_a_rule_warns_only_where_all_areas_only_warn() -> None:
    (short, *_) = found("Add x\n\nIt is needed", AREAS, "app.conf")
    assert short.is_warning
    (short, *_) = found("Add x\n\nIt is needed", AREAS, "app.conf", "network/a")
    assert not short.is_warning


def test_only_configured_paths_are_bound() -> None:
    assert found("fix", None, "docs/x", scope=("net/",)) == []
    assert len(found("fix", None, "docs/x", "net/x", scope=("net/",))) == 2
    assert found("fix", None, scope=("net/",)) == []
    config = parse({"policy": AREAS, "scope": {"paths": ["*", "!b"]}}, "f")
    assert bound_paths(config, ["a", "b", "docs/a", "network/a"]) == ["a", "network/a"]


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"ticket": "("}, "f: `policy.ticket`: '(' is no regular expression"),
        ({"forbidden": ["a", "["]}, "f: `policy.forbidden`: '[' is no regular expression"),
        ({"forbidden": [""]}, "empty pattern"),
        ({"trailers": ["Risk:"]}, "'Risk:' is no trailer's key"),
        ({"warnings": ["subject-shrt"]}, "there is no rule `subject-shrt`; did you mean `subject-"),
        ({"warnings": ["zzz"]}, "the rules are subject-missing"),
        ({"reason_words": -1}, "must not be negative"),
        ({"paths": [{"patterns": []}]}, "a table without patterns"),
        ({"paths": [{"patterns": ["!x"]}]}, "of policy.paths takes paths out of nothing"),
        ({"paths": [{"patterns": ["x"], "ticket": "("}]}, "is no regular expression"),
        ({"paths": [{"patterns": ["x"], "tiket": "("}]}, "[policy.paths]; did you mean `ticket`?"),
        ({"paths": [{"ticket": "x"}]}, "missing required field `patterns`"),
        ({"forbidden": [{"patern": "x"}]}, "did you mean `pattern`?"),
        ({"secrets": "yes"}, "looks like a credential"),
        ({"forbidden": [TOKEN]}, "looks like a credential"),
    ],
)
def test_what_is_no_policy(policy: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        parse({"policy": policy}, "f")
    assert says in str(error.value)


@given(st.text(), st.booleans(), st.booleans())
def test_any_message_is_judged(text: str, is_merge: bool, may_autosquash: bool) -> None:
    for violation in found(text, is_merge=is_merge, may_autosquash=may_autosquash):
        assert violation.rule in RULES
        assert violation.text.endswith(".")


CONFIGURED: dict[str, dict[str, object]] = {
    "trailer-missing": {"trailers": ["Risk"]},
    "ticket-missing": {"ticket": r"\bCHG-[0-9]+\b"},
    "forbidden": {"forbidden": ["(?i)do not merge"]},
}


@pytest.mark.parametrize("rule", RULES)
def test_the_example_of_a_rule_passes(rule: str) -> None:
    assert RULES[rule].text.endswith(".")
    assert found(RULES[rule].example, CONFIGURED.get(rule), may_autosquash=False) == []


def test_the_shape_that_is_shown() -> None:
    asked = demands(Config(), list)
    assert asked is not None
    assert example(asked) == EXAMPLE
    config = parse({"policy": {"trailers": ["Risk"], "ticket": "CHG-[0-9]+"}}, "f")
    asked = demands(config, list)
    assert asked is not None
    assert example(asked).endswith("\n\nRisk: …\nTicket: <what matches CHG-[0-9]+>")
    asked = demands(parse({"policy": {"example": "Ours\n"}}, "f"), list)
    assert asked is not None
    assert example(asked) == "Ours"


def test_the_documentation_has_every_rule() -> None:
    text = (PROJECT / "docs" / "policy.md").read_text(encoding="utf-8")
    for rule, item in RULES.items():
        assert f"| `{rule}` | {item.text} |" in text
        assert "\n".join(f"    {line}".rstrip() for line in item.example.split("\n")) in text
