"""How large the benchmarks are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Every size; `starts` are rounds of whole processes.

    What is published row by row is measured for up to `by_row` rows only.
    """

    commits: int
    files: int
    rows: int
    rounds: int
    starts: int
    publish: tuple[int, ...]
    by_row: int
    writers: int
    seconds: float
    logged: int


SIZES = {
    "full": Sizes(
        commits=20_000,
        files=2_000,
        rows=5_000,
        rounds=9,
        starts=31,
        publish=(1, 100, 5_000),
        by_row=100,
        writers=32,
        seconds=30.0,
        logged=500,
    ),
    "small": Sizes(
        commits=200,
        files=30,
        rows=40,
        rounds=1,
        starts=1,
        publish=(1, 3),
        by_row=1,
        writers=2,
        seconds=0.2,
        logged=10,
    ),
}
