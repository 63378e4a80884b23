"""A worker: starts one publisher after another until all its commits are reported published."""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from campaign.flavours import Wire
from campaign.plan import CALM, Attempt, Step, Trouble
from campaign.proxy import Answer, Course, Proxy
from campaign.publisher import Ended, publish
from campaign.verdict import Finding

PATIENCE = 40
"""After so many publishers of one portion nothing happens to the next, which must succeed."""

_EXPECTED = (0, 3)
"""Exit statuses: all well, and "it can be run again"."""
_ALARMS = ("Traceback", "please report", "do not run again")


class Setting(NamedTuple):
    """What all workers share."""

    command: Sequence[str]
    """The publisher."""
    repository: Path
    page: int
    wire: Wire

    def environment(self, url: str) -> dict[str, str]:
        """Return the variables that lead a publisher to the page."""
        return {
            "CONFLUENCE_URL": url,
            "CONFLUENCE_PAGE": str(self.page),
            **self.wire.publisher,
        }


class Work(NamedTuple):
    """What a worker saw."""

    processes: int
    met: "Counter[Step | Trouble]"
    findings: list[Finding]


def work(
    setting: Setting,
    proxy: Proxy,
    portions: Sequence[Sequence[str]],
    attempts: Iterator[Attempt],
) -> Work:
    """Publish each portion, whatever happens on the way."""
    done = Work(0, Counter(), [])
    earlier: deque[tuple[str, Answer]] = deque(maxlen=6)
    processes = 0
    for portion in portions:
        for attempt in chain(islice(attempts, PATIENCE), (CALM,)):
            course = Course(attempt, earlier)
            ended = _publish(setting, proxy.open(course), portion, course)
            processes += 1
            done.met.update(course.met)
            done.findings.extend(_odd(ended, course))
            if ended.status == 0:
                break
        else:
            text = f"{len(portion)} commits could not be published even without any trouble"
            done.findings.append(Finding("publisher", text))
    return done._replace(processes=processes)


def archive_beside(
    setting: Setting, proxy: Proxy, attempts: Iterator[Attempt], is_over: Callable[[], bool]
) -> Work:
    """Archive again and again, whatever happens on the way, until the publishers are done."""
    done = Work(0, Counter(), [])
    earlier: deque[tuple[str, Answer]] = deque(maxlen=6)
    processes = 0
    while not is_over():
        course = Course(next(attempts), earlier)
        environment = setting.environment(proxy.open(course))
        ended = publish(
            setting.command, (), setting.repository, environment, course, verb="archive"
        )
        processes += 1
        done.met.update(course.met)
        done.findings.extend(_odd(ended, course))
    return done._replace(processes=processes)


def archive_all(setting: Setting, url: str) -> Ended:
    """Archive without any trouble."""
    environment = setting.environment(url)
    course = Course(CALM, deque())
    return publish(setting.command, (), setting.repository, environment, course, verb="archive")


def publish_all(setting: Setting, url: str) -> tuple[Ended, int]:
    """Publish the whole history without any trouble; how it ended, and how many rows were new."""
    ended = publish(
        setting.command,
        ["--range", "HEAD"],
        setting.repository,
        setting.environment(url),
        Course(CALM, deque()),
    )
    return ended, len(json.loads(ended.output)["published"]) if ended.status == 0 else -1


def _publish(setting: Setting, url: str, portion: Sequence[str], course: Course) -> Ended:
    arguments = [part for commit in portion for part in ("--commit", commit)]
    return publish(setting.command, arguments, setting.repository, setting.environment(url), course)


def _odd(ended: Ended, course: Course) -> Iterator[Finding]:
    """Yield what a publisher must never say, and ends that nothing explains."""
    killed = any(isinstance(met, Step) for met in course.met)
    alarmed = any(alarm in ended.errors for alarm in _ALARMS)
    if alarmed or (ended.status not in _EXPECTED and not killed):
        met = ", ".join(met.name for met in course.met)
        text = f"ended with {ended.status} after {met or 'nothing'}: {ended.errors.strip()}"
        yield Finding("publisher", text)
