"""The pre-commit stage: a commit-msg hook that is missing, and configuration that is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.git import open_repository
from confluence_changelog.hooks.installed import missing_hook
from support.repositories import Repo, RepoFactory

PROJECT = Path(__file__).resolve().parents[1]
CONFIG = "confluence-changelog.toml"
COMMAND = f'"{sys.executable}" -m confluence_changelog'
FRAMEWORK = 'ARGS=(hook-impl --config=%s --hook-type=commit-msg)\nexec pre-commit "${ARGS[@]}"'


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.commit({CONFIG: ""}, "Begin")
    monkeypatch.chdir(repo.path)
    return repo


def missing(repo: Repo) -> str:
    return missing_hook(open_repository(repo.path))


def test_a_missing_hook_is_missed(repo: Repo) -> None:
    assert "The commit-msg hook is not installed" in missing(repo)
    assert "run confluence-changelog install" in missing(repo)
    repo.hook("commit-msg", "exec confluence-changelog check")
    assert missing(repo) == ""
    (repo.path / ".git" / "hooks" / "commit-msg").chmod(0o644)
    assert "is not installed" in missing(repo)


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_the_remedy_is_that_of_the_hook_manager(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    monkeypatch.setenv("PRE_COMMIT", "1")
    repo.hook("pre-commit", f"exec {tool} hook-impl --hook-type=pre-commit")
    assert f"run {tool} install --hook-type commit-msg" in missing(repo)


@pytest.mark.parametrize(
    ("listed", "is_missing"),
    [
        ("      - id: confluence-changelog-check\n", False),
        ("      - id: confluence-changelog-installed\n", True),
        ("        entry: confluence-changelog check\n", False),
        ("        entry: confluence-changelog check --pre-push\n", True),
        ("        entry: python -m confluence_changelog check\n", False),
    ],
)
def test_a_hook_manager_must_list_the_check(repo: Repo, listed: str, is_missing: bool) -> None:
    repo.hook("commit-msg", FRAMEWORK % "ci/hooks.yaml")
    repo.write({"ci/hooks.yaml": listed})
    assert bool(missing(repo)) is is_missing
    repo.hook("commit-msg.legacy", "confluence-changelog check")
    assert missing(repo) == ""


@pytest.mark.parametrize(
    "script",
    ["lefthook run commit-msg", '. "$(dirname "$0")/_/husky.sh"', "overcommit", "run-parts x.d"],
)
def test_other_hooks_are_believed(repo: Repo, script: str) -> None:
    repo.hook("commit-msg", script)
    assert missing(repo) == ""


def test_hooks_are_where_git_looks_for_them(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", ".husky/_")
    repo.write({".husky/_/commit-msg": "#!/bin/sh\n"})
    (repo.path / ".husky" / "_" / "commit-msg").chmod(0o755)
    assert missing(repo) == ""
    repo.git("config", "--unset", "core.hooksPath")
    assert missing(repo)
    repo.hook("commit-msg", "confluence-changelog check")
    tree = Repo(repo.path.parent / "tree")
    repo.git("worktree", "add", "-q", str(tree.path))
    assert missing(tree) == ""


def test_hooks_of_git_s_configuration_are_believed(repo: Repo) -> None:
    repo.git("config", "hook.changelog.event", "pre-push")
    assert missing(repo)
    repo.git("config", "--add", "hook.changelog.event", "commit-msg")
    assert missing(repo) == ""


def test_a_commit_is_refused_until_the_hook_is_there(repo: Repo) -> None:
    script = (PROJECT / "hooks" / "pre-commit").read_text(encoding="utf-8")
    repo.hook("pre-commit", script.replace("confluence-changelog", COMMAND))
    repo.write({"a": "1"})
    repo.git("add", "a")
    refused = repo.run("commit", "-q", "-m", "Add a")
    assert refused.returncode == 1
    assert b"The commit-msg hook is not installed" in refused.stderr
    repo.hook("commit-msg", "exit 0")
    repo.git("commit", "-q", "-m", "Add a")


def test_nothing_is_asked_outside_of_a_commit(repo: Repo) -> None:
    assert main(["check", "--pre-commit"]) == 0


def test_a_checkout_without_configuration(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_repo().path)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert main(["check", "--pre-commit"]) == 0
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({CONFIG: "[polcy]"}, "the staged confluence-changelog.toml: unknown key `polcy`"),
        ({CONFIG: "[scope]\npaths = ['[z-a]']"}, "is no gitignore pattern"),
        ({CONFIG: "[scope]\nskip_subjects = ['(']"}, "is no regular expression"),
        ({CONFIG: "[policy]\nexample = 'fix'"}, "`policy.example` does not pass"),
        ({"pyproject.toml": "[tool.confluence-changelog]\n"}, "remove one of them"),
        ({CONFIG: None, "pyproject.toml": "tool.confluence-changelog = 1"}, "must be a table"),
        ({CONFIG: None, "pyproject.toml": "[tool.confluence-changelog"}, "is not TOML"),
    ],
)
def test_staged_configuration_is_validated(
    repo: Repo, capsys: pytest.CaptureFixture[str], files: dict[str, str | None], says: str
) -> None:
    repo.write(files)
    repo.git("add", "--all")
    repo.git("stash", "create")
    assert main(["check", "--pre-commit"]) == 2
    assert says in capsys.readouterr().err
    repo.git("reset", "-q", "--hard")
    assert main(["check", "--pre-commit"]) == 0


def hook_repository(folder: Path) -> Path:
    """A clone of this project as it is, with a tag: what `repo:` and `rev:` name."""
    names = ["src", "hooks", ".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"]
    source = folder / "hook-repository"
    source.mkdir()
    for name in names:
        path = PROJECT / name
        ignored = shutil.ignore_patterns("__pycache__")
        copy = shutil.copytree if path.is_dir() else shutil.copy2
        copy(path, source / name, **({"ignore": ignored} if path.is_dir() else {}))
    repo = Repo(source)
    repo.git("init", "-q", "-b", "main")
    repo.git("add", "--all")
    repo.git("commit", "-q", "-m", "Release")
    repo.git("tag", "v1")
    return source


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_with_a_hook_manager(repo: Repo, tool: str, tmp_path: Path, home: Path) -> None:
    """One whole round: refused for the missing hook, asked, refused, let pass, and pushed."""
    if shutil.which(tool, path=str(Path(sys.executable).parent)) is None:
        pytest.skip(f"{tool} is not installed in this environment")
    source = hook_repository(tmp_path)
    hooks = ["check", "installed", "template", "push"]
    listed = "".join(f"      - id: confluence-changelog-{name}\n" for name in hooks)
    config = f"repos:\n  - repo: {source}\n    rev: v1\n    hooks:\n{listed}"
    repo.commit({".pre-commit-config.yaml": config}, "Use it")
    binary = Path(sys.executable).parent / tool

    def install(*stages: str) -> None:
        options = [word for stage in stages for word in ("--hook-type", stage)]
        subprocess.run([binary, "install", *options], cwd=repo.path, check=True)

    install("pre-commit")
    repo.write({"a": "1"})
    repo.git("add", "a")
    refused = repo.run("commit", "-m", "fix")
    assert refused.returncode == 1
    said = (refused.stdout + refused.stderr).decode()
    assert f"run {tool} install --hook-type commit-msg" in said
    install("pre-commit", "prepare-commit-msg", "commit-msg", "pre-push")
    refused = repo.run("commit", "--all", "-m", "fix\n\n# why")
    said = (refused.stdout + refused.stderr).decode()
    assert refused.returncode == 1
    assert "[subject-empty]" in said
    assert "[reason-short]" in said
    editor = {"GIT_EDITOR": "cp .git/COMMIT_EDITMSG ../shown; sed -i '1s/.*/Raise\\n\\na b c/'"}
    repo.git("commit", "-q", env=editor)
    assert "What changes?" in (repo.path.parent / "shown").read_text(encoding="utf-8")
    bare = repo.clone("origin.git", bare=True)
    repo.git("remote", "add", "origin", str(bare.path))
    repo.git("fetch", "-q", "origin")
    repo.commit({"a": "2"}, "fix", "--no-verify")
    refused = repo.run("push", "-q", "origin", "main")
    assert refused.returncode == 1
    assert "[subject-empty]" in (refused.stdout + refused.stderr).decode()
