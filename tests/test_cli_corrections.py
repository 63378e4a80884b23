"""Corrections from the command line: real repositories, the sandbox, and what is printed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from confluence_changelog import lock
from confluence_changelog.cli import main
from confluence_changelog.sandbox import LOG_ID, Sandbox, accounts
from support.hooked import (
    eventually,
    folder,
    install_hooks,
    logged,
    noted,
    publish_pending,
)
from support.repositories import Repo, RepoBuilder
from support.sites import sandbox as sandbox
from support.sites import writes

WHY = "\n\nThe old one leaves on Friday."
CONF = '[scope]\npaths = ["*.conf"]\n'


def build(repo: Repo) -> None:
    repo.commit({"confluence-changelog.toml": CONF}, "Begin")
    for number in range(1, 5):
        repo.commit({"dns.conf": str(number)}, f"Change {number}{WHY}")


@pytest.fixture
def repo(
    sandbox: Sandbox,
    build_repo: RepoBuilder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Repo:
    """Return a repository whose four commits in scope have been published."""
    repo = build_repo(build)
    monkeypatch.chdir(repo.path)
    assert main(["publish", "--range", "HEAD"]) == 0
    capsys.readouterr()
    sandbox.clear_requests()
    return repo


def correct(repo: Repo, commit: str, text: str = "Corrected") -> str:
    return repo.commit({}, f"{text}{WHY}\n\nCorrects: {commit}")


def note(repo: Repo, text: str, commit: str) -> None:
    repo.git("notes", "--ref", "changelog", "add", "-f", "-m", text, commit)


def body(sandbox: Sandbox) -> str:
    return sandbox.page(LOG_ID).storage


def audit(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    capsys.readouterr()
    main(["audit", "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [(finding["check"], finding["commit"]) for finding in findings]


@pytest.mark.parametrize("by", ["trailer", "note"])
def test_a_row_is_corrected_once_and_quietly(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    before, target = logged(sandbox), repo.rev_parse("HEAD~2")
    if by == "note":
        note(repo, "Corrected", target)
    else:
        correct(repo, target[:8])
    assert main(["publish", "--range", "HEAD~1..HEAD"]) == 0
    out, err = capsys.readouterr()
    assert "Published 0 rows" in out
    assert "Corrected 1 row:\n" in out
    assert "| Corrected" in out
    assert err == ""
    assert logged(sandbox) == before
    assert "Corrected" in body(sandbox)
    assert "Change 2" not in body(sandbox)
    (newest, *_) = sandbox.versions(LOG_ID)
    assert newest.number == 3
    assert newest.minor == (sandbox.flavour == "data-center")
    assert newest.message == f"Change log, corrected: commit {target[:10]}"
    assert audit(capsys) == []
    for options in (["--range", "HEAD"], ["--range", "HEAD~1..HEAD"], []):
        assert main(["publish", *options]) == 0
    assert sandbox.page(LOG_ID).latest == 3


def test_a_dry_run_shows_the_correction(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    note(repo, "Corrected", "HEAD")
    assert main(["publish", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "Would correct 1 row:" in out
    assert main(["publish", "--dry-run", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["commit"] for row in shown["corrected"]] == [repo.rev_parse()]
    assert "Corrected" in shown["corrected"][0]["cells"]
    assert writes(sandbox) == 0


def test_a_late_row_is_published_as_corrected(sandbox: Sandbox, repo: Repo) -> None:
    late = repo.commit({"late.conf": "1"}, f"Late{WHY}")
    correct(repo, late)
    assert main(["publish", "--commit", late]) == 0
    assert logged(sandbox)[0] == late
    assert "Late" not in body(sandbox)


def test_an_empty_correction_has_no_row_of_its_own(sandbox: Sandbox, repo: Repo) -> None:
    """Also where every commit is in scope; one that changes something has a row."""
    repo.commit({"confluence-changelog.toml": ""}, f"Take all{WHY}")
    first = correct(repo, repo.rev_parse("HEAD~1"))
    both = repo.commit({"new": "1"}, f"New file{WHY}\n\nCorrects: {repo.rev_parse('HEAD~3')}")
    assert main(["publish", "--range", "HEAD~2..HEAD"]) == 0
    assert first not in logged(sandbox)
    assert logged(sandbox)[0] == both
    assert body(sandbox).count("New file") == 2
    assert main(["publish", "--range", "HEAD"]) == 0
    assert main(["audit"]) == 0


def test_the_newest_wins_in_every_order(sandbox: Sandbox, repo: Repo) -> None:
    target = repo.rev_parse("HEAD~1")
    first = correct(repo, target, "First try")
    second = correct(repo, target, "Second try")
    for run in (second, first, second):
        assert main(["publish", "--commit", run]) == 0
        assert "Second try" in body(sandbox)
    assert sandbox.page(LOG_ID).latest == 3


@pytest.mark.parametrize("drop", ["before", "during", "after"])
def test_a_lost_answer(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str], drop: str
) -> None:
    note(repo, "Corrected", "HEAD~1")
    sandbox.put_fault(method="PUT", drop=drop)
    assert main(["publish", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["commit"] for row in shown["corrected"]] == [repo.rev_parse("HEAD~1")]
    assert shown["published"] == []
    assert shown["writes"] == (2 if drop == "before" else 1)
    assert sandbox.page(LOG_ID).latest == 3
    assert body(sandbox).count("Corrected") == 1


def test_a_colleague_who_saves_in_between_loses_nothing(sandbox: Sandbox, repo: Repo) -> None:
    note(repo, "Corrected", "HEAD~1")
    sandbox.put_fault(method="PUT", edit={"append": "<p>by another hand</p>"})
    assert main(["publish"]) == 0
    assert "<p>by another hand</p>" in body(sandbox)
    assert body(sandbox).count("Corrected") == 1


def test_a_row_that_was_altered_by_hand_stays(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, body(sandbox).replace("Change 2", "Change two"))
    before, target = body(sandbox), repo.rev_parse("HEAD~2")
    note(repo, "Corrected", target)
    assert main(["publish"]) == 0
    err = capsys.readouterr().err
    assert err.count(f"The row of commit {target[:10]} was edited by hand and stays") == 1
    assert body(sandbox) == before
    assert sorted(audit(capsys)) == [("altered", target), ("uncorrected", target)]
    assert main(["audit", "--fix"]) == 1
    assert body(sandbox) == before


def test_secrets_are_removed_from_corrections(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "glpat-" + "a1B2c3D4e5" * 2
    note(repo, f"Use {secret} <b>now</b>\x1b[31m", "HEAD~2")
    assert main(["publish"]) == 0
    assert secret not in body(sandbox)
    assert "&lt;b&gt;now" in body(sandbox)
    assert "is shown as [removed]" in capsys.readouterr().err


def test_an_audit_finds_and_mends_what_is_not_corrected(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    target = repo.rev_parse("HEAD~2")
    correct(repo, target)
    assert audit(capsys) == [("uncorrected", target)]
    assert main(["audit"]) == 1
    assert "1 row does not show the correction of its commit:" in capsys.readouterr().out
    assert main(["audit", "--fix"]) == 0
    assert "corrected 1 row" in capsys.readouterr().err
    assert audit(capsys) == []
    assert "Corrected" in body(sandbox)


def test_what_is_unknown_is_a_warning(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    correct(repo, "1234567")
    assert main(["publish"]) == 0
    assert 'corrects "1234567", which is no commit of this clone' in capsys.readouterr().err
    assert sandbox.page(LOG_ID).latest == 2


def test_a_correction_out_of_scope_is_published_by_the_hook(sandbox: Sandbox, repo: Repo) -> None:
    """An empty commit touches no path; nobody runs anything."""
    install_hooks(repo)
    target = repo.rev_parse("HEAD~1")
    correct(repo, target)
    eventually(lambda: "Corrected" in body(sandbox))
    eventually(lambda: not noted(repo))
    assert len(logged(sandbox)) == 4


def test_a_pending_commit_out_of_scope_asks_nobody(sandbox: Sandbox, repo: Repo) -> None:
    """A note alone waits for the next publication."""
    note(repo, "Corrected", "HEAD")
    with lock.exclusive(folder(repo) / "lock"):
        install_hooks(repo)
        repo.commit({"README": "1"}, f"Say hello{WHY}")
    assert publish_pending(repo).returncode == 0
    assert sandbox.requests() == []
    repo.commit({"new.conf": "1"}, f"Add new.conf{WHY}")
    eventually(lambda: "Corrected" in body(sandbox))


def check(repo: Repo, text: str) -> int:
    file = Path(repo.path, ".git", "COMMIT_EDITMSG")
    file.write_text(text, encoding="utf-8")
    return main(["check", str(file)])


def test_check_knows_what_is_corrected(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"Corrected{WHY}\n\nCorrects: "
    assert check(repo, f"{text}{repo.rev_parse()[:7]}") == 0
    assert check(repo, f"{text}1234567") == 1
    assert '"1234567", which is no one commit' in capsys.readouterr().err
    repo.write({"more.conf": "1"})
    repo.git("add", ".")
    assert check(repo, f"{text}1234567") == 1
    assert "[corrects-unknown]" in capsys.readouterr().err
    repo.write({"confluence-changelog.toml": '[policy]\nwarnings = ["corrects-unknown"]\n'})
    assert check(repo, f"{text}1234567") == 0
    assert "[corrects-unknown]" in capsys.readouterr().err


def test_check_of_a_range_knows_it_too(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    correct(repo, "1234567")
    assert main(["check", "--range", "HEAD~1..HEAD", "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert [item["rule"] for item in found["violations"]] == ["corrects-unknown"]
    assert main(["check", "--range", "HEAD~2..HEAD~1"]) == 0


def test_check_stays_light(repo: Repo) -> None:
    file = Path(repo.path, ".git", "COMMIT_EDITMSG")
    file.write_text(f"Corrected{WHY}\n\nCorrects: {repo.rev_parse()}", encoding="utf-8")
    script = (
        "import sys; from confluence_changelog.cli import main; status = main(sys.argv[1:]);"
        "print(status, *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", script, "check", str(file)]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=True)
    status, *modules = done.stdout.split()
    assert status == "0"
    heavy = {"lxml", "requests", "git", "msgspec", "pluggy", "markdown_it", "pathspec", "rich"}
    assert not heavy & {*modules}


def test_a_corrected_row_mentions_its_author_as_before(sandbox: Sandbox, repo: Repo) -> None:
    """The author stands in the cell that is corrected; the row is corrected once."""
    head = "<tr><th>Date</th><th>What</th></tr>"
    sandbox.set_body(LOG_ID, f"<table><tbody>{head}</tbody></table>")
    account = accounts.account_id(accounts.key_of("editor"))
    user = "editor" if sandbox.flavour == "data-center" else account
    text = f'[row.people]\n"ada@example.com" = "{user}"\n[table.columns]\nDate = "date"\n'
    repo.write({"confluence-changelog.toml": f'{CONF}{text}What = "{{author}}: {{subject}}"\n'})
    assert main(["publish", "--range", "HEAD"]) == 0
    mentions = body(sandbox).count("<ri:user ")
    assert mentions == 4
    note(repo, "Said anew", "HEAD~1")
    assert main(["publish"]) == 0
    assert body(sandbox).count("Said anew") == 1
    assert body(sandbox).count("<ri:user ") == mentions
    latest = sandbox.page(LOG_ID).latest
    assert main(["publish"]) == 0
    assert main(["audit"]) == 0
    assert sandbox.page(LOG_ID).latest == latest
