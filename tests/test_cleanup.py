"""What `check` judges is what Git then stores: real commits, with a hook that says what it saw."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.cleanup import Cleanup, clean_up, is_empty, strip_space
from support.repositories import Repo, RepoFactory

JUDGE = """\
import sys
from pathlib import Path
from confluence_changelog.staged import open_hook, read_file, stored
repository, settings = open_hook()
text = stored(read_file(Path(sys.argv[1])), settings, repository.root)
Path("../judged").write_bytes(text.encode())
"""
CUT = "------------------------ >8 ------------------------"
TEXT = "\n\n  Raise it  \n\n\n# no\nbecause\t\n\t\n;x\n"


@pytest.fixture
def repo(make_repo: RepoFactory) -> Repo:
    repo = make_repo()
    repo.commit({"x": "0"}, "Begin")
    judge = repo.path.parent / "judge.py"
    judge.write_text(JUDGE, encoding="utf-8")
    repo.hook("commit-msg", f'exec "{sys.executable}" "{judge}" "$1"')
    repo.write({"x": "1"})
    repo.git("add", "x")
    return repo


def judged_and_stored(repo: Repo, *args: str, env: dict[str, str]) -> tuple[bytes, bytes]:
    done = repo.run("commit", "-q", "--allow-empty-message", *args, env=env)
    assert done.returncode == 0, done.stderr
    raw = repo.run("cat-file", "commit", "HEAD").stdout
    return (repo.path.parent / "judged").read_bytes(), raw.partition(b"\n\n")[2]


@pytest.mark.parametrize("mode", ["", "default", "strip", "whitespace", "verbatim", "scissors"])
@pytest.mark.parametrize("char", ["", ";", "auto"])
@pytest.mark.parametrize("how", ["file", "editor", "verbose", "colon"])
@pytest.mark.parametrize(
    "text",
    [TEXT, TEXT.replace("\n", "\r\n"), f"Raise it\n# {CUT}\nbecause\n", "Ä\n\n#1 broke", "\n#\n"],
    ids=["text", "crlf", "cut", "number", "empty"],
)
def test_it_is_what_git_stores(repo: Repo, mode: str, char: str, how: str, text: str) -> None:
    for key, value in (("commit.cleanup", mode), ("core.commentChar", char)):
        if value:
            repo.git("config", key, value)
    message = repo.path.parent / "message"
    message.write_bytes(text.encode())
    editor = repo.path.parent / "editor"
    editor.write_text(f'#!/bin/sh\ncat "{message}" "$1" > "$1.new" && mv "$1.new" "$1"\n')
    editor.chmod(0o755)
    args, env = [], {"GIT_EDITOR": str(editor)}
    if how == "file":
        args = ["--file", str(message)]
    if how == "verbose":
        args = ["--verbose"]
    if how == "colon":  # an editor that changes nothing
        args, env = ["--file", str(message), "--edit"], {"GIT_EDITOR": ":"}
    judged, stored = judged_and_stored(repo, *args, env=env)
    assert judged == stored


@pytest.mark.parametrize(
    ("args", "settings"),
    [
        (["-m", "Raise it", "-m", "# because"], {}),
        (["-m", f"Raise it\n# {CUT}\nx"], {"commit.verbose": "true"}),
        (["-m", f"Raise it\n# {CUT}\nx"], {"commit.verbose": "0"}),
        (["--amend", "--no-edit"], {}),
        (["-C", "HEAD"], {"commit.cleanup": "strip"}),
        (["--fixup", "HEAD"], {}),
    ],
)
def test_without_an_editor(repo: Repo, args: list[str], settings: dict[str, str]) -> None:
    for key, value in settings.items():
        repo.git("config", key, value)
    judged, stored = judged_and_stored(repo, *args, env={})
    assert judged == stored


def test_an_untouched_template_is_left_to_git(repo: Repo, home: Path) -> None:
    (home / "template").write_text("What?\n\n# why\nWhy?\n", encoding="utf-8")
    repo.git("config", "commit.template", "~/template")
    refused = repo.run("commit", env={"GIT_EDITOR": "true", "HOME": str(home)})
    assert refused.returncode == 1
    assert (repo.path.parent / "judged").read_bytes() == b""
    judged, stored = judged_and_stored(repo, env={"GIT_EDITOR": "echo more >>"})
    assert judged == stored
    assert b"more" in stored


def test_comment_strings_are_for_git_that_knows_them(repo: Repo) -> None:
    repo.git("config", "core.commentString", "//")
    version = repo.git("version").split()[2]
    is_known = tuple(map(int, version.split(".")[:2])) >= (2, 45)
    message = repo.path.parent / "message"
    message.write_text("Raise it\n// because\n", encoding="utf-8")
    env = {"GIT_EDITOR": f'cp "{message}"'}
    judged, stored = judged_and_stored(repo, env=env)
    assert judged == stored
    assert (b"//" in judged) is not is_known


@given(st.text(alphabet="a# \t\r\n\x0b\x0c\u00a0\u2028", max_size=30))
def test_strip_space(text: str) -> None:
    once = strip_space(text)
    assert strip_space(once) == once
    assert once == "" or (once.endswith("\n") and once[0] != "\n")
    assert strip_space(text, "#") == strip_space(
        "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    )


@pytest.mark.parametrize("text", ["a\n", "#\n", "a b  c\n\n\n\n d\r\n", "\x0b\n", "a\x0c \n\n"])
@pytest.mark.parametrize("comment", ["", "#"])
def test_strip_space_is_that_of_git(repo: Repo, text: str, comment: str) -> None:
    option = ["--strip-comments"] if comment else []
    theirs = repo.run("stripspace", *option, stdin=text).stdout
    assert strip_space(text, comment).encode() == theirs


def test_verbatim_keeps_everything_but_a_diff() -> None:
    text = f"a \n\n\n# b\n# {CUT}\n# c\n"
    assert clean_up(text, Cleanup("verbatim", "#", is_verbose=False)) == text
    assert clean_up(text, Cleanup("verbatim", "#", is_verbose=True)) == "a \n\n\n# b\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), ("\n", True), ("Signed-off-by: Ada <a@b>\n", True), ("a\n", False)],
)
def test_what_git_takes_for_empty(text: str, expected: bool) -> None:
    assert is_empty(text) is expected
