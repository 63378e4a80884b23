"""`check` beyond one message: staged paths, ranges, pushes and servers, with real repositories."""

import json
import os
import sys
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.git import open_repository
from confluence_changelog.staged import open_hook
from support.repositories import Repo, RepoFactory

PROJECT = Path(__file__).resolve().parents[1]
CONFIG = "confluence-changelog.toml"
GOOD = "Raise the limit\n\nThe report needs more connections."
COMMAND = f'"{sys.executable}" -m confluence_changelog'
NET = '[scope]\npaths = ["net/"]\n'


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({CONFIG: ""}, "Begin\n\nThe log begins here.")
    monkeypatch.chdir(repo.path)
    return repo


def install(repo: Repo, *stages: str) -> None:
    """Install the files of hooks/ as they are, but for where the command is."""
    for stage in stages:
        script = (PROJECT / "hooks" / stage).read_text(encoding="utf-8")
        repo.hook(stage, script.replace("confluence-changelog", COMMAND))


def commit(repo: Repo, path: str, *args: str, env: dict[str, str] | None = None) -> int:
    repo.write({path: repo.now.isoformat()})
    repo.git("add", "--all")
    repo.now += repo.now - repo.now.replace(minute=repo.now.minute - 1 or 59)
    return repo.run("commit", "-q", *args, env=repo.identity() | (env or {})).returncode


def rules(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, list[str]]]:
    """What --format json says: for each commit its subject and rules."""
    found = json.loads(capsys.readouterr().out)
    return [(one["subject"], [item["rule"] for item in one["violations"]]) for one in found]


# The commit under way.


def test_the_quick_way_finds_what_git_finds(repo: Repo) -> None:
    quick, settings = open_hook()
    assert quick == open_repository()
    assert settings["core.bare"] == "false"


def test_the_quick_way_is_not_for_special_places(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, make_repo: RepoFactory
) -> None:
    folder = repo.path / "sub"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert open_hook()[0] == open_repository()
    tree = repo.path.parent / "tree"
    repo.git("worktree", "add", "-q", str(tree))
    monkeypatch.chdir(tree)
    assert open_hook()[0].root == tree
    other = make_repo("other")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    assert open_hook()[0].git_dir == other.path / ".git"
    monkeypatch.delenv("GIT_DIR")
    repo.git("config", "core.worktree", str(other.path))
    assert open_hook()[0].root == other.path


def test_what_is_staged_by_all_and_only(repo: Repo) -> None:
    repo.commit({CONFIG: NET, "net/a": "0", "docs/a": "0"}, GOOD)
    install(repo, "commit-msg")
    repo.write({"net/a": "1", "docs/a": "1"})
    refused = repo.run("commit", "--all", "-m", "fix")
    assert refused.returncode == 1
    assert b"    git commit --all --edit --file=.git/COMMIT_EDITMSG\n" in refused.stderr
    assert repo.run("commit", "-m", "fix", "docs/a").returncode == 0
    refused = repo.run("commit", "--only", "-m", "fix", "net/a")
    assert refused.returncode == 1
    assert b"    git commit --edit --file=.git/COMMIT_EDITMSG -- net/a\n" in refused.stderr


def test_the_command_to_go_on_keeps_the_message_and_not_the_diff(repo: Repo) -> None:
    install(repo, "commit-msg")
    repo.write({"a": "1"})
    repo.git("add", "a")
    refused = repo.run("commit", "--verbose", env={"GIT_EDITOR": "sed -i 1ifix"})
    assert b"    git commit --verbose --edit --file=" in refused.stderr
    env = {"GIT_EDITOR": "sed -i '1s/.*/Raise it\\n\\nThe report needs it/'"}
    repo.git("commit", "-q", "--verbose", "--edit", "--file=.git/COMMIT_EDITMSG", env=env)
    assert repo.git("log", "-1", "--format=%B").strip() == "Raise it\n\nThe report needs it"


def test_an_amended_commit_is_judged_by_what_it_becomes(repo: Repo) -> None:
    repo.commit({CONFIG: NET}, GOOD)
    install(repo, "commit-msg")
    assert commit(repo, "net/a", "-m", GOOD) == 0
    assert repo.run("commit", "--amend", "-m", "fix").returncode == 1
    assert commit(repo, "docs/a", "-m", "fix") == 0
    assert repo.run("commit", "--amend", "-m", "wip").returncode == 0
    repo.write({"net/b": "1"})
    repo.git("add", "net/b")
    assert repo.run("commit", "--amend", "-m", "wip").returncode == 1


def test_an_amended_root_commit(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.commit({CONFIG: NET, "net/a": "1"}, GOOD)
    install(repo, "commit-msg")
    assert repo.run("commit", "--amend", "-m", "fix").returncode == 1
    repo.git("rm", "-q", "net/a")
    assert repo.run("commit", "--amend", "-m", "fix").returncode == 0


def test_merges_pass_and_so_do_amended_ones(repo: Repo) -> None:
    repo.checkout("side", new=True)
    repo.commit({"a": "side"}, GOOD)
    repo.checkout("main")
    repo.commit({"a": "main"}, GOOD)
    install(repo, "commit-msg")
    assert repo.run("merge", "-q", "--no-edit", "side").returncode == 1
    repo.write({"a": "both"})
    repo.git("add", "a")
    repo.git("commit", "-q", "--no-edit", "--date", "2026-02-01T00:00:00Z")
    repo.git("commit", "-q", "--amend", "-m", "Merge side")
    repo.checkout("other", new=True)
    repo.commit({"b": "1"}, GOOD, "--no-verify")
    repo.checkout("main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "other")


def test_cherry_picks_reverts_and_fixups_locally(repo: Repo) -> None:
    first = repo.commit({"a": "1"}, "fix")
    install(repo, "commit-msg")
    repo.git("revert", "--no-edit", first)
    repo.git("revert", "--no-commit", "HEAD")
    done = repo.run("commit", "-q", "--no-edit")
    assert done.returncode == 0
    assert b"warning: The message says what it reverts, but not why. [revert-reason]" in done.stderr
    assert commit(repo, "b", "--fixup", "HEAD") == 0


def test_what_gets_no_row_is_asked_for_no_reason_at_the_commit(repo: Repo) -> None:
    repo.write(
        {CONFIG: '[scope]\nskip_authors = ["*@bots.example.com"]\nskip_subjects = ["^chore"]\n'}
    )
    install(repo, "commit-msg")
    assert commit(repo, "a", "-m", "fix") == 1
    assert commit(repo, "a", "-m", "chore: tidy") == 0
    assert commit(repo, "b", "-m", "fix", "--author", "Robot <r@bots.example.com>") == 0
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"
    assert commit(repo, "c", "-m", f"chore: use {secret}") == 1


def test_squash_merges_are_judged(repo: Repo) -> None:
    repo.checkout("side", new=True)
    repo.commit({"a": "1"}, GOOD)
    repo.checkout("main")
    install(repo, "commit-msg")
    repo.git("merge", "-q", "--squash", "side")
    refused = repo.run("commit", env={"GIT_EDITOR": "true"})
    assert b"[subject-empty]" in refused.stderr
    assert b"[reason" not in refused.stderr


# Ranges and texts.


def test_a_range(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({"a": "1"}, "fix")
    repo.commit({"a": "2"}, GOOD)
    repo.commit({"a": "3"}, "fixup! Raise the limit")
    assert main(["check", "--range", "HEAD~3..HEAD", "--format", "json"]) == 1
    assert rules(capsys) == [
        ("fix", ["subject-empty", "reason-missing"]),
        ("Raise the limit", []),
        ("fixup! Raise the limit", ["autosquash"]),
    ]
    assert main(["check", "--range", "HEAD~3..HEAD"]) == 1
    out, err = capsys.readouterr()
    assert out == "3 commits, 3 bound by the policy.\n"
    first = repo.git("rev-parse", "--short", "HEAD~2")
    assert err.startswith(f"{first} fix\nerror: The first line ('fix')")
    assert f"git rebase --interactive {first}^\n" in err
    assert main(["check", "--range", "HEAD~2..HEAD~1"]) == 0


def test_the_policy_of_a_range_may_be_the_target_branch_s(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.checkout("side", new=True)
    repo.commit({CONFIG: "[policy]\nreason_words = 0\n"}, "Ask for nothing")
    assert main(["check", "--range", "main..HEAD"]) == 0
    assert main(["check", "--range", "main..HEAD", "--policy-from", "main"]) == 1
    empty = repo.git("commit-tree", "-m", "x", repo.git("mktree"))
    capsys.readouterr()
    assert main(["check", "--range", "main..HEAD", "--policy-from", empty]) == 0
    assert "nothing is checked" in capsys.readouterr().err
    assert main(["check", "--range", "main..HEAD", "--policy-from", "nowhere"]) == 3


def test_history_before_since_is_left_out(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    old = repo.commit({"a": "1"}, "fix")
    repo.write({CONFIG: f'[scope]\nsince = "{old}"\n'})
    assert main(["check", "--range", "HEAD"]) == 0
    assert capsys.readouterr().out == "0 commits, 0 bound by the policy.\n"


def test_annotations_are_commands_of_ours_only(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"a": "1"}, "x\n::error::100%: a,b ##[group]\n::stop-commands::now\x1b[1m")
    assert main(["check", "--range", "HEAD~1..HEAD", "--format", "github"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert all(line.startswith("::error title=confluence-changelog ") for line in lines)
    assert "\x1b" not in out
    assert "##[" not in out
    assert "100%25" in out


@pytest.mark.parametrize(
    ("text", "status"),
    [(GOOD, 0), ("fix", 1), (f"{GOOD}\r\n".replace("\n", "\r\n"), 0), ("", 1), ("fixup! x", 1)],
)
def test_a_text(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, text: str, status: int, tmp_path: Path
) -> None:
    file = tmp_path / "text"
    file.write_bytes(text.encode())
    with file.open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["check", "--message", "-"]) == status
    assert main(["check", "--message", text]) == status


@pytest.mark.parametrize(
    "args",
    [
        ["a", "b"],
        ["a", "--report", "junit=x"],
        ["--message", "x", "--report", "junit=x"],
        ["--range", "HEAD", "--report", "x"],
        ["--range", "HEAD", "--report", "text=x"],
        ["--range", "HEAD", "--report", "junit=confluence-changelog.toml/x"],
        ["--range", "A..B", "--message", "x"],
        ["--range", ""],
        ["--format", "x", "f"],
    ],
)
def test_wrong_use(repo: Repo, args: list[str]) -> None:
    try:
        status = main(["check", *args])
    except SystemExit as done:
        status = int(str(done.code))
    assert status in (2, 3)
    assert status == 2 or args == ["--range", ""]


# Pushes.


@pytest.fixture
def pushed(repo: Repo) -> Repo:
    """A repository whose main is pushed to a bare `origin`, with the pre-push hook."""
    repo.clone("origin.git", bare=True)
    repo.git("remote", "add", "origin", str(repo.path.parent / "origin.git"))
    repo.git("push", "-q", "--set-upstream", "origin", "main")
    repo.git("remote", "set-head", "origin", "main")
    install(repo, "pre-push")
    return repo


def test_every_ref_of_a_push_is_checked(pushed: Repo) -> None:
    pushed.branch("good")
    pushed.checkout("bad", new=True)
    pushed.commit({"a": "1"}, "fix")
    refused = pushed.run("push", "-q", "origin", "good", "bad")
    assert refused.returncode == 1
    assert b"[subject-empty]" in refused.stderr
    assert pushed.run("push", "-q", "origin", "good").returncode == 0
    assert pushed.run("push", "-q", "origin", "HEAD:refs/tags/v1").returncode == 0
    assert pushed.run("push", "-q", "origin", ":good").returncode == 0
    assert pushed.run("push", "-q", "origin", "main").returncode == 0


def test_what_the_remote_has_is_not_judged_again(pushed: Repo) -> None:
    pushed.commit({"a": "1"}, "fix")
    pushed.git("push", "-q", "--no-verify", "origin", "main")
    pushed.checkout("side", new=True)
    pushed.commit({"a": "2"}, GOOD)
    assert pushed.run("push", "-q", "origin", "side").returncode == 0


def test_fixups_are_pushed_to_unpublished_branches_only(pushed: Repo) -> None:
    pushed.checkout("side", new=True)
    pushed.commit({"a": "1"}, "fixup! Begin")
    assert pushed.run("push", "-q", "origin", "side").returncode == 0
    refused = pushed.run("push", "-q", "origin", "side:main")
    assert b"[autosquash]" in refused.stderr
    pushed.write({CONFIG: '[scope]\nbranches = ["release/*"]\n'})
    assert pushed.run("push", "-q", "origin", "side:main").returncode == 0


def test_a_first_push_checks_all(repo: Repo) -> None:
    bare = repo.path.parent / "empty.git"
    repo.git("init", "-q", "--bare", str(bare))
    repo.git("remote", "add", "origin", str(bare))
    install(repo, "pre-push")
    bad = repo.commit({"a": "1"}, "fix")
    assert repo.run("push", "-q", "origin", "main").returncode == 1
    assert repo.run("push", "-q", str(bare), "main").returncode == 1
    repo.write({CONFIG: f'[scope]\nsince = "{bad}"\n'})
    assert repo.run("push", "-q", "origin", "main").returncode == 0


@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ({"TO_REF": "HEAD", "FROM_REF": "HEAD~1"}, 1),
        ({"TO_REF": "HEAD", "FROM_REF": "HEAD"}, 0),
        ({"TO_REF": "HEAD~1", "FROM_REF": "0" * 40}, 0),
        ({"TO_REF": "HEAD"}, 1),
        ({"LOCAL_BRANCH": "refs/heads/main"}, 1),
        ({"TO_REF": "HEAD", "FROM_REF": "1" * 40}, 1),
        ({"TO_REF": "0" * 40, "FROM_REF": "HEAD"}, 0),
    ],
)
def test_the_variables_of_hook_managers(
    pushed: Repo, variables: dict[str, str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed.commit({"a": "1"}, "fix")
    resolved = {
        key: pushed.rev_parse(value) if value.startswith("HEAD") else value
        for key, value in variables.items()
    }
    for key, value in resolved.items():
        monkeypatch.setenv(f"PRE_COMMIT_{key}", value)
    monkeypatch.setenv("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/main")
    monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", "origin")
    with Path(os.devnull).open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["check", "--pre-push"]) == status
        monkeypatch.delenv("PRE_COMMIT_REMOTE_BRANCH")
        assert main(["check", "--pre-push"]) == 0  # nothing was pushed


# Servers.


class Server:
    """A bare repository with the pre-receive hook, and a clone that pushes to it."""

    def __init__(self, make_repo: RepoFactory, object_format: str = "sha1") -> None:
        self.clone = make_repo("clone", object_format=object_format)
        self.bare = make_repo("server.git", bare=True, object_format=object_format)
        self.clone.git("remote", "add", "origin", str(self.bare.path))
        self.bare.git("config", "receive.advertisePushOptions", "true")
        install(self.bare, "pre-receive")

    def push(self, *args: str) -> tuple[int, str]:
        done = self.clone.run("push", "-q", "origin", *args)
        return done.returncode, done.stderr.decode()

    def commit(self, files: dict[str, str | bytes | None], message: str) -> str:
        return self.clone.commit(files, message)


@pytest.fixture
def server(make_repo: RepoFactory) -> Server:
    server = Server(make_repo)
    server.commit({CONFIG: '[policy]\nexception = "undocumented"\n'}, "init")
    status, said = server.push("main")
    assert status == 0
    assert "no confluence-changelog.toml on refs/heads/main, nothing is checked" in said
    return server


def test_a_server_refuses_what_is_undocumented(server: Server) -> None:
    before = server.bare.rev_parse("main")
    server.commit({"a": "1"}, "fix")
    status, said = server.push("main")
    assert status == 1
    assert "[subject-empty]" in said
    assert "git rebase --interactive" in said
    assert server.bare.rev_parse("main") == before
    server.clone.git("commit", "-q", "--amend", "-m", GOOD)
    assert server.push("main") == (0, "")


def test_both_hash_lengths(make_repo: RepoFactory) -> None:
    server = Server(make_repo, "sha256")
    server.commit({CONFIG: ""}, "init")
    assert server.push("main")[0] == 0
    server.commit({"a": "1"}, "fix")
    assert server.push("main")[0] == 1


def test_a_push_cannot_abolish_its_own_rules(server: Server) -> None:
    server.commit({CONFIG: "[policy]\nreason_words = 0\n"}, "Ask for nothing")
    assert server.push("main")[0] == 1
    server.clone.git("rm", "-q", CONFIG)
    server.clone.git("commit", "-q", "--amend", "-m", "Remove the policy")
    assert server.push("main")[0] == 1
    server.clone.git("commit", "-q", "--amend", "-m", "Remove the policy\n\nWe use another tool.")
    assert server.push("main")[0] == 0
    server.commit({"a": "1"}, "fix")
    assert server.push("main")[0] == 0


def test_unpublished_branches_are_free_until_they_are_published(server: Server) -> None:
    server.clone.checkout("side", new=True)
    server.commit({"a": "1"}, "fix")
    assert server.push("side") == (0, "")
    assert server.push("side:main")[0] == 1
    server.clone.git("tag", "v1")
    assert server.push("v1") == (0, "")
    assert server.push(":side") == (0, "")


def test_new_published_branches_are_bound_by_the_policy_of_the_default_one(server: Server) -> None:
    branches = '[scope]\nbranches = ["main", "release/*"]\n'
    server.commit({CONFIG: branches}, "Publish the releases\n\nThey are in use at customers.")
    assert server.push("main") == (0, "")
    assert server.push("main:release/1") == (0, "")
    server.clone.checkout("release/2", new=True)
    server.commit({"a": "1"}, "fix")
    assert server.push("release/2")[0] == 1
    assert server.push("release/2:other")[0] == 0


def test_force_pushes_and_several_refs(server: Server) -> None:
    server.commit({"a": "1"}, GOOD)
    assert server.push("main")[0] == 0
    server.clone.git("reset", "-q", "--hard", "HEAD~1")
    server.commit({"a": "2"}, "fix")
    assert server.push("--force", "main")[0] == 1
    assert server.push("--force", "main", "main:other")[0] == 1
    server.clone.git("commit", "-q", "--amend", "-m", GOOD)
    assert server.push("--force", "main")[0] == 0


def test_broken_configuration_is_not_let_in_and_not_a_dead_end(server: Server) -> None:
    server.commit({CONFIG: "[polcy]\n"}, GOOD)
    status, said = server.push("main")
    assert status == 1
    assert "did you mean `policy`?" in said
    (server.bare.path / "hooks" / "pre-receive").rename(server.bare.path / "away")
    assert server.push("main")[0] == 0
    (server.bare.path / "away").rename(server.bare.path / "hooks" / "pre-receive")
    server.commit({CONFIG: ""}, "fix")
    status, said = server.push("main")
    assert status == 1
    assert "the default policy binds every path" in said
    server.clone.git("commit", "-q", "--amend", "-m", GOOD)
    assert server.push("main")[0] == 0


def test_an_exception_is_recorded(server: Server) -> None:
    bad = server.commit({"a": "1"}, "fix")
    assert server.push("-o", "undocumented", "main")[0] == 1
    assert server.push("-o", "other=x", "main")[0] == 1
    status, said = server.push("-o", "undocumented=outage, CHG-1 follows", "main")
    assert status == 0
    assert "Exception recorded: 1 undocumented commit on refs/heads/main" in said
    lines = (server.bare.path / "confluence-changelog-exceptions").read_text("utf-8").splitlines()
    (record,) = map(json.loads, lines)
    assert record["commits"] == [bad]
    assert record["reason"] == "outage, CHG-1 follows"
    server.commit({"a": "2"}, "fix " + "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3")
    status, said = server.push("-o", "undocumented=x", "main")
    assert status == 1
    assert "a1B2c3D4e5" not in said


def test_there_is_no_exception_unless_the_policy_names_one(server: Server) -> None:
    server.commit({CONFIG: ""}, "Allow no exceptions\n\nThere were too many.")
    assert server.push("main")[0] == 0
    server.commit({"a": "1"}, "fix")
    assert server.push("-o", "undocumented=x", "-o", "=x", "main")[0] == 1


def test_a_server_s_own_configuration(server: Server) -> None:
    own = server.bare.path.parent / "own.toml"
    own.write_text("[policy]\nreason_words = 0\n", encoding="utf-8")
    server.bare.hook("pre-receive", f'{COMMAND} check --pre-receive --config "{own}"')
    server.commit({"a": "1"}, "Raise the limit")
    assert server.push("main")[0] == 0
    server.commit({"a": "2"}, "fix")
    assert server.push("main")[0] == 1


def test_lines_that_are_not_git_s(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    file = repo.path.parent / "lines"
    file.write_text("one two\n", encoding="utf-8")
    for stage in ("--pre-push", "--pre-receive"):
        with file.open(encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert main(["check", stage]) == 2
