"""Secrets that a text shows by their known shape: private keys, tokens, passwords in addresses.

Only shapes that their issuers chose to be recognised by; nothing is guessed from entropy, so
digests, Git's ids, public keys and certificates pass. Expressions are compiled when their hint
is in the text, because the commit hook loads this module.
"""

import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

REMOVED = "[removed]"
"""What stands in the place of a secret."""


class _Shape(NamedTuple):
    """What one kind of secret looks like; only the group ``s``, where there is one, is secret."""

    name: str
    hints: str
    """Lower-case words; without one of them in the text the expression is not tried."""
    pattern: str
    is_secret: Callable[[str], bool]


class _Found(NamedTuple):
    start: int
    end: int
    name: str


_MIXED = r"[0-9]|[a-z][A-Z]"
_SPEAKING = r"(?i)example|redacted|removed|placeholder|change-?me|your|dummy|x{4}|\*{3}|\.{3}"
_VARIABLE = r"""(?ix)\$[A-Za-z_]\w* | \$\{[^}]*\} | \$\([^)]*\) | \$[0-9@*]   # shells
    | \{.*\} | <.*> | \[.*\] | %[sdr] | %\(\w+\)s | %\w+% | @\w+@  # templates
    | (?:[A-Z][A-Z0-9]*_)*(?:PASS|PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY|CREDENTIALS)
    | (?:my|the|db|user)?[-_]?(?:pass|password|passwd|passphrase|pwd|pw|secret|token|key)
    | [x*.•…_-]+ | hidden | masked | foo | bar | baz"""


def redact(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace the secrets of known shape in `text` by ``[removed]``.

    Returns the text and the names of what was found (``a GitHub token``), in the order of the
    text and without repetition. Placeholders stay: ``<password>``, ``$PASS``, ``ghp_xxxx…``,
    what says that it is an example. A secret is found on one line; only key blocks span several,
    and one without its end is replaced to the end of the text. Invisible characters inside a
    secret hide it: clean the text first. Takes time linear in the length of the text.
    """
    out: list[str] = []
    names: list[str] = []
    end = 0
    for found in sorted(_find(text), key=lambda found: found.start):
        if found.start >= end:
            out += [text[end : found.start], REMOVED]
            names.append(found.name)
        end = max(end, found.end)
    return "".join([*out, text[end:]]), tuple(dict.fromkeys(names))


def _find(text: str) -> Iterator[_Found]:
    lowered = text.lower()
    for shape in _SHAPES:
        if any(hint in lowered for hint in shape.hints.split()):
            for match in re.finditer(shape.pattern, text, re.ASCII):
                group = "s" if "s" in match.groupdict() else 0
                if shape.is_secret(match[group]):
                    yield _Found(*match.span(group), shape.name)


def _is_real(token: str) -> bool:
    """Whether a token is no placeholder: a word that says so, one or two repeated characters."""
    return len(set(token[-16:])) > 2 and not re.search(_SPEAKING, token[:64])


def _is_random(token: str) -> bool:
    """Whether a token whose shape is loose is no name either, such as ``glrt-the-new-runner``."""
    return _is_real(token) and bool(re.search(_MIXED, token))


def _is_password(value: str) -> bool:
    is_masked = len(value) > 3 and len(set(value)) == 1
    return not (is_masked or re.fullmatch(_VARIABLE, value) or re.search(_SPEAKING, value))


def _is_basic(value: str) -> bool:
    """Whether it is the base64 of ``user:password``, not a word of a sentence."""
    try:
        _, colon, password = binascii.a2b_base64(value, strict_mode=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    return bool(colon) and _is_password(password.decode("utf-8", "replace"))


def _is_discord(token: str) -> bool:
    """Whether the first part is the base64 of a decimal user id, as in all of Discord's."""
    import base64  # no message but a suspicious one pays for it

    first = token.partition(".")[0]
    try:
        return base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


def _always(_: str) -> bool:
    return True


def _word(name: str, hints: str, body: str, is_secret: Callable[[str], bool] = _is_real) -> _Shape:
    """Shape of a token between characters that no token has."""
    return _Shape(name, hints, rf"(?<![A-Za-z0-9_])(?:{body})(?![A-Za-z0-9_])", is_secret)


def _dashed(
    name: str, hints: str, body: str, is_secret: Callable[[str], bool] = _is_real
) -> _Shape:
    """Shape of a token that may hold hyphens; the look-behind also keeps the search linear."""
    return _Shape(name, hints, rf"(?<![A-Za-z0-9_-])(?:{body})(?![A-Za-z0-9_-])", is_secret)


_KEY_BLOCK = (
    r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
    # White space, quotation, escaped line ends and headers before the key's own characters:
    # without those it is a sentence about keys.
    r"""(?:[\s>"'|,+*-]++|\\[nrt]|[A-Za-z][A-Za-z-]{1,30}: [^\n\\]{0,100}(?:\n|\\n)){0,12}+"""
    r"[A-Za-z0-9+/=]{20}[\s\S]*?"
    r"(?:-{4,5} ?END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}|\Z)"
)
_PUTTY = r"Private-Lines: [0-9]{1,4}\n(?P<s>[A-Za-z0-9+/=]{20}(?:[A-Za-z0-9+/=]*(?:\n|\Z))++)"
_HEADER = r"""(?i:authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:%s)[ \t]{1,4})"""
_IN_ADDRESS = (
    r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:/{1,2}"  # one where it was taken for a path
    r"""[^\s:@/?#\[\]"'<>]{0,128}:(?P<s>[^\s/?#"'<>]{1,256})@(?!sha[0-9]+:)(?=\S)"""
)
_JWT = r"(?:ghs_[0-9]{1,12}_)?eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]{16,}+"

_SHAPES = (
    _Shape("a private key", "begin", _KEY_BLOCK, _always),
    _Shape("a private key", "private-lines:", _PUTTY, _always),
    _word("an age secret key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _word("an AWS access key id", "akia asia", r"A(?:KI|SI)A[A-Z0-9]{16}"),
    _Shape(
        "an AWS secret access key",
        "secretaccesskey secret_access_key",
        r"""(?i:secret_?access_?key)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?"""
        r"(?P<s>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        _is_real,
    ),
    _word("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36,}+"),
    _word("a GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    _dashed(
        "a GitLab token",
        "gl gr1348941",
        r"(?:gl(?:agent|cbt|dt|ffct|ft|imt|oas|pat|ptt|rtr?|soat)-|GR1348941)"
        r"[\w-]{20,}+(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?",
        _is_random,
    ),
    _dashed("a Slack token", "xox", r"xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}+", _is_random),
    _dashed("a Slack token", "xapp-", r"xapp-[0-9]-[A-Z0-9]{8,}+-[0-9]{8,}+-[0-9a-f]{32,}+"),
    _Shape(
        "a Slack hook address",
        "hooks.slack",
        r"hooks\.slack(?:-gov)?\.com/(?:services|triggers|workflows)/(?P<s>[A-Za-z0-9_/-]{20,}+)",
        _is_random,
    ),
    _Shape(
        "a Discord hook address",
        "/webhooks/",
        r"discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/(?P<s>[0-9]{17,20}/[\w-]{60,}+)",
        _is_real,
    ),
    _Shape(
        "a Teams hook address",
        "webhook.office.com/",
        r"webhook\.office\.com/webhookb2/(?P<s>[0-9a-f-]{36}@[\w/-]{60,}+)",
        _is_real,
    ),
    _dashed("a Google API key", "aiza", r"AIza[\w-]{35}"),
    _dashed("a Google OAuth token", "ya29.", r"ya29\.[\w-]{20,}+", _is_random),
    _dashed("a Google OAuth secret", "gocspx-", r"GOCSPX-[\w-]{28}"),
    _word("a Stripe key", "_live_", r"[rs]k_live_[A-Za-z0-9]{16,}+"),
    _word("an npm token", "npm_", r"npm_[A-Za-z0-9]{36}", _is_random),
    _dashed("a PyPI token", "pypi-age", r"pypi-AgE[\w-]{50,}+"),
    _dashed("an Atlassian token", "atatt3 atctt3", r"AT[AC]TT3[\w=-]{40,}+"),
    _word("a Bitbucket token", "atbb", r"ATBB[A-Za-z0-9]{32}"),
    _Shape("an Azure storage key", "accountkey=", r"AccountKey=(?P<s>[\w+/]{86}==)", _is_real),
    _Shape("an Azure access key", "accesskey=", r"AccessKey=(?P<s>[\w+/]{43}=)", _is_real),
    _Shape("an Azure signature", "sig=", r"[?&;]sig=(?P<s>[A-Za-z0-9%]{43,80}%3D)", _is_real),
    _dashed("an Azure client secret", "q~", r"[\w~.]{3}[0-9]Q~[\w~.-]{30,33}[\w~-]"),
    _word("an Azure DevOps token", "azdo", r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"),
    _dashed("a SendGrid key", "sg.", r"SG\.[\w-]{22}\.[\w-]{43}"),
    _word("a DigitalOcean token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    _word("a Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{30,40}", _is_random),
    _dashed("an Anthropic key", "sk-ant-", r"sk-ant-[a-z]{2,10}[0-9]{2}-[\w-]{40,}+"),
    _dashed(
        "an OpenAI key",
        "sk-",
        r"sk-(?:(?:proj|svcacct|admin)-[\w-]{40,}+|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"
        r"|[A-Za-z0-9]{48})",
        _is_random,
    ),
    _dashed("a Vault token", "hvs. hvb. hvr.", r"hv[bsr]\.[\w-]{24,}+", _is_random),
    _dashed("a Docker token", "dckr_", r"dckr_[op]at_[\w-]{27,}+"),
    _dashed("a Terraform token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}+"),
    _Shape("a Telegram token", ":aa", r"(?<![0-9])[0-9]{8,10}:AA[\w-]{33}(?![\w-])", _is_real),
    _dashed("a Discord token", ".", r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}", _is_discord),
    _dashed("a Square token", "eaaa sq0", r"EAAA[\w-]{60}|sq0(?:atp|csp|idp)-[\w-]{22,43}"),
    _word("a Shopify token", "shp", r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),
    _word("a Linear token", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{40,}+"),
    _word("a Databricks token", "dapi", r"dapi[0-9a-f]{32}(?:-[0-9])?"),
    _word("a New Relic key", "nrak-", r"NRAK-[A-Z0-9]{27}"),
    _word("a Grafana token", "glsa_", r"glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}"),
    _word("a Grafana token", "glc_", r"glc_eyJ[A-Za-z0-9+/=]{30,}+"),
    _dashed("a Doppler token", "dp.", r"dp\.[a-z]{2,5}\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}"),
    _word("a SonarQube token", "squ_ sqp_ sqa_", r"sq[apu]_[0-9a-f]{40}"),
    _dashed("a JSON Web Token", "eyj", _JWT),
    _Shape(
        "a token in an Authorization header",
        "authorization",
        _HEADER % "bearer|token" + r"(?P<s>[A-Za-z0-9._~+/=-]{16,}+)",
        _is_random,
    ),
    _Shape(
        "a password in an Authorization header",
        "authorization",
        _HEADER % "basic" + r"(?P<s>[A-Za-z0-9+/]{4,}+={0,2})",
        _is_basic,
    ),
    _Shape("a password in an address", ":/", _IN_ADDRESS, _is_password),
)
