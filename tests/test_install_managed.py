"""`install --pre-commit`: what is added to the configuration of pre-commit or prek, and taken out."""

import shutil
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.cli import main
from confluence_changelog.hooks import record, toml_config, yaml_config
from confluence_changelog.hooks.entry import Source, UneditableError
from confluence_changelog.hooks.record import Done, undone
from confluence_changelog.hooks.stages import MANAGED, STAGES
from support.repositories import Repo, RepoFactory

CONFIG = ".pre-commit-config.yaml"
URL = "https://git.example.com/tools/confluence-changelog"
SOURCE = Source(URL, "v0.1.0")
STAGE_LIST = [STAGES[name] for name in MANAGED]
IDS = [stage.id for stage in STAGE_LIST]
TYPES = ["pre-commit", *MANAGED]
ENTRY = {"repo": URL, "rev": "v0.1.0", "hooks": [{"id": name} for name in IDS]}
BLACK = {"repo": "https://example.com/black", "rev": "1", "hooks": [{"id": "black"}]}


def added(text: str) -> str:
    return yaml_config.add(text, STAGE_LIST, SOURCE)


REPOS = """\
# our hooks
repos:
  - repo: https://example.com/black
    rev: '1' # pinned
    hooks:
      - id: black
"""

WITHOUT = {
    "usual": REPOS,
    "at the margin": "repos:\n- repo: https://example.com/black\n  rev: '1'\n  hooks:\n  - id: black\n",
    "deep": "repos:\n    -   repo: https://example.com/black\n        rev: '1'\n        hooks:\n"
    "        -   id: black\n",
    "keys behind": REPOS + "\n# only here\nfail_fast: true\n",
    "a start": f"---\n{REPOS}",
    "crlf": REPOS.replace("\n", "\r\n"),
    "no end of line": REPOS.rstrip("\n"),
    "a comment at the end": REPOS + "      # - id: black-jupyter\n  # - repo: local\n# end\n",
    "a text of several lines": REPOS
    + "        exclude: |\n          ^a/\n          # no comment\n",
    "commented out": REPOS + f"  # - repo: {URL}\n  #   hooks: [id: confluence-changelog-check]\n",
    "a flow style": "repos:\n  - {repo: https://example.com/black, rev: '1', hooks: [{id: black}]}\n",
    "an empty list": "exclude: ^x\nrepos:\n",
    "keys before": "exclude: |\n  ^x\ndefault_language_version:\n  python: python3\n" + REPOS,
    "several": REPOS
    + "  - repo: local\n    hooks:\n      - id: x\n        name: x\n        entry: x\n",
}


@pytest.mark.parametrize("text", WITHOUT.values(), ids=WITHOUT)
def test_what_is_missing_is_added_and_nothing_else_changes(text: str) -> None:
    after = added(text)
    old, new = yaml.safe_load(text), yaml.safe_load(after)
    assert new.pop("default_install_hook_types") == TYPES
    assert new["repos"] == [*(old["repos"] or []), ENTRY]
    assert {**new, "repos": old["repos"]} == old
    kept = iter(after.splitlines())
    assert all(line in kept for line in text.splitlines())  # in order
    assert ("\r" in after) == ("\r" in text)
    assert added(after) == after


@given(
    st.sampled_from(sorted(WITHOUT)),
    st.lists(
        st.tuples(
            st.integers(0, 20), st.sampled_from(["", "# x", "  # x", "    # - id: x", "\t", " "])
        ),
        max_size=6,
    ),
)
def test_comments_and_empty_lines_anywhere(name: str, more: list[tuple[int, str]]) -> None:
    """Also where they are not comments, but part of a text of several lines."""
    lines = WITHOUT[name].split("\n")
    for place, line in more:
        lines.insert(place, line)
    text = "\n".join(lines)
    try:
        old = yaml.safe_load(text)
        after = added(text)
    except (yaml.YAMLError, UneditableError):
        return
    new = yaml.safe_load(after)
    assert new.pop("default_install_hook_types") == TYPES
    assert new == {**old, "repos": [*(old["repos"] or []), ENTRY]}


TYPED = [
    ("[commit-msg]", ["commit-msg", "post-commit", "pre-push"]),
    ("[ pre-commit, post-commit ] # why", ["pre-commit", "post-commit", "commit-msg", "pre-push"]),
    ("['pre-commit', \"pre-push\"]", None),
    ("[]", [*MANAGED]),
    (
        "\n  - pre-commit\n  # why\n  - pre-push",
        ["pre-commit", "pre-push", "commit-msg", "post-commit"],
    ),
    ("\n- 'pre-commit'", ["pre-commit", *MANAGED]),
    ("[pre-push, post-commit, commit-msg]", ["pre-push", "post-commit", "commit-msg"]),
]


@pytest.mark.parametrize(("value", "expected"), TYPED)
def test_types_are_added_to_those_that_are_there(value: str, expected: list[str] | None) -> None:
    text = f"default_install_hook_types: {value}\n{REPOS}"
    if expected is None:
        with pytest.raises(UneditableError):
            added(text)
        return
    after = added(text)
    assert yaml.safe_load(after)["default_install_hook_types"] == expected
    assert yaml.safe_load(after)["repos"][-1] == ENTRY
    assert added(after) == after


@pytest.mark.parametrize(
    "ours",
    [
        "    hooks:\n      - id: confluence-changelog-check\n        verbose: true # loud\n",
        "    hooks:\n    - id: 'confluence-changelog-check'\n",
        "    hooks: # ours\n      - name: x\n        id: confluence-changelog-check\n    # end\n",
    ],
)
@pytest.mark.parametrize(
    "behind", ["", "    rev: v0\n", "  - repo: https://example.com/x\n    rev: a\n"]
)
def test_hooks_are_added_to_our_repository(ours: str, behind: str) -> None:
    rev = "" if "rev: v0" in behind else "    rev: v0\n"
    text = f"{REPOS}  - repo: /elsewhere/local\n{rev}{ours}{behind}"
    after = added(text)
    old, new = yaml.safe_load(text)["repos"], yaml.safe_load(after)["repos"]
    assert [hook["id"] for hook in new[1]["hooks"]] == IDS
    assert new[1]["hooks"][0] == old[1]["hooks"][0]
    assert new[1]["rev"] == "v0"
    assert (new[0], new[2:]) == (old[0], old[2:])
    assert added(after) == after


def test_hooks_that_are_run_from_elsewhere_are_not_added_twice() -> None:
    entries = "".join(
        f"      - id: own-{stage.name}\n        name: x\n        language: system\n"
        f"        entry: confluence-changelog {stage.command}\n"
        for stage in STAGE_LIST
    )
    text = (
        f"default_install_hook_types: [{', '.join(MANAGED)}]\nrepos:\n  - repo: local\n    hooks:\n"
    )
    assert added(text + entries) == text + entries


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("repos: [{repo: local}]\n", "not written line by line"),
        ("- repo: local\n", "neither a key"),
        ("fail_fast: true\n", "no key repos"),
        (f"{REPOS}repos:\n", "a key twice"),
        (f"{REPOS}...\n", "neither a key"),
        (f"{REPOS}---\n{REPOS}", "neither a key"),
        ("repos:\n\t- repo: local\n", "by a tab"),
        ("repos:\n    - repo: x\n  - repo: y\n", "indented less"),
        ("default_install_hook_types: [\n  pre-commit,\n]\nrepos:\n", "neither a key"),
        ("default_install_hook_types: [\n  pre-commit]\nrepos:\n", "not a plain list"),
        ("default_install_hook_types: pre-commit\nrepos:\n", "not a plain list"),
        (
            "repos:\n  - {repo: x, hooks: [{id: confluence-changelog-check}]}\n",
            "not listed line by line",
        ),
        (
            "repos:\n  - repo: local\n    hooks:\n      - id: confluence-changelog-check\n",
            "in their own repository",
        ),
    ],
)
def test_what_cannot_be_edited_for_certain_is_left(text: str, why: str) -> None:
    with pytest.raises(UneditableError, match=why):
        added(text)


@pytest.mark.parametrize("repo", [URL, "/a path/x", "../x", "C:\\x y", "it's: #1", "~/x", "0.5"])
@pytest.mark.parametrize("rev", ["v0.1.0", "1.0", "1234567", "12e45678", "0x12"])
def test_sources_are_texts(repo: str, rev: str) -> None:
    source = Source(repo, rev)
    for text in ("", REPOS):
        entry = yaml.safe_load(yaml_config.add(text, STAGE_LIST, source))["repos"][-1]
        assert (entry["repo"], entry["rev"]) == (repo, rev)
    entry = tomllib.loads(toml_config.add("", STAGE_LIST, source))["repos"][-1]
    assert (entry["repo"], entry["rev"]) == (repo, rev)


# prek.toml


TOML = [
    "",
    "# ours\nfail_fast = true\n",
    '[[repos]]\nrepo = "https://example.com/black"\nrev = "1"\nhooks = [{ id = "black" }]\n',
    'default_install_hook_types = ["pre-commit", "pre-push"] # why\n\n[[repos]]\nrepo = "builtin"\n'
    'hooks = [{ id = "x" }]',
    'default_install_hook_types = []\r\n[[repos]]\r\nrepo = "builtin"\r\nhooks = [{ id = "x" }]\r\n',
]


@pytest.mark.parametrize("text", TOML)
def test_prek_s_own_configuration(text: str) -> None:
    after = toml_config.add(text, STAGE_LIST, SOURCE)
    old, new = tomllib.loads(text), tomllib.loads(after)
    types = old.get("default_install_hook_types", ["pre-commit"])
    assert new["default_install_hook_types"] == list(dict.fromkeys((*types, *MANAGED)))
    assert new["repos"] == [*old.get("repos", []), ENTRY]
    assert toml_config.add(after, STAGE_LIST, SOURCE) == after


@pytest.mark.parametrize(
    "text",
    [
        "repos = []\n",
        "default_install_hook_types = [\n'pre-commit']\n",
        "[",
        "x = 1\n[[repos]]\n[repos.x]\n[[x]]\n",
    ],
)
def test_toml_that_cannot_be_edited_for_certain(text: str) -> None:
    with pytest.raises(UneditableError):
        toml_config.add(text, STAGE_LIST, SOURCE)


# Taking it out again


def test_what_was_added_is_found_again_among_other_changes() -> None:
    after = added(REPOS)
    done = Done(CONFIG, REPOS, after)
    assert undone(after, done) == REPOS
    changed = "# new\n" + after.replace("rev: '1'", "rev: '2'") + "  # end\n"
    assert undone(changed, done) == "# new\n" + REPOS.replace("rev: '1'", "rev: '2'") + "  # end\n"
    assert undone(after.replace("v0.1.0", "v0.2.0"), done) is None
    assert undone(after + after, done) is None
    assert undone(after, Done(CONFIG, None, after)) == ""


# The command


@pytest.fixture
def repo(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> Repo:
    """A repository, and no hook manager on PATH."""
    repo = make_repo("a repo")
    repo.commit({"confluence-changelog.toml": ""}, "Begin\n\nThe log begins here.")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home / "pre-commit"))
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return repo


def says(capsys: pytest.CaptureFixture[str], *args: str, status: int = 0) -> str:
    assert main([*args]) == status
    out, err = capsys.readouterr()
    return out + err


def test_without_a_hook_manager_on_path_the_line_is_said(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.write({CONFIG: REPOS})
    (repo.path / CONFIG).chmod(0o640)
    said = says(capsys, "install", "--repo", URL, status=1)  # the configuration says how
    assert "add the hooks to .pre-commit-config.yaml" in said
    assert (
        "run this where it is: pre-commit install --hook-type commit-msg --hook-type post-commit "
        "--hook-type pre-push"
    ) in said
    assert yaml.safe_load((repo.path / CONFIG).read_text())["repos"][-1] == ENTRY
    assert ".pre-commit-config.yaml is right" in says(capsys, "install", status=1)
    assert "take the hooks out of .pre-commit-config.yaml" in says(capsys, "uninstall")
    assert (repo.path / CONFIG).read_text() == REPOS
    assert (repo.path / CONFIG).stat().st_mode & 0o777 == 0o640
    assert not (repo.path / ".git" / "confluence-changelog").exists()
    assert "Nothing of confluence-changelog" in says(capsys, "uninstall")


def test_a_configuration_that_is_not_there_is_written(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    says(capsys, "install", "--pre-commit", "--repo", URL, "--rev", "v9", "--dry-run", status=1)
    assert not (repo.path / CONFIG).exists()
    says(capsys, "install", "--pre-commit", "--repo", URL, "--rev", "v9", status=1)
    written = yaml.safe_load((repo.path / CONFIG).read_text())
    assert written == {"default_install_hook_types": TYPES, "repos": [{**ENTRY, "rev": "v9"}]}
    assert "delete .pre-commit-config.yaml" in says(capsys, "uninstall")
    assert not (repo.path / CONFIG).exists()


def test_what_was_changed_since_is_left(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.write({CONFIG: REPOS})
    says(capsys, "install", "--repo", URL, status=1)
    changed = (repo.path / CONFIG).read_text().replace("v0.1.0", "v0.2.0")
    repo.write({CONFIG: changed})
    assert "was changed since: take the hooks out of it yourself" in says(
        capsys, "uninstall", status=1
    )
    assert (repo.path / CONFIG).read_text() == changed


def test_steps_are_undone_one_after_the_other(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.write({CONFIG: REPOS})
    says(capsys, "install", "--repo", URL, "--hook-type", "commit-msg", status=1)
    says(capsys, "install", "--hook-type", "post-merge", status=1)
    assert len(record.read(repo.path / ".git")) == 2
    says(capsys, "uninstall")
    assert (repo.path / CONFIG).read_text() == REPOS


@pytest.mark.parametrize(
    ("files", "args", "says_what"),
    [
        ({CONFIG: REPOS}, [], "Where the hooks come from is not known"),
        (
            {CONFIG: "repos: []\n"},
            ["--repo", URL],
            "cannot be edited for certain (the list of repos",
        ),
        ({CONFIG: b"\xff"}, ["--repo", URL], "cannot be edited for certain (it is not UTF-8)"),
        (
            {"prek.toml": "["},
            ["--repo", URL],
            "prek.toml cannot be edited for certain (it cannot be",
        ),
        ({CONFIG: REPOS}, ["--hook-type", "pre-receive"], "have no hooks of servers"),
    ],
)
def test_what_is_refused(
    repo: Repo,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str | bytes | None],
    args: list[str],
    says_what: str,
) -> None:
    repo.write(files)
    said = says(capsys, "install", *args, status=2)
    assert says_what in said
    if "for certain" in says_what:
        assert f"repo: {URL}" in said
        assert "- id: confluence-changelog-check" in said
    assert not (repo.path / ".git" / "confluence-changelog").exists()


def test_not_both_ways_at_once(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, "install")
    said = says(capsys, "install", "--pre-commit", "--repo", URL, status=2)
    assert "would run twice: run confluence-changelog uninstall first" in said


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_with_the_hook_manager(
    repo: Repo, capsys: pytest.CaptureFixture[str], tool: str, tmp_path: Path
) -> None:
    """Hooks that were there are there again, to the byte."""
    binary = shutil.which(tool, path=str(Path(sys.prefix) / "bin"))
    if binary is None:
        pytest.skip(f"{tool} is not installed in this environment")
    (tmp_path / "bin" / tool).symlink_to(binary)
    name = CONFIG if tool == "pre-commit" else "prek.toml"
    repo.write({name: REPOS if tool == "pre-commit" else TOML[2]})
    repo.hook("commit-msg", "exit 0")
    folder = repo.path / ".git" / "hooks"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    text = (repo.path / name).read_text()
    said = says(capsys, "install", "--repo", URL)
    assert f"run {tool} install --hook-type commit-msg" in said
    for stage in MANAGED:
        assert f"--hook-type={stage}" in (folder / stage).read_text()
    assert (folder / "commit-msg.legacy").exists()
    again = says(capsys, "install")
    kept = folder / "pre-push.legacy"
    assert again == f"{name} is right\n{kept} is right\nthe hook manager's hooks are installed\n"
    native = says(capsys, "install", "--native", "--hook-type", "commit-msg")
    assert "runs confluence-changelog check already" in native
    assert f"run {tool} uninstall --hook-type commit-msg" in says(capsys, "uninstall")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert (repo.path / name).read_text() == text


def test_a_hook_manager_that_refuses(
    repo: Repo, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tool = tmp_path / "bin" / "pre-commit"
    tool.write_text("#!/bin/sh\necho 'I would rather not'; exit 1\n")
    tool.chmod(0o755)
    repo.write({CONFIG: REPOS})
    assert "pre-commit install failed: I would rather not" in says(
        capsys, "install", "--repo", URL, status=2
    )
    assert "take the hooks out" in says(capsys, "uninstall")
    assert (repo.path / CONFIG).read_text() == REPOS
