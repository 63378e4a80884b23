"""What a sandbox has beside its starting content: more spaces, people and tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from . import accounts, store
from .database import Database

_OWNER = "admin"


@dataclass(frozen=True, slots=True)
class Extra:
    """Spaces by key, passwords by user name, and for each token its owner and its scopes.

    On Cloud a password is an API token.  A token's owner is ``admin`` where none is named, and one
    without scopes may do all that its owner may.
    """

    spaces: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, tuple[str, Sequence[str]]] = field(default_factory=dict)


def owned(tokens: Mapping[str, str | Sequence[str]]) -> dict[str, tuple[str, Sequence[str]]]:
    """Return tokens as `Extra` holds them: each is given with its owner, or with its scopes."""
    return {
        value: (given or _OWNER, ()) if isinstance(given, str) else (_OWNER, tuple(given))
        for value, given in tokens.items()
    }


def add_extra(database: Database, extra: Extra) -> None:
    """Add what is not there yet."""
    with database.writing() as connection:
        for username, password in extra.users.items():
            accounts.add_person(connection, username, password, _name(username), edits=True)
        for value, (username, scopes) in extra.tokens.items():
            accounts.add_token(connection, value, username, scopes)
        for key, name in extra.spaces.items():
            if store.find_space(connection, key) is None:
                store.create_space_with_home(connection, key, name, _OWNER)


def _name(username: str) -> str:
    return username.partition("@")[0].title()
