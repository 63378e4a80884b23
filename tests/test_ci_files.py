"""The files of docs/ci: valid, sparing with secrets, and their own commands run as the system runs them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from confluence_changelog.sandbox import LOG_ID, TOKEN, Sandbox
from ranges.environments import Situation, environment, has
from support.repositories import Repo, uncovered

PROJECT = Path(__file__).resolve().parents[1]
FILES = PROJECT / "docs" / "ci"
SECRETS = ("CONFLUENCE_URL", "CONFLUENCE_PAGE", "CONFLUENCE_TOKEN")
ADDRESS = "git+https://git.example.com/tools/confluence-changelog@v0.1.0"


class Job(NamedTuple):
    """What a file says of one of its two jobs."""

    commands: str
    variables: Mapping[str, str]


Jobs = Mapping[str, Job]
"""Those called check and publish."""


def _yaml(name: str) -> list[Any]:
    text = (PROJECT / name).read_text(encoding="utf-8")
    # YAML 1.1, as PyYAML reads it, takes the key "on" for true.
    return [*yaml.safe_load_all(re.sub(r"(?m)^on:", '"on":', text))]


def _lines(commands: Any) -> str:
    return "\n".join([commands] if isinstance(commands, str) else commands)


def _actions(name: str) -> Jobs:
    (page,) = _yaml(name)
    found = {}
    for key, job in page["jobs"].items():
        steps = [step for step in job["steps"] if "run" in step]
        variables = [page["env"], *(step.get("env", {}) for step in steps)]
        merged = {name: text for each in variables for name, text in each.items()}
        found[key] = Job("\n".join(step["run"] for step in steps), merged)
    return found


def _gitlab(name: str) -> Jobs:
    (page,) = _yaml(name)
    shared = page[".changelog"]
    return {
        kind: Job(
            _lines([*shared["before_script"], *page[f"changelog-{kind}"]["script"]]),
            page["variables"]
            | shared["variables"]
            | page[f"changelog-{kind}"].get("variables", {}),
        )
        for kind in ("check", "publish")
    }


def _bitbucket(name: str) -> Jobs:
    (page,) = _yaml(name)
    check = page["pipelines"]["pull-requests"]["**"][0]["step"]
    publish = page["pipelines"]["branches"]["main"][0]["step"]
    assert publish == page["pipelines"]["custom"]["publish"][0]["step"]
    assert "deployment" not in check
    return {
        "check": Job(_lines(check["script"]), {}),
        "publish": Job(_lines(publish["script"]), {}),
    }


def _azure(name: str) -> Jobs:
    (page,) = _yaml(name)
    scripts = [step for step in page["steps"] if "script" in step]
    install, *rest = scripts
    found = {}
    for step in rest:
        kind = "check" if "check" in step["script"] else "publish"
        operator = "eq" if kind == "check" else "ne"
        reason = "variables['Build.Reason'], 'PullRequest'"
        assert step["condition"] == f"and(succeeded(), {operator}({reason}))"
        commands = _lines([install["script"], step["script"]])
        found[kind] = Job(commands, page["variables"] | step.get("env", {}))
    return found


def _circleci(name: str) -> Jobs:
    (page,) = _yaml(name)
    steps = page["commands"]["install"]["steps"]
    install = next(step["run"] for step in steps if "run" in step)
    found = {}
    for kind, job in page["jobs"].items():
        runs = [step["run"] for step in job["steps"] if isinstance(step, dict) and "run" in step]
        found[kind] = Job(_lines([install, *runs]), job.get("environment", {}))
    return found


def _drone(name: str) -> Jobs:
    pages = _yaml(name)
    assert pages[0]["trigger"] == {"event": ["pull_request"]}
    return {page["name"]: _step(page["steps"][0]) for page in pages}


def _woodpecker(name: str) -> Jobs:
    (page,) = _yaml(name)
    assert page["steps"][0]["when"] == [{"event": "pull_request"}]
    return {step["name"]: _step(step) for step in page["steps"]}


def _step(step: Mapping[str, Any]) -> Job:
    return Job(_lines(step["commands"]), step.get("environment", {}))


def _jenkins(name: str) -> Jobs:
    text = (PROJECT / name).read_text(encoding="utf-8")
    install, check, publish = re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
    variables = dict(re.findall(r"(?m)^ +([A-Z_]+) = '([^']*)'", text))
    withheld, given = text.split("stage('Publish')")
    assert "withCredentials" not in withheld
    assert "variable: 'CONFLUENCE_TOKEN'" in given
    token = {"CONFLUENCE_TOKEN": "confluence-token"}
    return {
        "check": Job(install + check, {"CONFLUENCE_CHANGELOG": variables["CONFLUENCE_CHANGELOG"]}),
        "publish": Job(install + publish, variables | token),
    }


def _teamcity(name: str) -> Jobs:
    text = (PROJECT / name).read_text(encoding="utf-8")
    project, *builds = text.split("\nobject ")
    shared = _parameters(project)
    found = {}
    for build in builds:
        script = re.search(r'scriptContent = """\n(.*?)"""', build, re.DOTALL)
        assert script is not None
        commands = script[1].replace("${'$'}", "$")
        found[build.split(" ", 1)[0].lower()] = Job(commands, shared | _parameters(build))
    return found


def _parameters(text: str) -> dict[str, str]:
    return dict(re.findall(r'param\("env\.([A-Z_]+)", "([^"]*)"\)', text))


class File(NamedTuple):
    """One file, the systems that it is for, and how to read it."""

    name: str
    systems: tuple[str, ...]
    read: Callable[[str], Jobs]
    schema: str = ""


CI_FILES = (
    File("github-actions.yml", ("GitHub Actions",), _actions, "github-workflows"),
    File(
        "gitea-forgejo-actions.yml",
        ("Gitea Actions", "Forgejo Actions"),
        _actions,
        "github-workflows",
    ),
    File("gitlab-ci.yml", ("GitLab CI",), _gitlab, "gitlab-ci"),
    File("bitbucket-pipelines.yml", ("Bitbucket Pipelines",), _bitbucket, "bitbucket-pipelines"),
    File("azure-pipelines.yml", ("Azure Pipelines",), _azure, "azure-pipelines"),
    File("Jenkinsfile", ("Jenkins",), _jenkins),
    File("teamcity.settings.kts", ("TeamCity",), _teamcity),
    File("circleci.yml", ("CircleCI",), _circleci, "circle-ci"),
    File("drone.yml", ("Drone",), _drone, "drone-ci"),
    File("woodpecker.yml", ("Woodpecker",), _woodpecker, "woodpecker-ci"),
)
IDS = [file.name for file in CI_FILES]
RUNS = [(file, system) for file in CI_FILES for system in file.systems]


def _jobs(file: File) -> Jobs:
    return file.read(f"docs/ci/{file.name}")


def test_every_file_is_tested_and_in_the_table() -> None:
    table = (FILES / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in FILES.iterdir()} == {*IDS, "README.md"}
    assert [name for name in IDS if f"]({name})" not in table] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "schema"),
    [
        *((f"docs/ci/{file.name}", file.schema) for file in CI_FILES if file.schema),
        ("action.yml", "github-actions"),
        ("templates/confluence-changelog/template.yml", "gitlab-ci"),
    ],
)
def test_it_is_valid_against_the_published_schema(name: str, schema: str, tmp_path: Path) -> None:
    documents = []
    for number, page in enumerate(_yaml(name)):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(page), encoding="utf-8")
        documents.append(str(file))
    transform = ["--data-transform", schema] if schema == "azure-pipelines" else []
    command = ["-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    command += ["--regex-variant", "nonunicode", *transform]
    done = subprocess.run(
        [sys.executable, *command, *documents], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", CI_FILES, ids=IDS)
def test_only_the_job_that_publishes_is_given_credentials(file: File) -> None:
    jobs = _jobs(file)
    assert set(jobs) == {"check", "publish"}
    assert not set(SECRETS) & set(jobs["check"].variables)
    given = set(SECRETS) & set(jobs["publish"].variables)
    # The others give them by a protected variable, a deployment and a context.
    assert given == set(SECRETS) or file.name in (
        "gitlab-ci.yml",
        "bitbucket-pipelines.yml",
        "circleci.yml",
    )
    for kind, job in jobs.items():
        assert f"confluence-changelog {kind}" in job.commands
        assert ADDRESS in (job.commands + job.variables.get("CONFLUENCE_CHANGELOG", ""))


def test_the_component_runs_what_the_file_for_gitlab_runs() -> None:
    _, page = _yaml("templates/confluence-changelog/template.yml")
    (file,) = _yaml("docs/ci/gitlab-ci.yml")
    for name in ("changelog-check", "changelog-publish"):
        job = page[name]
        assert job["script"][0] == 'pip install --quiet "$[[ inputs.requirement ]]"'
        assert job["script"][1:] == file[name]["script"]
        assert job["rules"] == file[name]["rules"]
        assert job.get("artifacts") == file[name].get("artifacts")
        assert job["variables"] == file[".changelog"]["variables"]


class Hosting:
    """A server, somebody's clone, and runners, which have the commands that the files use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Repo.init(folder / "server.git", bare=True)
        self.work = Repo.init(folder / "work")
        self.work.git("remote", "add", "origin", self.server.path.as_uri())
        self.work.commit({"confluence-changelog.toml": ""}, "Begin\n\nThe log begins here.")
        self.push("HEAD:refs/heads/main")
        self.tools = folder / "tools"
        self.tools.mkdir()
        self._tool("confluence-changelog", f'exec "{sys.executable}" -m confluence_changelog "$@"')
        self._tool("pip", f'echo "$@" >> "{folder}/installed"')
        self._tool(
            "python3", '[ "$1 $2" = "-m venv" ] && mkdir -p "$3/bin" && : > "$3/bin/activate"'
        )

    def _tool(self, name: str, script: str) -> None:
        file = self.tools / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def push(self, *refs: str) -> str:
        self.work.git("push", "-q", "--force", "origin", *refs)
        return self.work.rev_parse()

    def commit(self, letter: str, message: str = "") -> str:
        return self.work.commit({letter: letter}, message or f"{letter}\n\nFor good reasons.")

    def start(
        self, name: str, job: Job, system: str, at: Situation, extra: Mapping[str, str]
    ) -> "subprocess.Popen[str]":
        runner = self.folder / name
        clone = self.server.clone(name, f"--branch={at.branch}")
        clone.git("checkout", "-q", "--detach")
        told = environment(system, at, self._files(name))
        known = {
            name: value
            for name, value in job.variables.items()
            if name not in SECRETS and not re.search(r"[%{<]", value)
        }
        path = f"{self.tools}{os.pathsep}{os.environ['PATH']}"
        return subprocess.Popen(
            ["bash", "-e", "-c", job.commands],
            cwd=runner,
            env=uncovered() | known | told | {"PATH": path} | dict(extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def _files(self, name: str) -> Path:
        folder = self.folder / f"{name}.event"
        folder.mkdir()
        return folder


def _ended(process: "subprocess.Popen[str]", status: int = 0) -> str:
    said, _ = process.communicate(timeout=300)
    assert process.returncode == status, said
    return said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the files are for runners with a POSIX shell")
@pytest.mark.parametrize(("file", "system"), RUNS, ids=[system for _, system in RUNS])
def test_a_pipeline_twice_at_once_and_after_a_force_push(
    file: File, system: str, tmp_path: Path
) -> None:
    """Each commit that is pushed has its row once, whatever the runs that were told of it."""
    hosting, publish = Hosting(tmp_path), _jobs(file)["publish"]
    begin = hosting.work.rev_parse()
    before = hosting.commit("a")
    pushed = hosting.commit("b")
    hosting.push("HEAD:refs/heads/main")
    with Sandbox() as sandbox:
        values = (sandbox.url, str(LOG_ID), TOKEN)
        given = dict(zip(SECRETS, values, strict=True))
        at = Situation("push", "main", begin, pushed)
        runs = [hosting.start(f"runner{n}", publish, system, at, given) for n in range(2)]
        for run in runs:
            _ended(run)
        body = sandbox.page(LOG_ID).storage
        assert [body.count(f"cl1-{commit}-") for commit in (before, pushed)] == [1, 1]
        hosting.work.git("reset", "-q", "--hard", before)
        forced = hosting.commit("c")
        hosting.push("HEAD:refs/heads/main")
        at = Situation("push", "main", pushed, forced)
        _ended(hosting.start("runner2", publish, system, at, given))
        body = sandbox.page(LOG_ID).storage
        assert [body.count(f"cl1-{commit}-") for commit in (before, forced)] == [1, 1]
        assert body.count(f"cl1-{pushed}-") <= 1
    installed = (tmp_path / "installed").read_text(encoding="utf-8")
    assert installed == f"install --quiet {ADDRESS}\n" * 3


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the files are for runners with a POSIX shell")
@pytest.mark.parametrize(("file", "system"), RUNS, ids=[system for _, system in RUNS])
def test_a_request_is_refused_until_it_says_why(file: File, system: str, tmp_path: Path) -> None:
    hosting, check = Hosting(tmp_path), _jobs(file)["check"]
    base = hosting.work.rev_parse()
    hosting.work.checkout("feature", new=True)
    kind = "pull request" if has(system, "pull request") else "create"
    hosting.commit("f", "fix")
    for number, status in enumerate((1, 0)):
        head = hosting.push("feature", "HEAD:refs/pull/7/head")
        at = Situation(kind, "feature", base, head)
        run = hosting.start(f"runner{number}", check, system, at, {})
        said = _ended(run, status)
        assert ("[reason-missing]" in said) == bool(status)
        assert ("As the log will show them:" in said) == (not status)
        hosting.work.git("commit", "-q", "--amend", "-m", "Raise it\n\nThe report needs it.")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="it is for runners with a POSIX shell")
def test_the_action(tmp_path: Path) -> None:
    (page,) = _yaml("action.yml")
    (step,) = page["runs"]["steps"]
    hosting = Hosting(tmp_path)
    base = hosting.work.rev_parse()
    hosting.work.checkout("feature", new=True)
    hosting.commit("f", "fix")
    at = Situation(
        "pull request", "feature", base, hosting.push("feature", "HEAD:refs/pull/7/head")
    )
    inputs = {
        "CHANGELOG_COMMAND": page["inputs"]["command"]["default"],
        "CHANGELOG_VERSION": str(PROJECT),
        "CHANGELOG_ARGUMENTS": "--report junit=check.xml",
        "RUNNER_TEMP": str(tmp_path),
    }
    assert set(step["env"]) == set(inputs) - {"RUNNER_TEMP"}
    job = Job(step["run"], {})
    said = _ended(hosting.start("runner", job, "GitHub Actions", at, inputs), 1)
    assert "[reason-missing]" in said
    assert (tmp_path / "runner" / "check.xml").is_file()
    assert (tmp_path / "installed").read_text(encoding="utf-8") == f"install --quiet {PROJECT}\n"
