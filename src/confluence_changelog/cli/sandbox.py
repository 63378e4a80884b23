"""``confluence-changelog sandbox``: a local Confluence."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from confluence_changelog.cli import output
from confluence_changelog.errors import EXIT_OK, UsageError

_EXAMPLES = """\
examples:
  confluence-changelog sandbox                        on http://127.0.0.1:8090, forgotten at its end
  confluence-changelog sandbox --port 0               on any free port; the first line says which
  confluence-changelog sandbox --data wiki.sqlite     keeps its pages in a file
  confluence-changelog sandbox --flavour cloud        Confluence Cloud, on http://127.0.0.1:8090/wiki
  confluence-changelog sandbox --space DOC=Documents --user ada@example.com:secret
  confluence-changelog sandbox --switch read_only --switch captcha=3

Log in as admin with the password admin, or with the token sandbox-token (on Cloud: as
admin@example.com with the API token sandbox-token)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command and its arguments."""
    parser.description = (
        "Run a local Confluence, Data Center or Cloud, with a page that has a change log."
    )
    parser.epilog = _EXAMPLES
    parser.add_argument(
        "--flavour",
        choices=("data-center", "cloud"),
        default="data-center",
        help="which Confluence it plays (default: data-center)",
    )
    parser.add_argument("--port", type=int, default=8090, help="TCP port (default: 8090)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the pages in this file")
    parser.add_argument(
        "--context",
        default="",
        metavar="PATH",
        help="path that Data Center runs under (/confluence)",
    )
    for option, metavar, meaning in (
        ("--space", "KEY=NAME", "add a space"),
        ("--user", "NAME:PASSWORD", "add a person who may edit; on Cloud, E-MAIL:TOKEN"),
        ("--token", "TOKEN", "add a token of admin, or with 'TOKEN SCOPE...' one with scopes"),
        ("--switch", "NAME[=VALUE]", "turn a switch on or set it: see docs/sandbox.md"),
    ):
        parser.add_argument(
            option,
            metavar=metavar,
            action="append",
            default=[],
            help=f"{meaning} (may be repeated)",
        )


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from confluence_changelog.sandbox import serve
    from confluence_changelog.sandbox.switches import Switches, changed

    try:
        switches = dict(_switch(each) for each in arguments.switch)
        changed(Switches(), switches)
    except ValueError as error:
        raise UsageError(f"A --switch is wrong ({error}): docs/sandbox.md lists them.") from error
    serve(
        arguments.port,
        arguments.data,
        output.result,
        flavour=arguments.flavour,
        context=arguments.context,
        spaces=_pairs(arguments.space, "=", "--space KEY=NAME"),
        users=_pairs(arguments.user, ":", "--user NAME:PASSWORD"),
        tokens=dict(_token(each) for each in arguments.token),
        **switches,
    )
    return EXIT_OK


def _pairs(given: Iterable[str], separator: str, usage: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in given:
        name, found, value = each.partition(separator)
        if not (name and found and value):
            raise UsageError(f"{each!r} is not of the form {usage}.")
        pairs[name] = value
    return pairs


def _token(given: str) -> tuple[str, str | list[str]]:
    value, *scopes = given.split() or [""]
    if not value:
        raise UsageError("A --token is empty: give its text.")
    return value, scopes or ""


def _switch(given: str) -> tuple[str, object]:
    name, has_value, value = given.partition("=")
    if not has_value:
        return name, True
    known: dict[str, object] = {"true": True, "false": False}
    return name, known.get(value, int(value) if value.isdecimal() else value)
