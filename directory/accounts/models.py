"""Tables of accounts: who someone is, their roles, sessions, second factors, links in letters, and log.

``Account`` answers what Flask-Login and Flask-Security ask of a user, so they can be handed one as it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.terms import Action, Factor, Happening, Purpose, Role
from directory.crypto import EncryptedText
from directory.db import Base, BigIntId, value_enum

LONGEST_EMAIL = 254
"""Characters of an address that mail can be sent to (RFC 3696, erratum 1690)."""


class Account(Base):
    """One person who can sign in. It is made when they have shown that they read mail at their address."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    """As it was typed, for showing and sending."""
    email_key: Mapped[str] = mapped_column(String(2 * LONGEST_EMAIL), unique=True)
    """The same address in one spelling (``rules.email_key``), for finding."""
    password: Mapped[str | None] = mapped_column(String(255), deferred=True)
    """An Argon2id hash; ``None`` until one was chosen."""
    password_changed_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime | None]
    """When it was shown that the person reads mail at this address."""
    locale: Mapped[str] = mapped_column(String(16), default="en_US")
    """The language in which letters are written."""
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """A random name by which libraries know the account; never shown."""
    fs_webauthn_user_handle: Mapped[str] = mapped_column(String(64), unique=True)
    """A random name by which passkeys know the account."""
    tf_totp_secret: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    """What the authenticator app and we share."""
    totp_since: Mapped[datetime | None]
    """Since when an authenticator app is set up."""
    totp_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    """The time step of the newest code that was used; it and all before it are used up."""
    fictional: Mapped[bool] = mapped_column(default=False)
    """Made for the demonstration. Nobody signs in with it in production."""
    created_at: Mapped[datetime]

    granted: Mapped[list[AccountRole]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin"
    )
    passkeys: Mapped[list[Passkey]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="select", order_by="Passkey.id"
    )

    sid = cast("str | None", None)
    """The secret name of the session in which the account was loaded; not stored here."""

    _seen_at = cast("datetime | None", None)

    @property
    def roles(self) -> frozenset[Role]:
        """What the person is here. A role that has ended counts until somebody says what time it is."""
        return frozenset(
            each.role
            for each in self.granted
            if each.ends_at is None or self._seen_at is None or self._seen_at < each.ends_at
        )

    def at(self, now: datetime) -> None:
        """From here on, roles that have ended by ``now`` are not the person's any more."""
        self._seen_at = now

    @property
    def is_active(self) -> bool:
        """Whether the account may be used at all."""
        return self.active

    @property
    def is_authenticated(self) -> bool:
        """Whoever was loaded as the user of a request has signed in."""
        return self.active

    @property
    def is_anonymous(self) -> bool:
        """Never: an account is somebody's."""
        return False

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the name of a session on the server, never of the account."""
        if self.sid is None:
            raise LookupError("an account is signed in through a session only")
        return self.sid


class AccountRole(Base):
    """A role somebody was given."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(value_enum(Role, name="role"), primary_key=True)
    granted_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """Only for an emergency: the first moment at which it is worth nothing any more."""

    account: Mapped[Account] = relationship(back_populates="granted", lazy="raise_on_sql")


class AccountSession(Base):
    """One browser in which somebody is signed in. Without this row its cookie is worth nothing."""

    __tablename__ = "account_session"
    __table_args__ = (
        CheckConstraint("(second_factor IS NULL) = (second_factor_at IS NULL)", name="second_factor_has_time"),
        Index("ix_account_session_account_id", "account_id"),
        Index("ix_account_session_last_seen_at", "last_seen_at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    sid_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what the cookie holds, so that a copy of this table opens no session."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    pending: Mapped[bool] = mapped_column(default=False)
    """The password was right and the second factor is still to be proved: nobody has signed in yet."""
    began_at: Mapped[datetime]
    """When somebody signed in; kept when the session gets a new name."""
    last_seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    """When the person last proved who they are; sensitive changes want this to be recent."""
    second_factor: Mapped[Factor | None] = mapped_column(value_enum(Factor, name="second_factor"))
    second_factor_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(120))
    """Browser and system, such as ``Firefox/Windows``; empty where neither is known."""

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class Passkey(Base):
    """A passkey or security key (WebAuthn credential)."""

    __tablename__ = "account_passkey"
    __table_args__ = (Index("ix_account_passkey_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(64))
    transports: Mapped[str] = mapped_column(String(120), default="")
    """Comma separated, as the browser told them."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="passkeys", lazy="raise_on_sql")


class PasskeyChallenge(Base):
    """A random number that a passkey is asked to sign. It goes when it was used, so a signature counts once."""

    __tablename__ = "account_passkey_challenge"
    __table_args__ = (Index("ix_account_passkey_challenge_expires_at", "expires_at"),)

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code on paper that stands in for a lost second factor, once."""

    __tablename__ = "account_recovery_code"
    __table_args__ = (Index("ix_account_recovery_code_account_id", "account_id"),)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]


class AccountLink(Base):
    """A link that lies in somebody's mailbox. It goes when it was used, or when another of its kind is sent."""

    __tablename__ = "account_link"
    __table_args__ = (
        CheckConstraint("(purpose = 'register') = (account_id IS NULL)", name="account"),
        CheckConstraint("(purpose = 'recover') = (email IS NULL)", name="email"),
        CheckConstraint("(purpose = 'register') = (role IS NOT NULL)", name="role"),
        Index("ix_account_link_account_id", "account_id"),
        Index("ix_account_link_email_key", "email_key"),
        Index("ix_account_link_expires_at", "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(value_enum(Purpose, name="purpose"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    email: Mapped[str | None] = mapped_column(String(LONGEST_EMAIL))
    """The address that the link makes somebody's: the one it was sent to, or for ``keep_email`` went to."""
    email_key: Mapped[str | None] = mapped_column(String(2 * LONGEST_EMAIL))
    role: Mapped[Role | None] = mapped_column(value_enum(Role, name="link_role"))
    """As what somebody registers."""
    locale: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccountDevice(Base):
    """A browser that has signed in to this account before, known again by a cookie of its own."""

    __tablename__ = "account_device"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class AccountEvent(Base):
    """One line of the log that the owner of an account can read. Append-only."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_account_id_at", "account_id", "at"),)

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    happening: Mapped[Happening] = mapped_column(value_enum(Happening, name="happening"))
    device: Mapped[str] = mapped_column(String(120), default="")


class AccountAttempt(Base):
    """One try of something that is counted. Whose it was stands here as a keyed hash only."""

    __tablename__ = "account_attempt"
    __table_args__ = (
        Index("ix_account_attempt_subject_at", "subject", "at"),
        Index("ix_account_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigIntId, primary_key=True)
    action: Mapped[Action] = mapped_column(value_enum(Action, name="action"))
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
