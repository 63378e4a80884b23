"""The page at first: a log with rows typed by hand, and traps for a careless reader of it."""

from collections.abc import Sequence
from random import Random

from campaign.history import COMMIT_URL

WITHOUT_ADDRESS = '[table]\nheading = "Log"\n'
"""Rows carry an anchor macro instead of a link."""
CONFIGURATION = f'{WITHOUT_ADDRESS}[row]\ncommit_url = "{COMMIT_URL}{{id}}"\n'
ARCHIVING = f"{CONFIGURATION}[archive]\nrows = 6\npage_rows = 5\nwith_publish = true\n"
"""The log keeps few rows, so that they move all the time."""


def body(random: Random, commits: Sequence[str]) -> str:
    """Return the body; it names some of the commits where that makes no row of theirs."""
    named = iter(random.sample(commits, 6))
    rows = (
        handmade("5 Jan 2026", f"Raised by {link(next(named))}", f"instead of {next(named)}"),
        handmade(f"2 Jan 2026 {next(named)}", "Relay: moved", "By hand"),
        handmade(f'<p><a href="{COMMIT_URL}{next(named)}">see</a></p>', "Old", "caf&eacute;"),
    )
    elsewhere = link(next(named), "#cl1-repo-0123456789ab")
    call = f"<tr><td>Network</td><td>Duty: Ben</td><td>{elsewhere}</td></tr>"
    return (
        "<p>Notes: every change to the <strong>production configuration</strong>&nbsp;&ndash; newest "
        "first.</p>"
        "<h2>Who to call</h2>"
        f"<table><tbody><tr><th>Area</th><th>Who</th><th>Since</th></tr>{call}</tbody></table>"
        '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[<table><tr><th>Date</th>'
        f"<th>Who</th><th>What</th><th>Why</th></tr><tr><td>{link(next(named))}</td></tr></table>]]>"
        "</ac:plain-text-body></ac:structured-macro>"
        "<h2>Log</h2>"
        '<table class="wrapped"><colgroup><col /><col /><col /><col /></colgroup><tbody>'
        "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
        f'{"".join(rows)}</tbody></table><p class="auto-cursor-target"><br /></p>'
    )


def handmade(date: str, what: str, why: str) -> str:
    """Return a row as people type it."""
    return f"<tr><td>{date}</td><td>Cy</td><td>{what}</td><td>{why}</td></tr>"


def link(commit: str, fragment: str = "") -> str:
    """Return a link to a commit, as in a row of the tool's own but for its place."""
    return f'<a href="{COMMIT_URL}{commit}{fragment}">{commit[:7]}</a>'
