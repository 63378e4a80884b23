"""`check` in CI: requests on every system that has them, from real servers and real clones."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from confluence_changelog.cli import main
from confluence_changelog.git import open_repository
from confluence_changelog.pushed import config_at
from confluence_changelog.ranges.event import Event
from confluence_changelog.ranges.find import read_event
from confluence_changelog.ranges.review import Review, commits_of, to_check
from confluence_changelog.settings import Config
from ranges.environments import SYSTEMS, ZEROS, Situation, environment, has
from support.repositories import Repo, uncovered

CONFIG = "confluence-changelog.toml"
STRICT = '[scope]\nbranches = ["main"]\n'

HAVE_REQUESTS = [system for system in SYSTEMS if has(system, "pull request")]

RunOf = Callable[[str, Situation], None]
"""Sets the environment of a run."""


class Hosting:
    """A server with a request for main, and somebody's clone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Repo.init(folder / "server.git", bare=True)
        self.server.git("config", "uploadpack.allowFilter", "true")
        self.work = Repo.init(folder / "work")
        self.work.git("remote", "add", "origin", self.server.path.as_uri())
        self.work.commit({CONFIG: STRICT}, "Begin\n\nThe log begins here.")
        self.base = self.letter("a")
        self.push("main")

    def letter(self, letter: str, message: str = "") -> str:
        return self.work.commit({f"{letter}.conf": letter}, message or f"{letter}\n\nFor reasons.")

    def push(self, *refs: str) -> None:
        self.work.git("push", "-q", "--force", "origin", *refs)

    def request(self, **more: object) -> Situation:
        """Publish the present branch as a request, as servers do; main goes on meanwhile."""
        head = self.work.rev_parse()
        self.push("HEAD:refs/heads/feature", "HEAD:refs/pull/7/head")
        self.work.checkout("main")
        self.letter("b", "fix")
        self.push("main")
        self.work.checkout("HEAD~0")
        self.work.merge(head, message="Merge the request")
        self.push("HEAD:refs/pull/7/merge")
        return Situation("pull request", "feature", self.base, head)._replace(**more)

    def runner(self, kind: str = "full") -> Repo:
        """Check the request out, as runners do."""
        options = {"depth 1": ["--depth=1"], "blobless": ["--filter=blob:none"]}.get(kind, [])
        if kind != "merge commit":
            clone = self.server.clone("runner", *options, "--branch=feature")
            clone.git("checkout", "-q", "--detach")
            clone.git("branch", "-q", "-D", "feature")
            return clone
        clone = Repo.init(self.folder / "runner")
        clone.git("remote", "add", "origin", self.server.path.as_uri())
        clone.git(
            "fetch", "-q", "--depth=1", "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge"
        )
        clone.checkout("refs/remotes/pull/7/merge")
        return clone


@pytest.fixture
def hosting(tmp_path: Path) -> Hosting:
    return Hosting(tmp_path)


@pytest.fixture
def run_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunOf:
    def run(system: str, at: Situation) -> None:
        for name, value in environment(system, at, tmp_path).items():
            monkeypatch.setenv(name, value)

    return run


def _review(runner: Repo, event: Event | None) -> Review:
    opened = open_repository(runner.path)

    def configured(commit: str) -> Config | None:
        return config_at(opened, commit or "HEAD")

    return to_check(opened, configured, event)


def _subjects(runner: Repo, review: Review) -> list[str]:
    commits = commits_of(open_repository(runner.path), review)
    return [commit.message.split("\n", 1)[0] for commit in commits]


def _event(system: str, at: Situation, folder: Path) -> Event:
    event = read_event(environment(system, at, folder))
    assert event is not None
    assert event.system == system
    return event


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["full", "depth 1", "merge commit"])
@pytest.mark.parametrize("system", HAVE_REQUESTS)
def test_the_commits_of_a_request_are_those_that_its_target_has_not(
    system: str, kind: str, hosting: Hosting, tmp_path: Path
) -> None:
    hosting.work.checkout("feature", new=True)
    hosting.letter("f")
    hosting.letter("g")
    at = hosting.request()
    runner = hosting.runner(kind)
    review = _review(runner, _event(system, at, tmp_path))
    assert _subjects(runner, review) == ["f", "g"], review.found.steps
    assert review.policy == hosting.work.rev_parse("main")
    assert not review.may_autosquash


@pytest.mark.parametrize("kind", ["depth 1", "blobless"])
def test_what_came_from_the_target_is_not_judged(
    kind: str, hosting: Hosting, tmp_path: Path
) -> None:
    """The base that the event names is older than what was merged from the target."""
    hosting.letter("x", "fix")
    hosting.push("main")
    hosting.work.checkout("feature", new=True)
    hosting.work.git("reset", "-q", "--hard", hosting.base)
    hosting.letter("f")
    hosting.work.merge("main", message="Merge main")
    at = hosting.request()
    runner = hosting.runner(kind)
    review = _review(runner, _event("GitHub Actions", at, tmp_path))
    assert _subjects(runner, review) == ["f", "Merge main"]


def test_a_request_cannot_abolish_its_own_rules(
    hosting: Hosting, run_of: RunOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by changing them, and not by beginning where they were not in force yet."""
    hosting.work.checkout("feature", new=True)
    hosting.work.git("reset", "-q", "--hard", "HEAD~1")
    hosting.work.commit({CONFIG: "[policy]\nreason_words = 0\n"}, "Ask for nothing")
    at = hosting.request(before=hosting.work.rev_parse("feature~1"))
    monkeypatch.chdir(hosting.runner().path)
    for system in ("GitHub Actions", "GitLab CI"):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment(system, at, hosting.folder).items():
                patch.setenv(name, value)
            assert main(["check"]) == 1
            assert main(["check", "--config", CONFIG]) == 0


def test_broken_configuration_is_not_let_in_and_can_be_mended(
    hosting: Hosting, run_of: RunOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosting.work.checkout("feature", new=True)
    hosting.work.commit({CONFIG: "[polcy]\n"}, "f\n\nFor good reasons.")
    run_of("Drone", hosting.request())
    monkeypatch.chdir(hosting.runner().path)
    assert main(["check"]) == 2


@pytest.mark.parametrize("system", HAVE_REQUESTS)
def test_a_squashed_request_is_judged_by_its_title_and_description(
    system: str,
    hosting: Hosting,
    run_of: RunOf,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hosting.work.checkout("main")
    hosting.work.commit({CONFIG: f'{STRICT}squash = true\npaths = ["f.conf"]\n'}, "c\n\nFor order.")
    hosting.push("main")
    hosting.work.checkout("feature", new=True)
    hosting.letter("f", "wip")
    hosting.letter("g", "wip")
    run_of(system, hosting.request())
    monkeypatch.chdir(hosting.runner().path)
    tells = system in ("GitHub Actions", "Gitea Actions", "Forgejo Actions", "GitLab CI")
    assert main(["check", "--format", "json"]) == (0 if tells else 1)
    (found,) = json.loads(capsys.readouterr().out)
    assert found["subject"] == ("Add a resolver" if tells else "wip")
    if tells:
        assert found["row"][1:] == [
            "Ada Example",
            "Add a resolver",
            "The old one leaves on Friday.",
        ]


@pytest.mark.parametrize(
    ("title", "description", "status"), [("fix", "", 1), ("Add it", "The old one leaves.", 0)]
)
def test_gitlab_says_that_a_request_will_be_squashed(
    title: str,
    description: str,
    status: int,
    hosting: Hosting,
    run_of: RunOf,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hosting.work.checkout("feature", new=True)
    hosting.letter("f", "wip")
    run_of("GitLab CI", hosting.request(squash=True, title=title, description=description))
    monkeypatch.chdir(hosting.runner().path)
    assert main(["check"]) == status
    out, err = capsys.readouterr()
    if status:
        assert err.startswith("the request fix\nerror: The first line ('fix')")
        assert "edit the title and the description" in err
    else:
        assert out.endswith("| Ada Example | Add it | The old one leaves.\n")


@pytest.mark.parametrize("system", ["GitHub Actions", "GitLab CI"])
def test_a_merge_queue_is_judged_against_its_target(
    system: str, hosting: Hosting, tmp_path: Path
) -> None:
    hosting.work.checkout("queue", new=True)
    hosting.letter("f")
    at = Situation("queue", "queue", hosting.base, hosting.work.rev_parse())
    hosting.push("queue", "queue:feature")
    runner = hosting.runner("depth 1")
    assert _subjects(runner, _review(runner, _event(system, at, tmp_path))) == ["f"]


def test_a_target_that_nobody_knows_stops(hosting: Hosting, tmp_path: Path) -> None:
    hosting.work.checkout("feature", new=True)
    hosting.letter("f")
    at = hosting.request(target="gone")
    with pytest.raises(Exception, match="gone that the request is for is not known"):
        _review(hosting.runner(), _event("Drone", at, tmp_path))


def test_a_shallow_clone_whose_remote_is_gone_stops_with_the_line_to_add(
    hosting: Hosting,
    run_of: RunOf,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hosting.work.checkout("feature", new=True)
    hosting.letter("f")
    hosting.letter("g")
    run_of("GitHub Actions", hosting.request())
    runner = hosting.runner("depth 1")
    hosting.server.path.rename(hosting.folder / "gone.git")
    monkeypatch.chdir(runner.path)
    assert main(["check"]) == 3
    error = capsys.readouterr().err
    assert "add with: { fetch-depth: 0 } to the step that uses actions/checkout." in error


# What is no request.


def test_a_push_is_judged_by_the_rules_before_it(hosting: Hosting, tmp_path: Path) -> None:
    before = hosting.work.rev_parse()
    hosting.work.commit({CONFIG: "[policy]\nreason_words = 0\n"}, "Ask for nothing")
    hosting.push("main", "main:feature")
    at = Situation("push", "main", before, hosting.work.rev_parse())
    runner = hosting.runner("depth 1")
    review = _review(runner, _event("GitHub Actions", at, tmp_path))
    assert _subjects(runner, review) == ["Ask for nothing"]
    assert review.policy == before
    assert review.config is not None
    assert review.config.policy.reason_words == 3


def test_all_of_an_unpublished_branch_is_judged_at_each_push(
    hosting: Hosting, tmp_path: Path
) -> None:
    """So that a second push does not turn the first one's refusal into a success."""
    hosting.work.checkout("feature", new=True)
    before = hosting.letter("f", "fixup! a")
    hosting.letter("g")
    hosting.push("feature")
    for system in ("GitHub Actions", "CircleCI", "Azure Pipelines"):
        at = Situation("push", "feature", before, hosting.work.rev_parse())
        event = _event(system, at, tmp_path)
        runner = Repo(hosting.folder / "runner")
        if not runner.path.exists():
            runner = hosting.runner("depth 1")
        review = _review(runner, event)
        assert _subjects(runner, review) == ["fixup! a", "g"]
        assert review.may_autosquash


@pytest.mark.parametrize("kind", ["manual", "schedule"])
def test_without_a_push_it_is_the_scope(kind: str, hosting: Hosting, tmp_path: Path) -> None:
    hosting.push("main:feature")
    at = Situation(kind, "main", "", hosting.work.rev_parse())
    runner = hosting.runner("depth 1")
    review = _review(runner, _event("GitLab CI", at, tmp_path))
    assert _subjects(runner, review) == ["Begin", "a"]
    assert review.found.is_scope


def test_a_new_published_branch(hosting: Hosting, tmp_path: Path) -> None:
    hosting.work.commit({CONFIG: '[scope]\nbranches = ["main", "feature"]\n'}, "c\n\nFor order.")
    hosting.push("main")
    hosting.work.checkout("feature", new=True)
    hosting.letter("f")
    hosting.push("feature")
    at = Situation("create", "feature", ZEROS, hosting.work.rev_parse())
    runner = hosting.runner("depth 1")
    assert _subjects(runner, _review(runner, _event("Drone", at, tmp_path))) == ["f"]


@pytest.mark.parametrize("kind", ["tag", "delete"])
def test_nothing_to_check(
    kind: str, hosting: Hosting, run_of: RunOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_of("GitHub Actions", Situation(kind, "feature", hosting.base, ZEROS))
    monkeypatch.chdir(hosting.work.path)
    assert main(["check"]) == 0


def test_outside_of_ci_it_is_what_is_not_pushed(
    hosting: Hosting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hosting.work.git("fetch", "-q", "origin")
    hosting.work.git("branch", "-q", "--set-upstream-to=origin/main")
    monkeypatch.chdir(hosting.work.path)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 commits, 0 bound by the policy.\n"
    hosting.letter("f", "fix")
    assert main(["check"]) == 1
    hosting.work.git("branch", "-q", "--unset-upstream")
    capsys.readouterr()
    assert main(["check", "--ci"]) == 1
    assert capsys.readouterr().out == "1 commit, 1 bound by the policy.\n"


def test_the_range_of_a_check_is_explained(
    hosting: Hosting,
    run_of: RunOf,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hosting.work.checkout("feature", new=True)
    hosting.letter("f")
    at = hosting.request()
    run_of("Azure Pipelines", at)
    monkeypatch.chdir(hosting.runner().path)
    assert main(["range", "--explain", "--for", "check"]) == 0
    tip = hosting.work.rev_parse("main")
    assert capsys.readouterr().out.splitlines() == [
        "1. Azure Pipelines runs for a pull request into main.",
        f"2. The policy is that of main, at {tip[:10]}.",
        f"Range: {at.after} ^{tip}",
        f"  {at.after[:7]} f (in scope)",
        "1 commit, 1 in scope.",
    ]


def test_what_gets_no_row_is_asked_for_no_reason(
    hosting: Hosting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By author, subject, note and configuration alike; but a secret is refused all the same."""
    work = hosting.work
    first = work.commit({"x": "1"}, "fix")
    work.commit({"x": "2"}, "fix", author="robot[bot] <bot@example.com>")
    work.commit({"x": "3"}, "chore: tidy")
    noted = work.commit({"x": "4"}, "wip")
    work.git("notes", "--ref", "changelog", "add", "-m", "skip", noted)
    skip = f'skip_authors = ["*[[]bot[]]*"]\nskip_subjects = ["^chore"]\nskip_commits = ["{first[:10]}"]\n'
    (work.path / CONFIG).write_text(f"[scope]\n{skip}", encoding="utf-8")
    monkeypatch.chdir(work.path)
    assert main(["check", "--range", "HEAD~4..HEAD"]) == 0
    work.commit({"x": "5"}, "chore: use ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3")
    capsys.readouterr()
    assert main(["check", "--range", "HEAD~1..HEAD"]) == 1
    assert "[secret]" in capsys.readouterr().err


def test_with_first_parent_only_what_a_branch_went_through_is_asked(
    hosting: Hosting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work = hosting.work
    work.checkout("side", new=True)
    work.commit({"x": "1"}, "wip")
    work.checkout("main")
    work.commit({"y": "1"}, "d\n\nFor good reasons.")
    work.merge("side", message="Merge side")
    monkeypatch.chdir(work.path)
    assert main(["check", "--range", f"{hosting.base}..HEAD"]) == 1
    (work.path / CONFIG).write_text("[scope]\nfirst_parent = true\n", encoding="utf-8")
    assert main(["check", "--range", f"{hosting.base}..HEAD"]) == 0


def test_a_clone_that_may_not_ask_its_remote_goes_by_what_it_has(
    hosting: Hosting, tmp_path: Path
) -> None:
    """As TeamCity's, whose agents keep no password: the remote-tracking branch is the target."""
    hosting.work.checkout("feature", new=True)
    hosting.letter("f")
    at = hosting.request()
    runner = hosting.runner()
    hosting.server.path.rename(tmp_path / "gone.git")
    review = _review(runner, _event("TeamCity", at, tmp_path))
    assert _subjects(runner, review) == ["f"]
    assert review.policy == hosting.work.rev_parse("main")


def test_what_there_is_nothing_of_has_a_report_too(
    hosting: Hosting,
    run_of: RunOf,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_of("GitLab CI", Situation("tag", "", ZEROS, hosting.base))
    monkeypatch.chdir(hosting.work.path)
    file = hosting.folder / "new" / "check.json"
    assert main(["check", "--format", "json", "--report", f"gitlab={file}"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert json.loads(file.read_text(encoding="utf-8")) == []


def test_no_credential_is_read_and_no_request_is_made(hosting: Hosting) -> None:
    """It loads nothing that could."""
    hosting.letter("f", "f\n\nFor very good reasons.")
    script = (
        "import sys; from confluence_changelog.cli import main; assert main(['check', '--ci']) == 0; "
        "print(sorted(set(sys.modules) & {'requests', 'keyring', 'netrc', 'lxml', "
        "'confluence_changelog.credentials'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=hosting.work.path,
        env=uncovered(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["1 commit, 1 bound by the policy.", "[]"]
