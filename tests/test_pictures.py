"""The pictures of a terminal in the README show what the commands really print.

``UPDATE_SCREENSHOTS=1`` draws them anew.
"""

import html
import inspect
import io
import os
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from confluence_changelog.cli import main
from support.repositories import RepoFactory

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTH = 104


def draw(title: str, command: str, output: str) -> str:
    """Return a picture of a terminal as SVG, without fonts from elsewhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text(f"$ {command}", style="bold"))
    console.print(Text(output.rstrip()))
    template = inspect.signature(console.export_svg).parameters["code_format"].default
    plain = re.sub(r"@font-face \{\{.*?\}\}\s*", "", template, flags=re.DOTALL)
    return console.export_svg(title=title, code_format=plain, unique_id="terminal")


def lines_of(picture: str) -> list[str]:
    """Return the lines of text in a picture of a terminal."""
    found: dict[str, str] = {}
    for y, text in re.findall(
        r'<text class="terminal-r\d+"[^>]* y="([\d.]+)"[^>]*>([^<]*)<', picture
    ):
        found[y] = found.get(y, "") + html.unescape(text)
    return [line.replace("\xa0", " ").rstrip() for line in found.values()]


def compare_or_draw(name: str, title: str, command: str, output: str) -> None:
    drawn = draw(title, command, output)
    if os.environ.get("UPDATE_SCREENSHOTS"):
        (IMAGES / name).write_text(drawn, encoding="utf-8")
    shown = (IMAGES / name).read_text(encoding="utf-8")
    assert lines_of(drawn)[0] == f"$ {command}"
    assert lines_of(shown) == lines_of(drawn)


def test_the_picture_of_a_refusal(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo()
    repo.commit({"confluence-changelog.toml": ""}, "Begin")
    monkeypatch.chdir(repo.path)
    (repo.path / ".git" / "COMMIT_EDITMSG").write_text("fix\n", encoding="utf-8")
    assert main(["check", ".git/COMMIT_EDITMSG"]) == 1
    output = capsys.readouterr().err
    compare_or_draw("refusal.svg", "A refusal", "git commit --all --message fix", output)


def test_the_picture_of_a_publication(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    output = capsys.readouterr().out.partition("\nhttp://")[0].strip()
    compare_or_draw("demo.svg", "Commits become rows", "scripts/demo", output)
