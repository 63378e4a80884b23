"""`demo` and `sandbox` from the command line."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from confluence_changelog.cli import main
from support.repositories import RepoFactory


def test_the_demo_shows_the_whole_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "6 new rows, 0 were there; requests: GET 200, PUT 200" in out
    assert "0 new rows, 6 were there; requests: GET 200\n" in out
    assert "1 new row, 6 were there; requests: GET 200, PUT 409, GET 200, PUT 200" in out
    assert "is kept" in out
    table = out[out.index("The log now") : out.index("The versions")].splitlines()
    assert re.fullmatch(
        r" +2026-03-16 [0-9a-f]{7} +Ada Example +Remove the old resolver +192.*", table[2]
    )
    assert [line.split()[0] for line in table[2:11]] == sorted(
        (line.split()[0] for line in table[2:11]), reverse=True
    )
    assert "Change log: 6 commits" in out
    assert re.search(r"http://127\.0\.0\.1:\d+/pages/viewpage\.action\?pageId=\d+\n", out)


def test_the_demo_of_another_repository(
    make_repo: RepoFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo()
    for number in range(30):
        repo.commit({"a": str(number)}, f"Change {number}")
    before = repo.git("for-each-ref").strip()
    assert main(["demo", "--repo", str(repo.path)]) == 0
    out = capsys.readouterr().out
    assert "25 new rows, 0 were there" in out
    assert "Change 29" in out
    assert "Change 4 " not in out
    assert repo.git("for-each-ref").strip() == before


def test_the_demo_of_what_is_no_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--repo", str(tmp_path)]) == 3
    assert "is in no Git repository" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a child alone")
@pytest.mark.parametrize("command", [["sandbox"], ["demo", "--serve"]])
def test_serving_ends_with_an_interrupt(command: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "confluence_changelog", *command, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, b"")
        address = next(line.decode().strip() for line in lines if line.startswith(b"http://"))
        page = f"{address.partition('/pages')[0]}/pages/viewpage.action?pageId=65538"
        with requests.get(page, timeout=20) as answer:
            assert "Change Log" in answer.text
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert err == b""


def test_a_taken_port_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    from confluence_changelog.sandbox import Sandbox

    with Sandbox() as sandbox:
        port = sandbox.url.rpartition(":")[2]
        assert main(["sandbox", "--port", port]) == 2
    assert f"Port {port}" in capsys.readouterr().err


def test_without_flask_the_line_that_installs_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "flask.py").write_text("raise ModuleNotFoundError(name='flask')", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "confluence_changelog", "sandbox", "--port", "0"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"python -m pip install 'confluence-changelog[sandbox]'" in done.stderr
    assert b"Traceback" not in done.stderr
