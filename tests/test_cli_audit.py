"""`audit` from the command line: real histories, the sandbox, and what is printed."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from confluence_changelog.cli import main
from confluence_changelog.sandbox import LOG_ID, Sandbox
from ranges.environments import SYSTEMS, Situation, environment, has
from support.hooked import logged
from support.repositories import Repo, RepoBuilder

WHY = "\n\nThe old one leaves on Friday."


def build(repo: Repo) -> None:
    for number in range(1, 5):
        repo.commit({"dns.conf": str(number)}, f"Change {number}{WHY}")


@pytest.fixture
def repo(
    sandbox: Sandbox,
    build_repo: RepoBuilder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Repo:
    """Return a repository whose four commits have been published."""
    repo = build_repo(build)
    monkeypatch.chdir(repo.path)
    assert main(["publish", "--range", "HEAD"]) == 0
    capsys.readouterr()
    sandbox.clear_requests()
    return repo


@pytest.fixture
def found(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[tuple[str, str]]]:
    """Return a function that audits and returns the checks with their commits."""

    def audit(*options: str) -> list[tuple[str, str]]:
        capsys.readouterr()
        status = main(["audit", "--format", "json", *options])
        shown = json.loads(capsys.readouterr().out)
        assert status == (1 if shown["findings"] else 0)
        assert shown["clean"] == (not shown["findings"])
        return [(finding["check"], finding["commit"]) for finding in shown["findings"]]

    return audit


Found = Callable[..., list[tuple[str, str]]]


def methods(sandbox: Sandbox) -> list[str]:
    return [request["method"] for request in sandbox.requests()]


def row(sandbox: Sandbox, commit: str) -> str:
    body = sandbox.page(LOG_ID).storage
    return re.findall(rf"<tr>(?:(?!<tr).)*?cl1-{commit}.*?</tr>", body, re.DOTALL)[0]


def edit(sandbox: Sandbox, find: str, replace: str) -> None:
    body = sandbox.page(LOG_ID).storage
    assert find in body
    sandbox.set_body(LOG_ID, body.replace(find, replace, 1))


def configure(repo: Repo, text: str) -> None:
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")


def amend(repo: Repo, *options: str) -> str:
    """Make the newest commit anew, with another id and the same text; the work tree's clock is kept."""
    repo.git("commit", "-q", "--amend", "--no-edit", *options, env=repo.identity())
    return repo.rev_parse()


def test_a_log_without_a_fault(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit"]) == 0
    out, err = capsys.readouterr()
    assert out == (
        "4 commits in scope, 4 rows on 'Change Log', version 2: each commit has exactly one row, "
        f"unaltered and in order.\n{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}\n"
    )
    assert err == ""
    assert methods(sandbox) == ["GET"]


def test_every_fault_is_found(sandbox: Sandbox, repo: Repo, found: Found) -> None:
    one, two, three, four = (repo.rev_parse(f"main~{back}") for back in (3, 2, 1, 0))
    edit(sandbox, row(sandbox, one), "")
    edit(sandbox, row(sandbox, two), row(sandbox, two) * 2)
    edit(sandbox, "Change 3", "Change three")
    new = amend(repo, "-m", "Change 4, otherwise")
    assert found() == [
        ("missing", new),
        ("missing", one),
        ("vanished", four),
        ("double", two),
        ("altered", three),
    ]
    assert set(methods(sandbox)) == {"GET"}


def test_faults_are_told_with_their_remedies(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    three, four = repo.rev_parse("HEAD~1"), repo.rev_parse()
    rows = row(sandbox, four), row(sandbox, three)
    edit(sandbox, "".join(rows), "".join(reversed(rows)))
    edit(sandbox, "Change 2", "Change two ##vso[x]")
    edit(sandbox, row(sandbox, repo.rev_parse("HEAD~3")), "")
    assert main(["audit"]) == 1
    out = capsys.readouterr().out
    assert "version 2: 3 findings." in out
    assert f"\n1 commit has no row:\n  {repo.rev_parse('HEAD~3')[:10]} Change 1\n  To mend" in out
    assert f"\n1 row is out of order:\n  row 2, {three[:10]}: 2026-01-05 | " in out
    assert "(stands above row 3, whose commit came later)" in out
    assert "\n1 row was altered by hand:\n  row 4" in out
    assert "##vso[" not in out


def test_branches_may_stand_either_way(sandbox: Sandbox, repo: Repo, found: Found) -> None:
    repo.checkout("side", new=True)
    side = repo.commit({"side": "1"}, f"Aside{WHY}")
    repo.checkout("main")
    main_tip = repo.commit({"main": "1"}, f"Ahead{WHY}")
    repo.merge("side")
    assert main(["publish", "--range", "HEAD"]) == 0
    assert found() == []
    upper, lower = sorted((side, main_tip), key=logged(sandbox).index)
    rows = row(sandbox, upper), row(sandbox, lower)
    edit(sandbox, "".join(rows), "".join(reversed(rows)))
    assert found() == []
    edit(sandbox, rows[0], "")
    edit(
        sandbox,
        row(sandbox, repo.rev_parse("main~3")),
        row(sandbox, repo.rev_parse("main~3")) + rows[0],
    )
    assert [check for check, _ in found()] == ["order"]


def test_only_a_range_or_the_time_since_a_date(
    sandbox: Sandbox, repo: Repo, found: Found, capsys: pytest.CaptureFixture[str]
) -> None:
    one, four = repo.rev_parse("HEAD~3"), repo.rev_parse()
    edit(sandbox, row(sandbox, one), "")
    edit(sandbox, row(sandbox, four), row(sandbox, four) * 2)
    assert found("--range", "HEAD~3..HEAD~1") == []
    assert found("--range", "HEAD~3") == [("missing", one)]
    assert found("--range", "HEAD~1..HEAD") == [("double", four)]
    assert found("--since", "2026-01-05T09:02:00") == [("double", four)]
    assert found("--since", "2027-01-01") == []
    assert main(["audit", "--since", "yesterday"]) == 2
    assert "is no date: write it as 2026-01-31" in capsys.readouterr().err


def test_rows_out_of_scope_are_no_finding(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(repo, f'[scope]\nsince = "{repo.rev_parse("HEAD~2")}"\n')
    assert main(["audit"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("2 commits in scope, 4 rows on")
    assert err.startswith("2 rows of commits that are out of scope: no finding")


def test_what_a_remote_still_holds_has_not_vanished(
    sandbox: Sandbox, repo: Repo, found: Found
) -> None:
    old = repo.rev_parse()
    repo.git("update-ref", "refs/remotes/elsewhere/main", old)
    new = amend(repo, "-m", "Change 4, otherwise")
    assert found() == [("missing", new)]
    repo.git("update-ref", "-d", "refs/remotes/elsewhere/main")
    assert found() == [("missing", new), ("vanished", old)]


def test_what_is_missing_is_published_in_its_place(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    before = logged(sandbox)
    edit(sandbox, row(sandbox, repo.rev_parse("HEAD~2")), "")
    assert main(["audit", "--fix"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("4 commits in scope, 4 rows")
    assert err == "Published 1 row, replaced 0 rows of rewritten commits; audited again.\n"
    assert logged(sandbox) == before
    assert not sandbox.versions(LOG_ID)[0].minor


def test_a_rewritten_commit_takes_its_row_over(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every commit is rewritten, as filters do it: what they say stays the same."""
    old = logged(sandbox)
    edit(
        sandbox, row(sandbox, old[1]), f"{row(sandbox, old[1])}<tr><td>Bo</td><td/><td/><td/></tr>"
    )
    repo.git("checkout", "-q", "--orphan", "rewritten")
    repo.write({"LICENSE": "MIT"})
    build(repo)
    repo.git("branch", "-q", "-M", "rewritten", "main")
    new = repo.git("rev-list", "main").split()
    assert not set(old) & set(new)
    assert main(["audit"]) == 1
    out = capsys.readouterr().out
    assert "\n4 commits have no row:\n" in out
    assert f"({new[0][:10]} says the same)" in out
    assert main(["audit", "--fix"]) == 0
    assert logged(sandbox) == new
    assert "<td>Bo</td>" in sandbox.page(LOG_ID).storage
    newest = sandbox.versions(LOG_ID)[0]
    assert (newest.minor, newest.message.startswith("Change log, corrected: 4 commits")) == (
        True,
        True,
    )
    assert "replaced 4 rows of rewritten commits" in capsys.readouterr().err


def test_of_several_candidates_none_is_taken(
    sandbox: Sandbox, repo: Repo, found: Found, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two commits of one day say the same; one of them is rewritten."""
    first = repo.commit({"again": "1"}, f"Again{WHY}")
    second = repo.commit({"again": "2"}, f"Again{WHY}")
    assert main(["publish", "--range", "HEAD"]) == 0
    repo.git("reset", "-q", "--hard", "HEAD~2")
    new = repo.commit({"again": "3"}, f"Again{WHY}")
    body = sandbox.page(LOG_ID).storage
    for options in ([], ["--fix"], ["--fix", "--yes"]):
        assert sorted(found(*options)) == [
            ("missing", new),
            *sorted([("vanished", first), ("vanished", second)]),
        ]
    assert sandbox.page(LOG_ID).storage == body
    assert main(["audit"]) == 1
    assert "several say the same: delete their rows, or publish --commit" in capsys.readouterr().out


def test_a_row_that_was_altered_is_not_taken_over(
    sandbox: Sandbox, repo: Repo, found: Found
) -> None:
    old = repo.rev_parse()
    edit(sandbox, "Change 4", "Change four")
    new = amend(repo, "--date", "2026-01-05T12:00:00Z")
    assert found("--fix", "--yes") == [("vanished", old), ("altered", old)]
    assert logged(sandbox)[:2] == [new, old]


def test_rows_without_a_commit_hold_a_fix_up(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    old = repo.rev_parse()
    new = amend(repo, "-m", "Change 4, otherwise")
    body = sandbox.page(LOG_ID).storage
    assert main(["audit", "--fix"]) == 1
    assert "Nothing was published: the page has a row without a commit" in capsys.readouterr().err
    assert sandbox.page(LOG_ID).storage == body
    assert main(["audit", "--fix", "--yes"]) == 1
    assert logged(sandbox)[:2] == [new, old]
    assert "1 row has a commit that no branch holds" in capsys.readouterr().out


def test_many_rows_are_not_written_unasked(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    start = "from refs/heads/main^0\n"
    commits = [
        f"commit refs/heads/main\ncommitter Ada <ada@example.com> {1767609000 + number} +0000\n"
        f"data 4\nMany\n{start if number == 0 else ''}"
        for number in range(51)
    ]
    repo.git("fast-import", "--quiet", stdin="".join(commits))
    assert main(["audit", "--fix"]) == 1
    out, err = capsys.readouterr()
    assert "Nothing was published: 51 rows would be written, more than 50" in err
    assert "… and 31 more (--format json lists all)" in out
    assert len(logged(sandbox)) == 4
    assert main(["audit", "--fix", "--yes"]) == 0
    assert len(logged(sandbox)) == 55


def test_junit(sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--format", "junit"]) == 0
    clean = ET.fromstring(capsys.readouterr().out)
    assert (clean.get("tests"), clean.get("failures")) == ("7", "0")
    edit(sandbox, "Change 4", "Change &lt;four&gt; &amp; more")
    assert main(["audit", "--format", "junit"]) == 1
    suites = ET.fromstring(capsys.readouterr().out)
    assert (suites.get("tests"), suites.get("failures")) == ("7", "1")
    failure = suites.find("./testsuite/testcase[@classname='audit.altered']/failure")
    assert failure is not None
    assert "Change <four> & more" in failure.get("message", "")
    assert "To mend it: " in (failure.text or "")


def test_json_says_what_and_where(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(sandbox, "Change 4", "Change four")
    assert main(["audit", "--format", "json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert (shown["whole_scope"], shown["commits"], shown["rows"]) == (True, 4, 4)
    (finding,) = shown["findings"]
    assert (finding["check"], finding["commit"]) == ("altered", repo.rev_parse())
    assert finding["subject"] == "Change 4"
    assert finding["rows"][0]["number"] == 2
    assert "Change four" in finding["rows"][0]["text"]


def test_a_shallow_clone_proves_nothing(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(repo.clone("shallow", depth=2).path)
    for options in ([], ["--range", "HEAD~1..HEAD"]):
        assert main(["audit", *options]) == 3
        assert "git fetch --unshallow" in capsys.readouterr().err
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["audit", "--yes"], 2, "give --fix as well"),
        (["audit", "--range", "nowhere"], 3, "nowhere"),
        (["audit", "--page", "999"], 3, "page 999"),
    ],
)
def test_errors_are_one_sentence(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    says: str,
) -> None:
    assert main(arguments) == status
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err


def test_a_reader_may_audit(sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.add_user("guest", "guest", edits=False, token="guest-token")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "guest-token")
    assert main(["audit"]) == 0


@pytest.mark.parametrize(
    ("system", "kind"),
    [("GitHub Actions", "queue")]
    + [(name, "pull request") for name in SYSTEMS if has(name, "pull request")],
)
def test_a_request_may_not_write(
    repo: Repo,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    system: str,
    kind: str,
) -> None:
    """It says itself what is in scope."""
    new = repo.commit({"a.conf": "1"}, f"Add a{WHY}")
    situation = Situation(kind, "topic", repo.rev_parse("HEAD^"), new)
    for name, value in environment(system, situation, tmp_path).items():
        monkeypatch.setenv(name, value)
    sandbox.clear_requests()
    assert main(["audit", "--fix"]) == 2
    assert "which may not write to the log" in capsys.readouterr().err
    assert sandbox.requests() == []
    assert main(["audit"]) == 1
