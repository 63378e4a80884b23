"""A bare repository with the hooks that `install` writes, reached through HTTP and through file://."""

import json
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from confluence_changelog import lock, notes
from confluence_changelog.cli import main
from confluence_changelog.cli.receive import EXCEPTIONS
from confluence_changelog.notes import Note
from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from support.git_server import git_over_http
from support.hooked import HOOKS, eventually, gate, listener
from support.repositories import Repo, RepoFactory

pytestmark = pytest.mark.slow
CONFIG = "confluence-changelog.toml"
WHY = "\n\nThe old one leaves on Friday."
ALL = '[scope]\nbranches = ["main", "release/*"]\n[policy]\nexception = "undocumented"\n'


class Server:
    """A bare repository, its address, and a clone whose main holds the configuration."""

    def __init__(self, bare: Repo, address: str, clone: Repo) -> None:
        self.bare, self.address, self.clone = bare, address, clone

    def push(self, *args: str, clone: Repo | None = None) -> tuple[int, str]:
        done = (clone or self.clone).run("push", "-q", *args[:-1], "origin", args[-1])
        return done.returncode, done.stderr.decode()

    def notes(self) -> list[Note]:
        return notes.read(notes.pending(self.bare.path))

    def noted(self) -> set[str]:
        return {note.id for note in self.notes()}

    def commit(self, path: str, message: str = "", *args: str) -> str:
        return self.clone.commit({path: path}, message or f"Add {path}{WHY}", *args)

    def settle(self) -> None:
        """Wait until no publisher is at work and nothing is noted."""
        eventually(lambda: not self.noted())
        eventually(lambda: not lock.is_held(notes.home(self.bare.path) / "lock"))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(params=["http", "file"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def object_format() -> str:
    return "sha1"


@pytest.fixture
def server(
    make_repo: RepoFactory,
    tmp_path: Path,
    sandbox: Sandbox,
    transport: str,
    object_format: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    bare = make_repo("a server/net.git", bare=True, object_format=object_format)
    bare.git("config", "http.receivepack", "true")
    bare.git("config", "receive.advertisePushOptions", "true")
    clone = make_repo("clone", object_format=object_format)
    variables = {
        "CONFLUENCE_URL": sandbox.url,
        "CONFLUENCE_PAGE": str(LOG_ID),
        "CONFLUENCE_TOKEN": TOKEN,
    }
    with git_over_http(tmp_path / "a server", variables) as served:
        address = served if transport == "http" else (tmp_path / "a server").as_uri()
        if transport == "file":
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
        server = Server(bare, f"{address}/net.git", clone)
        clone.git("remote", "add", "origin", server.address)
        with monkeypatch.context() as there:
            there.chdir(bare.path)
            assert main(["install"]) == 0
        clone.commit({CONFIG: ALL}, f"Begin{WHY}")
        assert server.push("main")[0] == 0
        server.settle()
        yield server
        eventually(lambda: not lock.is_held(notes.home(bare.path) / "lock"))


def logged(sandbox: Sandbox) -> list[str]:
    return re.findall(r"cl1-([0-9a-f]{40,64})-[\w.-]+?-", sandbox.page(LOG_ID).storage)


def test_a_push_is_refused_or_becomes_rows(server: Server, sandbox: Sandbox) -> None:
    first = server.clone.rev_parse()
    assert logged(sandbox) == [first]
    made = [server.commit(name) for name in "ab"]
    assert server.push("main") == (0, "")
    server.settle()
    assert logged(sandbox) == [*made[::-1], first]
    refused = server.commit("c", "fix")
    status, said = server.push("main")
    assert status == 1
    assert "[subject-empty]" in said
    assert server.bare.rev_parse("main") == made[1]
    assert server.bare.run("cat-file", "-e", refused).returncode != 0  # it stayed in quarantine
    assert server.noted() == set()
    assert len(logged(sandbox)) == 3


def test_what_a_push_brings(server: Server, sandbox: Sandbox) -> None:
    """New branches, tags, other branches, deletions: each commit of a published branch has one row."""
    sandbox.clear_requests()
    before = server.clone.rev_parse()
    server.clone.git("tag", "v1")
    assert server.push("v1") == (0, "")
    server.clone.checkout("topic", new=True)
    topic = server.commit("topic", "wip")
    assert server.push("topic") == (0, "")
    assert server.push(":topic") == (0, "")
    assert server.push("main:release/0") == (0, "")
    assert server.push(":release/0") == (0, "")
    assert server.noted() == set()
    assert sandbox.requests() == []
    server.clone.checkout("main")
    server.clone.checkout("release/1", new=True)
    release = server.commit("r")
    server.clone.checkout("main")
    head = server.commit("m")
    status, said = server.push("--all")
    assert (status, said) == (0, "")
    server.settle()
    assert {*logged(sandbox)} == {before, release, head}
    assert len(logged(sandbox)) == 3
    assert topic not in logged(sandbox)


def test_a_forced_push_takes_over_the_rows(server: Server, sandbox: Sandbox) -> None:
    first = server.clone.rev_parse()
    old = server.commit("a")
    assert server.push("main")[0] == 0
    server.settle()
    assert logged(sandbox) == [old, first]
    new = server.clone.commit({"a": "better"}, f"Add a better a{WHY}", "--amend", "--no-edit")
    assert server.push("--force", "main")[0] == 0
    server.settle()
    assert logged(sandbox) == [new, first]


@pytest.mark.parametrize("transport", ["http"])
def test_who_pushes_does_not_choose_the_proxy(server: Server, sandbox: Sandbox) -> None:
    """CGI makes a header of the request look like HTTP_PROXY (CVE-2016-5385 and its like)."""
    server.clone.git("config", "http.extraHeader", "Proxy: http://127.0.0.1:9")
    made = server.commit("a")
    assert server.push("main") == (0, "")
    server.settle()
    assert logged(sandbox)[0] == made


@pytest.mark.parametrize("object_format", ["sha256"])
def test_ids_of_sha256(server: Server, sandbox: Sandbox) -> None:
    made = server.commit("a")
    assert server.push("main") == (0, "")
    server.settle()
    assert len(made) == 64
    assert logged(sandbox)[0] == made
    server.commit("b", "fix")
    assert server.push("main")[0] == 1


def test_a_push_cannot_weaken_its_own_policy(server: Server, sandbox: Sandbox) -> None:
    weak = ALL + "reason_words = 0\n"
    server.clone.commit({CONFIG: weak}, "Ask for no reason")
    status, said = server.push("main")
    assert status == 1
    assert "[reason-missing]" in said
    server.clone.git("commit", "-q", "--amend", "-m", f"Ask for no reason{WHY}")
    asked = server.clone.rev_parse()
    bold = server.commit("a", "Use the new freedom at once")
    assert server.push("main")[0] == 1
    assert server.push("main:release/9")[0] == 1
    assert server.push(f"{asked}:main")[0] == 0
    assert server.push("main")[0] == 0
    server.settle()
    assert logged(sandbox)[:2] == [bold, asked]


def test_an_exception_is_recorded_and_has_its_row(server: Server, sandbox: Sandbox) -> None:
    made = server.commit("a", "fix")
    status, said = server.push("--push-option", "undocumented=outage, CHG-7 follows", "main")
    assert status == 0
    assert "Exception recorded" in said
    (line,) = (server.bare.path / EXCEPTIONS).read_text(encoding="utf-8").splitlines()
    record = json.loads(line)
    assert record["commits"] == [made]
    assert record["reason"] == "outage, CHG-7 follows"
    if server.address.startswith("http"):
        assert record["who"] == "ada"
    server.settle()
    assert logged(sandbox)[0] == made


def test_two_pushers_at_once(server: Server, sandbox: Sandbox, tmp_path: Path) -> None:
    """Both push to main, over and over, and each also to a branch of its own."""
    failures: list[str] = []

    def work(name: str) -> None:
        clone = Repo(tmp_path / name)
        server.clone.git("clone", "-q", server.address, str(clone.path))
        for number in range(4):
            clone.commit({f"{name}-{number}": "1"}, f"Add {name} {number}{WHY}")
            while clone.run("push", "-q", "origin", "main").returncode:
                pulled = clone.run("pull", "-q", "--rebase", "origin", "main")
                if pulled.returncode:
                    failures.append(pulled.stderr.decode())
                    return
        clone.git("push", "-q", "origin", f"main:release/{name}")

    pushers = [threading.Thread(target=work, args=(name,)) for name in ("ada", "bo")]
    for pusher in pushers:
        pusher.start()
    for pusher in pushers:
        pusher.join()
    assert failures == []
    server.settle()
    history = server.bare.git("rev-list", "--topo-order", "main").split()
    assert len(history) == 9
    assert sorted(logged(sandbox)) == sorted(history)


GITEA = """#!/usr/bin/env bash
data=$(cat)
exitcodes=""
hookname=$(basename $0)
for hook in ${GIT_DIR}/hooks/${hookname}.d/*; do
  test -x "${hook}" && test -f "${hook}" || continue
  echo "${data}" | "${hook}"
  exitcodes="${exitcodes} $?"
done
for i in ${exitcodes}; do
  [ ${i} -eq 0 ] || exit ${i}
done
"""


@pytest.mark.parametrize("transport", ["file"])
def test_in_the_folders_of_gitea(server: Server, sandbox: Sandbox) -> None:
    """Gitea's own hooks run what is in these folders; the files of hooks/ work there."""
    hooks = server.bare.path / "hooks"
    for name in ("pre-receive", "post-receive"):
        (hooks / f"{name}.d").mkdir()
        ours = (HOOKS / name).read_text(encoding="utf-8")
        command = f"'{sys.executable}' -P -m confluence_changelog"
        for file, text in ((hooks / f"{name}.d" / "50-x", ours), (hooks / name, GITEA)):
            file.write_text(text.replace("confluence-changelog", command), encoding="utf-8")
            file.chmod(0o755)
    made = server.commit("a")
    assert server.push("main") == (0, "")
    server.settle()
    assert logged(sandbox)[0] == made
    server.commit("b", "fix")
    assert server.push("main")[0] == 1


@pytest.mark.parametrize("transport", ["file"])
def test_a_hanging_confluence_holds_nobody_up(
    server: Server, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gate(sandbox) as (url, came, opened):
        monkeypatch.setenv("CONFLUENCE_URL", url)
        made = server.commit("a")
        assert server.push("main") == (0, "")
        came.wait()
        assert server.noted() == {made}  # the push is over, and the publisher waits
        opened.set()
        server.settle()
    assert logged(sandbox)[0] == made


def test_a_hanging_confluence_behind_http(
    make_repo: RepoFactory, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to the push is complete, though the publisher lives and waits."""
    bare = make_repo("net.git", bare=True)
    bare.git("config", "http.receivepack", "true")
    monkeypatch.chdir(bare.path)
    assert main(["install", "--hook-type", "post-receive"]) == 0
    clone = make_repo("clone")
    made = clone.commit({CONFIG: ""}, "Begin")
    with gate(sandbox) as (url, came, opened):
        variables = {
            "CONFLUENCE_URL": url,
            "CONFLUENCE_PAGE": str(LOG_ID),
            "CONFLUENCE_TOKEN": TOKEN,
        }
        with git_over_http(tmp_path, variables) as address:
            clone.git("push", "-q", f"{address}/net.git", "main")
            came.wait()
            assert [note.id for note in notes.read(notes.pending(bare.path))] == [made]
        opened.set()
        eventually(lambda: logged(sandbox) == [made])
        eventually(lambda: not notes.read(notes.pending(bare.path)))
        eventually(lambda: not lock.is_held(notes.home(bare.path) / "lock"))


@pytest.mark.parametrize("transport", ["file"])
def test_a_dead_confluence_keeps_the_notes_for_the_next_push(
    server: Server, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listener() as dead:
        port = dead.getsockname()[1]
    with monkeypatch.context() as now:
        now.setenv("CONFLUENCE_URL", f"http://127.0.0.1:{port}")
        first = server.commit("a")
        assert server.push("main") == (0, "")
        eventually(lambda: notes.read_failure(server.bare.path) is not None)
        eventually(lambda: not lock.is_held(notes.home(server.bare.path) / "lock"))
    assert server.noted() == {first}
    server.bare.git("gc", "-q", "--prune=now")
    server.clone.checkout("topic", new=True)
    server.commit("b", "wip")
    assert server.push("topic") == (0, "")  # nothing of its own, but it sends off what waits
    server.settle()
    assert logged(sandbox)[0] == first


@pytest.mark.parametrize("transport", ["file"])
@pytest.mark.parametrize("change", [{"CI": "true"}, {"CONFLUENCE_TOKEN": ""}], ids=str)
def test_without_credentials_nothing_is_noted(
    server: Server, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    for name, value in change.items():
        monkeypatch.setenv(name, value)
    server.commit("a")
    assert server.push("main") == (0, "")
    assert server.noted() == set()


@pytest.mark.parametrize("transport", ["file"])
def test_configuration_that_is_missing_or_broken(
    server: Server, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (server.bare.path / "hooks" / "pre-receive").unlink()
    monkeypatch.setenv("CONFLUENCE_URL", "http://127.0.0.1:9")
    made = server.clone.commit({CONFIG: "[polcy]\n"}, "Break it")
    assert server.push("main") == (0, "")
    eventually(lambda: notes.read_failure(server.bare.path) is not None)
    failure = notes.read_failure(server.bare.path)
    assert failure is not None
    assert "unknown key `polcy`" in failure.sentence
    assert server.noted() == {made}
    server.clone.commit({CONFIG: None}, "Take it away")
    assert server.push("main") == (0, "")
    assert server.noted() == {made}


@pytest.mark.parametrize("transport", ["file"])
def test_a_head_that_is_not_there_is_spoken_of(server: Server) -> None:
    server.clone.commit({CONFIG: ""}, f"Name no branches{WHY}")
    assert server.push("main") == (0, "")
    server.settle()
    server.bare.git("symbolic-ref", "HEAD", "refs/heads/master")
    server.commit("a", "fix")
    status, said = server.push("main")
    assert status == 0
    assert "HEAD of the receiving repository names master, which is not there" in said
    assert server.noted() == set()


def test_what_is_no_push(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run by hand, with other words on standard input: a line, and no failure."""
    monkeypatch.setenv("CONFLUENCE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "x")
    monkeypatch.chdir(server.bare.path)
    file = server.bare.path / "words"
    file.write_text("one two\n", encoding="utf-8")
    with file.open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["note", "--post-receive"]) == 0
    assert "Standard input is not what Git gives this hook" in capsys.readouterr().err
    assert server.noted() == set()
