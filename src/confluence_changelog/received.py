"""What a push brought to the published branches of a server: what post-receive notes.

Git: githooks, "post-receive". The refs have moved when it runs, and nothing is in quarantine.
"""

import time
from collections.abc import Iterable

from confluence_changelog import rewrite, spawn
from confluence_changelog.ancestry import known
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import Repository, run
from confluence_changelog.logs import each_log
from confluence_changelog.notes import Note
from confluence_changelog.pushed import (
    Update,
    branch_tips,
    config_at,
    default_branch,
    matches,
    pre_receive_updates,
)
from confluence_changelog.settings import Config

_HEADS = "refs/heads/"


def brought(repository: Repository, lines: str) -> list[Note]:
    """Return notes of the commits that are new to a published branch.

    Published are `branches` of the configuration on the branch of HEAD, or else that branch. What a
    forced push made vanish is named by what took its place. A branch without configuration brings
    nothing; one whose configuration is broken does, and the publisher says what is wrong. Without
    CONFLUENCE_URL, see `spawn.is_meant`.
    Raises UsageError for lines that are none of Git's.
    """
    updates = [update for update in pre_receive_updates(lines) if update.ref.startswith(_HEADS)]
    default = default_branch(repository)
    central = _config(repository, f"{_HEADS}{default}")
    moved = {update.ref for update in updates}
    still = {ref: tip for ref, tip in branch_tips(repository).items() if ref not in moved}
    found: dict[str, Note] = {}
    for update in updates:
        config = _config(repository, update.new) if update.new else None
        pages = [log.page for log in each_log(config)] if config else []
        if config is None or not spawn.is_meant(" ".join(str(each) for p in pages for each in p)):
            continue
        logs = each_log(central or config)
        patterns = [name for log in logs for name in log.scope.branches or (default,)]
        if matches(update.ref, patterns):
            others = [tip for ref, tip in still.items() if matches(ref, patterns)]
            found |= {note.id: note for note in _notes(repository, update, others)}
    return list(found.values())


def _notes(repository: Repository, update: Update, others: Iterable[str]) -> list[Note]:
    """Return notes of what one branch brings; a new branch brings what no other published one has.

    For a branch that was there the others do not matter: while another push brings the same commits
    to one of them, each would leave them to the other.
    """
    old = "".join(known(repository, [update.old]))
    stops = [old] if old else sorted(known(repository, others))
    revisions = "\n".join((update.new, *(f"^{stop}" for stop in stops)))
    ids = (
        run(repository, ["rev-list", "--stdin"], revisions.encode("ascii")).decode("ascii").split()
    )
    vanished = old and rewrite.commits_since(repository, update.new, old)
    replaced = rewrite.paired(repository, old, update.new) if vanished else {}
    now = time.time()
    return [Note(commit, now, update.ref, replaced.get(commit, ())) for commit in ids]


def _config(repository: Repository, revision: str) -> Config | None:
    try:
        return config_at(repository, revision)
    except ConfigurationError:
        return Config()
