"""The two Confluences: Data Center, and Cloud."""

import sqlite3
from typing import Literal

from . import accounts
from .save import literal_entities, save

Flavour = Literal["data-center", "cloud"]

CLOUD_CONTEXT = "/wiki"
"""Where Confluence is on every Cloud site."""
CLOUD_ID = "0c2f6a1e-7d55-4b0e-9a3c-5a0d5b0c1a57"
GATEWAY = f"/ex/confluence/{CLOUD_ID}"
"""Where Cloud's gateway has this site."""


def as_saved(connection: sqlite3.Connection, storage: str, flavour: Flavour) -> str:
    """Return well-formed storage text as it reads after a save.

    Data Center knows people by user key and keeps entities; Cloud knows them by account id and gives
    characters back.
    """
    if flavour == "data-center":
        return save(storage, user_keys=accounts.user_keys(connection))
    ids = {each.username: each.account_id for each in accounts.people(connection)}
    return literal_entities(save(storage, user_keys=ids, user_attribute="ri:account-id"))
