"""The pages of the people who run the site: what waits for them, and what they decide."""

from __future__ import annotations

from directory.web.desk import (
    api_keys,
    calls,
    case,
    closing,
    complaints,
    control,
    deciding,
    disputes,
    duplicates,
    figures,
    forecast,
    jobs,
    jurisdictions,
    log,
    queue,
    rosters,
    staff,
)
from directory.web.desk.blueprint import pages

__all__ = [
    "api_keys",
    "calls",
    "case",
    "closing",
    "complaints",
    "control",
    "deciding",
    "disputes",
    "duplicates",
    "figures",
    "forecast",
    "jobs",
    "jurisdictions",
    "log",
    "pages",
    "queue",
    "rosters",
    "staff",
]
