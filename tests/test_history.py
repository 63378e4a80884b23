"""Reading commits: every legal one survives, whatever is configured and whoever reads."""

import os
from collections.abc import Generator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.commit import Change, Commit, Identity
from confluence_changelog.errors import (
    GitError,
    NotARepositoryError,
    ShallowHistoryError,
    UnknownRevisionError,
)
from confluence_changelog.git import (
    Reader,
    Repository,
    open_repository,
    read_gitpython,
    read_subprocess,
)
from confluence_changelog.history import log, parse_log, split_range
from support.repositories import Repo, RepoBuilder, RepoFactory

READERS = [read_subprocess, read_gitpython]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_log(repo: Repo, *revisions: str, no_walk: bool = False) -> list[Commit]:
    """Read with both readers, which must agree."""
    repository = open_repository(repo.path)
    one, other = (
        list(log(repository, revisions or ("HEAD",), no_walk=no_walk, read=read))
        for read in READERS
    )
    assert one == other
    return one


def raw_commit(repo: Repo, rest: bytes) -> str:
    """Store a commit of the empty tree whose lines after ``tree`` are ``rest``."""
    return repo.commit_object(b"tree " + repo.git("mktree").encode() + b"\n" + rest)


def raw_message(repo: Repo, message: bytes, header: bytes = b"") -> str:
    who = b"Ada <ada@example.com> 1767603600 +0100\n"
    return raw_commit(repo, b"author " + who + b"committer " + who + header + b"\n" + message)


# The fields


def test_every_field(make_repo: RepoFactory) -> None:
    repo = make_repo()
    root = repo.commit({"a.yaml": "a: 1\n"}, "Add a")
    commit = repo.commit(
        {"dir/b ü.yaml": "b: 1\n", "a.yaml": "a: 2\n"},
        "Raise a\n\nBecause b.\n\nTicket: OPS-1\n",
        author="Bo Example <bo@example.com>",
        committer="Cy Example <cy@example.com>",
        date="1767603600 +0530",
        committer_date="1767607200 -0330",
    )
    india, newfoundland = (timezone(timedelta(minutes=m)) for m in (330, -210))
    assert read_log(repo)[0] == Commit(
        id=commit,
        abbreviated=repo.git("rev-parse", "--short", commit),
        parents=(root,),
        author=Identity("Bo Example", "bo@example.com", datetime(2026, 1, 5, 14, 30, tzinfo=india)),
        committer=Identity(
            "Cy Example", "cy@example.com", datetime(2026, 1, 5, 6, 30, tzinfo=newfoundland)
        ),
        message="Raise a\n\nBecause b.\n\nTicket: OPS-1\n",
        changes=(Change("M", "a.yaml", ""), Change("A", "dir/b ü.yaml", "")),
    )
    assert read_log(repo)[0].author.date.utcoffset() == timedelta(hours=5, minutes=30)
    assert read_log(repo)[1].changes == (Change("A", "a.yaml", ""),)


def test_changes_of_all_kinds(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.commit({"mode": "m", "old": "same\n" * 9, "gone": "g", "like": "like\n" * 9}, "Add")
    tree_with_link = repo.git("hash-object", "-w", "--stdin", stdin="mode")
    files = {"new\tname\n": "same\n" * 9, "old": None, "gone": None, "alike": "like\n" * 9 + "!"}
    repo.write(files | {"like": None})
    repo.git("add", "--all")
    repo.git("update-index", "--cacheinfo", f"120000,{tree_with_link},mode")
    repo.git("commit", "-q", "-m", "Change")
    assert set(read_log(repo)[0].changes) == {
        Change("R", "new\tname\n", "old"),
        Change("D", "gone", ""),
        Change("T", "mode", ""),
        Change("A", "alike", ""),  # similar is not renamed: finding out would read the blobs
        Change("D", "like", ""),
    }


def test_merges_change_what_their_first_parent_lacks(make_repo: RepoFactory) -> None:
    repo = make_repo()
    base = repo.commit({"a": "1"}, "Base")
    repo.checkout("side", new=True)
    side = repo.commit({"b": "1"}, "Side")
    repo.checkout("main")
    main = repo.commit({"c": "1"}, "Main")
    merge = repo.merge("side")
    commits = read_log(repo)
    assert [c.id for c in commits] == repo.git("log", "--topo-order", "--format=%H").split()
    assert commits[0].id == merge
    assert commits[0].parents == (main, side)
    assert commits[0].changes == (Change("A", "b", ""),)
    assert commits[-1].id == base
    assert commits[-1].parents == ()


def test_octopus_and_commits_without_changes(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.commit({}, "Empty")
    for name in ("x", "y"):
        repo.branch(name)
    for name in ("x", "y"):
        repo.checkout(name)
        repo.commit({name: "1"}, name)
    repo.checkout("main")
    repo.merge("x", "y")
    commits = read_log(repo)
    assert [len(c.parents) for c in commits] == [3, 1, 1, 0]
    assert commits[-1].changes == ()


def test_sha256(make_repo: RepoFactory) -> None:
    repo = make_repo(object_format="sha256")
    first = repo.commit({"a": "1"}, "One")
    second = repo.commit({"a": "2"}, "Two")
    commits = read_log(repo)
    assert [c.id for c in commits] == [second, first]
    assert {len(c.id) for c in commits} == {64}
    assert commits[0].parents == (first,)
    assert commits[0].changes == (Change("M", "a", ""),)


def test_the_mailmap_is_followed(make_repo: RepoFactory) -> None:
    repo = make_repo()
    mailmap = "Ada Lovely <ada@example.org> <ada@example.com>\n"
    repo.commit({".mailmap": mailmap}, "One", committer="Bo <bo@example.com>")
    repo.git("config", "log.mailmap", "false")
    for place in (repo, repo.clone("bare.git", bare=True)):
        commit = read_log(place)[0]
        assert commit.author[:2] == ("Ada Lovely", "ada@example.org")
        assert commit.committer[:2] == ("Bo", "bo@example.com")


def test_replace_refs_and_grafts_are_ignored(make_repo: RepoFactory) -> None:
    repo = make_repo()
    first = repo.commit({"a": "1"}, "One")
    second = repo.commit({"a": "2"}, "Two")
    expected = read_log(repo)
    repo.git("replace", second, raw_message(repo, b"Forged"))
    repo.git("config", "advice.graftFileDeprecated", "true")
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{second}\n", encoding="ascii")
    assert repo.git("log", "--format=%s") == "Forged"
    assert read_log(repo) == expected
    assert [c.id for c in expected] == [second, first]


# Messages and names


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("", id="empty"),
        pytest.param("Only a subject", id="no line end"),
        pytest.param("   ", id="only spaces"),
        pytest.param("\n\n", id="only line ends"),
        pytest.param("Subject\r\n\r\nBody\r\n", id="CRLF"),
        pytest.param("Bell\x07 and \x1b[31mred\x1b[0m \x01\x7f\x85\n", id="control characters"),
        pytest.param("\n\n  Late subject  \n\n\n\nBody \n\n\n", id="white space"),
        pytest.param("A" * 40 + "\n" + "b" * 64, id="like ids"),
        pytest.param("M\n\nA\tpath\n\nR100\n", id="like changes"),
        pytest.param("Ünïcödé 🎉 \u202e\ufeff\n", id="Unicode"),
    ],
)
def test_messages_survive_to_the_byte(make_repo: RepoFactory, message: str) -> None:
    repo = make_repo()
    repo.commit({"a": "1"}, "Before")
    commit = repo.commit({"a": "2"}, message)
    repo.commit({"a": "3"}, "After")
    found = read_log(repo)
    assert found[1].id == commit
    assert found[1].message == message
    assert [c.changes for c in found[:2]] == [(Change("M", "a", ""),)] * 2


def test_a_body_of_a_megabyte(make_repo: RepoFactory) -> None:
    repo = make_repo()
    message = "Subject\n\n" + "äöü word\n" * 100_000
    repo.commit({"a": "1"}, message)
    assert read_log(repo)[0].message == message


def test_other_encodings_are_recoded(make_repo: RepoFactory) -> None:
    repo = make_repo()
    repo.git("config", "i18n.commitEncoding", "latin-1")
    author = os.fsdecode("Zoë <zoe@example.com>".encode("latin-1"))
    repo.commit({}, "Größe ändern\n".encode("latin-1"), author=author)
    commit = read_log(repo)[0]
    assert commit.message == "Größe ändern\n"
    assert commit.author.name == "Zoë"


@pytest.mark.parametrize("header", [b"", b"encoding no-such-thing\n"])
def test_bytes_that_are_not_utf8_are_read_as_latin1(make_repo: RepoFactory, header: bytes) -> None:
    repo = make_repo()
    strange = raw_message(repo, b"Gr\xf6\xdfe\n", header)
    fine = raw_message(repo, "Größe\n".encode())
    assert [c.message for c in read_log(repo, strange, fine, no_walk=True)] == ["Größe\n"] * 2


def test_paths_keep_their_bytes(make_repo: RepoFactory) -> None:
    repo = make_repo()
    blob = repo.git("hash-object", "-w", "--stdin", stdin="x")
    entry = b"100644 blob " + blob.encode() + b"\tcaf\xe9 \xc3\xa9\0"
    tree = repo.git("mktree", "-z", stdin=entry)
    commit = repo.git("commit-tree", "-m", "Ünder", tree)
    found = read_log(repo, commit)[0]
    assert found.changes[0].path.encode("utf-8", "surrogateescape") == b"caf\xe9 \xc3\xa9"
    assert found.message == "Ünder\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"Ada <ada@example.com> 1767603600 +0000", ("Ada", "ada@example.com", 1767603600, 0)),
        (b" <ada@example.com> 1767603600 +0000", ("", "ada@example.com", 1767603600, 0)),
        (b" <> 0 +0000", ("", "", 0, 0)),
        (b"A  B <a b> 1767603600 -0130", ("A  B", "a b", 1767603600, -90)),
        (b"Ada <a@example.com> 1767603600 +2400", ("Ada", "a@example.com", 1767603600, 1439)),
        (b"Ada <a@example.com> 1767603600 -51800", ("Ada", "a@example.com", 1767603600, -1439)),
        (b"Ada <a@example.com> 1767603600 +0190", ("Ada", "a@example.com", 1767603600, 150)),
        (b"Ada <a@example.com>", ("Ada", "a@example.com", 0, 0)),
        (b"Ada <a@example.com> soon", ("Ada", "a@example.com", 0, 0)),
        (b"Ada <a@example.com> -1 +0000", ("Ada", "a@example.com", 0, 0)),
        (b"", ("", "", 0, 0)),
    ],
)
def test_strange_identities(
    make_repo: RepoFactory, line: bytes, expected: tuple[str, str, int, int]
) -> None:
    """Zones of a day or more are cut, and what Git cannot read as a date is 1970-01-01."""
    repo = make_repo()
    commit = raw_commit(repo, b"author " + line + b"\ncommitter " + line + b"\n\nSubject\n")
    (found,) = read_log(repo, commit)
    name, email, seconds, zone = expected
    for who in (found.author, found.committer):
        assert who[:2] == (name, email)
        assert who.date == EPOCH + timedelta(seconds=seconds)
        assert who.date.utcoffset() == timedelta(minutes=zone)


@pytest.mark.parametrize("seconds", [253402300800, 2**40, 2**62, 10**18])
def test_dates_after_the_year_9999_are_cut(make_repo: RepoFactory, seconds: int) -> None:
    repo = make_repo()
    who = b"Ada <ada@example.com> %d +1400\n" % seconds
    commit = raw_commit(repo, b"author " + who + b"committer " + who + b"\nSubject\n")
    (found,) = read_log(repo, commit)
    assert (found.author.date.year, found.message) == (9999, "Subject\n")


def test_abbreviations_have_at_least_seven_digits(make_repo: RepoFactory) -> None:
    repo = make_repo()
    commit = repo.commit({}, "One")
    repo.git("config", "core.abbrev", "4")
    assert read_log(repo)[0].abbreviated == commit[:7]
    repo.git("config", "core.abbrev", "12")
    assert read_log(repo)[0].abbreviated == commit[:12]


HOSTILE = {
    "log.showSignature": "true",
    "log.showRoot": "false",
    "log.date": "relative",
    "log.diffMerges": "off",
    "log.follow": "true",
    "log.decorate": "full",
    "log.abbrevCommit": "true",
    "log.mailmap": "false",
    "format.pretty": "oneline",
    "format.notes": "*",
    "notes.displayRef": "*",
    "diff.relative": "true",
    "diff.ignoreSubmodules": "all",
    "diff.renames": "copies",
    "diff.renameLimit": "1",
    "diff.orderFile": "no-such-file",
    "diff.external": "false",
    "diff.submodule": "log",
    "diff.noPrefix": "true",
    "diff.colorMoved": "zebra",
    "diff.statGraphWidth": "1",
    "color.ui": "always",
    "color.diff": "always",
    "color.diff.meta": "red",
    "core.quotePath": "true",
    "core.pager": "false",
    "pager.log": "true",
    "i18n.logOutputEncoding": "cp850",
    "alias.log": "version",
    "mailmap.blob": "no-such-blob",
    "submodule.recurse": "true",
    "grep.patternType": "perl",
}


def test_no_configuration_changes_what_is_read(
    make_repo: RepoFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo()
    first = repo.commit({"z": "same\n" * 9, "a ü": "1", "dir/c": "1"}, "Add ü\n\nBecause.\n")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},module")
    repo.git("commit", "-q", "-m", "Add a submodule")
    repo.checkout("side", new=True)
    repo.commit({"y": "same\n" * 9, "z": None}, "Rename")
    repo.checkout("main")
    repo.commit({"dir/c": "2", "copy": "same\n" * 9}, "Change, and copy")
    repo.merge("side")
    repo.git("notes", "add", "-m", "A note")
    signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n"
    signed = raw_message(repo, b"Signed\n", signature)
    expected = read_log(repo, "HEAD", signed)
    assert sorted(len(c.changes) for c in expected) == [0, 1, 2, 2, 2, 3]
    for key, value in HOSTILE.items():
        repo.git("config", key, value)
    monkeypatch.setenv("GIT_PAGER_IN_USE", "1")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(repo.path / "dir")
    assert read_log(repo, "HEAD", signed) == expected


# Revisions


def build_branched(repo: Repo) -> None:
    repo.commit({"a": "1"}, "one")
    repo.branch("side")
    repo.commit({"a": "2"}, "two")
    repo.tag("v1", message="Version 1")
    repo.tag("light")
    repo.commit({"a": "3"}, "three")
    repo.checkout("side")
    repo.commit({"b": "4"}, "four")
    repo.checkout("main")


@pytest.fixture
def branched(build_repo: RepoBuilder) -> Repo:
    """Return main: one, two, three; side: one, four; the tags v1 (annotated) of two, and light."""
    return build_repo(build_branched)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("main", "three two one"),
        ("v1..main", "three"),
        ("v1", "two one"),
        ("^side main", "three two"),
        ("main --", None),
        ("main...side", "four three two"),
        ("main side ^light", "four three"),
        ("main..main", ""),
        ("  main\t^main~1\n", "three"),
        ("HEAD^{/tw.* *}", "two one"),
        ("@", "three two one"),
        ("-n1", None),
        ("--all", None),
        ("--output=stolen", None),
        ("main..nothing", None),
        ("nothing", None),
        ("1" * 40, None),
        ("1" * 64, None),
        ("main:a", None),
        ("main\0", None),
        ("ma\x1b[31min", None),
        ("\udce9", None),
    ],
)
def test_ranges(branched: Repo, text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(UnknownRevisionError) as error:
            read_log(branched, *split_range(text))
        assert error.value.exit_code == 3
        assert "git fetch" in str(error.value)
        assert str(error.value).isprintable()
    else:
        found = [c.message for c in read_log(branched, *split_range(text))]
        assert " ".join(found) == expected
    assert not list(branched.path.glob("stolen*"))


@pytest.mark.parametrize("revision", ["", " ", "main\nside", "main\r", "-"])
@pytest.mark.parametrize("read", READERS)
def test_what_is_not_one_revision_is_refused(branched: Repo, revision: str, read: Reader) -> None:
    with pytest.raises(UnknownRevisionError):
        list(log(open_repository(branched.path), ["main", revision], read=read))


@pytest.mark.parametrize("text", ["", " \t\n"])
def test_an_empty_range_is_refused(text: str) -> None:
    with pytest.raises(UnknownRevisionError, match="range is empty"):
        split_range(text)


def test_no_revisions_are_no_commits(branched: Repo) -> None:
    assert list(log(open_repository(branched.path), [])) == []


def test_no_walk_reads_the_named_commits_in_the_order_given(branched: Repo) -> None:
    found = read_log(branched, "light~1", "main", "side", no_walk=True)
    assert [c.message for c in found] == ["one", "three", "four"]


def test_thousands_of_revisions(branched: Repo) -> None:
    """They would not fit on a command line."""
    ids = [branched.rev_parse(name) for name in ("main", "side", "v1^{}")] * 4000
    assert len(read_log(branched, *ids, no_walk=True)) == 3


def test_a_repository_without_commits(make_repo: RepoFactory) -> None:
    with pytest.raises(UnknownRevisionError, match="HEAD"):
        read_log(make_repo())


# Where history cannot be read


@pytest.fixture
def shallow(branched: Repo) -> Repo:
    """Return a clone that has of main only three and two."""
    return branched.clone(depth=2)


@pytest.mark.parametrize("revisions", [("main",), ("main~1",), ("^main~1", "main", "main~1^0")])
def test_a_shallow_boundary_in_the_range(shallow: Repo, revisions: Sequence[str]) -> None:
    boundary = shallow.rev_parse("main~1")
    if revisions[0].startswith("^"):
        assert [c.message for c in read_log(shallow, *revisions)] == ["three"]
        return
    with pytest.raises(ShallowHistoryError) as error:
        read_log(shallow, *revisions)
    assert boundary[:7] in str(error.value)
    assert "git fetch --unshallow" in str(error.value)
    assert "fetch-depth: 0" in str(error.value)


def test_a_shallow_boundary_among_single_commits(shallow: Repo) -> None:
    assert [c.message for c in read_log(shallow, "main", no_walk=True)] == ["three"]
    with pytest.raises(ShallowHistoryError):
        read_log(shallow, "main~1", no_walk=True)


def test_an_unknown_revision_of_a_shallow_clone_has_its_remedy(shallow: Repo) -> None:
    with pytest.raises(UnknownRevisionError, match=r'"v1~5\.\.main".*git fetch --unshallow'):
        read_log(shallow, "v1~5..main")


def test_an_unshallowed_clone_reads_all(shallow: Repo, branched: Repo) -> None:
    shallow.git("fetch", "-q", "--unshallow")
    assert read_log(shallow) == read_log(branched)


def test_not_a_repository(branched: Repo) -> None:
    repository = open_repository(branched.path)
    gone = repository._replace(git_dir=branched.path / "gone")
    for read in READERS:
        with pytest.raises(NotARepositoryError) as error:
            list(log(gone, ["main"], read=read))
        assert error.value.exit_code == 3


def test_a_damaged_repository_is_one_sentence(branched: Repo) -> None:
    commit = branched.rev_parse("main~1")
    branched.path.joinpath(".git", "objects", commit[:2], commit[2:]).unlink()
    with pytest.raises(GitError) as error:
        read_log(branched, "main")
    assert not isinstance(error.value, UnknownRevisionError)
    assert "\n" not in str(error.value)


def test_a_reading_that_is_left_ends_git(branched: Repo) -> None:
    """Processes and pipes that are left behind are warnings, and fail the test."""
    for read in READERS:
        commits = log(open_repository(branched.path), ["main"], read=read)
        assert next(commits).message == "three"
        del commits


# Parsing


def test_output_that_ends_early_is_an_error(branched: Repo) -> None:
    def cut(
        repository: Repository, args: Sequence[str], stdin: bytes
    ) -> Generator[bytes, None, None]:
        whole = b"".join(read_subprocess(repository, args, stdin))
        yield whole[: whole.index(b"\0", 60) + 1]

    with pytest.raises(GitError, match="ended"):
        list(log(open_repository(branched.path), ["main"], read=cut))


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
IDS = st.text("0123456789abcdef", min_size=40, max_size=40)
CHANGES = st.one_of(
    st.builds(Change, st.sampled_from("AMDT"), TEXT.filter(bool), st.just("")),
    st.builds(Change, st.sampled_from("RC"), TEXT.filter(bool), TEXT.filter(bool)),
)
DATES = st.integers(0, 16_725_225_600).map(lambda s: EPOCH + timedelta(seconds=s))
PEOPLE = st.builds(Identity, TEXT, TEXT, DATES)
COMMITS = st.builds(
    Commit,
    IDS,
    st.just("0123456"),
    st.lists(IDS, max_size=3).map(tuple),
    PEOPLE,
    PEOPLE,
    TEXT,
    st.lists(CHANGES, max_size=4).map(tuple),
)


def as_git_writes(commit: Commit) -> bytes:
    fields = [commit.id, commit.abbreviated, " ".join(commit.parents)]
    for name, email, date in (commit.author, commit.committer):
        fields += [name, email, f"{int(date.timestamp())} +0000"]
    fields.append(commit.message)
    for number, (status, path, old) in enumerate(commit.changes):
        fields += ["\n" * (number == 0) + status + "100" * bool(old), *filter(None, [old, path])]
    return "".join(f"{field}\0" for field in fields).encode()


@given(st.lists(COMMITS, max_size=5), st.integers(1, 97))
def test_parsing_does_not_depend_on_the_pieces(commits: list[Commit], size: int) -> None:
    output = b"".join(map(as_git_writes, commits))
    pieces = [output[i : i + size] for i in range(0, len(output), size)]
    assert list(parse_log(pieces)) == commits
