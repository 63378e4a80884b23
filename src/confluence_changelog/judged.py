"""What the pre-push hook found that a hook manager kept, for the manager's own stage after it.

The kept hook sees all refs of a push; the stage, right after it, sees one of them. So that nothing is
checked, said and sent off twice, the hook leaves its verdict in the Git folder, and the stage takes
it. The verdict is of these ids, to this remote, by this configuration and version: where any of them
is another, the stage checks for itself.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from confluence_changelog import __version__
from confluence_changelog.errors import EXIT_FINDINGS, EXIT_OK
from confluence_changelog.files import put
from confluence_changelog.notes import home
from confluence_changelog.pushed import Update
from confluence_changelog.settings import Config

_NAME = "pushed.json"


def leave(common_dir: Path, remote: str, configs: Mapping[Update, Config], status: int) -> None:
    """Leave the exit status of the check of a push, whose refs these configurations bind."""
    refs = [_named(remote, *item) for item in configs.items()]
    data = {"refs": refs, "status": status}
    home(common_dir).mkdir(parents=True, exist_ok=True)
    put(home(common_dir) / _NAME, json.dumps(data).encode())


def take(common_dir: Path, remote: str, configs: Mapping[Update, Config]) -> int | None:
    """Return the exit status that was left for a push with these refs, and remove it; else None."""
    file = home(common_dir) / _NAME
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        file.unlink()
        fits = all(_named(remote, *item) in data["refs"] for item in configs.items())
        status = data["status"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return status if fits and configs and status in (EXIT_OK, EXIT_FINDINGS) else None


def forget(common_dir: Path) -> None:
    """Remove a verdict that nobody took, and our folder where it is empty then."""
    folder = home(common_dir)
    (folder / _NAME).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _named(remote: str, update: Update, config: Config) -> str:
    """Return what stands for a ref, and all that its verdict depends on.

    Where it was on the remote is not told by hook managers as Git tells it.
    """
    facts = (__version__, remote, update.new, update.ref, config)
    return sha256(repr(facts).encode("utf-8", "replace")).hexdigest()
