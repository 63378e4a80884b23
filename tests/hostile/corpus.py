"""Hostile input by name: what commits, remotes and pages may hold that nobody should suffer from.

Data only. A new command is run over the same tables: see `test_commits` and its neighbours.
"""

from collections.abc import Callable, Mapping

ESC, CSI, BEL, NUL = "\x1b", "\x9b", "\x07", "\x00"
GITHUB_TOKEN = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6"
"""Of a shape that is known, and no one's."""
AWS_KEY = "AKIA" + "Q3EGRZJ7XKPLN5TW"
PASSWORD = "hunter2-Korrekt9Pferd"
LEAKED = (GITHUB_TOKEN, AWS_KEY, PASSWORD)
"""What no output and no page may show of the messages below."""

_PRIVATE_KEY = (
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "-----END OPENSSH PRIVATE KEY-----"
)

TEXTS: Mapping[str, str] = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "attribute": "' onmouseover='alert(1)' x=\"y\"",
    "row-break": "</p></td></tr></tbody></table><h1>x</h1><table><tbody><tr><td><p>",
    "row-extra": "</p></td></tr><tr><td><p>another row",
    "root-break": "</storage></xml><storage>",
    "cdata-end": "]]>",
    "cdata": "<![CDATA[ x ]]> ]]&gt;",
    "plain-text-body": "]]></ac:plain-text-body></ac:structured-macro>",
    "macro": '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[<script>]]>',
    "mention": '<ac:link><ri:user ri:username="admin" /></ac:link>',
    "include": '<ac:structured-macro ac:name="include"><ri:page ri:content-title="Salaries" />',
    "wiki-macro": "{html}<b>{html} {include:Salaries} {code} [~admin] !image.png! {{x}}",
    "placeholder": "$helper.renderConfluenceMacro ${7*7} #{7*7} %24%7B7*7%7D {{7*7}} <%= 7*7 %>",
    "comment": "<!-- x --><!-- ",
    "comment-end": "--> -- -->",
    "instruction": '<?xml version="1.0"?><?php x ?>',
    "doctype": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "laughs": '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">&b;',
    "entities": "&amp; &lt;b&gt; &nbsp; &#60; &#x3c; &unknown; &; & &#; &#xFFFFFFFF; &#0;",
    "markdown": "[x](javascript:alert(1)) ![x](http://example.com/x.png) **b** <http://example.com>",
    "html-in-markdown": "`<script>` ``</code>`` ` unclosed <b>",
    "scheme": "javascript:alert(1) data:text/html,<script> vbscript:x file:///etc/passwd",
    "our-link": '<a href="https://git.example.com/c/'
    + "a" * 40
    + '#cl1-repo-0123456789ab">aaaaaaa</a>',
    "our-anchor": f"cl1-{'a' * 40}-repo-0123456789ab",
    "bidi": "user\u202e gnp.exe\u2066 x\u2069 \u200f\u061c\u200e end",
    "zero-width": "pass\u200bword\u2060 \ufeffx\u00ad \u200d\u200c y",
    "tags": "x\U000e0001\U000e0041\U000e007f y",
    "combining": "Z" + "\u0301\u0327\u0489" * 200 + " y",
    "homoglyphs": "\u0440\u0430\u0443\u0440\u0430l \uff1cscript\uff1e \u2039b\u203a",
    "astral": "\U0001f680 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U00020000",
    "not-characters": "x\ufffe\uffff\ufdd0\U0001ffff y",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei",
    "escape-title": f"{ESC}]0;owned{BEL} x",
    "escape-colour": f"{ESC}[31mred{ESC}[0m {CSI}2J {ESC}[2J{ESC}[H",
    "escape-link": f"{ESC}]8;;http://example.com{ESC}\\link{ESC}]8;;{ESC}\\",
    "escape-clipboard": f"{ESC}]52;c;cm0gLXJmIC8={BEL} {ESC}P1$r0m{ESC}\\ {ESC}c",
    "backspace": "safe\b\b\b\bevil\x7f\r overwritten",
    "carriage-return": "a commit\r::error::b",
    "github": "::error file=a::b",
    "github-inner": "x ::set-output name=a::b ::add-mask::c",
    "github-stop": "::stop-commands::token",
    "azure": "##vso[task.setvariable variable=PATH;isOutput=true]evil",
    "azure-log": "##[command]rm ##[group]x ##[error]y",
    "teamcity": "##teamcity[buildStatus status='SUCCESS']",
    "case": "##VSO[task.complete]x ##TeamCity[x]",
    "hidden-command": "#\u200b#vso[task.complete]x :\u200b:error::y #\x00#[error]",
    "many-hashes": "####[x] #####vso[y] ### [z]",
    "gitlab": "section_start:1:x\r\x1b[0Kx",
    "formula": '=HYPERLINK("http://example.com";"x")+cmd|\' /C calc\'!A0',
    "shell": "$(id) `id` ; rm -rf / | x && y > z 'a' \"b\" \\",
    "percent": "%s %n %x %(subject) %x00 %H {0} {subject} {id}",
    "github-token": f"rotate {GITHUB_TOKEN} now",
    "aws-key": f"key {AWS_KEY}.",
    "address-with-password": f"see https://deploy:{PASSWORD}@db.example.com/x for it",
    "hidden-token": f"use {GITHUB_TOKEN[:9]}\u200b{GITHUB_TOKEN[9:]} and {AWS_KEY[:7]}\u202e{AWS_KEY[7:]}",
}
"""One line each; used as subjects, bodies, names, e-mail addresses and paths."""

MESSAGES: Mapping[str, str | bytes] = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "only-controls": "\x01\x02\u202e\u200b",
    "latin-1": b"Caf\xe9 \xff\xfe\n\nBody \x80\x81.",
    "broken-utf-8": b"ok \xc3\x28 \xe2\x82 \xf0\x9f\x92 \xc0\xaf \xed\xa0\x80 x\n\nb\xff",
    "nul": b"before\x00after\n\nbody\x00more",
    "crlf": "a\r\n\r\nb\r\n::error::c\r\n",
    "lone-cr": "a\rb\r\rc\r::error::d",
    "command-lines": "a\n\nfirst\n::error::b\n  ::warning::c\n##[error]d\n\t##vso[x]y",
    "command-fence": "a\n\n```\n::error::b\n##teamcity[x]\n```\n",
    "fence-language": "a\n\n```<script>\"'&\nx\n```",
    "fence-open": "a\n\n````\n]]> </code> <br />",
    "deep-list": "a\n\n" + "".join(f"{'  ' * level}- x\n" for level in range(300)),
    "deep-quote": "a\n\n" + ">" * 3000 + " x",
    "deep-brackets": "a\n\n" + "[" * 5000 + "]" * 5000,
    "backticks": "a\n\n" + " ".join("`" * length for length in range(1, 300)),
    "long-list": "a\n\n" + "- x\n" * 5000,
    "long-word": "a\n\n" + "x" * 100_000,
    "long-line": "a\n\n" + "word <&> " * 20_000,
    "long-subject": "s" * 100_000 + "\n\nb",
    "long-subject-of-mark-up": "<b>&" * 25_000 + "\n\nb",
    "many-lines-subject": "line\n" * 20_000,
    "private-key": f"a\n\n{_PRIVATE_KEY}\n\nend",
    "private-key-open": f"a\n\n{_PRIVATE_KEY[:120]}",
    "all-secrets": (
        f"{GITHUB_TOKEN}\n\n{AWS_KEY} https://x:{PASSWORD}@h.example.com/\n\nToken: {GITHUB_TOKEN}"
    ),
    "trailers": "a\n\nb\n\nSigned-off-by: <script> <a@example.com>\nX: ]]>\n",
    "scissors": "a\n\nb\n# ------------------------ >8 ------------------------\nc",
    "commit-object": "a\n\ntree " + "0" * 40 + "\nparent x\nauthor y <z> 1 +0000\n",
    "log-record": "a\n\n" + "f" * 40 + "\x01\n:100644 100644 a b M\tx",
    "controls": "a\n\n"
    + "".join(map(chr, range(1, 32)))
    + "".join(map(chr, range(127, 160)))
    + "b",
}
"""Whole messages, as they are stored."""

NAMES: Mapping[str, bytes] = {
    "empty": b"",
    "invisible": "\u200b\u2060\u00a0".encode(),
    "long": b"N" * 20_000,
    "latin-1": b"Ren\xe9 \xff",
    "placeholder": b"%aN %x00 %(x)",
}
"""Of authors and committers, besides `TEXTS`."""

EMAILS: Mapping[str, bytes] = {
    "empty": b"",
    "mark-up": b'"><script>@example.com',
    "long": b"e" * 20_000 + b"@example.com",
    "token": GITHUB_TOKEN.encode() + b"@example.com",
}

PATHS: Mapping[str, bytes] = {
    "line-break": b"a\nM\tb",
    "option": b"--output=x",
    "quotes": b"a\"b'c\\d$(id)`x`",
    "broken-utf-8": b"caf\xe9\xff",
    "pathspec": b":(exclude)*",
    "id": b"f" * 40,
    "long": b"p" * 250,
    "secret": GITHUB_TOKEN.encode(),
    "blanks": b" \t ",
}
"""Of files, besides `TEXTS`; what Git itself allows in a tree, without a slash."""

ENCODINGS: Mapping[str, bytes] = {
    "utf-7": b"+AAo-x+ABs-[31m +Ac\n\n+ADw-b+AD4- +AAA- ::error::",
    "iso-2022-jp": b"\x1b$B\x25\x33\x1b(B x",
    "shift_jis": b"\x83\x52 \\ ~ <b>",
    "unknown\x1b[31m": b"x \xff",
    "../../etc/passwd": b"x",
    "utf-16": "x <b>\n\ny".encode("utf-16"),
}
"""What the header ``encoding`` says, and a message in it or not."""

REMOTES: Mapping[str, str] = {
    "password": f"https://deploy:{PASSWORD}@github.com/example/config.git",
    "password-with-slash": f"https://deploy:{PASSWORD}/x@github.com/example/config.git",
    "password-with-at": f"https://deploy:{PASSWORD}@x@git.example.com/example/config.git",
    "token": f"https://{GITHUB_TOKEN}@github.com/example/config",
    "token-in-query": f"https://github.com/example/config?access_token={PASSWORD}",
    "token-in-path": f"https://gitlab.com/example/{GITHUB_TOKEN}/config.git",
    "javascript": "javascript:alert(1)//github.com/example/config",
    "javascript-host": "javascript://github.com/%0aalert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "ext": "ext::sh -c touch% owned %S x",
    "file": "file:///etc/passwd",
    "option": "--upload-pack=touch owned",
    "mark-up": 'https://github.com/"><script>alert(1)</script>/x',
    "mark-up-encoded": "https://github.com/%22%3e%3cscript%3e/x%0a%1b[31m",
    "quotes": "https://github.com/a'b\"c/d e",
    "line-break": "https://github.com/example/config\n::error::x",
    "escape": "https://github.com/example/\x1b]0;x\x07config",
    "bidi": "https://github.com/example/\u202egifnoc",
    "fragment": "https://github.com/example/config#cl1-repo-0123456789ab",
    "id": f"https://github.com/example/{'a' * 40}.git",
    "braces": "https://github.com/{id}/{id}.git",
    "dots": "https://github.com/../../x/..",
    "long": "https://github.com/example/" + "x" * 50_000,
    "port": "https://github.com:99999999999/example/config",
    "ipv6": "https://[::1",
    "host": "https://github.com@evil.example.com/example/config",
    "scp": f"deploy:{PASSWORD}@github.com:example/config.git",
    "nul-encoded": "https://github.com/example/con%00fig",
}
"""Values of ``remote.origin.url``."""

ARGUMENTS: Mapping[str, str] = {
    "blank": " \t",
    "no-text": "x\udcff\udc9b31m",
    "digits": "9" * 5000,
    "other-digits": "\u0663\u00b2",
    "negative": "-1",
    "port": "65536",
    "option": "--output=x",
    "revision": "--upload-pack=touch owned",
    "dots": "../../../../etc/passwd",
    "folder": ".",
    "long": "x" * 100_000,
    "line-break": "a\n::error::b",
    "address": f"https://deploy:{PASSWORD}@127.0.0.1:9/x",
    "page-address": f"http://deploy:{PASSWORD}@127.0.0.1:9/pages/viewpage.action?pageId=1",
    "title": "OPS:\x1b[31m\u202e::error::x",
    "pair": f"{GITHUB_TOKEN}=\x1b[31m",
}
"""Arguments of commands, besides `TEXTS`; Python gives what is no UTF-8 as lone surrogates."""

BRANCHES: Mapping[str, bytes] = {
    "mark-up": b"<script>alert(1)</script>",
    "quotes": b"\"'&",
    "shell": b"$(touch${IFS}owned);`id`|x",
    "bidi": "\u202egifnoc\u2066".encode(),
    "zero-width": "a\u200bb\ufeff".encode(),
    "escape": "\x9b31m".encode(),
    "line-ends": "a\u2028b\x85c".encode(),
    "broken-utf-8": b"caf\xe9\xff",
    "option": b"-x--output=x",
    "placeholder": b"%s%00{id}%(subject)",
    "hashes": b"##vso##teamcity",
    "end": b"]]>",
    "secret": GITHUB_TOKEN.encode(),
    "long": b"b" * 200,
}
"""Names of branches that Git allows."""

HEADER = "<tr><th>Date</th><th>Who</th><th>What</th><th>Why</th></tr>"
HANDMADE = "<tr><td>1 May</td><td>Bo</td><td>Old</td><td>By hand</td></tr>"
LOG = f"<table><tbody>{HEADER}{HANDMADE}</tbody></table>"
OTHER = "<table><tbody><tr><th>Area</th></tr><tr><td>x</td></tr></tbody></table>"
_ID = "a" * 40
_LAUGH = "&l{};"
_LAUGHS = '<!ENTITY l0 "lol">' + "".join(
    f"<!ENTITY l{level} '{_LAUGH.format(level - 1) * 10}'>" for level in range(1, 10)
)


def _nested(opened: str, closed: str, depth: int, inside: str = "") -> str:
    return opened * depth + inside + closed * depth


def _log(*rows: str, header: str = HEADER) -> str:
    return f"<table><tbody>{header}{''.join(rows)}</tbody></table>"


REFUSED: Mapping[str, Callable[[], str]] = {
    "billion-laughs": lambda: f"<!DOCTYPE x [{_LAUGHS}]><p>&l9;</p>{LOG}",
    "internal-declarations": lambda: f"<p>x</p><!ENTITY a 'b'>{LOG}",
    "external-entity": lambda: (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e;</p>{LOG}'
    ),
    "external-dtd": lambda: f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{LOG}',
    "unknown-entity": lambda: f"<p>&secret;</p>{LOG}",
    "root-end": lambda: f"<p>x</p></storage><storage>{LOG}",
    "root-end-alone": lambda: f"{LOG}</storage>",
    "second-root": lambda: f"{LOG}</storage><storage><p>x</p>",
    "cdata-open": lambda: f"{LOG}<![CDATA[ x",
    "cdata-open-before": lambda: f"<![CDATA[ x {LOG}",
    "comment-open": lambda: f"<!-- {LOG}",
    "comment-dashes": lambda: f"<!-- a -- b -->{LOG}",
    "instruction-open": lambda: f"<?x {LOG}",
    "xml-declaration": lambda: f"<p>x</p><?xml version='1.0'?>{LOG}",
    "cdata-end": lambda: f"<p>]]></p>{LOG}",
    "bare-ampersand": lambda: f"<p>a & b</p>{LOG}",
    "bare-less": lambda: f"<p>a < b</p>{LOG}",
    "nul-reference": lambda: f"<p>&#0;</p>{LOG}",
    "control-reference": lambda: f"<p>&#27;[31m</p>{LOG}",
    "surrogate-reference": lambda: f"<p>&#xD800;</p>{LOG}",
    "huge-reference": lambda: f"<p>&#x{'F' * 5000};</p>{LOG}",
    "nul": lambda: f"<p>\x00</p>{LOG}",
    "escape": lambda: f"<p>\x1b[31m</p>{LOG}",
    "not-a-character": lambda: f"<p>\ufffe</p>{LOG}",
    "unknown-prefix": lambda: f"<evil:x />{LOG}",
    "relative-namespace": lambda: f'<p xmlns:x="relative"><x:y>w</x:y></p>{LOG}',
    "duplicate-attribute": lambda: f'<p class="a" class="b">x</p>{LOG}',
    "attribute-without-quotes": lambda: f"<p class=a>x</p>{LOG}",
    "less-in-attribute": lambda: f'<p class="<b>">x</p>{LOG}',
    "crossed": lambda: f"<b><i>x</b></i>{LOG}",
    "unclosed-paragraph": lambda: f"<p>{LOG}",
    "unclosed-table": lambda: LOG.removesuffix("</table>"),
    "unclosed-cell": lambda: _log("<tr><td>x</tr>"),
    "unclosed-break": lambda: f"<p>a<br>b</p>{LOG}",
    "upper-case-end": lambda: f"<p>x</P>{LOG}",
    "upper-case-table": lambda: LOG.replace("table", "TABLE"),
    "deep-divisions": lambda: _nested("<div>", "</div>", 10_000) + LOG,
    "deep-divisions-open": lambda: "<div>" * 10_000 + LOG,
    "deep-macros": lambda: (
        _nested('<ac:structured-macro ac:name="x">', "</ac:structured-macro>", 10_000) + LOG
    ),
    "deep-tables": lambda: _nested("<table><tr><td>", "</td></tr></table>", 10_000) + LOG,
    "tables-in-tables": lambda: _nested("<table><tr><td>", "</td></tr></table>", 150) + LOG,
    "deep-layouts": lambda: _nested("<ac:layout>", "</ac:layout>", 10_000, LOG),
    "open-links": lambda: _log("<tr><td>" + '<a href="x">' * 100_000 + "</td><td /></tr>"),
    "open-anchors": lambda: _log(
        "<tr><td>cl1-" + '<ac:structured-macro ac:name="anchor">' * 190 + "</td></tr>"
    ),
    "six-megabytes": lambda: f"<p>{'word ' * 1_200_000}</p>{LOG}",
    "forty-megabytes": lambda: f"<p>{'word ' * 8_000_000}</p>{LOG}",
    "two-logs": lambda: LOG + LOG,
    "hundred-thousand-logs": lambda: f"<table><tr>{'<th />' * 3}</tr></table>" * 100_000,
    "log-in-cdata": lambda: (
        '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
        f"<![CDATA[{LOG}]]></ac:plain-text-body></ac:structured-macro>"
    ),
    "log-in-comment": lambda: f"<!-- {LOG} --><p>x</p>",
    "log-in-cell": lambda: f"<table><tr><td>{LOG}</td></tr></table>",
    "log-in-other-namespace": lambda: LOG.replace("<table>", '<table xmlns="urn:x">'),
    "no-table": lambda: "<p>x</p>",
    "only-blanks": lambda: " \n ",
    "headers-twice": lambda: _log(header=HEADER.replace("Who", "Date")),
    "headers-only": lambda: f"<table><thead>{HEADER}</thead><tbody /></table>",
    "span-across": lambda: _log(header=HEADER.replace("<th>Who", '<th rowspan="65534">Who')),
    "span-of-nothing": lambda: _log(header=HEADER.replace("<th>Who", '<th rowspan="0">Who')),
    "hostile-headers": lambda: (
        "<table><tr><th>\u202e::error::##vso[x]</th>"
        f"<th>&lt;script&gt; {'x' * 100_000}</th></tr></table>"
    ),
    "wide-header": lambda: _log(
        header="<tr>" + '<th colspan="1000000">x</th>' * 100_000 + "</tr>",
    ),
}
"""Page bodies that `publish` does not write to."""

ACCEPTED: Mapping[str, Callable[[], str]] = {
    "log-in-macro": lambda: (
        '<ac:structured-macro ac:name="expand"><ac:rich-text-body>'
        f"{LOG}</ac:rich-text-body></ac:structured-macro>"
    ),
    "entities": lambda: f"<p>&nbsp;&copy;&Alpha;&amp;nbsp; &#8238;x</p>{LOG}",
    "bidi": lambda: f"<p>\u202e x \u2066 \ufeff</p>{LOG}",
    "cdata": lambda: (
        '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[</table></td><!-- '
        f"<table>{HEADER}]]]]><![CDATA[></ac:plain-text-body> ]]></ac:plain-text-body>"
        f"</ac:structured-macro>{LOG}"
    ),
    "ends-in-attributes": lambda: f'<p title="/> > ]]> --> /" class=\'a"b>\'>x</p>{LOG}',
    "tables-in-tables": lambda: (
        _nested("<table><tbody><tr><td>", "</td></tr></tbody></table>", 45) + LOG
    ),
    "tables-in-a-row": lambda: _log(
        f"<tr><td>{_nested('<table><tbody><tr><td>', '</td></tr></tbody></table>', 40)}</td></tr>"
    ),
    "deep-layout": lambda: (
        "<ac:layout><ac:layout-section><ac:layout-cell>"
        f"{LOG}</ac:layout-cell></ac:layout-section></ac:layout>"
    ),
    "no-body": lambda: f"<table><thead>{HEADER}</thead></table>",
    "hostile-looks": lambda: _log(
        HANDMADE.replace(
            "<tr>", '<tr onclick="x()" class="##[error]x \u202e ##vso[x]" id="r">'
        ).replace(
            "<td>",
            '<td style=\'text-align: "&#60;/td>";background: url(javascript:x)\' align="\u202e">',
            1,
        )
    ),
    "hundred-tables": lambda: OTHER * 100 + LOG,
    "three-megabytes": lambda: f"<p>{'word ' * 600_000}</p>{LOG}",
    "open-marks-in-text": lambda: f"<p>{'&lt;!-- &lt;a href=' * 20_000}</p>{LOG}",
    "wide-log": lambda: _log('<tr><td colspan="1000000">x</td></tr>'),
    "tall-rows": lambda: _log(
        '<tr><td rowspan="65534">x</td><td>x</td></tr>', *['<tr><td rowspan="3">x</td></tr>'] * 50
    ),
    "spans-everywhere": lambda: _log(
        *['<tr><td rowspan="65534" colspan="1000">x</td></tr>'] * 4000
    ),
    "spans-of-nonsense": lambda: _log(
        '<tr><td colspan="-1">x</td><td rowspan="-9">x</td><td colspan="9e9">x</td></tr>',
        f'<tr><td colspan="{"9" * 5000}">x</td><td rowspan="&#49;">x</td></tr>',
    ),
    "empty-cells": lambda: _log("<tr />", "<tr></tr>", "<tr><td /><td/></tr>"),
    "handmade-look-alikes": lambda: _log(
        f"<tr><td>{_ID} cl1-{_ID}-repo-0123456789ab</td><td>x</td><td>x</td><td>x</td></tr>",
        f'<tr><td><a href="https://x/{_ID}#cl1-repo-0123456789ab">12 May</a></td></tr>',
        f'<tr><td>x</td><td><a href="https://x/{_ID}#cl1-repo-0123456789ab">aaaaaaa</a></td></tr>',
    ),
    "identity-of-another": lambda: _log(
        f'<tr><td><a href="javascript:{_ID}#cl1-repo-0123456789ab">aaaaaaa</a></td></tr>',
        f'<tr><td><a href="x/{_ID}#cl1-{"r" * 5000}-0123456789ab">aaaaaaa</a></td></tr>',
    ),
    "identities-twice": lambda: _log(
        *[f'<tr><td><a href="x/{_ID}#cl1-repo-0123456789ab">aaaaaaa</a></td></tr>'] * 3
    ),
    "anchors": lambda: _log(
        '<tr><td><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">'
        f"cl1-{_ID}-repo-0123456789ab</ac:parameter></ac:structured-macro></td></tr>"
    ),
    "colon-names": lambda: f'<ac:a.b-c_d ac:x="1" /><ri:x.y />{LOG}',
    "script": lambda: f"<script>x</script><style>y</style>{LOG}",
    "own-prefix": lambda: f'<p xmlns:x="urn:x"><x:y x:z="1">w</x:y></p>{LOG}',
}
"""Page bodies that get the row, and nothing else."""

HEAVY = frozenset(
    (
        *("three-megabytes", "six-megabytes", "forty-megabytes", "hundred-thousand-logs"),
        *("wide-header", "open-links", "spans-everywhere"),
    )
)
"""Pages that are run in a process of their own, so that a time limit can end it."""
