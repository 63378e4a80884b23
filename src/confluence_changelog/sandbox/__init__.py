"""A local Confluence Data Center to try things on: REST interface, pages in a browser, faults.

It listens on the loopback interface only.  Flask comes with the extra
``confluence-changelog[sandbox]``; importing this package does not need it.
"""

from .seed import HOME_ID, LOG_ID, SPACE, TOKEN
from .server import Sandbox, serve

__all__ = ["HOME_ID", "LOG_ID", "SPACE", "TOKEN", "Sandbox", "serve"]
