"""Plugins: the worked example of the documentation, who may allow them, and broken ones."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from confluence_changelog import notes
from confluence_changelog.cli import main
from confluence_changelog.plugins import load
from confluence_changelog.sandbox import LOG_ID, Sandbox
from support.hooked import noted, publish_pending
from support.plugging import install
from support.repositories import Repo, RepoFactory, uncovered

PROJECT = Path(__file__).resolve().parents[1]
PAGE = (PROJECT / "docs" / "plugins.md").read_text(encoding="utf-8")
PROJECT_FILE, CONFIGURATION = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
(SOURCE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CONFIG = "confluence-changelog.toml"
VARIABLE = "CONFLUENCE_CHANGELOG_PLUGINS"
WHY = "\n\nThe old one leaves on Friday."
TABLE = "<table><tbody><tr><th>Date</th><th>What</th><th>Risk</th></tr></tbody></table>"
HEAD = "from confluence_changelog.plugins.hookspecs import Rule, hookimpl\n"
SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"

Plug = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of installed packages, for this process and its children."""
    place = tmp_path / "packages"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv("PYTHONPATH", str(place), prepend=os.pathsep)
    before = {*sys.modules}
    yield place
    load._loaded.cache_clear()
    for name in {*sys.modules} - before:
        if name.startswith("changelog_"):
            del sys.modules[name]


@pytest.fixture
def plug(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Install a plugin and allow it, beside those that are."""

    def do(source: str, name: str = "x", *, allow: bool = True) -> None:
        install(folder, name, f"changelog_{name}", HEAD + source)
        if allow:
            names = [*filter(None, os.environ.get(VARIABLE, "").split(",")), name]
            monkeypatch.setenv(VARIABLE, ",".join(names))

    return do


@pytest.fixture
def repo(make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo()
    repo.git("remote", "add", "origin", "https://github.com/example/config.git")
    repo.commit({CONFIG: CONFIGURATION}, f"Begin{WHY}")
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def log(sandbox: Sandbox) -> Sandbox:
    """A Confluence whose log has a column for the risk."""
    sandbox.set_body(LOG_ID, TABLE)
    return sandbox


def rows(log: Sandbox) -> list[list[str]]:
    """The cells of the log as stored, without the identity."""
    found = re.findall(r"<tr>(<td>.*?)</tr>", log.page(LOG_ID).storage, re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in found]


def says(capsys: pytest.CaptureFixture[str], *args: str, status: int = 0) -> str:
    capsys.readouterr()
    assert main([*args]) == status
    out, err = capsys.readouterr()
    return out + err


# The worked example


@pytest.fixture
def example(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The package of the documentation, installed and allowed; the file that it writes."""
    project = tomllib.loads(PROJECT_FILE)["project"]
    ((name, module),) = project["entry-points"]["confluence_changelog"].items()
    install(folder, name, module, SOURCE, project["version"])
    monkeypatch.setenv(VARIABLE, name)
    monkeypatch.setenv("RISK_LOG", str(tmp_path / "risk.log"))
    return tmp_path / "risk.log"


def test_the_example_shows_a_field(
    repo: Repo, log: Sandbox, example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"net/a": "1"}, f"Move the resolver (CHG-7){WHY}\n\nRisk: High, no way back")
    repo.commit({"net/b": "1"}, f"Move the clock{WHY}")
    says(capsys, "publish", "--range", "HEAD")
    assert [cells[2] for cells in rows(log)] == [
        "<p>unknown</p>",
        "<p>high (CHG-7)</p>",
        "<p>unknown</p>",
    ]
    assert "exactly one row" in says(capsys, "audit")
    lines = example.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert re.fullmatch(r"Change Log: .* \| Move the clock.* \| unknown", lines[0])
    says(capsys, "publish", "--range", "HEAD")
    assert len(example.read_text(encoding="utf-8").splitlines()) == 3


def test_the_example_judges_messages(
    repo: Repo, example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "message"
    file.write_text(f"Move the resolver{WHY}\n\nRisk: none\n", encoding="utf-8")
    repo.write({"net/a": "1"})
    repo.git("add", "net/a")
    warned = says(capsys, "check", str(file))
    assert "warning" in warned
    assert "must begin with one of low, medium, high, because net/ is changed. [x-risk-level]" in (
        warned
    )
    repo.write({CONFIG: ""})
    refused = says(capsys, "check", str(file), status=1)
    assert "A message that passes:" in refused
    assert "    Risk: low, the old one stays up until then\n" in refused
    file.write_text(f"Move the resolver{WHY}\n\nRisk: medium\n", encoding="utf-8")
    assert says(capsys, "check", str(file)) == ""
    repo.git("rm", "-q", "-f", "net/a")
    file.write_text(f"Move the resolver{WHY}\n", encoding="utf-8")
    assert says(capsys, "check", str(file)) == ""


def test_the_example_judges_commits(
    repo: Repo, example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({CONFIG: "", "net/a": "1"}, f"Move the resolver{WHY}")
    assert "[x-risk-level]" in says(capsys, "check", "--range", "HEAD~1..", status=1)
    says(capsys, "check", "--message", f"Move it{WHY}")  # it touches no paths


# Who may allow them


def ran(repo: Repo, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; from confluence_changelog.cli import main; "
        "status = main(sys.argv[1:]); "
        "print('loaded', *sorted({'pluggy', 'changelog_x'} & set(sys.modules))); sys.exit(status)"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *args],
        cwd=repo.path,
        env=uncovered() | env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("command", ["check", "publish", "status", "doctor"])
def test_without_an_allowed_plugin_none_is_loaded(
    repo: Repo, sandbox: Sandbox, plug: Plug, tmp_path: Path, command: str
) -> None:
    """Not by the configuration of the repository, and not by its Git configuration."""
    plug("raise RuntimeError('it was loaded')", allow=False)
    repo.git("config", "confluence-changelog.plugins", "x")
    repo.write({CONFIG: "", "message": f"Begin{WHY}\n"})
    words = {"check": ["check", "message"], "publish": ["publish", "--range", "HEAD"]}
    done = ran(repo, *words.get(command, [command]))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "loaded"), done.stderr


@pytest.mark.parametrize("plugins", ["x", " y, x ,,x"])
@pytest.mark.parametrize("way", ["environment", "git"])
def test_the_user_and_the_job_allow_them(repo: Repo, plug: Plug, way: str, plugins: str) -> None:
    rule = (
        "@hookimpl\ndef changelog_rules():\n    return {'x-no': Rule('', '', lambda *_: 'No.')}\n"
    )
    plug(rule, allow=False)
    plug("@hookimpl\ndef changelog_fields():\n    return {}\n", "y", allow=False)
    repo.write({CONFIG: "", "message": f"Begin{WHY}\n"})
    env = {VARIABLE: plugins} if way == "environment" else {}
    if way == "git":
        repo.git("config", "--global", "confluence-changelog.plugins", plugins)
    done = ran(repo, "check", "message", **env)
    assert (done.returncode, "No. [x-no]" in done.stderr) == (1, True)
    assert done.stdout.splitlines()[-1] == "loaded changelog_x pluggy"
    done = ran(repo, "check", "message", **{VARIABLE: ""})
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "loaded")


def test_the_present_folder_installs_none(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    install(repo.path, "x", "changelog_x", "raise RuntimeError('it was loaded')")
    repo.write({CONFIG: "", "message": f"Begin{WHY}\n"})
    done = subprocess.run(
        [sys.executable, "-m", "confluence_changelog", "check", "message"],
        cwd=repo.path,
        env=uncovered() | {VARIABLE: "x"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, "is not installed beside" in done.stderr) == (2, True), done.stderr


def test_one_that_is_not_installed(
    repo: Repo, plug: Plug, capsys: pytest.CaptureFixture[str]
) -> None:
    plug(FIELD, "y", allow=False)
    repo.git("config", "--global", "confluence-changelog.plugins", "x")
    said = says(capsys, "check", "--range", "HEAD", status=2)
    assert said == (
        "error: confluence-changelog.plugins in your Git configuration names the plugin x, which is "
        "not installed beside confluence-changelog (installed are: y): install it there, or take it "
        "out.\n"
    )


def test_pre_receive_loads_none(repo: Repo, plug: Plug) -> None:
    plug("raise RuntimeError('it was loaded')")
    bare = repo.clone("server.git", bare=True)
    bad = repo.commit({"a": "1"}, "wip")
    line = f"{repo.rev_parse('HEAD~1')} {bad} refs/heads/main\n"
    bare.git("fetch", "-q", str(repo.path), "main:new")
    done = subprocess.run(
        [sys.executable, "-m", "confluence_changelog", "check", "--pre-receive"],
        cwd=bare.path,
        input=line,
        env=uncovered() | {VARIABLE: "x"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, "[subject-empty]" in done.stderr) == (1, True), done.stderr


# What they give is text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("<b>&amp;\x07\u202e]]></b>", "&lt;b&gt;&amp;amp;]]&gt;&lt;/b&gt;"),
        ("two\nlines", "two lines"),
        (f"key {SECRET}", "key [removed]"),
        ("", ""),
        ("##vso[task]", "#&#35;vso[task]"),
        ("a" * 1100, f"{'a' * 1000} …"),
    ],
)
def test_a_field_is_text(
    repo: Repo,
    log: Sandbox,
    plug: Plug,
    capsys: pytest.CaptureFixture[str],
    text: str,
    cell: str,
) -> None:
    plug(f"@hookimpl\ndef changelog_fields():\n    return {{'x-risk': lambda _: {text!r}}}\n")
    repo.write({CONFIG: '[table.columns]\nDate = "date"\nWhat = "subject"\nRisk = "x-risk"\n'})
    said = says(capsys, "publish", "--range", "HEAD")
    found = rows(log)[0][2].removeprefix("<p>").removesuffix("</p>")
    assert found.replace("<br />", "").replace("&#35;", "#") == cell.replace("&#35;", "#")
    assert SECRET not in said
    assert ("a GitHub token in x-risk" in said) == (SECRET in text)
    assert says(capsys, "publish", "--range", "HEAD").startswith("Published 0 rows")


def test_what_a_rule_says_is_text(
    repo: Repo, plug: Plug, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = f"Rule('', '', lambda *_: 'No\\n::error::\\x1b[1m {SECRET}')"
    plug(f"@hookimpl\ndef changelog_rules():\n    return {{'x-no': {rule}}}\n")
    said = says(capsys, "check", "--range", "HEAD", status=1)
    assert SECRET not in said
    assert "\x1b" not in said
    assert "\n::error" not in said
    assert "A message of this shape passes:" in said


# Broken ones

FIELD = "@hookimpl\ndef changelog_fields():\n    return {}\n"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("raise ValueError('<no>\\x1b')", "failed when it was loaded (ValueError: <no>)"),
        ("import sys; sys.exit(0)", "failed when it was loaded (SystemExit: 0)"),
        ("from nowhere import x", "failed when it was loaded (ModuleNotFoundError"),
        ("x = 1", "has none of the hook functions"),
        ("@hookimpl\ndef changelog_field():\n    pass", "failed when it was loaded (PluginValid"),
        ("@hookimpl\ndef changelog_fields(x):\n    pass", "failed when it was loaded (PluginVal"),
        (FIELD.replace("{}", "1 / 0"), "failed in changelog_fields (ZeroDivisionError"),
        (FIELD.replace("{}", "3"), "gives no mapping of fields"),
        (FIELD.replace("{}", "{'risk': len}"), "has fields whose names are not x- and letters"),
        (FIELD.replace("{}", "{'x-risk': 3}"), "gives no function for x-risk"),
        (FIELD.replace("{}", "{'x-risk': lambda _: 3}"), "gives no text for its field x-risk, at"),
        (FIELD.replace("{}", "{'x-risk': lambda e: e.nothing}"), "failed in its field x-risk, at"),
    ],
)
def test_a_plugin_that_is_broken_is_named_and_nothing_written(
    repo: Repo,
    log: Sandbox,
    plug: Plug,
    capsys: pytest.CaptureFixture[str],
    source: str,
    what: str,
) -> None:
    plug(source)
    said = says(capsys, "publish", "--range", "HEAD", status=2)
    assert f"error: The plugin x {what}" in said
    assert "or take it out of CONFLUENCE_CHANGELOG_PLUGINS" in said
    assert log.page(LOG_ID).latest == 1
    if not what.endswith(", at"):  # no commit is asked about there
        assert f"The plugin x {what}" in says(capsys, "doctor", status=2)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("1 / 0", "failed in changelog_rules (ZeroDivisionError"),
        ("[]", "gives no mapping of rules"),
        ("{'a': Rule('', '', len)}", "has rules whose ids are not x- and letters"),
        ("{'x-a': len}", "gives no Rule for x-a"),
        ("{'x-a': Rule('', '', lambda m: '')}", "failed in its rule x-a (TypeError"),
        ("{'x-a': Rule('', '', lambda m, p: 1)}", "gives no text in its rule x-a"),
    ],
)
def test_a_rule_that_is_broken(
    repo: Repo,
    plug: Plug,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    source: str,
    what: str,
) -> None:
    plug(f"@hookimpl\ndef changelog_rules():\n    return {source}\n")
    file = tmp_path / "message"
    file.write_text(f"Begin{WHY}\n", encoding="utf-8")
    assert f"error: The plugin x {what}" in says(capsys, "check", str(file), status=2)


def test_two_that_give_the_same(
    repo: Repo, log: Sandbox, plug: Plug, capsys: pytest.CaptureFixture[str]
) -> None:
    both = FIELD.replace("{}", "{'x-risk': lambda _: ''}")
    both += "@hookimpl\ndef changelog_rules():\n    return {'x-a': Rule('', '', lambda *_: '')}\n"
    plug(both)
    plug(both, "y")
    said = says(capsys, "publish", "--range", "HEAD", status=2)
    assert "The plugin y gives the field x-risk, as x does" in said
    said = says(capsys, "check", "--range", "HEAD", status=2)
    assert "The plugin y gives the rule x-a, which another gives too" in said


@pytest.mark.parametrize("allow", [True, False])
def test_a_field_that_no_allowed_plugin_gives(
    repo: Repo, log: Sandbox, plug: Plug, capsys: pytest.CaptureFixture[str], allow: bool
) -> None:
    plug(FIELD, allow=allow)
    said = says(capsys, "publish", "--range", "HEAD", status=2)
    assert "Column 'Risk' shows `x-risk`, which no allowed plugin gives: " in said
    assert ("x is not allowed, which CONFLUENCE_CHANGELOG_PLUGINS can name" in said) != allow
    assert "`x-risk`, which no allowed plugin gives" in says(capsys, "doctor", status=2)
    assert log.page(LOG_ID).latest == 1
    says(capsys, "check", "--range", "HEAD")  # it is laid out for show there


# Being told


TELL = "@hookimpl\ndef changelog_rows_published(page, rows):\n"


def test_one_that_cannot_be_told_stops_nothing(
    repo: Repo, sandbox: Sandbox, plug: Plug, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.write({CONFIG: ""})
    plug(f"{TELL}    raise OSError('chat is away')\n")
    told = f"Path({str(tmp_path / 'told')!r})"
    plug(f"from pathlib import Path\n{TELL}    {told}.write_text(rows[0].commit)\n", "y")
    said = says(capsys, "publish", "--range", "HEAD")
    assert "The rows are on the page, but not everyone was told: The plugin x failed in" in said
    assert "(OSError: chat is away)" in said
    assert (tmp_path / "told").read_text() == repo.rev_parse()
    assert sandbox.page(LOG_ID).latest == 2


@pytest.mark.parametrize("options", [["--dry-run"], ["--backfill"]])
def test_nobody_is_told_of_no_news(
    repo: Repo,
    sandbox: Sandbox,
    plug: Plug,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    repo.write({CONFIG: ""})
    plug(f"{TELL}    raise OSError\n")
    assert "not everyone" not in says(capsys, "publish", "--range", "HEAD", *options)


def test_in_the_background_it_is_kept_for_status(
    repo: Repo, sandbox: Sandbox, plug: Plug, capsys: pytest.CaptureFixture[str]
) -> None:
    made = repo.commit({CONFIG: ""}, f"Take the defaults{WHY}")
    plug(f"{TELL}    raise OSError('chat is away')\n")
    notes.write(notes.pending(repo.path / ".git"), [notes.Note(made, 1.0, "refs/heads/main")])
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.git("remote", "set-head", "origin", "main")
    done = publish_pending(repo)
    assert done.returncode == 0, done.stderr
    assert noted(repo) == set()
    assert "chat is away" in says(capsys, "status")


def test_audit_tells_too(
    repo: Repo, sandbox: Sandbox, plug: Plug, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.write({CONFIG: '[scope]\nbranches = ["main"]\n'})
    plug(f"{TELL}    raise OSError('chat is away')\n")
    assert "chat is away" in says(capsys, "audit", "--fix")
