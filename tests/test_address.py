"""What people give as a page: every form of address that a browser shows."""

from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.confluence.address import (
    PageAddress,
    base_of,
    page_of_short_link,
    parse,
)
from confluence_changelog.errors import UsageError

DC = "https://wiki.example.com"
CLOUD = "https://example.atlassian.net/wiki"
BY_ID = (
    "/pages/viewpage.action?pageId=65538",
    "/pages/viewpage.action?spaceKey=OPS&title=Other&pageId=65538&focusedCommentId=7#comment-7",
    "/pages/viewinfo.action?pageId=65538",
    "/pages/viewpreviousversions.action?pageId=65538",
    "/pages/diffpagesbyversion.action?pageId=65538&selectedPageVersions=1",
    "/pages/editpage.action?pageId=65538",
    "/pages/resumedraft.action?draftId=65538&draftShareId=0c2f6a1e-7d55-4b0e-9a3c-5a0d5b0c1a57",
    "/spaces/OPS/pages/resumedraft.action?draftId=65538",
    "/spaces/OPS/pages/65538",
    "/spaces/OPS/pages/65538/",
    "/spaces/OPS/pages/65538/Change+Log",
    "/spaces/OPS/pages/65538/Change+Log?atlOrigin=eyJpIjoi#Log",
    "/spaces/OPS/pages/edit-v2/65538",
    "/spaces/OPS/pages/edit-v2/65538?draftShareId=1",
    "/spaces/~712020abc/pages/65538/%C3%84nderungen",
    "/spaces/pages/pages/65538/pages",
    "/spaces/OPS/history/65538",
    "/spaces/OPS/blog/2026/01/05/65538/News",
    "/spaces/OPS/overview?homepageId=65538",
    "/spaces/flyingpdf/pdfpageexport.action?pageId=65538",
    "/plugins/viewsource/viewpagesrc.action?pageId=65538",
    "/rest/api/content/65538?expand=body.storage",
    "/api/v2/pages/65538",
    "/x/AgAB",
)


@pytest.mark.parametrize("path", BY_ID)
@pytest.mark.parametrize(
    "base",
    [DC, f"{DC}/confluence", f"{DC}:8443/a/b", CLOUD, "http://127.0.0.1:8090"],
)
def test_an_address_with_an_id(base: str, path: str) -> None:
    assert parse(base + path) == PageAddress(base, id="65538")


@pytest.mark.parametrize(
    ("path", "space", "title"),
    [
        ("/display/OPS/Change+Log", "OPS", "Change Log"),
        ("/display/OPS/Change%20Log/", "OPS", "Change Log"),
        ("/display/OPS/C%2B%2B+%26+more", "OPS", "C++ & more"),
        ("/display/OPS/a/b", "OPS", "a/b"),
        ("/display/OPS/a%2Fb%3Fc", "OPS", "a/b?c"),
        ("/display/OPS/x/AgAB", "OPS", "x/AgAB"),
        ("/display/OPS/100%25", "OPS", "100%"),
        ("/display/OPS/%C3%84nderungen", "OPS", "Änderungen"),
        ("/display/OPS/Änderungen", "OPS", "Änderungen"),
        ("/display/OPS/2026", "OPS", "2026"),
        ("/display/~ada/Home#Log", "~ada", "Home"),
        ("/display/%7Eada/Home?x=1", "~ada", "Home"),
        ("/display/display/pages", "display", "pages"),
        ("/pages/viewpage.action?spaceKey=OPS&title=Change+Log%3F", "OPS", "Change Log?"),
    ],
)
@pytest.mark.parametrize("base", [DC, f"{DC}/confluence", CLOUD])
def test_an_address_with_a_title(base: str, path: str, space: str, title: str) -> None:
    assert parse(base + path) == PageAddress(base, space=space, title=title)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (" 65538\n", PageAddress(id="65538")),
        ("OPS:Change Log", PageAddress(space="OPS", title="Change Log")),
        ("OPS: Change Log ", PageAddress(space="OPS", title="Change Log")),
        ("OPS:C++ 50% a/b: c", PageAddress(space="OPS", title="C++ 50% a/b: c")),
        ("~ada.b@example.com:Log", PageAddress(space="~ada.b@example.com", title="Log")),
        ("HTTPS://Wiki.Example.com/x/AgAB", PageAddress("https://Wiki.Example.com", id="65538")),
    ],
)
def test_what_is_no_address(text: str, page: PageAddress) -> None:
    assert parse(text) == page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no page"),
        ("Home", "names no page"),
        ("-1", "names no page"),
        ("12345678901234567890", "names no page"),
        ("\u0661\u0662", "names no page"),
        ("wiki.example.com/display/OPS/Log", "names no page"),
        (DC, "names no page"),
        (f"{DC}/dashboard.action", "names no page"),
        (f"{DC}/pages/viewpage.action?pageId=x", "names no page"),
        (f"{DC}/pages/viewpage.action?pageId=", "names no page"),
        (f"{DC}/x/A", "names no page"),
        (f"{DC}/x/__________8", "names no page"),
        (f"{DC}/display/OPS", "names no page but a space"),
        (f"{DC}/display/OPS/", "names no page but a space"),
        (f"{CLOUD}/spaces/OPS", "names no page but a space"),
        (f"{CLOUD}/spaces/OPS/overview", "names no page but a space"),
        (f"{CLOUD}/spaces/OPS/folder/65538", "names no page but a folder"),
        ("https://[::1/x/AgAB", "no address of Confluence"),
        ("https:///x/AgAB", "no address of Confluence"),
        ("https://ada:s3cret@wiki.example.com/x/AgAB", "holds a user or password"),
    ],
)
def test_what_names_no_page(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as error:
        parse(text)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("known", "base", "used"),
    [
        ("", CLOUD, CLOUD),
        (DC, "", DC),
        (DC, DC, DC),
        (DC, f"{DC}/confluence", f"{DC}/confluence"),
        ("https://example.atlassian.net", CLOUD, CLOUD),
        ("https://WIKI.example.com:443/confluence", f"{DC}/confluence", f"{DC}/confluence"),
    ],
)
def test_where_the_page_is(known: str, base: str, used: str) -> None:
    assert base_of(known, PageAddress(base, id="1")) == used


@pytest.mark.parametrize(
    ("known", "base"),
    [
        (DC, "https://wiki.example.org"),
        (DC, "http://wiki.example.com"),
        (DC, f"{DC}:8443"),
        (f"{DC}/confluence", f"{DC}/wiki"),
        (f"{DC}/confluence", DC),
        ("https://other.atlassian.net", CLOUD),
        ("https://api.atlassian.com/ex/confluence/0c2f6a1e/wiki", CLOUD),
    ],
)
def test_a_page_elsewhere_is_refused(known: str, base: str) -> None:
    with pytest.raises(UsageError, match="correct one of them, or give the page's id"):
        base_of(known, PageAddress(base, id="1"))


def short_link(number: int) -> str:
    """Return the short link of a page as Confluence makes it."""
    data = b64encode(number.to_bytes(8, "little")).decode().rstrip("=").rstrip("A")
    return data.replace("/", "-").replace("+", "_")


@given(st.integers(1, 2**63 - 1))
def test_short_links_are_read_as_they_are_made(number: int) -> None:
    assert page_of_short_link(short_link(number)) == str(number)


@pytest.mark.parametrize(("link", "page"), [("AYAp", "2719745"), ("AwAW", "1441795")])
def test_short_links_of_a_real_site(link: str, page: str) -> None:
    assert page_of_short_link(link) == page


TITLES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Z")) | st.just(" "), min_size=1, max_size=40
).filter(lambda title: title == title.strip() and title.strip("/") == title)
CONTEXTS = st.sampled_from(["", "/confluence", "/wiki", "/a/b"])


@given(TITLES, CONTEXTS, st.sampled_from([quote, quote_plus]))
def test_every_title_survives_an_address(title: str, context: str, encode: object) -> None:
    path = encode(title, safe="")  # type: ignore[operator]
    found = parse(f"{DC}{context}/display/OPS/{path}")
    assert found == PageAddress(DC + context, space="OPS", title=title)


@given(TITLES, st.integers(1, 10**18), CONTEXTS)
def test_a_title_never_hides_the_id(title: str, number: int, context: str) -> None:
    address = f"{DC}{context}/spaces/OPS/pages/{number}/{quote_plus(title, safe='')}"
    assert parse(address) == PageAddress(DC + context, id=str(number))


@given(st.text() | st.text().map(lambda text: f"https://{text}") | st.text().map(DC.__add__))
def test_any_text_names_a_page_or_is_refused(text: str) -> None:
    try:
        found = parse(text)
    except UsageError:
        return
    assert found.id.isdigit() or (found.space and found.title)
    assert not found.base or found.base.lower().startswith("http")


@pytest.mark.parametrize(
    "text",
    [
        "user:hunter2@wiki.example.com",
        "htps://user:hunter2@wiki.example.com/x",
        "javascript:alert(1)",
        "mailto:ops@example.com",
        "OPS://wiki.example.com",
    ],
)
def test_an_address_with_a_slip_is_no_title(text: str) -> None:
    with pytest.raises(UsageError, match="names no page") as caught:
        parse(text)
    assert "hunter2" not in str(caught.value)


def test_a_title_may_hold_an_address() -> None:
    assert parse("OPS: Ask ops@example.com first").title == "Ask ops@example.com first"
