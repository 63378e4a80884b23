"""`page show`, `write`, `validate` and `create` over HTTP, on Data Center and Cloud."""

import io
import json
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.cli import main
from confluence_changelog.cli.page import text as page_text
from confluence_changelog.confluence.deadline import Deadline
from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox
from confluence_changelog.storage.landmarks import headings_above
from confluence_changelog.storage.scan import scan
from confluence_changelog.storage.validate import validate
from confluence_changelog.storage.visible import visible_text
from support.sites import sandbox, writes
from support.terminal import converse

__all__ = ["sandbox"]

HOME = str(HOME_ID)
NEW = "<p>Moved to <strong>another</strong> wiki.</p>"


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be in no repository: pages need none."""
    monkeypatch.chdir(tmp_path)


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    return err


def test_show(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", "show"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(f"'Change Log', id {LOG_ID}, version 1\n{sandbox.root}")
    assert "\nUnder: Operations\n" in out
    assert "\nTable 1, below 'Who to call': Area | Who (3 rows)\n" in out
    assert "\nTable 2, below 'Log': Date | Who | What | Why (4 rows)\n" in out
    assert "<td>a < b" not in out.partition("Row template")[0]
    assert "<h2>Who to call</h2><table" in out


def test_show_for_a_program(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", "show", "OPS:Change Log", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["id"], shown["title"], shown["version"]) == (str(LOG_ID), "Change Log", 1)
    assert shown["ancestors"] == [{"id": HOME, "title": "Operations"}]
    assert shown["tables"][1] == {
        "number": 2,
        "heading": "Log",
        "headers": ["Date", "Who", "What", "Why"],
        "rows": 4,
        "inside": False,
    }
    assert shown["storage"] == sandbox.page(LOG_ID).storage


def test_the_body_alone_is_exact(
    sandbox: Sandbox, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    body = sandbox.page(LOG_ID).storage
    assert "\n" in body
    assert main(["page", "show", str(LOG_ID), "--body"]) == 0
    assert capsysbinary.readouterr() == (body.encode(), b"")
    assert all("ancestors" not in each["path"] for each in sandbox.requests())


def test_a_hostile_page_is_shown_harmlessly(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(
        HOME_ID,
        "<h1>##vso[task.setvariable]\u202e</h1>\n::error::x\n"
        "<table><tr><th>##[a]</th></tr></table>",
    )
    for form in ("text", "json"):
        assert main(["page", "show", HOME, "--format", form]) == 0
        out = capsys.readouterr().out
        assert "\u202e" not in out
        assert "##" not in out
        assert "\n::" not in out


def test_write(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", "write", HOME, NEW, "--message", "From Git", "--minor"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Wrote 'Operations', version 2.\nhttp")
    assert err == ""
    page = sandbox.page(HOME_ID)
    assert (page.storage, page.title, page.latest) == (NEW, "Operations", 2)
    assert page.version.message == "From Git"
    assert page.version.minor == (sandbox.flavour == "data-center")


def test_the_parent_is_kept(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.switch(lose_parent=True)
    assert main(["page", "write", str(LOG_ID), NEW]) == 0
    assert sandbox.page(LOG_ID).parent == HOME_ID
    assert sandbox.page(LOG_ID).storage == NEW
    assert "moved page 65538 away from its parent 65537; it was put back" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--file", "new.xml"], ["--file", "-"], ["-"]])
def test_where_the_text_comes_from(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    data = "\ufeff<p>Größe \U0001f680</p>".encode()
    Path("new.xml").write_bytes(data)
    typed(monkeypatch, data)
    assert main(["page", "write", HOME, *words]) == 0
    assert sandbox.page(HOME_ID).storage == "<p>Größe \U0001f680</p>"


def test_a_round_trip_changes_nothing(
    sandbox: Sandbox,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["page", "show", "--body"]) == 0
    typed(monkeypatch, capsysbinary.readouterr().out)
    assert main(["page", "write", str(LOG_ID), "-"]) == 0
    assert b"version 1, is like that already" in capsysbinary.readouterr().out
    assert writes(sandbox) == 0


def test_plain_text_stays_text(sandbox: Sandbox) -> None:
    hostile = "a < b & <script>alert(1)</script>\n\n- {macro} ]]>\n- <ac:link/>"
    assert main(["page", "write", HOME, hostile, "--format", "text"]) == 0
    body = sandbox.page(HOME_ID).storage
    assert "a &lt; b &amp; &lt;script&gt;" in body
    assert "<script" not in body
    assert "<ac:" not in body
    assert "<li><p>{macro} ]]&gt;</p></li>" in body


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "give a text, --file or --title"),
        ([NEW, "--file", "good.xml"], "given twice"),
        (["<p>a\n<b></p>"], "The text is not storage format, line 2, column 4: </p>"),
        (["--file", "bad.xml"], "bad.xml is not storage format, line 1, column 3: a bare &"),
        (["--file", "none.xml"], "none.xml cannot be read: No such file"),
        (["--file", "latin1.xml"], "latin1.xml is not UTF-8 (byte 4)"),
        ([" \n"], "The text is empty"),
        ([" \n", "--format", "text"], "The text is empty"),
        ([NEW, "--title", "x" * 256], "1 to 255 characters, not 256"),
        (["--title", " \u200b"], "1 to 255 characters, not 0"),
    ],
)
def test_what_cannot_be_written_is_never_sent(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    Path("good.xml").write_text(NEW, encoding="utf-8")
    Path("bad.xml").write_text("a & b", encoding="utf-8")
    Path("latin1.xml").write_bytes("<p>é</p>".encode("latin-1"))
    assert main(["page", "write", HOME, *words]) == 2
    assert says in one_sentence(capsys)
    assert sandbox.requests() == []


def test_a_dry_run_shows_the_difference(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    body = sandbox.page(LOG_ID).storage.replace("<td>Ben</td>", "<td>##[Bo]</td>", 1)
    assert main(["page", "write", str(LOG_ID), body, "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("--- Change Log (version 1)\n+++ Change Log (version 2)\n@@")
    changed = [line for line in out.splitlines()[2:] if line[0] in "+-"]
    assert changed == ["-<td>Ben</td>", "+<td># #[Bo]</td>"]
    assert writes(sandbox) == 0


def test_a_program_reads_what_was_done(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["page", "write", HOME, NEW, "--json"]
    assert main([*words, "--dry-run"]) == 0
    would = json.loads(capsys.readouterr().out)
    assert (would["version"], would["written"]) == (1, False)
    assert would["difference"][0] == "--- Operations (version 1)"
    assert would["url"].startswith(sandbox.url)
    assert main(words) == 0
    did = json.loads(capsys.readouterr().out)
    assert did == {
        "id": HOME,
        "title": "Operations",
        "version": 2,
        "url": would["url"],
        "written": True,
    }
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == {**did, "written": False}
    assert main(["page", "create", "OPS", "Runbook", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["title"], made["version"], made["written"]) == ("Runbook", 1, True)
    assert sandbox.page(int(made["id"])).title == "Runbook"


def test_a_title(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    before = sandbox.page(HOME_ID).storage
    assert main(["page", "write", HOME, "--title", "  New\tname "]) == 0
    page = sandbox.page(HOME_ID)
    assert (page.title, page.storage, page.latest) == ("New name", before, 2)
    capsys.readouterr()
    assert main(["page", "write", HOME, NEW, "--title", "Change Log"]) == 3
    assert "already exists" in one_sentence(capsys)
    assert sandbox.page(HOME_ID).latest == 2


def test_another_ones_edit_is_not_overwritten(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.put_fault(method="PUT", edit={"append": "<p>Theirs.</p>"})
    assert main(["page", "write", HOME, NEW]) == 3
    assert "Somebody saved version 2 of page 65537 after you read version 1; nothing was" in (
        one_sentence(capsys)
    )
    assert sandbox.page(HOME_ID).storage.endswith("<p>Theirs.</p>")
    assert writes(sandbox) == 1


def test_unless_that_is_wanted(sandbox: Sandbox) -> None:
    sandbox.put_fault(method="PUT", edit={"append": "<p>Theirs.</p>"})
    assert main(["page", "write", HOME, NEW, "--overwrite"]) == 0
    assert (sandbox.page(HOME_ID).storage, sandbox.page(HOME_ID).latest) == (NEW, 3)


def test_even_that_has_an_end(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.put_fault(method="PUT", edit={"append": "<p>Theirs.</p>"}, times=0)
    assert main(["page", "write", HOME, NEW, "--overwrite"]) == 3
    assert "could not be written in 5 tries" in one_sentence(capsys)
    assert writes(sandbox) == 5


def test_a_version_that_was_looked_at(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox.edit(HOME_ID, append="<p>Theirs.</p>")
    assert main(["page", "write", HOME, NEW, "--if-version", "1"]) == 3
    assert "has version 2, not 1" in one_sentence(capsys)
    assert main(["page", "write", HOME, NEW, "--if-version", "2"]) == 0
    assert sandbox.page(HOME_ID).latest == 3


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        ({"drop": "after"}, 1),
        ({"drop": "before"}, 2),
        ({"status": 502, "body": "", "applied": True}, 1),
    ],
)
def test_a_lost_answer_is_looked_after(
    sandbox: Sandbox, fault: dict[str, object], sent: int
) -> None:
    """Confluence stores `<b>` as `<strong>`, and the body is recognised all the same."""
    sandbox.put_fault(method="PUT", **fault)
    assert main(["page", "write", HOME, "<p>It is <b>ours</b>.</p>"]) == 0
    assert sandbox.page(HOME_ID).latest == 2
    assert visible_text(sandbox.page(HOME_ID).storage) == "It is ours."
    assert writes(sandbox) == sent


def test_a_lost_answer_and_another_edit(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.put_fault(method="PUT", drop="before", edit={"append": "<p>Theirs.</p>"})
    assert main(["page", "write", HOME, NEW]) == 3
    assert "Somebody saved version 2" in one_sentence(capsys)
    assert sandbox.page(HOME_ID).storage.endswith("<p>Theirs.</p>")


def test_a_failure_of_confluence_is_not_repeated(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.put_fault(method="PUT", status=500, body={"message": "out of memory"}, times=0)
    assert main(["page", "write", HOME, NEW]) == 3
    assert "500" in one_sentence(capsys)
    assert sandbox.page(HOME_ID).latest == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_a_person_is_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    command = ["page", "write", HOME, NEW]
    no = converse(command, [("Replace 'Operations', version 1", "")], tmp_path)
    assert (no.status, sandbox.page(HOME_ID).latest) == (2, 1)
    assert "Nothing was written." in no.screen
    yes = converse(command, [("Replace 'Operations', version 1", "y")], tmp_path)
    assert (yes.status, sandbox.page(HOME_ID).latest) == (0, 2)
    other = converse([*command[:3], "<p>x</p>", "--yes"], [], tmp_path)
    assert (other.status, sandbox.page(HOME_ID).latest) == (0, 3)


def test_validate(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Path("good.xml").write_text(NEW, encoding="utf-8")
    Path("bad.xml").write_text("<p>ä\n\n  a & b</p>", encoding="utf-8")
    typed(monkeypatch, b"<br>")
    assert main(["page", "validate", "good.xml"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["page", "validate", "good.xml", "bad.xml", "-"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "bad.xml:3:5: a bare & must be written &amp;",
        "-:1:1: <br> is never closed: write <br />",
    ]
    assert main(["page", "validate", "none.xml", "bad.xml"]) == 2
    out, err = capsys.readouterr()
    assert "none.xml cannot be read" in err
    assert out.startswith("bad.xml:3:5:")


def test_create(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    Path("body.xml").write_text(NEW, encoding="utf-8")
    words = ["page", "create", "OPS", "Runbook"]
    assert main([*words, "--parent", "OPS:Change Log", "--file", "body.xml"]) == 0
    made = capsys.readouterr().out
    assert made.startswith("Made 'Runbook', id ")
    page = sandbox.page(int(made.partition("id ")[2].partition(".")[0]))
    assert (page.title, page.storage, page.parent) == ("Runbook", NEW, LOG_ID)
    assert main(words) == 3
    error = one_sentence(capsys)
    assert error.startswith("error: Space OPS has a page 'Runbook' already, http")
    assert made.splitlines()[1] in error


def test_create_a_page_with_a_log(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("config.toml").write_text(
        '[table.columns]\nDatum = "date"\n"Was & <wie>" = "subject"\n', encoding="utf-8"
    )
    words = ["--config", "config.toml"]
    assert main(["page", "create", "OPS", "Our <Log>", "--log", *words]) == 0
    out, err = capsys.readouterr()
    number = out.partition("id ")[2].partition(".")[0]
    assert (
        err
        == f"To keep the log there, set `id = {number}` in [page] of confluence-changelog.toml.\n"
    )
    monkeypatch.setenv("CONFLUENCE_PAGE", number)
    assert main(["add", "It <works>", *words]) == 0
    assert "It &lt;works&gt;" in sandbox.page(int(number)).storage


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["NONE", "Title"], 3, "NONE"),
        (["OPS", " "], 2, "1 to 255 characters"),
        (["OPS", "Title", "--format", "text"], 2, "give --file as well"),
        (["OPS", "Title", "--parent", "OPS:None"], 3, "There is no page 'None' in space OPS"),
        (["OPS", "Title", "--parent", "nonsense"], 2, "names no page"),
    ],
)
def test_what_cannot_be_created(
    sandbox: Sandbox,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    says: str,
) -> None:
    assert main(["page", "create", *words]) == status
    assert says in one_sentence(capsys)


def test_a_page_whose_making_was_not_answered(sandbox: Sandbox) -> None:
    sandbox.put_fault(method="POST", drop="after")
    assert main(["page", "create", "OPS", "Runbook"]) == 0
    assert writes(sandbox) == 1


@pytest.mark.parametrize("action", ["show", "write", "validate", "create"])
def test_each_action_has_help(capsys: pytest.CaptureFixture[str], action: str) -> None:
    with pytest.raises(SystemExit) as done:
        main(["page", action, "--help"])
    assert done.value.code == 0
    assert f"confluence-changelog page {action}" in capsys.readouterr().out


def test_a_question_takes_nothing_from_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    deadline = Deadline(10, now[0])
    now[0] += 4
    with deadline.paused():
        now[0] += 1000
    assert deadline.remaining() == 6


@given(st.text())
def test_any_text_can_be_written_as_text(text: str) -> None:
    """And what it becomes is storage format that shows no mark-up of its own."""
    try:
        body = page_text.storage(text, "text", "It")
    except page_text.UsageError:
        return
    assert validate(body) is None
    assert "<ac:" not in body
    assert "<script" not in body


@given(st.text("ab#:[ \t\n\r\x1b\u202e"))
def test_lines_are_shown_as_they_are_or_harmlessly(text: str) -> None:
    shown = "\n".join(page_text.harmless(text))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "##[" not in shown
    assert not any(line.lstrip().startswith("::") for line in shown.split("\n"))
    if not {"#", ":", "\r", "\x1b", "\u202e"}.intersection(text):
        assert shown == text


TABLE = "<table><tr><th>a</th></tr></table>"


@pytest.mark.parametrize(
    ("text", "above"),
    [
        (TABLE, [""]),
        (
            f"<h1>One</h1>{TABLE}<p>x</p>{TABLE}<h2>Two &amp; <b>more</b></h2>{TABLE}",
            ["One", "One", "Two & more"],
        ),
        (f"<h1>One</h1><table><tr><td><h2>In</h2></td></tr></table>{TABLE}", ["One", "One"]),
        (f"<!-- <h1>No</h1> -->{TABLE}<h1>Below</h1>", [""]),
        (f'<h3 title="a > b">Yes</h3>{TABLE}', ["Yes"]),
        (f"<h1>Open<h2>Two</h2></h1>{TABLE}", ["Two"]),
    ],
)
def test_the_heading_above_a_table(text: str, above: list[str]) -> None:
    assert headings_above(text, scan(text)) == above
