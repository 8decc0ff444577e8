"""How much one may ask: a light limit for each network, and a quota of its own for each key. Told in every answer
(draft-ietf-httpapi-ratelimit-headers), and counted without what was asked."""

from __future__ import annotations

from typing import Final, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from directory.accounts import rules
from directory.accounts.api_keys import queries, service
from directory.accounts.api_keys.meter import WRITE_EVERY, WRITE_EVERY_KNOWN, Meter, Standing
from directory.accounts.api_keys.rules import Quota, of_network
from directory.api.problems import Refused
from directory.http.site import session, site

_METER: Final = "stillpoint_api_meter"
_STANDING: Final = "stillpoint_api_standing"


def init_app(app: Flask) -> None:
    """Give this process its counts."""
    app.extensions[_METER] = Meter()


def count() -> None:
    """Count this request; ``Refused`` for a key that is none of ours (401) and where the quota is used up (429)."""
    quota, now = _quota(), site().clock()
    row = quota.counted_as(site().config.secret_key, now)
    standing = _meter().take(row, quota, now=now, used=lambda: queries.used(session(), *row))
    setattr(g, _STANDING, (quota, standing))
    if not standing.allowed:
        detail = "That was more than may be asked in this time. A key, which we give free of charge, allows more."
        if quota.name == "key":
            detail = "The quota of this key is used up for today (UTC). Write to us if you need more."
        raise Refused(429, detail, kind="used-up", headers={"Retry-After": str(standing.seconds)})


def told(response: Response) -> Response:
    """Say in the headers how much is left, and write down what is due when the answer has gone."""
    found: tuple[Quota, Standing] | None = g.pop(_STANDING, None)
    if found is None:
        return response
    quota, standing = found
    response.headers["RateLimit-Policy"] = f'"{quota.name}";q={quota.most};w={round(quota.window.total_seconds())}'
    response.headers["RateLimit"] = f'"{quota.name}";r={standing.left};t={standing.seconds}'
    meter = _meter()
    waiting = WRITE_EVERY_KNOWN if response.status_code == 304 else WRITE_EVERY
    due = meter.due(now=site().clock(), waiting=waiting)
    if due:

        def write(own: Session) -> None:
            for row, used in service.write(own, due):
                meter.learn(row, used)

        site().database.afterwards(write)
    return response


def _quota() -> Quota:
    sent = request.headers.get("Authorization")
    if sent is None:
        return of_network(rules.network(request.remote_addr), site().config.api_requests_per_hour)
    scheme, _, key = sent.strip().partition(" ")
    quota = queries.quota_of(session(), key.strip()) if scheme.lower() == "bearer" else None
    if quota is None:
        detail = "This key is not one of ours, or it was revoked. Without a key you may ask a little."
        raise Refused(401, detail, kind="unknown-key", headers={"WWW-Authenticate": 'Bearer realm="api"'})
    return quota


def _meter() -> Meter:
    return cast("Meter", current_app.extensions[_METER])
