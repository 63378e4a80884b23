"""What is marked as added and removed between two versions, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.sandbox.abridge import abridge, is_marked
from confluence_changelog.sandbox.diff import compare
from confluence_changelog.sandbox.seed import _LOG
from confluence_changelog.sandbox.tree import Element, Node

SIGNS = {"added": "+", "removed": "-", "": ""}


def shown(node: Node) -> str:
    """``+tr(…)`` for an added row, ``-(…)`` for removed words, ``name(…)`` for any element."""
    if not isinstance(node, Element):
        return node.value
    return f"{SIGNS[node.mark]}{node.name}({''.join(shown(child) for child in node.children)})"


def text(node: Node, without: str = "neither") -> str:
    """Text of a tree but for what has that mark, without white space."""
    if not isinstance(node, Element):
        return "".join(node.value.split())
    if node.mark == without:
        return ""
    return "".join(text(child, without) for child in node.children)


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def table(*rows: str) -> str:
    return f"<table><tbody><tr><th>Date</th><th>What</th></tr>{''.join(rows)}</tbody></table>"


HEAD = "tr(th(Date)th(What))"
ONE, TWO = row("1", "raise the limit to 40"), row("2", "move the relay")

OLD_ONE = "tr(td(1)td(raise the limit to 40))"
NEW_TWO = "+tr(+td(+(2))+td(+(move the relay)))"


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        (table(ONE), table(ONE), HEAD + OLD_ONE),
        (table(ONE), table(TWO, ONE), HEAD + NEW_TWO + OLD_ONE),
        (table(ONE), table(ONE, TWO), HEAD + OLD_ONE + NEW_TWO),
        (table(TWO, ONE), table(ONE), HEAD + NEW_TWO.replace("+", "-") + OLD_ONE),
        (
            table(ONE),
            table(row("1", "raise the limit to 44")),
            HEAD + "tr(td(1)td(raise the limit to -(40)+(44)))",
        ),
        (
            table(ONE),
            table(TWO, row("1", "raise the limit to 44")),
            HEAD + NEW_TWO + "tr(td(1)td(raise the limit to -(40)+(44)))",
        ),
        (
            table(row("Network", "Ben")),
            table(row("Network", "Ben, from April on Dora")),
            HEAD + "tr(td(Network)td(Ben+(, from April on Dora)))",
        ),
        (
            table(row("1", "a b c")),
            table(row("2", "x y z")),
            HEAD + "-tr(-td(-(1))-td(-(a b c)))+tr(+td(+(2))+td(+(x y z)))",
        ),
        (
            table(row("1", "a b")),
            table(row("1", "a b", "c")),
            HEAD + "-tr(-td(-(1))-td(-(a b)))+tr(+td(+(1))+td(+(a b))+td(+(c)))",
        ),
        (table(row("", "a")), table(row("b", "a")), HEAD + "tr(td(+(b))td(a))"),
    ],
)
def test_rows(old: str, new: str, marked: str) -> None:
    assert shown(compare(old, new)) == f"(table(tbody({marked})))"


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("", "<p>a</p>", "+(p(a))"),
        ("<p>a</p>", "", "-(p(a))"),
        ("<p>a</p>", "<p>a</p><p>b</p><h2>c</h2>", "p(a)+(p(b)h2(c))"),
        ("<p>one two three</p>", "<p>one 2 three</p>", "p(one -(two)+(2) three)"),
        ("<p>one two three four</p>", "<p>one 2 3 four</p>", "p(one -(two three)+(2 3) four)"),
        ("<p>one three</p>", "<p>one two three</p>", "p(one +(two )three)"),
        ("<p>a <em>b c d</em> e</p>", "<p>a <em>b C d</em> e</p>", "p(a em(b -(c)+(C) d) e)"),
        ("<p>a b c</p>", "<p>x y z</p>", "-(p(a b c))+(p(x y z))"),
        ("<ul><li>a</li></ul>", "<ul><li>a</li><li>b</li></ul>", "ul(li(a)+li(+(b)))"),
        (
            '<p><time datetime="2026-03-04" /> a b</p>',
            '<p><time datetime="2026-03-05" /> a b</p>',
            "p(-(time())+(time()) a b)",
        ),
        (
            '<p>see <a href="/x">the old place</a></p>',
            '<p>see <a href="/y">the old place</a></p>',
            "p(see -(a(the old place))+(a(the old place)))",
        ),
        ("a < b", "a < c", "pre(a < -(b)+(c))"),
        (
            "<p>switch to 192.0.2.10, now</p>",
            "<p>switch to 192.0.2.53.</p>",
            "p(switch to -(192.0.2.10, now)+(192.0.2.53.))",
        ),
        ("<p>a, b (c)</p>", "<p>a; b (d)</p>", "p(a-(,)+(;) b (-(c)+(d)))"),
    ],
)
def test_blocks_and_words(old: str, new: str, marked: str) -> None:
    assert shown(compare(old, new)) == f"({marked})"


def macro(name: str, inside: str, title: str = "t") -> str:
    title = f'<ac:parameter ac:name="title">{title}</ac:parameter>'
    return f'<ac:structured-macro ac:name="{name}">{title}{inside}</ac:structured-macro>'


def rich(inside: str) -> str:
    return f"<ac:rich-text-body>{inside}</ac:rich-text-body>"


def test_inside_a_macro_with_rich_text_words_are_marked() -> None:
    old, new = (macro("info", rich(f"<p>ask {who} first</p>")) for who in ("Ada", "Bo"))
    assert "p(ask -(Ada)+(Bo) first)" in shown(compare(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (macro("info", rich("<p>a</p>")), macro("info", rich("<p>a</p>"), "u")),
        (macro("info", rich("<p>a</p>")), macro("note", rich("<p>a</p>"))),
        (
            macro("code", "<ac:plain-text-body><![CDATA[a b]]></ac:plain-text-body>"),
            macro("code", "<ac:plain-text-body><![CDATA[a c]]></ac:plain-text-body>"),
        ),
    ],
)
def test_another_macro_is_marked_as_a_whole(old: str, new: str) -> None:
    assert [SIGNS[each.mark] for each in compare(old, new).elements()] == ["-", "+"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>a</p>", '<p local-id="1" class="x" style="text-align: left">a</p>'),
        ("<td>a</td>", '<td colspan="1"><div class="content-wrapper"><p>a</p></div></td>'),
        ("<td><br /></td>", "<td><p><br /></p></td>"),
        ("<p>a &amp; b&nbsp;c</p>", "<p>a &#38; b\xa0c</p>"),
        ("<ul><li>a</li></ul>", "<ul>\n  <li><p>a</p></li>\n</ul>"),
        (
            '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x</ac:parameter>'
            "</ac:structured-macro>",
            '<ac:structured-macro ac:name="anchor" ac:schema-version="1" ac:macro-id="2">'
            '<ac:parameter ac:name="">x</ac:parameter><ac:parameter ac:name="legacyAnchorId">LEGACY-x'
            "</ac:parameter></ac:structured-macro>",
        ),
        (
            "<table><colgroup><col /></colgroup><tbody><tr><td>a</td></tr></tbody></table>",
            '<table><colgroup><col style="width: 9px" /></colgroup><tbody><tr><td>a</td></tr></tbody>'
            "</table>",
        ),
    ],
)
def test_what_no_reader_sees_is_not_marked(old: str, new: str) -> None:
    for before, after in ((old, new), (new, old)):
        assert not is_marked(compare(before, after))


def test_only_the_new_row_of_a_long_log_is_marked() -> None:
    rows = [row(str(each), f"change {each} of the proxy") for each in range(5000)]
    tree = compare(table(*rows), table(row("new", "newest"), *rows))
    assert shown(abridge(tree)) == (
        f"(table(tbody({HEAD}+tr(+td(+(new))+td(+(newest)))tr(td(…)))))"
    )


def test_a_long_log_of_which_every_row_changed_is_paired_in_order() -> None:
    rows = [row(str(each), f"change {each} of the proxy") for each in range(300)]
    tree = shown(compare(table(*rows), table(*(each.replace("of", "at") for each in rows))))
    assert tree.count("-(of)+(at)") == 300
    assert "-tr(" not in tree


def test_beyond_a_bound_changed_rows_are_not_paired() -> None:
    rows = [row(str(each), f"change {each} of the proxy") for each in range(300)]
    changed = [each.replace("of", "at") for each in rows]
    tree = shown(compare(table(*rows), table(row("new", "row"), *changed)))
    assert tree.count("-tr(") == 300
    assert tree.count("+tr(") == 301


@pytest.mark.parametrize(
    ("old", "new", "short"),
    [
        ("<p>a</p>", "<p>a</p>", "(p(…))"),
        ("<p>a</p><p>b</p>", "<p>a</p><p>b</p><p>c</p>", "(p(…)+(p(c)))"),
        (
            "<h1>A</h1><p>a</p><h2>B</h2><p><br /></p>" + table(ONE),
            "<h1>A</h1><p>a</p><h2>B</h2><p><br /></p>" + table(TWO, ONE) + "<p>end</p>",
            f"(p(…)h2(B)table(tbody({HEAD}{NEW_TWO}tr(td(…))))+(p(end)))",
        ),
        (
            "<ul><li>a</li><li>b</li><li>c</li></ul>",
            "<ul><li>a</li><li>b</li><li>x</li><li>c</li></ul>",
            "(ul(li(…)+li(+(x))li(…)))",
        ),
    ],
)
def test_a_mail_leaves_out_what_did_not_change(old: str, new: str, short: str) -> None:
    assert shown(abridge(compare(old, new))) == short


def test_the_gap_in_a_table_is_as_wide_as_its_rows() -> None:
    tree = abridge(compare(_LOG, _LOG.replace("to 40<", "to 44<")))
    cells = [each for each in every(tree) if each.get("colspan") == "4"]
    assert [shown(cell) for cell in cells] == ["td(…)"]


def every(element: Element) -> list[Element]:
    return [element, *(each for child in element.elements() for each in every(child))]


WORDS = st.lists(st.sampled_from(["a", "b", "<em>c d</em>", "e&amp;f"]), max_size=5).map(" ".join)
PAGES = st.lists(
    st.one_of(
        WORDS.map("<p>{}</p>".format),
        st.lists(WORDS.map("<li>{}</li>".format), max_size=4)
        .map("".join)
        .map("<ul>{}</ul>".format),
        st.lists(st.tuples(WORDS, WORDS), max_size=4).map(
            lambda all_: table(*(row(*each) for each in all_))
        ),
    ),
    max_size=5,
).map("".join)


@given(old=PAGES, new=PAGES)
def test_without_the_marks_either_version_is_left(old: str, new: str) -> None:
    tree = compare(old, new)
    assert text(tree, "removed") == text(compare(new, new))
    assert text(tree, "added") == text(compare(old, old))
