"""A log of the gallery: the page as a team kept it, its commits, and the page as it is afterwards."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from confluence_changelog.confluence.page import Flavour

GALLERY = Path(__file__).parent
_GIVEN = ("about", "shape", "flavour", "remote", "first", "rows", "filled", "commits")


class Made(NamedTuple):
    """A commit to be made."""

    message: str
    author: str
    date: str
    files: tuple[str, ...] = ("app.conf",)
    tag: str = ""


class Log(NamedTuple):
    """A folder of the gallery."""

    folder: Path
    about: str
    """What is odd about it, in one line."""
    shape: str
    """The public project among whose test pages a table of this shape is; or empty."""
    flavour: Flavour
    remote: str
    """Address of the repository's remote; empty for none."""
    first: int
    """The index of the first new row among the rows of the log."""
    rows: tuple[tuple[str, ...], ...]
    """What a reader sees in the new rows, from top to bottom, without ids of commits."""
    filled: int
    """How many prepared rows are filled."""
    commits: tuple[Made, ...]
    """The oldest first."""

    @property
    def before(self) -> str:
        """The page before the publication."""
        return _text(self.folder / "before.xml")

    @property
    def after(self) -> str:
        """The page as it is sent; empty where it has never been generated."""
        file = self.folder / "after.xml"
        return _text(file) if file.exists() else ""

    @property
    def configuration(self) -> str:
        """The configuration file; empty for none."""
        file = self.folder / "configuration.toml"
        return _text(file) if file.exists() else ""


def read(folder: Path) -> Log:
    """Read a folder of the gallery."""
    given = tomllib.loads(_text(folder / "log.toml"))
    assert set(given) <= set(_GIVEN), f"{folder.name}: unknown keys"
    return Log(
        folder=folder,
        about=given["about"],
        shape=given.get("shape", ""),
        flavour=given.get("flavour", "data-center"),
        remote=given.get("remote", "https://github.com/example/config.git"),
        first=given.get("first", 1),
        rows=tuple(map(tuple, given["rows"])),
        filled=given.get("filled", 0),
        commits=tuple(
            Made(**{**commit, "files": tuple(commit.get("files", ("app.conf",)))})
            for commit in given["commits"]
        ),
    )


def every_log() -> list[Path]:
    """Return the folders of the gallery."""
    return sorted(file.parent for file in GALLERY.glob("*/log.toml"))


_ROW = re.compile(r"<tr\b[^>]*>(?:(?!</?tr\b).)*</tr>", re.DOTALL)
_IDENTITY = re.compile(r"cl1-[^<>\"]*-[0-9a-f]{12}[\"<]")
_VISIBLE = re.compile(r"<[^<>]*>|&nbsp;|&#160;|\s|\xa0")


def new_rows(storage: str) -> list[re.Match[str]]:
    """Return the rows that carry an identity and hold no table, by nothing but regular expressions."""
    return [row for row in _ROW.finditer(storage) if _IDENTITY.search(row[0])]


def row_at(storage: str) -> str | None:
    """Return the row that a text begins with."""
    row = _ROW.match(storage)
    return row[0] if row else None


def is_empty(row: str) -> bool:
    """Tell whether a row has cells and shows nothing; a number may stand in it."""
    return not _VISIBLE.sub("", row).strip("0123456789.")


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8")
