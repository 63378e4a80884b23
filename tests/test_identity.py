"""The identity of a row: what counts as one and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.identity import Identity, anchor_name, digest, link_fragment, marks

SHA1 = "ab12" * 10
SHA256 = "cd34" * 16
DIGEST = "0123456789ab"


def anchor(name: str, *, more: str = "", attributes: str = ' ac:schema-version="1"') -> str:
    return (
        f'<ac:structured-macro ac:name="anchor"{attributes}>'
        f'<ac:parameter ac:name="">{name}</ac:parameter>{more}</ac:structured-macro>'
    )


def link(address: str, text: str = "ab12ab1") -> str:
    return f'<p><time datetime="2026-01-02" />&#160;<a href="{address}">{text}</a></p>'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (link(f"https://h/o/r/commit/{SHA1}#cl1-repo-{DIGEST}"), (SHA1, "repo", DIGEST)),
        (link(f"https://h/c/{SHA256}#cl1-a-b.c_d-{DIGEST}", "cd34"), (SHA256, "a-b.c_d", DIGEST)),
        (link(f"http://h/?a=1&amp;h={SHA1}#cl1-repo-{DIGEST}"), (SHA1, "repo", DIGEST)),
        (link(f"https://h/commit/{SHA1}"), (SHA1, "", "")),
        (link(f"https://h/commit/{SHA1}#diff-1"), (SHA1, "", "")),
        (link(f"https://h/{SHA256}/commit/{SHA1}"), (SHA1, "", "")),
        (link(f"/commit/{SHA1}", "<span style='x'><code>ab12ab1</code></span> "), (SHA1, "", "")),
        (
            f"<p><a class='x' href='h/{SHA1}' data-card-appearance='inline'>ab12ab1</a></p>",
            (SHA1, "", ""),
        ),
        (anchor(f"cl1-{SHA1}-repo-{DIGEST}"), (SHA1, "repo", DIGEST)),
        (anchor(f"cl1-{SHA256}-a-b-{DIGEST}"), (SHA256, "a-b", DIGEST)),
        (
            anchor(
                f"cl1-{SHA1}-repo-{DIGEST}",
                more=f'<ac:parameter ac:name="legacyAnchorId">LEGACY-cl1-{SHA1}-repo-{DIGEST}'
                "</ac:parameter>",
                attributes=' ac:macro-id="m" ac:local-id="l"',
            ),
            (SHA1, "repo", DIGEST),
        ),
    ],
)
def test_what_is_an_identity(cell: str, expected: tuple[str, str, str]) -> None:
    assert [mark.identity for mark in marks(cell)] == [Identity(*expected)]


@pytest.mark.parametrize(
    "cell",
    [
        f"<p>{SHA1}</p>",
        f"<p>cl1-{SHA1}-repo-{DIGEST}</p>",
        link(f"https://h/commit/{SHA1}#cl1-repo-{DIGEST}", "see this"),
        link(f"https://h/commit/{SHA1}#cl1-repo-{DIGEST}", "ab1"),
        link(f"https://h/commit/{SHA1}#cl1-repo-{DIGEST}", "cd34cd3"),
        link(f"https://h/commit/{SHA1}f"),
        link(f"https://h/commit/{SHA1[:39]}"),
        link(f"https://h/#{SHA1}"),
        f"<!-- {link(f'https://h/commit/{SHA1}')} -->",
        anchor(f"cl1-{SHA1[:-1]}-repo-{DIGEST}"),
        anchor(f"cl1-{SHA1}-repo-{DIGEST[:-1]}"),
        anchor("top"),
        anchor(f"cl1-{SHA1}-repo-{DIGEST}").replace('"anchor"', '"info"'),
        f"<![CDATA[{anchor(f'cl1-{SHA1}-repo-{DIGEST}')}]]>",
        f"<!-- {anchor(f'cl1-{SHA1}-repo-{DIGEST}')} -->",
    ],
)
def test_what_is_none(cell: str) -> None:
    assert marks(cell) == []


def test_a_cell_may_hold_two() -> None:
    both = link(f"h/{SHA1}") + anchor(f"cl1-{SHA256}-repo-{DIGEST}")
    assert [mark.identity.id for mark in marks(both)] == [SHA1, SHA256]
    assert "".join(both[mark.start : mark.end][:3] for mark in marks(both)) == "<a <ac"


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", fullmatch=True))
def test_every_repository_name_reads_back(repository: str) -> None:
    identity = Identity(SHA1, repository, DIGEST)
    cells = (
        anchor(anchor_name(identity)),
        link(f"https://h/{SHA1}#{link_fragment(repository, DIGEST)}"),
    )
    assert [mark.identity for cell in cells for mark in marks(cell)] == [identity, identity]


@pytest.mark.parametrize(
    "same",
    [
        '<td><p><time datetime="2026-01-02" /></p></td><td><p>caf\u00e9 a b</p></td>',
        '<td>\n<p><time datetime="2026-01-02"></time>&#160;</p></td><td>cafe\u0301&nbsp;a<br/>b</td>',
        '<td><div><p local-id="1">2026-01-02</p></div></td><td><ul><li>caf&eacute; ab</li></ul></td>',
    ],
)
def test_the_digest_survives_what_editors_change(same: str) -> None:
    assert digest(same) == digest("2026-01-02 caf\u00e9ab")


def test_the_digest_tells_another_text() -> None:
    assert digest("<p>a</p>") != digest("<p>A</p>")
    assert digest('<time datetime="2026-01-02" />') != digest('<time datetime="2026-01-03" />')
