"""A whole history in one go: one write, a minor edit, a clear stop, and Ctrl-C at any point."""

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from confluence_changelog.cli import main
from confluence_changelog.collect import in_range
from confluence_changelog.errors import TooLargeError
from confluence_changelog.git import open_repository
from confluence_changelog.identity import Identity
from confluence_changelog.insert import Edit
from confluence_changelog.room import BESIDE_BODY, LEFT_BY_BACKFILL, refuse_too_large
from confluence_changelog.row import Row
from confluence_changelog.sandbox import LOG_ID, Sandbox
from support.entries import commit_id
from support.hooked import LONGEST_WAIT, eventually, listener, logged
from support.repositories import Repo, RepoBuilder

LIMIT = 5 * 1024 * 1024
MANY = 1_300


def build(repo: Repo) -> None:
    for number in range(1, 7):
        repo.commit({"dns.conf": str(number)}, f"Change {number}\n\nIt was needed.")


@pytest.fixture
def repo(build_repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = build_repo(build)
    monkeypatch.chdir(repo.path)
    return repo


def methods(sandbox: Sandbox) -> list[str]:
    return [request["method"] for request in sandbox.requests()]


def history(repo: Repo) -> list[str]:
    return repo.git("rev-list", "--topo-order", "HEAD").split()


def test_a_backfill_is_one_minor_edit(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["publish", "--range", "HEAD", "--backfill"]) == 0
    assert methods(sandbox) == ["GET", "PUT"]
    newest = sandbox.versions(LOG_ID)[0]
    assert newest.minor
    assert newest.message.startswith("Change log, backfilled: 6 commits, ")
    assert logged(sandbox) == history(repo)


def test_a_backfill_goes_around_what_is_there(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["publish", "--commit", "HEAD", "--commit", "HEAD~3"]) == 0
    assert not sandbox.versions(LOG_ID)[0].minor
    assert main(["publish", "--range", "HEAD~4..HEAD", "--backfill"]) == 0
    assert main(["publish", "--range", "HEAD", "--backfill"]) == 0
    assert logged(sandbox) == history(repo)
    assert [version.minor for version in sandbox.versions(LOG_ID)[:3]] == [True, True, False]


@pytest.mark.parametrize("options", [[], ["--pending"], ["--commit", "HEAD"]])
def test_a_backfill_is_of_a_range(
    sandbox: Sandbox, repo: Repo, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", "--backfill", *options]) == 2
    assert "give --range as well" in capsys.readouterr().err
    assert sandbox.requests() == []


@contextmanager
def backfill(repo: Repo) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a backfill in a process of its own."""
    command = [sys.executable, "-m", "confluence_changelog", "publish", "--range", "HEAD"]
    process = subprocess.Popen(
        [*command, "--backfill"],
        cwd=repo.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def interrupt(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST_WAIT)
    assert (process.returncode, out) == (130, b"")
    assert err == b"error: Interrupted; run again, each commit gets its row once.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a child alone")
def test_an_interrupt_before_the_write_is_stored(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.put_fault(method="PUT", delay=2 * LONGEST_WAIT)
    with backfill(repo) as process:
        eventually(lambda: "PUT" in methods(sandbox))
        interrupt(process)
    assert (sandbox.page(LOG_ID).latest, logged(sandbox)) == (1, [])
    assert main(["publish", "--range", "HEAD", "--backfill"]) == 0
    assert capsys.readouterr().out.startswith("Published 6 rows on 'Change Log', version 2; 0")
    assert logged(sandbox) == history(repo)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a child alone")
def test_an_interrupt_after_the_write_is_stored(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answers_held_back(sandbox) as (address, stored):
        monkeypatch.setenv("CONFLUENCE_URL", address)
        with backfill(repo) as process:
            assert stored.wait(LONGEST_WAIT)
            interrupt(process)
    monkeypatch.setenv("CONFLUENCE_URL", sandbox.url)
    assert logged(sandbox) == history(repo)
    assert main(["publish", "--range", "HEAD", "--backfill"]) == 0
    assert capsys.readouterr().out.startswith("Published 0 rows on 'Change Log', version 2; 6")
    assert main(["audit"]) == 0


@contextmanager
def answers_held_back(sandbox: Sandbox) -> Iterator[tuple[str, threading.Event]]:
    """Put a relay before a sandbox that keeps the answer to a write: its address, and when it has it."""
    parts = urlsplit(sandbox.url)
    stored, ended = threading.Event(), threading.Event()

    def relay(connection: socket.socket) -> None:
        with socket.create_connection((str(parts.hostname), parts.port or 80)) as inner:
            threading.Thread(target=copy, args=(connection, inner), daemon=True).start()
            while data := inner.recv(1 << 16):
                if sandbox.page(LOG_ID).latest > 1:
                    stored.set()
                    ended.wait(LONGEST_WAIT)
                    return
                connection.sendall(data)

    def copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
        except OSError:
            return

    with listener(relay) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", stored
        ended.set()


def edit_of(count: int, size: int, other: int = 0) -> Edit:
    """Return an edit with so many rows of so many bytes, in a page with some text of its own."""
    text = "\N{SNOWMAN}" * (size // 3)
    rows = tuple(Row(Identity(commit_id(n), "repo", "0" * 12), text, ()) for n in range(count))
    return Edit(rows, (), (), (), "x" * other + text * count, count)


@pytest.mark.parametrize("backfilled", [False, True])
def test_how_many_rows_fit_is_said(*, backfilled: bool) -> None:
    limit = LIMIT - (LEFT_BY_BACKFILL if backfilled else BESIDE_BODY)
    edit = edit_of(60, 99_999)
    with pytest.raises(TooLargeError) as raised:
        refuse_too_large(edit, backfill=backfilled)
    (fitting,) = re.findall(r"nothing was sent: the newest (\d+) fit", str(raised.value))
    count = int(fitting)
    assert count * 99_999 <= limit < (count + 1) * 99_999
    assert f'set since = "{commit_id(count)}" in [scope]' in str(raised.value)
    refuse_too_large(edit_of(count, 99_999), backfill=backfilled)


def test_a_page_that_is_full_takes_none() -> None:
    with pytest.raises(TooLargeError, match="not one of them fits"):
        refuse_too_large(edit_of(1, 30, other=LIMIT))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Return a repository whose history is too long for a page."""
    repo = Repo.init(tmp_path_factory.mktemp("large") / "repo")
    body = "One of very many words. " * 160
    stream = (
        f"commit refs/heads/main\ncommitter Ada <ada@example.com> {1767609000 + number} +0000\n"
        f"data {len(body) + 11}\nMany {number:04}\n\n{body}\n"
        for number in range(MANY)
    )
    repo.git("fast-import", "--quiet", stdin="".join(stream))
    return repo


@pytest.mark.slow
def test_a_history_that_does_not_fit_is_refused_whole(
    sandbox: Sandbox,
    large: Repo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And the remedy that is named is one."""
    monkeypatch.chdir(large.path)
    for option in ([], ["--dry-run"]):
        assert main(["publish", "--range", "main", "--backfill", *option]) == 3
        said = capsys.readouterr().err
        assert f"With {MANY:,} new rows the page has" in said
    assert set(methods(sandbox)) == {"GET"}
    (fitting, since) = re.findall(r'the newest ([\d,]+) fit, so set (since = "\w+")', said)[0]
    configuration = large.path / "confluence-changelog.toml"
    configuration.write_text(f"[scope]\n{since}\n", encoding="utf-8")
    assert main(["publish", "--range", "main", "--backfill"]) == 0
    assert len(logged(sandbox)) == int(fitting.replace(",", ""))
    assert methods(sandbox)[-2:] == ["GET", "PUT"]


def test_progress_is_told(large: Repo) -> None:
    said: list[str] = []
    assert len(in_range(open_repository(large.path), "main", said.append)) == MANY
    assert said == ["reading commits: 1,000"]
