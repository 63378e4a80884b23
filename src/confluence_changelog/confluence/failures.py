"""What a request means that got no answer."""

import ssl

import requests

from confluence_changelog.errors import LostAnswerError, UnreachableError


def never_sent(failure: requests.RequestException) -> bool:
    """Say whether the connection was never made, so that a write was certainly not applied."""
    if isinstance(
        failure,
        requests.exceptions.ConnectTimeout
        | requests.exceptions.SSLError
        | requests.exceptions.ProxyError,
    ):
        return True
    reason = type(_reason(failure)).__name__
    return "NewConnectionError" in reason or "NameResolution" in reason


def is_distrusted(failure: requests.RequestException) -> bool:
    """Say whether the server's certificate was refused, which no repetition changes."""
    causes: tuple[object, ...] = getattr(_reason(failure), "args", ())
    return bool(causes) and isinstance(causes[0], ssl.SSLCertVerificationError)


def unreachable(failure: requests.RequestException, where: str) -> UnreachableError:
    """Return the exception for a failure of the connection."""
    if is_distrusted(failure):
        why = (
            "its TLS certificate is not trusted: set REQUESTS_CA_BUNDLE to your company's CA file, or "
            "correct the address"
        )
    elif isinstance(failure, requests.exceptions.SSLError):
        why = "no TLS connection could be made: check the address and the proxy"
    elif isinstance(failure, requests.exceptions.ProxyError):
        why = "the proxy did not let it through: check HTTPS_PROXY and NO_PROXY"
    elif isinstance(failure, requests.exceptions.Timeout):
        why = "it did not answer in time: run again later"
    elif never_sent(failure):
        why = "no connection could be made: check the address and the network"
    else:
        why = "the connection broke: run again later"
    return UnreachableError(
        f"Confluence could not be reached while {where}; {why}, nothing is lost."
    )


def impossible(where: str) -> UnreachableError:
    """Return the exception for a request that could not even be made."""
    return UnreachableError(
        f"No request could be made for {where}; check the address, REQUESTS_CA_BUNDLE, SSL_CERT_FILE "
        "and the proxy, nothing was sent."
    )


def lost(where: str) -> LostAnswerError:
    """Return the exception for a write that was sent and whose answer was lost."""
    return LostAnswerError(
        f"The answer was lost while {where}, so that it is not known whether it was stored; run again, "
        "each commit gets its row once."
    )


def _reason(failure: requests.RequestException) -> object:
    return getattr(failure.args[0] if failure.args else None, "reason", None)
