"""Rows of ours as they stand on a page, whoever has edited them since they were published."""

from typing import NamedTuple

from confluence_changelog.identity import Identity, digest, marks
from confluence_changelog.log_table import Log


class Standing(NamedTuple):
    """A row of ours on a page."""

    row: int
    """Its index among the rows of the table, from 0."""
    identity: Identity
    digest: str
    """Of the text that stands there now."""

    @property
    def is_unproven(self) -> bool:
        """Whether it lost the digest of what was published, as editors that drop fragments do."""
        return not self.identity.digest

    @property
    def is_altered(self) -> bool:
        """Whether its text is certainly not what was published."""
        return not self.is_unproven and self.digest != self.identity.digest


def standing(body: str, log: Log) -> list[Standing]:
    """Return the rows of ours in a page body, from top to bottom."""
    rows = log.table.table.rows
    return [
        Standing(row, identity, _digest(body[rows[row].start : rows[row].end], identity))
        for row, identity in log.ledger.rows
    ]


def _digest(row: str, identity: Identity) -> str:
    """Return the digest of a row without the element that carries its identity.

    White space is no part of a digest, so the whole row gives the same one as its cells do.
    """
    for mark in marks(row):
        if mark.identity == identity:
            return digest(row[: mark.start] + row[mark.end :])
    return digest(row)
