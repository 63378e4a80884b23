"""What the hooks after a commit, a merge and a rewrite do, with real Git and the real files of hooks/."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from confluence_changelog import lock, notes, spawn
from confluence_changelog.cli import main
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.hooked import (
    HOOKS,
    eventually,
    folder,
    install_hooks,
    listener,
    logged,
    no_publisher,
    noted,
    publish,
    publish_pending,
)
from support.repositories import Repo, RepoFactory, uncovered

pytestmark = pytest.mark.slow

WHY = "\n\nThe old one leaves on Friday."
HURRY = "[page]\ndeadline = 1\n"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox() as running:
        monkeypatch.setenv("CONFLUENCE_URL", running.url)
        monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
        monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
        yield running


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables, for tests in which nothing is published."""
    monkeypatch.setenv("CONFLUENCE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CONFLUENCE_PAGE", "1")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "x")


@pytest.fixture
def repo(make_repo: RepoFactory) -> Repo:
    repo = make_repo()
    repo.commit({"confluence-changelog.toml": HURRY, "base": "1"}, f"Begin{WHY}")
    install_hooks(repo)
    return repo


def published(repo: Repo, sandbox: Sandbox, *ids: str) -> None:
    """Wait until these are the rows of the log, and no publisher is at work."""
    eventually(lambda: logged(sandbox) == [*ids] and not noted(repo))
    eventually(lambda: not lock.is_held(folder(repo) / "lock"))


def with_origin(repo: Repo, name: str = "origin") -> Repo:
    """Give the repository a remote that has what it has; the clone knows its default branch."""
    origin = repo.clone(name, bare=True)
    repo.git("remote", "add", "origin", origin.path.as_uri())
    repo.git("fetch", "-q", "origin")
    repo.git("remote", "set-head", "origin", "main")
    return origin


def test_a_commit_becomes_a_row_while_nobody_waits(sandbox: Sandbox, repo: Repo) -> None:
    first = repo.commit({"a": "1"}, f"Add a{WHY}")
    published(repo, sandbox, first)
    second = repo.commit({"a": "2"}, "fix", "--no-verify")
    published(repo, sandbox, second, first)


def test_the_hook_says_nothing(nowhere: None, repo: Repo) -> None:
    repo.write({"a": "1"})
    repo.git("add", "a")
    with no_publisher(repo):
        done = repo.run("commit", "-q", "-m", "Add a")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert noted(repo) == {repo.rev_parse()}


@pytest.mark.parametrize(
    "change",
    [
        {"CI": "true"},
        {"CONFLUENCE_TOKEN": ""},
        {"CONFLUENCE_TOKEN": "", "CONFLUENCE_USER": "ada"},
        {"CONFLUENCE_URL": ""},
    ],
    ids=str,
)
def test_where_nothing_is_noted(
    nowhere: None, repo: Repo, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    repo.write({"a": "1"})
    done = repo.run("commit", "-q", "-a", "--allow-empty", "-m", "x")
    assert (done.returncode, done.stderr) == (0, b"")
    repo.git("commit", "-q", "--amend", "--allow-empty", "-m", "y")
    assert not folder(repo).exists()


def test_without_a_configuration_nothing_is_noted(nowhere: None, make_repo: RepoFactory) -> None:
    repo = make_repo()
    install_hooks(repo)
    done = repo.run("commit", "-q", "--allow-empty", "-m", "x")
    assert (done.returncode, done.stderr) == (0, b"")
    assert not folder(repo).exists()


@pytest.mark.parametrize(
    ("configuration", "branch", "is_noted"),
    [
        (HURRY, "main", True),
        (HURRY, "feature", False),
        ('[scope]\nbranches = ["release/*"]\n', "main", False),
        ('[scope]\nbranches = ["release/*"]\n', "release/1", True),
    ],
)
def test_only_published_branches_are_noted(
    nowhere: None, repo: Repo, configuration: str, branch: str, is_noted: bool
) -> None:
    with_origin(repo)
    with no_publisher(repo):
        if branch != "main":
            repo.checkout(branch, new=True)
        made = repo.commit({"confluence-changelog.toml": configuration, "x": "1"}, "x")
        assert noted(repo) == ({made} if is_noted else set())


def test_where_only_the_remote_can_tell_the_publisher_decides(nowhere: None, repo: Repo) -> None:
    with_origin(repo)
    repo.git("remote", "set-head", "origin", "--delete")
    with no_publisher(repo):
        repo.checkout("feature", new=True)
        made = repo.commit({"a": "1"}, "x")
        assert noted(repo) == {made}


def test_a_detached_head_is_not_noted(nowhere: None, repo: Repo) -> None:
    with no_publisher(repo):
        repo.git("checkout", "-q", "--detach")
        repo.commit({"a": "1"}, "x")
        assert noted(repo) == set()


def test_a_dead_confluence_is_not_felt(
    repo: Repo, nowhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("CONFLUENCE_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
    made = repo.commit({"a": "1"}, f"Add a{WHY}")
    eventually(lambda: notes.read_failure(repo.path / ".git") is not None)
    failure = notes.read_failure(repo.path / ".git")
    assert failure is not None
    assert "could not be reached" in failure.sentence
    assert noted(repo) == {made}


def test_an_unauthorised_committer_is_not_disturbed(
    sandbox: Sandbox, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFLUENCE_TOKEN", "wrong")
    first = repo.commit({"a": "1"}, f"Add a{WHY}")
    eventually(lambda: notes.read_failure(repo.path / ".git") is not None)
    eventually(lambda: not lock.is_held(folder(repo) / "lock"))
    assert noted(repo) == {first}
    monkeypatch.setenv("CONFLUENCE_TOKEN", TOKEN)
    second = repo.commit({"a": "2"}, f"Set a{WHY}")
    published(repo, sandbox, second, first)
    assert notes.read_failure(repo.path / ".git") is None


def test_a_commit_ends_while_confluence_hangs(
    repo: Repo, nowhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit has ended, with its pipes closed, before the server has taken the connection."""
    with listener() as server:
        monkeypatch.setenv("CONFLUENCE_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        repo.write({"a": "1"})
        repo.git("add", "a")
        done = repo.run("commit", "-q", "-m", "Add a")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert noted(repo) == {repo.rev_parse()}
        connection, _ = server.accept()  # by the publisher, which is still waiting for an answer
        with connection:
            connection.settimeout(60)
            assert connection.recv(4) == b"GET "
            assert lock.is_held(folder(repo) / "lock")
    eventually(lambda: notes.read_failure(repo.path / ".git") is not None)


def test_a_hook_that_cannot_note_says_so_in_one_line(nowhere: None, repo: Repo) -> None:
    folder(repo).write_text("in the way")
    done = repo.run("commit", "--allow-empty", "-q", "-m", "x")
    assert done.returncode == 0
    assert done.stderr.count(b"\n") == 1
    assert b"warning: What is new was not noted" in done.stderr


@pytest.mark.parametrize("failure", ["", "The credentials were not accepted."])
def test_what_is_old_is_spoken_of(nowhere: None, repo: Repo, failure: str) -> None:
    common = repo.path / ".git"
    yesterday = time.time() - 25 * 60 * 60
    with no_publisher(repo):
        notes.write(notes.pending(common), [notes.Note("1" * 40, yesterday)])
        if failure:
            notes.write_failure(common, failure)
        done = repo.run("commit", "--allow-empty", "-q", "-m", "x")
        assert done.stderr.count(b"\n") == 1
        assert b"2 commits wait for a row in the change log" in done.stderr
        assert (failure or "No publisher has ended since").encode() in done.stderr


def test_modules_of_the_repository_are_not_loaded(sandbox: Sandbox, repo: Repo) -> None:
    trap = "from pathlib import Path; Path('trapped').write_text('')\n"
    files = dict.fromkeys(("requests.py", "lxml.py", "confluence_changelog.py", "json.py"), trap)
    repo.write({**files, "git/__init__.py": trap})
    made = repo.commit({}, f"Add traps{WHY}")
    published(repo, sandbox, made)
    assert not (repo.path / "trapped").exists()


def test_the_hook_loads_nothing_that_only_publishing_needs(nowhere: None, repo: Repo) -> None:
    code = (
        "import sys; from confluence_changelog.cli import main; "
        "assert main(['note', '--post-commit']) == 0; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    with no_publisher(repo):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=repo.path,
            env=uncovered(),
            capture_output=True,
            check=True,
        )
    assert noted(repo) == {repo.rev_parse()}
    heavy = {"requests", "lxml", "git", "msgspec", "pathspec", "keyring", "markdown_it", "rich"}
    assert not set(done.stdout.decode().split()) & {*heavy, "tomllib", "urllib3", "hashlib"}


def test_a_linked_work_tree_notes_in_the_common_folder(sandbox: Sandbox, repo: Repo) -> None:
    with_origin(repo)
    repo.git("worktree", "add", "-q", "--detach", "../tree")
    repo.git("checkout", "-q", "--detach")
    tree = Repo(repo.path.parent / "tree", repo.now)
    tree.checkout("main")
    made = tree.commit({"a": "1"}, f"Add a{WHY}")
    published(repo, sandbox, made)


# Hook managers


def with_pre_commit(repo: Repo, home: Path) -> None:
    """Install pre-commit for the hooks of the manifest, run from here and not from a clone."""
    manifest = yaml.safe_load((HOOKS.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    command = f"'{sys.executable}' -P -m confluence_changelog"
    ours = [hook for hook in manifest if hook["stages"][0].startswith("post-")]
    for hook in ours:
        hook |= {
            "language": "system",
            "entry": hook["entry"].replace("confluence-changelog", command, 1),
        }
    text = yaml.safe_dump({"repos": [{"repo": "local", "hooks": ours}]})
    with no_publisher(repo):
        repo.commit({".pre-commit-config.yaml": text}, f"Run hooks{WHY}")
    stages = [word for hook in ours for word in ("-t", *hook["stages"])]
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--overwrite", *stages],
        cwd=repo.path,
        check=True,
        capture_output=True,
    )


def test_under_pre_commit(
    sandbox: Sandbox, repo: Repo, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It swallows Git's lists and the words of a hook that succeeds."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home / "pre-commit"))
    with_pre_commit(repo, home)
    first = repo.rev_parse()
    ids = [repo.commit({name: "1"}, f"Add {name}{WHY}") for name in "ab"]
    published(repo, sandbox, *ids[::-1], first)
    second = repo.commit({"b": "2"}, f"Add a better b{WHY}", "--amend")
    published(repo, sandbox, second, ids[0], first)
    repo.git("rebase", "-q", "--force-rebase", "HEAD~2")
    new = repo.git("rev-list", "-2", "HEAD").split()
    assert not {*new} & {second, ids[0]}
    published(repo, sandbox, *new, first)
    notes.write(notes.pending(repo.path / ".git"), [notes.Note("1" * 40, 1000.0)])
    with no_publisher(repo):
        done = repo.run("commit", "--allow-empty", "-m", "x")
    assert done.returncode == 0
    assert b"2 commits wait for a row in the change log" in done.stderr + done.stdout


# Amendments


def test_an_amended_commit_takes_the_row(sandbox: Sandbox, repo: Repo) -> None:
    first = repo.commit({"a": "1"}, f"Add a{WHY}")
    published(repo, sandbox, first)
    second = repo.commit({"a": "2"}, f"Add a better one{WHY}", "--amend")
    published(repo, sandbox, second)
    third = repo.commit({"a": "3"}, f"Add the best{WHY}", "--amend")
    published(repo, sandbox, third)


@pytest.mark.parametrize("swallow_lists", [False, True])
def test_the_predecessor_of_an_amended_commit_is_noted(
    sandbox: Sandbox, repo: Repo, swallow_lists: bool
) -> None:
    install_hooks(repo, swallow_lists=swallow_lists)
    with no_publisher(repo):
        first = repo.commit({"a": "1"}, f"Add a{WHY}")
        second = repo.commit({"a": "2"}, f"Add a better one{WHY}", "--amend")
        (note,) = [n for n in notes.read(notes.pending(repo.path / ".git")) if n.id == second]
        assert note.replaces == (() if swallow_lists else (first,))
        assert note.branch == "refs/heads/main"
    assert publish_pending(repo).returncode == 0
    assert logged(sandbox) == [second]


def test_a_pushed_commit_that_is_amended_keeps_its_row(sandbox: Sandbox, repo: Repo) -> None:
    with_origin(repo)
    first = repo.commit({"a": "1"}, f"Add a{WHY}")
    published(repo, sandbox, first)
    repo.git("push", "-q", "origin", "main")
    second = repo.commit({"a": "2"}, f"Add a better one{WHY}", "--amend")
    eventually(lambda: notes.read_failure(repo.path / ".git") is not None)
    assert logged(sandbox) == [first]
    assert noted(repo) == {second}
    repo.git("push", "-q", "--force", "origin", "main")
    third = repo.commit({"b": "1"}, f"Add b{WHY}")
    published(repo, sandbox, third, second)


# Rebases


class Rebase:
    """Twelve commits c0 to c11 on main, made without hooks, of which a rebase rewrites most."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        repo.git("config", "core.hooksPath", os.devnull)
        self.old = [
            repo.commit({f"f{n}": str(n)}, f"Add f{n}{WHY}", author=f"P{n % 2} <p@example.com>")
            for n in range(12)
        ]
        repo.git("config", "--unset", "core.hooksPath")

    def run(self) -> None:
        """Drop c3, reword c5, melt c8 into c7, and swap c10 and c11."""
        word = ["pick"] * 12
        word[3], word[5], word[8] = "drop", "reword", "fixup"
        order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 10]
        todo = self.repo.path / ".git" / "todo"
        todo.write_text("".join(f"{word[n]} {self.old[n]}\n" for n in order))
        message = self.repo.path / ".git" / "message"
        message.write_text(f"Say it better{WHY}\n")
        self.repo.git(
            *("rebase", "-q", "-i", self.old[0]),
            env={
                "GIT_SEQUENCE_EDITOR": f"cp '{todo.as_posix()}'",
                "GIT_EDITOR": f"cp '{message.as_posix()}'",
            },
        )

    def new(self) -> dict[str, str]:
        """Return the new commits by the files that they add."""
        lines = self.repo.git("log", "--format=%H", "--name-only", f"{self.old[0]}..").split("\n")
        ids = {}
        commit = ""
        for line in filter(None, lines):
            if len(line) == 40:
                commit = line
            else:
                ids[line] = commit
        return ids


@pytest.mark.parametrize("swallow_lists", [False, True])
def test_a_rebase_replaces_rows_in_place(sandbox: Sandbox, repo: Repo, swallow_lists: bool) -> None:
    rebase = Rebase(repo)
    assert publish(repo, "--range", f"{rebase.old[0]}^..").returncode == 0
    assert logged(sandbox) == rebase.old[::-1]
    install_hooks(repo, swallow_lists=swallow_lists)
    with no_publisher(repo):
        rebase.run()
        assert noted(repo) == {*repo.git("rev-list", f"{rebase.old[11]}..").split()}
        assert len(noted(repo)) == 7  # c1 and c2 are the same as before
    done = publish_pending(repo)
    assert done.returncode == 0, done.stderr
    new = rebase.new()
    assert new["f7"] == new["f8"]
    kept = {0: rebase.old[0], 3: rebase.old[3], 8: rebase.old[8]}  # dropped, and melted away
    expected = [kept.get(n) or new[f"f{n}"] for n in range(12)]
    assert logged(sandbox) == expected[::-1]
    assert sandbox.page(LOG_ID).storage.count("Say it better") == 1
    assert "Add f5" not in sandbox.page(LOG_ID).storage
    assert noted(repo) == set()


def test_a_rebase_on_its_own(sandbox: Sandbox, repo: Repo) -> None:
    """Without any test holding the lock: the hooks alone get it right."""
    rebase = Rebase(repo)
    assert publish(repo, "--range", f"{rebase.old[0]}^..").returncode == 0
    assert logged(sandbox) == rebase.old[::-1]
    rebase.run()
    new = rebase.new()
    kept = {0: rebase.old[0], 3: rebase.old[3], 8: rebase.old[8]}
    published(repo, sandbox, *[kept.get(n) or new[f"f{n}"] for n in range(12)][::-1])


def test_a_rebase_under_way_is_left_alone(nowhere: None, repo: Repo) -> None:
    with no_publisher(repo):
        rebase = Rebase(repo)
        notes.remove(
            notes.pending(repo.path / ".git"), notes.read(notes.pending(repo.path / ".git"))
        )
        repo.git(
            "rebase",
            "-q",
            "-i",
            rebase.old[9],
            env={"GIT_SEQUENCE_EDITOR": "sed -i.x s/pick/edit/"},
        )
        repo.git("commit", "-q", "--amend", "-m", "Amended on the way")
        repo.commit({"more": "1"}, "One more")
        repo.git("rebase", "--continue", env={"GIT_EDITOR": "true"})
        assert noted(repo) == set()
        repo.git("rebase", "--continue", env={"GIT_EDITOR": "true"})
        assert noted(repo) == {*repo.git("rev-list", f"{rebase.old[9]}..").split()}
        assert len(noted(repo)) == 3


def test_a_rebase_of_another_branch_is_not_noted(nowhere: None, repo: Repo) -> None:
    with_origin(repo)
    with no_publisher(repo):
        repo.checkout("feature", new=True)
        repo.commit({"a": "1"}, "a")
        repo.checkout("main")
        repo.commit({"b": "1"}, "b")
        before = noted(repo)
        repo.checkout("feature")
        repo.git("rebase", "-q", "main")
        assert noted(repo) == before


# Cherry-picks, reverts, bisection


def branch_with(repo: Repo, *names: str) -> list[str]:
    """Make a branch "side" whose commits add these files, and go back to main."""
    repo.checkout("side", new=True)
    ids = [repo.commit({name: name}, f"Add {name}{WHY}") for name in names]
    repo.checkout("main")
    return ids


def held(repo: Repo) -> set[str]:
    return {note.id for note in notes.read(notes.held(repo.path / ".git"))}


def test_a_sequence_of_cherry_picks_is_noted_at_its_end(sandbox: Sandbox, repo: Repo) -> None:
    with_origin(repo)
    branch_with(repo, "a", "base", "c")
    repo.commit({"base": "conflict"}, f"Set base{WHY}")
    published(repo, sandbox, repo.rev_parse())
    assert repo.run("cherry-pick", "main..side").returncode != 0
    assert held(repo) == {repo.rev_parse()}
    assert noted(repo) == set()
    assert publish_pending(repo).stderr == "Nothing is noted.\n"
    repo.write({"base": "solved"})
    repo.git("add", "base")
    repo.git("cherry-pick", "--continue", env={"GIT_EDITOR": "true"})
    published(repo, sandbox, *repo.git("rev-list", "-4", "HEAD").split())
    assert held(repo) == set()


def test_a_sequence_whose_last_pick_is_skipped_is_not_lost(nowhere: None, repo: Repo) -> None:
    with_origin(repo)
    branch_with(repo, "a", "base")
    with no_publisher(repo):
        repo.commit({"base": "conflict"}, "Set base")
        assert repo.run("cherry-pick", "main..side").returncode != 0
        picked = repo.rev_parse()
        assert held(repo) == {picked}
        repo.git("cherry-pick", "--skip")
        last = repo.commit({"x": "1"}, "x")
        assert held(repo) == set()
        assert noted(repo) >= {picked, last}


def test_a_sequence_that_is_given_up_leaves_no_row(sandbox: Sandbox, repo: Repo) -> None:
    with_origin(repo)
    branch_with(repo, "a", "base")
    with no_publisher(repo):
        first = repo.commit({"base": "conflict"}, f"Set base{WHY}")
        assert repo.run("cherry-pick", "main..side").returncode != 0
        repo.git("cherry-pick", "--abort")
    assert publish_pending(repo).returncode == 0
    assert logged(sandbox) == [first]
    assert noted(repo) | held(repo) == set()


def test_reverts_are_noted(nowhere: None, repo: Repo) -> None:
    with no_publisher(repo):
        made = {repo.commit({name: "1"}, f"Add {name}") for name in "ab"}
        repo.git("revert", "--no-edit", "HEAD~2..HEAD")
        assert noted(repo) == {*made, *repo.git("rev-list", "-2", "HEAD").split()}


def test_a_bisection_is_left_alone(
    nowhere: None, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Path, ...]] = []
    monkeypatch.setattr(spawn, "start", lambda *folders: started.append(folders))
    monkeypatch.chdir(repo.path)
    with no_publisher(repo):
        for name in "abcd":
            repo.commit({name: "1"}, name)
        before = noted(repo)
        repo.git("bisect", "start", "HEAD", "HEAD~4")
        repo.commit({"try": "1"}, "Try something")
        assert main(["note", "--post-commit"]) == 0
        assert noted(repo) == before
        assert started == []
        repo.git("bisect", "reset")
        assert main(["note", "--post-commit"]) == 0
        assert started == [(repo.path, repo.path / ".git")]


# Merges


@pytest.mark.parametrize("option", ["--ff-only", "--no-ff"])
def test_a_merge_notes_what_it_brings(nowhere: None, repo: Repo, option: str) -> None:
    with_origin(repo)
    with no_publisher(repo):
        ids = branch_with(repo, "a", "b")
        assert noted(repo) == set()
        repo.git("merge", "-q", option, "--no-edit", "side")
        assert noted(repo) == {*ids, repo.rev_parse()}


def test_a_merge_with_conflicts(sandbox: Sandbox, repo: Repo) -> None:
    with_origin(repo)
    ids = branch_with(repo, "a", "base")
    with no_publisher(repo):
        mine = repo.commit({"base": "conflict"}, f"Set base{WHY}")
        assert repo.run("merge", "side").returncode != 0
        repo.write({"base": "solved"})
        repo.git("commit", "-q", "-a", "--no-edit")
    assert publish_pending(repo).returncode == 0
    assert sorted(logged(sandbox)) == sorted([mine, *ids])


@pytest.mark.parametrize("variable", ["", "PRE_COMMIT_IS_SQUASH_MERGE", "PRE_COMMIT_SQUASH_MERGE"])
def test_a_squash_is_one_row(sandbox: Sandbox, repo: Repo, variable: str) -> None:
    with_origin(repo)
    branch_with(repo, "a", "b")
    if variable:  # as hook managers say it
        command = f'"{sys.executable}" -m confluence_changelog note --post-merge'
        repo.hook("post-merge", f'export {variable}="$1"; exec {command}')
    repo.git("merge", "-q", "--squash", "side")
    assert not folder(repo).exists()
    made = repo.commit({}, f"Add a and b{WHY}")
    published(repo, sandbox, made)


@pytest.mark.parametrize("options", [["--ff-only"], ["--no-rebase"], ["--rebase"]])
def test_a_pull_notes_what_it_brings(nowhere: None, repo: Repo, options: list[str]) -> None:
    with_origin(repo)
    other = repo.clone("other")
    repo.git("branch", "-q", "--set-upstream-to", "origin/main")
    with no_publisher(repo):
        mine = [] if "--ff-only" in options else [repo.commit({"mine": "1"}, "Mine")]
        other.git("remote", "set-url", "origin", repo.git("remote", "get-url", "origin"))
        theirs = [other.commit({name: "1"}, name) for name in "ab"]
        other.git("push", "-q", "origin", "main")
        repo.git("pull", "-q", "--no-edit", *options)
        expected = {*theirs, *mine, repo.rev_parse()}
        assert noted(repo) == expected


def test_the_first_pull_of_an_empty_repository(
    nowhere: None, repo: Repo, make_repo: RepoFactory
) -> None:
    empty = make_repo("empty")
    install_hooks(empty)
    with no_publisher(empty):
        empty.git("pull", "-q", repo.path.as_uri(), "main")
        assert noted(empty) <= {repo.rev_parse()}


def test_without_reflogs_nothing_is_lost(sandbox: Sandbox, repo: Repo) -> None:
    repo.git("config", "core.logAllRefUpdates", "false")
    repo.path.joinpath(".git", "logs").rename(repo.path / ".git" / "old-logs")
    repo.checkout("side", new=True)
    ids = [repo.commit({name: "1"}, f"Add {name}{WHY}") for name in "ab"]
    published(repo, sandbox, *ids[::-1])
    repo.checkout("main")
    repo.commit({"c": "1"}, f"Add c{WHY}")
    repo.checkout("side")
    repo.git("rebase", "-q", "main")
    expected = {*repo.git("rev-list", "-3", "HEAD").split()}
    eventually(lambda: {*logged(sandbox)} == expected)
    assert len(logged(sandbox)) == 3


@pytest.mark.parametrize("arguments", [["note"], ["note", "--post-commit", "--post-merge"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 2
    assert "--post-commit" in capsys.readouterr().err


def test_outside_of_a_repository_it_is_a_warning(
    nowhere: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["note", "--post-commit"]) == 0
    assert "is in no Git repository" in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []
