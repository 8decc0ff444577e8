"""What the log and the list of sessions say, in the visitor's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from babel.dates import format_datetime

from directory.accounts.terms import Happening
from directory.http.locale import current, gettext
from directory.http.locale import lazy_gettext as _l
from directory.web.account.parts import pages

HAPPENINGS: Final[Mapping[Happening, object]] = {
    Happening.REGISTERED: _l("The account was made"),
    Happening.SIGNED_IN: _l("Signed in"),
    Happening.SIGN_IN_FAILED: _l("Somebody tried to sign in with a wrong password or passkey"),
    Happening.SIGN_IN_THROTTLED: _l("Somebody tried to sign in too often and had to wait"),
    Happening.SECOND_FACTOR_PROVED: _l("The second proof was right"),
    Happening.SECOND_FACTOR_FAILED: _l("The second proof was wrong, after the right password"),
    Happening.PROVED_AGAIN: _l("Proved again who it is"),
    Happening.PROOF_FAILED: _l("A wrong password or passkey was given while signed in"),
    Happening.SIGNED_OUT: _l("Signed out"),
    Happening.SESSION_ENDED: _l("Another browser was signed out"),
    Happening.OTHER_SESSIONS_ENDED: _l("All other browsers were signed out"),
    Happening.NEW_DEVICE: _l("A browser signed in for the first time"),
    Happening.PASSWORD_CHANGED: _l("The password was changed"),
    Happening.RECOVERY_ASKED: _l("A link for a new password was asked for"),
    Happening.PASSWORD_RECOVERED: _l("A new password was set with a link"),
    Happening.EMAIL_CHANGE_ASKED: _l("Another email address was given"),
    Happening.EMAIL_CHANGED: _l("The email address was changed"),
    Happening.EMAIL_CHANGE_TAKEN_BACK: _l("The change of email address was taken back"),
    Happening.TOTP_ON: _l("An authenticator app was set up"),
    Happening.TOTP_OFF: _l("The authenticator app was taken away"),
    Happening.PASSKEY_ADDED: _l("A passkey was added"),
    Happening.PASSKEY_REMOVED: _l("A passkey was taken away"),
    Happening.RECOVERY_CODES_MADE: _l("New recovery codes were made"),
    Happening.RECOVERY_CODE_USED: _l("A recovery code was used"),
    Happening.ROLE_GRANTED: _l("The account may do more than before"),
    Happening.ROLE_WITHDRAWN: _l("The account may do less than before"),
    Happening.DISABLED: _l("The account was closed by us"),
    Happening.ENABLED: _l("The account was opened again by us"),
    Happening.SECOND_FACTORS_RESET: _l("All second proofs were taken away by us"),
}


@pages.app_template_filter("happening")
def happening(value: Happening) -> str:
    """What happened, as its owner reads it."""
    return str(HAPPENINGS[value])


@pages.app_template_filter("device")
def device(kept: str) -> str:
    """ "Firefox on Windows", or the part of it that is known."""
    browser, _, system = kept.partition("/")
    if browser and system:
        return str(gettext("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or str(gettext("An unknown browser"))


@pages.app_template_filter("instant")
def instant(value: datetime) -> str:
    """A day and a time of day, UTC."""
    return str(format_datetime(value, "medium", locale=current()))
