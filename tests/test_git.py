"""Opening repositories, running Git in them, and what is said when Git refuses."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from confluence_changelog import git
from confluence_changelog.errors import GitError, NotARepositoryError, UnknownRevisionError
from confluence_changelog.git import open_repository, read_gitpython, read_subprocess, run
from confluence_changelog.refusal import refusal
from support.repositories import Repo, RepoFactory

READERS = [read_subprocess, read_gitpython]
CONTROL = {chr(n) for n in [*range(32), 127, *range(128, 160)]}


def one_sentence(error: pytest.ExceptionInfo[GitError]) -> str:
    """Return the message after making sure that it is fit for a terminal, and exits with 3."""
    text = str(error.value)
    assert error.value.exit_code == 3
    assert text.endswith(".")
    assert not CONTROL & set(text)
    return text


# Opening


def test_open_finds_the_work_tree_from_a_folder_below(make_repo: RepoFactory) -> None:
    repo = make_repo("with space ü")
    below = repo.path / "a" / "b"
    below.mkdir(parents=True)
    found = open_repository(below)
    assert found == git.Repository(repo.path, repo.path / ".git", repo.path / ".git", bare=False)


def test_open_without_a_path_takes_the_present_folder(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo()
    monkeypatch.chdir(repo.path)
    assert open_repository().root == repo.path


def test_open_bare(make_repo: RepoFactory) -> None:
    path = make_repo("r.git", bare=True).path
    assert open_repository(path) == git.Repository(path, path, path, bare=True)


def test_open_linked_work_tree(make_repo: RepoFactory, tmp_path: Path) -> None:
    repo = make_repo()
    repo.commit({}, "One")
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    found = open_repository(tmp_path / "linked")
    assert found.root == tmp_path / "linked"
    assert found.git_dir == repo.path / ".git" / "worktrees" / "linked"
    assert found.common_dir == repo.path / ".git"


def test_open_from_within_the_git_folder_finds_the_work_tree(make_repo: RepoFactory) -> None:
    repo = make_repo()
    found = open_repository(repo.path / ".git")
    assert (found.root, found.bare) == (repo.path, False)


def test_open_without_a_path_follows_the_git_dir_of_a_hook(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A repository whose Git folder lies elsewhere is found by GIT_DIR only."""
    work = make_repo().path
    work.joinpath(".git").rename(tmp_path / "elsewhere")
    monkeypatch.chdir(work)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(work))
    found = open_repository()
    assert (found.root, found.git_dir) == (work, tmp_path / "elsewhere")


@pytest.mark.parametrize("place", ["", "nothing-here", "file"])
def test_open_refuses_what_is_no_repository(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotARepositoryError) as error:
        open_repository(tmp_path / place)
    assert str(tmp_path / place) in one_sentence(error)


def test_open_names_the_remedy_when_git_does_not_trust_the_owner(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_repo().path
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError) as error:
        open_repository(path)
    assert not isinstance(error.value, NotARepositoryError)
    assert f"git config --global --add safe.directory {path}" in one_sentence(error)


def test_open_quotes_git_for_other_reasons(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.git("config", "core.repositoryFormatVersion", "99")
    with pytest.raises(GitError) as error:
        open_repository(repo.path)
    assert "99" in one_sentence(error)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_open_refuses_a_path_with_a_line_break(make_repo: RepoFactory) -> None:
    with pytest.raises(GitError) as error:
        open_repository(make_repo("two\nlines").path)
    assert "line break" in one_sentence(error)


def test_without_git_on_the_path(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("git")  # GitPython must not have to look for git now
    path = make_repo().path
    repository = open_repository(path)
    monkeypatch.setenv("PATH", str(path))
    with pytest.raises(GitError, match="install it"):
        open_repository(path)
    for read in READERS:
        with pytest.raises(GitError, match="install it"):
            list(read(repository, ["version"], b""))


def test_gitpython_that_finds_no_git_is_one_sentence(make_repo: RepoFactory) -> None:
    """GitPython looks for git when it is imported, and then raises ImportError."""
    repo = make_repo()
    script = (
        "import os, pathlib, sys\n"
        "from confluence_changelog import errors, git\n"
        "repository = git.open_repository(pathlib.Path(sys.argv[1]))\n"
        "os.environ['PATH'] = sys.argv[1]\n"
        "try:\n"
        "    list(git.read_gitpython(repository, ['version'], b''))\n"
        "except errors.GitError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(repo.path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith("Git was not found: ")


def test_the_module_loads_without_gitpython() -> None:
    """A hook does not pay for the import."""
    script = "import sys, confluence_changelog.git; print('git' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


# Running


@pytest.mark.parametrize("read", READERS)
def test_readers_yield_all_bytes_unchanged(make_repo: RepoFactory, read: git.Reader) -> None:
    repo = make_repo()
    content = b"\0\r\n\xff" * 100_000 + b"\n\n"
    repo.commit({"blob": content}, "Add")
    repository = open_repository(repo.path)
    pieces = list(read(repository, ["cat-file", "blob", "HEAD:blob"], b""))
    assert len(pieces) > 1
    assert b"".join(pieces) == content


@pytest.mark.parametrize("read", READERS)
def test_readers_pass_standard_input(make_repo: RepoFactory, read: git.Reader) -> None:
    data = b"x" * 300_000
    repository = open_repository(make_repo().path)
    output = b"".join(read(repository, ["hash-object", "--stdin"], data))
    assert output == run(repository, ["hash-object", "--stdin"], data)
    assert len(output) == 41


@pytest.mark.parametrize("read", READERS)
def test_readers_survive_much_on_standard_error(make_repo: RepoFactory, read: git.Reader) -> None:
    """More complaints than a pipe holds, while nobody reads them, would stop Git for ever."""
    repo = make_repo()
    repo.git("config", "alias.complain", "!head -c 300000 /dev/zero >&2; echo done; :")
    output = b"".join(read(open_repository(repo.path), ["complain"], b""))
    assert output == b"done\n"


@pytest.mark.parametrize("read", READERS)
def test_a_reader_that_is_left_ends_its_process(make_repo: RepoFactory, read: git.Reader) -> None:
    repo = make_repo()
    repo.commit({"blob": b"x" * 3_000_000}, "Add")
    output = read(open_repository(repo.path), ["cat-file", "blob", "HEAD:blob"], b"")
    assert next(output)
    output.close()  # a process left behind, or an open pipe, is a warning, which fails the test
    assert list(output) == []


@pytest.mark.parametrize("read", READERS)
def test_readers_refuse_when_git_does(make_repo: RepoFactory, read: git.Reader) -> None:
    repository = open_repository(make_repo().path)
    with pytest.raises(GitError) as error:
        list(read(repository, ["cat-file", "blob", "nothing"], b""))
    assert "nothing" in one_sentence(error)


@pytest.mark.parametrize("read", READERS)
def test_an_inherited_environment_does_not_mislead(
    make_repo: RepoFactory, read: git.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks leak these variables into all that they start."""
    repo, other = make_repo("repo"), make_repo("other")
    expected = repo.commit({}, "Here")
    other.commit({}, "There")
    for name in ("GIT_DIR", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / "no" / "index.lock"))
    monkeypatch.chdir(other.path)
    repository = open_repository(repo.path)
    assert repository.root == repo.path
    output = b"".join(read(repository, ["rev-parse", "HEAD", "--show-toplevel"], b""))
    assert output.decode().split() == [expected, repo.path.as_posix()]


def test_objects_in_quarantine_are_read(make_repo: RepoFactory) -> None:
    """What is pushed is visible to pre-receive only through the inherited object directories."""
    server = make_repo("server.git", bare=True)
    work = server.clone("work")
    script = (
        "import sys\n"
        "from confluence_changelog.git import open_repository, read_gitpython, read_subprocess\n"
        "repository = open_repository()\n"
        "new = sys.stdin.read().split()[1]\n"
        "for read in (read_subprocess, read_gitpython):\n"
        "    print(b''.join(read(repository, ['log', '-1', '--format=%s', new], b'')).decode())\n"
    )
    (server.path / "hook.py").write_text(script, encoding="utf-8")
    server.hook("pre-receive", f'exec "{Path(sys.executable).as_posix()}" hook.py')
    work.commit({}, "Raise the limit")
    pushed = work.run("push", "origin", "HEAD:main")
    assert pushed.returncode == 0
    assert pushed.stderr.count(b"remote: Raise the limit") == 2


def test_run_gives_up_after_its_timeout(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.git("config", "alias.wait", "!exec sleep 5")
    with pytest.raises(GitError) as error:
        run(open_repository(repo.path), ["wait"], timeout=0.05)
    assert "git wait gave no answer within 0.05 s" in one_sentence(error)


def test_shallow_boundary(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.commit({}, "One")
    second = repo.commit({}, "Two")
    clone = repo.clone(depth=1)
    assert git.shallow_boundary(open_repository(repo.path)) == frozenset()
    assert git.shallow_boundary(open_repository(clone.path)) == {second}


# Complaints


@pytest.mark.parametrize(
    ("complaint", "expected"),
    [
        ("fatal: bad revision 'a..b'\n", 'no commit or range "a..b"'),
        (f"error: x\nfatal: bad object {'1' * 40}\n", f'no commit or range "{"1" * 40}"'),
        ("fatal: bad revision '\x1b[31m'", 'no commit or range "?[31m"'),
    ],
)
def test_unknown_revisions_are_named(tmp_path: Path, complaint: str, expected: str) -> None:
    error = refusal(complaint, tmp_path, shallow=False)
    assert isinstance(error, UnknownRevisionError)
    assert expected in str(error)
    assert "unshallow" not in str(error)
    assert "unshallow" in str(refusal(complaint, tmp_path, shallow=True))


@pytest.mark.parametrize(
    ("complaint", "expected"),
    [
        ("warning: w\nfatal: it broke.\nhint: h\n", ": it broke."),
        ("fatal: \x1b]0;title\x07 \u202egnp", ": ?]0;title? ?gnp."),
        ("Permission denied", ": Permission denied."),
        ("", ": it gave no reason."),
        (
            "fatal: unable to access 'https://ada:pa$$@example.com/r.git/': gone",
            ": unable to access 'https://example.com/r.git/': gone.",
        ),
    ],
)
def test_complaints_are_quoted_in_one_clean_line(
    tmp_path: Path, complaint: str, expected: str
) -> None:
    error = refusal(complaint, tmp_path, shallow=False)
    assert str(error) == f"Git failed in {tmp_path}{expected}"


def test_repo_ids_are_the_same_in_every_run(make_repo: RepoFactory) -> None:
    """Other tests rely on it."""

    def two_commits(repo: Repo) -> str:
        repo.commit({"a": "1"}, "One")
        return repo.commit({"a": "2"}, "Two")

    assert two_commits(make_repo("a")) == two_commits(make_repo("b"))
