"""The documentation is kept in step with the code."""

import ast
import re
from importlib import resources
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
DOCS = sorted((PROJECT / "docs").rglob("*.md"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "src").rglob("*.py"))


def test_the_reference_shows_the_default_file() -> None:
    reference = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    default = resources.files("confluence_changelog").joinpath("default.toml").read_text("utf-8")
    assert f"```toml\n{default}```" in reference


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.parent / path) if path else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {
                re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in headings
            }
            assert anchor in slugs, link


def test_every_variable_of_the_environment_is_documented() -> None:
    reference = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    used = set(re.findall(r"\bCONFLUENCE_[A-Z_]+\b", SOURCE))
    assert used
    assert {name for name in used if f"`{name}`" not in reference} == set()


def _text(node: ast.expr) -> str:
    """Return a message with … for what is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) for value in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return "…"


def _messages() -> list[str]:
    """Return every text that the code passes to a call, and that reads like a sentence."""
    found = []
    for path in (PROJECT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found += [_text(value) for value in node.args]
            elif isinstance(node, ast.Return) and node.value is not None:
                found.append(_text(node.value))
    return [re.sub(r"`…`|'…'|…+", "…", text) for text in found if " " in text]


def test_troubleshooting_names_the_exact_sentences() -> None:
    text = (PROJECT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### `(.+)`$", text, re.MULTILINE)
    messages = _messages()
    assert len(headings) > 25
    assert [
        heading for heading in headings if not any(said.startswith(heading) for said in messages)
    ] == []
