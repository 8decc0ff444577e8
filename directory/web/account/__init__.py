"""Everything below ``/account``: signing in and out, registering, recovering, and what somebody keeps of their own."""

from directory.web.account import entering, factors, joining, keeping, passkeys, wording
from directory.web.account.parts import pages

__all__ = ["entering", "factors", "joining", "keeping", "pages", "passkeys", "wording"]
