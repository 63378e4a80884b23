"""The README tells the truth: its commands, links and scripts exist."""

import re
import shlex
from pathlib import Path

import pytest

from confluence_changelog.cli import _COMMANDS, main

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_its_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_its_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(r"^confluence-changelog (.+)$", README, re.MULTILINE)
    assert commands
    for command in commands:
        words = shlex.split(command, comments=True)
        assert words[0] in _COMMANDS
        with pytest.raises(SystemExit) as done:
            main([*words, "--help"])
        assert done.value.code == 0
    capsys.readouterr()


def test_scripts_can_be_run() -> None:
    for line in re.findall(r"^(scripts/\w+)$", README, re.MULTILINE):
        script = PROJECT / line
        assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
