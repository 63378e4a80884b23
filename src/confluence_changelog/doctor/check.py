"""One thing that was looked at, and a list of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from confluence_changelog.errors import (
    EXIT_OK,
    EXIT_REFUSED,
    AuthenticationError,
    CaptchaError,
    ChangelogError,
    NotConfluenceError,
    RateLimitedError,
    ScopeError,
    UnreachableError,
)

Verdict = Literal["ok", "warning", "wrong", "unknown", "skipped"]
T = TypeVar("T")

_ENDS: tuple[tuple[type[ChangelogError], str], ...] = (
    (CaptchaError, "Confluence wants a CAPTCHA, and each further request makes it worse"),
    (AuthenticationError, "the credentials are not accepted"),
    (UnreachableError, "Confluence cannot be reached"),
    (NotConfluenceError, "something else answers in the place of Confluence"),
    (RateLimitedError, "Confluence wants no requests at present"),
)
"""Errors after which Confluence is asked nothing more, and how that is said."""


_CALLED = {
    "scope": "The scope",
    "reachable": "Whether it can be reached",
    "flavour": "What kind of Confluence it is",
    "version": "The version",
    "accepted": "Whether they are accepted",
    "found": "The page",
    "editable": "Whether it may be edited",
    "read-only": "Read-only mode",
    "table": "The log table",
}
"""How that is called which may stay unchecked."""


class Check(NamedTuple):
    """What was found."""

    group: str
    name: str
    """What was looked at, in a word; together with the group the same in every run."""
    verdict: Verdict
    text: str
    """A sentence, with the remedy where something is to be done."""
    status: int = EXIT_OK
    """The exit status that it calls for."""


@dataclass(slots=True)
class Findings:
    """Collects checks, and knows when to stop asking Confluence."""

    checks: list[Check] = field(default_factory=list)
    blocked: str = ""
    """Why Confluence is asked nothing more; empty while it may be asked."""

    @property
    def status(self) -> int:
        """The worst exit status."""
        return max((check.status for check in self.checks), default=EXIT_OK)

    def ok(self, group: str, name: str, text: str) -> None:
        """Add what is right."""
        self.checks.append(Check(group, name, "ok", text))

    def warning(self, group: str, name: str, text: str) -> None:
        """Add what works, but should be looked at."""
        self.checks.append(Check(group, name, "warning", text))

    def unknown(self, group: str, name: str, text: str) -> None:
        """Add what cannot be known from here."""
        self.checks.append(Check(group, name, "unknown", text))

    def wrong(self, group: str, name: str, text: str, status: int = EXIT_REFUSED) -> None:
        """Add what stands in the way of publishing."""
        self.checks.append(Check(group, name, "wrong", text, status))

    def failed(self, group: str, name: str, error: ChangelogError) -> None:
        """Add an error; after some, nothing more is asked."""
        self.wrong(group, name, str(error), error.exit_code)
        if not isinstance(error, ScopeError):
            why = next((why for kind, why in _ENDS if isinstance(error, kind)), "")
            self.blocked = self.blocked or why

    def skipped(self, group: str, name: str, reason: str) -> None:
        """Add what was not looked at."""
        text = f"{_CALLED[name]}: not checked, because {reason}."
        self.checks.append(Check(group, name, "skipped", text))

    def ask(self, group: str, name: str, question: Callable[[], T]) -> T | None:
        """Ask Confluence something; None where it may not be asked, or refuses."""
        if self.blocked:
            self.skipped(group, name, self.blocked)
            return None
        try:
            return question()
        except ChangelogError as error:
            self.failed(group, name, error)
            return None
