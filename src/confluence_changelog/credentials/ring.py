"""Credentials in the keyring of the operating system.

keyring and its backends take a tenth of a second to import, so that is done when a log-in is known to be
stored (`logins`), and never by a hook. Backends raise what they like, and what they say may quote what
was to be stored: only the kind of an exception is shown.
"""

import json
from typing import TYPE_CHECKING

from confluence_changelog.credentials.auth import Credentials, Login, Source
from confluence_changelog.errors import KeyringError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_ACCOUNT = "login"
_INSTEAD = (
    "unlock or install one, or use CONFLUENCE_TOKEN, CONFLUENCE_CREDENTIAL_COMMAND or netrc "
    "instead (docs/security.md)"
)


def from_keyring(site: str) -> Credentials | None:
    """Return what is stored for a site, given as its origin; None where nothing is.

    Raises:
        KeyringError: there is no keyring, or it does not work.

    """
    found = read(site)
    if found is None:
        return None
    source = Source("the keyring", f"run confluence-changelog login {site}")
    return found.auth(source, "What the keyring holds")


def read(site: str) -> Login | None:
    """Return what is stored for a site, or None. Raises KeyringError."""
    try:
        text = _backend().get_password(_service(site), _ACCOUNT)
    except KeyringError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise _broken("read", error) from None
    return _decoded(text) if text else None


def write(site: str, login: Login) -> str:
    """Store what logs in to a site, and return the keyring's name. Raises KeyringError."""
    text = json.dumps({"user": login.user, "secret": login.secret})
    try:
        backend = _backend()
        backend.set_password(_service(site), _ACCOUNT, text)
        kept = backend.get_password(_service(site), _ACCOUNT) == text
        name = str(backend.name)
    except KeyringError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise _broken("written", error) from None
    if not kept:
        raise KeyringError(f"The keyring ({name}) does not keep what is stored in it; {_INSTEAD}.")
    return name


def remove(site: str) -> None:
    """Delete what is stored for a site, if anything is. Raises KeyringError."""
    try:
        backend = _backend()
        if backend.get_password(_service(site), _ACCOUNT) is not None:
            backend.delete_password(_service(site), _ACCOUNT)
    except KeyringError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise _broken("written", error) from None


def _backend() -> "KeyringBackend":
    try:
        import keyring
        from keyring.backends import fail
    except ImportError:
        raise KeyringError(
            f"The package keyring is not installed here: run python -m pip install keyring; or {_INSTEAD}."
        ) from None
    backend = keyring.get_keyring()
    if isinstance(backend, fail.Keyring):
        raise KeyringError(f"This machine has no keyring that could be used; {_INSTEAD}.")
    return backend


def _service(site: str) -> str:
    return f"confluence-changelog:{site}"


def _decoded(text: str) -> Login | None:
    try:
        data = json.loads(text)
    except ValueError:
        return None
    user, secret = (data.get("user"), data.get("secret")) if isinstance(data, dict) else ("", "")
    return (
        Login(user, secret)
        if isinstance(user, str) and secret and isinstance(secret, str)
        else None
    )


def _broken(done: str, error: Exception) -> KeyringError:
    return KeyringError(f"The keyring could not be {done} ({type(error).__name__}); {_INSTEAD}.")
