"""Headers and cookie rules of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from directory.http import programs

if TYPE_CHECKING:
    from config import Config

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
OF_DOCUMENTS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What browsers heed on pages alone, so that fonts and styles need not carry it."""
_AGAINST_FRAMES = frozenset({"X-Frame-Options", "Cross-Origin-Resource-Policy"})
TWO_YEARS = 63_072_000
_ONE_YEAR = 31_536_000


def cookie_name(name: str, config: Config) -> str:
    """The name with the prefix that binds a cookie to this host and to TLS; plain http on a laptop cannot have it."""
    return f"__Host-{name}" if config.production else name


def init_app(app: Flask, config: Config) -> None:
    """Put the headers on every answer, errors and static files included."""

    @app.after_request
    def _set(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _content_security_policy())
        for name, value in ALWAYS.items():
            if not (g.get("framed", False) and name in _AGAINST_FRAMES):
                response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            for name, value in OF_DOCUMENTS.items():
                response.headers.setdefault(name, value)
        if not config.production and request.endpoint != "static":
            # Nobody should find made-up people in a search engine.
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if config.production:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
        _cache(response)
        return response


def personal() -> None:
    """Say that this answer is shaped by what somebody told us, so that no cache anywhere keeps it."""
    g.personal = True


def allow_images(origin: str) -> None:
    """Let this answer's page load images from one other host as well; an empty text allows none."""
    if origin:
        g.images_from = origin


def allow_frames() -> None:
    """Let this answer's page show other pages of ours inside itself, as far as those agree."""
    g.frames = True


def framed_by_anybody() -> None:
    """Let pages of other sites show this answer inside themselves: for what has no state, no cookie and no button that
    would do anything but ask for a page."""
    g.framed = True


def open_to_scripts(response: Response) -> Response:
    """Let scripts of any site read an answer that is the same for everybody, never with anybody's credentials."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _content_security_policy() -> str:
    origin = g.get("images_from", "")
    policy = CONTENT_SECURITY_POLICY.replace("img-src 'self' data:", f"img-src 'self' data: {origin}".strip())
    if g.get("framed", False):
        policy = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return f"{policy}; frame-src 'self'" if g.get("frames", False) else policy


def _cache(response: Response) -> None:
    if request.endpoint == "static" and response.status_code < 400:
        # Addresses made by ``url_for`` carry the hash of the content, so what they name never changes.
        fingerprinted = "v" in request.args
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable" if fingerprinted else "no-cache"
        return
    holds_token = "csrf_token" in g
    unfinished = response.status_code >= 400 or "Set-Cookie" in response.headers
    if g.get("personal", False) or holds_token or unfinished or request.method not in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "private, no-store"
    else:
        response.headers.setdefault("Cache-Control", f"{'public' if programs.ask() else 'private'}, no-cache")
    if not programs.ask():
        response.headers.add("Vary", "Cookie")
    response.headers.add("Vary", "Accept-Language")
