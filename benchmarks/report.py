"""Lays results out as Markdown, for the terminal and for the documentation."""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from subprocess import run

_PACKAGES = ("GitPython", "lxml", "requests", "beautifulsoup4", "atlassian-python-api")

_HEAD = """\
# Benchmarks

```sh
scripts/benchmark                               # prints the tables below; takes about twelve minutes
scripts/benchmark --only editing                # cost, reading, editing, auditing, publishing, writers
scripts/benchmark --write docs/benchmarks.md    # writes this page; it is never edited by hand
```

Each table compares things that were measured in turn in one run, on one machine. Look at the ratios:
seconds are this machine's, and other programs ran on it. A time is the median, with the least and the
greatest in brackets, and so is a ratio, which compares two times of the same round. The garbage
collector is on, and collects before each measurement; cost, reading, editing and auditing have a warm-up
round. Memory is the peak of a process of its own, with the interpreter and everything it has imported.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """The results of one benchmark."""

    title: str
    about: str
    """What was measured, and what the numbers do not say."""
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: str = ""


def markdown(section: Section) -> str:
    """Return a section as Markdown."""
    lines = [f"## {section.title}", "", section.about, ""]
    lines += [_line(section.header), _line(["---", *["--:"] * (len(section.header) - 1)])]
    lines += [_line(row) for row in section.rows]
    if section.notes:
        lines += ["", section.notes]
    return "\n".join(lines) + "\n"


def page(sections: Iterable[Section]) -> str:
    """Return the page for the documentation."""
    return "\n".join([_HEAD, machine(), *map(markdown, sections)])


def machine() -> str:
    """Return where and when, without a name or a path of the machine."""
    git = run(["git", "version"], capture_output=True, check=True, encoding="utf-8").stdout
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {_processor()}, {os.cpu_count()} cores, "
        f"{_system()}; Python {platform.python_version()}, {git.strip()}, {packages}.\n"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _system() -> str:
    if sys.platform == "linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            return "Linux"
    return f"{platform.system()} {platform.release()}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
