"""Runs the command line, in this process or in one of its own, and judges what it wrote."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from confluence_changelog.cli import main

SECONDS = 90
"""After so long a process is taken to hang; it is no measure of speed."""

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
_CI_COMMANDS = re.compile(r"^\s*::|##(?:vso|teamcity)?\[", re.MULTILINE | re.IGNORECASE)


class Done(NamedTuple):
    """A run that has ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def run(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    python: tuple[str, ...] = (),
    stdin: str = "",
) -> Done:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, *python, "-m", "confluence_changelog", *arguments],
        cwd=folder,
        env=os.environ | dict(environment),
        input=stdin.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    """Run a command in this process; what it raises would be a traceback."""
    capsys.readouterr()
    try:
        code = main(list(arguments))
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return Done(code, out, err)


def assert_harmless(text: str) -> None:
    """No terminal escape, control, bidi or invisible character, CI command or traceback."""
    found = _CONTROLS.search(text) or _CI_COMMANDS.search(text)
    assert not found, ascii(text[max(0, found.start() - 60) : found.end() + 60])
    assert "Traceback" not in text, text[-2000:]


def assert_refused(done: Done, code: int = 3) -> None:
    """One sentence on standard error, nothing on standard output."""
    assert_harmless(done.text)
    assert (done.code, done.out) == (code, ""), done
    lines = done.err.removesuffix("\n").split("\n")
    assert len(lines) == 1, lines
    assert re.fullmatch(r"error: \S.*[^.]\.", lines[0]), lines[0][-300:]
    assert len(lines[0]) < 4000, len(lines[0])
