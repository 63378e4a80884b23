"""Several repositories in one log: each commit of each has one row, and none touches another's."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.cli import main
from confluence_changelog.config import load
from confluence_changelog.keying import LONGEST, fitting, free_name
from confluence_changelog.sandbox import LOG_ID, Sandbox
from confluence_changelog.settings import RowSettings
from support.repositories import Repo, RepoBuilder, RepoFactory
from support.sites import sandbox

__all__ = ["sandbox"]

WHY = "\n\nThe old one leaves on Friday."
FILE = "confluence-changelog.toml"
NAMES = ("corp", "ada")
INIT = ("init", "--yes", "--hooks", "none", "--since", "all")


def build(repo: Repo) -> None:
    for number in range(1, 4):
        repo.commit({"dns.conf": str(number)}, f"Change {number}{WHY}")


@pytest.fixture
def repos(build_repo: RepoBuilder) -> dict[str, Repo]:
    """Return a repository and a fork of it, with ids in common and one commit of their own."""
    found = {}
    for name in NAMES:
        repo = found[name] = build_repo(build, name)
        repo.git("remote", "add", "origin", f"https://git.example.com/{name}/config.git")
        repo.git("config", "remote.origin.fetch", "")
        configure(repo, f'[row]\nrepository = "{name}"\n', commit_url(name))
        repo.commit({f"{name}.conf": "1"}, f"Of {name}{WHY}")
    return found


def commit_url(name: str) -> str:
    return f'commit_url = "https://git.example.com/{name}/config/commit/{{id}}"\n'


def configure(repo: Repo, *texts: str) -> None:
    (repo.path / ".git" / "info" / "exclude").write_text(FILE)
    (repo.path / FILE).write_text("".join(texts), encoding="utf-8")


def rows(sandbox: Sandbox) -> Counter[tuple[str, str]]:
    """Return how many rows each commit of each repository has."""
    body = sandbox.page(LOG_ID).storage
    return Counter(re.findall(r"([0-9a-f]{40})#cl1-([a-z]+)-[0-9a-f]{12}\"", body))


def expected(repos: dict[str, Repo]) -> dict[tuple[str, str], int]:
    return {
        (commit, name): 1
        for name, repo in repos.items()
        for commit in repo.git("rev-list", "HEAD").split()
    }


def run(repo: Repo, *words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.chdir(repo.path)
    return main([*words])


def findings(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    capsys.readouterr()
    run(repo, "audit", "--format", "json", monkeypatch=monkeypatch)
    return [each["check"] for each in json.loads(capsys.readouterr().out)["findings"]]


def test_a_fork_and_its_origin_publish_at_the_same_time(
    sandbox: Sandbox,
    repos: dict[str, Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = [sys.executable, "-m", "confluence_changelog", "publish", "--range", "HEAD"]
    started = [subprocess.Popen(command, cwd=repo.path) for repo in (*repos.values(),) * 2]
    assert [process.wait() for process in started] == [0] * 4
    assert rows(sandbox) == expected(repos)
    for repo in repos.values():
        assert findings(repo, monkeypatch, capsys) == []
        version = sandbox.page(LOG_ID).latest
        assert run(repo, "publish", "--range", "HEAD", monkeypatch=monkeypatch) == 0
        assert sandbox.page(LOG_ID).latest == version


@pytest.fixture
def published(
    sandbox: Sandbox, repos: dict[str, Repo], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Repo]:
    for repo in repos.values():
        assert run(repo, "publish", "--range", "HEAD", monkeypatch=monkeypatch) == 0
    return repos


def of(sandbox: Sandbox, name: str) -> list[str]:
    body = sandbox.page(LOG_ID).storage
    return re.findall(rf"<tr>(?:(?!<tr).)*?#cl1-{name}-.*?</tr>", body, re.DOTALL)


def test_a_rewritten_commit_takes_over_a_row_of_its_own_repository(
    sandbox: Sandbox,
    published: dict[str, Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, repo = of(sandbox, "ada"), published["corp"]
    repo.git("commit", "-q", "--amend", "--no-edit", env=repo.identity())
    assert sorted(findings(repo, monkeypatch, capsys)) == ["missing", "vanished"]
    assert run(repo, "audit", "--fix", monkeypatch=monkeypatch) == 0
    assert rows(sandbox) == expected(published)
    assert of(sandbox, "ada") == before
    assert findings(published["ada"], monkeypatch, capsys) == []


def test_a_correction_and_a_withdrawal_are_the_repositorys_own(
    sandbox: Sandbox, published: dict[str, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the commit; only one of them says something of it."""
    before, repo = of(sandbox, "ada"), published["corp"]
    repo.git("notes", "--ref", "changelog", "add", "-m", "Said anew", "HEAD~1")
    repo.git("notes", "--ref", "changelog", "add", "-m", "skip", "HEAD~2")
    assert run(repo, "publish", monkeypatch=monkeypatch) == 0
    assert of(sandbox, "ada") == before
    assert sum("Said anew" in row for row in of(sandbox, "corp")) == 1
    assert run(published["ada"], "audit", monkeypatch=monkeypatch) == 0


def test_rows_that_lost_their_fragment_stay_with_their_repository(
    sandbox: Sandbox,
    published: dict[str, Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As an editor leaves them: the oldest of ada's, which corp has too; and ada's own commit."""
    body = sandbox.page(LOG_ID).storage
    shared, own = (published["ada"].rev_parse(name) for name in ("HEAD~3", "HEAD"))
    for commit in (shared, own):
        body = re.sub(rf"(ada/config/commit/{commit})#cl1-[^\"]*", r"\1", body)
    sandbox.set_body(LOG_ID, body)
    for repo in published.values():
        assert findings(repo, monkeypatch, capsys) == []
        assert run(repo, "publish", "--range", "HEAD", monkeypatch=monkeypatch) == 0
    assert sandbox.page(LOG_ID).storage == body


def test_a_section_for_each_repository(
    sandbox: Sandbox,
    repos: dict[str, Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
    table = f"<table><tbody>{head}</tbody></table>"
    sandbox.set_body(LOG_ID, "".join(f"<h2>Log of {name}</h2>{table}" for name in NAMES))
    for name, repo in repos.items():
        section = f'[table]\nheading = "Log of {name}"\n'
        configure(repo, f'[row]\nrepository = "{name}"\n', commit_url(name), section)
        assert run(repo, "publish", "--range", "HEAD", monkeypatch=monkeypatch) == 0
    above, below = sandbox.page(LOG_ID).storage.split("<h2>Log of ada</h2>")
    assert (above.count("#cl1-corp-"), above.count("#cl1-ada-")) == (4, 0)
    assert (below.count("#cl1-corp-"), below.count("#cl1-ada-")) == (0, 4)
    for repo in repos.values():
        assert findings(repo, monkeypatch, capsys) == []


def test_a_column_says_which_repository_it_was(
    sandbox: Sandbox, repos: dict[str, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "<tr><th>Date</th><th>Repository</th><th>Who</th><th>What</th></tr>"
    sandbox.set_body(LOG_ID, f"<table><tbody>{head}</tbody></table>")
    for repo in repos.values():
        assert run(repo, "publish", "--commit", "HEAD", monkeypatch=monkeypatch) == 0
    body = sandbox.page(LOG_ID).storage
    assert [body.count(f"<td><p>{name}</p></td>") for name in NAMES] == [1, 1]


def key(repo: Repo) -> str:
    return load(Path(repo.path, FILE)).row.repository


def test_init_gives_each_repository_a_name(
    sandbox: Sandbox, build_repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fork has all commits of the other; only its address tells that it is another."""
    repos = {}
    for name in (*NAMES, "corp-again"):
        repo = repos[name] = build_repo(build, name)
        owner = name.partition("-")[0]
        repo.git("remote", "add", "origin", f"https://github.com/{owner}/config.git")
        assert run(repo, *INIT, monkeypatch=monkeypatch) == 0
        assert run(repo, "publish", "--commit", "HEAD", monkeypatch=monkeypatch) == 0
    assert {name: key(repo) for name, repo in repos.items()} == {
        "corp": "config",
        "ada": "ada-config",
        "corp-again": "config",
    }


def test_init_goes_on_with_the_name_that_the_log_has(
    sandbox: Sandbox,
    build_repo: RepoBuilder,
    make_repo: RepoFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repo = build_repo(build, "config")
    assert run(repo, "publish", "--range", "HEAD", monkeypatch=monkeypatch) == 0
    assert run(repo, *INIT, monkeypatch=monkeypatch) == 0
    assert key(repo) == "repo"
    other = make_repo("other")
    other.commit({"a": "1"}, f"Begin{WHY}")
    assert run(other, *INIT, monkeypatch=monkeypatch) == 0
    assert key(other) == "other"


@pytest.mark.parametrize(
    ("path", "taken", "name"),
    [
        (("corp", "config"), set(), "config"),
        (("corp", "config"), {"config"}, "corp-config"),
        (("corp", "config"), {"config", "corp-config"}, "config-2"),
        (("corp", "repo"), set(), "corp-repo"),
        (("repo",), set(), "repo-2"),
        (("~ada", "größe .conf"), set(), "gr-e-.conf"),
        (("日本",), set(), "log-2"),
        ((), {"log-2"}, "log-3"),
        (("x" * 50,), set(), "x" * 40),
    ],
)
def test_names(path: tuple[str, ...], taken: set[str], name: str) -> None:
    assert free_name(path, taken) == name


@given(st.lists(st.text(), max_size=3), st.sets(st.text(max_size=3)))
def test_every_name_can_be_configured(path: list[str], taken: set[str]) -> None:
    taken |= {fitting(path[-1])} if path else set()
    name = free_name(path, taken)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name)
    assert len(name) <= LONGEST
    assert name not in taken | {RowSettings().repository}
