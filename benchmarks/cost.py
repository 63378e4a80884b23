"""What a hook costs whoever commits: whole processes, from start to end."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import peers
from measure import Case, Times, interleave
from peers import OURS, PEERS, PROJECT
from report import Section
from sizes import SIZES

from confluence_changelog import lock, notes

_PYTHON = "`python -c pass`"
_COMMIT = "a commit without hooks"
_OURS = "ours: `check`, as installed"
_PATHS = "ours: `check`, with `paths` and a ticket"
_NOTE = "ours: the post-commit hook"

_MESSAGE = """\
feat: move the primary resolver to 192.0.2.53 (CHG-1042)

The old resolver leaves the data centre on Friday; clients that still
ask it would lose name resolution.
"""
_UNDOCUMENTED = "WIP\n"
_PATIENCE = 60.0
_DEADLINE = "[page]\ndeadline = 1\n"
_WITH_PATHS = (
    '[scope]\npaths = ["*.conf", "network/"]\n\n'
    "[policy]\nsubject_length = 80\nticket = '\\bCHG-[0-9]+\\b'\n"
)
_ABOUT = """\
Whole processes, by the wall clock. Each program checks the same message, which it lets pass, by its own \
default rules and as its own commit-msg hook calls it; that it refuses “WIP” is made sure of first. Each \
is installed from a wheel into a virtual environment of its own, ours without a plugin: {versions}. Bare \
Python is the interpreter of these environments. With `paths` ours reads a configuration and asks Git \
what is staged. The commits are empty ones, in a repository whose only hook is the one that is named, as \
Git's own hook without a hook manager. The post-commit hook notes the commit and starts a publisher, \
which finds no Confluence and has ended before the next measurement. What a hook adds is the median of \
the differences to the commit without hooks in the same round."""
_HEADER = (
    "",
    "time",
    "ratio to Python",
    "commit with it",
    "ratio to one without hooks",
    "the hook adds",
)


class Place(NamedTuple):
    """A repository with a configuration, and the environment of its hooks."""

    root: Path
    environment: Mapping[str, str]

    def run(self, *command: str, passes: bool = True) -> None:
        """Run a program here; RuntimeError when it does not end as it must."""
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, check=False
        )
        if (done.returncode == 0) != passes:
            said = (done.stderr + done.stdout).decode(errors="replace")
            raise RuntimeError(f"{command} ended with {done.returncode}: {said}")

    def commit(self, hooks: str) -> None:
        """Make an empty commit with the hooks of a folder; with none where it is empty."""
        self.run(
            *("git", "-c", f"core.hooksPath={hooks or os.devnull}", "commit", "--only"),
            *("-q", "--allow-empty", "-F", "../message"),
        )


def measure(size: str) -> Section:
    """Measure and return the results."""
    peers.install()
    with tempfile.TemporaryDirectory() as name, socket.socket() as nowhere:
        nowhere.bind(("127.0.0.1", 0))  # nobody listens: who connects is refused at once
        folder = Path(name)
        environment = _environment(nowhere.getsockname()[1])
        for file, text in (("message", _MESSAGE), ("undocumented", _UNDOCUMENTED)):
            (folder / file).write_text(text, encoding="utf-8")
        plain, paths, noted = (
            _place(folder / name, environment, configuration)
            for name, configuration in (("plain", ""), ("paths", _WITH_PATHS), ("noted", _DEADLINE))
        )
        _make_sure(plain)
        cases = _alone(plain, paths) | _commits(plain, paths, noted)
        settle = partial(_settle, noted.root / ".git")
        times = interleave(cases, SIZES[size].starts, _PYTHON, settle=settle)
    versions = ", ".join(f"{each.package} {each.version}" for each in PEERS)
    names = [_PYTHON, _COMMIT, _OURS, _PATHS, _NOTE, *(each.package for each in PEERS)]
    rows = [_row(name, times) for name in names]
    return Section("Cost of a commit", _ABOUT.format(versions=versions), _HEADER, rows)


def _environment(port: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    kept.pop("CI", None)
    return kept | {
        "PATH": peers.path(),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "CONFLUENCE_URL": f"http://127.0.0.1:{port}",
        "CONFLUENCE_PAGE": "1",
        "CONFLUENCE_TOKEN": "none",
    }


def _place(root: Path, environment: Mapping[str, str], configuration: str) -> Place:
    """Make a repository with one commit and one staged change."""
    place = Place(root, environment)
    root.mkdir()
    place.run("git", "init", "-q", "-b", "main")
    for key, value in (("user.name", "Ada Example"), ("user.email", "ada@example.com")):
        place.run("git", "config", key, value)
    (root / "confluence-changelog.toml").write_text(configuration, encoding="utf-8")
    place.run("git", "add", ".")
    place.commit("")
    (root / "dns.conf").write_text("resolver = 192.0.2.53\n", encoding="utf-8")
    place.run("git", "add", ".")
    return place


def _make_sure(place: Place) -> None:
    """Make sure that each program does judge messages."""
    for program in (OURS, *PEERS):
        place.run(*program.command, "../message")
        place.run(*program.command, "../undocumented", passes=False)


def _alone(plain: Place, paths: Place) -> dict[str, Case]:
    """Return what is run without Git; a program goes by its name alone."""
    python = str(OURS.folder / "python")
    cases: dict[str, Case] = {_PYTHON: lambda: plain.run(python, "-c", "pass")}
    for name, program, place in _checks(plain, paths):
        cases[name] = partial(place.run, *program.command, "../message")
    return cases


def _commits(plain: Place, paths: Place, noted: Place) -> dict[str, Case]:
    """Return commits, each with one hook."""
    hooks = PROJECT / "hooks"
    texts = {"post-commit": (hooks / "post-commit").read_text(encoding="utf-8")}
    cases: dict[str, Case] = {_COMMIT: partial(plain.commit, "")}
    cases[_with(_NOTE)] = partial(noted.commit, _hooks(noted, _NOTE, texts))
    for name, program, place in _checks(plain, paths):
        script = f'#!/bin/sh\nexec {" ".join(program.command)} "$@"\n'
        cases[_with(name)] = partial(
            place.commit, _hooks(place, program.package, {"commit-msg": script})
        )
    return cases


def _checks(plain: Place, paths: Place) -> list[tuple[str, peers.Program, Place]]:
    return [
        (_OURS, OURS, plain),
        (_PATHS, OURS, paths),
        *((each.package, each, plain) for each in PEERS),
    ]


def _hooks(place: Place, name: str, texts: Mapping[str, str]) -> str:
    """Make a folder of hooks; return its path."""
    folder = place.root / ".git" / "hooks-of" / name.replace(" ", "-").replace("`", "")
    folder.mkdir(parents=True)
    for stage, text in texts.items():
        (folder / stage).write_text(text, encoding="utf-8", newline="\n")
        (folder / stage).chmod(0o755)
    return str(folder)


def _settle(git_dir: Path, name: str) -> None:
    """Wait until the publisher that a hook has started gave up, and take its note away."""
    if name != _with(_NOTE):
        return
    home = notes.home(git_dir)
    end = time.monotonic() + _PATIENCE
    while notes.read_failure(git_dir) is None or lock.is_held(home / "lock"):
        if time.monotonic() > end:
            raise RuntimeError("the publisher in the background did not end")
        time.sleep(0.05)
    shutil.rmtree(home)


def _with(name: str) -> str:
    return f"a commit with {name}"


def _row(name: str, times: Mapping[str, Times]) -> list[str]:
    """Return a row: the program alone, and the commit with its hook."""
    alone = times.get(name) if name != _COMMIT else None
    commit = times.get(name if name == _COMMIT else _with(name))
    cells = [name, *([alone.shown, alone.ratio] if alone else ["", ""])]
    if commit is None:
        return [*cells, "", "", ""]
    without = times[_COMMIT].seconds
    compared = commit.to(without)
    added = [mine - its for mine, its in zip(commit.seconds, without, strict=True)]
    adds = "" if name == _COMMIT else f"{median(added) * 1000:,.1f} ms"
    return [*cells, compared.shown, compared.ratio, adds]
