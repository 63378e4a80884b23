"""Many writers at one page: how often each must write until its row is there."""

import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import NamedTuple

from page import LAYOUT, body, entries
from report import Section
from sizes import SIZES
from wire import client, create_page, sandbox, session

from confluence_changelog.errors import ChangelogError
from confluence_changelog.log_table import logged_ids
from confluence_changelog.publish import publish

_ABOUT = """\
{writers} processes, each with a client of its own and the default deadline of 120 s, publish one commit \
each to one page of the sandbox with {logged:,} rows. They have started and wait; then they begin at \
random moments within {seconds:g} s (the same in every run), or all at once. An attempt is a write that \
was sent. The processes share this machine's cores with the sandbox, which makes an attempt longer than \
on a machine of its own, and collisions likelier. Every row stood on the page once in the end."""


class Outcome(NamedTuple):
    """What became of one writer."""

    attempts: int
    seconds: float
    error: str


def measure(size: str) -> Section:
    """Measure and return the results."""
    sizes = SIZES[size]
    random = Random(32)
    spread = sorted(random.uniform(0, sizes.seconds) for _ in range(sizes.writers))
    start = body(entries(sizes.logged))
    rows = []
    with sandbox() as address:
        for name, begins in (
            (f"within {sizes.seconds:g} s", spread),
            ("all at once", [0.0] * sizes.writers),
        ):
            outcomes = _run(address, create_page(address, start)[0], begins)
            attempts = [outcome.attempts for outcome in outcomes]
            seconds = [outcome.seconds for outcome in outcomes]
            failures = [outcome.error for outcome in outcomes if outcome.error]
            times = (f"{median(seconds):.2f} s", f"{max(seconds):.2f} s")
            figures = (f"{mean(attempts):.2f}", f"{max(attempts)}", f"{len(failures)}")
            rows.append([name, *figures, *times])
    about = _ABOUT.format(writers=sizes.writers, logged=sizes.logged, seconds=sizes.seconds)
    header = ("writers begin", "attempts, mean", "most", "failed", "time, median", "longest")
    return Section("Many writers", about, header, rows)


def _run(address: str, page: str, begins: list[float]) -> list[Outcome]:
    command = [
        sys.executable,
        str(Path(__file__).with_name("__main__.py")),
        "--writer",
        address,
        page,
    ]
    processes = [
        subprocess.Popen(
            [*command, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(len(begins))
    ]
    for process in processes:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("a writer did not start")
    now = time.time() + 0.2
    for process, begin in zip(processes, begins, strict=True):
        if process.stdin is not None:
            process.stdin.write(f"{now + begin}\n")
            process.stdin.flush()
    outcomes = [Outcome(**json.loads(process.communicate()[0])) for process in processes]
    _check(address, page, len(begins) - sum(bool(outcome.error) for outcome in outcomes))
    return outcomes


def write(address: str, page: str, number: int) -> None:
    """Be one writer: say that it is ready, read when to begin, publish, and print the outcome."""
    with client(address) as warm:
        warm.read_page(page)
    print("ready", flush=True)
    time.sleep(max(0.0, float(sys.stdin.readline()) - time.time()))
    start = time.perf_counter()
    attempts, error = 0, ""

    def tell(_: str) -> None:
        nonlocal attempts
        attempts += 1

    try:
        with client(address) as confluence:
            new = entries(1, seed=1000 + number)
            attempts = publish(
                confluence, page, new, LAYOUT, placements=lambda _missing, _logged: {}, report=tell
            ).attempts
    except ChangelogError as failure:
        error = str(failure)
    print(json.dumps(Outcome(attempts, time.perf_counter() - start, error)._asdict()))


def _check(address: str, page: str, expected: int) -> None:
    """Make sure that each commit has its row, once."""
    with session() as web:
        answer = web.get(f"{address}/rest/api/content/{page}?expand=body.storage").json()
    text = answer["body"]["storage"]["value"]
    ids = {entries(1, seed=1000 + number)[0].id for number in range(1000)}
    found = logged_ids(text, LAYOUT) & ids
    if len(found) != expected or any(text.count(f"{each}#cl1-") != 1 for each in found):
        raise RuntimeError(f"{expected} commits were published, {len(found)} are on the page")
