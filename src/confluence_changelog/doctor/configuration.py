"""The configuration: whether it is there and valid, what is unusual in it, and its scope."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from confluence_changelog.advice import untold
from confluence_changelog.branches import published
from confluence_changelog.config import FILE_NAME, find_file, load
from confluence_changelog.doctor.check import Findings
from confluence_changelog.errors import ChangelogError
from confluence_changelog.git import Repository
from confluence_changelog.plugins.allowed import allowed
from confluence_changelog.plugins.fields import filled
from confluence_changelog.plugins.load import plugins
from confluence_changelog.plugins.rules import extra_rules
from confluence_changelog.pushed import bare_config
from confluence_changelog.refusal import printable
from confluence_changelog.scope import commit_judges, instant, since_commit, withdrawn_judge
from confluence_changelog.settings import Config, Scope
from confluence_changelog.text import plain

GROUP = "Configuration"
_EXPECTED = (
    *(
        "page.url",
        "page.id",
        "page.flavour",
        "table.number",
        "table.heading",
        "table.anchor",
        "table.columns",
        "row.commit_url",
    ),
    *("scope.branches", "scope.since", "scope.paths"),
)
"""What most configurations set; and each team has a policy of its own."""
_SHORT_DEADLINE = 20


def examine(findings: Findings, repository: Repository | None, file: Path | None) -> Config | None:
    """Look at the configuration; return it, or the defaults where there is no file, or None.

    Args:
        findings: where the checks go.
        repository: the repository, if there is one.
        file: the file that was named, if one was.

    """
    try:
        path = file or (find_file(repository.root) if repository else None)
        in_branch = bare_config(repository) if repository and not path else None
        config = load(path) if path else in_branch or Config()
    except ChangelogError as error:
        findings.failed(GROUP, "file", error)
        findings.skipped(GROUP, "scope", "the configuration is wrong")
        return None
    if path:
        findings.ok(GROUP, "file", f"{printable(path)} is valid.")
    elif in_branch:
        findings.ok(GROUP, "file", "The configuration on the branch of HEAD is valid.")
    else:
        findings.warning(
            GROUP,
            "file",
            f"There is no {FILE_NAME}, so that hooks do nothing: make one; it may be empty.",
        )
    if not config.log:
        examine_log(findings, repository, config)
    return config


def examine_log(findings: Findings, repository: Repository | None, config: Config) -> None:
    """Look at what is said of one log."""
    _unusual(findings, config)
    _plugins(findings, config)
    if repository is None:
        findings.skipped(GROUP, "scope", "there is no repository")
    else:
        _scope(findings, repository, config.scope)


def _unusual(findings: Findings, config: Config) -> None:
    changed = [name for name in _changed(config) if name not in _EXPECTED]
    if changed:
        findings.ok(GROUP, "unusual", f"Not at their defaults: {', '.join(changed)}.")
    if config.page.deadline < _SHORT_DEADLINE:
        findings.warning(
            GROUP,
            "deadline",
            f"`page.deadline` is {config.page.deadline} s, in which a conflict may not be solved: the "
            f"default is {Config().page.deadline}.",
        )
    if config.table.columns:
        for fact, text in untold(tuple(config.table.columns.values())):
            findings.warning(GROUP, f"no-{fact}", text)


def _plugins(findings: Findings, config: Config) -> None:
    """Load the plugins that are allowed, and see whether they give what the columns show."""
    try:
        plugins()
        filled((), config.table)
        extra_rules()
    except ChangelogError as error:
        findings.failed(GROUP, "plugins", error)
        return
    if names := allowed():
        findings.ok(GROUP, "plugins", f"Allowed plugins: {plain(', '.join(names))}.")


def _changed(config: Config) -> Iterator[str]:
    for section, default in Config()._replace(policy=config.policy)._asdict().items():
        if section == "log":
            continue
        values = getattr(config, section)
        for key, value in default._asdict().items():
            if getattr(values, key) != value:
                yield f"{section}.{key}"


def _scope(findings: Findings, repository: Repository, scope: Scope) -> None:
    try:
        commit_judges(scope)
        withdrawn_judge(repository, scope)
        start = since_commit(repository, scope.since)
        first = None if start else instant(scope.since)
        names = published(repository, scope.branches).names
    except ChangelogError as error:
        findings.failed(GROUP, "scope", error)
        return
    findings.ok(GROUP, "scope", f"Published branches: {plain(', '.join(names))}.")
    if not scope.since:
        findings.warning(
            GROUP,
            "since",
            "`scope.since` is not set, so that nothing says where the log begins, and the first "
            "publication of many commits has to be told --range: set it to a date or a commit.",
        )
    elif first and first > datetime.now(UTC):
        findings.warning(
            GROUP,
            "since",
            f"`scope.since` is {scope.since}, which is yet to come: no commit has a row till then.",
        )
    else:
        findings.ok(GROUP, "since", f"The log begins after {plain(scope.since)}.")
    if scope.heal:
        findings.ok(GROUP, "heal", f"What was missed in the last {scope.heal} days is added.")
    else:
        findings.warning(
            GROUP,
            "heal",
            "`scope.heal` is 0, so that what a publication missed is never added: audit finds it.",
        )
