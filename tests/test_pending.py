"""`publish --pending`: from notes to rows, with real repositories and the sandbox."""

import subprocess
import sys
import threading
import time

import pytest

from confluence_changelog import lock, notes
from confluence_changelog.cli import main
from confluence_changelog.notes import Note
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.hooked import (
    LONGEST_WAIT,
    eventually,
    folder,
    gate,
    listener,
    logged,
    noted,
    publish,
    publish_pending,
)
from support.repositories import Repo, RepoFactory

WHY = "\n\nThe old one leaves on Friday."


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({"confluence-changelog.toml": ""}, f"Begin{WHY}")
    monkeypatch.chdir(repo.path)
    return repo


def note(
    repo: Repo, *ids: str, branch: str = "refs/heads/main", replaces: tuple[str, ...] = ()
) -> None:
    now = time.time()
    notes.write(notes.pending(repo.path / ".git"), [Note(i, now, branch, replaces) for i in ids])


def pending(*options: str) -> int:
    return main(["publish", "--pending", *options])


def test_what_is_noted_is_published_in_order(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (repo.commit({"a": text}, f"Set a to {text}{WHY}") for text in "12")
    repo.commit({"a": "3"}, "Not noted")
    note(repo, second, first)
    assert pending() == 0
    assert logged(sandbox) == [second, first]
    assert noted(repo) == set()
    assert capsys.readouterr().out.startswith("Published 2 rows")
    sandbox.clear_requests()
    assert pending() == 0
    assert capsys.readouterr().err == "Nothing is noted.\n"
    assert sandbox.requests() == []


def test_quiet_says_nothing(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    note(repo, repo.rev_parse(), "1" * 40)
    assert pending("--quiet") == 0
    assert pending("--quiet") == 0
    assert not [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    assert capsys.readouterr() == ("", "")
    assert logged(sandbox) == [repo.rev_parse()]


def test_a_dry_run_keeps_the_notes(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    note(repo, repo.rev_parse(), "1" * 40)
    assert pending("--dry-run") == 0
    assert capsys.readouterr().out.startswith("Would publish 1 row")
    assert len(noted(repo)) == 2
    assert logged(sandbox) == []


def test_a_failure_keeps_the_notes_and_its_reason(
    sandbox: Sandbox,
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    note(repo, repo.rev_parse())
    monkeypatch.setenv("CONFLUENCE_TOKEN", "wrong")
    assert pending() == 3
    failure = notes.read_failure(repo.path / ".git")
    assert failure is not None
    assert f"error: {failure.sentence}\n" == capsys.readouterr().err
    assert "did not accept the credentials" in failure.sentence
    assert noted(repo) == {repo.rev_parse()}
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    assert pending() == 0
    assert notes.read_failure(repo.path / ".git") is None
    assert logged(sandbox) == [repo.rev_parse()]


def test_a_note_goes_when_its_commit_is_in_the_log_already(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["publish", "--commit", "HEAD"]) == 0
    note(repo, repo.rev_parse())
    assert pending() == 0
    assert noted(repo) == set()
    assert sandbox.page(LOG_ID).latest == 2


def test_unreachable_commits_are_dropped(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = repo.commit({"a": "1"}, "Undone")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    note(repo, gone, "1" * 40)
    assert pending() == 0
    assert noted(repo) == set()
    assert sandbox.requests() == []
    assert gone[:10] in capsys.readouterr().err
    note(repo, gone, repo.rev_parse())
    assert pending() == 0
    assert logged(sandbox) == [repo.rev_parse()]
    assert noted(repo) == set()


def test_only_the_scope_is_published(sandbox: Sandbox, repo: Repo) -> None:
    repo.commit({"confluence-changelog.toml": '[scope]\npaths = ["*.conf"]\n'}, f"Narrow{WHY}")
    inside = repo.commit({"a.conf": "1"}, f"Add a.conf{WHY}")
    outside = repo.commit({"README": "1"}, "Say hello")
    note(repo, inside, outside)
    assert pending() == 0
    assert logged(sandbox) == [inside]
    assert noted(repo) == set()


def test_commits_that_are_not_published_are_dropped(sandbox: Sandbox, repo: Repo) -> None:
    """Whatever brings them to a published branch notes them again."""
    repo.clone("origin", bare=True)
    repo.git("remote", "add", "origin", (repo.path.parent / "origin").as_uri())
    repo.git("fetch", "-q")
    repo.checkout("feature", new=True)
    note(repo, repo.commit({"a": "1"}, f"Add a{WHY}"), branch="refs/heads/feature")
    assert pending() == 0
    assert noted(repo) == set()
    assert logged(sandbox) == []


def test_without_a_remote_the_branch_counts_that_was_checked_out_then(
    sandbox: Sandbox, repo: Repo
) -> None:
    repo.branch("old")
    head = repo.commit({"a": "1"}, f"Add a{WHY}")
    note(repo, head)
    repo.checkout("old")
    assert pending() == 0
    assert logged(sandbox) == [head]


def test_the_work_tree_decides_nothing(sandbox: Sandbox, repo: Repo) -> None:
    """Neither its files nor its configuration: they may be those of another branch by now."""
    first = repo.rev_parse()
    note(repo, first)
    repo.write({"confluence-changelog.toml": '[scope]\nskip_subjects = ["."]\n', "x": "1"})
    assert pending() == 0
    assert logged(sandbox) == [first]
    second = repo.commit({"confluence-changelog.toml": None, "pyproject.toml": "x = 1"}, "Stop")
    note(repo, second)
    repo.write({"confluence-changelog.toml": ""})
    assert pending() == 2
    assert noted(repo) == {second}
    assert pending("--config", "confluence-changelog.toml") == 0
    assert logged(sandbox) == [second, first]


def test_the_configuration_may_stand_in_pyproject(sandbox: Sandbox, repo: Repo) -> None:
    files = {
        "confluence-changelog.toml": None,
        "pyproject.toml": '[tool.confluence-changelog.scope]\npaths = ["*.conf"]\n',
    }
    outside, inside = repo.commit(files, "Move"), repo.commit({"a.conf": "1"}, f"Add a.conf{WHY}")
    note(repo, outside, inside)
    assert pending() == 0
    assert logged(sandbox) == [inside]


def test_a_merge_brings_what_it_merged(sandbox: Sandbox, repo: Repo) -> None:
    """A merge with conflicts is concluded by git commit, so that only its own commit is noted."""
    repo.checkout("side", new=True)
    first = repo.commit({"a": "1"}, f"Add a{WHY}")
    second = repo.commit({"b": "1"}, f"Add b{WHY}")
    repo.checkout("main")
    repo.commit({"c": "1"}, "Not noted")
    note(repo, repo.merge("side"))
    assert pending() == 0
    assert logged(sandbox) == [second, first]
    assert noted(repo) == set()


def test_a_vanished_commit_hands_its_row_on(sandbox: Sandbox, repo: Repo) -> None:
    """Through any number of amendments, wherever it stands, and whoever noted them."""
    old = repo.commit({"a": "1"}, f"Add a{WHY}")
    assert main(["publish", "--range", "HEAD"]) == 0
    between = repo.commit({"a": "2"}, f"Add a, second try{WHY}", "--amend")
    new = repo.commit({"a": "3"}, f"Add a, third try{WHY}", "--amend")
    last = repo.commit({"b": "1"}, f"Add b{WHY}")
    note(repo, between, replaces=(old,))
    note(repo, new, replaces=(between,))
    note(repo, last)
    repo.git("reflog", "expire", "--expire=all", "--all")
    assert pending() == 0
    assert logged(sandbox) == [last, new, repo.rev_parse("HEAD~2")]
    assert "third try" in sandbox.page(LOG_ID).storage
    assert noted(repo) == set()


def test_a_dry_run_shows_what_would_be_replaced(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"a": "1"}, f"Add a{WHY}")
    assert main(["publish", "--range", "HEAD"]) == 0
    note(repo, repo.commit({"a": "2"}, f"Add a, second try{WHY}", "--amend"))
    capsys.readouterr()
    assert pending("--dry-run") == 0
    out = capsys.readouterr().out
    assert out.startswith("Would publish 0 rows")
    assert "Would replace 1 row of vanished commits:" in out
    assert sandbox.page(LOG_ID).latest == 2


def test_the_reflog_tells_of_amendments(sandbox: Sandbox, repo: Repo) -> None:
    old = repo.commit({"a": "1"}, f"Add a{WHY}")
    assert main(["publish", "--range", "HEAD"]) == 0
    repo.commit({"a": "2"}, f"Add a, second try{WHY}", "--amend")
    new = repo.commit({"a": "3"}, f"Add a, third try{WHY}", "--amend")
    note(repo, new)
    assert pending() == 0
    assert logged(sandbox) == [new, repo.rev_parse("HEAD~1")]
    assert old not in sandbox.page(LOG_ID).storage


@pytest.mark.parametrize("ref", ["refs/heads/backup", "refs/remotes/fork/x"])
def test_a_commit_that_any_branch_holds_keeps_its_row(
    sandbox: Sandbox, repo: Repo, ref: str
) -> None:
    old = repo.commit({"a": "1"}, f"Add a{WHY}")
    assert main(["publish", "--range", "HEAD"]) == 0
    repo.git("update-ref", ref, old)
    new = repo.commit({"a": "2"}, f"Add a again{WHY}", "--amend")
    note(repo, new, replaces=(old,))
    assert pending() == 0
    assert sorted(logged(sandbox)) == sorted([new, old, repo.rev_parse("HEAD~1")])


def test_a_pushed_commit_keeps_its_row_until_it_is_gone_from_the_remote(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    old = repo.commit({"a": "1"}, f"Add a{WHY}")
    repo.clone("origin", bare=True)
    repo.git("remote", "add", "origin", (repo.path.parent / "origin").as_uri())
    repo.git("fetch", "-q")
    assert main(["publish", "--range", "HEAD"]) == 0
    before = logged(sandbox)
    new = repo.commit({"a": "2"}, f"Add a again{WHY}", "--amend")
    note(repo, new, replaces=(old,))
    capsys.readouterr()
    assert pending() == 0
    assert logged(sandbox) == before
    assert noted(repo) == {new}
    said = capsys.readouterr().err
    assert f"Commit {new[:10]} takes the row of {old[:10]}" in said
    failure = notes.read_failure(repo.path / ".git")
    assert failure is not None
    assert failure.sentence in said
    repo.git("push", "-q", "--force", "origin", "main")
    assert pending() == 0
    assert logged(sandbox) == [new, *before[1:]]
    assert noted(repo) == set()
    assert notes.read_failure(repo.path / ".git") is None


def test_what_was_merged_instead_has_both_rows(sandbox: Sandbox, repo: Repo) -> None:
    old = repo.commit({"a": "1"}, f"Add a{WHY}")
    repo.clone("origin", bare=True)
    repo.git("remote", "add", "origin", (repo.path.parent / "origin").as_uri())
    repo.git("fetch", "-q")
    new = repo.commit({}, f"Add a, but say it better{WHY}", "--amend")
    note(repo, new, replaces=(old,))
    repo.merge("origin/main")
    note(repo, old)
    assert pending() == 0
    assert sorted(logged(sandbox)) == sorted([old, new])
    assert noted(repo) == set()


def test_in_a_shallow_clone_no_row_is_replaced(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = repo.rev_parse()
    repo.commit({"a": "1"}, f"Add a{WHY}")
    assert main(["publish", "--range", "HEAD"]) == 0
    shallow = repo.clone("shallow", depth=1)
    new = shallow.commit({"b": "1"}, f"Add b{WHY}")
    monkeypatch.chdir(shallow.path)
    note(shallow, new, replaces=(old,))
    assert pending() == 0
    assert logged(sandbox) == [new, repo.rev_parse(), old]
    newer = shallow.commit({"b": "2"}, f"Add b again{WHY}", "--amend")
    note(shallow, new, newer)
    assert pending() == 0
    assert logged(sandbox) == [newer, new, repo.rev_parse(), old]
    assert noted(shallow) == {new}


def test_eight_publishers_publish_once(sandbox: Sandbox, repo: Repo) -> None:
    ids = [repo.commit({"a": str(n)}, f"Set a to {n}{WHY}") for n in range(5)]
    note(repo, *ids)
    sandbox.put_fault(method="GET", delay=0.5)
    command = [sys.executable, "-m", "confluence_changelog", "publish", "--pending"]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(8)
    ]
    results = [(process.communicate(), process.returncode) for process in started]
    assert {status for _, status in results} == {0}
    assert logged(sandbox) == ids[::-1]
    assert [request["method"] for request in sandbox.requests()].count("PUT") == 1
    assert noted(repo) == set()
    assert sum(b"Published 5 rows" in out for (out, _), _ in results) == 1


def test_what_is_noted_meanwhile_is_published_too(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publisher of the second note found the lock held and ended."""
    first = repo.rev_parse()
    note(repo, first)
    command = [sys.executable, "-m", "confluence_changelog", "publish", "--pending", "--quiet"]
    with gate(sandbox) as (address, came, opened):
        monkeypatch.setenv("CONFLUENCE_URL", address)
        with subprocess.Popen(command) as process:
            assert came.wait(LONGEST_WAIT)
            second = repo.commit({"a": "1"}, f"Add a{WHY}")
            note(repo, second)
            assert "Another publisher" in publish(repo, "--pending").stderr
            opened.set()
    assert process.returncode == 0
    assert logged(sandbox) == [second, first]
    assert noted(repo) == set()


def test_a_publisher_that_is_killed_after_writing_is_no_harm(sandbox: Sandbox, repo: Repo) -> None:
    note(repo, repo.rev_parse())
    sandbox.put_fault(method="PUT", drop="after")
    sandbox.put_fault(method="GET", skip=1, delay=60)
    command = [sys.executable, "-m", "confluence_changelog", "publish", "--pending", "--quiet"]
    with subprocess.Popen(command) as process:
        eventually(lambda: logged(sandbox) == [repo.rev_parse()])
        process.kill()
    sandbox.clear_faults()
    assert noted(repo) == {repo.rev_parse()}
    assert not lock.is_held(folder(repo) / "lock")
    done = publish_pending(repo)
    assert done.returncode == 0
    assert "1 commit had a row already" in done.stdout
    assert logged(sandbox) == [repo.rev_parse()]
    assert noted(repo) == set()


def test_a_publisher_ends_even_when_the_server_never_does(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte at a time defeats the time-outs of a single read."""
    head = repo.commit({"confluence-changelog.toml": "[page]\ndeadline = 1\n"}, f"Hurry{WHY}")
    note(repo, head)
    monkeypatch.setenv("CONFLUENCE_PAGE", "1")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "x")
    code = (
        "import sys; from confluence_changelog.cli import main, pending; pending._GRACE = 0.5\n"
        "sys.exit(main(['publish', '--pending', '--quiet']))"
    )

    def trickle(connection: object) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")  # type: ignore[attr-defined]
        while True:
            connection.sendall(b"x")  # type: ignore[attr-defined]
            time.sleep(0.2)

    with listener(trickle) as server:
        monkeypatch.setenv("CONFLUENCE_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"", b"")
    failure = notes.read_failure(repo.path / ".git")
    assert failure is not None
    assert "took more than" in failure.sentence
    assert noted(repo) == {head}


def test_a_publisher_of_another_work_tree(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("worktree", "add", "-q", "-b", "side", "../tree")
    note(repo, repo.rev_parse())
    monkeypatch.chdir(repo.path.parent / "tree")
    assert pending() == 0
    assert logged(sandbox) == [repo.rev_parse()]
    assert noted(repo) == set()


def test_notes_outlive_gc(sandbox: Sandbox, repo: Repo) -> None:
    note(repo, repo.rev_parse())
    repo.git("gc", "-q", "--prune=now")
    assert pending() == 0
    assert logged(sandbox) == [repo.rev_parse()]


def test_a_failure_that_nobody_foresaw_is_noted(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(repo, repo.rev_parse())
    monkeypatch.setitem(sys.modules, "confluence_changelog.confluence.deadline", None)
    with pytest.raises(ImportError):
        pending("--quiet")
    failure = notes.read_failure(repo.path / ".git")
    assert failure is not None
    assert "ModuleNotFoundError" in failure.sentence
    assert noted(repo) == {repo.rev_parse()}
