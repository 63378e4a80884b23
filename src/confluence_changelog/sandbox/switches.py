"""Switches: each makes the sandbox behave like one Confluence of which little is known."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

ConflictKind = Literal[
    "", "stale-data", "optimistic-lock", "bare", "empty", "bad-request", "rollback"
]


Count = Annotated[int, msgspec.Meta(ge=0)]


class Switches(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All switches; every one is off at first."""

    strip_attributes: bool = False
    """A save drops ids, private ``data-`` attributes and unknown ones."""
    strip_link_fragments: bool = False
    """A save drops ``#fragment`` of link addresses."""
    named_entities: bool = False
    """A save writes named entities for the characters that have a name."""
    editor_resave: bool = False
    """Each save goes through an editor: local ids, ``legacyAnchorId``, paragraphs in cells."""
    editor_refuses: bool = False
    """A save is refused that Atlassian's editor could not take over: see `editor.unconvertible`."""
    lose_parent: bool = False
    """A PUT without ancestors moves the page to the top of its space."""
    stale_read: Count = 0
    """After a write, so many reads of the page still give the version before."""
    conflict_body: ConflictKind = ""
    """What a stale version number is answered with: see `errors.conflict`."""
    answer_without_body: bool = False
    """The answer to a PUT has neither body nor ancestors."""
    read_only: bool = False
    """Writes are refused and ``accessmode`` says ``READ_ONLY``."""
    read_only_status: Annotated[int, msgspec.Meta(ge=400, le=599)] = 405
    """Status of such a refusal, which no one published."""
    anonymous_access: bool = False
    """Nobody in particular may read; a wrong token is not refused but makes one anonymous."""
    captcha: Count = 0
    """After so many wrong passwords of a person, even the right one is denied; 0: never."""
    rate_limit_headers: bool = False
    """Answers to people who are logged in carry ``X-RateLimit-…`` and ``retry-after: 0``."""
    three_byte_database: bool = False
    """A save with a character outside the BMP fails with 500, as on MySQL's ``utf8``."""
    empty_body: bool = False
    """Reading gives an empty body in storage format, as for some pages of Cloud's new editor."""
    space_required: bool = False
    """Data Center: a PUT without a space is refused, as the documentation says."""
    v1_removed: bool = False
    """Cloud: the routes of v1 that have a successor in v2 answer 410."""
    basic_disabled: bool = False
    """Cloud: Basic authentication is refused on the site's own address."""
    log_in_page: Literal["", "page", "redirect", "empty"] = ""
    """All of REST is behind a single sign-on: its page with status 200, a redirect to another
    host, or an empty answer."""
    too_many_requests: Literal["", "wait", "block-all"] = ""
    """All of REST answers 429: for a while, or by a rule that blocks everyone."""
    unreconciled: bool = False
    """A PUT without ``status=current`` fails with 501 until the page was opened in a browser."""


def changed(switches: Switches, values: Mapping[str, object]) -> Switches:
    """Return the switches with these values in place; ValueError names what is not a switch."""
    return msgspec.convert({**msgspec.structs.asdict(switches), **values}, Switches)
