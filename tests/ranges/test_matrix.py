"""Every CI system in every situation that it has: real servers, real clones, the range that is right."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from confluence_changelog.collect import collect, found_commits
from confluence_changelog.git import open_repository
from confluence_changelog.ranges.find import Found, read_event, to_publish
from confluence_changelog.settings import Config, Scope
from ranges.environments import (
    SYSTEMS,
    TELLS_BEFORE,
    TELLS_NEW,
    ZEROS,
    Situation,
    environment,
    has,
)
from support.repositories import Repo

LATER = datetime(2026, 11, 1, tzinfo=UTC)
"""Long after all commits, so that none of them is recent."""


class World(NamedTuple):
    """A server, what happened there, and the commits by their subjects."""

    server: Repo
    at: Situation
    pushed: str
    """Subjects of what the push brought, newest first, by their letters."""
    whole: str
    """Subjects of the scope itself: all of the branch after the first commit."""


class Builder:
    """Two clones of one server: somebody's, and the runner's."""

    def __init__(self, folder: Path) -> None:
        self.server = Repo.init(folder / "server.git", bare=True)
        self.work = Repo.init(folder / "work")
        self.work.git("remote", "add", "origin", self.server.path.as_uri())
        self.commit("r")
        self.commit("a")
        self.push("main")

    def commit(self, letter: str) -> str:
        return self.work.commit({f"{letter}.conf": letter}, f"{letter}\n\nBecause of {letter}.")

    def push(self, *refs: str) -> str:
        self.work.git("push", "-q", "--force", "origin", *refs)
        return self.work.rev_parse()


def _push(builder: Builder) -> World:
    before = builder.work.rev_parse()
    builder.commit("b")
    builder.commit("c")
    at = Situation("push", "main", before, builder.push("main"))
    return World(builder.server, at, "cb", "cba")


def _merge(builder: Builder) -> World:
    builder.work.checkout("feature", new=True)
    builder.commit("f")
    builder.commit("g")
    builder.work.checkout("main")
    builder.commit("b")
    before = builder.push("main")
    builder.work.merge("feature", message="m")
    at = Situation("push", "main", before, builder.push("main"))
    return World(builder.server, at, "mgf", "mgfba")


def _squash(builder: Builder) -> World:
    before = builder.work.rev_parse()
    builder.work.checkout("feature", new=True)
    builder.commit("f")
    builder.commit("g")
    builder.push("feature")
    builder.work.checkout("main")
    builder.work.git("merge", "-q", "--squash", "feature")
    builder.commit("s")
    at = Situation("push", "main", before, builder.push("main"))
    return World(builder.server, at, "s", "sa")


def _rebase(builder: Builder) -> World:
    before = builder.commit("b")
    builder.push("main")
    builder.work.checkout("HEAD~1")
    builder.commit("f")
    builder.work.git("rebase", "-q", "main")
    builder.work.git("branch", "-qf", "main")
    at = Situation("push", "main", before, builder.push("main"))
    return World(builder.server, at, "f", "fba")


def _force(builder: Builder) -> World:
    """What was there before is on no branch any more; it has the letter a, so that is not new."""
    before = builder.commit("b")
    builder.push("main")
    builder.work.git("reset", "-q", "--hard", "HEAD~1")
    builder.commit("c")
    at = Situation("push", "main", before, builder.push("main"))
    return World(builder.server, at, "c", "ca")


def _gone(builder: Builder) -> World:
    """What was there before is gone for good, so that only the log can tell what is new."""
    world = _force(builder)
    builder.server.git("reflog", "expire", "--expire=now", "--all")
    builder.server.git("gc", "-q", "--prune=now")
    return world._replace(pushed="ca")


def _again(builder: Builder) -> World:
    """An old run is repeated: what it pushed was replaced meanwhile, and is published no more."""
    world = _push(builder)
    builder.work.git("reset", "-q", "--hard", "HEAD~2")
    builder.commit("d")
    builder.push("main")
    return world._replace(pushed="", whole="da")


def _behind(builder: Builder) -> World:
    """Others pushed before this run began; their runs publish what is theirs."""
    world = _push(builder)
    builder.commit("d")
    builder.push("main")
    return world._replace(whole="dcba")


def _create(builder: Builder) -> World:
    builder.work.checkout("release/1", new=True)
    builder.commit("b")
    at = Situation("create", "release/1", ZEROS, builder.push("release/1"))
    return World(builder.server, at, "b", "ba")


def _first(builder: Builder) -> World:
    at = Situation("create", "main", ZEROS, builder.push("main"))
    return World(builder.server, at, "a", "a")


def _other_branch(builder: Builder) -> World:
    before = builder.work.rev_parse()
    builder.work.checkout("feature", new=True)
    builder.commit("b")
    at = Situation("push", "feature", before, builder.push("feature"))
    return World(builder.server, at, "", "")


def _delete(builder: Builder) -> World:
    at = Situation("delete", "feature", builder.work.rev_parse(), ZEROS)
    return World(builder.server, at, "", "")


def _tag(builder: Builder) -> World:
    builder.work.tag("v1")
    builder.push("v1")
    at = Situation("tag", "", ZEROS, builder.work.rev_parse())
    return World(builder.server, at, "", "")


def _pull_request(builder: Builder) -> World:
    before = builder.work.rev_parse()
    builder.work.checkout("feature", new=True)
    builder.commit("b")
    at = Situation("pull request", "feature", before, builder.push("feature"))
    return World(builder.server, at, "", "")


def _queue(builder: Builder) -> World:
    before = builder.work.rev_parse()
    builder.work.checkout("queue/main/7", new=True)
    builder.commit("b")
    at = Situation("queue", "queue/main/7", before, builder.push("queue/main/7"))
    return World(builder.server, at, "", "")


def _manual(builder: Builder) -> World:
    builder.commit("b")
    at = Situation("manual", "main", "", builder.push("main"))
    return World(builder.server, at, "ba", "ba")


def _schedule(builder: Builder) -> World:
    return _manual(builder)._replace(at=Situation("schedule", "main", "", builder.work.rev_parse()))


WORLDS: Mapping[str, Callable[[Builder], World]] = {
    "push": _push,
    "merge": _merge,
    "squash": _squash,
    "rebase": _rebase,
    "force push": _force,
    "force push, and what was before is gone": _gone,
    "re-run after a force push": _again,
    "run behind later pushes": _behind,
    "new branch": _create,
    "first push": _first,
    "unpublished branch": _other_branch,
    "deleted branch": _delete,
    "tag": _tag,
    "pull request": _pull_request,
    "merge queue": _queue,
    "manual": _manual,
    "schedule": _schedule,
}
CLONES: Mapping[str, tuple[str, ...]] = {
    "full": (),
    "depth 1": ("--depth=1",),
    "one branch": ("--single-branch",),
    "blobless": ("--filter=blob:none",),
}


def _runner(world: World, folder: Path, options: tuple[str, ...]) -> Repo:
    """Check out what the event is about, detached, as runners do."""
    branch = world.at.branch if world.at.kind not in ("tag", "delete") else "main"
    clone = world.server.clone("runner", *options, f"--branch={branch}")
    clone.git("checkout", "-q", "--detach")
    clone.git("branch", "-q", "-D", branch)
    clone.git("remote", "set-head", "origin", "--delete")
    return clone


def _letters(repository: Repo, found: Found, config: Config) -> str:
    opened = open_repository(repository.path)
    commits = collect(opened, found_commits(opened, found), config, on=found.on)
    return "".join(entry.subject for entry in commits.entries)


def _config(builder: Builder) -> Config:
    root = builder.work.git("rev-list", "--max-parents=0", "--all").split()[0]
    return Config(scope=Scope(branches=("main", "release/*"), since=root, merges=True, heal=0))


@pytest.fixture
def builder(tmp_path: Path) -> Builder:
    builder = Builder(tmp_path)
    builder.server.git("config", "uploadpack.allowFilter", "true")
    return builder


def _expected(world: World, system: str) -> str:
    if system == "TeamCity" and world.at.branch == "feature" and world.at.kind == "push":
        return "a"  # the branch is in no variable, so it is the scope of the published one
    is_new = world.at.kind == "create"
    tells = TELLS_NEW if is_new else TELLS_BEFORE
    return world.pushed if system in tells else world.whole


KINDS = {
    "new branch": "create",
    "first push": "create",
    "deleted branch": "delete",
    "tag": "tag",
    "pull request": "pull request",
    "merge queue": "queue",
    "manual": "manual",
    "schedule": "schedule",
}
"""The worlds that are no plain push."""
RUNS = [
    (system, name) for system in SYSTEMS for name in WORLDS if has(system, KINDS.get(name, "push"))
]


@pytest.mark.slow
@pytest.mark.parametrize(("system", "name"), RUNS)
def test_the_range_is_right(system: str, name: str, builder: Builder, tmp_path: Path) -> None:
    world = WORLDS[name](builder)
    config = _config(builder)
    runner = _runner(world, tmp_path, ())
    event = read_event(environment(system, world.at, tmp_path))
    assert event is not None
    assert event.system == system
    found = to_publish(open_repository(runner.path), config, event, LATER)
    assert _letters(runner, found, config) == _expected(world, system), found.steps


@pytest.mark.slow
@pytest.mark.parametrize("clone", ["depth 1", "one branch", "blobless"])
@pytest.mark.parametrize(
    "name", ["push", "merge", "force push", "re-run after a force push", "new branch", "manual"]
)
@pytest.mark.parametrize("system", ["GitHub Actions", "GitLab CI", "Bitbucket Pipelines"])
def test_a_clone_gets_what_it_lacks(
    system: str, name: str, clone: str, builder: Builder, tmp_path: Path
) -> None:
    world = WORLDS[name](builder)
    config = _config(builder)
    runner = _runner(world, tmp_path, CLONES[clone])
    found = to_publish(
        open_repository(runner.path),
        config,
        read_event(environment(system, world.at, tmp_path)),
        LATER,
    )
    assert _letters(runner, found, config) == _expected(world, system), found.steps
