"""Tells plugins of new rows, after these are on the page."""

from dataclasses import replace

from confluence_changelog.errors import PluginError
from confluence_changelog.plugins.load import calls, plugins
from confluence_changelog.publish import Publication


def told(done: Publication) -> Publication:
    """Tell the allowed plugins of the rows of a publication, and return it with what went wrong.

    The rows are on the page, so that nothing of it is an error. Whoever is told nothing because a
    plugin failed, or the process ended, is not told later.
    """
    if not done.rows or not done.attempts:
        return done
    try:
        failures = _tell(done)
    except PluginError as error:  # it could not even be loaded
        failures = [str(error)]
    return replace(done, warnings=(*done.warnings, *map(untold, failures)))


def untold(why: str) -> str:
    """Return the warning that a plugin was not told."""
    return f"The rows are on the page, but not everyone was told: {why}"


def _tell(done: Publication) -> list[str]:
    """Tell each plugin, and return why some could not be told."""
    loaded = plugins()
    if loaded is None:
        return []
    from confluence_changelog.plugins.hookspecs import PublishedPage, PublishedRow

    page = PublishedPage(done.page.id, done.page.title, done.page.version, done.page.address)
    rows = tuple(PublishedRow(row.identity.id, row.cells) for row in done.rows)
    failures: list[str] = []
    for _, tell in calls(loaded, "changelog_rows_published"):
        try:
            tell(page=page, rows=rows)
        except PluginError as error:
            failures.append(str(error))
    return failures
