"""`install` and `uninstall`: Git's own hooks, hooks that were there before, and shared folders."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.hooks.script import BEFORE, made_folder, origin, script
from confluence_changelog.hooks.stages import NATIVE, SERVER, STAGES
from support.hooked import no_publisher, noted
from support.repositories import Repo, RepoFactory

PROJECT = Path(__file__).resolve().parents[1]
CONFIG = "confluence-changelog.toml"
GOOD = "Raise the limit\n\nThe report needs more connections."
LOG = '\nfor word; do printf "%s " "$word"; done >> "{log}"\n'


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo("a repo")
    repo.commit({CONFIG: ""}, "Begin\n\nThe log begins here.")
    monkeypatch.chdir(repo.path)
    return repo


def hooks_of(repo: Repo) -> Path:
    return Path(repo.git("rev-parse", "--path-format=absolute", "--git-path", "hooks"))


def state(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """What a folder holds, to the byte and with the mode bits; empty where it is not there."""
    if not folder.exists():
        return {}
    found: dict[str, tuple[int, bytes | str]] = {".": (stat.S_IMODE(folder.stat().st_mode), "")}
    for file in folder.iterdir():
        mode = stat.S_IMODE(file.lstat().st_mode)
        content = str(file.readlink()) if file.is_symlink() else file.read_bytes()
        found[file.name] = (mode, content)
    return found


def says(capsys: pytest.CaptureFixture[str], *args: str, status: int = 0) -> str:
    """Run a command here; what it says."""
    assert main([*args]) == status
    out, err = capsys.readouterr()
    return out + err


def commit(repo: Repo, message: str) -> subprocess.CompletedProcess[bytes]:
    """Commit as a graphical client does: without any of our commands on PATH."""
    repo.write({"a": message})
    repo.git("add", "a")
    path = os.pathsep.join(
        folder
        for folder in os.environ["PATH"].split(os.pathsep)
        if not (Path(folder) / "confluence-changelog").exists()
    )
    return repo.run("commit", "-q", "-m", message, env={"PATH": path})


# What is written


def test_the_hooks_run_what_the_files_of_hooks_run() -> None:
    assert {*STAGES} == {file.name for file in (PROJECT / "hooks").iterdir()}
    for name, stage in STAGES.items():
        text = (PROJECT / "hooks" / name).read_text(encoding="utf-8")
        assert text == f'#!/bin/sh\nexec confluence-changelog {stage.command} "$@"\n'
        assert f' {stage.command} "$@"\n' in script(stage, "/python")


def test_the_manifest_has_the_ids_of_the_stages() -> None:
    import yaml

    manifest = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    listed = {(hook["id"], hook["entry"], *hook["stages"]) for hook in manifest}
    ours = {(s.id, f"confluence-changelog {s.command}", s.name) for s in STAGES.values() if s.id}
    assert listed == ours
    assert all(not STAGES[name].id for name in SERVER)


@pytest.mark.parametrize("name", STAGES)
def test_a_script_is_known_again(name: str) -> None:
    text = script(STAGES[name], "/it's/python")
    assert origin(text) == "ours"
    assert origin(text.replace("python=", "python=/mine")) == "edited"
    assert origin(text.replace("#!/bin/sh", "#!/bin/bash")) == "edited"
    assert origin("#!/bin/sh\nexec confluence-changelog check\n") == "foreign"
    assert not made_folder(text)
    assert made_folder(script(STAGES[name], "/python", made_folder=True))
    assert b"\r" not in text.encode()


def test_commits_are_refused_and_let_pass_without_anything_on_path(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    said = says(capsys, "install")
    assert said.count("write ") == len(NATIVE)
    refused = commit(repo, "fix")
    assert refused.returncode == 1
    assert b"[subject-empty]" in refused.stderr
    assert commit(repo, GOOD).returncode == 0


def test_rows_are_noted(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("URL", "http://127.0.0.1:9"), ("TOKEN", "x"), ("PAGE", "1")):
        monkeypatch.setenv(f"CONFLUENCE_{name}", value)
    assert main(["install"]) == 0
    with no_publisher(repo):
        assert commit(repo, GOOD).returncode == 0
        assert noted(repo) == {repo.rev_parse()}


def test_again_it_changes_nothing(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install"]) == 0
    before = state(hooks_of(repo))
    capsys.readouterr()
    said = says(capsys, "install")
    assert said.count(" is right\n") == said.count("\n") == len(NATIVE)
    assert state(hooks_of(repo)) == before


def test_a_dry_run_writes_nothing(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(hooks_of(repo))
    said = says(capsys, "install", "--dry-run")
    assert said.count("would write ") == len(NATIVE)
    assert state(hooks_of(repo)) == before
    assert main(["install"]) == 0
    installed = state(hooks_of(repo))
    capsys.readouterr()
    assert says(capsys, "uninstall", "--dry-run").count("would delete ") == len(NATIVE)
    assert state(hooks_of(repo)) == installed


def test_only_what_is_asked_for(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    before = {*state(hooks_of(repo))}
    says(capsys, "install", "--hook-type", "pre-commit", "--hook-type", "prepare-commit-msg")
    assert {*state(hooks_of(repo))} - before == {"pre-commit", "prepare-commit-msg"}
    assert b"The commit-msg hook is not installed" in commit(repo, GOOD).stderr
    says(capsys, "install", "--hook-type", "commit-msg")
    assert commit(repo, GOOD).returncode == 0


def test_it_says_when_nothing_is_configured(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_repo().path)
    assert f"Nothing is checked before there is a {CONFIG}" in says(capsys, "install")


def test_other_files_of_hooks_are_renewed(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of another interpreter, and those that Git would not run."""
    hook = hooks_of(repo) / "commit-msg"
    hook.write_text(script(STAGES["commit-msg"], "/gone/python"), encoding="utf-8", newline="\n")
    hook.chmod(0o644)
    assert f"renew {hook}\n" in says(capsys, "install")
    assert commit(repo, "fix").returncode == 1
    hook.chmod(0o644)
    assert f"renew {hook}\n" in says(capsys, "install")
    assert commit(repo, "fix").returncode == 1


# Hooks that were there


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_a_hook_that_was_there_runs_first_and_may_refuse(repo: Repo, log: Path) -> None:
    repo.hook(
        "commit-msg", f'cp "$1" "{log}"; read -r line < "$1"; [ "$line" != "Stop" ] || exit 7'
    )
    assert main(["install"]) == 0
    stopped = commit(repo, "Stop")
    assert stopped.returncode == 1
    assert stopped.stderr == b""  # ours did not run
    assert commit(repo, "fix").returncode == 1
    assert log.read_text(encoding="utf-8").startswith("fix")
    assert commit(repo, GOOD).returncode == 0


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("status", [0, 5])
@pytest.mark.parametrize("lines", ["", "a b c d\n", "one\n\n two\\n\nlast"])
def test_arguments_input_and_status_of_a_chain(
    tmp_path: Path, name: str, status: int, lines: str
) -> None:
    """The hook that was there gets what ours gets; what refuses stops the rest, the others go on."""
    stage = STAGES[name]
    written = {}
    for role, code in (("old", status), ("ours", 3)):
        file = tmp_path / role
        written[role] = tmp_path / f"{role}.log"
        file.write_text(
            f'#!/bin/sh\n{{ for word; do printf "<%s>" "$word"; done; cat; }} > "{written[role]}"\n'
            f"exit {code}\n"
        )
        file.chmod(0o755)
    hook = tmp_path / name
    hook.write_text(script(stage, str(tmp_path / "ours")))
    (tmp_path / "old").rename(tmp_path / f"{name}{BEFORE}")
    done = subprocess.run(
        ["sh", str(hook), "one", "two words"],
        input=lines.encode(),
        check=False,
        capture_output=True,
    )
    given = lines if lines.endswith("\n") or not lines else f"{lines}\n"
    old = written["old"].read_text()
    assert old == f"<one><two words>{given if stage.reads else lines}"
    if status and (stage.refuses or name == "prepare-commit-msg"):
        assert done.returncode == status
        assert not written["ours"].exists()
        return
    assert done.returncode == (3 if stage.refuses else status)
    ours = written["ours"].read_text()
    words = "".join(
        f"<{word}>" for word in ("-P", "-m", "confluence_changelog", *stage.command.split())
    )
    assert ours == f"{words}<one><two words>{given if stage.reads else ''}"


@pytest.mark.parametrize("name", STAGES)
def test_when_the_interpreter_is_gone(tmp_path: Path, name: str) -> None:
    """The command on PATH takes its place; without one, what refuses lets nothing through."""
    stage = STAGES[name]
    hook = tmp_path / name
    hook.write_text(script(stage, "/gone/python"))
    shell = Path("/bin/sh")
    done = subprocess.run(
        [shell, hook], env={"PATH": ""}, capture_output=True, check=False, input=b""
    )
    assert done.returncode == (1 if stage.refuses else 0)
    assert b"confluence-changelog is not installed any more, so that nothing" in done.stderr
    assert str(hook).encode() in done.stderr
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "confluence-changelog"
    command.write_text('#!/bin/sh\necho "ran $*"\n')
    command.chmod(0o755)
    done = subprocess.run(
        [shell, hook, "x"], env={"PATH": str(folder)}, capture_output=True, check=True, input=b""
    )
    assert (done.stdout.decode(), done.stderr) == (f"ran {stage.command} x\n", b"")


def test_every_ref_of_a_push_reaches_both(repo: Repo, log: Path) -> None:
    origin_of = repo.clone("origin.git", bare=True)
    repo.git("remote", "add", "origin", str(origin_of.path))
    repo.hook("pre-push", f'while read -r line; do echo "$line"; done > "{log}"')
    assert main(["install"]) == 0
    repo.branch("good")
    repo.checkout("bad", new=True)
    repo.commit({"x": "1"}, "fix", "--no-verify")
    refused = repo.run("push", "-q", "origin", "good", "bad")
    assert refused.returncode == 1
    assert b"[subject-empty]" in refused.stderr
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


OLD = [
    ("#!/bin/sh\nexit 0\n", 0o755),
    ("#!/bin/sh\r\nexit 0", 0o700),
    ("no shebang, and not executable\n", 0o640),
    ("", 0o711),
]


@pytest.mark.parametrize(("text", "mode"), OLD)
def test_uninstall_takes_back_exactly_that(
    repo: Repo, text: str, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hooks_of(repo)
    for name in ("commit-msg", "pre-push", "post-commit"):
        (folder / name).write_bytes(text.encode())
        (folder / name).chmod(mode)
    (folder / "post-merge").symlink_to("../../merge.sh")
    before = state(folder)
    assert main(["install"]) == 0
    assert state(folder) != before
    assert main(["install"]) == 0
    assert main(["uninstall"]) == 0
    assert state(folder) == before
    capsys.readouterr()
    assert "Nothing of confluence-changelog is installed here" in says(capsys, "uninstall")


def test_the_folder_goes_when_it_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = Repo(tmp_path / "repo")
    repo.path.mkdir()
    repo.git("init", "-q", "--template=")
    monkeypatch.chdir(repo.path)
    folder = hooks_of(repo)
    assert not folder.exists()
    says(capsys, "install", "--hook-type", "commit-msg")
    says(capsys, "install", "--hook-type", "pre-push")
    says(capsys, "uninstall")
    assert not folder.exists()
    folder.mkdir()
    says(capsys, "install")
    says(capsys, "uninstall")
    assert folder.is_dir()


def test_what_was_edited_since_is_left_and_named(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install"]) == 0
    hook = hooks_of(repo) / "commit-msg"
    edited = hook.read_text(encoding="utf-8") + "echo mine\n"
    hook.write_text(edited, encoding="utf-8", newline="\n")
    capsys.readouterr()
    assert f"{hook} was edited after confluence-changelog wrote it" in says(
        capsys, "install", status=1
    )
    assert f"{hook} was edited after" in says(capsys, "uninstall", status=1)
    assert hook.read_text(encoding="utf-8") == edited
    assert not (hooks_of(repo) / "pre-push").exists()


def test_a_hook_that_took_the_place_of_ours(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.hook("commit-msg", "exit 0")
    assert main(["install"]) == 0
    repo.hook("commit-msg", "exit 1")
    capsys.readouterr()
    said = says(capsys, "install", status=1)
    assert f"cannot be kept as commit-msg{BEFORE}, which is there already" in said
    assert "is not ours: look at both" in says(capsys, "uninstall", status=1)


def test_an_installation_that_was_interrupted_goes_on(repo: Repo, log: Path) -> None:
    repo.hook("commit-msg", f'echo ran > "{log}"')
    folder = hooks_of(repo)
    before = state(folder)
    (folder / "commit-msg").rename(folder / f"commit-msg{BEFORE}")
    assert main(["install"]) == 0
    assert commit(repo, "fix").returncode == 1
    assert log.exists()
    assert main(["uninstall"]) == 0
    assert state(folder) == before


def test_hooks_that_run_it_already_are_right(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.hook("commit-msg", 'exec confluence-changelog check "$@"')
    repo.hook("pre-push", "# confluence-changelog check --pre-push")
    before = state(hooks_of(repo))
    said = says(capsys, "install")
    assert "commit-msg runs confluence-changelog check already" in said
    assert f"keep the hook that was there as pre-push{BEFORE}" in said
    assert says(capsys, "uninstall")
    assert state(hooks_of(repo)) == before


def test_a_hook_manager_s_hook_is_not_chained(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.hook("pre-push", "exec pre-commit hook-impl --config=x --hook-type=pre-push")
    before = state(hooks_of(repo))["pre-push"]
    said = says(capsys, "install", "--native", status=1)
    assert "pre-push is that of pre-commit or prek: install with --pre-commit" in said
    assert state(hooks_of(repo))["pre-push"] == before


@pytest.mark.parametrize(
    "script",
    [
        'for hook in hooks/$(basename $0).d/*; do "$hook"; done',
        'h=$(basename -- "$0")',
        'exec run "${0##*/}" "$@"',
        "hook_type = File.basename($0)",
        "name = os.path.basename(sys.argv[0])",
    ],
)
def test_hooks_that_ask_for_their_own_name_are_not_renamed(
    repo: Repo, capsys: pytest.CaptureFixture[str], script: str
) -> None:
    repo.hook("pre-push", script)
    before = state(hooks_of(repo))["pre-push"]
    said = says(capsys, "install", status=1)
    assert "looks for others by its own name" in said
    assert 'confluence-changelog check --pre-push "$@"' in said
    assert state(hooks_of(repo))["pre-push"] == before
    assert (hooks_of(repo) / "commit-msg").exists()


def test_a_linked_hook_is_never_written_through(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """gitolite links the hooks of its repositories to common ones."""
    common = tmp_path / "commit-msg"
    common.write_text(script(STAGES["commit-msg"], "/usr/bin/python3"), encoding="utf-8")
    common.chmod(0o755)
    hook = hooks_of(repo) / "commit-msg"
    hook.symlink_to(common)
    before = common.read_bytes()
    assert "commit-msg runs confluence-changelog check already" in says(capsys, "install")
    says(capsys, "uninstall")
    assert hook.is_symlink()
    assert common.read_bytes() == before


def test_ours_put_aside_by_a_hook_manager(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.hook("commit-msg", "[ -z '' ]")
    assert main(["install"]) == 0
    folder = hooks_of(repo)
    (folder / "commit-msg").rename(folder / "commit-msg.legacy")
    repo.hook("commit-msg", 'exec "$0.legacy" "$@"')
    assert commit(repo, "fix").returncode == 1
    capsys.readouterr()
    said = says(capsys, "uninstall", status=1)
    assert "commit-msg.legacy was put aside by a hook manager" in said


# Where


def test_linked_work_trees_share_the_hooks(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = Repo(tmp_path / "a tree")
    repo.git("worktree", "add", "-q", "-b", "side", str(tree.path))
    monkeypatch.chdir(tree.path)
    assert main(["install"]) == 0
    assert (repo.path / ".git" / "hooks" / "commit-msg").exists()
    for place in (repo, tree):
        assert commit(place, "fix").returncode == 1
    before = state(hooks_of(repo))
    monkeypatch.chdir(repo.path)
    assert main(["install"]) == 0
    assert state(hooks_of(repo)) == before


def test_a_submodule(repo: Repo, make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = make_repo("outer")
    outer.git("submodule", "--quiet", "add", repo.path.as_uri(), "in ner")
    inner = Repo(outer.path / "in ner")
    monkeypatch.chdir(inner.path)
    assert main(["install"]) == 0
    assert (outer.path / ".git" / "modules" / "in ner" / "hooks" / "commit-msg").exists()
    assert commit(inner, "fix").returncode == 1
    assert commit(outer, "fix").returncode == 0


def test_from_a_folder_below(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo.path / "sub").mkdir()
    monkeypatch.chdir(repo.path / "sub")
    assert main(["install"]) == 0
    assert commit(repo, "fix").returncode == 1


def test_a_bare_repository_gets_the_hooks_of_a_server(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = make_repo("server.git", bare=True)
    before = state(bare.path / "hooks")
    monkeypatch.chdir(bare.path)
    assert main(["install"]) == 0
    assert {*state(bare.path / "hooks")} - {*before} == {*SERVER}
    assert main(["uninstall"]) == 0
    assert state(bare.path / "hooks") == before


@pytest.mark.parametrize("where", [".git/my hooks", "my hooks", "../elsewhere"])
def test_a_hooks_path_of_the_repository_is_used(repo: Repo, where: str) -> None:
    repo.git("config", "core.hooksPath", where)
    before = state(repo.path / ".git" / "hooks")
    assert main(["install"]) == 0
    assert (repo.path / where / "commit-msg").exists()
    assert state(repo.path / ".git" / "hooks") == before
    assert commit(repo, "fix").returncode == 1
    assert main(["uninstall"]) == 0
    assert not (repo.path / where).exists()


@pytest.mark.parametrize(
    ("where", "tracked"),
    [("hooks", True), (".husky/_", False), (".git/hooks", True)],
)
def test_a_shared_folder_in_the_work_tree_is_not_written_to(
    repo: Repo, capsys: pytest.CaptureFixture[str], where: str, tracked: bool
) -> None:
    repo.write({"hooks/pre-commit": "#!/bin/sh\n", ".husky/_/h": ""})
    if tracked:
        repo.git("add", "hooks")
    if where == ".git/hooks":
        folder = hooks_of(repo)
        folder.rename(folder.with_name("hooks.old"))
        folder.symlink_to("../hooks")
    else:
        repo.git("config", "core.hooksPath", where)
    before = state(repo.path / where)
    said = says(capsys, "install", status=2)
    assert "belong to everyone who has this repository" in said
    assert 'commit-msg:  confluence-changelog check "$@" || exit\n' in said
    assert 'post-commit:  confluence-changelog note --post-commit "$@"\n' in said
    assert state(repo.path / where) == before


def test_the_hooks_of_all_repositories_are_not_written_to(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.git("config", "--global", "core.hooksPath", str(tmp_path / "mine"))
    said = says(capsys, "install", status=2)
    assert "run in other repositories too (core.hooksPath, global)" in said
    assert not (tmp_path / "mine").exists()
    remedy = said.rpartition("have its own: ")[2].strip()
    subprocess.run(["sh", "-c", remedy], check=True, cwd=repo.path)
    assert main(["install"]) == 0
    assert commit(repo, "fix").returncode == 1


def test_a_link_to_a_shared_folder_is_not_written_through(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shared").mkdir()
    folder = hooks_of(repo)
    folder.rename(folder.with_name("hooks.old"))
    folder.symlink_to(tmp_path / "shared")
    assert "run in other repositories too (core.hooksPath, a link)" in says(
        capsys, "install", status=2
    )
    assert state(tmp_path / "shared").keys() == {"."}


def test_hooks_that_are_switched_off(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.git("config", "core.hooksPath", os.devnull)
    assert "Git is told to run no hooks here" in says(capsys, "install", status=2)


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_the_umask_is_kept(repo: Repo, umask: None) -> None:
    assert main(["install"]) == 0
    assert state(hooks_of(repo))["commit-msg"][0] == 0o750


def test_the_interpreter_is_ours() -> None:
    text = script(STAGES["commit-msg"], Path(sys.executable).as_posix())
    assert f"python='{Path(sys.executable).as_posix()}'\n" in text
