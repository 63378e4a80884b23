"""Measures things side by side: times in interleaved rounds, memory in processes of their own."""

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

Case = Callable[[], object]

HERE = Path(__file__).parent
NOT_MEASURED = "not measured"


class Times(NamedTuple):
    """The seconds of one case, and their ratios to the case compared with in the same round."""

    seconds: list[float]
    ratios: list[float]

    def to(self, others: list[float]) -> "Times":
        """Return the same times, compared with those of another case."""
        return Times(
            self.seconds, [mine / its for mine, its in zip(self.seconds, others, strict=True)]
        )

    @property
    def shown(self) -> str:
        """The median and the range."""
        return _spread(self.seconds, _seconds)

    @property
    def ratio(self) -> str:
        """The median and the range of the ratios."""
        return _spread(self.ratios, lambda value: f"{value:.2f}")


def interleave(
    cases: Mapping[str, Case],
    rounds: int,
    to: str,
    *,
    warm_up: bool = True,
    settle: Callable[[str], None] = lambda _: None,
) -> dict[str, Times]:
    """Run every case once a round, for some rounds after a warm-up that does not count.

    The order is turned round after each round. Before each case the garbage is collected; the
    collector is on while it runs. After each case `settle` is given its name, and takes the time
    that it takes.
    """
    seconds: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(0 if warm_up else 1, rounds + 1):
        for name in list(cases) if number % 2 else reversed(cases):
            spent = _timed(cases[name])
            settle(name)
            if number:
                seconds[name].append(spent)
    compared = seconds[to]
    return {name: Times(each, []).to(compared) for name, each in seconds.items()}


def _timed(case: Case) -> float:
    gc.collect()
    start = time.perf_counter()
    case()
    return time.perf_counter() - start


def own_peak() -> float:
    """Return the most memory that this process has held, in MB.

    On Linux ``ru_maxrss`` begins with what the parent held, so the kernel's own count is read.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
    return _maxrss(children=False)


def peak_of_children() -> float:
    """Return the most memory that a process held which this one waited for, in MB.

    Not less than what this process held when it started it (see `own_peak`).
    """
    return _maxrss(children=True)


def _maxrss(*, children: bool) -> float:
    import resource

    most = resource.getrusage(
        resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    ).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def peak(*arguments: str) -> float | None:
    """Return the peak memory in MB of ``__main__.py --peak …`` in a process of its own.

    None on Windows, which does not tell.
    """
    if sys.platform == "win32":
        return None
    return float(in_child("--peak", *arguments))


def in_child(*arguments: str) -> str:
    """Return what ``__main__.py`` prints with these arguments in a process of its own."""
    command = [sys.executable, str(HERE / "__main__.py"), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return done.stdout


def megabytes(value: float | None) -> str:
    """Return a peak as text."""
    return NOT_MEASURED if value is None else f"{value:,.0f} MB"


def _spread(values: list[float], show: Callable[[float], str]) -> str:
    middle = show(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({show(min(values))} to {show(max(values))})"


def _seconds(value: float) -> str:
    return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:,.2f} s"
