"""People: programs' commits show whom they name, and people are mentioned where Confluence knows them."""

import pytest

from confluence_changelog.bots import Bots
from confluence_changelog.commit import Commit, Identity
from confluence_changelog.confluence.people import is_account_id, people_query, the_one
from confluence_changelog.entry import Entry, make_entry
from confluence_changelog.given import Target
from confluence_changelog.history import moment
from confluence_changelog.identity import digest
from confluence_changelog.log_table import Layout, logged_ids, read_log
from confluence_changelog.publish import Publication, preview, publish
from confluence_changelog.reread import standing
from confluence_changelog.row import lay_out
from confluence_changelog.sandbox import LOG_ID, Sandbox, accounts
from confluence_changelog.settings import BOTS, RowSettings, TableSettings
from support.confluence import client
from support.entries import COLUMNS, commit_id, entry, nowhere

NOW = moment("1767603600 +0100")
ADA = Identity("Ada Example", "ada@example.com", NOW)
BOT = Identity("renovate[bot]", "29139614+renovate[bot]@users.noreply.github.com", NOW)
GITHUB = Identity("GitHub", "noreply@github.com", NOW)
KNOWN = Bots(BOTS)


def made(
    message: str = "Update",
    author: Identity = BOT,
    committer: Identity = GITHUB,
    bots: Bots = KNOWN,
) -> Entry:
    commit = Commit(commit_id(1), "0000001", (), author, committer, message, ())
    return make_entry(commit, bots=bots)


def who(made: Entry) -> str:
    return lay_out(made, ("date", "author"), RowSettings()).cells[1]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Update", "renovate[bot]"),
        ("Update\n\nCo-authored-by: Ada <ada@example.com>", "Ada (by renovate[bot])"),
        ("Update\n\nSigned-off-by: renovate[bot] <x@example.com>", "renovate[bot]"),
        (
            "Update\n\nSigned-off-by: Bo <bo@example.com>\nCo-authored-by: Cy <cy@example.com>\n"
            "Co-authored-by: Di <di@example.com>\nRequested-by: Ada",
            "Ada (by renovate[bot]) (with Cy, Di)",
        ),
        ("Update\n\nReviewed-by: <bo@example.com>", "bo@example.com (by renovate[bot])"),
    ],
)
def test_a_programs_commit_shows_whom_it_names(message: str, shown: str) -> None:
    assert who(made(message)) == shown


def test_the_committer_of_a_programs_commit_is_a_person_or_nobody() -> None:
    """TeamCity notes who changed the settings as the committer."""
    teamcity = Identity("TeamCity", "teamcity@ci.example.com", NOW)
    assert (
        who(made("TeamCity change in 'DNS' project", teamcity, ADA)) == "Ada Example (by TeamCity)"
    )
    assert who(made("TeamCity change in 'DNS' project", teamcity, teamcity)) == "TeamCity"
    host = Identity("GitLab", "no-reply@gitlab.example.com", NOW)
    assert who(made("Update", BOT, host)) == "renovate[bot]"


@pytest.mark.parametrize("pattern", [r"by user '([^']+)'", r"(?<=by user ').+?(?=')"])
def test_a_pattern_finds_the_person_first(pattern: str) -> None:
    message = "Change, by user 'Ada <ada@example.com>'\n\nCo-authored-by: Bo <bo@example.com>"
    found = made(message, bots=Bots(BOTS, pattern))
    assert who(found) == "Ada (by renovate[bot]) (with Bo)"
    assert found.author_email == "ada@example.com"


def test_people_are_no_programs() -> None:
    message = "Update\n\nCo-authored-by: Bo <bo@example.com>"
    assert who(made(message, ADA)) == "Ada Example (with Bo)"
    assert who(made(message, bots=Bots())) == "renovate[bot] (with Bo)"
    bo = Identity("Bob Otto", "bob@example.com", NOW)
    assert who(made("Update", bo, ADA)) == "Bob Otto"


def test_secrets_in_the_name_of_a_program_or_person_are_removed() -> None:
    token = "ghp_" + "a1B2" * 9
    named = made(f"Update\n\nRequested-by: {token}", Identity(f"{token}[bot]", "", NOW))
    assert token not in who(named)


def test_addresses_are_kept_for_the_map_and_shown_nowhere() -> None:
    found = made("x\n\nCo-authored-by: Bo <Bo@Example.com>\nCo-authored-by: Cy", ADA, ADA)
    assert (found.author_email, found.committer_email) == ("ada@example.com", "ada@example.com")
    assert found.co_author_emails == ("Bo@Example.com", "")
    row = lay_out(found, ("date", "author", "committer", "co-authors", "subject"), RowSettings())
    assert "@" not in row.storage


ADA_MENTION = '<ac:link><ri:user ri:userkey="x" /></ac:link>'


def test_a_mention_takes_the_names_place_and_output_says_the_name() -> None:
    found = made("x\n\nCo-authored-by: Bo <Bo@Example.com>", ADA, ADA)
    target = Target(mentions={"ada@example.com": ADA_MENTION, "bo@example.com": "<b />"})
    row = lay_out(found, ("date", "author", "committer"), RowSettings(), target=target)
    assert f"<td><p>{ADA_MENTION} (with <b />)</p></td><td><p>{ADA_MENTION}</p></td>" in row.storage
    assert row.cells[1:] == ("Ada Example (with Bo)", "Ada Example")
    assert digest(row.storage) != digest(row.storage.replace('"x"', '"y"'))


def test_many_co_authors_are_cut() -> None:
    names = tuple(f"Person {number} Example" for number in range(1000))
    shown = who(entry(1, co_authors=names))
    assert len(shown) < 1100
    assert shown.endswith("Example, …)")


# --- on Confluence -----------------------------------------------------------------------------


def layout(**row: object) -> Layout:
    return Layout(TableSettings(2, dict(COLUMNS)), RowSettings(**row))  # type: ignore[arg-type]


def run(sandbox: Sandbox, where: Layout, *entries: Entry) -> Publication:
    with client(sandbox) as confluence:
        return publish(confluence, str(LOG_ID), entries, where, placements=nowhere)


def sent(sandbox: Sandbox) -> list[str]:
    return [f"{each['method']} {each['path']}" for each in sandbox.requests()]


def assert_unaltered(sandbox: Sandbox, where: Layout) -> None:
    body = sandbox.page(LOG_ID).storage
    rows = standing(body, read_log(body, where))
    assert rows
    assert not any(row.is_altered or row.is_unproven for row in rows)


EDITOR = entry(1, author="Eddi Editor", author_email="Eddi@example.com")


def test_user_names_become_keys_and_are_asked_for_once(sandbox: Sandbox) -> None:
    where = layout(people={"eddi@EXAMPLE.com": "editor", "no@example.com": "nobody"})
    others = (entry(2, author_email="eddi@example.com"), entry(3, author_email="no@example.com"))
    done = run(sandbox, where, EDITOR, *others)
    key = accounts.key_of("editor")
    assert sum("/rest/api/user" in each for each in sent(sandbox)) == 2
    assert sandbox.page(LOG_ID).storage.count(f'ri:userkey="{key}"') == 3  # one stood there before
    assert [row.cells[1] for row in done.rows] == ["Eddi Editor", "Ada Example", "Ada Example"]
    assert_unaltered(sandbox, where)
    sandbox.clear_requests()
    assert run(sandbox, where, EDITOR, *others).already == 3
    assert len(sent(sandbox)) == 1


def test_a_user_key_costs_no_request(sandbox: Sandbox) -> None:
    key = accounts.key_of("reader")
    run(sandbox, layout(people={"eddi@example.com": key}), EDITOR)
    assert f'ri:userkey="{key}"' in sandbox.page(LOG_ID).storage
    assert [each.split()[0] for each in sent(sandbox)] == ["GET", "PUT"]


def test_nobody_is_asked_for_without_configuration_or_on_data_center_by_name(
    sandbox: Sandbox,
) -> None:
    run(sandbox, layout(), EDITOR)
    run(sandbox, layout(people_lookup=True), entry(2, author_email="a@example.com"))
    assert not any("user" in each for each in sent(sandbox))


def test_only_whom_columns_show_is_asked_for(sandbox: Sandbox) -> None:
    columns = {"Date": "date", "What": "subject"}
    where = Layout(TableSettings(2, columns), RowSettings(people={"eddi@example.com": "editor"}))
    run(sandbox, where, EDITOR)
    assert not any("/user" in each for each in sent(sandbox))


def test_a_preview_mentions_too(sandbox: Sandbox) -> None:
    where = layout(people={"eddi@example.com": "editor"})
    with client(sandbox) as confluence:
        shown = preview(confluence, str(LOG_ID), [EDITOR], where, nowhere)
    assert accounts.key_of("editor") in shown.rows[0].storage


CLOUD = pytest.mark.confluence_sandbox(flavour="cloud")


@CLOUD
def test_account_ids_are_taken_as_they_are(confluence_sandbox: Sandbox) -> None:
    sandbox = confluence_sandbox
    account = accounts.account_id(accounts.key_of("editor"))
    where = layout(people={"eddi@example.com": account, "bo@example.com": "editor"})
    run(sandbox, where, EDITOR, entry(2, author_email="bo@example.com"))
    assert sandbox.page(LOG_ID).storage.count(f'ri:account-id="{account}"') == 2
    assert len(sent(sandbox)) == 2
    assert_unaltered(sandbox, where)


@CLOUD
def test_people_are_looked_for_by_name(confluence_sandbox: Sandbox) -> None:
    sandbox = confluence_sandbox
    where = layout(people_lookup=True)
    stranger = entry(2, author="Eddi", author_email="e@example.com")
    twin = entry(3, author="eddi  EDITOR", author_email="e2@example.com")
    nobody = entry(4, author_email="", author="Rita Reader")
    long = entry(5, author_email="l@example.com", author="x" * 1000)
    run(sandbox, where, EDITOR, stranger, twin, nobody, long)
    account = accounts.account_id(accounts.key_of("editor"))
    assert sandbox.page(LOG_ID).storage.count(f'ri:account-id="{account}"') == 3
    assert sum("search/user" in each for each in sent(sandbox)) == 3
    assert_unaltered(sandbox, where)
    assert commit_id(2) in logged_ids(sandbox.page(LOG_ID).storage, where)


@CLOUD
def test_a_look_up_that_fails_leaves_the_name(confluence_sandbox: Sandbox) -> None:
    sandbox = confluence_sandbox
    sandbox.put_fault(method="GET", path="/search/user", status=403)
    done = run(sandbox, layout(people_lookup=True), EDITOR)
    assert done.rows[0].cells[1] == "Eddi Editor"
    assert "<td><p>Eddi Editor</p></td>" in sandbox.page(LOG_ID).storage


def person(name: str, account: str, key: str = "displayName") -> dict[str, object]:
    return {"user": {key: name, "accountId": account}}


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ([person("Ada Example", "1")], "1"),
        ([person("Ada Example", "1", "publicName"), person("Ada Example-Smith", "2")], "1"),
        ([person("Ada Example", "1"), person("ADA example", "2")], ""),
        ([person("Ada", "1")], ""),
        ([person("Ada Example", "1")] + [person("x", "2")] * 24, ""),
        ([], ""),
        ([{"user": None}, {"user": {"displayName": "Ada Example"}}], ""),
    ],
)
def test_only_one_person_with_exactly_that_name_counts(
    results: list[dict[str, object]], found: str
) -> None:
    assert the_one({"results": results}, "Ada  Example") == found


def test_a_name_is_quoted() -> None:
    assert people_query('A "b" \\')["cql"] == 'user.fullname~"A \\"b\\" \\\\"'


@pytest.mark.parametrize(
    ("text", "is_id"),
    [
        ("557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", True),
        ("5b10ac8d82e05b22cc7d4ef5", True),
        ("ada", False),
        ("ada.example@example.com", False),
        ('557058:f58131cb"/><x y="', False),
    ],
)
def test_account_ids(text: str, is_id: bool) -> None:
    assert is_account_id(text) == is_id
