"""What a new sandbox holds: people, a space, its home page, and a team's change log."""

import sqlite3

from . import accounts, store
from .database import Database
from .flavour import Flavour, as_saved

SPACE = "OPS"
HOME_ID = 65537
LOG_ID = 65538
TOKEN = "sandbox-token"  # noqa: S105 - it is published with the sandbox

_HOME = (
    "<h1>Operations</h1><p>How we run things&nbsp;&ndash; and what we changed. See the "
    '<ac:link><ri:page ri:content-title="Change Log" /></ac:link>.</p>'
)

_LOG = """\
<p>Every change to the <strong>production configuration</strong> is listed here, newest first. \
Please don&rsquo;t edit rows that link to a commit&nbsp;&ndash; they come from Git.</p>\
<ac:structured-macro ac:name="info"><ac:rich-text-body><p>Questions? Ask \
<ac:link><ri:user ri:username="editor" /></ac:link> or see \
<a href="https://runbooks.example.com/?area=config&amp;lang=en">the runbook</a>.</p>\
</ac:rich-text-body></ac:structured-macro>\
<h2>Who to call</h2>\
<table class="relative-table wrapped" style="width: 40.0%;"><colgroup>\
<col style="width: 30.0%;" /><col style="width: 70.0%;" /></colgroup><tbody>\
<tr><th>Area</th><th>Who</th></tr>\
<tr><td>Network</td><td>Ben</td></tr>\
<tr><td>Databases</td><td>Chloe &amp; Ada</td></tr></tbody></table>\
<h2>How a row used to be written</h2>\
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">html</ac:parameter>\
<ac:parameter ac:name="title">Row template</ac:parameter><ac:plain-text-body><![CDATA[<table>
  <tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>
  <tr><td>...</td><td>...</td><td>a < b && c > d</td><td>...</td></tr>
</table>]]></ac:plain-text-body></ac:structured-macro>\
<h2>Log</h2>\
<p class="auto-cursor-target"><br /></p>\
<table class="wrapped"><colgroup><col style="width: 110.0px;" /><col style="width: 120.0px;" />\
<col style="width: 320.0px;" /><col style="width: 320.0px;" /></colgroup><tbody>\
<tr><th>Date</th><th>Who</th><th colspan="1">What</th><th colspan="1">Why</th></tr>\
<tr><td><div class="content-wrapper"><p><time datetime="2024-05-21" />&nbsp;</p></div></td>\
<td>Chloe</td><td colspan="1">Raised the connection pool of the order service to 40</td>\
<td colspan="1">Time-outs at month&rsquo;s end (&gt;&nbsp;2&nbsp;s)</td></tr>\
<tr><td>2024-04-30</td><td>Ben</td><td colspan="1"><p>New proxy for the caf&eacute; kiosks:</p>\
<ul><li>north</li><li>south</li></ul></td>\
<td colspan="1"><div class="content-wrapper"><p><ac:structured-macro ac:name="status">\
<ac:parameter ac:name="colour">Green</ac:parameter>\
<ac:parameter ac:name="title">approved</ac:parameter></ac:structured-macro> by the board</p>\
</div></td></tr>\
<tr><td>12 April 2024</td><td>Ada</td><td colspan="1">Moved <code>app.toml</code> into Git</td>\
<td colspan="1"><br /></td></tr></tbody></table>\
<p class="auto-cursor-target"><br /></p>"""

_PEOPLE = (
    ("admin", "Admin", True),
    ("editor", "Eddi Editor", True),
    ("reader", "Rita Reader", False),
)


def seed(database: Database, flavour: Flavour) -> None:
    """Fill a new database; one that holds a space is left as it is."""
    with database.writing() as connection:
        if store.spaces(connection):
            return
        for username, display_name, edits in _PEOPLE:
            accounts.add_person(connection, username, username, display_name, edits=edits)
        accounts.add_token(connection, TOKEN, "admin")
        store.create_space(connection, SPACE, "Operations", "How we run things")
        _page(connection, HOME_ID, "Operations", _HOME, None, flavour)
        _page(connection, LOG_ID, "Change Log", _LOG, HOME_ID, flavour)
        store.set_homepage(connection, SPACE, HOME_ID)
        if flavour == "cloud":
            _add_personal_space(connection)


def _add_personal_space(connection: sqlite3.Connection) -> None:
    """Give the administrator the space of their own that everyone has on Cloud."""
    owner = accounts.find_person(connection, username="admin")
    if owner is not None:
        key = "~" + "".join(filter(str.isalnum, owner.account_id))
        store.create_space_with_home(connection, key, owner.display_name, owner.username)


def _page(
    connection: sqlite3.Connection,
    page_id: int,
    title: str,
    storage: str,
    parent: int | None,
    flavour: Flavour,
) -> None:
    store.create_page(
        connection,
        page_id=page_id,
        space=SPACE,
        title=title,
        storage=as_saved(connection, storage, flavour),
        author="editor",
        parent=parent,
    )
