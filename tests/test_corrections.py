"""Corrected texts: found in notes and in trailers of later commits, with real repositories."""

import hashlib
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.corrections import Corrections, find, resolve, unknown
from confluence_changelog.entry import make_entry
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.git import open_repository
from confluence_changelog.history import log
from confluence_changelog.message import parse_message, without_trailers
from confluence_changelog.withdrawn import withdrawn
from support.repositories import Repo, RepoBuilder

WHY = "\n\nThe old one leaves on Friday."


def _fill(repo: Repo) -> None:
    for letter in "abcd":
        repo.commit({letter: letter}, f"Add {letter}{WHY}")


@pytest.fixture
def repo(build_repo: RepoBuilder) -> Repo:
    return build_repo(_fill)


def correct(repo: Repo, *commits: str, text: str = "Corrected") -> str:
    trailers = "".join(f"\nCorrects: {commit}" for commit in commits)
    return repo.commit({}, f"{text}\n\nIt said something else.\n{trailers}")


def note(repo: Repo, text: str, commit: str) -> None:
    repo.git("notes", "--ref", "changelog", "add", "-f", "-m", text, commit)


def found(repo: Repo, run: str | None = None) -> Corrections:
    """Return what a run over a range finds; None: what an audit does."""
    opened = open_repository(repo.path)
    commits = None if run is None else [commit.id for commit in log(opened, run.split())]
    return find(opened, [repo.rev_parse("main")], commits)


def subjects(corrections: Corrections) -> dict[str, str]:
    return {commit: parse_message(text).subject for commit, text in corrections.messages.items()}


def test_nothing_is_corrected(repo: Repo) -> None:
    assert found(repo, "HEAD") == found(repo) == Corrections({})


def test_a_trailer_corrects(repo: Repo) -> None:
    target = repo.rev_parse("HEAD~2")
    correct(repo, target[:7])
    for run in ("HEAD", "HEAD~1..HEAD", None):
        assert subjects(found(repo, run)) == {target: "Corrected"}
        assert found(repo, run).by_commits
        message = parse_message(found(repo, run).messages[target])
        assert (message.body, message.trailers) == ("It said something else.", ())


def test_a_run_before_it_is_corrected_by_what_came_since(repo: Repo) -> None:
    """Rows that are late are published as they are to be read now."""
    target = repo.rev_parse("HEAD")
    correct(repo, target)
    assert subjects(found(repo, "HEAD~2..HEAD~1")) == {target: "Corrected"}


def test_the_newest_wins_whichever_is_in_the_run(repo: Repo) -> None:
    target = repo.rev_parse()
    correct(repo, target, text="First")
    correct(repo, target, text="Second")
    repo.commit({"e": "e"}, "Add e")
    for run in ("HEAD", "HEAD~3..HEAD~2", "HEAD~2..HEAD~1", None):
        assert subjects(found(repo, run)) == {target: "Second"}
    assert found(repo, "HEAD~1..HEAD") == Corrections({})


def test_a_correction_can_be_corrected(repo: Repo) -> None:
    target = repo.rev_parse()
    first = correct(repo, target, text="First")
    correct(repo, first, text="Second")
    assert subjects(found(repo, "HEAD~1..HEAD")) == {target: "Second", first: "Second"}
    note(repo, "Third", first)
    assert subjects(found(repo, "HEAD")) == {target: "Third", first: "Third"}
    assert subjects(found(repo, "HEAD~5..HEAD~4")) == {target: "Third", first: "Third"}


def test_one_commit_corrects_several(repo: Repo) -> None:
    targets = [repo.rev_parse("HEAD~1")[:8].upper(), f'{repo.rev_parse()} ("Add d")']
    correct(repo, *targets)
    ids = {repo.rev_parse("HEAD~1"), repo.rev_parse("HEAD~2")}
    assert found(repo, "HEAD").messages.keys() == ids


def test_other_trailers_stay(repo: Repo) -> None:
    target = repo.rev_parse()
    repo.commit({}, f"Text\n\nWhy it is so.\n\nRisk: low\ncorrects : {target}\nTicket: CHG-1")
    message = parse_message(found(repo, "HEAD").messages[target])
    assert message.trailers == (("Risk", "low"), ("Ticket", "CHG-1"))


def test_only_published_commits_correct(repo: Repo) -> None:
    repo.checkout("feature", new=True)
    correct(repo, repo.rev_parse())
    assert found(repo) == Corrections({})


@pytest.mark.parametrize("value", ["1234567", "f" * 40, "main", "abc", "HEAD~1", "the typo"])
def test_what_names_no_commit_is_said_and_has_no_effect(repo: Repo, value: str) -> None:
    correct(repo, value)
    corrections = found(repo, "HEAD")
    assert corrections.messages == {}
    assert f'corrects "{value}", which is no commit of this clone' in corrections.warnings[0]
    repo.commit({"e": "e"}, "Add e")
    assert found(repo, "HEAD~1..HEAD").warnings == ()
    message = parse_message(f"Text\n\nWhy it is so.\n\nCorrects: {value}")
    assert unknown(open_repository(repo.path), message) == [value]


def test_the_beginning_of_several_ids_names_none(repo: Repo) -> None:
    tree = repo.rev_parse("HEAD^{tree}")
    seen: dict[str, bytes] = {}
    for number in count():
        raw = f"tree {tree}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\n{number}\n".encode()
        short = hashlib.sha1(b"commit %d\0%s" % (len(raw), raw)).hexdigest()[:7]
        if short in seen:
            break
        seen[short] = raw
    assert repo.commit_object(seen[short])[:7] == repo.commit_object(raw)[:7] == short
    correct(repo, short)
    (warning,) = found(repo, "HEAD").warnings
    assert f'corrects "{short}", which is the beginning of several ids' in warning
    message = parse_message(f"Text\n\nWhy it is so.\n\nCorrects: {short}")
    assert unknown(open_repository(repo.path), message) == [short]
    with pytest.raises(ConfigurationError, match="is the beginning of several ids"):
        withdrawn(open_repository(repo.path), [short])


def test_a_note_corrects(repo: Repo) -> None:
    target = repo.rev_parse("HEAD~3")
    note(repo, "Said in a note\nthat goes on", target)
    for run in ("HEAD", "HEAD~1..HEAD", None):
        assert subjects(found(repo, run)) == {target: "Said in a note"}
        assert not found(repo, run).by_commits
    assert parse_message(found(repo).messages[target]).body == "that goes on"


def test_a_note_wins(repo: Repo) -> None:
    target = repo.rev_parse()
    note(repo, "By note", target)
    correct(repo, target)
    assert subjects(found(repo, "HEAD")) == {target: "By note"}


@pytest.mark.parametrize("text", ["skip", "SKIP it", " "])
def test_other_notes_do_not_correct(repo: Repo, text: str) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=text)
    repo.git("notes", "--ref", "changelog", "add", "-C", blob, "HEAD")
    assert found(repo, "HEAD") == Corrections({})


def test_a_note_that_is_no_text_or_on_no_commit_does_not_correct(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"\x89PNG\x00\x01")
    repo.git("notes", "--ref", "changelog", "add", "-C", blob, "HEAD")
    note(repo, "On a tree", repo.rev_parse("HEAD^{tree}"))
    note(repo, "Latin", repo.rev_parse("HEAD~1"))
    assert subjects(found(repo)) == {repo.rev_parse("HEAD~1"): "Latin"}


def test_a_shallow_clone_corrects_what_it_has(repo: Repo) -> None:
    far, near = repo.rev_parse("HEAD~3"), repo.rev_parse()
    correct(repo, far, near)
    clone = repo.clone("shallow", depth=3)
    opened = open_repository(clone.path)
    run = [commit.id for commit in log(opened, ["HEAD~1..HEAD"])]
    corrections = find(opened, [clone.rev_parse()], run)
    assert corrections.messages.keys() == {near}
    assert "no commit of this clone" in corrections.warnings[0]
    message = parse_message(f"Text\n\nWhy it is so.\n\nCorrects: {far}")
    assert unknown(opened, message) == []


def test_only_the_message_is_corrected(repo: Repo) -> None:
    co_author = "Co-authored-by: Bo Example <bo@example.com>"
    target = repo.commit({"x": "1"}, f"Old ABC-1{WHY}\n\n{co_author}")
    (commit,) = log(open_repository(repo.path), [target], no_walk=True)
    new = "New ABC-2\n\nglpat-Zx9Kp2Lm4Qw7Rt6Yb1Nc was used.\n\nRisk: low\nCo-authored-by: Cy <c@d>"
    old, entry = make_entry(commit), make_entry(commit, corrected=new)
    assert (entry.subject, entry.tickets, entry.body) == (
        "New ABC-2",
        ("ABC-2",),
        "[removed] was used.",
    )
    assert entry.trailers[0] == ("Risk", "low")
    assert entry.removed
    same = ("id", "abbreviated", "date", "moment", "author", "committer", "paths", "co_authors")
    assert [getattr(entry, key) for key in same] == [getattr(old, key) for key in same]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("S", "S"),
        ("Corrects: abc", "Corrects: abc"),
        ("S\n\nCorrects: abc", "S\n"),
        ("S\n\nB\n\nCORRECTS: abc\n def\nRisk: low", "S\n\nB\n\nRisk: low"),
        ("S\n\nCorrects: abc\n\nB", "S\n\nCorrects: abc\n\nB"),
    ],
)
def test_trailers_are_taken_out(text: str, left: str) -> None:
    assert without_trailers(text, "Corrects") == left


_NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(_NAMES, _NAMES), st.dictionaries(_NAMES, st.just("note")), _NAMES)
def test_every_chain_ends(newest: dict[str, str], noted: dict[str, str], commit: str) -> None:
    """Also where corrections lead back, which ids that are abbreviated could do."""
    texts = {each: f"text of {each}" for each in newest.values()}
    path = [commit]
    while path[-1] not in noted and path[-1] in newest and newest[path[-1]] not in path:
        path.append(newest[path[-1]])
    text = resolve(commit, noted, newest, texts)
    if path[-1] in noted:
        assert text == "note"
    elif path[-1] in newest or path == [commit]:
        assert text is None
    else:
        assert text == texts[path[-1]]
