"""A bound on the time that one command spends on Confluence."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Deadline:
    """Ends `seconds` after it was made."""

    seconds: float
    _start: float = field(default_factory=time.monotonic)

    def remaining(self) -> float:
        """Return the seconds that are left; 0 when it has passed."""
        return max(0.0, self._start + self.seconds - time.monotonic())

    def restart(self) -> None:
        """Begin anew, where work is done in parts and one of them is done."""
        self._start = time.monotonic()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the time that somebody takes to answer a question."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._start += time.monotonic() - began

    def wait(self, seconds: float) -> bool:
        """Wait, or return False at once when that would pass the deadline."""
        if seconds >= self.remaining():
            return False
        time.sleep(seconds)
        return True

    def back_off(self, attempt: int, *, first: float = 0.1, most: float = 5.0) -> bool:
        """Wait a random while that grows with `attempt` (from 0), so that writers spread out."""
        ceiling = min(most, first * 2**attempt)
        return self.wait(random.uniform(ceiling / 4, ceiling))  # noqa: S311 - not for secrets
