"""Every command over the whole corpus: harmless output, the right exit status, the page untouched."""

import argparse
import importlib
import io
import json
import re
import socket
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from confluence_changelog import spawn
from confluence_changelog.cli import _COMMANDS
from confluence_changelog.cli.page import _ACTIONS
from confluence_changelog.cli.receive import EXCEPTIONS
from confluence_changelog.sandbox import LOG_ID, Sandbox
from hostile.commands import CORPORA, TABLE, Run
from hostile.corpus import (
    ACCEPTED,
    ARGUMENTS,
    BRANCHES,
    HEAVY,
    LEAKED,
    LOG,
    REFUSED,
    REMOTES,
    TEXTS,
)
from hostile.history import COMMITS, store
from hostile.judging import ROW, names, parse
from hostile.listening import Listening, http, raw
from hostile.running import Done, assert_harmless, assert_refused, call
from hostile.running import run as run_alone
from hostile.secrets import BASIC, PASSWORD, Place, assert_nowhere, echo
from hostile.test_answers import ANSWERS, PAGE
from hostile.test_remotes import _set as set_remote
from support.repositories import Repo

Give = Callable[[str], None]
_QUICK = ("login.SECONDS", "doctor.site.SECONDS", "cli.init._PATIENCE")
_ROW = ROW | {"{urn:ac}structured-macro", "{urn:ac}parameter"}


def runs(corpus: str) -> list[Any]:
    every = [run for each in TABLE.values() for run in each if corpus in run.on.split()]
    return [pytest.param(run, id=run.words) for run in every]


def test_every_command_is_in_the_table() -> None:
    assert set(TABLE) == set(_COMMANDS)
    for command, each in TABLE.items():
        assert {run.words.split()[0] for run in each} == {command}
        assert {corpus for run in each for corpus in run.on.split()} <= set(CORPORA)
    actions = {run.words.split()[1] for run in TABLE["page"]}
    assert actions == {name for name, _, _ in _ACTIONS}


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_is_run_over_all_that_reaches_it(command: str) -> None:
    """Texts and credentials reach every one, pages and answers those that say where Confluence is."""
    corpora = {corpus for run in TABLE[command] for corpus in run.on.split()}
    options = _options(command)
    assert {"texts", "secrets"} <= corpora
    if options & {"page", "--page"}:
        assert {"pages", "answers"} <= corpora
    if options & {"url", "--url"} and command != "logout":  # which asks nobody
        assert "answers" in corpora


def _options(command: str) -> set[str]:
    parser = argparse.ArgumentParser()
    importlib.import_module(f"confluence_changelog.cli.{command}").add_arguments(parser)
    found: set[str] = set()
    waiting = [parser]
    while waiting:
        for action in waiting.pop()._actions:
            found |= {*action.option_strings, action.dest}
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()
    return found


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    """Return a function that gives standard input; until it is called there is none."""

    def give(text: str) -> None:
        data = io.BytesIO(text.encode("utf-8", "surrogateescape"))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, "utf-8", "surrogateescape"))

    give("")
    return give


@pytest.fixture(autouse=True)
def _quick(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine, nothing waits, and what hooks start ends at once."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr(spawn, "COMMAND", (sys.executable, "-S", "-c", ""))
    for name in _QUICK:
        monkeypatch.setattr(f"confluence_changelog.{name}", 0.1)
    (repo.path / "confluence-changelog.toml").write_text(
        "[page]\ndeadline = 1\n[table]\nnumber = 2\n", encoding="utf-8"
    )
    (repo.path / "MESSAGE").write_text("Move x\n\nThe old one leaves.\n", encoding="utf-8")


def assert_right(done: Done, run: Run, what: str) -> None:
    """Harmless, bounded, and with the status that the table says: an error is said as one."""
    shown = what, done.code, done.err[-1500:]
    assert_harmless(done.text)
    assert "nobody foresaw" not in done.err, shown
    assert done.code in run.codes, shown
    if not run.words.startswith("doctor"):  # which goes on, and says it among its lines
        assert done.code < 2 or "error: " in done.err, shown
    assert len(done.err) < 10_000, shown[:2]


def judge(
    run: Run, text: str, sandbox: Sandbox, give: Give, capsys: pytest.CaptureFixture[str], head: str
) -> Done:
    """Run a command, and judge what it did to the page."""
    before, writes = sandbox.page(LOG_ID), len(_writes(sandbox))
    give(run.stdin.format(text=text, head=head, zeros="0" * 40) if run.stdin else "")
    done = call(capsys, *run.arguments(text.replace("\0", ""), sandbox.url))
    assert_right(done, run, ascii(text[:200]))
    after = sandbox.page(LOG_ID)
    if not run.writes or done.code:
        assert len(_writes(sandbox)) == writes or run.writes, done
    if run.writes in ("", "others") or done.code:
        assert (after.storage, after.latest) == (before.storage, before.latest), done
    elif run.writes == "row":
        _assert_rows_are_new(before.storage, after.storage)
    elif "text" in run.words.split():
        assert names(parse(after.storage)) <= ROW | {"root"}
    return done


def _writes(sandbox: Sandbox) -> list[Any]:
    """Return the requests that changed something: a refused one did not."""
    return [
        each
        for each in sandbox.requests()
        if each["method"] not in ("GET", "HEAD") and (each["status"] or 0) < 400
    ]


def _assert_rows_are_new(before: str, after: str) -> None:
    """The log has a row more or none, made of what rows are, and is else what it was."""
    old, new = parse(before), parse(after)
    rows = new.findall(".//tr")
    amount = len(rows) - len(old.findall(".//tr"))
    assert amount in (0, 1)
    first = next(at for at, row in enumerate(rows) if "Why" in "".join(row.itertext())) + 1
    for row in rows[first : first + amount]:
        assert names(row) <= _ROW
        parent = row.getparent()
        assert parent is not None
        parent.remove(row)
    assert etree.tostring(new) == etree.tostring(old)


@pytest.mark.parametrize("run", runs("texts"))
def test_hostile_arguments(
    run: Run, sandbox: Sandbox, repo: Repo, give: Give, capsys: pytest.CaptureFixture[str]
) -> None:
    head = repo.rev_parse()
    for text in (TEXTS | ARGUMENTS).values():
        done = judge(run, text, sandbox, give, capsys, head)
        assert run.is_typed or not any(secret in done.text for secret in LEAKED), done
    assert not (repo.path / "owned").exists()


def test_a_space_without_a_key_is_not_asked_for(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_refused(call(capsys, "page", "create", "", "x"), 2)
    assert sandbox.requests() == []


@pytest.mark.parametrize("run", runs("pages"))
def test_hostile_pages(
    run: Run, sandbox: Sandbox, repo: Repo, give: Give, capsys: pytest.CaptureFixture[str]
) -> None:
    """All that are quick; the heavy ones follow, for those commands that read bodies differently."""
    for name, body in (REFUSED | ACCEPTED).items():
        if name not in HEAVY:
            sandbox.set_body(LOG_ID, body())
            judge(run, "", sandbox, give, capsys, "")


@pytest.mark.parametrize("name", sorted(HEAVY))
@pytest.mark.parametrize("command", ["tables", "page show", "page validate -"])
def test_heavy_pages(command: str, name: str, sandbox: Sandbox, repo: Repo) -> None:
    """In a process of its own, so that a time limit can end it."""
    body = (REFUSED | ACCEPTED)[name]()
    sandbox.set_body(LOG_ID, body)
    done = run_alone(*command.split(), folder=repo.path, environment={}, stdin=body)
    assert_harmless(done.text)
    assert done.code in (0, 1, 3), done.err[-1000:]
    assert (sandbox.page(LOG_ID).storage, _writes(sandbox)) == (body, [])


@pytest.mark.parametrize("run", runs("answers"))
def test_hostile_answers(
    run: Run, give: Give, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Refused, or by `doctor` reported; `audit` alone may end with 1."""
    monkeypatch.setenv("CONFLUENCE_TOKEN", "a-token")
    monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
    for name, data in ANSWERS.items():
        with Listening(raw(data)) as server:
            monkeypatch.setenv("CONFLUENCE_URL", server.url)
            give(run.stdin)
            done = call(capsys, *run.arguments(url=server.url))
        assert_right(done, run, name)
        assert done.code in (2, 3), (name, done)
        assert "a-token" not in done.text


_PEOPLE: tuple[object, ...] = (
    *TEXTS.values(),
    *(None, 5, [], {}, "\ud800", "y" * 100_000, "a-secret", "tok-9f3a"),
)


@pytest.mark.parametrize("command", ["login", "doctor", "add", "init"])
def test_hostile_names_of_people(
    command: str,
    sandbox: Sandbox,
    give: Give,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    repo: Repo,
) -> None:
    """Whoever may choose a name is shown by it, and a careless server may show a token as one."""
    monkeypatch.setenv("CONFLUENCE_TOKEN", "tok-9f3a")
    page = {**PAGE, "body": {"storage": {"value": LOG, "representation": "storage"}}}
    words = {
        "login": ["login", "--from", "command"],
        "doctor": ["doctor"],
        "add": ["add", "x", "y", "--dry-run"],
        "init": ["init", "--page", "65538", "--yes", "--hooks", "none", "--replace"],
    }[command]
    monkeypatch.setenv(
        "CONFLUENCE_CREDENTIAL_COMMAND", f'"{sys.executable}" -S -c "print(\'tok-9f3a\')"'
    )
    for name in _PEOPLE:
        user = {"type": "known", "displayName": name, "username": name}

        def answer(request: bytes, connection: socket.socket, user: object = user) -> None:
            asked = user if b"/user/current" in request.split(b"\r\n")[0] else page
            connection.sendall(http(json.dumps(asked).encode()))

        with Listening(answer) as server:
            monkeypatch.setenv("CONFLUENCE_URL", server.url)
            monkeypatch.setenv("CONFLUENCE_PAGE", str(LOG_ID))
            done = call(capsys, *words, *([server.url] if command == "login" else []))
        assert_harmless(done.text)
        assert "nobody foresaw" not in done.err
        for secret in (*LEAKED, "tok-9f3a"):
            assert secret not in done.text, (name, done)


@pytest.mark.parametrize("run", runs("remotes"))
def test_hostile_remotes(
    run: Run, sandbox: Sandbox, repo: Repo, give: Give, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = (repo.path / ".git" / "config").read_text(encoding="utf-8").partition("[remote")[0]
    for address in REMOTES.values():
        (repo.path / ".git" / "config").write_text(plain, encoding="utf-8")
        set_remote(repo, address)
        done = judge(run, "", sandbox, give, capsys, repo.rev_parse())
        assert not any(secret in done.text for secret in LEAKED), done
    assert not (repo.path / "owned").exists()


@pytest.mark.parametrize("run", runs("branches"))
def test_hostile_branches(
    run: Run,
    sandbox: Sandbox,
    repo: Repo,
    give: Give,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Checked out, known of the remote, and named by the event of a CI system."""
    head = repo.rev_parse()
    for raw_name in BRANCHES.values():
        name = raw_name.decode("utf-8", "surrogateescape")
        repo.git(
            "update-ref", "--stdin", stdin=b"create refs/heads/%b %b\n" % (raw_name, head.encode())
        )
        (repo.path / ".git" / "HEAD").write_bytes(b"ref: refs/heads/" + raw_name + b"\n")
        for variables in (
            {},
            {
                "GITLAB_CI": "true",
                "CI": "true",
                "CI_PIPELINE_SOURCE": "push",
                "CI_COMMIT_BRANCH": name,
                "CI_COMMIT_SHA": head,
                "CI_COMMIT_BEFORE_SHA": head,
                "CI_DEFAULT_BRANCH": name,
            },
        ):
            with monkeypatch.context() as patch:
                for key, value in variables.items():
                    patch.setenv(key, value)
                done = judge(run, "", sandbox, give, capsys, head)
            assert not any(secret in done.text for secret in LEAKED), done
    assert not (repo.path / "owned").exists()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """The history of hostile commits, and a configuration in the folder."""
    repo = Repo.init(tmp_path_factory.mktemp("stored") / "repo")
    store(repo)
    return repo


@pytest.mark.parametrize("run", runs("history"))
def test_hostile_history(
    run: Run,
    stored: Repo,
    sandbox: Sandbox,
    give: Give,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    repo = stored.copy(tmp_path / "stored")
    monkeypatch.chdir(repo.path)
    repo.write({"confluence-changelog.toml": "[table]\nnumber = 2\n", "MESSAGE": "x\n"})
    done = judge(run, "", sandbox, give, capsys, repo.rev_parse())
    assert not any(secret in done.text for secret in LEAKED), done.text[-3000:]


def test_each_hostile_message_as_the_last_one(
    stored: Repo,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """`init` shows its row, and writes its subject into a comment of the file."""
    repo = stored.copy(tmp_path / "stored")
    monkeypatch.chdir(repo.path)
    file = repo.path / "confluence-changelog.toml"
    ids = dict(zip(repo.git("rev-list", "--reverse", "main").split(), COMMITS, strict=True))
    said = [commit for commit, name in ids.items() if name.startswith(("subject", "message"))]
    for commit in said:
        repo.git("update-ref", "refs/heads/main", commit)
        words = "init --page 65538 --table 2 --since HEAD --yes --hooks none --replace"
        done = call(capsys, *words.split())
        assert done.code == 0, done
        assert_harmless(done.text)
        written = file.read_text(encoding="utf-8")
        assert_harmless(written)
        assert tomllib.loads(written)["scope"]["since"] == commit
        assert not any(secret in done.text + written for secret in LEAKED), done


def test_hostile_pushes(
    stored: Repo,
    repo: Repo,
    give: Give,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a server receives: commits, the ref, who pushes, and why an exception is wanted."""
    policy = '[scope]\nbranches = ["*"]\n[policy]\nexception = "undocumented"\n'
    base = repo.commit({"confluence-changelog.toml": policy}, "Begin\n\nReaders asked for it.")
    repo.git("fetch", "-q", str(stored.path), "main")
    tip, undocumented = repo.rev_parse("FETCH_HEAD"), repo.commit({"x": "1"}, "fix")
    repo.git("update-ref", "refs/heads/main", base)
    texts = [re.sub(r"[\s\0]", ".", text) for text in (TEXTS | ARGUMENTS).values()]
    for commit, text in [(tip, texts[0]), *((undocumented, text) for text in texts)]:
        monkeypatch.setenv("GIT_PUSH_OPTION_COUNT", "1")
        monkeypatch.setenv("GIT_PUSH_OPTION_0", f"undocumented={text}")
        monkeypatch.setenv("GL_USER", text)
        give(f"{'0' * 40} {commit} refs/heads/{text}\n")
        done = call(capsys, "check", "--pre-receive")
        assert_harmless(done.text)
        assert done.code == (commit == tip), done  # secrets have no exception
        assert not any(secret in done.text for secret in LEAKED), done
    records = (repo.path / ".git" / EXCEPTIONS).read_text(encoding="utf-8").splitlines()
    assert records
    for record in records:
        assert not any(secret in str(json.loads(record)) for secret in LEAKED)


_ECHOES = (
    *(("200 x", "text/html"), ("302 x", "text/html"), ("401 x", "application/json; padded")),
    *(("403 x", "text/html"), ("404 x", "application/json"), ("500 x", "application/json")),
)


@pytest.mark.parametrize("run", runs("secrets"))
def test_credentials_are_written_nowhere(
    run: Run,
    place: Place,
    give: Give,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """Neither shown nor in a file, also where a careless server repeats them."""
    script = tmp_path / "secret.py"
    script.write_text(
        f"import sys\nsys.stdout.reconfigure(encoding='utf-8')\nprint({PASSWORD!r})\n",
        encoding="utf-8",
    )
    command = f'"{Path(sys.executable).as_posix()}" "{script.as_posix()}"'
    variables = BASIC | place.environment | {"CONFLUENCE_CREDENTIAL_COMMAND": command}
    for name, value in (variables | {"CONFLUENCE_PAGE": str(LOG_ID)}).items():
        monkeypatch.setenv(name, value)
    is_asking = {"answers", "pages"} & set(run.on.split()) or run.words.startswith("login")
    for status, kind in _ECHOES:
        with Listening(echo(status, kind)) as server:
            monkeypatch.setenv("CONFLUENCE_URL", server.url)
            give(run.stdin)
            done = call(capsys, *run.arguments("x", server.url))
        assert_right(done, run, status)
        assert bool(server.requests) == bool(is_asking), (run, status)
        assert not is_asking or done.code in (2, 3), done
        assert_nowhere(done.text)
    assert_nowhere(place.repo.path, place.home, place.temporary)
