"""What the pre-commit stage sees: configuration that is staged."""

import os

from confluence_changelog.config import FILE_NAME, PYPROJECT
from confluence_changelog.demands import demands
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import Repository, run
from confluence_changelog.logs import each_log
from confluence_changelog.message import parse_message
from confluence_changelog.policy import violations
from confluence_changelog.pushed import staged_config
from confluence_changelog.scope import select
from confluence_changelog.settings import Config


def check_staged(repository: Repository) -> None:
    """Raise ConfigurationError for staged configuration that could not be used."""
    names = ["diff", "--cached", "--name-only", "--no-renames", "--", FILE_NAME, PYPROJECT]
    config = staged_config(repository) if run(repository, names) else None
    if config is None:
        return
    for log in each_log(config):
        select(repository, [], log.scope)
    if config.policy.example:
        asked = demands(Config(policy=config.policy._replace(paths=())), list)
        found = violations(parse_message(config.policy.example), asked) if asked else []
        for violation in found:
            raise ConfigurationError(
                f"`policy.example` does not pass the policy that it is to explain: {violation.text}"
            )


def is_committing() -> bool:
    """Tell whether Git runs this for a commit, not a person or CI over all files."""
    return "GIT_INDEX_FILE" in os.environ
