"""One test for each line of the table in docs/operations.md, under each carrier of the hooks."""

import re
import subprocess
import sys

import pytest

from confluence_changelog import notes
from confluence_changelog.sandbox import TOKEN as RIGHT
from operations.place import WHY, Place
from operations.shared import PROJECT
from support.hooked import eventually, logged, noted, publish
from support.repositories import Repo

TABLE = PROJECT / "docs" / "operations.md"
SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"
COMMITS = 50


def test_the_table_has_a_line_for_each_operation() -> None:
    lines = re.findall(r'^\| <a id="([a-z-]+)"></a>', TABLE.read_text("utf-8"), re.MULTILINE)
    tests = [name for name in globals() if name.startswith("test_") and "_table_" not in name]
    assert [f"test_{line.replace('-', '_')}" for line in lines] == tests


def test_refusal(place: Place) -> None:
    repo = place.repo
    before = repo.rev_parse()
    repo.write({"dns.conf": "1"})
    repo.git("add", "dns.conf")
    said = place.refused("commit", "-m", "fix")
    assert repo.rev_parse() == before
    assert place.nothing_pends()
    again = re.search(r"git (commit --edit --file=\S+)", said)
    assert again
    better = repo.path / ".git" / "better"
    better.write_text(f"Move the resolver{WHY}\n", encoding="utf-8")
    repo.git(*again[1].split(), env={"GIT_EDITOR": f"cp '{better.as_posix()}'"})
    place.appears(repo.rev_parse())


def test_pass(place: Place) -> None:
    place.repo.commit({"README": "Outside of the paths\n"}, "wip")
    made = place.change("dns.conf")
    place.appears(made)


def test_amend(place: Place) -> None:
    first = place.change("dns.conf")
    place.appears(first)
    place.refused("commit", "--amend", "-m", "fix")
    second = place.change("dns.conf", "2", "--amend")
    place.appears(second)


def test_amend_pushed(place: Place) -> None:
    first = place.change("dns.conf")
    place.appears(first)
    place.repo.git("push", "-q", "origin", "main")
    second = place.change("dns.conf", "2", "--amend")
    eventually(lambda: notes.read_failure(place.repo.path / ".git") is not None)
    assert logged(place.sandbox) == [first]
    assert noted(place.repo) == {second}
    place.repo.git("push", "-q", "--force-with-lease", "origin", "main")
    third = place.change("ntp.conf")
    place.appears(third, second)


def test_rebase(place: Place) -> None:
    """Of many commits, one of which says nothing, onto what a colleague has pushed."""
    repo = place.repo
    repo.git("config", "core.hooksPath", "nowhere")
    old = [place.slip("wip.conf")]
    old += [place.change(f"{number}.conf") for number in range(COMMITS - 1)]
    assert publish(repo, "--range", "origin/main..").returncode == 0
    repo.git("config", "--unset", "core.hooksPath")
    assert logged(place.sandbox) == old[::-1]
    theirs = _pushed(place.colleague(), "their.conf")
    repo.git("fetch", "-q")
    repo.git("rebase", "-q", "origin/main")
    new = repo.git("rev-list", "origin/main..").split()
    assert not {*new} & {*old}
    place.appears(*new, *theirs)
    assert place.publications() == 2
    assert "wip" in place.refused("push", "origin", "main")


def test_cherry_pick(place: Place) -> None:
    _topic(place, "a.conf", wip=True)
    place.repo.git("cherry-pick", "main..topic")
    place.appears(*_newest(place, 2))
    assert place.publications() == 1
    place.refused("push", "origin", "main")


def test_revert(place: Place) -> None:
    first = place.change("dns.conf")
    place.appears(first)
    place.repo.git("revert", "--no-edit", "HEAD")
    place.appears(place.repo.rev_parse(), first)
    done = place.repo.run("push", "origin", "main")
    assert done.returncode == 0
    assert (b"[revert-reason]" in done.stderr) == (place.carrier == "native")


def test_merge_ff(place: Place) -> None:
    theirs = _pushed(place.colleague(), "a.conf", "b.conf", branch="topic", wip=True)
    place.repo.git("fetch", "-q")
    place.repo.git("merge", "-q", "--ff-only", "origin/topic")
    place.appears(*theirs)
    assert place.publications() == 1
    place.refused("push", "origin", "main")


def test_merge_no_ff(place: Place) -> None:
    theirs = _pushed(place.colleague(), "a.conf", "b.conf", branch="topic")
    place.repo.git("fetch", "-q")
    merge = ("merge", "-q", "--no-ff", "origin/topic", "-m")
    assert "[secret]" in place.refused(*merge, f"Merge with {SECRET}")
    place.repo.git("merge", "--abort")
    place.repo.git(*merge, "Merge")
    assert len(place.repo.git("rev-list", "--parents", "-1", "HEAD").split()) == 3
    place.appears(*theirs)
    assert place.publications() == 1
    place.repo.git("push", "-q", "origin", "main")


def test_squash(place: Place) -> None:
    _topic(place, "a.conf", "b.conf")
    place.repo.git("merge", "-q", "--squash", "topic")
    assert place.nothing_pends()
    place.refused("commit", "--no-edit")
    made = place.repo.commit({}, f"Set a and b{WHY}")
    place.appears(made)


def test_feature(place: Place) -> None:
    repo = place.repo
    repo.checkout("topic", new=True)
    repo.write({"a.conf": "1"})
    repo.git("add", "a.conf")
    place.refused("commit", "-m", "fix")
    ids = [place.change(f"{name}.conf") for name in "ab"]
    assert place.nothing_pends()
    repo.git("push", "-q", "origin", "topic")
    repo.checkout("main")
    repo.git("merge", "-q", "topic")
    place.appears(*ids[::-1])
    assert place.publications() == 1


def test_no_verify(place: Place) -> None:
    slipped = place.slip("dns.conf")
    place.appears(slipped)
    place.refused("push", "origin", "main")
    better = place.change("dns.conf", "2", "--amend")
    place.appears(better)
    place.repo.git("push", "-q", "origin", "main")


def test_commit_a(place: Place) -> None:
    """The paths are those of the index that Git makes for the commit."""
    first = place.change("dns.conf")
    place.appears(first)
    place.repo.write({"dns.conf": "2", "README": "Outside of the paths\n"})
    place.refused("commit", "-a", "-m", "fix")
    place.repo.git("add", "dns.conf")
    place.repo.git("commit", "-q", "-m", "wip", "README")
    place.repo.git("commit", "-q", "-a", "-m", f"Move the resolver{WHY}")
    place.appears(place.repo.rev_parse(), first)


def test_worktree(place: Place) -> None:
    place.repo.git("checkout", "-q", "--detach")
    place.repo.git("worktree", "add", "-q", "../tree", "main")
    tree = Repo(place.repo.path.parent / "tree", place.repo.now)
    tree.write({"dns.conf": "1"})
    tree.git("add", "dns.conf")
    done = tree.run("commit", "-m", "fix")
    assert done.returncode != 0
    made = tree.commit({}, f"Add a resolver{WHY}")
    place.appears(made)


def test_first_push(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """To an empty remote, of which the clone knows nothing."""
    repo = place.repo
    empty = Repo.init(place.origin.path.with_name("empty"), bare=True)
    repo.git("remote", "remove", "origin")
    repo.git("remote", "add", "origin", empty.path.as_uri())
    slipped = place.slip("dns.conf")
    place.appears(slipped)
    place.refused("push", "origin", "main")
    monkeypatch.setenv("CONFLUENCE_TOKEN", "wrong")
    better = place.change("dns.conf", "2", "--amend")
    eventually(lambda: notes.read_failure(repo.path / ".git") is not None)
    assert logged(place.sandbox) == [slipped]
    monkeypatch.setenv("CONFLUENCE_TOKEN", RIGHT)
    repo.git("push", "-q", "origin", "main")
    assert empty.rev_parse("main") == better
    place.appears(better)


def test_several_refs(place: Place) -> None:
    repo = place.repo
    for name in ("good", "wip"):
        repo.checkout("main")
        repo.checkout(name, new=True)
        place.change("a.conf") if name == "good" else place.slip("b.conf")
    place.refused("push", "origin", "wip", "good")
    push = ("push", "origin", "good", "wip")
    if place.carrier != "native":
        assert repo.run(*push, "--dry-run").returncode == 0
        command = [sys.executable, "-m", "confluence_changelog", "install", "--pre-commit"]
        subprocess.run([*command, "--hook-type", "pre-push"], cwd=repo.path, check=True)
    assert place.refused(*push).count("[subject-") == 1
    repo.git("commit", "-q", "-a", "--amend", "-m", f"Set b{WHY}")
    repo.git(*push)


def test_force_push(place: Place) -> None:
    first = place.change("dns.conf")
    place.appears(first)
    place.repo.git("push", "-q", "origin", "main")
    place.slip("dns.conf", "--amend")
    place.refused("push", "--force", "origin", "main")
    assert place.origin.rev_parse("main") == first
    better = place.change("dns.conf", "2", "--amend")
    place.repo.git("push", "-q", "--force", "origin", "main")
    assert place.origin.rev_parse("main") == better
    last = place.change("ntp.conf")
    place.appears(last, better)


def _topic(place: Place, *names: str, wip: bool = False) -> None:
    """Make a branch that adds these files, and one more by a commit that says nothing."""
    place.repo.checkout("topic", new=True)
    for name in names:
        place.change(name)
    if wip:
        place.slip("wip.conf")
    place.repo.checkout("main")
    assert place.nothing_pends()


def _pushed(repo: Repo, *names: str, branch: str = "main", wip: bool = False) -> list[str]:
    """Push commits that add these files to the remote; return the ids, the newest first."""
    if branch != "main":
        repo.checkout(branch, new=True)
    ids = [repo.commit({name: "1"}, f"Set {name}{WHY}") for name in names]
    if wip:
        ids.append(repo.commit({"wip.conf": "1"}, "wip"))
    repo.git("push", "-q", "origin", branch)
    return ids[::-1]


def _newest(place: Place, count: int) -> list[str]:
    return place.repo.git("rev-list", f"-{count}", "HEAD").split()
