"""Match for me: from what was told to one request that goes to up to three people."""

from __future__ import annotations

from directory.web.match import choosing, sending, sent
from directory.web.match.blueprint import pages

__all__ = ["choosing", "pages", "sending", "sent"]
