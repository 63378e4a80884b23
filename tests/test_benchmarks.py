"""Each benchmark runs at its smallest size and prints its table; what it measures is not judged here."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
MISSING = [module for module in ("atlassian", "bs4", "flask") if find_spec(module) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"these peers are not installed: {MISSING}"),
]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS), "--size", "small", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("cost", ["| `python -c pass` |", "| gitlint |", "| ours: the post-commit hook |"]),
        ("reading", ["`git log`, same flags", "`history.log`"]),
        ("editing", ["lxml: parse", "BeautifulSoup", "ours: scan, new row", "the ledger read"]),
        ("auditing", ["| `git log`", "| one GET", "| `audit`"]),
        ("publishing", ["| 1 | ours | 2 |", "| 1 | classic", "append_page"]),
        ("writers", ["| within 0.2 s |", "| all at once |"]),
    ],
)
def test_a_benchmark_prints_its_table(name: str, rows: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    done = run("--only", name, "--write", str(page))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n## ") == 1
    for row in rows:
        assert row in done.stdout
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Benchmarks\n")
    assert done.stdout.partition("## ")[2].strip() in written
