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
    """With what somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - the word itself
    TOTP = "totp"
    """A code of an authenticator app."""
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"
