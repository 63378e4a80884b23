"""The configuration: what is read, what is refused, and that the default file tells the truth."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog import typed
from confluence_changelog.config import FILE_NAME, find_file, load, parse
from confluence_changelog.errors import ConfigurationError
from confluence_changelog.settings import Config
from confluence_changelog.typed import convert

DEFAULT = resources.files("confluence_changelog").joinpath("default.toml").read_text("utf-8")


def test_the_default_file_holds_the_defaults() -> None:
    assert parse(tomllib.loads(DEFAULT), "default.toml") == Config()


def test_the_default_file_shows_every_key() -> None:
    commented = re.compile(
        r"^# (?=number|Date =|Who =|What =|Why =|\[\[|patterns?|ticket|apply|url|macro|server|name ="
        r"|table\.|scope\.)",
        re.MULTILINE,
    )
    shown = tomllib.loads(commented.sub("", DEFAULT))
    config = parse(shown, "default.toml")
    assert [log.name for log in config.log] == [log["name"] for log in shown.pop("log")]
    assert {name: set(section) for name, section in shown.items()} == {
        name: set(section._fields) for name, section in Config()._asdict().items() if name != "log"
    }
    assert config.table.number == 2
    assert config.table.columns["What"] == "{subject} ({ticket})"
    assert [table.patterns for table in config.policy.paths] == [("network/",), ("docs/",)]


def test_what_is_configured() -> None:
    config = parse(
        tomllib.loads(
            '[page]\nurl = "https://wiki.example.com/x"\nid = 42\n'
            '[table]\ncolumns = { Datum = "date", Was = "subject" }\n'
            '[scope]\nbranches = ["main", "release/*"]\nmerges = true\n[row]\ndate = "author"'
        ),
        "f",
    )
    assert config.page.id == 42
    assert config.table.columns == {"Datum": "date", "Was": "subject"}
    assert config.scope.branches == ("main", "release/*")
    assert config.scope.merges
    assert config.row.date == "author"


def test_addresses_of_people_are_no_credentials() -> None:
    people = {"user@example.com": "u", "Secret.Passwort@example.com": "557058:1"}
    assert parse({"row": {"people": people}}, "f").row.people == people


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[[row.links]]\npattern = '('\nurl = 'https://a.example/{0}'",
            "`row.links`: '(' is no regular",
        ),
        ("[[row.links]]\npattern = '\\d*'\nmacro = 'jira'", "finds nothing at all"),
        ("[[row.links]]\npattern = 'x'", "needs a `url`, or `macro` and perhaps `server`"),
        (
            "[[row.links]]\npattern = 'x'\nurl = 'https://a.example/{0}'\nmacro = 'jira'",
            "needs a `url`",
        ),
        (
            "[[row.links]]\npattern = 'x'\nurl = 'https://a.example/{0}'\nserver = 'J'",
            "needs a `url`",
        ),
        (
            "[[row.links]]\npattern = 'x'\nurl = 'https://a.example/{1}'",
            "must be an http(s) address",
        ),
        ("[[row.links]]\npattern = 'x'\nurl = 'https://a.example/'", "must be an http(s) address"),
        ("[[row.links]]\npattern = 'x'\nurl = 'https://{0}/'", "must be an http(s) address"),
        ("[[row.links]]\npattern = 'x'\nurl = 'javascript:{0}'", "must be an http(s) address"),
        (
            "[[row.links]]\npattern = 'x'\nurl = 'https://a@a.example/{0}'",
            "must be an http(s) address",
        ),
        ("[[row.links]]\npattern = 'x'\nurls = 'x'", "unknown key `urls` in [row.links]"),
        ("[row.people]\nada = 'ada'", "'ada' is no e-mail address"),
        ("[row]\nbot_person = '('", "`row.bot_person`: '(' is no regular"),
        ("[row]\nbots = ['']", "`row.bots` has an empty pattern"),
        ("[row]\nfold = -1", "`row.fold` must not be negative"),
        ("[scoop]\n", "unknown key `scoop` in the file; did you mean `scope`?"),
        ("[scope]\nbrnches = []", "unknown key `brnches` in [scope]; did you mean `branches`?"),
        ("[page]\nzzzz = 1", "unknown key `zzzz` in [page]; it can have url, id,"),
        ("[table]\nnumber = '2'", "`table.number`: expected `int | null`, got `str`"),
        ("[scope]\npaths = 'a'", "`scope.paths`: expected `array`, got `str`"),
        ("[row]\ndate = 'commiter'", "`row.date`: Invalid enum value 'commiter'"),
        ("[table]\nnumber = 0", "must be at least 1"),
        ("[row]\nbody_limit = 0", "must be at least 1"),
        ("[table.columns]\nDate = 'dat'", "column 'Date' cannot show `dat`; did you mean `date`?"),
        ("[table.columns]\nWho = 'author'", "no column shows `date` or `commit`"),
        ("[table.columns]\nDate = 'zzz'", "columns can show date, author"),
        (
            "[table.columns]\nDate = '{date} {subjct}'",
            "cannot show `subjct`; did you mean `subject`?",
        ),
        ("[table.columns]\nWhat = 'subject'\nWho = '=date'", "no column shows `date` or `commit`"),
        ("[table]\nheadng = 'x'", "unknown key `headng` in [table]; did you mean `heading`?"),
        ("[table]\nheading = 'x'\nanchor = 'y'", "`table.heading` and `table.anchor` both say"),
        ("[row]\ndate_format = 'x'", "[row]: cannot use the date format 'x', which shows no date"),
        ("[row]\ndate_zone = 'Europe/Berlinn'", "did you mean `Europe/Berlin`?"),
        ("[row]\nticket = '('", "`row.ticket`: '(' is no regular expression"),
        ("[row]\nrepository = 'a b'", "`row.repository` may have"),
        ("[row]\ncommit_url = 'https://h/commit'", "`row.commit_url` must be"),
        ("[row]\ncommit_url = 'ftp://h/{id}'", "`row.commit_url` must be"),
        ("[page]\npassword = 'x'", "`page.password` looks like a credential"),
        ("token = 'x'", "`token` looks like a credential"),
        ("[page]\nurl = 'https://ada:s3cr3t-pw@wiki.example.com'", "`page.url` looks like"),
        ("[page]\nid = '" + "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3'", "`page.id` looks like"),
        ("[page", "is not TOML"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        load(file)
    assert says in str(error.value)
    assert str(file) in str(error.value)
    assert "s3cr3t" not in str(error.value)


def test_a_column_may_be_called_token() -> None:
    assert parse({"table": {"columns": {"Token": "date"}}}, "f").table.columns == {"Token": "date"}


def test_where_the_file_is(tmp_path: Path) -> None:
    assert find_file(tmp_path) is None
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text("[tool.other]\n", encoding="utf-8")
    assert find_file(tmp_path) is None
    pyproject.write_text("[tool.confluence-changelog.page]\nid = 7\n", encoding="utf-8")
    assert find_file(tmp_path) == pyproject
    assert load(pyproject).page.id == 7
    (tmp_path / FILE_NAME).write_text("\ufeff[page]\nid = 8\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="remove one of them"):
        find_file(tmp_path)
    pyproject.unlink()
    assert find_file(tmp_path) == tmp_path / FILE_NAME
    assert load(tmp_path / FILE_NAME).page.id == 8


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no configuration file"):
        load(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load(broken)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats(0, 2) | st.text("ab", max_size=2)
)
TEXTS = st.lists(st.text("ab", max_size=2) | st.integers(0, 1), max_size=2)
TABLES = st.fixed_dictionaries(
    {},
    optional={
        "patterns": TEXTS,
        "apply": SCALARS,
        "ticket": SCALARS,
        "reason_words": SCALARS,
        "forbidden": st.lists(
            st.text("ab", max_size=1)
            | st.fixed_dictionaries({}, optional={"pattern": SCALARS, "message": SCALARS}),
            max_size=2,
        ),
    },
)
DATA = st.fixed_dictionaries(
    {},
    optional={
        "page": st.fixed_dictionaries({}, optional={"id": SCALARS, "deadline": SCALARS}),
        "table": st.fixed_dictionaries(
            {},
            optional={
                "number": SCALARS,
                "columns": st.dictionaries(st.text("ab", max_size=1), SCALARS, max_size=2),
            },
        ),
        "row": st.fixed_dictionaries(
            {}, optional={"date": st.sampled_from(["author", "committer", "x", 1]), "zz": SCALARS}
        ),
        "scope": st.fixed_dictionaries({}, optional={"paths": TEXTS | SCALARS, "merges": SCALARS}),
        "policy": st.fixed_dictionaries({}, optional={"paths": st.lists(TABLES, max_size=2)}),
    },
)


def outcome(data: dict[str, object]) -> object:
    try:
        return convert(Config, data, "f")
    except ConfigurationError as error:
        return str(error)


@given(DATA)
def test_the_quick_way_reads_what_msgspec_reads(data: dict[str, object]) -> None:
    quick = outcome(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typed, "_fits", lambda *_: False)
        judged = outcome(data)
    assert quick == judged
    assert isinstance(judged, str) or typed._fits(Config, data)


def test_a_pyproject_that_does_not_name_us_is_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[broken", encoding="utf-8")
    assert find_file(tmp_path) is None
    (tmp_path / "pyproject.toml").write_text("[broken # confluence-changelog", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not TOML"):
        find_file(tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rows = -1", "must be at least 0"),
        ("page_rows = 0", "`archive.page_rows` 1 to 100000"),
        ('title = "Old"', "must hold {part}"),
        ('title = "{part} {when}"', "must hold {part}"),
        ('title = "{part} {"', "must hold {part}"),
        ("with_publish = true", "does nothing without"),
        ('rows = 9\n[table]\norder = "oldest-first"', "kept newest first"),
        ('period = "year"\n[row]\ndate_format = "%d.%m.%Y"', "needs dates that Confluence knows"),
    ],
)
def test_archives_that_cannot_be(text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        parse(tomllib.loads(f"[archive]\n{text}\n"), "x.toml")
