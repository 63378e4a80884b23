"""The pages in a browser, hostile ones above all."""

from html.parser import HTMLParser

import pytest
import requests

from confluence_changelog.sandbox import HOME_ID, LOG_ID, Sandbox, accounts
from confluence_changelog.sandbox.markup import is_safe_address


class Article(HTMLParser):
    """Elements and attributes inside the article of a shown page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html.partition("<article>")[2].partition("</article>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.found]


def shown(sandbox: Sandbox, storage: str) -> Article:
    sandbox.set_body(LOG_ID, storage)
    address = f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}"
    answer = requests.get(address, timeout=5)
    assert answer.status_code == 200
    return Article(answer.text)


def macro(name: str, content: str = "") -> str:
    return f'<ac:structured-macro ac:name="{name}">{content}</ac:structured-macro>'


def parameter(name: str, value: str) -> str:
    return f'<ac:parameter ac:name="{name}">{value}</ac:parameter>'


RICH = "<ac:rich-text-body><p>inside</p></ac:rich-text-body>"
PLAIN = "<ac:plain-text-body><![CDATA[a < b & <script>x</script>]]></ac:plain-text-body>"


@pytest.mark.parametrize(
    "storage",
    [
        "<script>alert(1)</script>",
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        '<p onclick="alert(1)" style="background: url(//example.com)">a</p>',
        '<svg onload="alert(1)"><animate onbegin="alert(1)" /></svg>',
        '<iframe src="https://example.com"></iframe>',
        '<img src="x" onerror="alert(1)" />',
        '<a href="javascript:alert(1)">a</a>',
        '<a href=" JaVa&#10;Script:alert(1)">a</a>',
        '<a href="java&#9;script:alert(1)">a</a>',
        '<a href="data:text/html,x">a</a>',
        '<a href="vbscript:x">a</a>',
        '<a href="x" onmouseover="alert(1)">a</a>',
        '<p title="&quot;&gt;&lt;script&gt;">a</p>',
        '<p class="a&quot; onclick=&quot;x">a</p>',
        '<time datetime="&quot;&gt;&lt;script&gt;" />',
        '<td colspan="&quot; onclick=&quot;x">a</td>',
        macro("&quot;&gt;&lt;script&gt;"),
        macro("code", parameter("title", "&lt;script&gt;") + PLAIN),
        macro("unknown", PLAIN),
        macro("status", parameter("title", "&lt;script&gt;") + parameter("colour", "x&quot; y")),
        macro("anchor", parameter("", "x&quot; onclick=&quot;y")),
        macro("expand", parameter("title", "&lt;script&gt;") + RICH),
        macro("jira", parameter("key", "&lt;script&gt;")),
        macro("html", "<ac:plain-text-body><![CDATA[<script>x</script>]]></ac:plain-text-body>"),
        '<ac:link><ri:page ri:content-title="&quot; onclick=&quot;x" /></ac:link>',
        '<ac:link><ri:page ri:space-key="&quot;//x" ri:content-title="y" /></ac:link>',
        '<ac:link><ri:user ri:userkey="&lt;script&gt;" /></ac:link>',
        '<ac:image><ri:attachment ri:filename="&lt;script&gt;" /></ac:image>',
        '<ac:image><ri:url ri:value="https://example.com/x.png" /></ac:image>',
        '<ac:emoticon ac:name="&lt;script&gt;" />',
        "<h1>&lt;script&gt;</h1>" + macro("toc"),
        "<p>not well-formed <script>",
    ],
)
def test_nothing_of_a_page_runs(sandbox: Sandbox, storage: str) -> None:
    article = shown(sandbox, storage)
    assert {"script", "svg", "iframe", "img", "animate", "style"}.isdisjoint(article.tags)
    for _, attributes in article.found:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert attributes.get("href") is None or is_safe_address(attributes["href"] or "")
        assert "data:" not in (attributes.get("href") or "")


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.com/a#b", True),
        ("HTTP://example.com", True),
        ("mailto:ada@example.com", True),
        ("/display/OPS", True),
        ("#anchor", True),
        ("?a=b", True),
        ("page", True),
        ("", True),
        ("javascript:x", False),
        ("JAVASCRIPT:x", False),
        ("\x01javascript:x", False),
        ("java\nscript:x", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("ftp://example.com", False),
        ("https://example.com/a b", False),
        ("\\\\example.com", False),
    ],
)
def test_where_links_may_lead(address: str, safe: bool) -> None:
    assert is_safe_address(address) is safe


def test_the_browser_is_told_to_run_nothing(sandbox: Sandbox) -> None:
    for path in (f"/pages/viewpage.action?pageId={LOG_ID}", "/", "/wiki.css"):
        headers = requests.get(sandbox.url + path, timeout=5).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_source_is_plain_text(sandbox: Sandbox) -> None:
    sandbox.set_body(LOG_ID, "<script>x</script>")
    answer = requests.get(f"{sandbox.url}/pages/viewsource.action?pageId={LOG_ID}", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.text == "<script>x</script>"


@pytest.mark.parametrize(
    ("storage", "tag", "words"),
    [
        ('<p><time datetime="2024-05-21" /></p>', "time", "21 May 2024"),
        ('<p><time datetime="soon" /></p>', "p", "soon"),
        (
            macro("code", parameter("language", "sql") + PLAIN),
            "figure",
            "sqla < b & <script>x</script>",
        ),
        (macro("noformat", PLAIN), "pre", "a < b & <script>x</script>"),
        (macro("status", parameter("title", "Done")), "span", "Done"),
        (macro("info", parameter("title", "Note") + RICH), "div", "Noteinside"),
        (macro("expand", RICH), "details", "Click here to expand...inside"),
        (macro("jira", parameter("key", "OPS-1")), "a", "OPS-1"),
        (macro("jira", parameter("jqlQuery", "project = OPS")), "span", "project = OPS"),
        (macro("unknown", RICH), "div", "unknowninside"),
        ("<h2>One</h2>" + macro("toc"), "li", "OneOne"),
        ('<ac:link><ri:page ri:content-title="A+B &amp; C" /></ac:link>', "a", "A+B & C"),
        (
            '<ac:link ac:anchor="here"><ac:plain-text-link-body><![CDATA[there]]>'
            "</ac:plain-text-link-body></ac:link>",
            "a",
            "there",
        ),
        ('<ac:link><ri:attachment ri:filename="a.txt" /></ac:link>', "span", "a.txt"),
        ('<ac:image><ri:attachment ri:filename="a.png" /></ac:image>', "span", "a.png"),
        ('<ac:link><ri:user ri:username="editor" /></ac:link>', "span", "@Eddi Editor"),
        (
            "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>"
            "<ac:task-body>do</ac:task-body></ac:task></ac:task-list>",
            "li",
            "☑ do",
        ),
        ('<ac:emoticon ac:name="tick" />', "", "(tick)"),
        ("<custom>text</custom>", "", "text"),
        ("<p>a < b", "pre", "<p>a < b"),
    ],
)
def test_what_is_shown(sandbox: Sandbox, storage: str, tag: str, words: str) -> None:
    article = shown(sandbox, storage)
    assert words in article.words
    assert not tag or tag in article.tags


def test_links_lead_to_the_page_they_name(sandbox: Sandbox) -> None:
    target = sandbox.create_page("A+B & C/D?")
    article = shown(sandbox, '<ac:link><ri:page ri:content-title="A+B &amp; C/D?" /></ac:link>')
    (address,) = [attributes["href"] for tag, attributes in article.found if tag == "a"]
    assert requests.get(f"{sandbox.url}{address}", timeout=5).url.endswith(f"pageId={target.id}")


@pytest.mark.parametrize(
    "path",
    [
        "/display/OPS/Change+Log",
        "/display/ops/Change%20Log",
        "/x/AgAB",
        f"/spaces/OPS/pages/{LOG_ID}",
        f"/spaces/OPS/pages/{LOG_ID}/Change+Log",
    ],
)
def test_every_address_of_a_page_leads_to_it(sandbox: Sandbox, path: str) -> None:
    answer = requests.get(sandbox.url + path, timeout=5)
    assert answer.url == f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}"
    assert '<h1 class="page-title">Change Log</h1>' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/display/NONE",
        "/display/OPS/Nothing",
        "/x/!!!",
        "/x/zzzzzzzzzzz",
        "/pages/viewpage.action",
        "/pages/viewpage.action?pageId=1",
        "/pages/viewpage.action?pageId=99999999999999999999",
        f"/pages/viewpage.action?pageId={LOG_ID}&version=9",
    ],
)
def test_what_is_not_there(sandbox: Sandbox, path: str) -> None:
    answer = requests.get(sandbox.url + path, timeout=5)
    assert answer.status_code == 404
    assert "HTTP Status 404" in answer.text


def test_the_space_leads_to_its_home_page_and_that_to_its_children(sandbox: Sandbox) -> None:
    home = requests.get(f"{sandbox.url}/display/OPS", timeout=5)
    assert home.url.endswith(f"pageId={HOME_ID}")
    assert f'<a href="/pages/viewpage.action?pageId={LOG_ID}">Change Log</a>' in home.text
    spaces = requests.get(f"{sandbox.url}/", timeout=5).text
    assert '<a href="/display/OPS">Operations</a> (OPS)' in spaces


def test_history_and_old_versions(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, storage="<p>second</p>", message="<b>bold</b>", minor=True)
    address = f"{sandbox.url}/pages/viewpreviousversions.action?pageId={LOG_ID}"
    history = requests.get(address, timeout=5).text
    assert "&lt;b&gt;bold&lt;/b&gt;" in history
    assert "not told (minor edit)" in history
    old = requests.get(f"{sandbox.url}/pages/viewpage.action?pageId={LOG_ID}&version=1", timeout=5)
    assert "This is version 1" in old.text
    assert "second" not in old.text


def test_titles_are_escaped(sandbox: Sandbox) -> None:
    page = sandbox.create_page("<script>alert(1)</script>")
    for path in (f"/pages/viewpage.action?pageId={page.id}", "/", "/display/OPS"):
        assert "<script>" not in requests.get(sandbox.url + path, timeout=5).text


CHANGES = f"/pages/diffpagesbyversion.action?pageId={LOG_ID}"


@pytest.mark.parametrize(
    ("asked", "compared"),
    [
        ("&selectedPageVersions=1&selectedPageVersions=3", ("a", "c")),
        ("&selectedPageVersions=3&selectedPageVersions=1", ("a", "c")),
        ("&selectedPageVersions=1&selectedPageVersions=2&selectedPageVersions=3", ("a", "c")),
        ("&originalVersion=1&revisedVersion=2", ("a", "b")),
        ("&selectedPageVersions=3", ("b", "c")),
    ],
)
def test_which_versions_are_compared(
    sandbox: Sandbox, asked: str, compared: tuple[str, str]
) -> None:
    sandbox.set_body(LOG_ID, "<p>now a</p>")
    sandbox.edit(LOG_ID, storage="<p>now b</p>")
    sandbox.edit(LOG_ID, storage="<p>now c</p>")
    html = requests.get(f"{sandbox.url}{CHANGES}{asked}", timeout=5).text
    old, new = compared
    assert f'<del class="diff-removed">{old}</del><ins class="diff-added">{new}</ins>' in html


def test_a_version_has_no_difference_from_itself(sandbox: Sandbox) -> None:
    html = requests.get(f"{sandbox.url}{CHANGES}&selectedPageVersions=1", timeout=5).text
    assert "Nothing that a reader sees has changed." in html


def test_a_deleted_version_is_passed_over(sandbox: Sandbox, session: requests.Session) -> None:
    for letter in "bc":
        sandbox.edit(LOG_ID, storage=f"<p>now {letter}</p>")
    gone = f"{sandbox.url}/rest/experimental/content/{LOG_ID}/version/2"
    assert session.delete(gone, timeout=5).status_code == 204
    html = requests.get(f"{sandbox.url}{CHANGES}&selectedPageVersions=3", timeout=5).text
    assert f"pageId={LOG_ID}&amp;version=1" in html
    assert f"pageId={LOG_ID}&amp;version=2" not in html


def test_a_new_title_is_part_of_the_difference(sandbox: Sandbox) -> None:
    sandbox.edit(LOG_ID, title="Change Log 2026")
    html = requests.get(f"{sandbox.url}{CHANGES}&selectedPageVersions=2", timeout=5).text
    assert '<del class="diff-removed">Change Log</del>' in html
    assert '<ins class="diff-added">Change Log 2026</ins>' in html


@pytest.mark.parametrize("asked", ["", "&selectedPageVersions=9", "&selectedPageVersions=x"])
def test_versions_that_are_not_there_cannot_be_compared(sandbox: Sandbox, asked: str) -> None:
    assert requests.get(f"{sandbox.url}{CHANGES}{asked}", timeout=5).status_code == 404


def test_elements_nested_as_deep_as_confluence_takes_them(sandbox: Sandbox) -> None:
    deep = "<div>" * 195 + "<p>one {}</p>" + "</div>" * 195
    assert shown(sandbox, deep.format("two")).words == "one two"
    sandbox.edit(LOG_ID, storage=deep.format("three"))
    html = requests.get(f"{sandbox.url}{CHANGES}&selectedPageVersions=2", timeout=5).text
    assert '<ins class="diff-added">three</ins>' in html
    assert '<ins class="diff-added">three</ins>' in sandbox.mails()[0].html


def test_a_text_nested_deeper_is_shown_as_its_source(sandbox: Sandbox) -> None:
    deep = "<div>" * 5000 + "x" + "</div>" * 5000
    assert shown(sandbox, deep).words.endswith(deep)
    sandbox.edit(LOG_ID, storage="<p>a</p>")
    html = requests.get(f"{sandbox.url}{CHANGES}&selectedPageVersions=2", timeout=5).text
    assert '<del class="diff-removed diff-block"><pre>&lt;div&gt;&lt;div&gt;' in html


def test_header_cells_say_what_they_head(sandbox: Sandbox) -> None:
    article = shown(
        sandbox, "<table><tbody><tr><th>a</th></tr><tr><th>b</th><td>c</td></tr></tbody></table>"
    )
    scopes = [attributes.get("scope") for tag, attributes in article.found if tag == "th"]
    assert scopes == ["col", "row"]


def test_an_id_is_given_once(sandbox: Sandbox) -> None:
    article = shown(sandbox, "<h2>One</h2><h2>One</h2>" + macro("anchor", parameter("", "One")))
    ids = [attributes["id"] for _, attributes in article.found if "id" in attributes]
    assert ids == ["anchor-One"]


def test_the_pages_of_a_space_are_a_tree(sandbox: Sandbox) -> None:
    sandbox.create_page("Below", parent=LOG_ID)
    html = requests.get(f"{sandbox.url}/collector/pages.action?key=ops", timeout=5).text
    assert html.index("Pages of Operations") < html.index(">Change Log<") < html.index(">Below<")
    assert requests.get(f"{sandbox.url}/collector/pages.action", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("given", "colour"),
    [
        ("#79f2c0", "#79f2c0"),
        ("yellow", "#ffffdd"),
        ("url(//example.com)", None),
        ('#79f2c0" onclick="', None),
    ],
)
def test_highlighted_cells_are_coloured(sandbox: Sandbox, given: str, colour: str | None) -> None:
    given = given.replace('"', "&quot;")
    page = shown(sandbox, f'<table><tr><td data-highlight-colour="{given}">a</td></tr></table>')
    (cell,) = [attributes for tag, attributes in page.found if tag == "td"]
    assert cell == ({"bgcolor": colour} if colour else {})


@pytest.mark.confluence_sandbox(flavour="cloud")
def test_people_of_cloud_are_named(confluence_sandbox: Sandbox) -> None:
    account = accounts.account_id(accounts.key_of("editor"))
    mention = '<p><ac:link><ri:user ri:account-id="{}" /></ac:link></p>'
    assert shown(confluence_sandbox, mention.format(account)).words == "@Eddi Editor"
    assert shown(confluence_sandbox, mention.format("557058:x")).words == "@557058:x"
