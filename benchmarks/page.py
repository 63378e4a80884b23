"""A page whose change log has thousands of rows, and entries for more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import prose

from confluence_changelog.commit import Commit, Identity
from confluence_changelog.entry import Entry, make_entry
from confluence_changelog.log_table import Layout
from confluence_changelog.row import lay_out
from confluence_changelog.settings import DEFAULT_COLUMNS, RowSettings, TableSettings

LAYOUT = Layout(TableSettings(columns=DEFAULT_COLUMNS), RowSettings())
_FIELDS = tuple(LAYOUT.table.columns.values())
_HEADER = "".join(f"<th>{name}</th>" for name in LAYOUT.table.columns)
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_BEFORE = """\
<p>Every change to the <strong>production configuration</strong>, newest first&nbsp;&ndash; please \
don&rsquo;t edit rows that link to a commit.</p><ac:structured-macro ac:name="info">\
<ac:rich-text-body><p>Questions? <ac:link><ri:user ri:username="editor" /></ac:link></p>\
</ac:rich-text-body></ac:structured-macro><table class="wrapped"><tbody><tr><th>Area</th>\
<th>Who</th></tr><tr><td>Network</td><td>Ben</td></tr></tbody></table>\
<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[<table>
  <tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr></table>]]></ac:plain-text-body>\
</ac:structured-macro><h2>Log</h2>"""
_BY_HAND = """\
<tr><td><div class="content-wrapper"><p><time datetime="2024-05-21" />&nbsp;</p></div></td>\
<td>Chloe</td><td colspan="1">Time-outs at month&rsquo;s end (&gt;&nbsp;2&nbsp;s)</td>\
<td colspan="1"><p><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">approved\
</ac:parameter></ac:structured-macro> by the board, for the caf&eacute;</p></td></tr>"""
_AFTER = "<p class='auto-cursor-target'><br /></p><p>See the <em>archive</em> &hellip;</p>"


def entries(count: int, seed: int = 5) -> list[Entry]:
    """Return entries as commits give them, newest first."""
    random = Random(seed)
    return [_entry(number, random) for number in range(count, 0, -1)]


def body(logged: Sequence[Entry]) -> str:
    """Return a page body whose log has a row for each entry, and one by hand after each fiftieth."""
    rows = []
    for number, entry in enumerate(logged, 1):
        rows.append(lay_out(entry, _FIELDS, LAYOUT.row).storage)
        if number % 50 == 0:
            rows.append(_BY_HAND)
    table = (
        f'<table class="wrapped"><tbody><tr>{_HEADER}</tr>{"".join(rows)}{_BY_HAND}</tbody></table>'
    )
    return _BEFORE + table + _AFTER


def _entry(number: int, random: Random) -> Entry:
    full = f"{random.getrandbits(160):040x}"
    person = Identity(
        random.choice(prose.PEOPLE), "person@example.com", _START + timedelta(minutes=number)
    )
    url = "https://git.example.com/net/config/commit/{id}"
    commit = Commit(full, full[:7], (), person, person, prose.message(random), ())
    return make_entry(commit, url=url)
