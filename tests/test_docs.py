"""The documentation is kept in step with the code."""

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
