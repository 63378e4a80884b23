"""The pieces that texts for fuzzing are made of."""

from hostile.corpus import GITHUB_TOKEN, HEADER, LOG, TEXTS

_ID = "a" * 40

STORAGE = (
    *("<table>", "</table>", "<table/>", "<tbody>", "</tbody>", "<thead>", "</thead>", "<tfoot>"),
    *("</tfoot>", "<tr>", "</tr>", "<tr/>", "<td>", "</td>", "<td/>", "<th>", "</th>", "<th />"),
    *("<p>", "</p>", "<br />", "<br>", "<div>", "</div>", "<a>", "</a>", '<a href="x">', "<a/>"),
    *("<!--", "-->", "--", "<![CDATA[", "]]>", "]]", "<?", "?>", "<!DOCTYPE x [", "]>", "<!"),
    *("<ac:layout>", "</ac:layout>", "<ac:layout-section>", "</ac:layout-section>"),
    *("<ac:layout-cell>", "</ac:layout-cell>", "<ac:x>", "</ac:x>", "<ac:x/>", "<ri:y />"),
    *('<ac:structured-macro ac:name="anchor">', "</ac:structured-macro>", "<ac:parameter>"),
    *('<ac:parameter ac:name="">', "</ac:parameter>", f"cl1-{_ID}-repo-0123456789ab"),
    *("<ac:plain-text-body>", "</ac:plain-text-body>", "<tr", "<td ", "</", "<", ">", "/>", "/"),
    *(' rowspan="2"', " colspan='3'", ' rowspan="65534"', ' rowspan="0"', ' x="', '"', "'", "="),
    *("<table x='>'>", '<td title="</td>">', "<td title='<'>", "<tr\n>", "</tr >", "<TABLE>"),
    *("&amp;", "&nbsp;", "&", "&#60;", "&#x", ";", "&lt;table&gt;", "&x;", "\x00", "\ud800"),
    *('<time datetime="2026-01-01" />', "<time", "</storage>", "<storage>", "<x:y>", " xmlns='u'"),
    *(f'<a href="https://x/{_ID}#cl1-repo-0123456789ab">aaaaaaa</a>', " ", "\n", "x", "\u202e"),
    *(LOG, HEADER, "<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr>"),
)
"""Of storage format, right and wrong."""

MESSAGE = (
    *("\n", "\n\n", "\r", "\r\n", " ", "\t", "\x0b", "\u2028", "x", "word word", ":", "Key: value"),
    *("Signed-off-by: a <a@example.com>", "(cherry picked from commit a)", "# comment", "#", "##["),
    *("# ------------------------ >8 ------------------------", "Conflicts:", "- ", "* ", "1. "),
    *("1) ", "> ", "    ", "`", "``", "```", "~~~", "<b>", "&", "]]>", "\\", "999999999. "),
    *("::error::", "##vso[", "##teamcity[", ":", "\u200b", "\u202e", "\x1b[31m", "\ud800", "\0"),
    *("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "A" * 24, GITHUB_TOKEN, "ghp_"),
    *("https://", "a:b@", "user:Geheim7@h/", "authorization: ", "bearer ", "basic ", "YTpiY2Q="),
    *("eyJhbGciOiJI.", "eyJzdWIiOiIx.", "AKIA", "Q3EGRZJ7XKPLN5TW", "sk-", "xoxb-1234567890-a1B2"),
    *("[removed]", "://", "@", "Private-Lines: 1\n", "accountkey=", "\u4e2d\u6587", "e\u0301"),
    *TEXTS.values(),
)
"""Of commit messages."""

PIECES = {
    **dict.fromkeys(("scanning", "validating", "seeing", "planning"), STORAGE),
    **dict.fromkeys(("reading_messages", "laying_out", "showing", "redacting"), MESSAGE),
}
