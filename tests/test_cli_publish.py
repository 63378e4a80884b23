"""`publish` from the command line: a real repository, the sandbox, and what is printed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox
from support.repositories import Repo, RepoFactory

REMOTE = "https://github.com/example/config.git"


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.git("remote", "add", "origin", REMOTE)
    repo.commit({"dns.conf": "1"}, "Add a resolver\n\nThe old one leaves on Friday.")
    repo.commit({"README": "1"}, "Say hello")
    monkeypatch.chdir(repo.path)
    return repo


def configure(repo: Repo, text: str) -> None:
    (repo.path / "confluence-changelog.toml").write_text(text, encoding="utf-8")


def test_a_range_is_published(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", "--range", "HEAD"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(
        "Published 2 rows on 'Change Log', version 2; 0 commits had a row already."
    )
    assert "Add a resolver | The old one leaves on Friday." in out
    assert err == ""
    body = sandbox.page(LOG_ID).storage
    head = repo.rev_parse()
    assert f'href="https://github.com/example/config/commit/{head}#cl1-repo-' in body
    assert body.index("Say hello") < body.index("Add a resolver") < body.index("2024-05-21")


def test_a_range_is_published_once(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["publish", "--range", "HEAD", "--format", "json"]) == 0
    texts = capsys.readouterr().out
    second = json.loads(texts[texts.index("}\n{") + 2 :])
    assert (second["published"], second["already"], second["writes"]) == ([], 2, 0)
    assert sandbox.page(LOG_ID).latest == 2


@pytest.mark.parametrize("command", ["publish", "audit"])
def test_an_empty_range_is_not_the_whole_scope(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """As a variable that is not set leaves it: ``--range "$RANGE"``."""
    assert main([command, "--range", ""]) == 3
    assert "The range is empty: give one such as v1.0..HEAD." in capsys.readouterr().err
    assert sandbox.page(LOG_ID).latest == 1


def test_single_commits(sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--commit", "HEAD~1", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["commit"] for row in shown["published"]] == [repo.rev_parse("HEAD~1")]
    assert main(["publish", "--commit", "HEAD", "--commit", "HEAD~1"]) == 0
    body = sandbox.page(LOG_ID).storage
    assert body.index("Say hello") < body.index("Add a resolver")


def test_an_older_commit_goes_below_its_descendant(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["publish", "--commit", "HEAD"]) == 0
    assert main(["publish", "--range", "HEAD"]) == 0
    body = sandbox.page(LOG_ID).storage
    assert body.index("Say hello") < body.index("Add a resolver") < body.index("2024-05-21")


def test_a_dry_run_shows_text_and_storage(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", "--range", "HEAD", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Would publish 2 rows")
    row = next(line.strip() for line in out.splitlines() if line.strip().startswith("<tr>"))
    (fragment,) = re.findall(r"#cl1-repo-[0-9a-f]{12}", row)
    assert sandbox.page(LOG_ID).latest == 1
    assert main(["publish", "--range", "HEAD"]) == 0
    assert fragment in sandbox.page(LOG_ID).storage


def test_a_dry_run_refuses_what_a_publication_refuses(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("confluence_changelog.cli.publish.MOST_UNASKED", 1)
    repo.git("remote", "remove", "origin")
    for options in ([], ["--dry-run"]):
        assert main(["publish", *options]) == 2
        assert "2 commits have no row, and nothing says where" in capsys.readouterr().err
    assert main(["publish", "--range", "HEAD", "--dry-run"]) == 0


def test_the_scope_is_the_configuration(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(repo, '[scope]\npaths = ["*.conf"]\n')
    repo.checkout("feature", new=True)
    repo.commit({"new.conf": "1"}, "Not merged yet")
    assert main(["publish", "--range", "main", "--commit", "feature"][:3]) == 0
    out = capsys.readouterr().out
    assert "Published 1 row on" in out
    assert "1 commit out of scope:" in out
    assert "touches none of the configured paths" in out
    configure(repo, '[scope]\nbranches = ["main"]\n')
    assert main(["publish", "--range", "feature", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [item["reason"] for item in shown["skipped"]] == ["not on a published branch (main)"]
    assert "Not merged yet" not in sandbox.page(LOG_ID).storage


def test_a_bare_repository_is_configured_by_its_branch(
    sandbox: Sandbox,
    repo: Repo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It has no work tree; the defaults in its place would make rows of what is out of scope."""
    repo.commit({"confluence-changelog.toml": '[scope]\npaths = ["*.conf"]\n'}, "Configure")
    bare = tmp_path / "bare.git"
    repo.git("clone", "--quiet", "--bare", ".", str(bare))
    monkeypatch.chdir(bare)
    assert main(["publish", "--range", "main"]) == 0
    out = capsys.readouterr().out
    assert "Published 1 row on" in out
    assert "2 commits out of scope:" in out
    assert main(["audit"]) == 0
    assert capsys.readouterr().out.startswith("1 commit in scope, 1 row ")
    repo.commit({"confluence-changelog.toml": "[scope]\npath = 1\n"}, "Break it")
    repo.git("push", "--quiet", str(bare), "main")
    assert main(["publish", "--range", "main"]) == 2
    assert "HEAD:confluence-changelog.toml" in capsys.readouterr().err


def test_columns_and_rows_are_configured(sandbox: Sandbox, repo: Repo) -> None:
    sandbox.set_body(
        LOG_ID, "<table><tr><th>Nr</th><th>Was</th><th>Datum</th><th>Wer</th></tr></table>"
    )
    configure(
        repo,
        "[table]\nnumber = 1\n[table.columns]\nDatum = 'date'\nWas = 'subject'\nWer = 'committer'\n"
        "[row]\nrepository = 'net'\ncommit_url = 'https://git.example.com/c/{id}?x=1&y=2'\n",
    )
    assert main(["publish", "--commit", "HEAD"]) == 0
    body = sandbox.page(LOG_ID).storage
    assert f"https://git.example.com/c/{repo.rev_parse()}?x=1&amp;y=2#cl1-net-" in body
    assert "<td><p><br /></p></td><td><p>Say hello</p></td><td><p><time" in body


def test_secrets_are_removed_and_named(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    repo.commit({"x": "1"}, f"Rotate the token\n\nIt was {token} until today.")
    assert main(["publish", "--commit", "HEAD"]) == 0
    out, err = capsys.readouterr()
    assert "It was [removed] until today." in sandbox.page(LOG_ID).storage
    assert err.startswith(f"warning: {repo.rev_parse()[:10]}: a GitHub token")
    assert token not in out + err


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["publish", "--range", "nowhere"], 3, "nowhere"),
        (["publish", "--range", "HEAD", "--page", "999"], 3, "page 999"),
        (["publish", "--range", "HEAD", "--page", "Home"], 2, "'Home' names no page; copy"),
        (["publish", "--range", "HEAD", "--page", str(HOME_ID)], 3, "no table with the headers"),
        (["publish", "--range", "HEAD", "--url", "http://127.0.0.1:1"], 2, "only to the host"),
        (["publish", "--range", "HEAD", "--config", "none.toml"], 2, "none.toml"),
    ],
)
def test_errors_are_one_sentence(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    says: str,
) -> None:
    assert main(arguments) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert says in err
    assert sandbox.page(LOG_ID).latest == 1


@pytest.mark.parametrize("missing", ["CONFLUENCE_URL", "CONFLUENCE_PAGE", "CONFLUENCE_TOKEN"])
def test_what_is_not_set_is_named(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
) -> None:
    monkeypatch.delenv(missing)
    assert main(["publish", "--range", "HEAD"]) == 2
    assert f"set {missing}" in capsys.readouterr().err


def test_the_page_can_be_given_by_its_address(sandbox: Sandbox, repo: Repo) -> None:
    address = f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}#top"
    assert main(["publish", "--range", "HEAD", "--page", address]) == 0
    assert sandbox.page(LOG_ID).latest == 2


def test_the_file_names_page_and_site_but_not_where_credentials_go(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(repo, f'[page]\nurl = "{sandbox.url}"\nid = {LOG_ID}\n')
    monkeypatch.delenv("CONFLUENCE_PAGE")
    assert main(["publish", "--commit", "HEAD"]) == 0
    monkeypatch.delenv("CONFLUENCE_URL")
    sandbox.clear_requests()
    assert main(["publish", "--commit", "HEAD~1"]) == 2
    assert sandbox.requests() == []
    assert "CONFLUENCE_URL" in capsys.readouterr().err


def test_a_shallow_clone_is_refused(
    sandbox: Sandbox,
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shallow = repo.clone("shallow", depth=1)
    monkeypatch.chdir(shallow.path)
    assert main(["publish", "--range", "HEAD"]) == 3
    assert "git fetch --unshallow" in capsys.readouterr().err
    assert sandbox.requests() == []


def test_outside_of_a_repository(
    sandbox: Sandbox,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["publish", "--range", "HEAD"]) == 3
    assert "is in no Git repository" in capsys.readouterr().err


def test_as_a_process(sandbox: Sandbox, repo: Repo) -> None:
    """With a terminal that knows no UTF-8, a closed standard input, and another GIT_DIR about."""
    repo.commit({"y": "1"}, "Größe → 1 \U0001f680")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = [sys.executable, "-m", "confluence_changelog", "publish", "--range", "HEAD"]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    assert "Größe → 1 \U0001f680" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_a_sha256_repository(
    sandbox: Sandbox, make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo("sha256", object_format="sha256")
    head = repo.commit({"a": "1"}, "Use longer ids\n\nThe old ones were too short.")
    assert len(head) == 64
    monkeypatch.chdir(repo.path)
    for _ in range(2):
        assert main(["publish", "--range", "HEAD"]) == 0
    assert sandbox.page(LOG_ID).latest == 2
    assert f">cl1-{head}-repo-" in sandbox.page(LOG_ID).storage


def test_a_revert_and_a_cherry_pick_have_rows_of_their_own(sandbox: Sandbox, repo: Repo) -> None:
    repo.git("revert", "--no-edit", "HEAD")
    repo.checkout("side", new=True)
    repo.git("reset", "-q", "--hard", "HEAD~2")
    repo.git("cherry-pick", "-x", "main~1")
    repo.checkout("main")
    repo.merge("side")
    assert main(["publish", "--range", "HEAD"]) == 0
    body = sandbox.page(LOG_ID).storage
    for revision in ("main~3", "main~2", "main~1", "side"):
        assert body.count(f"{repo.rev_parse(revision)}#cl1-") == 1
    sandbox.clear_requests()
    assert main(["publish", "--range", "HEAD"]) == 0
    assert [request["method"] for request in sandbox.requests()] == ["GET"]
