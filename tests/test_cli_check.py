"""`check`, as Git runs it from a commit-msg hook, and what hooks/ and the manifest run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from confluence_changelog.cli import main
from support.repositories import Repo, RepoFactory, uncovered

PROJECT = Path(__file__).resolve().parents[1]
GOOD = "Raise the limit\n\nThe report needs more connections."


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({"confluence-changelog.toml": ""}, "Begin")
    monkeypatch.chdir(repo.path)
    return repo


def check(repo: Repo, text: str | bytes) -> int:
    file = repo.path / ".git" / "COMMIT_EDITMSG"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return main(["check", str(file)])


def test_a_refusal_helps(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(repo, "fix\n\n\x1b") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error: The first line ('fix" in err
    assert "[reason-missing]" in err
    assert "    Move the primary resolver to 192.0.2.53\n\n    The old resolver" in err
    assert "git commit --edit --file=" in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        f"# a comment\n{GOOD}\n# ------------------------ >8 ------------------------\nfix",
        "",
        "\n# only comments\n",
        "Größe ändern\n\nDer Platz auf der Platte reicht nicht mehr.".encode("latin-1"),
    ],
)
def test_what_passes(repo: Repo, text: str | bytes) -> None:
    assert check(repo, text) == 0


@pytest.mark.parametrize(
    ("char", "text", "status"),
    [
        (";", f"; why\n{GOOD}", 0),
        (";", "Raise the limit\n; because the report needs it\n", 1),
        (";", "Raise the limit\n\n# because the report needs it\n", 0),
        ("auto", "Raise the limit\n# because the report needs it\n", 1),
    ],
)
def test_comments_are_those_of_git(repo: Repo, char: str, text: str, status: int) -> None:
    repo.git("config", "core.commentChar", char)
    assert check(repo, text) == status


def test_only_configured_paths_are_judged(repo: Repo) -> None:
    (repo.path / "confluence-changelog.toml").write_text('[scope]\npaths = ["net/"]\n')
    repo.write({"docs/x": "1"})
    repo.git("add", "docs")
    assert check(repo, "fix") == 0
    repo.write({"net/ä b.conf": "1"})
    repo.git("add", "net")
    assert check(repo, "fix") == 1


def test_a_file_that_moves_away_is_judged(repo: Repo) -> None:
    (repo.path / "confluence-changelog.toml").write_text('[scope]\npaths = ["net/"]\n')
    repo.commit({"net/x": "1" * 100}, "Add x")
    (repo.path / "docs").mkdir()
    repo.git("mv", "net/x", "docs/x")
    assert check(repo, "fix") == 1


def test_a_merge_passes(repo: Repo) -> None:
    repo.checkout("side", new=True)
    repo.commit({"a": "1"}, "a")
    repo.checkout("main")
    repo.commit({"b": "1"}, "b")
    repo.git("merge", "--no-commit", "--no-ff", "side")
    assert check(repo, "Merge branch 'side'") == 0


def test_a_checkout_without_configuration_passes_with_one_line(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo()
    monkeypatch.chdir(repo.path)
    assert check(repo, "fix") == 0
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_not_there(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nowhere"]) == 2
    assert "nowhere cannot be read" in capsys.readouterr().err


def test_git_runs_the_hook(repo: Repo) -> None:
    """The file in hooks/, installed as Git's own hook, refuses and lets pass; the message is kept."""
    script = (PROJECT / "hooks" / "commit-msg").read_text(encoding="utf-8")
    command = f'"{sys.executable}" -m confluence_changelog'
    repo.hook("commit-msg", script.replace("confluence-changelog", command))
    repo.write({"x": "1"})
    repo.git("add", "x")
    before = repo.rev_parse()
    refused = repo.run("commit", "-m", "fix")
    assert refused.returncode == 1
    assert b"[subject-empty]" in refused.stderr
    assert repo.rev_parse() == before
    repo.git("commit", "-m", GOOD)
    assert repo.rev_parse() != before


def test_a_hook_that_is_not_told_the_file(repo: Repo) -> None:
    """As pre-commit runs it where `files` in its configuration leave out the message."""
    command = f'"{sys.executable}" -m confluence_changelog check'
    repo.hook("commit-msg", f"export PRE_COMMIT=1; exec {command}")
    repo.write({"x": "1"})
    repo.git("add", "x")
    assert b"[subject-empty]" in repo.run("commit", "-m", "fix").stderr
    repo.git("commit", "-q", "-m", GOOD)
    repo.git("branch", "side", "HEAD~1")
    repo.git("checkout", "-q", "side")
    repo.git("commit", "-q", "--allow-empty", "-m", GOOD)
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"
    refused = repo.run("merge", "--no-ff", "main", "-m", f"Merge with {secret}")
    assert b"[secret]" in refused.stderr
    repo.write({"y": "1"})
    repo.git("add", "y")
    repo.git("commit", "-q", "-m", "Merge")  # concludes it


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_program_has_written_all_when_it_ends(repo: Repo, form: str) -> None:
    command = [sys.executable, "-m", "confluence_changelog", "check", "--message", "fix"]
    done = subprocess.run([*command, "--format", form], capture_output=True, check=False)
    assert done.returncode == 1
    if form == "json":
        assert json.loads(done.stdout)
    else:
        assert done.stderr.endswith(b"\n")
        assert b"[reason-missing]" in done.stderr


def test_outside_of_a_commit_the_file_is_to_be_named(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check(repo, GOOD)
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert main(["check"]) == 2
    assert "give the FILE" in capsys.readouterr().err


FORBIDDEN = {
    *("requests", "lxml", "git", "markdown_it", "flask", "rich", "keyring", "pluggy", "msgspec"),
    *("pathspec", "dataclasses", "inspect", "tempfile"),
}

MANIFEST = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("hook", MANIFEST, ids=lambda hook: str(hook["id"]))
def test_the_manifest_runs_what_the_file_of_its_stage_runs(hook: dict[str, list[str]]) -> None:
    (stage,) = hook["stages"]
    lines = (PROJECT / "hooks" / stage).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/bin/sh"
    assert lines[-1] == f'exec {hook["entry"]} "$@"'
    assert len(lines) <= 3


def test_every_hook_is_documented() -> None:
    pages = (PROJECT / "docs").glob("*.md")
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    for hook in MANIFEST:
        assert f"id: {hook['id']}" in text


def test_check_does_not_load_what_only_publishing_needs(repo: Repo) -> None:
    (repo.path / ".git" / "MSG").write_text(GOOD, encoding="utf-8")
    code = (
        "import sys; from confluence_changelog.cli import main; "
        "assert main(['check', '.git/MSG']) == 0; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=uncovered(), capture_output=True, check=True
    )
    loaded = set(done.stdout.decode().split())
    assert not loaded & FORBIDDEN


def test_a_bare_repository_is_judged_by_what_it_has_committed(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo()
    repo.commit({"confluence-changelog.toml": ""}, "Begin\n\nWith the defaults of the policy.")
    repo.commit({"a": "1"}, "fix")
    monkeypatch.chdir(repo.clone("bare.git", bare=True).path)
    assert main(["check", "--range", "HEAD~1..HEAD"]) == 1
    assert "does not say what changes" in capsys.readouterr().err
