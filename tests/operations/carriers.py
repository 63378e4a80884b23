"""Who carries our hooks to Git: its own folder of hooks, pre-commit, or prek."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from operations.shared import SCRIPTS, TAG, run
from support.repositories import Repo

CARRIERS = ("native", "pre-commit", "prek")

HOOK_IDS = ("check", "installed", "push", "publish", "merge", "rewrite")
"""All of the manifest but `template`: it is for the editor, which these tests do not open."""
SERVER_HOOKS = ("pre-receive", "post-receive")

_PREPARE = {"pre-commit": ("pre-commit", "install-hooks"), "prek": ("prek", "prepare-hooks")}
_HOMES = {"pre-commit": "PRE_COMMIT_HOME", "prek": "PREK_HOME"}


def configuration(project: Path) -> str:
    """Return the text of .pre-commit-config.yaml."""
    hooks = [{"id": f"confluence-changelog-{name}"} for name in HOOK_IDS]
    return yaml.safe_dump({"repos": [{"repo": str(project), "rev": TAG, "hooks": hooks}]})


def prepare(carrier: str, project: Path) -> Callable[[Path], None]:
    """Return what makes the home of a hook manager, with the environment of our hooks in it."""

    def make(home: Path) -> None:
        repo = Repo.init(home.with_name(f"{home.name}-first-user"))
        repo.commit({".pre-commit-config.yaml": configuration(project)}, "Begin")
        program, *words = _PREPARE[carrier]
        variable = {_HOMES[carrier]: str(home)}
        run(str(SCRIPTS / program), *words, folder=repo.path, **variable)
        shutil.rmtree(repo.path, ignore_errors=True)

    return make


def install(carrier: str, repo: Repo, project: Path) -> None:
    """Have a carrier run our hooks in a repository."""
    if carrier == "native":
        hooks = [file for file in (project / "hooks").iterdir() if file.name not in SERVER_HOOKS]
        for file in hooks:
            repo.hook(file.name, file.read_text(encoding="utf-8").partition("\n")[2])
        return
    stages = [
        word
        for hook in yaml.safe_load((project / ".pre-commit-hooks.yaml").read_text("utf-8"))
        if hook["id"].removeprefix("confluence-changelog-") in HOOK_IDS
        for word in ("-t", *hook["stages"])
    ]
    run(str(SCRIPTS / carrier), "install", *stages, folder=repo.path)


def use(carrier: str, home: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables under which Git finds the programs of a carrier's hooks."""
    monkeypatch.setenv("PATH", str(SCRIPTS), prepend=os.pathsep)
    if home is not None:
        monkeypatch.setenv(_HOMES[carrier], str(home))
