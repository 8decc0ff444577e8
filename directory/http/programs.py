"""Addresses that programs ask: whatever is answered there reads no cookie and sets none, so that it is the same for
everybody and nobody is known by it."""

from __future__ import annotations

from typing import Final

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

PREFIXES: Final = ("/api/", "/fhir/", "/data/", "/feeds/")


def ask() -> bool:
    """Whether this request is for an address that programs ask."""
    return request.path.startswith(PREFIXES)


class Sessions(SecureCookieSessionInterface):
    """Sessions of visitors; a program has an empty one that ends with its request."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session that came with this request."""
        if request.path.startswith(PREFIXES):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the session to the visitor's browser to keep."""
        if not ask():
            super().save_session(app, session, response)
