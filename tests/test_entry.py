from datetime import date, datetime, timedelta, timezone
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.commit import Change, Commit, Identity
from confluence_changelog.entry import Entry, make_entry
from confluence_changelog.message import Trailer

ID = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "ghp_" + "a1B2" * 9
URL = "https://example.com/org/repo/commit/{id}"
EAST = timezone(timedelta(hours=14))
WEST = timezone(timedelta(hours=-11))


def commit(
    message: str = "Subject",
    *,
    author: tuple[str, str] = ("Ada Example", "ada@example.com"),
    committer: tuple[str, str] = ("Bo Example", "bo@example.com"),
    paths: tuple[str, ...] = (),
) -> Commit:
    return Commit(
        id=ID,
        abbreviated=ID[:8],
        parents=(),
        author=Identity(*author, datetime(2026, 1, 1, 0, 30, tzinfo=EAST)),
        committer=Identity(*committer, datetime(2026, 3, 31, 23, 30, tzinfo=WEST)),
        message=message,
        changes=tuple(Change("M", path, "") for path in paths),
    )


def test_an_entry_has_the_parts_of_the_commit() -> None:
    message = "Raise\nthe timeout\r\n\r\nThe partner moves.\n\n- a\n\nTicket: X-1\n"
    entry = make_entry(commit(message, paths=("a.toml", "b/c.toml")), url=URL)
    assert entry == Entry(
        id=ID,
        abbreviated=ID[:8],
        date=date(2026, 3, 31),
        author="Ada Example",
        committer="Bo Example",
        subject="Raise the timeout",
        body="The partner moves.\n\n- a",
        trailers=(Trailer("Ticket", "X-1"),),
        paths=("a.toml", "b/c.toml"),
        url=f"https://example.com/org/repo/commit/{ID}",
        co_authors=(),
        removed=(),
        moment=datetime(2026, 3, 31, 23, 30, tzinfo=WEST),
        authored=datetime(2026, 1, 1, 0, 30, tzinfo=EAST),
        committed=datetime(2026, 3, 31, 23, 30, tzinfo=WEST),
        message="Raise\nthe timeout\n\nThe partner moves.\n\n- a\n\nTicket: X-1",
        tickets=(),
        statuses=("M", "M"),
        author_email="ada@example.com",
        committer_email="bo@example.com",
    )


def test_the_date_is_the_day_in_the_zone_of_the_commit() -> None:
    assert make_entry(commit(), date_of="committer").date == date(2026, 3, 31)
    assert make_entry(commit(), date_of="author").date == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("name", "email", "shown"),
    [
        ("Ada", "ada@example.com", "Ada"),
        ("  Ada \t Example\n", "", "Ada Example"),
        ("", "ada@example.com", "ada@example.com"),
        (" \u200b\u202e\u200d\xa0", "ada@example.com", "ada@example.com"),
        ("\x00", "\x1b", "unknown"),
        ("", "", "unknown"),
        ("Ada\u202e\x1b[31m", "", "Ada[31m"),
        ("\udce4da", "", "da"),
    ],
)
def test_people_have_names(name: str, email: str, shown: str) -> None:
    entry = make_entry(commit(author=(name, email), committer=(name, email)))
    assert entry.author == entry.committer == shown


@pytest.mark.parametrize(
    ("template", "address"),
    [
        (URL, f"https://example.com/org/repo/commit/{ID}"),
        ("http://example.com/{id}?x={id}", f"http://example.com/{ID}?x={ID}"),
        ("", ""),
        ("https://example.com/org", ""),
        ("https://ada:hunter2@example.com/{id}", ""),
        ("https:///{id}", ""),
        ("https://[::1/{id}", ""),
        ("javascript:alert('{id}')", ""),
        ("ssh://example.com/{id}", ""),
        ("file:///{id}", ""),
        ("/commit/{id}", ""),
        ('https://example.com/{id}" onclick="x', ""),
        ("https://example.com/<{id}>", ""),
        ("https://example.com/{id}\u202e", ""),
        ("https://example.com/\n{id}", ""),
    ],
)
def test_the_address_is_of_the_web_or_empty(template: str, address: str) -> None:
    assert make_entry(commit(), url=template).url == address


def test_secrets_are_removed_everywhere_and_named_with_their_place() -> None:
    entry = make_entry(
        commit(
            f"Use {TOKEN}\n\nOr {TOKEN}\n\nToken: {TOKEN}\n",
            author=(TOKEN, ""),
            committer=("", f"https://ada:hunter2@example.com/{TOKEN}"),
            paths=("a", f"keys/{TOKEN}.txt"),
        )
    )
    assert (entry.subject, entry.body) == ("Use [removed]", "Or [removed]")
    assert entry.trailers == (Trailer("Token", "[removed]"),)
    assert entry.author == "[removed]"
    assert entry.committer == "https://ada:[removed]@example.com/[removed]"
    assert entry.paths == ("a", "keys/[removed].txt")
    assert entry.removed == (
        "a GitHub token in the message",
        "a GitHub token in the author name",
        "a password in an address in the committer name",
        "a GitHub token in the committer name",
        "a GitHub token in a path",
    )


def test_a_key_is_removed_across_paragraphs() -> None:
    key = "-----BEGIN RSA " + "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n"
    key += "a1B2c3D4" * 8 + "\n-----END RSA " + "PRIVATE KEY-----"
    entry = make_entry(commit(f"Rotate\n\nOld:\n{key}\nDone."))
    assert entry.body == "Old:\n[removed]\nDone."
    assert entry.removed == ("a private key in the message",)


@pytest.mark.parametrize("hidden", ["\x00", "\u200b", "\u202e", "\x1b", "\u2060"])
def test_an_invisible_character_hides_no_secret(hidden: str) -> None:
    entry = make_entry(commit(f"Use {TOKEN[:9]}{hidden}{TOKEN[9:]}"))
    assert entry.subject == "Use [removed]"


TEXT = st.text(st.characters())
TIMES = st.datetimes(timezones=st.just(EAST) | st.just(WEST))
PEOPLE = st.builds(Identity, TEXT, TEXT, TIMES)
COMMITS = st.builds(
    Commit,
    id=TEXT,
    abbreviated=TEXT,
    parents=st.just(()),
    author=PEOPLE,
    committer=PEOPLE,
    message=TEXT,
    changes=st.lists(st.builds(Change, st.just("A"), TEXT, TEXT), max_size=3).map(tuple),
)


@given(COMMITS, st.sampled_from(["author", "committer"]), st.one_of(TEXT, st.just(URL)))
def test_no_commit_fails(
    subject: Commit, date_of: Literal["author", "committer"], url: str
) -> None:
    entry = make_entry(subject, date_of=date_of, url=url)
    assert entry.author.strip()
    assert entry.committer.strip()
    assert "\n" not in entry.subject + entry.author + entry.committer
    assert entry.url == "" or entry.url.startswith(("https://", "http://"))
    shown = "".join((entry.subject, entry.body, entry.author, entry.committer, *entry.paths))
    shown.encode()  # holds no lone surrogate
    assert not set(shown) & set("\x00\x1b\r\u202e\u200b")


def test_co_authors_are_named_once() -> None:
    message = (
        "a\n\nb\n\nCo-authored-by: Bo Example <bo@example.com>\nCO-AUTHORED-BY: <cy@example.com>\n"
        "Co-authored-by: Bo Example <b@example.com>\nCo-authored-by: Ada Example <a@example.com>\n"
        "Co-authored-by: \nReviewed-by: Di Example <di@example.com>\n"
    )
    assert make_entry(commit(message=message)).co_authors == ("Bo Example", "cy@example.com")
