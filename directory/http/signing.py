"""Flask-Security in this house: what of it is used, and how it is told who has signed in.

It is the frame of the signed-in request (Flask-Login underneath), it counts the codes of authenticator apps, and it
normalises addresses. Its pages are not registered: they change things with a GET, commit by themselves and look like
somebody else's (docs/adr/accounts-on-flask-security.md). What it leaves open is closed here:

* The cookie names a session, never an account, and each request looks the session up (``web.who``), so signing out is
  the end of every copy.
* A code counts once: the time step of the last one is kept with the account.
* ``commit`` of its datastore flushes; the request's unit of work commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_security import MailUtil, PasswordUtil, Security, Totp, UserDatastore, login_user, logout_user
from flask_security.datastore import Datastore

from directory.accounts import history, letters, passwords, queries, rules, sessions, weakness
from directory.accounts.models import Account, Passkey
from directory.accounts.terms import Factor, Happening
from directory.http import headers, who
from directory.http.site import session, site
from directory.mail import outbox

if TYPE_CHECKING:
    from config import Config

DEVICE: Final = "device"
"""The cookie by which a browser that signed in before is known again. It opens nothing."""
_CODE_WINDOW_SECONDS: Final = 30
"""How much older or newer than our clock a code may be: one step either way."""
_TOKEN: Final = "csrf_token"  # noqa: S105 - the field's name


class FlushingDatastore(UserDatastore, Datastore):
    """What the library changes belongs to the request's transaction and is committed with it."""

    def __init__(self) -> None:
        Datastore.__init__(self, None)  # type: ignore[no-untyped-call]
        UserDatastore.__init__(self, Account, Account, Passkey)  # type: ignore[arg-type]

    def commit(self) -> None:
        """Hand over to the unit of work, which commits."""
        session().flush()

    def put(self, model: Any) -> Any:
        """Add to the request's session."""
        session().add(model)
        return model

    def delete(self, model: Any) -> None:
        """Delete with the request's session."""
        session().delete(model)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:  # type: ignore[override]
        """The account with this address."""
        return queries.by_email(session(), str(kwargs["email"])) if "email" in kwargs else None

    def find_role(self, role: str) -> None:
        """Roles are words of ours, not rows."""


class CodeOnce(Totp):
    """Codes of authenticator apps, each of which counts once."""

    def __init__(self, secrets: dict[Any, str], issuer: str, *, clock: Callable[[], datetime]) -> None:
        super().__init__(secrets, issuer)
        self._totp = self._totp.using(issuer=issuer, now=lambda: clock().timestamp())

    def generate_totp_secret(self) -> str:
        """A new secret as it is stored; the column seals it."""
        return str(self._totp.new().to_json(encrypt=False))

    def get_last_counter(self, user: Account) -> int | None:  # type: ignore[override]
        """The time step of the newest code that was used."""
        return user.totp_last_counter

    def set_last_counter(self, user: Account, tmatch: Any) -> None:  # type: ignore[override]
        """Use the code up, and all before it."""
        user.totp_last_counter = tmatch.counter


class LongPasswords(PasswordUtil):
    """Passwords by length and by a list of our own."""

    def normalize(self, password: str) -> str:
        """The same signs however a keyboard composed them."""
        return passwords.normal(password)

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with it, in words (msgids), and the password in normal form."""
        normal = self.normalize(password)
        wrong = weakness.complaint(normal, context=[site().config.site_name, *kwargs.get("context", ())])
        return (None if wrong is None else [wrong]), normal


class Outbox(MailUtil):
    """Addresses are looked at without asking anybody's name server; the library itself sends nothing."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Our letters go through the outbox, in the transaction that causes them."""
        raise LookupError("letters are laid into the outbox, and none of the library's is")


def init_app(app: Flask, config: Config, *, clock: Callable[[], datetime]) -> None:
    """Set the library up, and tell it whom our guard has found."""
    app.config.update(
        SECURITY_PASSWORD_SALT=config.secret_key,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the way to hash
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__memory_cost": passwords.MEMORY_KIB,
            "argon2__rounds": passwords.PASSES,
            "argon2__parallelism": passwords.LANES,
        },
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # noqa: S106 - the name of the form
        SECURITY_PASSWORD_LENGTH_MIN=weakness.SHORTEST,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "allow_smtputf8": True},
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        # Only this flag makes the library build its codes without asking for a QR library that we do not need.
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_TOTP_SECRETS={1: config.secret_key},
        SECURITY_TOTP_ISSUER=config.site_name.replace(":", " "),
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    security = Security(
        app,
        FlushingDatastore(),
        register_blueprint=False,
        totp_cls=partial(CodeOnce, clock=clock),  # type: ignore[arg-type]
        password_util_cls=LongPasswords,
        mail_util_cls=Outbox,
    )
    # Sessions are bound by their row; an address that changes on the way home ends nobody's.
    security.login_manager.session_protection = None
    security.login_manager.user_loader(lambda _name: who.already_found())
    security.login_manager.request_loader(lambda _request: None)


def library() -> Security:
    """The library as it is set up in this application."""
    found: Security = current_app.extensions["security"]
    return found


def device() -> str:
    """Browser and system of the visitor, as they are kept."""
    return rules.device(request.headers.get("User-Agent", ""))


def knows_device(account: Account) -> bool:
    """Whether this browser has signed in to the account before."""
    return queries.knows_device(session(), account.id, _device_token())


def begin_pending(account: Account) -> None:
    """The password was right; the second factor is still to be proved."""
    _end_the_one_before()
    _take_cookie(account, sessions.begin(session(), account, device=device(), now=site().clock(), pending=True))


def begin(account: Account, *, second_factor: Factor | None = None) -> None:
    """Sign somebody in, in a new session; the one that this browser had before is over."""
    _end_the_one_before()
    sid = sessions.begin(session(), account, device=device(), now=site().clock(), second_factor=second_factor)
    _signed_in(account, sid)


def prove(*, second_factor: Factor | None = None) -> None:
    """Somebody proved (again) who they are: the session goes on under a new name."""
    row = who.this_browsers_session()
    if row is None:
        raise LookupError("there is no session in which to prove anything")
    was_pending = row.pending
    sid = sessions.renew(session(), row, now=site().clock(), second_factor=second_factor)
    if was_pending:
        _signed_in(row.account, sid)
    else:
        _take_cookie(row.account, sid)
        _library_signs_in(row.account)


def end() -> None:
    """Sign out: the session is gone, here and wherever its cookie was copied to."""
    sid = who.sid()
    if sid:
        sessions.end(session(), sid)
    logout_user()
    cookie.clear()
    who.forget()


def code_fits(account: Account, code: str, *, secret: str | None = None) -> bool:
    """Whether this is a code of the account's app now, or of ``secret`` that is being set up; it is used up."""
    source = secret or account.tf_totp_secret
    digits = "".join(code.split())
    if source is None or not digits.isascii() or not digits.isdigit():
        return False
    return bool(
        library().totp_factory.verify_totp(digits, source, account, window=_CODE_WINDOW_SECONDS)  # type: ignore[arg-type]
    )


def code_now(account: Account) -> str:
    """The code that an account's app shows now; for the demonstration alone."""
    return library().totp_factory.generate_totp_password(account.tf_totp_secret or "")


def _signed_in(account: Account, sid: str) -> None:
    now = site().clock()
    token = _device_token() or secrets.token_urlsafe(32)
    _take_cookie(account, sid)
    _library_signs_in(account)
    history.note(session(), account.id, Happening.SIGNED_IN, now=now, device=device())
    g.device_token = token
    first_of_all = not queries.has_device(session(), account.id)
    if sessions.know_device(session(), account.id, token, now=now) and not first_of_all:
        history.note(session(), account.id, Happening.NEW_DEVICE, now=now, device=device())
        letter = letters.new_device(device().replace("/", ", "))
        outbox.send(session(), to=account.email, letter=letter, language=account.locale, now=now)


def _end_the_one_before() -> None:
    if who.brings_a_session():
        sessions.end(session(), who.sid())


def _library_signs_in(account: Account) -> None:
    login_user(account, remember=False)  # type: ignore[arg-type]  # it asks for nothing that an account lacks


def _take_cookie(account: Account, sid: str) -> None:
    # Whatever stood in the cookie before, and every open form, belonged to somebody else.
    cookie.clear()
    g.pop(_TOKEN, None)
    account.sid = sid
    cookie[who.SID] = sid
    who.forget()


def _device_token() -> str:
    return request.cookies.get(headers.cookie_name(DEVICE, site().config), "")[:100]


def keep_device(app: Flask, config: Config) -> None:
    """Give a browser that has just signed in the cookie by which it is known again."""

    @app.after_request
    def _set(response: Any) -> Any:
        token = g.pop("device_token", None)
        if token is not None and response.status_code < 400:
            response.set_cookie(
                headers.cookie_name(DEVICE, config),
                token,
                max_age=rules.DEVICE_LIVES,
                secure=config.production,
                httponly=True,
                samesite="Lax",
                path="/",
            )
        return response
