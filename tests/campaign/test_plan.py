"""The same seed plans the same campaign, and every plan has everything in it."""

from itertools import islice
from pathlib import Path

from campaign.hand import hand_edits
from campaign.history import build
from campaign.plan import FOR_READS, FOR_WRITES, Step, attempts, portions, shares, stream

COMMITS = [f"{number:040x}" for number in range(100)]


def test_a_seed_replays(tmp_path: Path) -> None:
    first, again = (
        (
            list(islice(attempts(stream(7, "attempts", 3)), 50)),
            shares(stream(7, "shares"), COMMITS, 4),
            portions(stream(7, "portions", 3), COMMITS),
            hand_edits(stream(7, "hand"), COMMITS, 20),
            build(tmp_path / name, stream(7, "history"), 30),
        )
        for name in ("first", "again")
    )
    assert first == again


def test_other_seeds_and_workers_have_other_plans() -> None:
    plans = [
        tuple(islice(attempts(stream(seed, "attempts", worker)), 5))
        for seed in (1, 2)
        for worker in (1, 2)
    ]
    assert len(set(plans)) == 4


def test_everything_is_drawn() -> None:
    drawn = list(islice(attempts(stream(1, "attempts", 1)), 60))
    assert {attempt.kill.step for attempt in drawn if attempt.kill} == set(Step)
    assert {trouble for attempt in drawn for trouble in attempt.reads} == {None, *FOR_READS}
    assert {trouble for attempt in drawn for trouble in attempt.writes} == {None, *FOR_WRITES}
    assert any(attempt.kill is None for attempt in drawn)


def test_every_commit_is_dealt_out_and_some_are_twice() -> None:
    dealt = shares(stream(1, "shares"), COMMITS, 4)
    assert {commit for share in dealt for commit in share} == set(COMMITS)
    assert sum(map(len, dealt)) == 108
    assert all(len(set(share)) == len(share) for share in dealt)


def test_portions_are_all_of_it() -> None:
    cut = portions(stream(1, "portions"), COMMITS)
    assert sorted(commit for portion in cut for commit in portion) == COMMITS
    assert len(cut) > 4


def test_a_history_has_branches_and_merges(tmp_path: Path) -> None:
    history = build(tmp_path / "repo", stream(1, "history"), 60)
    assert len(history.commits) == 60
    assert any(len(parents) == 2 for parents in history.parents.values())
    assert sum(not parents for parents in history.parents.values()) == 1
