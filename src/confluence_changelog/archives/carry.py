"""Rows as they are copied to another page. Pure.

A copy shows what the row shows. It leaves out the ids that an editor gave to the row's elements, for
no id may stand twice, and the markers of inline comments, which stay with the page of the log. What is
relative to a page says which page: attachments, and links to anchors that stay behind.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from html import escape

from confluence_changelog.archives.marks import hash_of
from confluence_changelog.storage.xml import unescape

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<close>/?)(?P<name>[\w.:-]+)(?P<rest>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>",
    re.DOTALL,
)
_IDS = re.compile(r"""\s(?:ac:macro-id|ac:local-id|local-id)\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_ANCHOR = re.compile(r"""\sac:anchor\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_MARKER = "ac:inline-comment-marker"


def carried(row: str, title: str, there: Collection[str]) -> str:
    """Return a row as it is copied to another page of the space.

    Args:
        row: the row.
        title: the title of the page that it comes from.
        there: the names of the anchors that the other page has, or gets with it.

    """
    return "".join(_pieces(row, f'<ri:page ri:content-title="{escape(title)}" />', there))


def without_ids(storage: str) -> str:
    """Return a fragment without the ids that editors and saves give to elements."""
    return _TOKEN.sub(lambda token: _IDS.sub("", token[0]) if token["name"] else token[0], storage)


def source_digest(rows: Sequence[str]) -> str:
    """Return the digest of rows as they stand, but for such ids."""
    return hash_of("\0".join(map(without_ids, rows)))


def _pieces(row: str, page: str, there: Collection[str]) -> Iterator[str]:
    position = 0
    for token in _TOKEN.finditer(row):
        yield row[position : token.start()]
        position = token.end()
        name = token["name"]
        if name == _MARKER:
            continue
        tag = _IDS.sub("", token[0]) if name else token[0]
        if name and not token["close"] and _lacks_page(row, token, there):
            if token["rest"].endswith("/"):
                yield f"{tag[:-2].rstrip()}>{page}</{name}>"
            else:
                yield f"{tag}{page}"
        else:
            yield tag
    yield row[position:]


def _lacks_page(row: str, token: re.Match[str], there: Collection[str]) -> bool:
    """Tell whether a tag opens what is relative to its page and must say which."""
    if token["name"] == "ac:link":
        anchor = _ANCHOR.search(token["rest"])
        if anchor is None or unescape(anchor[1] or anchor[2] or "") in there:
            return False
    elif token["name"] != "ri:attachment":
        return False
    if token["rest"].endswith("/"):
        return True
    inner = _TOKEN.search(row, token.end())
    return inner is None or inner["close"] != "" or not (inner["name"] or "").startswith("ri:")
