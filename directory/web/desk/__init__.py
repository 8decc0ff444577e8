"""The pages of the people who run the site: what waits for them, and what they decide."""

from __future__ import annotations

from directory.web.desk import (
    calls,
    closing,
    deciding,
    disputes,
    duplicates,
    forecast,
    jurisdictions,
    queue,
    rosters,
)
from directory.web.desk.blueprint import pages

__all__ = ["calls", "closing", "deciding", "duplicates", "jurisdictions", "pages", "queue", "rosters"]
__all__ = ["calls", "closing", "deciding", "disputes", "duplicates", "forecast", "jurisdictions", "pages", "queue"]
