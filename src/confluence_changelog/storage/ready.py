"""A table that is ready to be a log: header cells, and no row yet."""

from collections.abc import Sequence

from confluence_changelog.text import inline


def log_table(columns: Sequence[str]) -> str:
    """Return a table in storage format whose header row holds these texts.

    Header cells hold a paragraph, as Cloud's editor wants it, and stand in the ``tbody``, as Data
    Center's puts them; the class is Data Center's for columns as wide as their text.
    """
    cells = "".join(f"<th><p>{inline(column)}</p></th>" for column in columns)
    return f'<table class="wrapped"><tbody><tr>{cells}</tr></tbody></table><p><br /></p>'
