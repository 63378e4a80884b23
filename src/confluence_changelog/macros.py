"""Confluence's macros and mentions as storage format. Pure; nothing that is passed in is trusted.

Sources: Atlassian, "Confluence Storage Format" and the documentation of each macro.
"""

import re
from typing import Literal

from confluence_changelog.text import attribute, escape, inline

_LANGUAGES = {
    **{name: name for name in ("bash", "cpp", "css", "delphi", "diff", "erlang", "groovy", "java")},
    **{name: name for name in ("javascript", "perl", "php", "powershell", "python", "ruby")},
    **{name: name for name in ("scala", "sql", "vb", "xml", "yml")},
    **dict.fromkeys(("sh", "shell", "zsh", "console"), "bash"),
    **dict.fromkeys(("c", "c++", "h", "hpp"), "cpp"),
    **dict.fromkeys(("js", "json"), "javascript"),
    **dict.fromkeys(("ps", "ps1", "pwsh"), "powershell"),
    "html": "xml",
    "patch": "diff",
    "py": "python",
    "rb": "ruby",
    "yaml": "yml",
}
"""What people write after a fence to the languages that every Confluence's code macro knows."""

_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)


def code(text: str, language: str = "") -> str:
    """Return a code macro, with a language where Confluence knows it."""
    known = _LANGUAGES.get(language.lower())
    parameters = _parameter("language", known) if known else ""
    return _macro("code", f"{parameters}<ac:plain-text-body>{cdata(text)}</ac:plain-text-body>")


def expand(title: str, content: str) -> str:
    """Return an expand macro around blocks. In a table cell only Data Center takes one."""
    body = f"<ac:rich-text-body>{content}</ac:rich-text-body>"
    return _macro("expand", _parameter("title", title) + body)


def jira(key: str, server: str = "") -> str:
    """Return the Jira macro for one issue; it stands in a paragraph."""
    named = _parameter("server", server) if server else ""
    return _macro("jira", named + _parameter("key", key))


def mention(kind: Literal["userkey", "account-id"], user: str) -> str:
    """Return a mention of a user; it stands in a paragraph."""
    return f'<ac:link><ri:user ri:{kind}="{attribute(escape(user))}" /></ac:link>'


def cdata(text: str) -> str:
    """Return text as CDATA, split where it holds CDATA's own end."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def parts(storage: str) -> list[str]:
    """Return storage format cut in two kinds of parts by turns: mark-up, and one CDATA section."""
    return _CDATA.split(storage) if "<![CDATA[" in storage else [storage]


def _macro(name: str, content: str) -> str:
    return (
        f'<ac:structured-macro ac:name="{name}" ac:schema-version="1">{content}'
        "</ac:structured-macro>"
    )


def _parameter(name: str, value: str) -> str:
    return f'<ac:parameter ac:name="{name}">{inline(value)}</ac:parameter>'
