"""What CI systems show of a check: well-formed for hostile messages too, and without credentials."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from confluence_changelog.cli import main
from confluence_changelog.cli.findings import Finding
from confluence_changelog.cli.reports import FORMS, Result, render
from confluence_changelog.demands import demands
from confluence_changelog.policy import Violation
from confluence_changelog.settings import Config
from ranges.environments import Situation, environment
from support.repositories import Repo, RepoFactory

CONFIG = "confluence-changelog.toml"
HOSTILE = (
    "::error::x ##vso[task.setvariable variable=a]b ##teamcity[buildStatus] ##[group] <script>alert(1)"
    "</script> ![i](https://example.com/i.png) [l](javascript:x) | *b* `c` @octocat #7 :tada: "
    "www.example.com ada@example.com \x1b[31m \u202e &amp; ]]> <b>\n- item"
)
SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^[^./].*"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""GitLab: "Code Quality", "Code Quality report format"."""

ASKED = demands(Config(), list)
assert ASKED is not None


def _finding(text: str, *, refuses: bool = True) -> Finding:
    assert ASKED is not None
    violation = Violation("reason-missing", f"Why {text}", is_warning=not refuses)
    return Finding("1" * 40, "1111111", text, (violation,), ASKED, "net/a.conf")


def _result(text: str, *, refuses: bool = True) -> Result:
    rows = {"1" * 40: ("2026-01-05", text)}
    said = f"To go on: {text}" if refuses else ""
    return Result((_finding(text, refuses=refuses),), said, ("Date", "What"), rows)


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize("form", FORMS)
@given(text=st.text(max_size=80) | st.just(HOSTILE))
def test_nothing_of_a_commit_is_a_command(form: str, refuses: bool, text: str) -> None:
    out = render(form, _result(text, refuses=refuses))
    out.encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
    assert not re.search(r"##(?:vso|teamcity)?\[", out)
    own = form == "github"
    for line in out.splitlines():
        assert line.lstrip().startswith("::") == own
        assert not own or re.match(r"::(error|warning) title=confluence-changelog ", line)


@given(text=st.text(max_size=80) | st.just(HOSTILE))
def test_nothing_of_a_commit_is_mark_up(text: str) -> None:
    """The same tokens come out, whatever the message: only their text differs."""
    for refuses in (True, False):
        assert _shape(_result(text, refuses=refuses)) == _shape(_result("x", refuses=refuses))


def _shape(result: Result) -> list[str]:
    page = MarkdownIt("commonmark").enable("table").render(render("markdown", result))
    assert "\n\n\n" not in page
    tags = re.findall(r"<[^>]*>", page)
    return [tag for tag in tags if tag not in ("<span>", "</span>", "<br>", "<br />")]


def test_what_links_mentions_finds_none() -> None:
    text = render("markdown", _result(HOSTILE, refuses=False))
    for forbidden in ("@octocat", "#7", ":tada:", "www.", "https:", "<script", "<b>"):
        assert forbidden not in text
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert "<img" not in page
    assert "<a " not in page


@given(text=st.text(max_size=80) | st.just(HOSTILE))
def test_junit_is_well_formed(text: str) -> None:
    root = ET.fromstring(render("junit", _result(text)))
    assert root.tag == "testsuites"
    (case,) = root.iter("testcase")
    assert case.find("failure") is not None
    assert case.findtext("system-out", "").startswith("Date: 2026-01-05\nWhat: ")


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A clone with a request for main, whose only commit says nothing and holds a secret."""
    server = make_repo("server.git", bare=True)
    repo = make_repo()
    repo.git("remote", "add", "origin", server.path.as_uri())
    repo.commit({CONFIG: '[scope]\npaths = ["net/"]\n'}, "Begin\n\nThe log begins here.")
    repo.git("push", "-q", "origin", "main")
    repo.checkout("feature", new=True)
    monkeypatch.chdir(repo.path)
    return repo


def _set(monkeypatch: pytest.MonkeyPatch, repo: Repo, system: str) -> None:
    at = Situation("pull request", "feature", repo.rev_parse("main"), repo.rev_parse("feature"))
    repo.git("push", "-q", "--force", "origin", "feature")
    for name, value in environment(system, at, repo.path.parent).items():
        monkeypatch.setenv(name, value)


def _reports(repo: Repo, status: int) -> tuple[Any, ET.Element, str]:
    files = {form: repo.path.parent / f"report.{form}" for form in ("gitlab", "junit", "markdown")}
    named = [word for form, file in files.items() for word in ("--report", f"{form}={file}")]
    assert main(["check", *named]) == status
    texts = {form: file.read_text(encoding="utf-8") for form, file in files.items()}
    return json.loads(texts["gitlab"]), ET.fromstring(texts["junit"]), texts["markdown"]


def test_one_run_prints_text_and_writes_artefacts(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"docs/a": "1", "net/ä b.conf": "1"}, f"fix {SECRET}")
    _set(monkeypatch, repo, "GitLab CI")
    quality, junit, markdown = _reports(repo, 1)
    out, err = capsys.readouterr()
    assert "[reason-missing]" in err
    assert "git rebase --interactive" in err
    assert "As the log will show" not in out
    jsonschema.validate(quality, CODE_QUALITY)
    assert {item["location"]["path"] for item in quality} == {"net/ä b.conf"}
    assert [item["severity"] for item in quality if "secret" in item["check_name"]] == ["critical"]
    assert len({item["fingerprint"] for item in quality}) == len(quality)
    assert _reports(repo, 1)[0] == quality
    (case,) = junit.iter("testcase")
    failure = case.find("failure")
    assert failure is not None
    assert "A message that passes:" in (failure.text or "")
    assert junit.get("failures") == "1"
    assert "git rebase" in markdown.replace("&#45;", "-")
    for text in (out, err, json.dumps(quality), ET.tostring(junit, "unicode"), markdown):
        assert "a1B2c3D4e5" not in text


def test_what_passes_shows_the_row_as_it_will_look(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"net/a": "1"}, f"Raise it|\n\nThe report needs {SECRET}.\n\n- <one>\n- ::two")
    repo.commit({"docs/a": "1"}, "fix")
    repo.git("commit", "-q", "--amend", "-m", "Raise it|\n\nThe report\n\n- <one>\n- ::two")
    repo.git("reset", "-q", "--soft", "main")
    repo.commit({}, "Raise it|\n\nThe report needs it:\n\n- <one>\n- ::two")
    repo.commit({"docs/b": "1"}, "fix")
    _set(monkeypatch, repo, "Azure Pipelines")
    quality, junit, markdown = _reports(repo, 0)
    out = capsys.readouterr().out
    assert "2 commits, 1 bound by the policy.\nAs the log will show them:\n  2026-01-05 " in out
    assert "| Ada Example | Raise it| | The report needs it: <one> : :two\n" in out
    assert quality == []
    (case,) = junit.iter("testcase")
    assert "Who: Ada Example\nWhat: Raise it|\nWhy: The report" in case.findtext("system-out", "")
    page = MarkdownIt("commonmark").enable("table").render(markdown)
    assert "<th>Who</th>" in page
    assert "<td>Raise it|</td>" in page
    assert "&lt;one&gt;" in page


@pytest.mark.parametrize("system", ["GitHub Actions", "Gitea Actions", "Forgejo Actions"])
def test_actions_show_annotations_and_a_summary(
    system: str, repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"net/a": "1"}, "fix")
    _set(monkeypatch, repo, system)
    summary = repo.path.parent / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert main(["check"]) == 1
    out, err = capsys.readouterr()
    assert "\n::error title=confluence-changelog reason-missing::" in out
    assert "[reason-missing]" in err
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# Before\n## confluence-changelog\n")
    assert "**refused:**" in text
    repo.git("commit", "-q", "--amend", "-m", "Raise it\n\nThe report needs it.")
    _set(monkeypatch, repo, system)
    assert main(["check"]) == 0
    text = summary.read_text(encoding="utf-8")
    assert "The row as the log will show it:" in text
    assert "| Raise it | The report needs it&#46; |\n" in text


def test_a_range_can_be_reported_too(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({"net/a": "1"}, "fix")
    for form in FORMS:
        assert main(["check", "--range", "main..HEAD", "--format", form]) == 1
        out, err = capsys.readouterr()
        assert out
        assert err == ""
