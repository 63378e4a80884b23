import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from confluence_changelog.message import Message, Trailer, parse_message

SIGNED = "Signed-off-by: Ada Example <ada@example.com>"
PICKED = "(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)"
SCISSORS = "# ------------------------ >8 ------------------------"
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}

MESSAGES = [
    "",
    "\n\n  \n",
    "Raise the timeout",
    "Raise the timeout\nof the gateway\n\nWhy not",
    "\n \nRaise the timeout\n\nbody",
    f"Subject\n\nbody\n\n{SIGNED}\n{PICKED}\n",
    f"Subject\n\n{PICKED}\n",
    f"Subject\n\nbody\n\n{PICKED}\n{SIGNED}\n{PICKED}\n",
    "Subject\n\nbody\n\nFoo: x\n  more\n\tand more\nbar : y\nbaz:z\n",
    "Subject\n\nbody\n\nFoo: x   \n  \n\n\n",
    "Subject\n\nbody\n\nFoo:\n",
    "Subject\n\nbody\n\nFoo:\n  value\n",
    "Subject\nFoo: x\n",
    "Foo: x\n",
    "Foo: x\n\nFoo: y\n",
    f"Subject\n\nbody\n\none\ntwo\nthree\n{SIGNED}\n",
    f"Subject\n\nbody\n\none\ntwo\nthree\nfour\n{SIGNED}\n",
    f"Subject\n\nbody\n\n{SIGNED}\none\n two\n three\n",
    f"Subject\n\nbody\n\n one\n two\n{SIGNED}\n",
    "Subject\n\nbody\n\n  indented\nFoo: x\n",
    "Subject\n\nbody\n\nFoo: x\n---\nBar: y\n",
    "Subject\n\n---\nBar: y\n\nBaz: z\n",
    f"Subject\n\nbody\n\n{SIGNED}\nhttps://example.com/x\nprose here: x\n: y\n",
    "Subject\n\nFoo: x\nhttps://example.com\n",
    "Subject\n\nFoo: x\n\n# a comment\n",
    "Subject\n\n# a comment\nFoo: x\n# another\n  more\n",
    "Subject\n\nbody\n\nFoo: x\n\nConflicts:\n\tsettings.toml\n\tother.toml\n",
    f"Subject\n\nbody\n\nFoo: x\n{SCISSORS}\ndiff --git a/x b/x\n",
    "# a comment first\nSubject\n\nFoo: x\n",
    "Subject\n\nKéy: x\nFoo: y\n",
    "Subject\n\nFoo: x\u2028Bar: y\x0bBaz: z\n",
    "Subject\n\nFoo: x\n\x0bBar: y\n",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("messages")
    git(folder, "init", "--quiet", "--bare")
    return folder


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, check=True, capture_output=True,
        env=os.environ | GIT,
    ).stdout  # fmt: skip


counter = itertools.count()


def as_git_sees_them(repository: Path, messages: list[str]) -> list[tuple[str, str]]:
    """Subject and trailers of each message, from one import and one log."""
    branch = f"refs/heads/batch-{next(counter)}"
    stream = b"".join(
        b"commit %s\ncommitter Ada Example <ada@example.com> 0 +0000\ndata %d\n%s\n"
        % (branch.encode(), len(message.encode()), message.encode())
        for message in messages
    )
    git(repository, "fast-import", "--quiet", stdin=stream)
    shown = git(
        repository, "log", "-z", "--reverse", "--format=%s%x01%(trailers:only,unfold)", branch
    ).decode()
    records = shown.removesuffix("\0").split("\0")
    return [(subject, trailers) for subject, _, trailers in (r.partition("\x01") for r in records)]


def written(message: Message) -> str:
    return "".join(f"{key}: {value}\n" for key, value in message.trailers)


def test_subject_and_trailers_are_those_of_git_log(repository: Path) -> None:
    for text, (subject, trailers) in zip(
        MESSAGES, as_git_sees_them(repository, MESSAGES), strict=True
    ):
        message = parse_message(text)
        assert (message.subject.split(), written(message)) == (subject.split(), trailers), text


@pytest.mark.parametrize("text", [text for text in MESSAGES if text[:1].isalpha()])
def test_trailers_are_those_of_interpret_trailers(repository: Path, text: str) -> None:
    parsed = git(
        repository, "interpret-trailers", "--parse", "--no-divider", stdin=text.encode()
    ).decode()
    assert written(parse_message(text)) == parsed


LINES = [
    *("", "", " ", "prose", "more prose: here", "Foo: x", "Foo-Bar :y", "foo:", ": z", "  more"),
    *("\tmore", "# note", "Conflicts:", "---", "[ada: fixed]", SIGNED, PICKED, SCISSORS, " a: b"),
]


# Shrinking would start Git a thousand times; the assertion names the one message.
@settings(max_examples=20, deadline=None, phases=[Phase.generate])
@given(
    st.lists(
        st.lists(st.sampled_from(LINES), min_size=1, max_size=14).map("\n".join).map("{}\n".format),
        min_size=60,
        max_size=80,
    )
)
def test_any_messages_are_read_as_git_reads_them(repository: Path, messages: list[str]) -> None:
    for text, (subject, trailers) in zip(
        messages, as_git_sees_them(repository, messages), strict=True
    ):
        message = parse_message(text)
        assert (message.subject.split(), written(message)) == (subject.split(), trailers), text


@given(st.text())
def test_no_text_fails(text: str) -> None:
    message = parse_message(text)
    assert "\n" not in message.subject
    assert message.body == message.body.strip("\n")
    assert set(message.subject.split()) <= set(text.split())


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Subject", ""),
        ("Subject\n\nbody", "body"),
        ("Subject\n\n\n\n  body  \n\n\nmore\t\n\n\n", "  body\n\n\nmore"),
        ("Subject\r\n\r\none\r\ntwo\r\rthree", "one\ntwo\n\nthree"),
        (f"Subject\n\nbody\n\n{SIGNED}", "body"),
        (f"Subject\n\nbody\n\n{PICKED}", "body"),
        (f"Subject\n\n{PICKED}\n{SIGNED}", ""),
        (f"Subject\n\nWe moved it.\n{SIGNED}\n", "We moved it."),
        (f"Subject\n\nbody\n\n[ada: fixed a typo]\n{SIGNED}", "body\n\n[ada: fixed a typo]"),
        (f"Subject\n\nbody\n\n{SIGNED}\n\n#123 is the ticket", "body\n\n\n#123 is the ticket"),
        ("Subject\n\nkey: value\n\nReviewed-by: Bo", "key: value"),
        ("Subject\n\none\x0btwo\x0cthree\x85four\u2028five", "one\x0btwo\x0cthree\x85four\u2028five"),
    ],
)  # fmt: skip
def test_body(text: str, body: str) -> None:
    assert parse_message(text).body == body


@pytest.mark.parametrize(
    ("block", "body"),
    [
        ("Reason: the partner moved to a new data centre",) * 2,
        ("Why: DNS",) * 2,
        ("Note: we tried that\n  and it failed",) * 2,
        ("Grund: パートナーが移転したため",) * 2,
        ("Note: พันธมิตรย้ายศูนย์ข้อมูล",) * 2,
        (f"Reason: the partner moved\n{SIGNED}\nTicket: X-1", "Reason: the partner moved"),
        ("Reason:", ""),
        ("Note: we tried that", ""),
        ("Approved-by: the board of this company", ""),
        ("Fixes: 0123456789ab (the old time-out was too short)", ""),
        ("Contact: the team of Ada <ada@example.com>", ""),
        ("Ports: 80 443 8080 8443", ""),
    ],
)
def test_trailers_that_are_prose_stay_when_no_body_would_remain(block: str, body: str) -> None:
    message = parse_message(f"Subject\n\n{block}\n")
    assert message.body == body
    assert len(message.trailers) >= 1


def test_prose_in_trailers_leaves_a_body_alone() -> None:
    message = parse_message("Subject\n\nThe body.\n\nReason: the partner moved away")
    assert message == Message(
        "Subject", "The body.", (Trailer("Reason", "the partner moved away"),)
    )


def test_the_module_imports_nothing_that_costs_time() -> None:
    code = (
        "import sys, typing; before = set(sys.modules);"
        "import confluence_changelog.message; print(len(set(sys.modules) - before))"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert int(shown.stdout) == 2  # the package and the module
