"""A commit that takes the configuration away is bound by it, at the commit and at the push."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from support.repositories import Repo, RepoFactory

PROJECT = Path(__file__).resolve().parents[1]
OWN = "confluence-changelog.toml"
WHY = "\n\nThe log of these files is kept elsewhere."
NET = f'[scope]\npaths = ["net/", "{OWN}", "pyproject.toml"]\n[policy]\ntrailers = ["Risk"]\n'


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with a remote that has its `main`, and our hooks."""
    repo = make_repo()
    repo.commit({OWN: NET, "net/a": "1"}, f"Begin{WHY}\n\nRisk: none")
    origin = repo.clone("origin.git", bare=True)
    repo.git("remote", "add", "origin", str(origin.path))
    repo.git("fetch", "-q", "origin")
    repo.git("remote", "set-head", "origin", "main")
    command = f'"{sys.executable}" -m confluence_changelog'
    for stage in ("commit-msg", "pre-push"):
        script = (PROJECT / "hooks" / stage).read_text(encoding="utf-8")
        repo.hook(stage, script.replace("confluence-changelog", command))
    monkeypatch.chdir(repo.path)
    return repo


def commit(repo: Repo, message: str, *args: str) -> tuple[int, str]:
    repo.git("add", "--all")
    repo.now += timedelta(minutes=1)  # or it looks like an amendment of the last one
    done = repo.run("commit", "-m", message, *args)
    return done.returncode, done.stderr.decode()


def test_a_commit_that_deletes_it(repo: Repo) -> None:
    repo.write({OWN: None})
    status, said = commit(repo, "fix")
    assert (status, "[subject-empty]" in said, "[trailer-missing]" in said) == (1, True, True)
    assert commit(repo, f"Keep no log{WHY}")[0] == 1
    assert commit(repo, f"Keep no log{WHY}\n\nRisk: none")[0] == 0
    assert commit(repo, "fix", "--amend")[0] == 1
    repo.write({"net/b": "1"})
    status, said = commit(repo, "fix")
    assert (status, "nothing is checked" in said) == (0, True)


def test_a_commit_that_takes_it_out_of_pyproject(repo: Repo) -> None:
    section = NET.replace("[", "[tool.confluence-changelog.", 1).replace(
        "[policy", "[tool.confluence-changelog.policy"
    )
    repo.write({OWN: None, "pyproject.toml": section})
    assert commit(repo, f"Move it{WHY}\n\nRisk: none")[0] == 0
    repo.write({"pyproject.toml": ""})
    assert commit(repo, f"Keep no log{WHY}")[0] == 1


def test_one_that_it_does_not_bind(repo: Repo) -> None:
    repo.commit({OWN: '[scope]\npaths = ["net/"]\n'}, f"Narrow it{WHY}\n\nRisk: none")
    repo.write({OWN: None})
    assert commit(repo, "fix")[0] == 0


def test_one_that_could_not_be_read_can_be_taken_away(repo: Repo) -> None:
    repo.commit({OWN: "["}, "Break it", "--no-verify")
    repo.write({OWN: None})
    assert commit(repo, "fix")[0] == 1
    assert commit(repo, f"Keep no log{WHY}")[0] == 0


def test_a_named_file_stands_above_it(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("")
    (tmp_path / "message").write_text(f"Keep no log{WHY}\n")
    repo.git("rm", "-q", OWN)
    words = ["check", str(tmp_path / "message")]
    assert main(words) == 1
    assert main([*words, "--config", str(tmp_path / "other.toml")]) == 0


@pytest.mark.parametrize("target", ["main", "new"])
def test_a_push_that_takes_it_away(repo: Repo, target: str) -> None:
    if target == "new":
        repo.checkout("new", new=True)
    repo.commit({OWN: None}, "fix", "--no-verify")
    done = repo.run("push", "origin", f"HEAD:{target}")
    assert (done.returncode, b"[trailer-missing]" in done.stderr) == (1, True)
    repo.git("commit", "-q", "--amend", "-m", f"Keep no log{WHY}\n\nRisk: none")
    repo.git("push", "-q", "origin", f"HEAD:{target}")
    repo.commit({"net/b": "1"}, "fix")
    done = repo.run("push", "origin", f"HEAD:{target}")
    assert (done.returncode, b"nothing is checked" in done.stderr) == (0, True)


def test_a_push_of_one_branch_from_another_without_any(repo: Repo) -> None:
    """What is checked out decides nothing about the others."""
    repo.commit({"net/b": "1"}, "fix", "--no-verify")
    repo.git("checkout", "-q", "--orphan", "pages")
    repo.git("rm", "-q", "-r", "-f", ".")
    repo.commit({"index.html": ""}, "fix")
    done = repo.run("push", "origin", "pages", "main")
    assert (done.returncode, done.stderr.count(b"[subject-empty]")) == (1, 1)
    repo.git("push", "-q", "origin", "pages")
