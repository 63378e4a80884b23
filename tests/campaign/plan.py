"""What goes wrong, drawn from the seed: troubles of requests, and where a publisher is killed.

Every decision comes from a stream of its own, named by the seed and by what it is for, so that the
same seed plans the same campaign. How the processes then interleave is the operating system's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Step(Enum):
    """Where a publisher can be killed."""

    STARTED = "its process has been started"
    GIT = "it reads Git"
    READ_ASKED = "it has asked for the page; the request gets no further"
    READ_ANSWERED = "the server has answered the read; the answer gets no further"
    READ_GIVEN = "it has got the page"
    WRITE_ASKED = "it has sent the write, which gets no further"
    WRITE_UNDER_WAY = "it has sent the write, which arrives after its death"
    WRITE_APPLIED = "the server has stored the write; the answer gets no further"
    WRITE_GIVEN = "it has got the answer to its write"


class Trouble(Enum):
    """What can happen to a request."""

    DROPPED_BEFORE = "the connection is closed before the request reaches the server"
    DROPPED_AFTER = "the connection is closed after the server has handled the request"
    CONFLICT = "409 though nobody changed the page"
    EDITED = "another hand edits the page just before the write"
    LIMITED = "429"
    FAILED = "500"
    FAILED_AFTER = "500 after the write was stored"
    BAD_GATEWAY = "502"
    BAD_GATEWAY_AFTER = "502 after the server has handled the request"
    UNAVAILABLE = "503"
    UNAVAILABLE_AFTER = "503 after the server has handled the request"
    LOG_IN = "a log-in page"
    LOG_IN_AFTER = "a log-in page after the server has handled the request"
    SLOW = "a late answer"
    STALE = "an earlier version of the page"


FOR_WRITES_ONLY = frozenset({Trouble.CONFLICT, Trouble.EDITED, Trouble.FAILED_AFTER})
FOR_READS = (*(trouble for trouble in Trouble if trouble not in FOR_WRITES_ONLY), Trouble.STALE)
FOR_WRITES = (*(trouble for trouble in Trouble if trouble is not Trouble.STALE), Trouble.EDITED)
REQUESTS = 4
"""So many reads and so many writes of a publisher are drawn for; those after them go well."""


class Kill(NamedTuple):
    """Where a publisher is killed: at that step, when it comes there for the nth time."""

    step: Step
    nth: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What happens to one publisher process."""

    kill: Kill | None = None
    reads: tuple[Trouble | None, ...] = ()
    writes: tuple[Trouble | None, ...] = ()
    delay: float = 0.0
    """How late a late answer is, in seconds."""
    back: int = 1
    """How many of the worker's earlier reads a stale read goes back."""

    def trouble(self, method: str, nth: int) -> Trouble | None:
        """Return what happens to the nth read or write, counted from 1."""
        planned = self.reads if method == "GET" else self.writes
        return planned[nth - 1] if nth <= len(planned) else None


CALM = Attempt()


def stream(seed: int, *names: object) -> Random:
    """Return the random numbers of one purpose; the same in every run and on every platform."""
    return Random(" ".join(map(str, (seed, *names))))


def deck(random: Random, items: Sequence[T]) -> Iterator[T]:
    """Draw without end; every item comes before any comes again."""
    while True:
        yield from random.sample(items, len(items))


def attempts(random: Random) -> Iterator[Attempt]:
    """Draw what happens to a worker's publishers, one after the other, without end."""
    kills = deck(random, (*Step, *[None] * len(Step)))
    reads = deck(random, FOR_READS)
    writes = deck(random, FOR_WRITES)
    while True:
        step = next(kills)
        many = 8 if step is Step.GIT else 2
        yield Attempt(
            kill=Kill(step, min(random.randint(1, many), random.randint(1, many)))
            if step
            else None,
            reads=tuple(next(reads) if random.random() < 0.2 else None for _ in range(REQUESTS)),
            writes=tuple(next(writes) if random.random() < 0.4 else None for _ in range(REQUESTS)),
            delay=random.uniform(0.01, 0.05),
            back=random.randint(1, 3),
        )


def shares(random: Random, commits: Sequence[str], workers: int) -> list[list[str]]:
    """Deal the commits out to the workers; each worker's next one gets some of its commits too."""
    shuffled = random.sample(commits, len(commits))
    dealt = [shuffled[number::workers] for number in range(workers)]
    shared = [random.sample(share, len(share) // 10) for share in dealt]
    return [share + shared[number - 1] for number, share in enumerate(dealt)]


def portions(random: Random, commits: Sequence[str]) -> list[tuple[str, ...]]:
    """Cut a worker's commits into portions of random size, in random order: old after new."""
    left = random.sample(commits, len(commits))
    cut = []
    while left:
        size = random.randint(1, 20)
        cut.append(tuple(left[:size]))
        left = left[size:]
    return cut
