"""What columns show: fields, templates, constants and dates as text."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from confluence_changelog.dates import shown_in, zone
from confluence_changelog.entry import TICKET, Facts, make_entry
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.fields import is_dated, pieces, shows
from confluence_changelog.message import Trailer
from confluence_changelog.row import lay_out
from confluence_changelog.settings import FIELDS, RowSettings
from confluence_changelog.storage.validate import validate
from confluence_changelog.text import clean
from support.entries import entry

WEST = timezone(timedelta(hours=-7))
COMMITTED = datetime(2026, 3, 4, 22, 5, tzinfo=WEST)
FULL = entry(
    1,
    trailers=(Trailer("Risk", "low"), Trailer("risk", "none <b>"), Trailer("Ticket", "CHG-1")),
    paths=("a.toml", "b/c.toml", "d"),
    statuses=("A", "M", "D"),
    co_authors=("Cy", "Di"),
    moment=COMMITTED,
    committed=COMMITTED,
    authored=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    message="Change 1\n\nBecause.\n\nRisk: low",
    tickets=("CHG-1", "CHG-2"),
    branch="release/1",
    repository="dns",
    version="v1.0",
)


def cell(shown: str | None, number: str = "", **row: str) -> str:
    """Return the text of a cell, in a row whose date stands beside it."""
    settings = RowSettings(**row)  # type: ignore[arg-type]
    return lay_out(FULL, (shown, "date"), settings, number=number, place=1).cells[0]


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (None, ""),
        ("", ""),
        ("date", "2026-03-04"),
        ("author-date", "2026-01-02"),
        ("committer-date:%d.%m.%Y %H:%M", "04.03.2026 22:05"),
        ("author", "Ada Example (with Cy, Di)"),
        ("co-authors", "Cy, Di"),
        ("message", "Change 1\nBecause.\nRisk: low"),
        ("trailer:RISK", "low, none <b>"),
        ("trailer:None", ""),
        ("ticket", "CHG-1, CHG-2"),
        ("id", "0000001"),
        ("branch", "release/1"),
        ("repository", "dns"),
        ("version", "v1.0"),
        ("files", "a.toml\nb/c.toml\nd"),
        ("files:2", "a.toml\nb/c.toml\n… 1 more"),
        ("files:0", "3 files"),
        ("file-count", "3"),
        ("diffstat", "3 files changed, 1 added, 1 deleted"),
        ("number", "12"),
        ("=by <script>", "by <script>"),
        ("{subject} ({ticket})", "Change 1 (CHG-1, CHG-2)"),
        ("{subject} ({trailer:None})", "Change 1"),
        ("[{trailer:None}] {subject}", "Change 1"),
        ("({trailer:None})", ""),
        ("{{{number}}}", "{12}"),
        ("{subject}{body}", "Change 1\nBecause it was needed."),
        ("{branch}: {body}", "release/1:\nBecause it was needed."),
        ("{date:%Y} {author-date:%-m/%-d}", "2026 1/2"),
    ],
)
def test_what_a_column_shows(shown: str | None, text: str) -> None:
    assert cell(shown, "12") == text


def test_dates_have_one_format_and_zone() -> None:
    assert cell("date", date_zone="+02:00") == "2026-03-05"
    assert cell("date", date_format="%d.%m.%Y", date_zone="UTC") == "05.03.2026"
    assert cell("date:%H:%M", date_format="%d.%m.%Y", date_zone="UTC") == "05:05"


def test_without_a_time_the_date_alone_is_shown() -> None:
    row = lay_out(entry(1), ("date:%Y-%m-%d", "author-date"), RowSettings(date_zone="+14:00"))
    assert row.cells == ("2026-03-04 0000001", "2026-03-04")


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        (("author-date", "date"), 1),
        (("subject", "{date:%Y} {author}"), 1),
        (("date", "subject", "commit"), 2),
        (("committer-date:%d.%m.",), 0),
    ],
)
def test_the_identity_stands_with_the_commit_or_a_date(fields: tuple[str, ...], place: int) -> None:
    row = lay_out(FULL, fields, RowSettings())
    assert [at for at, text in enumerate(row.cells) if text.endswith("0000001")] == [place]


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        ("subjct", "cannot show `subjct`; did you mean `subject`?"),
        ("zzzz", "columns can show date, author"),
        ("{autor}", "cannot show `autor`; did you mean `author`?"),
        ("{subject", "has a single {"),
        ("a} {subject}", "has a single }"),
        ("{commit}: {subject}", "use `id`"),
        ("trailer", "name the trailer"),
        ("trailer:a b", "name the trailer"),
        ("files:x", "give a number"),
        ("subject:3", "write `subject`"),
        ("date:", "shows no date"),
        ("date:%Q", "which has '%Q'"),
        ("date:%", "which has '%'"),
    ],
)
def test_what_no_column_can_show(shown: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        pieces(shown)
    assert says in str(error.value)


def test_the_whole_message_shows_what_and_why() -> None:
    assert shows("message", "subject")
    assert shows("{id} {message}", "body")
    assert not shows("=subject", "subject")
    assert is_dated("{author-date:%Y}")


@given(st.text(), st.text(), st.sampled_from([name for name in FIELDS if name != "trailer"]))
def test_any_text_around_any_field_stays_text(before: str, after: str, field: str) -> None:
    assume(not before.startswith("="))  # which would begin a constant
    shown = (
        f"={before}"
        if field == "commit"
        else "{}{{{}}}{}".format(
            before.replace("{", "{{").replace("}", "}}"),
            field,
            after.replace("{", "{{").replace("}", "}}"),
        )
    )
    row = lay_out(FULL, (shown, "date"), RowSettings(), place=1)
    assert validate(row.storage) is None
    literal = clean(before).replace("##", "").replace("\n", " ").split()
    if field != "commit" and literal and field in ("id", "subject", "branch"):
        assert row.cells[0].startswith(literal[0][:1]) or literal[0][:1] in "([{\uff08#"


@given(st.text(), st.text(), st.lists(st.tuples(st.text(), st.text())))
def test_any_commit_in_every_field_stays_text(
    name: str, path: str, trailers: list[tuple[str, str]]
) -> None:
    shown = [field for field in FIELDS if field != "trailer"] + ["trailer:Risk", "{files} {branch}"]
    hostile = entry(
        1,
        author=name,
        paths=(path,) * 12,
        branch=path,
        version=name,
        message=f"{name}\n\n{path}",
        tickets=(name, path),
        trailers=(Trailer("Risk", name), *(Trailer(*each) for each in trailers)),
    )
    row = lay_out(hostile, tuple(shown), RowSettings())
    assert validate(row.storage) is None
    assert len(row.cells) == len(shown)


@pytest.mark.parametrize(
    ("message", "tickets"),
    [
        ("Fix NET-12 and NET-7, NET-12", ("NET-12", "NET-7")),
        ("Use UTF-8x, sha-1, x86-64 and a-NET-1", ()),
        ("Closes CHG-4711.", ("CHG-4711",)),
    ],
)
def test_tickets(message: str, tickets: tuple[str, ...]) -> None:
    import re

    assert tuple(dict.fromkeys(re.findall(TICKET, message))) == tickets


@pytest.mark.parametrize("name", ["Mars/Phobos", "Europe/Berlinn", "+25:00", "../etc/passwd", "\0"])
def test_zones_that_are_none(name: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no time zone"):
        zone(name)


def test_the_nearest_zone_is_named() -> None:
    with pytest.raises(ConfigurationError, match="did you mean `Europe/Berlin`"):
        zone("europe/berlinn")


@given(st.datetimes(timezones=st.just(UTC)))
def test_formats_mean_the_same_everywhere(moment: datetime) -> None:
    assert shown_in(moment, "%Y-%m-%d") == moment.date().isoformat()
    assert shown_in(moment, "100 %% %-d \N{CJK UNIFIED IDEOGRAPH-65E5}") == f"100 % {moment.day} 日"


def test_facts_are_cleaned_and_free_of_secrets() -> None:
    from confluence_changelog.commit import Commit, Identity

    person = Identity("Ada", "ada@example.com", datetime(2026, 1, 1, tzinfo=UTC))
    commit = Commit("a" * 40, "a" * 7, (), person, person, "Subject", ())
    secret = "ghp_" + "a1B2" * 9
    made = make_entry(commit, facts=Facts(f"x/{secret}", "re\u202epo", "v1\x07"))
    assert (made.repository, made.version) == ("repo", "v1")
    assert secret not in made.branch
    assert made.date == date(2026, 1, 1)
