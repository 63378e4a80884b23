"""What the configuration of a hook manager must say to run our hooks. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from confluence_changelog.errors import UsageError
from confluence_changelog.hooks.stages import Stage


class UneditableError(UsageError):
    """The file is right, perhaps, but not in a form that can be edited for certain."""


class Source(NamedTuple):
    """Where a hook manager gets the hooks from."""

    repo: str
    """Address or path of a clone of this project."""
    rev: str
    """A tag or a commit."""

    def lines(self, stages: Sequence[Stage]) -> list[str]:
        """Return the item of ``repos`` in YAML."""
        return [
            f"- repo: {_scalar(self.repo)}",
            f"  rev: {_scalar(self.rev)}",
            "  hooks:",
            *(f"    - id: {stage.id}" for stage in stages),
        ]


UNKNOWN = Source("https://git.example.com/where-you-keep/confluence-changelog", "v0.0.0")
"""Stands for a source that is not known."""


def whole(stages: Sequence[Stage], source: Source) -> str:
    """Return a whole ``.pre-commit-config.yaml``."""
    types = ", ".join(dict.fromkeys(("pre-commit", *(stage.name for stage in stages))))
    lines = [
        f"default_install_hook_types: [{types}]",
        "repos:",
        *(f"  {line}" for line in source.lines(stages)),
    ]
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """Return a text as YAML, plain where nothing in it has a meaning of its own."""
    is_plain = text[:1].isalpha() or text[:1] == "/"
    if is_plain and not any(mark in text for mark in (": ", " #", "'", '"', "\\")):
        return text
    return "'" + text.replace("'", "''") + "'"
