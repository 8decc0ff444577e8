"""What decisions do to papers, covers, declarations, photos, wishes and people: the kinds that are decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from directory import changes
from directory.accounts import queries as accounts
from directory.cases import service as cases
from directory.cases.terms import Kind, Risk
from directory.credentials import service as papers
from directory.credentials.control import queries as control
from directory.credentials.control.terms import Channel
from directory.credentials.decisions import letters, queries, rules
from directory.credentials.decisions.handling import Deed, Handler, Matter
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import CHECKED, GATES, Claim, Reading
from directory.credentials.decisions.terms import Method, Outcome, ReasonCode
from directory.credentials.edits import queries as edit_queries
from directory.credentials.edits import service as edits
from directory.credentials.evidence import photos
from directory.credentials.evidence import queries as evidence_queries
from directory.credentials.evidence import service as evidence
from directory.credentials.keeping import letters as keeping
from directory.credentials.models import Credential, CredentialCondition, Indemnity
from directory.credentials.registration.models import Registration
from directory.credentials.service import Check
from directory.credentials.stating import declarations
from directory.credentials.stating.declared import RLS_ITEMS
from directory.credentials.stating.stated import LEARNT
from directory.credentials.terms import (
    CheckMethod,
    ConditionCode,
    CredentialStatus,
    Liaison,
    OutcomeTracking,
    Verification,
)
from directory.credentials.wording import codes_in
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_
from directory.mail import outbox
from directory.mail.letters import DEFAULT_LANGUAGE, Letter, Sentence
from directory.practitioners import queries as people
from directory.practitioners import service as practitioners
from directory.practitioners.terms import AccountStatus

# --- papers ----------------------------------------------------------------------------------------------------------


def _paper_claim(session: Session, matter: Matter) -> Claim:
    row = _paper(session, matter)
    learnt = row.kind in LEARNT
    on_record = row.last_known_status if row.status is CredentialStatus.UNKNOWN else row.status
    person = people.practitioner(session, row.practitioner_id)
    at_source = row.verified_on is not None and row.check_method is not CheckMethod.DOCUMENT_ONLY
    return Claim(
        kind=matter.kind,
        name=person.display_name,
        name_on_record=row.name_on_record,
        status=None if learnt else on_record or CredentialStatus.ACTIVE,
        dated=not learnt or row.expires is not None,
        expires=row.expires,
        read_at_source=at_source,
        has_conditions=bool(row.conditions_text),
    )


def _paper_state(session: Session, matter: Matter) -> str | None:
    row = _paper(session, matter)
    if row.verified_on is None:
        return "not_checked"
    return f"document_only:{row.status}" if row.check_method is CheckMethod.DOCUMENT_ONLY else str(row.status)


def _decide_paper(session: Session, deed: Deed) -> None:
    row, verdict = _paper(session, deed.matter), deed.verdict
    read = verdict.reading
    if verdict.outcome is Outcome.NOT_CHECKED:
        _not_read(session, row, deed)
        return
    if verdict.outcome is Outcome.MORE_INFORMATION:
        return
    if verdict.outcome in (Outcome.VERIFIED, Outcome.RESTORED):
        _put_down(session, row, deed, status=read.status, match=bool(verdict.identity_match))
    else:
        _against(session, row, deed)
    if rules.is_settled(verdict.outcome, kind=deed.matter.kind, method=verdict.method):
        _evidence_decided(session, deed, row.practitioner_id, deed.matter.subject)


def _not_read(session: Session, row: Credential, deed: Deed) -> None:
    """The source was away: what was known is believed for a while, and then the paper counts for nothing."""
    method = CheckMethod(deed.verdict.method or Method.PRIMARY_SOURCE)
    check = Check(verified_on=deed.verdict.read_on or deed.now.date(), method=method, status=CredentialStatus.UNKNOWN)
    papers.record_check(session, row.id, check, now=deed.now)


def _against(session: Session, row: Credential, deed: Deed) -> None:
    """Whatever was read goes on record also where it speaks against the paper. An order closes the gate at once."""
    verdict = deed.verdict
    ordered = {Outcome.SUSPENDED: CredentialStatus.SUSPENDED, Outcome.REVOKED: CredentialStatus.REVOKED}
    status = verdict.reading.status or ordered.get(verdict.outcome)
    if status is not None and verdict.outcome in ordered and rules.may_practise(status, verdict.reading.late_until):
        raise InvalidInput(N_("The status you read permits this work, so it is no order to stop."), field="status_read")
    elses = verdict.reason_code in (ReasonCode.SOMEBODY_ELSES, ReasonCode.NAME_DIFFERS)
    was_checked = row.verified_on is not None
    if status is None and not (elses and was_checked):
        if verdict.outcome is Outcome.REJECTED and was_checked:
            # What was believed is not confirmed any more: nothing rests on it until it is read again.
            row.identity_match = False
            session.flush()
            changes.record(session, row.practitioner_id)
        return
    # A refusal opens nothing, whatever was read; an order to stop is believed to be this person's.
    practises = status is None or rules.may_practise(status, verdict.reading.late_until)
    match = not (elses or practises) and verdict.identity_match is not False
    _put_down(session, row, deed, status=status, match=match)


def _put_down(session: Session, row: Credential, deed: Deed, *, status: CredentialStatus | None, match: bool) -> None:
    verdict, read = deed.verdict, deed.verdict.reading
    method = CheckMethod(verdict.method) if verdict.method is not None else CheckMethod.PRIMARY_SOURCE
    if read.no_expiry and verdict.as_read and row.expires is not None:
        row.expires, row.no_expiry = None, True
    _conditions(session, row, read)
    check = Check(
        verified_on=verdict.read_on or deed.now.date(),
        method=method,
        identity_match=match,
        status=status,
        expires=read.expires,
        late_until=read.late_until,
        raw_status=read.raw_status,
        name_on_record=read.name,
        evidence_url=verdict.source,
    )
    papers.record_check(session, row.id, check, now=deed.now)
    row.evidence_hash = verdict.snapshot_hash or row.evidence_hash
    row.next_check_on = rules.next_check(row.expires, today=deed.now.date())
    session.flush()


def _conditions(session: Session, row: Credential, read: Reading) -> None:
    if not read.conditions:
        return
    row.conditions_text = read.conditions
    there = set(session.scalars(select(CredentialCondition.code).where(CredentialCondition.credential_id == row.id)))
    codes = codes_in(read.conditions) or {ConditionCode.OTHER}
    new = [{"credential_id": row.id, "code": code} for code in sorted(codes - there)]
    if new:
        session.execute(insert(CredentialCondition), new)


def _paper(session: Session, matter: Matter) -> Credential:
    row = session.get(Credential, matter.row_id) if _is(matter, "credential") else None
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    return row


def _paper_told(session: Session, deed: Deed, decision: Decision) -> None:
    row = _paper(session, deed.matter)
    what = keeping.paper(row.kind, body=row.body, jurisdiction=row.jurisdiction)
    _told_of_claim(session, deed, row.practitioner_id, what)


# --- insurance -------------------------------------------------------------------------------------------------------


def _cover_claim(session: Session, matter: Matter) -> Claim:
    row = _cover(session, matter)
    person = people.practitioner(session, row.practitioner_id)
    return Claim(
        kind=matter.kind,
        name=person.display_name,
        dated=True,
        expires=row.expires,
        covers_pregnancy=row.covers_pregnancy,
    )


def _cover_state(session: Session, matter: Matter) -> str | None:
    row = _cover(session, matter)
    if row.ended_on is not None:
        return "ended"
    return "checked" if row.verified_on is not None else "not_checked"


def _decide_cover(session: Session, deed: Deed) -> None:
    row, verdict = _cover(session, deed.matter), deed.verdict
    if verdict.outcome is Outcome.VERIFIED:
        read = verdict.reading
        if read.expires is None:
            raise InvalidInput(
                N_("Insurance that never ends is not known to us. Please look again."), field="expires_read"
            )
        row.expires = read.expires
        row.covers_pregnancy, row.covers_acupuncture = bool(read.covers_pregnancy), bool(read.covers_acupuncture)
        row.verified_on = verdict.read_on
    elif verdict.outcome is Outcome.REJECTED:
        row.verified_on = None
    else:
        return
    session.flush()
    changes.record(session, row.practitioner_id)
    _evidence_decided(session, deed, row.practitioner_id, deed.matter.subject)


def _cover(session: Session, matter: Matter) -> Indemnity:
    row = session.get(Indemnity, matter.row_id) if _is(matter, "indemnity") else None
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    return row


def _cover_told(session: Session, deed: Deed, _decision: Decision) -> None:
    _told_of_claim(session, deed, _cover(session, deed.matter).practitioner_id, letters.about(Kind.INDEMNITY))


# --- declarations ----------------------------------------------------------------------------------------------------


def _rls_claim(session: Session, matter: Matter) -> Claim:
    row = declarations.rls_row(session, matter.row_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    claimed = frozenset(item for item, names in RLS_ITEMS.items() if getattr(row, names[0]) not in _NOTHING)
    return Claim(kind=matter.kind, items=claimed)


_NOTHING: Final = (None, "", 0, 0.0, OutcomeTracking.NONE, Liaison.NONE)


def _rls_state(session: Session, matter: Matter) -> str | None:
    row = declarations.rls_row(session, matter.row_id)
    if row is None:
        return None
    checked = [item for item in RLS_ITEMS if getattr(row, f"{item}_verification") in CHECKED]
    return f"checked:{len(checked)}"


def _decide_rls(session: Session, deed: Deed) -> None:
    practitioner_id, verdict = deed.matter.row_id, deed.verdict
    row = declarations.rls_row(session, practitioner_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    if verdict.outcome is Outcome.VERIFIED:
        for item, level in verdict.items.items():
            setattr(row, f"{item}_verification", level)
            if item == "liaison":
                independent = level is Verification.INDEPENDENTLY_CONFIRMED
                row.liaison = Liaison.CONFIRMED if independent else Liaison.SELF_ATTESTED
            _evidence_decided(session, deed, practitioner_id, f"rls:{item}")
    elif verdict.outcome is Outcome.REJECTED:
        for item in _rls_claim(session, deed.matter).items:
            setattr(row, f"{item}_verification", Verification.NONE)
            _evidence_decided(session, deed, practitioner_id, f"rls:{item}")
    session.flush()
    changes.record(session, practitioner_id)


def _pregnancy_claim(session: Session, matter: Matter) -> Claim:
    row = declarations.pregnancy_row(session, matter.row_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    return Claim(
        kind=matter.kind,
        name=people.practitioner(session, matter.row_id).display_name,
        trained=row.training_hours > 0,
        second_registration=bool(row.second_registration),
    )


def _pregnancy_state(session: Session, matter: Matter) -> str | None:
    row = declarations.pregnancy_row(session, matter.row_id)
    if row is None:
        return None
    return "registration_counts" if row.second_registration_counts else str(row.training_verification)


def _decide_pregnancy(session: Session, deed: Deed) -> None:
    practitioner_id, verdict = deed.matter.row_id, deed.verdict
    row = declarations.pregnancy_row(session, practitioner_id)
    if row is None:
        raise NotFound(N_("What this is about is not there any more."))
    if verdict.outcome is Outcome.VERIFIED:
        if verdict.training is not None:
            row.training_verification = verdict.training
        row.second_registration_counts = verdict.second_registration_counts or row.second_registration_counts
    elif verdict.outcome is Outcome.REJECTED:
        row.training_verification, row.second_registration_counts = Verification.NONE, False
    else:
        return
    session.flush()
    changes.record(session, practitioner_id)
    _evidence_decided(session, deed, practitioner_id, "pregnancy:training")


def _declaration_told(session: Session, deed: Deed, _decision: Decision) -> None:
    _told_of_claim(session, deed, deed.matter.row_id, letters.about(deed.matter.kind))


def _decide_number(session: Session, deed: Deed) -> None:
    """A number that is hard to believe: believed, asked about, or left uncounted."""
    if deed.verdict.outcome is not Outcome.REJECTED:
        return
    if _is(deed.matter, "rls"):
        _decide_rls(session, deed)
    elif _is(deed.matter, "pregnancy"):
        _decide_pregnancy(session, deed)
    else:
        _decide_paper(session, deed)


def _number_told(session: Session, deed: Deed, _decision: Decision) -> None:
    if deed.matter.about is not None and deed.verdict.outcome is Outcome.REJECTED:
        _told_of_claim(session, deed, deed.matter.about, letters.about(Kind.PLAUSIBILITY))


# --- photos and wishes -----------------------------------------------------------------------------------------------


def _photo_state(session: Session, matter: Matter) -> str | None:
    newer = evidence_queries.newer_photo(session, matter.row_id)
    live = evidence_queries.live_photo(session, matter.row_id)
    shown = newer or live
    return None if shown is None else str(shown.state)


def _decide_photo(session: Session, deed: Deed) -> None:
    photo, store = evidence_queries.newer_photo(session, deed.matter.row_id), deed.tools.store
    if photo is None or store is None:
        raise Conflict(N_("There is no photo that waits."))
    if deed.verdict.outcome is Outcome.VERIFIED:
        photos.accept_photo(session, store, photo.id, now=deed.now)
    else:
        photos.refuse_photo(session, store, photo.id, reason=deed.verdict.words, now=deed.now)
    changes.record(session, deed.matter.row_id)


def _photo_told(session: Session, deed: Deed, _decision: Decision) -> None:
    _told_of_claim(session, deed, deed.matter.row_id, letters.about(Kind.PHOTO))


def _edit_state(session: Session, matter: Matter) -> str | None:
    return str(edit_queries.edit(session, matter.row_id).state) if _is(matter, "edit") else None


def _decide_edit(session: Session, deed: Deed) -> None:
    if not _is(deed.matter, "edit") or deed.verdict.outcome is Outcome.MORE_INFORMATION:
        return
    if deed.verdict.outcome is Outcome.VERIFIED:
        edits.accept(session, deed.matter.row_id, now=deed.now)
    else:
        edits.refuse(session, deed.matter.row_id, answer=deed.verdict.words, now=deed.now)


def _edit_told(session: Session, deed: Deed, _decision: Decision) -> None:
    if deed.matter.about is not None:
        _told_of_claim(session, deed, deed.matter.about, letters.about(Kind.SENSITIVE_EDIT))


# --- who somebody is -------------------------------------------------------------------------------------------------


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
        practitioners.prove_holder(session, deed.matter.row_id, today=min(today, deed.now.date()), now=deed.now)


def _control_told(session: Session, deed: Deed, _decision: Decision) -> None:
    _told_of_claim(session, deed, deed.matter.row_id, letters.about(Kind.CONTROL))


def _decide_profile_claim(session: Session, deed: Deed) -> None:
    """An NPI that was found to be this person's moves to them. Two profiles of one person are for merging."""
    matter, about = deed.matter, deed.matter.about
    if deed.verdict.outcome is not Outcome.VERIFIED or about is None:
        return
    if _is(matter, "npi"):
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
        _told_of_claim(session, deed, deed.matter.about, letters.about(Kind.PROFILE_CLAIM))
    elif deed.matter.contact is not None and deed.matter.contact.email:
        letter = _claim_letter(deed, letters.about(Kind.PROFILE_CLAIM))
        if letter is not None:
            outbox.send(session, to=deed.matter.contact.email, letter=letter, language=DEFAULT_LANGUAGE, now=deed.now)


# --- a person as a whole ---------------------------------------------------------------------------------------------


def _person_state(session: Session, matter: Matter) -> str | None:
    return _state_of(session, matter.row_id)


def _state_of(session: Session, practitioner_id: int) -> str:
    person = people.practitioner(session, practitioner_id)
    return f"{person.account_status}{'+held' if person.held_since is not None else ''}"


def decide_person(session: Session, practitioner_id: int, deed: Deed) -> None:
    """Hide somebody, take them off the list, or end that. What it takes to be seen besides is not touched."""
    outcome = deed.verdict.outcome
    if outcome is Outcome.HELD:
        practitioners.hold(session, practitioner_id, now=deed.now)
    elif outcome is Outcome.RELEASED:
        practitioners.release(session, practitioner_id, now=deed.now)
    elif outcome in (Outcome.SUSPENDED, Outcome.REVOKED):
        practitioners.suspend(session, practitioner_id, now=deed.now)
    elif outcome is Outcome.RESTORED:
        practitioners.lift_suspension(session, practitioner_id, now=deed.now)
        if _was_shown(session, practitioner_id):
            practitioners.publish(session, practitioner_id, now=deed.now)


def _was_shown(session: Session, practitioner_id: int) -> bool:
    """Whether the profile was published when it was taken off the list; who had paused it themselves stays so."""
    hidden = (Outcome.SUSPENDED, Outcome.REVOKED)
    before = next(
        (
            each.from_state or ""
            for each in queries.of_practitioner(session, practitioner_id)
            if each.takes_effect
            and each.outcome in hidden
            and not each.subject.startswith("credential:")
            and not (each.from_state or "").startswith(_SUSPENDED)
        ),
        "",
    )
    return before.startswith(AccountStatus.PUBLISHED)


_SUSPENDED: Final = AccountStatus.SUSPENDED.value


def state_of_person_concerned(session: Session, matter: Matter) -> str | None:
    """How the profile stands that a case of another subject is about; ``None`` where it is about nobody of ours."""
    return None if matter.about is None else _state_of(session, matter.about)


def decide_person_concerned(session: Session, deed: Deed) -> None:
    """What a verdict about something else does to the profile it is about, if anything."""
    if deed.verdict.outcome not in rules.ON_A_PERSON:
        return
    if deed.matter.about is None:
        raise Conflict(N_("This is about nobody who is listed here, so there is no profile to act on."))
    decide_person(session, deed.matter.about, deed)


def tell_person_concerned(session: Session, deed: Deed) -> None:
    """The letter about such a profile. Whoever is shown again needs no second look at why they were not."""
    about, outcome = deed.matter.about, deed.verdict.outcome
    if about is None or outcome not in rules.ON_A_PERSON:
        return
    tell_person(session, about, deed)
    if outcome in (Outcome.RELEASED, Outcome.RESTORED):
        cases.withdraw(session, Kind.HOLD_REVIEW, f"practitioner:{about}", now=deed.now)


def tell_person(session: Session, practitioner_id: int, deed: Deed) -> None:
    """The letter about a decision on a whole profile, and the second look that a hold must have."""
    verdict = deed.verdict
    if verdict.outcome in (Outcome.HELD, Outcome.SUSPENDED, Outcome.REVOKED):
        tell(
            session,
            practitioner_id,
            letters.taken_off(verdict.outcome, verdict.reason_code, verdict.words),
            deed,
        )
    elif verdict.outcome in (Outcome.RELEASED, Outcome.RESTORED):
        shown = people.practitioner(session, practitioner_id).account_status is AccountStatus.PUBLISHED
        tell(session, practitioner_id, letters.given_back(verdict.outcome, verdict.words, shown=shown), deed)
    if verdict.outcome is Outcome.HELD:
        cases.open_for(
            session,
            Kind.HOLD_REVIEW,
            f"practitioner:{practitioner_id}",
            about=practitioner_id,
            not_by=deed.by,
            now=deed.now,
        )


def _person_apply(session: Session, deed: Deed) -> None:
    decide_person(session, deed.matter.row_id, deed)


def _person_told(session: Session, deed: Deed, _decision: Decision) -> None:
    tell_person(session, deed.matter.row_id, deed)


# --- telling ---------------------------------------------------------------------------------------------------------


def tell(session: Session, practitioner_id: int, letter: Letter, deed: Deed) -> None:
    """Write to a practitioner where they read mail: their account's address, or the one that was put on record."""
    person = people.practitioner(session, practitioner_id)
    account = None if person.account_id is None else accounts.account(session, person.account_id)
    to = account.email if account is not None else person.email
    if to:
        language = account.locale if account is not None else DEFAULT_LANGUAGE
        outbox.send(session, to=to, letter=letter, language=language, now=deed.now)


def _told_of_claim(session: Session, deed: Deed, practitioner_id: int, what: str | Sentence) -> None:
    letter = _claim_letter(deed, what)
    if letter is not None:
        tell(session, practitioner_id, letter, deed)


def _claim_letter(deed: Deed, what: str | Sentence) -> Letter | None:
    verdict = deed.verdict
    if verdict.outcome in (Outcome.SUSPENDED, Outcome.REVOKED) and verdict.reason_code is not None:
        return letters.stopped(what, verdict.reason_code, verdict.words)
    if verdict.outcome is Outcome.REJECTED and verdict.reason_code is not None:
        return letters.not_confirmed(what, verdict.reason_code, verdict.words)
    if verdict.outcome in (Outcome.VERIFIED, Outcome.RESTORED):
        only_seen = deed.matter.kind in GATES and verdict.method is Method.DOCUMENT_ONLY
        return None if only_seen else letters.confirmed(what, published=deed.published)
    return None


def _evidence_decided(session: Session, deed: Deed, practitioner_id: int, subject: str) -> None:
    evidence.decided(session, practitioner_id, subject, now=deed.now, retention_days=deed.tools.retention_days)


def _is(matter: Matter, what: str) -> bool:
    return matter.subject.startswith(f"{what}:")


PAPER: Final = Handler(claim=_paper_claim, state=_paper_state, apply=_decide_paper, afterwards=_paper_told)
"""Decisions on one paper; its number stands in the subject."""
PERSON: Final = Handler(state=_person_state, apply=_person_apply, afterwards=_person_told)
"""Decisions on a whole profile, whatever led to them."""

HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.LICENCE: PAPER,
    Kind.CERTIFICATION: PAPER,
    Kind.EDUCATION: PAPER,
    Kind.TRAINING: PAPER,
    Kind.INDEMNITY: Handler(claim=_cover_claim, state=_cover_state, apply=_decide_cover, afterwards=_cover_told),
    Kind.RLS_CASELOAD: Handler(claim=_rls_claim, state=_rls_state, apply=_decide_rls, afterwards=_declaration_told),
    Kind.PREGNANCY_DECLARATION: Handler(
        claim=_pregnancy_claim, state=_pregnancy_state, apply=_decide_pregnancy, afterwards=_declaration_told
    ),
    Kind.PLAUSIBILITY: Handler(apply=_decide_number, afterwards=_number_told),
    Kind.PHOTO: Handler(state=_photo_state, apply=_decide_photo, afterwards=_photo_told),
    Kind.SENSITIVE_EDIT: Handler(state=_edit_state, apply=_decide_edit, afterwards=_edit_told),
    Kind.CONTROL: Handler(state=_control_state, apply=_decide_control, afterwards=_control_told),
    Kind.PROFILE_CLAIM: Handler(apply=_decide_profile_claim, afterwards=_profile_claim_told),
}
"""The kinds whose rows lie in this package."""
