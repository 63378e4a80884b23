"""What a save does to a page's text: Confluence reads it as XML and writes it anew.

Sources: the storage format as real pages hold it, and measurements that users of the REST interface
published: comments vanish, macros gain a schema version and an id, empty elements are written
`` />``, ``<b>`` and ``<i>`` become ``<strong>`` and ``<em>``, ``<mark>`` goes, ``"`` in text is
written ``&quot;``.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urldefrag

from .tokens import CData, Tag, Text, Token, decode, escape, name_of, scan, write

_RENAMED = {"b": "strong", "i": "em"}
_DROPPED = frozenset({"mark"})
_VERBATIM = frozenset({"ac:plain-text-body", "ac:plain-text-link-body"})
_KNOWN_ATTRIBUTE = re.compile(
    r"\w+:.*|align|alt|class|colspan|data-(card-appearance|highlight-colour|layout|table-width)"
    r"|datetime|height|href|local-id|rel|rowspan|scope|span|src|start|style|target|title|type|width"
)
_START_ALIGNED = re.compile(r"text-align:\s*start;?\s*")
_NEWLINES = re.compile(r"\r\n?")


def save(
    storage: str,
    *,
    user_keys: Mapping[str, str] | None = None,
    user_attribute: str = "ri:userkey",
    new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
) -> str:
    """Well-formed storage text as it reads after a save.

    `user_keys` maps user names to user keys: a mention by name is stored by key, in
    `user_attribute`.  `new_id` gives the id of a macro that has none.
    """
    mentioned = {
        name: Tag("empty", "ri:user", ((user_attribute, key),))
        for name, key in (user_keys or {}).items()
    }
    tokens = (_save_token(token, mentioned, new_id) for token in scan(storage))
    kept = (token for token in _with_cdata(tokens) if not _is_dropped(token))
    return write(_collapse(kept))


def strip_link_fragments(storage: str) -> str:
    """Return the text with ``#fragment`` taken off the address of each link.

    No one published whether a fragment survives every save.
    """
    return write(_each_attribute(scan(storage), _without_fragment))


def strip_attributes(storage: str) -> str:
    """Drop ids, private ``data-`` attributes and others that editors do not write.

    No one published whether they survive a save.
    """
    return write(
        replace(
            token, attributes=tuple(a for a in token.attributes if _KNOWN_ATTRIBUTE.fullmatch(a[0]))
        )
        if isinstance(token, Tag)
        else token
        for token in scan(storage)
    )


def literal_entities(storage: str) -> str:
    """Write characters for named entities, but for XML's own and the no-break space, as Cloud does."""
    return write(
        Text(escape(decode(token.value)).replace("\xa0", "&nbsp;"))
        if isinstance(token, Text)
        else token
        for token in scan(storage)
    )


def name_entities(storage: str) -> str:
    """Write named entities for all characters that have a name in XHTML, as editors do."""
    return write(
        Text(_named(token.value)) if isinstance(token, Text) else token for token in scan(storage)
    )


def _save_token(token: Token, mentioned: Mapping[str, Tag], new_id: Callable[[], str]) -> Token:
    if isinstance(token, Text):
        return Text(_rewrite(_NEWLINES.sub("\n", token.value)))
    if isinstance(token, CData):
        return CData(_NEWLINES.sub("\n", token.value))
    return _mention(_stamp(_plain(token), new_id), mentioned)


def _rewrite(text: str) -> str:
    """Text read and written: named references stay, numeric ones become characters."""
    parts = re.split(r"(&\w+;)", text)
    return "".join(
        part if index % 2 else escape(decode(part)).replace("\xa0", "&nbsp;")
        for index, part in enumerate(parts)
    )


def _plain(tag: Tag) -> Tag:
    attributes = tuple(
        (name, _START_ALIGNED.sub("", value) if name == "style" else _one_line(value))
        for name, value in tag.attributes
    )
    return Tag(tag.kind, _RENAMED.get(tag.name, tag.name), attributes)


def _one_line(value: str) -> str:
    """XML's attribute-value normalisation."""
    return value.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")


def _stamp(tag: Tag, new_id: Callable[[], str]) -> Tag:
    if tag.kind == "close" or tag.name != "ac:structured-macro":
        return tag
    stamps = (
        ("ac:name", tag.get("ac:name")),
        ("ac:schema-version", tag.get("ac:schema-version") or "1"),
        ("ac:macro-id", tag.get("ac:macro-id") or new_id()),
    )
    stamped = {name for name, _ in stamps}
    others = tuple(a for a in tag.attributes if a[0] not in stamped)
    return Tag(tag.kind, tag.name, (*stamps[:2], *others, stamps[2]))


def _mention(tag: Tag, mentioned: Mapping[str, Tag]) -> Tag:
    by_key = mentioned.get(decode(tag.get("ri:username"))) if tag.name == "ri:user" else None
    return replace(tag, attributes=by_key.attributes) if by_key else tag


def _with_cdata(tokens: Iterable[Token]) -> Iterator[Token]:
    """CDATA stands in the bodies of plain-text macros and nowhere else."""
    inside = False
    for token in tokens:
        if isinstance(token, Tag):
            inside = token.kind == "open" and token.name in _VERBATIM
            yield token
        elif isinstance(token, CData) and not inside:
            yield Text(escape(token.value))
        elif isinstance(token, Text) and inside and token.value.strip():
            yield CData(decode(token.value).replace("]]>", "]]]]><![CDATA[>"))
        else:
            yield token


def _collapse(tokens: Iterable[Token]) -> Iterator[Token]:
    """``<p></p>`` is written ``<p />``."""
    held: Tag | None = None
    for token in tokens:
        if held is not None and isinstance(token, Tag) and token.kind == "close":
            yield replace(held, kind="empty")
            held = None
            continue
        if held is not None:
            yield held
            held = None
        if isinstance(token, Tag) and token.kind == "open":
            held = token
        else:
            yield token


def _is_dropped(token: Token) -> bool:
    return isinstance(token, Tag) and token.name in _DROPPED


def _each_attribute(tokens: Iterable[Token], change: Callable[[str, str], str]) -> Iterator[Token]:
    for token in tokens:
        if isinstance(token, Tag) and token.attributes:
            yield replace(token, attributes=tuple((n, change(n, v)) for n, v in token.attributes))
        else:
            yield token


def _without_fragment(name: str, value: str) -> str:
    return escape(urldefrag(decode(value)).url) if name == "href" else value


def _named(text: str) -> str:
    return "".join(f"&{name_of(c)};" if c > "\x7f" and name_of(c) else c for c in text)
