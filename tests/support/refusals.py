"""Refusals that no document of Atlassian's declares where they are given: each with what is known of it.

`openapi` lets pass what a document declares, and what stands here: exactly this status, there.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

DC, CLOUD_V2, CLOUD_V1, CLOUD_V1_ONCE = (
    *("dc-10.2.14", "cloud-v2-2026-09"),
    *("cloud-v1-2026-09", "cloud-v1-2022-01"),
)


class Refusal(NamedTuple):
    """A status, and where it is given."""

    document: str
    """Which of them has the route; empty where none has."""
    route: str
    """Method, and the document's template."""
    status: int


_PAGE_V2, _PAGE, _WRITE = (
    "/wiki/api/v2/pages/{id}",
    "/rest/api/content/{id}",
    "/rest/api/content/{contentId}",
)
_UNREADABLE = "Confluence's own page for log-in failures of Tomcat, markdown-confluence#621"
_LIMIT = "Atlassian: Adjusting your code for rate limiting (Confluence 8.9), 429 when out of tokens"
_TOO_LARGE = "Atlassian KB 939689514: Request too large, at most 5242880 bytes"
_CONFLICT = "a recorded message, go-markdown2confluence#33 and #43; Javadoc of ConflictException"
_SCOPE = "measured by mozilla/markfluence: Unauthorized; scope does not match"

EVIDENCE: Mapping[Refusal, str] = {
    Refusal(DC, f"GET {_PAGE}", 401): _UNREADABLE,
    Refusal(DC, "GET /rest/api/space", 401): _UNREADABLE,
    Refusal(DC, "GET /rest/api/user/current", 401): _UNREADABLE,
    Refusal(DC, f"GET {_PAGE}", 429): _LIMIT,
    Refusal(DC, "GET /rest/api/user/current", 429): _LIMIT,
    Refusal(
        DC, "GET /rest/api/user/current", 404
    ): "a site of Cloud without its context path /wiki",
    Refusal(DC, "POST /rest/api/content", 400): "recorded: title exists, docToolchain#339",
    Refusal(DC, "POST /rest/api/content", 403): "Could not create content with type page, "
    "atlassian-python-api#1010",
    Refusal(
        DC, f"PUT {_WRITE}", 403
    ): "Could not update Content of type, atlassian-python-api#1010",
    Refusal(DC, f"DELETE {_PAGE}", 403): "recorded: Unable to trash content, Server 5.8.10",
    Refusal(DC, f"PUT {_WRITE}", 409): _CONFLICT,
    Refusal(DC, f"PUT {_WRITE}", 413): _TOO_LARGE,
    Refusal(DC, f"PUT {_WRITE}", 500): "messages of a transaction rolled back, "
    "sphinxcontrib-confluencebuilder retry.py; MySQL's utf8 without characters beyond the BMP",
    Refusal(DC, f"PUT {_WRITE}", 501): "recorded: unreconciled page, CONFSERVER-59196",
    Refusal(CLOUD_V2, f"PUT {_PAGE_V2}", 409): "sphinxcontrib-confluencebuilder publisher.py, "
    "which meets it; the list of gaps beside the documents",
    Refusal(CLOUD_V2, f"PUT {_PAGE_V2}", 413): "CONFCLOUD-73881",
    Refusal(CLOUD_V2, f"GET {_PAGE_V2}", 403): "recorded: Basic Authentication has been disabled, "
    "markdown-confluence#910",
    Refusal(CLOUD_V2, f"GET {_PAGE_V2}", 429): "Atlassian: Rate limiting (Cloud)",
    Refusal(CLOUD_V2, f"GET {_PAGE_V2}/children", 404): "a folder's id, measured by markfluence",
    Refusal(CLOUD_V2, "PUT /wiki/api/v2/pages/{page-id}/properties/{property-id}", 409): (
        "sphinxcontrib-confluencebuilder publisher.py: read again and retried"
    ),
    Refusal(CLOUD_V1, "GET /wiki/rest/api/search", 401): _SCOPE,
    Refusal(CLOUD_V1, "GET /wiki/rest/api/user/current", 401): _SCOPE,
    Refusal(CLOUD_V1_ONCE, "GET /wiki/rest/api/content/{id}", 410): (
        "recorded: GoneException, atlassian-python-api#1560"
    ),
    Refusal(CLOUD_V1_ONCE, "GET /wiki/rest/api/space", 410): "the same, for what v2 replaced",
    Refusal(CLOUD_V1_ONCE, "PUT /wiki/rest/api/content/{id}", 413): "CONFCLOUD-73881",
}
"""What has been seen of a real Confluence, or is documented elsewhere."""

_READ_ONLY = "what a write meets in read-only mode is documented nowhere, so that any may come"
_NONSENSE = "a request that is wrong on purpose; that it is refused is sure, how is not"

ASSUMED: Mapping[Refusal, str] = {
    **{
        Refusal(document, route, status): _READ_ONLY
        for document, route in (
            (DC, f"PUT {_WRITE}"),
            (DC, f"POST {_PAGE}/label"),
            (CLOUD_V2, f"PUT {_PAGE_V2}"),
        )
        for status in (403, 405, 503)
        if (route, status) != (f"PUT {_WRITE}", 403)
    },
    Refusal(CLOUD_V2, f"PUT {_PAGE_V2}", 500): "as on Data Center: the database refuses characters",
    Refusal(DC, f"GET {_PAGE}", 403): "a person without the right to use Confluence",
    Refusal(DC, f"GET {_PAGE}", 500): "a fault of the sandbox that does not fit its page",
    Refusal(DC, "GET /rest/api/user", 400): _NONSENSE,
    Refusal(DC, f"PUT {_WRITE}", 415): _NONSENSE,
    Refusal(DC, f"POST {_PAGE}/child/attachment", 400): _NONSENSE,
    Refusal(DC, f"POST {_PAGE}/label", 400): _NONSENSE,
    Refusal(DC, "POST /rest/api/contentbody/convert/{to}", 400): _NONSENSE,
    Refusal(DC, "POST /rest/api/space", 400): _NONSENSE,
    Refusal(DC, "POST /rest/api/space", 403): "a person without the right to make spaces",
    Refusal(CLOUD_V2, "GET /wiki/api/v2/spaces", 404): "a gateway that does not know the site",
    Refusal("", "GET /rest/api/nothing", 404): _NONSENSE,
    Refusal("", "PATCH /rest/api/content/65538", 405): _NONSENSE,
    Refusal("", "POST /wiki/api/v2/pages/65538", 405): _NONSENSE,
    Refusal("", "GET /wiki/api/v2/none", 404): _NONSENSE,
    Refusal("", "GET /wiki/rest/api/none", 404): _NONSENSE,
    Refusal("", "GET /wiki/rest/api/accessmode", 404): "a route of Data Center alone",
    Refusal("", "GET /wiki/rest/api/server-information", 404): "a route of Data Center alone",
}
"""What is the sandbox's best guess: nothing is known of it."""


def known() -> Iterator[Refusal]:
    """Yield all of them."""
    yield from EVIDENCE
    yield from ASSUMED


def is_known(document: str, route: str, status: int) -> bool:
    """Tell whether a refusal may be given there, though no document declares it."""
    refusal = Refusal(document, route, status)
    return refusal in EVIDENCE or refusal in ASSUMED
