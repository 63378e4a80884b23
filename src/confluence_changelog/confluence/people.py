"""Whom an answer of Cloud's user search names, and which ids users have.

Facts from Atlassian's OpenAPI document of v1 (2026-09): ``GET /wiki/rest/api/search/user`` takes CQL with
``user.fullname``; display names may be missing for privacy. An account id is opaque, of up to 128
characters.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from confluence_changelog.confluence.fields import items_of, text_at

_ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_-]{15,127}")
_MOST = 25


def is_account_id(text: str) -> bool:
    """Tell whether a text can be an account id and is no user name."""
    return bool(_ACCOUNT_ID.fullmatch(text)) and any(map(str.isdigit, text))


def people_query(name: str) -> dict[str, str]:
    """Return the parameters of a search for a full name."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return {"cql": f'user.fullname~"{quoted}"', "limit": str(_MOST)}


def the_one(answer: Mapping[str, Any], name: str) -> str:
    """Return the account id of the one person with exactly that name; empty where it is not certain."""
    found = items_of(answer)
    if len(found) >= _MOST:
        return ""
    ids = {
        text_at(item, "user", "accountId") or ""
        for item in found
        if any(
            _folded(text_at(item, "user", key) or "") == _folded(name)
            for key in ("displayName", "publicName")
        )
    }
    return ids.pop() if len(ids) == 1 else ""


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
