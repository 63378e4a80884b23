"""`install --pre-commit` and the push of several refs, of which a hook manager names only the first."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from confluence_changelog import judged, notes
from confluence_changelog.cli import main
from confluence_changelog.git import open_repository
from confluence_changelog.hooks.beside import misses_refs
from confluence_changelog.hooks.script import BEFORE
from confluence_changelog.pushed import Update
from confluence_changelog.settings import Config
from support.repositories import Repo, RepoFactory

GOOD = "Raise the limit\n\nThe report needs more connections."
CONFIG = ".pre-commit-config.yaml"
LISTED = f"""\
default_install_hook_types: [pre-commit, pre-push]
repos:
  - repo: local
    hooks:
      - id: confluence-changelog-push
        name: push
        entry: '"{Path(sys.executable).as_posix()}" -P -m confluence_changelog check --pre-push'
        language: system
        stages: [pre-push]
        pass_filenames: false
        always_run: true
"""
INSTALL = ("install", "--pre-commit", "--hook-type", "pre-push")
FOREIGN = '#!/bin/sh\nwhile read -r line; do echo "$line"; done >> "${0%/*}/seen"\n'
TOOLS = ("pre-commit", "prek")


@pytest.fixture
def repo(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> Repo:
    """A repository with a remote that has `main`, and a branch `good` and `wip`; nothing installed."""
    for name in ("PRE_COMMIT_HOME", "PREK_HOME"):
        monkeypatch.setenv(name, str(home / name))
    repo = make_repo("a repo")
    repo.commit({"confluence-changelog.toml": "", CONFIG: LISTED}, GOOD)
    origin = repo.clone("origin.git", bare=True)
    repo.git("remote", "add", "origin", str(origin.path))
    repo.git("fetch", "-q", "origin")
    for name, message in (("good", GOOD), ("wip", "wip")):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.commit({name: "1"}, message)
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The one hook manager on PATH."""
    name: str = request.param
    use(name, tmp_path / "bin", monkeypatch)
    return name


def use(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = Path(sys.prefix) / "bin" / name
    if not binary.exists():
        pytest.skip(f"{name} is not installed in this environment")
    folder.mkdir(exist_ok=True)
    names = ("git", "sh", "env", "bash", "dirname", "cat")
    for program, path in [(name, binary), *((n, Path(str(shutil.which(n)))) for n in names)]:
        (folder / program).symlink_to(path)
    monkeypatch.setenv("PATH", str(folder))
    if name == "prek":  # the other one is beside the interpreter
        monkeypatch.setattr("confluence_changelog.hooks.managed._tool", lambda _: str(binary))


def hooks_of(repo: Repo) -> Path:
    return repo.path / ".git" / "hooks"


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        file.name: (stat.S_IMODE(file.stat().st_mode), file.read_bytes())
        for file in folder.iterdir()
        if file.name.startswith("pre-push")
    }


def says(capsys: pytest.CaptureFixture[str], *args: str, status: int = 0) -> str:
    capsys.readouterr()
    assert main([*args]) == status
    out, err = capsys.readouterr()
    return out + err


def push(repo: Repo, *refs: str, **env: str) -> tuple[int, str]:
    done = repo.run("push", "origin", *refs, env=env)
    return done.returncode, (done.stderr + done.stdout).decode()


def by_hand(repo: Repo, tool: str) -> None:
    subprocess.run([tool, "install", "-t", "pre-push"], cwd=repo.path, check=True)


@pytest.mark.slow
@pytest.mark.parametrize("foreign", ["", "before", "after"])
@pytest.mark.parametrize("manager", ["", "before", "after"])
def test_all_refs_are_checked(
    repo: Repo, tool: str, manager: str, foreign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the manager was there, and whether it keeps a hook of others already."""
    hook = hooks_of(repo) / "pre-push"
    if foreign:
        repo.hook("pre-push", FOREIGN.partition("\n")[2])
    if manager == "before":
        by_hand(repo, tool)
    if foreign == "after" and manager == "before":
        (hooks_of(repo) / "pre-push.legacy").chmod(0o700)
    before = state(hooks_of(repo))
    says(capsys, *INSTALL)
    if manager == "after":
        by_hand(repo, tool)
    installed = state(hooks_of(repo))
    assert "right" in says(capsys, *INSTALL)
    assert state(hooks_of(repo)) == installed
    status, said = push(repo, "good", "wip")
    assert (status, "[subject-empty]" in said) == (1, True)
    assert not misses_refs(open_repository())
    if foreign:
        assert len((hook.parent / "seen").read_text().splitlines()) == 2
    repo.git("commit", "-q", "--amend", "-m", GOOD)
    assert push(repo, "good", "wip")[0] == 0
    says(capsys, "uninstall")
    assert state(hooks_of(repo)) == before
    assert "Nothing of confluence-changelog" in says(capsys, "uninstall")


@pytest.mark.slow
def test_without_it_the_first_ref_alone_is_checked(
    repo: Repo, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(repo, tool)
    assert misses_refs(open_repository())
    assert push(repo, "--dry-run", "good", "wip")[0] == 0
    assert push(repo, "--dry-run", "wip", "good")[0] == 1
    assert "install --pre-commit" in says(capsys, "doctor", status=2)


@pytest.mark.slow
def test_a_push_is_judged_once(repo: Repo, tool: str, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, *INSTALL)
    status, said = push(repo, "wip", "good")
    assert status == 1
    assert said.count("[subject-empty]") == 1
    assert "This push is refused for what is said above." in said
    assert not (notes.home(repo.path / ".git") / "pushed.json").exists()
    assert push(repo, "wip", "good", SKIP="x, confluence-changelog-push")[0] == 0


@pytest.mark.slow
def test_a_verdict_that_nobody_takes_goes_with_the_hook(
    repo: Repo, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    says(capsys, *INSTALL)
    folder = notes.home(repo.path / ".git")
    assert push(repo, "good")[0] == 0
    assert push(repo, "good:new")[0] == 0  # it brings nothing, so that the manager runs nothing
    assert (folder / "pushed.json").exists()
    says(capsys, "uninstall")
    assert not folder.exists()


@pytest.mark.slow
def test_a_manager_that_does_not_list_it(
    repo: Repo, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then Git's own hook does all, and leaves nothing."""
    says(capsys, *INSTALL)
    repo.commit({CONFIG: "repos: []\n"}, GOOD)
    status, said = push(repo, "good", "wip")
    assert (status, said.count("[subject-empty]")) == (1, 1)
    assert not (notes.home(repo.path / ".git") / "pushed.json").exists()


@pytest.mark.slow
def test_from_a_linked_work_tree(
    repo: Repo, tool: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(hooks_of(repo))
    tree = repo.path.parent / "a tree"
    repo.git("worktree", "add", "-q", str(tree), "main")
    monkeypatch.chdir(tree)
    says(capsys, *INSTALL)
    for place in (repo, Repo(tree)):
        status, said = push(place, "good", "wip")
        assert (status, "[subject-empty]" in said) == (1, True)
    says(capsys, "uninstall")
    assert state(hooks_of(repo)) == before


# What stands in the way


@pytest.mark.parametrize("tool", ["pre-commit"], indirect=True)
@pytest.mark.parametrize("scope", ["global", "local"])
def test_pre_commit_refuses_a_hooks_path_and_that_is_said_first(
    repo: Repo, tool: str, scope: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.git("config", f"--{scope}", "core.hooksPath", str(tmp_path / "mine"))
    repo.write({CONFIG: "repos:\n"})
    said = says(capsys, *INSTALL, "--repo", "https://git.example.com/c", status=2)
    assert f"pre-commit installs no hooks while core.hooksPath is set (here {scope}" in said
    assert (repo.path / CONFIG).read_text() == "repos:\n"
    assert not (tmp_path / "mine").exists()
    remedy = said.partition("run git ")[2].partition(" and install")[0]
    repo.git(*remedy.split())
    assert "run pre-commit install" in says(capsys, *INSTALL, "--repo", "https://git.example.com/c")


@pytest.mark.parametrize("tool", ["prek"], indirect=True)
def test_prek_is_not_to_install_for_all_repositories(
    repo: Repo, tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.git("config", "--global", "core.hooksPath", str(tmp_path / "mine"))
    said = says(capsys, *INSTALL, status=2)
    assert "run in other repositories too (core.hooksPath, global)" in said
    assert 'pre-push:  confluence-changelog check --pre-push "$@" || exit\n' in said
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("tool", ["prek"], indirect=True)
def test_hooks_of_all_repositories_that_run_prek_already(
    repo: Repo, tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(repo, tool)
    hooks_of(repo).rename(tmp_path / "mine")
    repo.git("config", "--global", "core.hooksPath", str(tmp_path / "mine"))
    before = state(tmp_path / "mine")
    assert "serves others too" in says(capsys, *INSTALL, status=1)
    assert state(tmp_path / "mine") == before


def test_what_a_manager_would_overwrite(
    repo: Repo, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("pre-push", "pre-push.legacy"):
        repo.hook(name, "exit 0")
    before = state(hooks_of(repo))
    said = says(capsys, *INSTALL, status=1)
    assert "pre-push.legacy would be overwritten by the hook manager" in said
    assert state(hooks_of(repo)) == before


@pytest.mark.parametrize("tool", ["prek"], indirect=True)
def test_one_manager_over_the_other(
    repo: Repo, tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pre_commit = Path(sys.prefix) / "bin" / "pre-commit"
    if not pre_commit.exists():
        pytest.skip("pre-commit is not installed in this environment")
    by_hand(repo, str(pre_commit))
    by_hand(repo, tool)
    before = state(hooks_of(repo))
    assert "of a hook manager as well" in says(capsys, *INSTALL, status=1)
    assert misses_refs(open_repository())
    assert state(hooks_of(repo)) == before


def test_a_kept_hook_that_somebody_edited(
    repo: Repo, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    says(capsys, *INSTALL)
    kept = hooks_of(repo) / "pre-push.legacy"
    kept.write_text(f"{kept.read_text()}echo mine\n", newline="\n")
    edited = state(hooks_of(repo))
    assert "was edited after" in says(capsys, *INSTALL, status=1)
    assert state(hooks_of(repo)) == edited
    assert not (hooks_of(repo) / f"pre-push{BEFORE}").exists()


# The verdict that is left


UPDATE = Update("", "1" * 40, "refs/heads/main")
OTHER = Update("", "2" * 40, "refs/heads/side")
CONFIGURED = Config()


def bound(*updates: Update) -> dict[Update, Config]:
    return dict.fromkeys(updates, CONFIGURED)


def test_a_verdict_is_taken_once(tmp_path: Path) -> None:
    judged.leave(tmp_path, "origin", bound(OTHER, UPDATE), 1)
    assert judged.take(tmp_path, "origin", bound(UPDATE._replace(old="3" * 40))) == 1
    assert judged.take(tmp_path, "origin", bound(UPDATE)) is None


@pytest.mark.parametrize(
    ("updates", "remote", "config"),
    [
        ([UPDATE._replace(new="2" * 40)], "origin", CONFIGURED),
        ([UPDATE._replace(ref="refs/heads/x")], "origin", CONFIGURED),
        ([], "origin", CONFIGURED),
        ([UPDATE], "upstream", CONFIGURED),
        (
            [UPDATE],
            "origin",
            CONFIGURED._replace(scope=CONFIGURED.scope._replace(branches=("x",))),
        ),
    ],
)
def test_a_verdict_of_something_else_is_none(
    tmp_path: Path, updates: list[Update], remote: str, config: Config
) -> None:
    judged.leave(tmp_path, "origin", bound(UPDATE), 0)
    assert judged.take(tmp_path, remote, dict.fromkeys(updates, config)) is None


@pytest.mark.parametrize("text", ["", "[]", '{"by": 1}', "{", "\udc80"])
def test_a_verdict_that_is_damaged_is_none(tmp_path: Path, text: str) -> None:
    notes.home(tmp_path).mkdir()
    file = notes.home(tmp_path) / "pushed.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert judged.take(tmp_path, "origin", bound(UPDATE)) is None
