"""What passkeys are asked, and whether their answers hold (WebAuthn level 2, https://www.w3.org/TR/webauthn-2/)."""

from __future__ import annotations

import json
from typing import Any, Final

import webauthn
from flask import Response, abort, request
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from directory.accounts import factors, queries, rules, throttle
from directory.accounts.models import Account, Passkey
from directory.accounts.terms import Action
from directory.http import who
from directory.http.site import session, site
from directory.web.account.parts import must_wait, of_network, pages

LONGEST_ANSWER: Final = 16_384
"""Characters of JSON. A passkey says a few hundred, a security key with its certificate some thousand."""
_TIMEOUT_MS: Final = int(rules.CHALLENGE_LIVES.total_seconds() * 1000)


@pages.post("/challenge")
def challenge() -> Response:
    """What a passkey is to sign: one of whoever has signed in (or has given the password), or anybody's."""
    subjects = of_network(Action.CHALLENGE)
    if must_wait(Action.CHALLENGE, subjects):
        abort(429)
    throttle.count(session(), Action.CHALLENGE, subjects, now=site().clock())
    row = who.this_browsers_session()
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=factors.new_challenge(session(), now=site().clock()),
        timeout=_TIMEOUT_MS,
        allow_credentials=[] if row is None else [_described(each) for each in row.account.passkeys],
        user_verification=UserVerificationRequirement.PREFERRED
        if row is not None and row.pending
        else UserVerificationRequirement.REQUIRED,
    )
    return Response(webauthn.options_to_json(options), content_type="application/json")


@pages.post("/passkeys/new/options")
def passkey_options() -> Response:
    """What a new passkey is to be like."""
    account = who.account()
    subjects = of_network(Action.CHALLENGE)
    if must_wait(Action.CHALLENGE, subjects):
        abort(429)
    throttle.count(session(), Action.CHALLENGE, subjects, now=site().clock())
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=site().config.site_name,
        user_id=bytes.fromhex(account.fs_webauthn_user_handle),
        user_name=account.email,
        user_display_name=account.email,
        challenge=factors.new_challenge(session(), now=site().clock()),
        timeout=_TIMEOUT_MS,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[_described(each) for each in account.passkeys],
    )
    return Response(webauthn.options_to_json(options), content_type="application/json")


def answered(credential: str | None, *, account: Account | None = None, holder_seen: bool = False) -> Passkey | None:
    """The passkey that signed our number just now, of this account where one is given; ``None`` where none did.

    ``holder_seen``: it must also have looked who holds it, with a finger, a face or a number.
    """
    told = _told(credential)
    if told is None:
        return None
    passkey = queries.passkey_of_credential(session(), told["id"])
    if passkey is None or (account is not None and passkey.account_id != account.id):
        return None
    if not factors.use_challenge(session(), told["challenge"], now=site().clock()):
        return None
    try:
        seen = webauthn.verify_authentication_response(
            credential=told["credential"],
            expected_challenge=told["challenge"],
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=holder_seen,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    factors.passkey_used(session(), passkey, sign_count=seen.new_sign_count, now=site().clock())
    return passkey


def made(credential: str | None) -> tuple[VerifiedRegistration, list[str]] | None:
    """The new passkey that answered, and how it can be reached; ``None`` where its answer does not hold."""
    told = _told(credential)
    if told is None or not factors.use_challenge(session(), told["challenge"], now=site().clock()):
        return None
    try:
        verified = webauthn.verify_registration_response(
            credential=told["credential"],
            expected_challenge=told["challenge"],
            expected_rp_id=_host(),
            expected_origin=_origin(),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    transports = told["credential"]["response"].get("transports")
    named = [each for each in transports if isinstance(each, str)] if isinstance(transports, list) else []
    return verified, named


def _told(credential: str | None) -> dict[str, Any] | None:
    """The browser's answer, with the number that was signed."""
    if not credential or len(credential) > LONGEST_ANSWER:
        return None
    try:
        answer = json.loads(credential)
        client = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return {
            "credential": answer,
            "id": base64url_to_bytes(answer["rawId"]),
            "challenge": base64url_to_bytes(client["challenge"]),
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _described(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=passkey.credential_id)


def _host() -> str:
    return request.host.partition(":")[0]


def _origin() -> str:
    return request.host_url.rstrip("/")
