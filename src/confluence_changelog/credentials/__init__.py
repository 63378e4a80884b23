"""Where credentials come from, and where alone they are sent.

The first of these sources that has any counts:

1. the environment: CONFLUENCE_TOKEN, or CONFLUENCE_USER and CONFLUENCE_PASSWORD (`environment`);
2. a command whose output is the secret, named in CONFLUENCE_CREDENTIAL_COMMAND or in the user's own
   Git configuration (`command`);
3. the keyring, where ``login`` has put them (`ring`);
4. a netrc file (`netrc_file`).

They are sent only to the origin (scheme, host and port) of CONFLUENCE_URL or of a stored log-in
(`logins`), whatever a file of the repository or a command line in it says, and never over plain HTTP
to another machine (`origin`). `find.credentials_for` is the one way to them.
"""

from confluence_changelog.credentials.auth import BasicAuth, BearerAuth, Credentials, Login, Source
from confluence_changelog.credentials.find import credentials_for, is_trusted
from confluence_changelog.credentials.origin import (
    base_address,
    host_of,
    is_this_machine,
    origin,
    refuse_plain_http,
    site_of,
    without_user,
)

__all__ = [
    "BasicAuth",
    "BearerAuth",
    "Credentials",
    "Login",
    "Source",
    "base_address",
    "credentials_for",
    "host_of",
    "is_this_machine",
    "is_trusted",
    "origin",
    "refuse_plain_http",
    "site_of",
    "without_user",
]
