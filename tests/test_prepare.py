"""The editor asks what changes and why, and other messages are left alone."""

import sys
from pathlib import Path

import pytest

from confluence_changelog.demands import demands
from confluence_changelog.settings import Config
from confluence_changelog.template import fill, questions
from support.repositories import Repo, RepoFactory

PROJECT = Path(__file__).resolve().parents[1]
CONFIG = "confluence-changelog.toml"
POLICY = """\
[scope]
paths = ["net/", "docs/"]
[policy]
ticket = "CHG-[0-9]+"
trailers = ["Risk"]
[[policy.paths]]
patterns = ["docs/"]
apply = false
"""
KEEP = {"GIT_EDITOR": "cp .git/COMMIT_EDITMSG ../shown; false"}


@pytest.fixture
def repo(make_repo: RepoFactory) -> Repo:
    repo = make_repo()
    repo.commit({CONFIG: POLICY, "net/a": "0"}, "Begin")
    script = (PROJECT / "hooks" / "prepare-commit-msg").read_text(encoding="utf-8")
    command = f'"{sys.executable}" -m confluence_changelog'
    repo.hook("prepare-commit-msg", script.replace("confluence-changelog", command))
    return repo


def stage(repo: Repo, *paths: str) -> None:
    repo.write(dict.fromkeys(paths, "1"))
    repo.git("add", "--all")


def shown(repo: Repo, *args: str) -> str:
    """What the editor is given; the commit is then given up."""
    assert repo.run("commit", *args, env=KEEP).returncode != 0
    return (repo.path.parent / "shown").read_text(encoding="utf-8")


def test_the_questions(repo: Repo) -> None:
    stage(repo, "net/ä b", "net/c", "docs/x", "other")
    text = shown(repo)
    assert text.startswith(
        "\n# This changes:\n#   net/c\n#   net/ä b\n#\n"
        "# What changes? Say it in the first line, in 72 characters.\n"
        "# Why? Say it below an empty line.\n"
        "# Name the ticket: CHG-[0-9]+\n"
        "# Risk? Say it in a last line “Risk: …”.\n#\n# Please enter"
    )


def test_what_is_answered_is_what_is_stored(repo: Repo) -> None:
    stage(repo, "net/b")
    repo.git("commit", "-q", env={"GIT_EDITOR": "sed -i '1s/.*/Raise it\\n\\nBecause of x/'"})
    assert repo.git("log", "-1", "--format=%B").strip() == "Raise it\n\nBecause of x"


def test_an_untouched_template_aborts_the_commit(repo: Repo) -> None:
    stage(repo, "net/b")
    refused = repo.run("commit", env={"GIT_EDITOR": "true"})
    assert b"Aborting commit due to empty commit message" in refused.stderr


@pytest.mark.parametrize("cleanup", ["strip", "scissors"])
@pytest.mark.parametrize("char", ["#", ";", "auto"])
@pytest.mark.parametrize("by", ["configuration", "option"])
def test_it_leaves_no_trace(repo: Repo, cleanup: str, char: str, by: str) -> None:
    repo.git("config", "core.commentChar", char)
    if by == "configuration":
        repo.git("config", "commit.cleanup", cleanup)
    option = [f"--cleanup={cleanup}"] if by == "option" else []
    stage(repo, "net/b")
    assert "What changes?" in shown(repo, *option, "--verbose")
    env = {"GIT_EDITOR": "sed -i 1iRaise"}
    repo.git("commit", "-q", "--verbose", *option, env=env)
    assert repo.git("log", "-1", "--format=%B").strip() == "Raise"


@pytest.mark.parametrize("mode", ["whitespace", "verbatim"])
def test_where_comments_stay_there_are_none(repo: Repo, mode: str) -> None:
    repo.git("config", "commit.cleanup", mode)
    stage(repo, "net/b")
    assert "What changes?" not in shown(repo)


@pytest.mark.parametrize(
    "args",
    [
        ["--message", "Raise it", "--edit"],
        ["--amend"],
        ["--reuse-message=HEAD", "--edit"],
        ["--template", "../template"],
        ["--squash=HEAD", "--edit"],
    ],
)
def test_other_messages_are_left_alone(repo: Repo, args: list[str]) -> None:
    (repo.path.parent / "template").write_text("Ours\n", encoding="utf-8")
    stage(repo, "net/b")
    assert "What changes?" not in shown(repo, *args)


def test_merges_and_squashes_are_left_alone(repo: Repo) -> None:
    repo.checkout("side", new=True)
    repo.commit({"net/b": "1"}, "b", "--no-verify")
    repo.checkout("main")
    repo.git("merge", "-q", "--squash", "side")
    assert "What changes?" not in shown(repo)
    repo.git("reset", "-q", "--hard")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repo.git("config", "core.editor", "cp .git/MERGE_MSG ../shown; false")
    repo.run("commit")
    assert "What changes?" not in (repo.path.parent / "shown").read_text(encoding="utf-8")


@pytest.mark.parametrize("paths", [["docs/x"], ["other"]])
def test_what_is_not_bound_is_not_asked_about(repo: Repo, paths: list[str]) -> None:
    stage(repo, *paths)
    assert "What changes?" not in shown(repo)


def test_it_never_fails_a_commit(repo: Repo) -> None:
    stage(repo, "net/b")
    repo.write({CONFIG: "[polcy]"})
    done = repo.run("commit", "-q", env={"GIT_EDITOR": "sed -i 1iRaise"})
    assert done.returncode == 0
    assert b"warning: " in done.stderr
    repo.write({CONFIG: None})
    stage(repo, "net/c")
    assert "What changes?" not in shown(repo)


def test_many_paths_and_strange_ones_are_cut_and_cleaned() -> None:
    asked = demands(Config(), list)
    assert asked is not None
    lines = questions(asked, [f"a{number}\x1b[1m\n" for number in range(12)])
    assert lines[1] == "  a0[1m"
    assert lines[11] == "  … and 2 more"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n# Git\n", "\n# a\n#\n# Git\n"),
        ("", "\n# a\n#\n"),
        ("\n# ------ >8\n# x\n", "\n# ------ >8\n# a\n#\n# x\n"),
    ],
)
def test_where_the_questions_go(text: str, expected: str) -> None:
    assert fill(text, ["a"], "#") == expected
