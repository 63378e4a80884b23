import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.redact import _SHAPES, redact
from confluence_changelog.text import clean

# Secrets are put together from pieces, so that scanners of this repository find none.
A36 = "a1B2" * 9
HEX32 = "0a1b2c3d" * 4
HEX64 = HEX32 * 2
LONG = "a1B2-c3D4_" * 20
B64 = "MIIEpAIBAAKCAQEA" + "x1Y2z3+/" * 6
JWT_BODY = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "a1B2c3D4" * 5


def key_block(kind: str, *, eol: str = "\n", end: bool = True) -> str:
    lines = ["-----BEGIN " + kind + "-----", *[B64] * 3]
    return eol.join([*lines, "-----END " + kind + "-----"] if end else lines)


TOKENS = [
    ("an age secret key", "AGE-SECRET-KEY-1" + "QPZRY9X8GF" * 5 + "2TVDW0S3"),
    ("an AWS access key id", "AKIA" + "Q3EGRXYZ" * 2),
    ("an AWS access key id", "ASIA" + "QWERTZUIOPASDFGH"),
    *[("a GitHub token", "gh" + kind + "_" + A36) for kind in "pousr"],
    (
        "a GitHub token",
        "github" + "_pat_" + "a1B2c3D4e5F" * 2 + "_" + "a1B2c3D4e5" * 5 + "a1B2c3D4e",
    ),
    *[("a GitLab token", kind + "-" + "a1B2c3D4e5" * 2) for kind in ("glpat", "gldt", "glrt")],
    ("a GitLab token", "glptt" + "-" + HEX32 + "0a1b2c3d"),
    ("a GitLab token", "glpat" + "-" + LONG[:27] + ".01." + "0a1b2c3d4"),
    ("a GitLab token", "GR" + "1348941" + "a1B2c3D4e5" * 2),
    ("a Slack token", "xoxb" + "-123456789012-123456789012-" + "a1B2c3D4" * 3),
    ("a Slack token", "xapp" + "-1-A0123456789-1234567890123-" + HEX64),
    ("a Google API key", "AIza" + "Sy" + "a1B-c3D_e5F" * 3),
    ("a Google OAuth token", "ya29" + "." + LONG),
    ("a Google OAuth secret", "GOCSPX" + "-" + LONG[:28]),
    ("a Stripe key", "sk" + "_live_" + "a1B2c3D4" * 3),
    ("a Stripe key", "rk" + "_live_" + "a1B2c3D4" * 3),
    ("an npm token", "npm" + "_" + A36),
    ("a PyPI token", "pypi-" + "AgEIcHlwaS5vcmc" + LONG),
    ("an Atlassian token", "ATATT" + "3xFfGF0" + LONG + "=0A1B2C3D"),
    ("an Atlassian token", "ATCTT" + "3xFfGF0" + LONG + "=0A1B2C3D"),
    ("a Bitbucket token", "AT" + "BB" + HEX32),
    ("an Azure client secret", "aB3" + "8Q~" + "a1B2c3D4" * 4),
    ("an Azure DevOps token", "a1B2" * 19 + "AZDO" + "a1B2"),
    ("a SendGrid key", "SG." + LONG[:22] + "." + LONG[:43]),
    ("a DigitalOcean token", "dop" + "_v1_" + HEX64),
    ("a Hugging Face token", "hf" + "_" + "a1B2c3D4e5F6g7H8i9" + "J0k1L2m3N4o5P6q7"),
    ("an OpenAI key", "sk" + "-proj-" + LONG),
    ("an OpenAI key", "sk" + "-" + "a1B2" * 12),
    ("an Anthropic key", "sk" + "-ant-api03-" + LONG),
    ("a Vault token", "hvs" + "." + "CAESIJ" + LONG),
    ("a Docker token", "dckr" + "_pat_" + LONG[:27]),
    ("a Terraform token", "a1B2c3D4e5F6g7" + ".atlasv1." + LONG[:67]),
    ("a Telegram token", "123456789" + ":AA" + LONG[:33]),
    ("a Discord token", "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".a1B2c3." + LONG[:38]),
    ("a Square token", "sq0" + "atp-" + LONG[:22]),
    ("a Square token", "EAAA" + LONG[:60]),
    ("a Shopify token", "shp" + "at_" + HEX32),
    ("a Linear token", "lin" + "_api_" + "a1B2c3D4" * 5),
    ("a Databricks token", "dapi" + HEX32),
    ("a New Relic key", "NRAK" + "-" + "A1B2C3D4E" * 3),
    ("a Grafana token", "glsa" + "_" + "a1B2" * 8 + "_" + "0a1b2c3d"),
    ("a Grafana token", "glc" + "_" + "eyJvIjoi" + "a1B2" * 8),
    ("a Doppler token", "dp.pt." + "a1B2" * 10),
    ("a SonarQube token", "squ" + "_" + HEX32 + "0a1b2c3d"),
    ("a JSON Web Token", JWT_BODY),
    ("a JSON Web Token", "ghs" + "_123456_" + JWT_BODY),
    ("a private key", key_block("RSA PRIVATE KEY")),
    ("a private key", key_block("OPENSSH PRIVATE KEY")),
    ("a private key", key_block("PGP PRIVATE KEY BLOCK").replace(B64, "Version: 1\n\n" + B64, 1)),
    ("a private key", key_block("PRIVATE KEY", eol="\\n")),
    ("a private key", key_block("EC PRIVATE KEY", eol="\n    ")),
    ("a private key", key_block("EC PRIVATE KEY", eol="\n> ")),
]


@pytest.mark.parametrize(("name", "secret"), TOKENS, ids=lambda value: value[:24])
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("see ", "."), ("x='", "'"), ("漢", "字"), ("a\n", "\nb"), ("(", ")")]
)  # fmt: skip
def test_a_secret_of_known_shape_is_removed(
    name: str, secret: str, before: str, after: str
) -> None:
    assert redact(before + secret + after) == (f"{before}[removed]{after}", (name,))


PARTS = [
    ("a password in an address", "https://ada:", "hunter2", "@example.com/x"),
    ("a password in an address", "redis://:", "hunter2", "@example.com:6379/0"),
    ("a password in an address", "postgres://ada:", "p@ss:w0rd%40", "@[::1]/x"),
    ("a password in an address", "https://ada:", "%40dmin", "@example.com"),
    ("a GitHub token", "https://x-access-token:", "ghs_" + A36, "@example.com/a/b.git"),
    ("a token in an Authorization header", "Authorization: Bearer ", "a1B2c3D4" * 3, ""),
    ("a token in an Authorization header", '"authorization": "token ', HEX32, '"'),
    ("a JSON Web Token", "Authorization: Bearer ", JWT_BODY, "\n"),
    ("a password in an Authorization header", "Proxy-Authorization: Basic ",
     base64.b64encode(b"ada:hunter2").decode(), ""),
    ("an AWS secret access key", "aws_secret_access_key = ", "a1B2/c3D4+" * 4, ""),
    ("an AWS secret access key", '"SecretAccessKey": "', "a1B2/c3D4+" * 4, '"'),
    ("an Azure storage key", "AccountName=x;AccountKey=", "a1B2/c3D4+" * 8 + "a1B2c3==", ";"),
    ("an Azure access key", "SharedAccessKey=", "a1B2/c3D4+" * 4 + "a1B=", ""),
    ("an Azure signature", "https://example.com/x?sv=2024&sig=", "a1B2c3D4" * 6 + "%3D", "&x"),
    ("a Slack hook address", "https://hooks.slack.com/services/",
     "T01234567/B01234567/" + "a1B2c3D4" * 3, " x"),
    ("a Discord hook address", "https://discord.com/api/webhooks/", "1234567890" * 2 + "/" + LONG, ""),
    ("a Teams hook address", "https://example.webhook.office.com/webhookb2/",
     "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f@" + LONG, ""),
    ("a private key", "Private-Lines: 2\n", (B64 + "\n") * 2, "Private-MAC: x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "secret", "after"), PARTS)
def test_only_the_secret_part_is_removed(name: str, before: str, secret: str, after: str) -> None:
    assert redact(before + secret + after) == (f"{before}[removed]{after}", (name,))


@pytest.mark.parametrize(
    "text",
    [
        "https://user:<password>@example.com",
        "https://user:***@example.com https://user:xxxxxxxx@example.com",
        "https://user:$PASS@example.com https://user:${PASS}@example.com https://u:$(pw)@example.com",
        "https://user:{{ password }}@example.com https://user:{password}@example.com",
        "https://user:%s@example.com https://user:%(password)s@example.com https://u:%PW%@example.com",
        "https://user:password@example.com https://user:DB_PASSWORD@example.com",
        "https://user:REDACTED@example.com https://user:changeme@example.com",
        "https://user:[removed]@example.com",
        "https://user@example.com:8080/a:b@c ssh://git@example.com:22/x",
        "https://example.com:8080/@scope/package https://example.com/a?b=c:d@e",
        "docker://nginx:1.25@sha256:" + HEX64,
        "http://[::1]:8080/x@y",
        "mail ada@example.com, see https://example.com: ask @ada",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_" + "x" * 36,
        "ghp_" + "0" * 36,
        "glrt-deployment-of-the-new-runner and glft-something-else-entirely-new",
        "xoxb-your-token-goes-here-please xoxb-not-a-real-token-at-all",
        "https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24,
        "Authorization: Basic authentication is off; Authorization: Bearer authentication",
        "Authorization: Bearer internationalisation",
        "Authorization: Basic " + base64.b64encode(b"user:password").decode(),
        "Authorization: Bearer $TOKEN",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709 d41d8cd98f00b204e9800998ecf8427e",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "SHA256:" + "a1B2c3D4e5F" * 4 + " MD5:d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "a1B2" * 10 + " ada@example.com",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB" + "a1B2" * 90 + "==",
        key_block("CERTIFICATE"),
        key_block("PUBLIC KEY"),
        key_block("PGP PUBLIC KEY BLOCK"),
        "Refuse files with -----BEGIN RSA PRIVATE KEY----- in them, and say which they are.",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "0123abcd-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
        "npm_config_registry npm_package_version_of_the_whole_tree",
        "task-" + "a1B2" * 12,
        "password = hunter2",
        "I" + "0a1b2c3d" * 5,
        "Asia/Tokyo, base64:QUtJQQ==, disk-usage",
    ],
)  # fmt: skip
def test_placeholders_digests_and_public_keys_pass(text: str) -> None:
    assert redact(text) == (text, ())


def test_a_key_block_without_its_end_is_removed_to_the_end_of_the_text() -> None:
    text = "Rotate:\n" + key_block("RSA PRIVATE KEY", end=False) + "\nmore"
    assert redact(text) == ("Rotate:\n[removed]", ("a private key",))


def test_what_follows_a_key_block_stays() -> None:
    text = "a\n\n" + key_block("PRIVATE KEY") + "\n\nb\n" + key_block("PRIVATE KEY") + "\nc"
    assert redact(text) == ("a\n\n[removed]\n\nb\n[removed]\nc", ("a private key",))


def test_names_are_in_the_order_of_the_text_and_without_repetition() -> None:
    github, aws = "ghp_" + A36, "AKIA" + "Q3EGRXYZ" * 2
    text, names = redact(f"{aws} {github} {aws} https://a:hunter2@example.com")
    assert text == "[removed] [removed] [removed] https://a:[removed]@example.com"
    assert names == ("an AWS access key id", "a GitHub token", "a password in an address")


@pytest.mark.parametrize("invisible", ["\x00", "\x1b", "\u200b", "\u202e", "\ufeff", "\u2060"])
def test_a_secret_with_an_invisible_character_inside_is_found_in_cleaned_text(
    invisible: str,
) -> None:
    secret = "ghp_" + A36
    assert redact(clean(secret[:20] + invisible + secret[20:])) == (
        "[removed]",
        ("a GitHub token",),
    )


def test_every_shape_has_an_example() -> None:
    shown = {name for name, *_ in [*TOKENS, *PARTS]}
    assert {shape.name for shape in _SHAPES} <= shown


@given(st.text(st.characters()))
def test_any_text_without_findings_stays_as_it_is(text: str) -> None:
    result, names = redact(text)
    assert (result == text) == (not names)


@given(
    st.lists(st.one_of(st.sampled_from([secret for _, secret in TOKENS]), st.text()), max_size=5)
)
def test_redacting_again_finds_nothing(parts: list[str]) -> None:
    once, _ = redact(" ".join(parts))
    assert redact(once) == (once, ())


HOSTILE = [
    *sorted({hint for shape in _SHAPES for hint in shape.hints.split()}),
    *("AKIA", "ATATT3", "ATBB", "AIza", "SG.", "GOCSPX-", "NRAK-", "AGE-SECRET-KEY-1", "AZDO", "MTI."),
    *("AccountKey=", "AccessKey=", "1:AA", "1:AA-", "discord.com/api/webhooks/1", "LS0tLS1", "a1B2"),
    *("a", "A", "0", "-", "a-", "a.", " ", "=", "eyJ", "-eyJ", "eyJaaaaaaaa.", "a://", "a://b:", "@"),
    *("a://b:c@", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n"),
    *("-----BEGIN PRIVATE KEY-----" + "a" * 20, "Private-Lines: 1\n", "A: b\n", "Authorization: "),
    *("SecretAccessKey = ", "sig=a", "glpat-", "GLPAT-", "xoxb-1", "aQ~", "EAAA-"),
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE, ids=lambda unit: repr(unit[:24]))
def test_a_megabyte_of_hostile_text_is_read_in_linear_time(unit: str) -> None:
    """Quadratic time would take hours here, so the end of the test is its proof."""
    text = unit * (1_000_000 // len(unit))
    result, names = redact(text)
    assert (result == text) == (not names)
