"""What decisions do about who somebody is: proofs, and claims on a number or a profile."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from directory.cases import service as cases
from directory.cases.terms import Kind, Risk
from directory.credentials.control import queries as control
from directory.credentials.control.terms import Channel
from directory.credentials.decisions import letters
from directory.credentials.decisions.effects.telling import claim_letter, tell_of_claim
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.terms import Outcome
from directory.credentials.registration.models import Registration
from directory.errors import Conflict, InvalidInput
from directory.guide.words import N_
from directory.mail import outbox
from directory.mail.letters import DEFAULT_LANGUAGE
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import AccountStatus


def _control_state(session: Session, matter: Matter) -> str | None:
    return "proved" if people.practitioner(session, matter.row_id).holder_proved_on is not None else "not_proved"


def _decide_control(session: Session, deed: Deed) -> None:
    if deed.verdict.outcome is Outcome.VERIFIED:
        channel = next((each for each in Channel if each.value == (deed.verdict.method or "")), None)
        if channel is None or control.proof_for(session, deed.matter.row_id, channel, now=deed.now) is None:
            raise InvalidInput(
                N_(
                    "Nothing on record proves it in this way. First call, write or look, and put that on record; then "
                    "decide."
                ),
                field="method",
            )
        today = deed.verdict.read_on or deed.now.date()
        publication.prove_holder(session, deed.matter.row_id, today=min(today, deed.now.date()), now=deed.now)


def _control_told(session: Session, deed: Deed, _decision: Decision) -> None:
    tell_of_claim(session, deed, deed.matter.row_id, letters.about(Kind.CONTROL))


def _decide_profile_claim(session: Session, deed: Deed) -> None:
    """An NPI that was found to be this person's moves to them. Two profiles of one person are for merging."""
    matter, about = deed.matter, deed.matter.about
    if deed.verdict.outcome is not Outcome.VERIFIED or about is None:
        return
    if matter.is_of("npi"):
        npi = matter.subject.partition(":")[2]
        row = session.get(Registration, about, with_for_update=True)
        if row is None or row.npi_claimed != npi:
            raise Conflict(N_("This number is not claimed any more."))
        holder = people.of_npi(session, npi)
        if holder is not None and holder.id != about:
            if holder.holder_proved_on is not None or holder.account_status is AccountStatus.PUBLISHED:
                raise Conflict(N_("Somebody who is shown, or proved to be its holder, has this number."))
            practitioners.change_person(session, holder.id, {"npi": None}, now=deed.now)
        practitioners.change_person(session, about, {"npi": npi}, now=deed.now)
        row.npi_claimed = None
        session.flush()
    else:
        pair = f"practitioner:{matter.row_id} by {about}"
        cases.open_for(session, Kind.DUPLICATE, pair, about=about, risk=Risk.HIGH, now=deed.now)


def _profile_claim_told(session: Session, deed: Deed, _decision: Decision) -> None:
    if deed.matter.about is not None:
        tell_of_claim(session, deed, deed.matter.about, letters.about(Kind.PROFILE_CLAIM))
    elif deed.matter.contact is not None and deed.matter.contact.email:
        letter = claim_letter(deed, letters.about(Kind.PROFILE_CLAIM))
        if letter is not None:
            outbox.send(session, to=deed.matter.contact.email, letter=letter, language=DEFAULT_LANGUAGE, now=deed.now)


CONTROL: Final = Handler(state=_control_state, apply=_decide_control, afterwards=_control_told)
PROFILE_CLAIM: Final = Handler(apply=_decide_profile_claim, afterwards=_profile_claim_told)
