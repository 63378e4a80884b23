"""What nobody foresaw is one sentence and no finding."""

import os
import subprocess
import sys

import pytest

BROKEN = """
import sys
import confluence_changelog.cli as cli
def fail(words):
    raise ZeroDivisionError("secret words")
cli._run = fail
sys.argv = ["confluence-changelog", sys.argv[1]]
cli.program()
"""


@pytest.mark.parametrize("command", ["check", "audit"])
@pytest.mark.parametrize("asked", [False, True])
def test_it_is_one_sentence(command: str, asked: bool) -> None:
    more = {"CONFLUENCE_CHANGELOG_TRACEBACK": "1"} if asked else {}
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, command],
        env=os.environ | more,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert ("Traceback" in done.stderr) == asked
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: confluence-changelog failed in a way that nobody foresaw (Zero")
