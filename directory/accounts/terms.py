"""The words of accounts: closed lists that tables, rules, pages and commands share."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is on this site. One person may be several things."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    VERIFIER = "verifier"
    """Checks papers and claims."""
    ADMINISTRATOR = "administrator"
    """Runs the site: accounts, roles, sessions."""

    def get_permissions(self) -> frozenset[str]:
        """What Flask-Security asks of a role; here permissions stand in one table, ``permissions.TABLE``."""
        return frozenset()


class Permission(StrEnum):
    """What a page may ask for. Which role has which, and what it takes, stands in ``permissions``."""

    KEEP_OWN_ACCOUNT = "keep_own_account"
    """Password, address, second factors and sessions of one's own."""
    REGISTER_PRACTICE = "register_practice"
    """Begin to register as a practitioner, and go on with it."""
    KEEP_OWN_PROFILE = "keep_own_profile"
    """See and change one's own profile, places, papers and dashboard."""
    READ_REQUESTS = "read_requests"
    """Read what patients wrote to one."""
    VERIFY_CLAIMS = "verify_claims"
    """Read papers that were sent in, and decide about them."""
    ADMINISTER = "administer"
    """Grant roles, disable accounts, end sessions."""


class Factor(StrEnum):
    """With what somebody proved who they are, after the password or instead of it."""

    TOTP = "totp"
    """A code of an authenticator app."""
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


class Purpose(StrEnum):
    """What a link in a letter is for. It is good for this alone, once, and for a limited time."""

    REGISTER = "register"
    RECOVER = "recover"
    CHANGE_EMAIL = "change_email"
    """Sent to the new address."""
    KEEP_EMAIL = "keep_email"
    """Sent to the old address: takes the change back."""


class Action(StrEnum):
    """What may be tried so often and not more often."""

    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    REGISTER = "register"
    RECOVER = "recover"
    CHANGE_EMAIL = "change_email"
    CHALLENGE = "challenge"
    """Beginning to use a passkey."""
    REPORT = "report"
    """Saying that something in an entry is wrong."""
    REPORT_HARM = "report_harm"
    """Saying that one was harmed; counted apart, so that nothing else uses it up."""
    ASK_FOR_TALK = "ask_for_talk"
    """Sending a request for a talk."""
    ASK_FOR_LINK = "ask_for_link"
    """Asking for a new link to a request."""


class Scope(StrEnum):
    """Whose tries are counted together."""

    PAIR = "pair"
    """Of one network at one account."""
    NETWORK = "network"
    """Of one network, whatever the account."""
    ACCOUNT = "account"
    """At one account, from browsers that never signed in to it."""


class Happening(StrEnum):
    """What the log of an account tells its owner."""

    REGISTERED = "registered"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_THROTTLED = "sign_in_throttled"
    SECOND_FACTOR_PROVED = "second_factor_proved"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    PROVED_AGAIN = "proved_again"
    PROOF_FAILED = "proof_failed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    OTHER_SESSIONS_ENDED = "other_sessions_ended"
    NEW_DEVICE = "new_device"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the word itself
    RECOVERY_ASKED = "recovery_asked"
    PASSWORD_RECOVERED = "password_recovered"  # noqa: S105
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_TAKEN_BACK = "email_change_taken_back"
    TOTP_ON = "totp_on"
    TOTP_OFF = "totp_off"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    ROLE_GRANTED = "role_granted"
    ROLE_WITHDRAWN = "role_withdrawn"
    DISABLED = "disabled"
    ENABLED = "enabled"
    SECOND_FACTORS_RESET = "second_factors_reset"
