"""Pages made to run a script, load something or leave their place: none does, in a real browser."""

from typing import TYPE_CHECKING

import pytest

from confluence_changelog.sandbox import LOG_ID

if TYPE_CHECKING:
    from browser.conftest import Wiki

OWN = "document.title=&apos;owned&apos;"
CODE = f"<ac:plain-text-body><![CDATA[</code></pre><script>{OWN}</script>]]></ac:plain-text-body>"

PAGES = {
    "script": f"<script>{OWN}</script>",
    "script not closed": "<p>a</p><script>document.title='owned'",
    "handler": f'<p onclick="{OWN}" onmouseover="{OWN}" onfocus="{OWN}" tabindex="1">a</p>',
    "image": f'<img src="x" onerror="{OWN}" />',
    "image from elsewhere": '<ac:image><ri:url ri:value="https://example.com/x.png" /></ac:image>',
    "svg": f'<svg onload="{OWN}"><animate onbegin="{OWN}" attributeName="x" dur="1s" /></svg>',
    "math": f'<math><mtext><table><mglyph><style><!--</style><img src="x" onerror="{OWN}" />--></mglyph>'
    "</table></mtext></math>",
    "iframe": f'<iframe src="javascript:parent.{OWN}" srcdoc="&lt;script&gt;{OWN}&lt;/script&gt;" />',
    "object": '<object data="data:text/html,x" /><embed src="data:text/html,x" />',
    "base": '<base href="https://example.com/" /><a href="page">a</a>',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://example.com/" />',
    "style sheet": '<link rel="stylesheet" href="https://example.com/x.css" />',
    "style": '<style>@import url(https://example.com/x); p { background: url("//example.com/y") }</style>',
    "style attribute": '<p style="background: url(https://example.com/x); width: expression(1)">a</p>',
    "fixed": '<div style="position: fixed; inset: 0; z-index: 9" class="site">a</div>',
    "form": '<form action="https://example.com/"><input autofocus="x" name="n" /><button>a</button></form>',
    "link": f'<a href="javascript:{OWN}">a</a><a href="java&#10;script:{OWN}">b</a>',
    "link to data": '<a href="data:text/html,&lt;script&gt;1&lt;/script&gt;">a</a>',
    "link body": f'<ac:link><ri:page ri:content-title="&quot; onclick=&quot;{OWN}" />'
    f"<ac:plain-text-link-body><![CDATA[<script>{OWN}</script>]]></ac:plain-text-link-body></ac:link>",
    "link to a script's page": '<ac:link><ri:url ri:value="javascript:x" /><ac:link-body>a</ac:link-body>'
    "</ac:link>",
    "code": f'<ac:structured-macro ac:name="code">{CODE}</ac:structured-macro>',
    "html macro": f'<ac:structured-macro ac:name="html">{CODE}</ac:structured-macro>',
    "status": '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">'
    f"&lt;img src=x onerror={OWN}&gt;</ac:parameter></ac:structured-macro>",
    "jira": '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">'
    f"javascript:{OWN}</ac:parameter></ac:structured-macro>",
    "ids": '<p id="content" name="location">a</p><ac:structured-macro ac:name="anchor">'
    '<ac:parameter ac:name="">content</ac:parameter></ac:structured-macro>',
    "out of the article": "</article></main><script>document.title='owned'</script>",
    "closing tags": "<p>&lt;/article&gt;&lt;/main&gt;&lt;script&gt;document.title=1&lt;/script&gt;</p>",
    "date": f'<time datetime="2026-03-16&quot; onclick=&quot;{OWN}" />',
}
FORBIDDEN = (
    "script, style, link:not(head link), meta:not(head meta), base, img, svg, math, iframe, object, embed,"
    "article form, article input, article button, [style], [onclick], [onerror], [onload], [autofocus]"
)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_a_page_runs(wiki: "Wiki", name: str) -> None:
    page = wiki.show(PAGES[name])
    assert page.locator(FORBIDDEN).count() == 0
    protocols = page.locator("a[href]").evaluate_all("all => all.map(each => each.protocol)")
    assert set(protocols) <= {"http:", "https:"}
    assert page.locator("#content").evaluate("each => each.localName") == "main"
    for target in page.locator("article > :not(a):visible").all()[:3]:
        target.dispatch_event("click")
    assert page.title() == "Change Log - Confluence sandbox"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_a_difference_or_a_mail_runs(wiki: "Wiki", name: str) -> None:
    before = wiki.sandbox.page(LOG_ID).storage
    wiki.sandbox.edit(LOG_ID, storage=before, message="<img src=x onerror=alert(1)>")
    wiki.sandbox.set_body(LOG_ID, PAGES[name])
    page = wiki.changes(1, 2)
    assert page.locator(FORBIDDEN.replace("article ", ".difference ")).count() == 0
    assert page.locator("ins.diff-added, del.diff-removed").count() > 2
    wiki.open("/sandbox/mails")
    assert page.locator("h2 a").inner_text() == "Change Log"
    assert page.locator("blockquote.comment").inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator(FORBIDDEN).count() == 0
    assert page.title() == "Mails to watchers - Confluence sandbox"


def test_a_hostile_title_is_text_everywhere(wiki: "Wiki") -> None:
    title = "<script>document.title='owned'</script>"
    made = wiki.sandbox.create_page(title)
    wiki.sandbox.edit(made.id, append="<p>more</p>", message=title)
    for path in (
        f"/pages/viewpage.action?pageId={made.id}",
        f"/pages/viewpreviousversions.action?pageId={made.id}",
        f"/pages/diffpagesbyversion.action?pageId={made.id}&selectedPageVersions=2",
        "/collector/pages.action?key=OPS",
        "/sandbox/mails",
        "/",
    ):
        page = wiki.open(path)
        assert page.locator("script").count() == 0
        assert page.get_by_text(title).count() > 0
        assert page.title() != "owned"


def test_the_source_of_a_page_is_text(wiki: "Wiki") -> None:
    wiki.sandbox.set_body(LOG_ID, PAGES["script"])
    page = wiki.open(f"/pages/viewsource.action?pageId={LOG_ID}")
    assert page.locator("body").inner_text() == PAGES["script"]
    assert page.title() == ""
