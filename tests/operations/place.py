"""What the tests of operations do and look at."""

import subprocess
from dataclasses import dataclass

from confluence_changelog import lock
from confluence_changelog.sandbox import LOG_ID, Sandbox
from support.hooked import eventually, folder, logged, noted
from support.repositories import Repo

WHY = "\n\nThe old one leaves on Friday, and nobody would find it."


@dataclass(frozen=True, slots=True)
class Place:
    """A clone whose remote's branch main is published to a page of the sandbox."""

    carrier: str
    repo: Repo
    origin: Repo
    sandbox: Sandbox

    def change(self, name: str, text: str = "1", *options: str) -> str:
        """Commit a file with a message that passes; return the id."""
        return self.repo.commit({name: text}, f"Set {name} to {text}{WHY}", *options)

    def slip(self, name: str, *options: str) -> str:
        """Commit a file with a message that says nothing, past the check; return the id."""
        return self.repo.commit({name: "1"}, "wip", "--no-verify", *options)

    def refused(self, *command: str) -> str:
        """Run a command of Git that our check must refuse; return what was said."""
        done = self.repo.run(*command)
        said = _said(done)
        assert done.returncode != 0, said
        assert "[subject-" in said or "[reason-" in said or "[secret]" in said, said
        return said

    def appears(self, *ids: str) -> None:
        """Wait until these are the rows of the log, from top to bottom, and nothing is pending."""
        eventually(lambda: logged(self.sandbox) == [*ids] and not noted(self.repo))
        eventually(lambda: not lock.is_held(folder(self.repo) / "lock"))

    def nothing_pends(self) -> bool:
        """Tell whether no commit waits for a row; the hooks have ended when Git has."""
        return not noted(self.repo)

    def publications(self) -> int:
        """Return how often the page was written."""
        return self.sandbox.page(LOG_ID).latest - 1

    def colleague(self) -> Repo:
        """Return a clone of the remote without our hooks."""
        return self.origin.clone("colleague")


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stderr + done.stdout).decode(errors="replace")
