"""The hooks of Git that carry this tool, and what each of them runs. Pure."""

from typing import NamedTuple


class Stage(NamedTuple):
    """One hook."""

    name: str
    """Git's (Git: githooks)."""
    command: str
    """What it runs: the words behind ``confluence-changelog``."""
    id: str = ""
    """Of the hook in .pre-commit-hooks.yaml; empty on servers, which have no hook manager."""
    refuses: bool = False
    """Whether it stands in the way of what is not documented; the others never fail."""
    reads: bool = False
    """Whether Git tells it something on standard input."""


_ALL = (
    Stage("pre-commit", "check --pre-commit", "confluence-changelog-installed", refuses=True),
    Stage("prepare-commit-msg", "prepare", "confluence-changelog-template"),
    Stage("commit-msg", "check", "confluence-changelog-check", refuses=True),
    Stage("post-commit", "note --post-commit", "confluence-changelog-publish"),
    Stage("post-merge", "note --post-merge", "confluence-changelog-merge"),
    Stage("post-rewrite", "note --post-rewrite", "confluence-changelog-rewrite", reads=True),
    Stage("pre-push", "check --pre-push", "confluence-changelog-push", refuses=True, reads=True),
    Stage("pre-receive", "check --pre-receive", refuses=True, reads=True),
    Stage("post-receive", "note --post-receive", reads=True),
)

STAGES = {stage.name: stage for stage in _ALL}
"""All hooks, by name."""

MANAGED = ("commit-msg", "post-commit", "pre-push")
"""Recommended under a hook manager, which makes every commit pay for every stage."""

NATIVE = ("commit-msg", "post-commit", "post-merge", "post-rewrite", "pre-push")
"""Recommended as Git's own hooks: merges and rewrites are rare, and a hook costs nothing till then."""

SERVER = ("pre-receive", "post-receive")
"""Recommended in a bare repository."""
