"""Writing second factors: the authenticator app, passkeys and recovery codes. Each proof counts once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from directory.accounts import queries, rules
from directory.accounts.models import Account, Passkey, PasskeyChallenge, RecoveryCode
from directory.accounts.rules import secret_hash
from directory.errors import Conflict, InvalidInput

MOST_PASSKEYS = 20
LONGEST_NAME = 64


def secret_of(base32: str) -> str:
    """A secret of an authenticator app, given in the letters people type, as it is stored."""
    return json.dumps({"key": base32, "type": "totp", "v": 1})


def locked(session: Session, account_id: int) -> Account:
    """The account with its secret, and nobody else about to use a code of it."""
    return session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .options(undefer(Account.tf_totp_secret), undefer(Account.password))
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).one()


def set_up_totp(session: Session, account: Account, secret: str, *, now: datetime) -> None:
    """Let this secret's codes be the second factor; the one that was just used is noted with the account already."""
    account.tf_totp_secret = secret
    account.totp_since = now
    session.flush()


def remove_totp(session: Session, account: Account) -> None:
    """Ask for codes of the app no more."""
    account.tf_totp_secret = None
    account.totp_since = None
    account.totp_last_counter = None
    session.flush()
    _forget_codes_without_factor(session, account)


def add_passkey(
    session: Session,
    account: Account,
    *,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
    transports: Sequence[str],
    now: datetime,
) -> Passkey:
    """A new passkey. ``Conflict`` where it is set up already; ``InvalidInput`` (field ``name``) for one too many."""
    if queries.passkey_of_credential(session, credential_id) is not None:
        raise Conflict("This passkey is set up already.", code="passkey_taken")
    if len(account.passkeys) >= MOST_PASSKEYS:
        raise InvalidInput("There are too many passkeys. Remove one first.", field="name", code="too_many_passkeys")
    made = Passkey(
        account_id=account.id,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        name=name[:LONGEST_NAME],
        transports=",".join(each for each in transports if each.isascii() and "," not in each)[:120],
        created_at=now,
    )
    account.passkeys.append(made)
    session.flush()
    return made


def remove_passkey(session: Session, account: Account, passkey_id: int) -> None:
    """Take a passkey away; ``NotFound`` where the account has no such."""
    account.passkeys.remove(queries.passkey(session, account.id, passkey_id))
    session.flush()
    _forget_codes_without_factor(session, account)


def passkey_used(session: Session, passkey: Passkey, *, sign_count: int, now: datetime) -> None:
    """Note that a passkey was used."""
    passkey.sign_count = sign_count
    passkey.last_used_at = now
    session.flush()


def new_challenge(session: Session, *, now: datetime) -> bytes:
    """A random number that a passkey shall sign within five minutes."""
    challenge = secrets.token_bytes(32)
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    session.add(PasskeyChallenge(challenge_hash=secret_hash(challenge.hex()), expires_at=now + rules.CHALLENGE_LIVES))
    session.flush()
    return challenge


def use_challenge(session: Session, challenge: bytes, *, now: datetime) -> bool:
    """Whether we asked for a signature of this number, and nobody has used it yet."""
    found = session.scalars(
        delete(PasskeyChallenge)
        .where(PasskeyChallenge.challenge_hash == secret_hash(challenge.hex()), PasskeyChallenge.expires_at > now)
        .returning(PasskeyChallenge.challenge_hash)
    ).all()
    return bool(found)


def new_recovery_codes(session: Session, account: Account, *, now: datetime) -> list[str]:
    """New recovery codes, as they are shown this once; those from before are worth nothing."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    signs = rules.code_signs()
    keys = ["".join(secrets.choice(signs) for _ in range(rules.CODE_LENGTH)) for _ in range(rules.RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=secret_hash(key), account_id=account.id, made_at=now) for key in keys)
    session.flush()
    return [rules.written_code(key) for key in keys]


def use_recovery_code(session: Session, account: Account, typed: str) -> bool:
    """Whether this is a recovery code of the account; it is used up."""
    found = session.scalars(
        delete(RecoveryCode)
        .where(RecoveryCode.code_hash == secret_hash(rules.code_key(typed)), RecoveryCode.account_id == account.id)
        .returning(RecoveryCode.code_hash)
    ).all()
    return bool(found)


def reset(session: Session, account: Account) -> None:
    """Take every second factor away, for somebody who has lost all of them and was identified otherwise."""
    account.passkeys.clear()
    remove_totp(session, account)


def _forget_codes_without_factor(session: Session, account: Account) -> None:
    if not queries.has_second_factor(session, account):
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
