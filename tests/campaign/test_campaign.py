"""Publishers under fault and kill beside another hand, and three broken ones that must be caught.

CAMPAIGN_SEED, CAMPAIGN_WORKERS, CAMPAIGN_COMMITS, CAMPAIGN_EDITS and CAMPAIGN_ROUNDS change the large
campaign, CAMPAIGN_ARCHIVERS has so many archive beside it, CAMPAIGN_CORRECTIONS corrects so many commits
meanwhile (rows in archives keep their text, so not both), CAMPAIGN_FLAVOUR takes one of the two;
scripts/campaign runs it alone.
"""

import os
import random
import sys
from pathlib import Path

import pytest

from campaign.campaign import Outcome, Size, run
from campaign.page import ARCHIVING, CONFIGURATION, WITHOUT_ADDRESS
from campaign.plan import Step, Trouble
from confluence_changelog.confluence.page import Flavour
from support.confluence import FLAVOURS

BROKEN = Path(__file__).parent / "broken"
ALONE = Size(workers=1, commits=30, edits=12)
"""One worker, so that what it meets does not depend on how processes interleave."""
SEED_ALONE = 8
"""Its one worker meets a conflict, and an answer that is lost after the write was stored."""


each_flavour = pytest.mark.parametrize(
    "flavour", [os.environ["CAMPAIGN_FLAVOUR"]] if os.environ.get("CAMPAIGN_FLAVOUR") else FLAVOURS
)


def new_seed() -> int:
    """Return the seed that was asked for, or a new one."""
    return int(os.environ.get("CAMPAIGN_SEED") or random.SystemRandom().randrange(10**9))


def assert_well(outcome: Outcome) -> None:
    replay = f"replay it with CAMPAIGN_SEED={outcome.seed} CAMPAIGN_FLAVOUR={outcome.flavour}"
    assert not outcome.findings, f"{outcome}\n{replay}"


def say(capsys: pytest.CaptureFixture[str], text: object) -> None:
    """Write past pytest, so that the seed is seen from the start."""
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")


@pytest.mark.parametrize(
    "configuration", [CONFIGURATION, WITHOUT_ADDRESS], ids=["links", "anchors"]
)
@each_flavour
def test_a_small_campaign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], configuration: str, flavour: Flavour
) -> None:
    seed = new_seed()
    say(capsys, f"campaign with seed {seed} on {flavour}")
    size = Size(4, 6, 12)
    assert_well(run(seed, size, tmp_path, configuration=configuration, flavour=flavour))


@each_flavour
def test_a_small_campaign_with_archives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flavour: Flavour
) -> None:
    """Rows move to archives while others publish and people edit."""
    seed = new_seed()
    say(capsys, f"campaign with archives and seed {seed} on {flavour}")
    size = Size(4, 6, 12, archivers=2)
    outcome = run(seed, size, tmp_path, configuration=ARCHIVING, flavour=flavour)
    say(capsys, outcome)
    assert_well(outcome)


@each_flavour
def test_a_small_campaign_with_corrections(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flavour: Flavour
) -> None:
    """Commits are corrected while others publish and people edit: each row shows it where it stands."""
    seed = new_seed()
    say(capsys, f"campaign with corrections and seed {seed} on {flavour}")
    size = Size(4, 6, 12, corrections=8)
    outcome = run(seed, size, tmp_path, flavour=flavour)
    assert_well(outcome)
    assert outcome.corrected


@pytest.mark.slow
@each_flavour
def test_the_large_campaign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flavour: Flavour
) -> None:
    """16 processes with 50 commits each meet every trouble, and are killed at every step."""
    first = new_seed()
    default = Size()
    size = Size(
        *(
            int(os.environ.get(f"CAMPAIGN_{name.upper()}") or getattr(default, name))
            for name in Size._fields
        )
    )
    for seed in range(first, first + int(os.environ.get("CAMPAIGN_ROUNDS") or 1)):
        say(capsys, f"campaign with seed {seed} on {flavour}: {size}")
        configuration = ARCHIVING if size.archivers else CONFIGURATION
        folder = tmp_path / str(seed)
        outcome = run(seed, size, folder, configuration=configuration, flavour=flavour)
        say(capsys, outcome)
        assert_well(outcome)
        if size >= default:
            assert _possible() - outcome.met.keys() == set(), outcome


def _possible() -> set[Step | Trouble]:
    """Return all that a campaign can do on this platform: where Git starts is seen by a socket."""
    return {*Step, *Trouble} - (set() if sys.platform != "win32" else {Step.GIT})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("refreshed_version", {"lost token", "token"}),
        ("blind_retry", {"double"}),
        ("any_cell", {"missing"}),
    ],
)
@each_flavour
def test_a_broken_publisher_is_caught(
    tmp_path: Path, name: str, kinds: set[str], flavour: Flavour
) -> None:
    command = (sys.executable, str(BROKEN / f"{name}.py"))
    outcome = run(SEED_ALONE, ALONE, tmp_path, command=command, flavour=flavour)
    assert kinds <= outcome.kinds(), outcome


@pytest.mark.slow
@each_flavour
def test_the_real_publisher_passes_where_the_broken_ones_are_caught(
    tmp_path: Path, flavour: Flavour
) -> None:
    outcome = run(SEED_ALONE, ALONE, tmp_path, flavour=flavour)
    assert_well(outcome)
    assert {Trouble.EDITED, Trouble.DROPPED_AFTER} <= outcome.met.keys(), outcome
