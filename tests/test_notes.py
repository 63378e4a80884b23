"""Notes on disk, the lock, and what starts a publisher."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog import config, lock, notes, noting, spawn
from confluence_changelog.checkout import sequence_goes_on
from confluence_changelog.notes import Note
from confluence_changelog.rewrite import from_list, pair

A, B, C = ("a" * 40, "b" * 40, "c" * 64)


def test_notes_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pending"
    later, earlier = Note(A, 20.0, "refs/heads/mäin", (B, C)), Note(C, 10.0)
    notes.write(folder, [later, earlier])
    assert notes.read(folder) == [earlier, later]
    assert notes.waiting(folder) == (2, 10.0)
    assert {file.name for file in folder.iterdir()} == {A, C}
    assert json.loads((folder / A).read_text(encoding="utf-8"))["version"] == 1


def test_a_note_that_is_written_again_loses_nothing(tmp_path: Path) -> None:
    notes.write(tmp_path, [Note(A, 10.0, "refs/heads/main", (B,))])
    notes.write(tmp_path, [Note(A, 20.0, "", (C, B))])
    assert notes.read(tmp_path) == [Note(A, 10.0, "refs/heads/main", (B, C))]


def test_a_note_that_was_written_anew_is_not_removed(tmp_path: Path) -> None:
    old = Note(A, 10.0)
    notes.write(tmp_path, [old])
    notes.write(tmp_path, [Note(A, 20.0, "", (B,))])
    notes.remove(tmp_path, [old, Note(B, 10.0)])
    assert notes.read(tmp_path) == [Note(A, 10.0, "", (B,))]
    notes.remove(tmp_path, notes.read(tmp_path))
    assert notes.read(tmp_path) == []
    assert notes.waiting(tmp_path) is None


def test_nothing_is_noted_where_there_is_no_folder(tmp_path: Path) -> None:
    assert notes.read(tmp_path / "none") == []
    assert notes.strangers(tmp_path / "none") == []
    assert notes.waiting(tmp_path / "none") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\0",
        b'{"noted": "x", "branch": 3, "replaces": [1, "x"]}',
        b'{"noted": -1}',
    ],
)
def test_the_name_of_a_damaged_note_is_enough(tmp_path: Path, data: bytes) -> None:
    (tmp_path / A).write_bytes(data)
    os.utime(tmp_path / A, (30.0, 30.0))
    assert notes.read(tmp_path) == [Note(A, 30.0)]
    notes.remove(tmp_path, [Note(A, 30.0)])
    assert notes.read(tmp_path) == []


def test_other_files_are_named_and_left_alone(tmp_path: Path) -> None:
    notes.write(tmp_path, [Note(A, 10.0)])
    for name in ("README", A[:39], A.upper(), f"{B}.1.tmp", f"{C}.2.tmp"):
        (tmp_path / name).write_text("x")
    os.utime(tmp_path / f"{C}.2.tmp", (10.0, 10.0))
    assert [note.id for note in notes.read(tmp_path)] == [A]
    assert notes.strangers(tmp_path) == sorted(["README", A[:39], A.upper()])
    assert (tmp_path / f"{B}.1.tmp").exists()
    assert not (tmp_path / f"{C}.2.tmp").exists()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / A).mkdir()
    with pytest.raises(OSError, match=A):
        notes.write(tmp_path, [Note(A, 10.0)])
    assert [file.name for file in tmp_path.iterdir()] == [A]


def test_held_notes_are_released(tmp_path: Path) -> None:
    held, pending = notes.held(tmp_path), notes.pending(tmp_path)
    notes.write(held, [Note(A, 10.0), Note(B, 20.0)])
    notes.write(pending, [Note(B, 5.0, "", (C,))])
    notes.release(held, pending)
    assert notes.read(held) == []
    assert notes.read(pending) == [Note(B, 5.0, "", (C,)), Note(A, 10.0)]


def test_a_failure_is_kept_until_it_is_forgotten(tmp_path: Path) -> None:
    assert notes.read_failure(tmp_path) is None
    before = time.time()
    notes.write_failure(tmp_path, "Confluence is away.")
    failure = notes.read_failure(tmp_path)
    assert failure is not None
    assert failure.sentence == "Confluence is away."
    assert before <= failure.time <= time.time()
    notes.clear_failure(tmp_path)
    notes.clear_failure(tmp_path)
    assert notes.read_failure(tmp_path) is None


def test_the_lock_excludes_and_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "lock"
    assert not lock.is_held(path)
    with lock.exclusive(path) as first:
        assert first
        assert lock.is_held(path)
        with lock.exclusive(path) as second:
            assert not second
        assert lock.is_held(path)
    assert not lock.is_held(path)
    with lock.exclusive(path) as third:
        assert third


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys; from pathlib import Path; from confluence_changelog import lock\n"
        "with lock.exclusive(Path(sys.argv[1])) as mine: print(mine, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"True"
        assert lock.is_held(path)
        process.kill()
    assert not lock.is_held(path)


URL, TOKEN = {"CONFLUENCE_URL": "https://wiki.example.com"}, {"CONFLUENCE_TOKEN": "x"}
PASSWORD = {"CONFLUENCE_USER": "ada", "CONFLUENCE_PASSWORD": "x"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        (URL, False),
        (TOKEN, False),
        (URL | TOKEN, True),
        (URL | PASSWORD, True),
        (URL | {"CONFLUENCE_USER": "ada"}, False),
        (URL | {"CONFLUENCE_TOKEN": ""}, False),
        (URL | TOKEN | {"CI": "true"}, False),
        (URL | TOKEN | {"CI": ""}, True),
    ],
)
def test_where_hooks_publish(environment: dict[str, str], wanted: bool) -> None:
    assert spawn.is_wanted(environment) == wanted


@pytest.mark.parametrize(
    ("name", "text", "patterns"),
    [
        ("other.toml", "", None),
        ("confluence-changelog.toml", "", ()),
        (
            "confluence-changelog.toml",
            '\ufeff[scope]\nbranches = ["main", "rel/*"]',
            ("main", "rel/*"),
        ),
        ("confluence-changelog.toml", "[scope]\nbranches = 3", ()),
        ("confluence-changelog.toml", "scope = 3 # branches", ()),
        ("confluence-changelog.toml", "branches = [", ()),
        ("pyproject.toml", "[tool.other]\nbranches = ['x']", None),
        ("pyproject.toml", "[tool.confluence-changelog]", ()),
        ("pyproject.toml", "[tool.confluence-changelog.scope]\nbranches = ['x']", ("x",)),
    ],
)
def test_what_a_hook_reads_of_the_configuration(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    text: str,
    patterns: tuple[str, ...] | None,
) -> None:
    monkeypatch.setenv("CONFLUENCE_URL", "https://wiki.example.com")
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert noting.published_patterns(tmp_path) == patterns


def test_a_hook_looks_for_the_files_of_the_configuration() -> None:
    assert noting.FILE == config.FILE_NAME
    assert (config.PYPROJECT, f"tool.{config.TOOL}") == noting.IN_FILE


@pytest.mark.parametrize(
    ("todo", "goes_on"),
    [
        (None, False),
        ("", False),
        ("pick 1 x\n", False),
        ("pick 1 x\n\n# pick 2 y\n", False),
        ("pick 1 x\npick 2 y\n", True),
        ("revert 1 \xff\nrevert 2 y\n", True),
    ],
)
def test_when_a_sequence_goes_on(tmp_path: Path, todo: str | None, goes_on: bool) -> None:
    if todo is not None:
        (tmp_path / "sequencer").mkdir()
        (tmp_path / "sequencer" / "todo").write_bytes(todo.encode("latin-1"))
    assert sequence_goes_on(tmp_path) == goes_on


def test_the_list_of_a_rewrite() -> None:
    text = f"{A} {B}\n{C} {B} and more\n{B} {A}\nno list\n{A}\n\n"
    assert from_list(text) == {B: (A, C), A: (B,)}


def test_commits_are_paired_by_author_in_order() -> None:
    olds = [("1", "ada", "9"), ("2", "ada", "9"), ("3", "bo", "9"), ("4", "cy", "9")]
    news = [
        ("x", "ada", "9"),
        ("y", "bo", "9"),
        ("z", "ada", "9"),
        ("w", "ada", "9"),
        ("v", "cy", "8"),
    ]
    assert pair(olds, news) == {"x": ("1",), "y": ("3",), "z": ("2",)}


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_no_commit_is_paired_twice(olds: list[str], news: list[str]) -> None:
    by_author = dict(enumerate(olds))
    found = pair(
        [(f"o{i}", author) for i, author in enumerate(olds)],
        [(f"n{i}", author) for i, author in enumerate(news)],
    )
    used = [old for each in found.values() for old in each]
    assert len(used) == len(set(used))
    for new, (old,) in found.items():
        assert by_author[int(old[1:])] == news[int(new[1:])]
    assert len(found) == sum(min(olds.count(name), news.count(name)) for name in "abc")


def test_a_publisher_is_on_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own session and no streams of ours, nothing of Git's environment, and nobody to ask."""
    report = tmp_path / "report"
    code = (
        "import json, os, sys; from pathlib import Path; p = Path(sys.argv[1])\n"
        "streams = [os.path.sameopenfile(fd, os.open(os.devnull, os.O_RDWR)) for fd in (0, 1, 2)]\n"
        "names = sorted(n for n in os.environ if n.startswith('GIT_'))\n"
        "session = os.getsid(0) if hasattr(os, 'getsid') else -1\n"
        "data = dict(streams=streams, names=names, session=session, cwd=os.getcwd())\n"
        "q = p.with_suffix('.new'); q.write_text(json.dumps(data)); q.replace(p)"
    )
    monkeypatch.setenv("GIT_DIR", "elsewhere")
    monkeypatch.setattr(spawn, "COMMAND", (sys.executable, "-c", code, str(report)))
    common = tmp_path / "common"
    common.mkdir()
    read, write = os.pipe()
    os.set_inheritable(write, True)
    spawn.start(tmp_path / "gone", common)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        assert pipe.read() == b""  # ends only when nobody else has it open
    from support.hooked import eventually

    eventually(report.exists)
    data = json.loads(report.read_text())
    assert data["streams"] == [True, True, True]
    assert data["names"] == ["GIT_TERMINAL_PROMPT"]
    assert Path(data["cwd"]) == common
    if sys.platform != "win32":
        assert data["session"] != os.getsid(0)


def test_a_publisher_loads_no_module_from_the_repository() -> None:
    assert spawn.COMMAND[:3] == (sys.executable, "-P", "-m")
