"""The application: the only module that knows all others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask, Response
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from directory import deadline, logs, settings
from directory.api import limits, problems
from directory.api.fhir import answers
from directory.api.fhir import files as fhir_files
from directory.api.fhir import routes as fhir
from directory.api.v1 import routes as api
from directory.api.v1.operations import OPERATIONS
from directory.crypto import keyring
from directory.db import make_engine
from directory.geo import geocoders
from directory.http import (
    access,
    assets,
    compression,
    errors,
    headers,
    locale,
    programs,
    request_log,
    signing,
    template_cache,
    uploads,
    who,
)
from directory.http.site import EXTENSION, Site, utc_now
from directory.http.unit_of_work import UnitOfWork
from directory.paths import STATIC, TEMPLATES
from directory.search.index_file import IndexFile
from directory.search.loader import IndexHolder
from directory.search.name_index import NameHolder
from directory.web import (
    about,
    about_you,
    account,
    accuracy,
    care,
    compare,
    control,
    crawlers,
    data,
    desk,
    diary,
    embed,
    evidence,
    feedback,
    feeds,
    guide,
    health,
    home,
    mailbox,
    match,
    outcome,
    practice,
    practitioners,
    registration,
    registry,
    report,
    saved,
    search,
    shortlist,
    style,
    urgent,
    visits,
)
from directory.web.presenters import claims, sharing

if TYPE_CHECKING:
    from config import Config

LARGEST_REQUEST_BYTES = 64 * 1024
MOST_FORM_PARTS = 200
BLUEPRINTS = (
    home.pages,
    search.pages,
    about_you.pages,
    urgent.pages,
    practitioners.pages,
    shortlist.pages,
    compare.pages,
    saved.pages,
    match.pages,
    registry.pages,
    report.pages,
    outcome.pages,
    feedback.pages,
    registration.pages,
    control.pages,
    evidence.pages,
    care.pages,
    diary.pages,
    guide.pages,
    about.pages,
    health.pages,
    style.pages,
    account.pages,
    mailbox.pages,
    desk.pages,
    accuracy.pages,
    practice.pages,
    visits.pages,
    data.pages,
    embed.pages,
    feeds.pages,
    crawlers.pages,
    api.pages,
    fhir.fhir,
    fhir_files.pages,
)

FROM_MAIL_PROGRAMS = (saved.one_click,)
"""What a mail program sends at the press of its own button (RFC 8058): it has no page of ours, and so no token. The
secret in the address is what allows it."""

WITHOUT_COOKIES = (fhir.search_by_post, fhir_files.begin_export_by_post, fhir_files.cancel_export)
"""What programs send, that changes nothing of ours and heeds no cookie."""


READ_BY_POST = tuple(f"{api.pages.name}.{each.name}" for each in OPERATIONS if each.method == "POST")
"""What asks by sending, so that the question stands in no address, and changes nothing; no cookie comes with it."""


class DirectoryApp(Flask):
    """A Flask whose writing requests are one transaction each; a commit that fails still finds the error pages."""

    database: UnitOfWork
    longest_wait: float
    """How many seconds one request may wait for the database in all."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request, inside a writing transaction where the access inventory says that it writes."""

        def answer() -> Response:
            return self.make_response(super(DirectoryApp, self).dispatch_request())

        with deadline.within(self.longest_wait):
            return self.database.write(answer) if access.this_request_writes() else answer()


def create_app(
    config: Config, *, engine: Engine | None = None, clock: Callable[[], datetime] = utc_now
) -> DirectoryApp:
    """The application for these settings; ``engine`` and ``clock`` are for whoever has made their own."""
    keyring.install(config.encryption_keys)
    app = DirectoryApp("directory", static_folder=str(STATIC), template_folder=str(TEMPLATES))
    app.config.update(_flask_settings(config))
    app.session_interface = programs.Sessions()
    engine = engine or make_engine(config.database_url, timeout_seconds=config.database_timeout_seconds)
    app.database = UnitOfWork(engine)
    app.longest_wait = config.request_deadline_seconds
    app.extensions[EXTENSION] = Site(
        config=config,
        database=app.database,
        index=IndexHolder(IndexFile(config.var_dir / "index")),
        names=NameHolder(),
        places=geocoders.build(config),
        clock=clock,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    template_cache.init_app(app, config.var_dir / "templates")
    app.jinja_env.globals.update(
        site_name=config.site_name,
        operator_name=config.operator_name,
        demo=not config.production,
        claims_for_script=claims.for_script,
    )
    app.jinja_env.globals.update(brings_a_session=who.brings_a_session)
    # The log comes first, so that its line is written last and every refusal below already has an id.
    request_log.init_app(app)
    compression.init_app(app)
    headers.init_app(app, config)
    app.database.init_app(app)
    locale.init_app(app)
    sharing.init_app(app)
    # Before the form is read to look for its token.
    uploads.init_app(app)
    protection = CSRFProtect(app)
    for view in (*FROM_MAIL_PROGRAMS, *WITHOUT_COOKIES):
        protection.exempt(view)
    assets.init_app(app)
    errors.init_app(
        app, answers={"/api": problems.answer, "/fhir": lambda said: answers.failure(said.status, said.sentence)}
    )
    limits.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for endpoint in READ_BY_POST:
        protection.exempt(app.view_functions[endpoint])
    access.guard(app, production=config.production)
    # After the guard, which has looked up who is asking where a page wants to know.
    signing.init_app(app, config, clock=clock)
    signing.keep_device(app, config)
    if config.proxy_count:
        count = config.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def from_environment() -> DirectoryApp:
    """The application for the settings of this process, as the web server loads it."""
    config = settings.load()
    logs.configure(config.log_level)
    return create_app(config)


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_key,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST_BYTES,
        "MAX_FORM_PARTS": MOST_FORM_PARTS,
        "SESSION_COOKIE_NAME": headers.cookie_name("session", config),
        "SESSION_COOKIE_SECURE": config.production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PREFERRED_URL_SCHEME": "https" if config.production else "http",
        # A form lives as long as the visitor's session: somebody may think about an answer for an hour.
        "WTF_CSRF_TIME_LIMIT": None,
        # Flask-WTF would ask for a Referer over TLS, which our own Referrer-Policy tells browsers to leave out.
        "WTF_CSRF_SSL_STRICT": False,
    }
