"""Which plugins may be loaded: those that the user or the job names, and that are installed.

``CONFLUENCE_CHANGELOG_PLUGINS`` names them, or ``confluence-changelog.plugins`` in the user's or the
machine's Git configuration. A file of the repository never does, nor its own Git configuration:
whoever made the folder decides what stands there.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from confluence_changelog.errors import GitError
from confluence_changelog.git import user_setting

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

VARIABLE = "CONFLUENCE_CHANGELOG_PLUGINS"
SETTING = "confluence-changelog.plugins"
GROUP = "confluence_changelog"


def allowed(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the names of the plugins that may be loaded, each once.

    The variable comes first; where it is set and empty there are none.
    """
    text = environment.get(VARIABLE)
    if text is None:
        try:
            text = user_setting(SETTING)
        except GitError:  # there is no Git, and so no configuration of it
            text = ""
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))


def said_by(environment: Mapping[str, str] = os.environ) -> str:
    """Return what allows plugins here, as errors name it."""
    return VARIABLE if VARIABLE in environment else f"{SETTING} in your Git configuration"


def installed() -> "dict[str, EntryPoint]":
    """Return the plugins that are installed, by name; none of them is loaded.

    The present folder is left out, which Python searches when it runs a module: it holds files of
    the repository.
    """
    from importlib.metadata import distributions  # nobody pays for it who allows no plugin

    here = Path.cwd()
    path = [folder for folder in sys.path if folder and Path(folder).resolve() != here]
    points = [
        point
        for distribution in distributions(path=path)
        for point in distribution.entry_points
        if point.group == GROUP
    ]
    return {point.name: point for point in reversed(points)}  # the first on the path is imported
