"""Commands over several logs: in turn, each with its name, and none keeps the others from theirs."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from confluence_changelog.cli import output
from confluence_changelog.confluence.page import Page
from confluence_changelog.errors import (
    EXIT_OK,
    ChangelogError,
    ConfigurationError,
    PageError,
    UsageError,
)
from confluence_changelog.log_table import Layout, read_log
from confluence_changelog.logs import each_log, log_named, name_of, same_table
from confluence_changelog.settings import Config


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which log."""
    parser.add_argument(
        "--log", metavar="NAME", help="one of several logs of the configuration (default: each)"
    )


def chosen(arguments: argparse.Namespace, config: Config) -> tuple[Config, ...]:
    """Return a configuration for each log that is asked for. Raises UsageError for no such log."""
    return (log_named(config, arguments.log),) if arguments.log else each_log(config)


def only(arguments: argparse.Namespace, config: Config) -> Config:
    """Return the configuration of the one log that is asked for.

    Raises:
        UsageError: there are several, or none of that name.

    """
    found = chosen(arguments, config)
    if len(found) > 1:
        names = ", ".join(map(name_of, found))
        raise UsageError(f"There are several logs ({names}); say which one with --log.")
    return found[0]


def refuse_one_page(arguments: argparse.Namespace, configs: Sequence[Config]) -> None:
    """Raise UsageError where one page is given for several logs."""
    if len(configs) > 1 and arguments.page:
        names = ", ".join(map(name_of, configs))
        raise UsageError(f"--page is for one log, and there are several ({names}); give --log too.")


@dataclass(slots=True)
class Pages:
    """The pages that logs of this run are on, as they were read or stored last."""

    seen: list[tuple[str, Page, Config]] = field(default_factory=list)

    def add(self, base: str, page: Page, config: Config) -> None:
        """Remember the page of a log."""
        self.seen.append((base, page, config))

    def refuse_shared(self, base: str, page_id: str, config: Config) -> None:
        """Raise ConfigurationError where the table of a log is that of an earlier one."""
        for where, page, other in self.seen:
            if (where, page.id) == (base, page_id) and _is_shared(page, config, other):
                raise ConfigurationError(same_table(name_of(other), name_of(config)))


def _is_shared(page: Page, one: Config, other: Config) -> bool:
    try:
        found = [read_log(page.body, Layout(each.table, each.row)) for each in (one, other)]
    except PageError:
        return False  # which publishing says better
    return found[0].table.table.number == found[1].table.table.number


def in_turn(
    arguments: argparse.Namespace, configs: Sequence[Config], run: Callable[[Config], int]
) -> int:
    """Run a command on each log and return the worst exit status; a single one is run as it is.

    An error is said and passed over, so that the other logs have their turn. What they print as JSON
    becomes one document.
    """
    if len(configs) == 1:
        return run(configs[0])
    worst = EXIT_OK
    with output.gathered() as found:
        for config in configs:
            name = name_of(config)
            said = len(found)
            if arguments.format == "text" and not getattr(arguments, "quiet", False):
                output.result(f"Log {name}:")
            try:
                status = run(config)
            except ChangelogError as error:
                output.error(f"Log {name}: {error}")
                status = error.exit_code
                found.append({"error": output.safe(str(error))})
            worst = max(worst, status)
            found[said:] = [{"name": name, **each} for each in found[said:]]
    if arguments.format == "json":
        output.result_json({"logs": found})
    return worst
