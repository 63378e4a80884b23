import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from confluence_changelog.markdown import Style, blocks, words
from confluence_changelog.settings import LinkPattern
from confluence_changelog.storage.xml import epilogue, prologue
from confluence_changelog.text import clean, cut, inline, plain
from confluence_changelog.wrap import unwrap

MARKERS = "`~>-+*.)"


LINES = Style(macros=False)
AC = "{urn:confluence:ac}"


def parsed(storage: str) -> etree._Element:
    root = etree.fromstring(f"{prologue()}<td>{storage}</td>{epilogue()}".encode())
    return root[0]


def visible(storage: str) -> str:
    """What a reader sees, without white space; of a macro its body."""
    cell = parsed(storage)
    for parameter in cell.findall(f".//{AC}parameter"):
        parameter.text = ""
    return squeezed("".join(map(str, cell.itertext())))


def squeezed(text: str) -> str:
    return "".join(text.split())


def is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


# --- clean -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("\x00a\x1b[31mb\x7f\x9b", "a[31mb"),
        ("\u202eevil\u2066x\u2069\u200f\u061c", "evilx"),
        ("a\u200bb\u2060c\ufeffd\ufff9e", "abcde"),
        ("a\ud800b\ufffe\uffff\ufdd0\U0001fffec\U0010ffff", "abc"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", "\U0001f3f4"),
        ("👩\u200d💻 ❤\ufe0f क\u200cष", "👩\u200d💻 ❤\ufe0f क\u200cष"),
        ("e\u0301 \u00e9 ﬁ Å", "e\u0301 \u00e9 ﬁ Å"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters()))
def test_cleaned_text_holds_no_control_character_and_cleaning_again_changes_nothing(
    text: str,
) -> None:
    cleaned = clean(text)
    assert {c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs")} <= {"\n", "\t"}
    assert clean(cleaned) == cleaned


# --- plain -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n two\t three ", "one two three"),
        ("\x1b[2Jgone\x07", "[2Jgone"),
        ("::error file=x::boom", ": :error file=x::boom"),
        ("a\n  ::warning::b", "a : :warning::b"),
        (":::x", ": : :x"),
        ("std::vector", "std::vector"),
        ("x ##[error]y", "x # #[error]y"),
        ("##vso[task.setvariable]", "# #vso[task.setvariable]"),
        ("###VSO[x]", "## #VSO[x]"),
        ("##\x00teamcity[x]", "# #teamcity[x]"),
        ("## Heading", "## Heading"),
    ],
)
def test_plain(text: str, line: str) -> None:
    assert plain(text) == line


@given(st.lists(st.sampled_from(["#", "[", "vso", "TeamCity", ":", " ", "\n", "\x00", "a"])))
def test_no_line_of_a_log_begins_with_a_command(parts: list[str]) -> None:
    line = plain("".join(parts)).lower()
    assert not any(marker in line for marker in ("##[", "##vso[", "##teamcity[", "\n"))
    assert not any(word.startswith("::") for word in line.split())


# --- inline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "storage"),
    [
        ("", ""),
        (" a\n\n b\t c ", "a b c"),
        ("<b>&amp;</b> \"x\" 'y'", "&lt;b&gt;&amp;amp;&lt;/b&gt; \"x\" 'y'"),
        ("]]> `x`", "]]&gt; `x`"),
        ("**a** _b_ [c](http://example.com)", "**a** _b_ [c](http://example.com)"),
    ],
)
def test_inline(text: str, storage: str) -> None:
    assert inline(text) == storage


@pytest.mark.parametrize(
    ("text", "storage"),
    [
        ("set `a<b` to 1", "set <code>a&lt;b</code> to 1"),
        ("``a`b``", "<code>a`b</code>"),
        ("open `tick", "open `tick"),
        ("- no list", "- no list"),
        ("*.conf \\`x`", "*.conf \\<code>x</code>"),
    ],
)
def test_inline_with_code(text: str, storage: str) -> None:
    assert words(text) == storage


@given(st.text(st.characters()))
def test_any_text_reads_back_from_a_line(text: str) -> None:
    assert visible(inline(text)) == squeezed(clean(text))
    assert is_subsequence(visible(words(text)), squeezed(clean(text)))


# --- blocks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "storage"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("one", "<p>one</p>"),
        ("one\n\n\ntwo", "<p>one</p><p>two</p>"),
        ("a=1\nb=2", "<p>a=1<br />b=2</p>"),
        ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("- a\n  - b\n\n  more", "<ul><li><p>a</p><ul><li><p>b</p></li></ul><p>more</p></li></ul>"),
        ("intro:\n* a", "<p>intro:</p><ul><li><p>a</p></li></ul>"),
        ("-", "<ul><li><p></p></li></ul>"),
        ("1. a\n2. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("1. a\n1. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("3) a\n4) b", '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'),
        (
            "404. a\n500. b\n501. c",
            '<ol start="404"><li><p>a</p></li></ol>'
            '<ol start="500"><li><p>b</p></li><li><p>c</p></li></ol>',
        ),
        ("> a\n> b", "<blockquote><p>a<br />b</p></blockquote>"),
        (">", "<blockquote><p></p></blockquote>"),
        ("see `x  y` now", "<p>see <code>x y</code> now</p>"),
        ("`a\nb`", "<p><code>a b</code></p>"),
        ("```\na\n  b  c\n\nd\n```", "<p><code>a</code><br /><code>&#160;&#160;b&#160; c</code>"
         "<br /><br /><code>d</code></p>"),
        ("```yaml\na: <b>\n```", "<p><code>a: &lt;b&gt;</code></p>"),
        ("```a whole sentence\nx\n```", "<p><code>a whole sentence</code><br /><code>x</code></p>"),
        ("text:\n\n    indented", "<p>text:</p><p><code>indented</code></p>"),
        ("text:\n\n\tk\tv", "<p>text:</p><p><code>k&#160;&#160; v</code></p>"),
        ("```\n```", ""),
        ("- ```\n  ```", "<ul><li><p></p></li></ul>"),
    ],
)  # fmt: skip
def test_blocks(text: str, storage: str) -> None:
    assert blocks(text, LINES) == storage


def macro(content: str, language: str = "") -> str:
    parameter = f'<ac:parameter ac:name="language">{language}</ac:parameter>' if language else ""
    return (
        f'<ac:structured-macro ac:name="code" ac:schema-version="1">{parameter}'
        f"<ac:plain-text-body><![CDATA[{content}]]></ac:plain-text-body></ac:structured-macro>"
    )


@pytest.mark.parametrize(
    ("text", "storage"),
    [
        ("```\na\n\n  <b> & c\n```", macro("a\n\n  <b> & c")),
        ("```YAML\na: 1\n```", macro("a: 1", "yml")),
        ("```sh\nls\n```", macro("ls", "bash")),
        ("```toml\na = 1\n```", macro("a = 1")),
        ("```a whole sentence\nx\n```", macro("a whole sentence\nx")),
        ("text:\n\n    indented", f"<p>text:</p>{macro('indented')}"),
        ("```\n]]>\n```", macro("]]]]><![CDATA[>")),
        ("```\n\n```", ""),
        ("- a\n\n  ```\n  b\n  ```", "<ul><li><p>a</p><p><code>b</code></p></li></ul>"),
        ("> ```\n> b\n> ```", "<blockquote><p><code>b</code></p></blockquote>"),
    ],
)
def test_code_blocks_are_macros_where_macros_may_stand(text: str, storage: str) -> None:
    assert blocks(text) == storage


@pytest.mark.parametrize(
    "text",
    [
        "_underscores_ and __dunder__ and *stars* and **more**",
        "*.example.com and /etc/*/x and a*b*c",
        "<script>alert(1)</script> <!-- x --> <p>",
        "&amp; &#160; &lt; & x",
        r"C:\dir\new \* \` \\",
        "[text](javascript:alert) [a]() [b](/c) [d](x 'y') ![i](x) <mailto:a@example.com>",
        "[a][b] [c] [d]: /e [^1] [a-z](?:x) f[0](1)",
        "[a](https://ada:secret@example.com) <https://ada@example.com> https://ada:x@example.com",
        "# heading",
        "Title\n=====",
        "| a | b |\n|---|---|",
        "---",
        "***",
        "-no item and 1.5 and 2.x",
        "~~struck~~ ^up^ :smile: @ada #12 $x$ {macro} [~ada]",
        "]]> <![CDATA[ ]]>",
    ],
)
def test_everything_else_stays_what_it_is(text: str) -> None:
    assert visible(blocks(text)) == squeezed(text)
    assert {element.tag for element in parsed(blocks(text)).iter()} <= {"td", "p", "br"}


def hrefs(storage: str) -> list[tuple[str, str]]:
    return [
        (str(link.get("href")), "".join(map(str, link.itertext())))
        for link in parsed(storage).iter("a")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.com/a_b?c=d&e=*f*g.", [("https://example.com/a_b?c=d&e=*f*g", "")]),
        ("(https://example.com/x_(y)), or", [("https://example.com/x_(y)", "")]),
        ("(see https://example.com/x)!", [("https://example.com/x", "")]),
        ("见https://example.com/路径。然后", [("https://example.com/路径", "")]),
        ('"HTTP://example.com/a"', [("HTTP://example.com/a", "")]),
        ("<https://example.com/%41?q=ä>", [("https://example.com/%41?q=ä", "")]),
        ("[the *plan*](https://example.com/a)", [("https://example.com/a", "the *plan*")]),
        ("[`a` b](<https://example.com/a>)", [("https://example.com/a", "a b")]),
        ('[a](https://example.com "title")', [("https://example.com", "")]),
        ("[https://a.example](https://b.example)", [("https://a.example", ""), ("https://b.example", "")]),
        ("[](https://example.com)", [("https://example.com", "")]),
        ("![a](https://example.com/b.png)", [("https://example.com/b.png", "")]),
        ("xhttps://example.com https:// https://[x ssh://example.com", []),
        ("`https://example.com`", []),
        ("git+https://example.com/x.git", []),
        ("https://ada:[removed]@example.com/", []),
    ],
)  # fmt: skip
def test_web_addresses_are_links(text: str, found: list[tuple[str, str]]) -> None:
    """A text that is empty here is the address itself, and everything reads as it was written."""
    assert hrefs(blocks(text)) == [(address, shown or address) for address, shown in found]
    if "](" not in text.replace("](https://b", "").replace('](https://example.com "', "").replace(
        "[](", ""
    ):
        assert visible(blocks(text)).strip("<>") == squeezed(text).strip("<>").replace("`", "")


def test_lines_have_links_too() -> None:
    assert words("Use `x` of https://example.com/a") == (
        'Use <code>x</code> of <a href="https://example.com/a">https://example.com/a</a>'
    )


def test_without_links_everything_is_text() -> None:
    text = "[a](https://example.com) <https://example.com> https://example.com #12"
    style = Style(linked=False, patterns=(LinkPattern(r"#(\d+)", "https://example.com/{1}"),))
    assert visible(blocks(text, style)) == squeezed(text)
    assert hrefs(blocks(text, style)) == []


@given(st.text(st.characters(exclude_characters=f"{MARKERS}<[")))
def test_any_text_without_markers_reads_back_from_the_blocks(text: str) -> None:
    assert visible(blocks(text)) == squeezed(clean(text))


PIECES = st.sampled_from(
    [*MARKERS, "- ", "> ", "* ", "1. ", "2) ", "77. ", "  ", "    ", "\t", "\n", "\n\n", "```",
     "~~~", "``", "word", "é", "漢字", "<b>", "&amp;", "\\", "[", "](", "_", "|", "#", "👩\u200d💻",
     "https://example.com/a_b", "<https://example.com>", "[t](https://example.com)", "]]>", "<![CDATA["],
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, PIECES, st.text(st.characters(), max_size=3)), max_size=60))
def test_any_text_gives_blocks_that_parse_and_lose_nothing_but_markers(pieces: list[str]) -> None:
    source = clean("".join(pieces))
    shown = visible(blocks(source))
    assert is_subsequence(shown, squeezed(source))
    # A fence may name a language, and a link has a text and an address.
    if not any(marker in source for marker in ("```", "~~~", "](", "<http")):
        markers = str.maketrans("", "", MARKERS + "0123456789")
        assert shown.translate(markers) == squeezed(source).translate(markers)


@given(st.lists(PIECES, max_size=60))
def test_all_text_of_blocks_stands_in_paragraphs(pieces: list[str]) -> None:
    for element in parsed(blocks("".join(pieces))).iter():
        if element.tag == "a":
            assert str(element.get("href")).startswith("https://")
            assert element.getparent().tag == "p"
        elif str(element.tag).startswith(AC):
            assert element.tag.removeprefix(AC) in (
                "structured-macro",
                "parameter",
                "plain-text-body",
            )
        elif element.tag not in ("p", "code"):
            assert element.tag in ("td", "ul", "ol", "li", "blockquote", "br")
            assert element.tag == "br" or not (element.text or "").strip()
            assert element.tag == "br" or all(not (child.tail or "").strip() for child in element)
        if element.tag in ("li", "blockquote"):
            assert len(element)


@pytest.mark.parametrize("depth", [5, 9, 10, 11, 19, 20, 21, 30, 300])
@pytest.mark.parametrize("marker", ["> ", "- ", "1. ", "> - "])
def test_deep_nesting_loses_no_text(marker: str, depth: int) -> None:
    storage = blocks(marker * depth + "deep text\n\nafter")
    assert "deep text" in storage
    assert "after" in storage


@pytest.mark.parametrize("depth", [5, 9, 10, 11, 40])
def test_deep_lists_lose_no_text(depth: int) -> None:
    storage = blocks("".join("  " * level + f"- level{level}\n" for level in range(depth)))
    assert all(f"level{level}<" in storage for level in range(depth))


@pytest.mark.parametrize(
    "unit",
    [
        *("`", "> ", "- ", "[", "-\n", "1. ", "* a\n", "``` ", "\t", " ", "~", "<", "<h:", "[[]("),
        *(
            "[a](",
            "[a](b)",
            "](",
            "https://",
            "https://a.b/( ",
            "https://a.b/)))))",
            "<https://a.b>",
        ),
        "[x](https://a.b) ",
    ],
)
def test_hostile_text_of_a_hundred_thousand_characters_is_laid_out(unit: str) -> None:
    text = unit * (100_000 // len(unit)) + "\n\nlast words"
    assert "last words" in " ".join(map(str, parsed(blocks(text)).itertext()))


def test_hostile_runs_of_backticks_of_every_length_are_laid_out() -> None:
    text = "".join("`" * length + "a" for length in range(1, 440))
    assert visible(blocks(text)) == text


# --- wrapping ----------------------------------------------------------------------------------

PROSE = (
    "The partner moves to a new data centre on Saturday, and the old addresses are switched off "
    "an hour later; so the time-out is raised to thirty seconds until both sides have been seen "
    "to answer, and is lowered again in the change that follows."
)


def wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split():
        if len(f"{lines[-1]} {word}") > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


@pytest.mark.parametrize("width", range(50, 121))
def test_wrapped_prose_flows(width: int) -> None:
    assert blocks(wrapped(PROSE, width)) == f"<p>{PROSE}</p>"


@given(st.lists(st.text("abcäß.", min_size=1, max_size=49), min_size=1), st.integers(50, 100))
def test_wrapping_is_undone_at_any_width(words: list[str], width: int) -> None:
    text = " ".join(words)
    assert unwrap(wrapped(text, width)) == text


@pytest.mark.parametrize("marker", ["- ", "3. "])
def test_wrapped_items_flow(marker: str) -> None:
    pad = " " * len(marker)
    item = wrapped(PROSE, 50 - len(marker)).replace("\n", f"\n{pad}")
    assert f"<li><p>{PROSE}</p></li>" in blocks(f"{marker}{item}")


@pytest.mark.parametrize(
    "text",
    [
        "timeout=30\nretries=5\nhost=gateway.example.com",
        "Before the move:\nall hosts",
        f"{'long ' * 12}\n2. second",
        f"[1] https://example.com/{'a' * 50}\n[2] https://example.com/{'b' * 50}",
        f"{'long ' * 12}\n• bullet\n• bullet",
        f"| {'cell ' * 12}|\n| x |",
        f"{'x' * 60}\n# a comment",
    ],
)
def test_breaks_that_were_meant_stay(text: str) -> None:
    assert unwrap(text) == "\n".join(line.strip() for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("漢" * 25 + "\n" + "字" * 25, "漢" * 25 + "字" * 25),
        ("漢" * 20 + "\n" + "字" * 25, "漢" * 20 + "\n" + "字" * 25),
        ("漢" * 25 + "、\n" + "カナ", "漢" * 25 + "、カナ"),
        ("漢" * 25 + "\nword", "漢" * 25 + " word"),
        ("word " * 10 + "\n字", "word " * 10 + "字"),
        ("한국 " * 10 + "\n한국", "한국 " * 10 + "한국"),
    ],
)
def test_wide_characters(text: str, joined: str) -> None:
    assert unwrap(text) == joined


# --- cut ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limit", "result"),
    [
        ("short", 5, ("short", False)),
        ("", 0, ("", False)),
        ("abc", 0, ("", True)),
        ("abcdef", 3, ("abc", True)),
        ("aaaaaa\n\nb b\nc ddd", 9, ("aaaaaa", True)),
        ("aaaaaaaa b\nc ddd", 14, ("aaaaaaaa b", True)),
        ("aaaaaaaa b cc ddd", 12, ("aaaaaaaa b", True)),
        ("aaa b cccccccccc", 12, ("aaa b cccccc", True)),
        ("aaaaaaaaa\n\nb", 9, ("aaaaaaaaa", True)),
        ("aaaaae\u0301\u0301b", 7, ("aaaaa", True)),
        ("aaaa👩\u200d💻b", 5, ("aaaa", True)),
        ("aaaa👩\u200d💻b", 6, ("aaaa", True)),
        ("aaaaa👍🏽", 6, ("aaaaa", True)),
    ],
)
def test_cut(text: str, limit: int, result: tuple[str, bool]) -> None:
    assert cut(text, limit) == result


@given(st.text(st.sampled_from("ab \n\u0301\u200d👩🏽")), st.integers(-1, 40))
def test_a_cut_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    short, was_cut = cut(text, limit)
    assert text.startswith(short)
    assert was_cut == (len(text) > limit)
    assert not was_cut or len(short) <= max(limit, 0)


def test_a_cut_keeps_two_thirds() -> None:
    for shorter, longer in pairwise(range(30, 200, 10)):
        assert len(cut(PROSE, longer)[0]) >= shorter * 2 // 3
