"""Everything that can go wrong and that a person can do something about.

::

    ChangelogError
    ├── UsageError                    exit 2: wrong use or configuration
    │   ├── ConfigurationError
    │   ├── PluginError
    │   ├── NoCredentialsError
    │   └── KeyringError
    ├── GitError                      exit 3: Git refused
    │   ├── NotARepositoryError
    │   ├── UnknownRevisionError
    │   └── ShallowHistoryError
    ├── PageError                     exit 3: the page is not what it must be; nothing was written
    │   ├── MalformedStorageError
    │   ├── LogTableError
    │   └── ProofError
    └── ConfluenceError               exit 3: Confluence refused or could not be reached
        ├── UnreachableError
        │   └── LostAnswerError       a write was sent and its answer lost
        ├── AuthenticationError
        │   ├── CaptchaError
        │   └── ScopeError
        ├── PermissionDeniedError
        │   └── ReadOnlyError
        ├── NotFoundError
        ├── ConflictError
        ├── RejectedStorageError
        ├── TitleExistsError
        ├── TooLargeError
        ├── RateLimitedError
        ├── GoneError
        ├── NotConfluenceError        HTML, a redirect or an empty answer where JSON belongs
        └── ServerError

Each message is one sentence: what happened, where, and what to do.
"""

from typing import ClassVar

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_REFUSED = 3
EXIT_INTERRUPTED = 130


class ChangelogError(Exception):
    """Base of all errors that are reported to a person without a traceback."""

    exit_code: ClassVar[int] = EXIT_REFUSED


class UsageError(ChangelogError):
    """The command line or the environment asks for something that cannot be."""

    exit_code = EXIT_USAGE


class ConfigurationError(UsageError):
    """The configuration file, or a value in it, is wrong."""


class PluginError(UsageError):
    """A plugin that is allowed is not installed, cannot be loaded, or failed."""


class NoCredentialsError(UsageError):
    """There are no credentials for an address, or none may be sent to it."""


class KeyringError(UsageError):
    """There is no keyring, or it does not work."""


class GitError(ChangelogError):
    """Git refused, or is not there."""


class NotARepositoryError(GitError):
    """The folder belongs to no Git repository."""


class UnknownRevisionError(GitError):
    """A commit, branch or range that this repository does not have."""


class ShallowHistoryError(GitError):
    """The clone lacks history that the range needs."""


class PageError(ChangelogError):
    """The page cannot take the rows; nothing was written."""


class MalformedStorageError(PageError):
    """Text that is not storage format: Confluence would refuse it."""


class LogTableError(PageError):
    """No log table, more than one, or one that cannot take a row."""


class ProofError(PageError):
    """The edited text is not provably the old text plus the rows."""


class ConfluenceError(ChangelogError):
    """Confluence refused, or could not be reached."""


class UnreachableError(ConfluenceError):
    """No answer: name resolution, connection, TLS or time-out."""


class LostAnswerError(UnreachableError):
    """A write was sent and its answer was lost: it may have been applied."""


class AuthenticationError(ConfluenceError):
    """The credentials were not accepted."""


class CaptchaError(AuthenticationError):
    """Confluence wants a CAPTCHA; every further try makes it worse."""


class ScopeError(AuthenticationError):
    """The token lacks a scope that the request needs (Cloud)."""


class PermissionDeniedError(ConfluenceError):
    """The user is known but may not do this."""


class ReadOnlyError(PermissionDeniedError):
    """Confluence is in read-only mode: nobody may write."""


class NotFoundError(ConfluenceError):
    """The page does not exist, or the user may not see it: Confluence does not tell which."""


class ConflictError(ConfluenceError):
    """The page has another version than the one that was read."""


class RejectedStorageError(ConfluenceError):
    """Confluence could not parse or convert the body."""


class TitleExistsError(ConfluenceError):
    """Another page of the space has the title."""


class TooLargeError(ConfluenceError):
    """The request is over Confluence's limit."""


class RateLimitedError(ConfluenceError):
    """Too many requests, and the wait is longer than the deadline."""


class GoneError(ConfluenceError):
    """The route was removed from this Confluence."""


class NotConfluenceError(ConfluenceError):
    """Something else answered: a log-in page, a proxy, an empty answer."""


class ServerError(ConfluenceError):
    """Confluence failed (5xx)."""
