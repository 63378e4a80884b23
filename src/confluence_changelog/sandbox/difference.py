"""The difference of two versions of a page as HTML."""

import sqlite3

from markupsafe import Markup

from .abridge import abridge, is_marked
from .diff import compare
from .model import Version
from .render import render_tree

_NONE = Markup('<p class="nothing">Nothing that a reader sees has changed.</p>')


def difference(
    connection: sqlite3.Connection,
    space: str,
    old: Version,
    new: Version,
    context: str,
    *,
    short: bool = False,
) -> Markup:
    """HTML of what changed between two versions of a page in a space.

    `short` leaves out what did not change, as a mail does.
    """
    tree = compare(old.storage, new.storage)
    if not is_marked(tree):
        return _NONE
    return render_tree(abridge(tree) if short else tree, connection, space, context)
