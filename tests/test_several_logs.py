"""Several logs of one repository, by path: each commit has a row in each log that wants it."""

import json
import re
import time
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog import notes
from confluence_changelog.cli import main
from confluence_changelog.config import parse
from confluence_changelog.demands import demands
from confluence_changelog.errors import ConfigurationError, UsageError
from confluence_changelog.logs import each_log, log_named, name_of
from confluence_changelog.noting import published_patterns
from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox
from confluence_changelog.settings import Config
from support.hooked import eventually, install_hooks, noted
from support.repositories import Repo, RepoBuilder
from support.sites import sandbox

__all__ = ["sandbox"]

PROJECT = Path(__file__).resolve().parents[1]
WHY = "\n\nThe old one leaves on Friday."
FILE = "confluence-changelog.toml"
CONF = """\
[scope]
since = ""
[[log]]
name = "network"
table.heading = "Network"
scope.paths = ["net/"]
[[log]]
name = "dns"
table.heading = "Name servers"
scope.paths = ["dns/"]
"""
HEAD = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
TABLE = f"<table><tbody>{HEAD}</tbody></table>"
PAGE = f"<h2>Network</h2>{TABLE}<h2>Name servers</h2>{TABLE}"


def read(text: str) -> Config:
    return parse(tomllib.loads(text), "it")


# What is configured.


def test_a_log_has_what_it_does_not_say_from_the_file() -> None:
    network, dns = each_log(
        read(
            '[page]\nid = 1\ndeadline = 9\n[table]\nnumber = 2\n[table.columns]\nDate = "date"\n'
            '[row]\nrepository = "net"\n[scope]\nsince = "2026-01-01"\n[policy]\nreason_words = 1\n'
            '[[log]]\nname = "network"\nscope.paths = ["net/"]\n'
            '[[log]]\nname = "dns"\npage.id = 2\ntable.heading = "DNS"\n'
            '[log.table.columns]\nDatum = "date"\n'
        )
    )
    assert (network.page.id, network.table.number, network.scope.paths) == (1, 2, ("net/",))
    assert (dns.page.id, dns.page.deadline) == (2, 9)
    assert (dns.table.number, dns.table.heading, dns.table.columns) == (
        None,
        "DNS",
        {"Datum": "date"},
    )
    for log in (network, dns):
        assert (log.row.repository, log.scope.since) == ("net", "2026-01-01")
        assert log.policy.reason_words == 1
        assert each_log(log) == (log,)
    assert [name_of(log) for log in (network, dns)] == ["network", "dns"]


def test_without_logs_there_is_one_without_a_name() -> None:
    assert each_log(Config()) == (Config(),)
    assert name_of(Config()) == ""
    with pytest.raises(UsageError, match="There is no log 'x'; the configuration has none"):
        log_named(Config(), "x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[log]]\n", "name"),
        ('[[log]]\nname = ""\n', "`log.name` may have up to 40 letters"),
        ('[[log]]\nname = "a b"\n', "`log.name` may have up to 40 letters"),
        ('[[log]]\nname = "a"\nscopes.paths = []\n', "unknown key `scopes` in \\[log\\]"),
        ('[[log]]\nname = "a"\nscope.path = []\n', "unknown key `path` in \\[log.scope\\]"),
        ('[[log]]\nname = "a"\nscope = 1\n', "scope"),
        ('[[log]]\nname = "a"\npolicy.reason_words = 1\n', "unknown key `policy`"),
        ('[[log]]\nname = "a"\nscope.heal = -1\n', "log a: `scope.heal`"),
        ('[[log]]\nname = "a"\npage.token = "x"\n', "looks like a credential"),
        ('[log]\nname = "a"\n', "log"),
        ("log = [1]\n", "log"),
        ('[[log]]\nname = "a"\npage.id = 1\n[[log]]\nname = "A"\n', "two logs are called a"),
        (
            '[page]\nid = 1\n[[log]]\nname = "a"\n[[log]]\nname = "b"\nscope.paths = ["b"]\n',
            "it: The logs a and b are the same table; give one of them another page",
        ),
        (
            '[[log]]\nname = "a"\ntable.heading = "X"\n[[log]]\nname = "b"\ntable.heading = "x"\n',
            "The logs a and b are the same table",
        ),
        (
            '[[log]]\nname = "a"\ntable.heading = "X"\ntable.number = 1\n',
            "log a: `table.number` and `table.heading` both say",
        ),
    ],
)
def test_what_cannot_be(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read(text)


_SCOPE = st.fixed_dictionaries(
    {},
    optional={
        "paths": st.lists(st.sampled_from(["a", "b/"])),
        "merges": st.booleans(),
        "heal": st.integers(0, 9),
    },
)


@given(_SCOPE, st.lists(_SCOPE, min_size=1, max_size=3))
def test_what_a_log_says_comes_before_what_the_file_says(
    base: dict[str, object], own: list[dict[str, object]]
) -> None:
    tables = [{"name": f"l{n}", "page": {"id": n}, "scope": each} for n, each in enumerate(own)]
    config = parse({"scope": base, "log": tables}, "it")
    for log, each in zip(each_log(config), own, strict=True):
        assert log.scope == parse({"scope": {**base, **each}}, "it").scope


def test_the_policy_binds_the_paths_of_all_logs() -> None:
    config = read(CONF)
    for path, is_bound in (("net/a", True), ("dns/a", True), ("README", False)):
        assert (demands(config, [path].copy) is not None) == is_bound
    everything = read(CONF + '[[log]]\nname = "all"\ntable.heading = "All"\nscope.paths = []\n')
    assert demands(everything, ["README"].copy) is not None


@pytest.mark.parametrize(
    ("branches", "patterns"),
    [
        ((None, None), ()),
        (("main", None), ("*",)),
        (("main", "release/*"), ("main", "release/*")),
    ],
)
def test_hooks_note_for_every_log(
    build_repo: RepoBuilder,
    sandbox: Sandbox,
    branches: tuple[str | None, ...],
    patterns: tuple[str, ...],
) -> None:
    repo = build_repo(build)
    text = "".join(
        f'[[log]]\nname = "l{n}"\npage.id = {n}\n'
        + (f'scope.branches = ["{name}"]\n' if name else "")
        for n, name in enumerate(branches)
    )
    repo.write({FILE: text})
    assert published_patterns(repo.path) == patterns
    assert len(read(text).log) == 2


def test_the_documentation_shows_what_can_be_configured() -> None:
    text = (PROJECT / "docs" / "several.md").read_text(encoding="utf-8")
    (block,) = (
        each for each in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[[log]]" in each
    )
    network, dns = each_log(read(block))
    assert (network.page.id, dns.page.id) == (65538, 65540)
    assert dict(dns.table.columns) == {"Datum": "date", "Wer": "author", "Was": "subject"}


# What is published.


def build(repo: Repo) -> None:
    repo.commit({FILE: CONF}, f"Begin{WHY}")
    repo.commit({"net/a": "1"}, f"Network one{WHY}")
    repo.commit({"dns/a": "1"}, f"Names one{WHY}")
    repo.commit({"net/a": "2", "dns/a": "2"}, f"Both of them{WHY}")


@pytest.fixture
def repo(sandbox: Sandbox, build_repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = build_repo(build)
    monkeypatch.chdir(repo.path)
    sandbox.set_body(LOG_ID, PAGE)
    return repo


def shown(sandbox: Sandbox) -> dict[str, list[str]]:
    """Return the subjects of the rows below each heading."""
    parts = re.split(r"<h2>(.*?)</h2>", sandbox.page(LOG_ID).storage)
    words = "Network one|Names one|Both of them|New .*?(?=<)"
    return {
        name: re.findall(words, part) for name, part in zip(parts[1::2], parts[2::2], strict=True)
    }


BOTH = {"Network": ["Both of them", "Network one"], "Name servers": ["Both of them", "Names one"]}


def test_each_log_has_its_rows(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["publish", "--range", "HEAD"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Log network:\nPublished 2 rows")
    assert "\nLog dns:\nPublished 2 rows" in out
    assert shown(sandbox) == BOTH
    assert main(["publish", "--range", "HEAD", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["logs"]
    assert [(log["name"], log["published"], log["already"]) for log in found] == [
        ("network", [], 2),
        ("dns", [], 2),
    ]
    assert sandbox.page(LOG_ID).latest == 3
    assert main(["audit"]) == 0
    assert capsys.readouterr().out.count("2 commits in scope, 2 rows") == 2


def test_one_log_alone(sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--range", "HEAD", "--log", "dns"]) == 0
    assert "Log " not in capsys.readouterr().out
    assert shown(sandbox) == {"Network": [], "Name servers": BOTH["Name servers"]}
    assert main(["audit", "--log", "dns"]) == 0
    assert main(["audit"]) == 1
    assert main(["publish", "--log", "mail"]) == 2
    err = capsys.readouterr().err
    assert "There is no log 'mail'; the configuration has network, dns." in err


def test_a_log_that_fails_does_not_keep_the_others_from_theirs(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_body(LOG_ID, PAGE.replace("<h2>Network</h2>", "<h2>Net</h2>"))
    assert main(["publish", "--range", "HEAD"]) == 3
    assert "error: Log network: " in capsys.readouterr().err
    assert shown(sandbox)["Name servers"] == BOTH["Name servers"]
    assert main(["audit", "--format", "json"]) == 3
    network, dns = json.loads(capsys.readouterr().out)["logs"]
    assert network["name"] == "network"
    assert "error" in network
    assert (dns["name"], dns["clean"]) == ("dns", True)
    assert main(["audit", "--format", "junit"]) == 3
    suites = ET.fromstring(capsys.readouterr().out)
    assert suites.get("failures") == "1"
    names = {case.get("classname") for case in suites.iter("testcase")}
    assert {"audit.network", "audit.dns.missing"} <= names


def test_logs_that_turn_out_to_be_one_table(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.write({FILE: CONF.replace('table.heading = "Name servers"', "table.number = 1")})
    assert main(["publish", "--range", "HEAD"]) == 2
    assert "error: Log dns: The logs network and dns are the same table" in capsys.readouterr().err
    assert shown(sandbox) == {"Network": BOTH["Network"], "Name servers": []}


def test_logs_on_several_pages(
    sandbox: Sandbox,
    repo: Repo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One page in the environment is not meant for a log that names its own."""
    sandbox.set_body(HOME_ID, TABLE)
    repo.write({FILE: CONF.replace('table.heading = "Name servers"', f"page.id = {HOME_ID}")})
    assert main(["publish", "--range", "HEAD"]) == 0
    assert shown(sandbox) == {"Network": BOTH["Network"], "Name servers": []}
    assert "Names one" in sandbox.page(HOME_ID).storage
    assert main(["publish", "--page", str(LOG_ID)]) == 2
    assert "--page is for one log, and there are several" in capsys.readouterr().err


def test_range_and_tables_and_doctor_name_the_logs(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["range", "--explain"]) == 0
    out = capsys.readouterr().out
    assert out.count("2 in scope.") == 2
    assert "Log network:" in out
    assert main(["range", "--explain", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["logs"]) == 2
    assert main(["tables", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["logs"]
    assert [(log["name"], log["log"]) for log in found] == [("network", 1), ("dns", 2)]
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "Log dns:" in out
    assert "Table 2 is the log" in out
    assert main(["doctor", "--format", "json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert [log["name"] for log in seen["logs"]] == ["network", "dns"]
    assert main(["doctor", "--log", "dns", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["logs"]) == 1


def test_a_row_by_hand_is_for_one_log(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["add", "New relay", "The old rack goes."]
    assert main(words) == 2
    assert "There are several logs (network, dns); say which one" in capsys.readouterr().err
    assert main([*words, "--log", "dns"]) == 0
    assert shown(sandbox) == {"Network": [], "Name servers": ["New relay"]}


# What hooks note.


def note(repo: Repo, *ids: str) -> None:
    now = time.time()
    folder = notes.pending(repo.path / ".git")
    notes.write(folder, [notes.Note(i, now, "refs/heads/main") for i in ids])


def test_what_is_noted_goes_into_each_log(sandbox: Sandbox, repo: Repo) -> None:
    install_hooks(repo)
    repo.commit({"net/b": "1", "dns/b": "1"}, f"New for both{WHY}")
    eventually(lambda: not noted(repo))
    assert shown(sandbox) == {"Network": ["New for both"], "Name servers": ["New for both"]}


def test_a_note_stays_until_every_log_that_wants_it_has_it(
    sandbox: Sandbox, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    both, names, network = (repo.rev_parse(f"HEAD~{back}") for back in range(3))
    sandbox.set_body(LOG_ID, PAGE.replace("<h2>Network</h2>", "<h2>Net</h2>"))
    note(repo, both, names, network)
    assert main(["publish", "--pending"]) == 3
    assert capsys.readouterr().err.count("error: ") == 1
    assert noted(repo) == {both, network}
    failure = notes.read_failure(repo.path / ".git")
    assert failure is not None
    assert failure.sentence.startswith("Log network: ")
    assert shown(sandbox)["Name servers"] == BOTH["Name servers"]
    sandbox.set_body(LOG_ID, sandbox.page(LOG_ID).storage.replace("<h2>Net<", "<h2>Network<"))
    assert main(["publish", "--pending"]) == 0
    assert noted(repo) == set()
    assert notes.read_failure(repo.path / ".git") is None
    assert shown(sandbox) == BOTH
    assert main(["publish", "--pending", "--log", "dns"]) == 2


def test_a_rewritten_commit_is_replaced_in_each_log(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["publish", "--range", "HEAD"]) == 0
    install_hooks(repo)
    repo.git("commit", "-q", "--amend", "-m", f"New words{WHY}", env=repo.identity())
    eventually(lambda: not noted(repo))
    assert shown(sandbox) == {
        "Network": ["New words", "Network one"],
        "Name servers": ["New words", "Names one"],
    }
    assert main(["audit"]) == 0


def test_a_correction_is_shown_in_each_log(sandbox: Sandbox, repo: Repo) -> None:
    assert main(["publish", "--range", "HEAD"]) == 0
    repo.commit({}, f"New words{WHY}\n\nCorrects: {repo.rev_parse()}")
    assert main(["audit"]) == 1
    assert main(["publish"]) == 0
    assert [rows[0] for rows in shown(sandbox).values()] == ["New words", "New words"]
    assert main(["audit"]) == 0


def test_check_is_for_the_paths_of_any_log(repo: Repo) -> None:
    repo.commit({"dns/b": "1"}, "fix")
    assert main(["check", "--range", "HEAD~1..HEAD"]) == 1
    repo.commit({"README": "1"}, "fix")
    assert main(["check", "--range", "HEAD~1..HEAD"]) == 0
