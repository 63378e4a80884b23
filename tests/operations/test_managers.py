"""What only hook managers do."""

import pytest

from operations.carriers import CARRIERS
from operations.place import WHY, Place

CONFIGURATION = ".pre-commit-config.yaml"

pytestmark = pytest.mark.parametrize("carried", CARRIERS[1:], indirect=True)


@pytest.mark.parametrize("selection", [r"files: \.conf$", r"exclude: \.git/"])
def test_messages_are_checked_whatever_files_are_selected(place: Place, selection: str) -> None:
    """For pre-commit the file of the message is one of those that are selected from."""
    file = place.repo.path / CONFIGURATION
    text = file.read_text(encoding="utf-8")
    place.repo.write({CONFIGURATION: f"{selection}\n{text}"})
    place.repo.git("add", CONFIGURATION)
    place.repo.git("commit", "-q", "-m", f"Select files{WHY}")
    place.repo.write({"dns.conf": "1"})
    place.repo.git("add", "dns.conf")
    place.refused("commit", "-m", "fix")
    made = place.change("dns.conf")
    place.appears(made)
