"""Asks a person at a terminal; elsewhere takes what is proposed, or says what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from confluence_changelog.cli import asking
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.errors import UsageError


@dataclass(slots=True)
class Questions:
    """How answers are got."""

    yes: bool
    """Whether every proposal is taken without a question."""
    deadline: Deadline | None = None
    """What stands still while somebody is asked."""

    @property
    def is_asking(self) -> bool:
        """Whether proposals are put to a person."""
        return not self.yes and asking.may_ask()

    def text(self, question: str, option: str, proposal: str = "") -> str:
        """Return an answer, the proposal for none.

        Raises:
            UsageError: there is no proposal, and nobody to be asked; it names the option.

        """
        if proposal and not self.is_asking:
            return proposal
        if not asking.may_ask():
            raise UsageError(
                f"init does not know: {question[0].lower()}{question[1:]}; give {option}, or run it at a "
                "terminal."
            )
        with self._pause():
            return asking.answer(f"{question} [{proposal}]" if proposal else question) or proposal

    def agreed(self, question: str, *, unasked: bool) -> bool:
        """Return whether a proposal is taken: yes unless a person says no; `unasked` without one."""
        if not self.is_asking:
            return unasked
        with self._pause():
            return not asking.answer(f"{question} [Y/n]").lower().startswith("n")

    def confirmed(self, question: str) -> bool:
        """Return whether a person says yes; no without one."""
        if not asking.may_ask():
            return False
        with self._pause():
            return asking.confirmed(question)

    @contextmanager
    def _pause(self) -> Iterator[None]:
        if self.deadline is None:
            yield
        else:
            with self.deadline.paused():
                yield
