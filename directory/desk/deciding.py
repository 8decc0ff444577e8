"""The one entrance to deciding: it holds the case, asks the rules, writes the decision down, and lets it take effect.

Whoever owns a kind of case says in ``HANDLERS`` what its decisions do. Two who decide at once come one after the other
here; the second finds it decided (``AlreadyDecided``). What two people must agree on waits after the first, and says so
(``queries.waiting_for_second``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cases import rules as case_rules
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.service import AlreadyDecided, TakenByAnother
from directory.cases.terms import Kind, Risk, State
from directory.complaints import handling as complaints
from directory.consultations.feedback import handling as feedback
from directory.credentials.decisions import letters, queries, rules, service
from directory.credentials.decisions.effects.handlers import HANDLERS as OWN_HANDLERS
from directory.credentials.decisions.effects.people import PERSON
from directory.credentials.decisions.effects.telling import tell
from directory.credentials.decisions.handling import Deed, Handler, Matter, Tools
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Claim, Verdict
from directory.credentials.decisions.service import Draft, NeedsAnother, OwnRecord
from directory.credentials.decisions.terms import Outcome
from directory.desk import news, publishing, rivals
from directory.errors import Conflict, InvalidInput, NotFound
from directory.guide.words import N_
from directory.practitioners import queries as people
from directory.practitioners.models import Practitioner

SENT_TWICE: Final = timedelta(minutes=10)
"""The same decision of the same person within this is one that was sent twice."""

HANDLERS: Final[dict[Kind, Handler]] = {
    **OWN_HANDLERS,
    **rivals.HANDLERS,
    **complaints.HANDLERS,
    **feedback.HANDLERS,
    **news.HANDLERS,
}
"""What decisions of each kind do. A feature above papers adds its own beside these, below the table or at the end of
its own module: ``HANDLERS[Kind.COMPLAINT] = Handler(apply=…)``. A kind without one is only written down."""


class Refused(InvalidInput):
    """A verdict that cannot stand; ``fields`` has a sentence for each place where it can be mended."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        field, sentence = next(iter(fields.items()))
        super().__init__(sentence, field=field)
        self.fields = dict(fields)


def claim(session: Session, case: Case) -> Claim:
    """What a verdict about this case is compared with, so that a form asks no more and no less."""
    return _handler(case.kind).claim(session, Matter.of(case))


def decide(
    session: Session, case_id: int, verdict: Verdict, *, by: int, now: datetime, tools: Tools | None = None
) -> Decision:
    """Decide a case. The same decision sent twice is one.

    ``Refused`` names the fields, ``AlreadyDecided`` when somebody was first or what was asked was taken back,
    ``TakenByAnother`` while somebody else works on it, ``NeedsAnother`` for the second step of one's own decision,
    ``OwnRecord`` for one's own papers, and whatever the owner of the kind refuses with.
    """
    _hold_whom_it_is_about(session, case_id)
    try:
        case = cases.locked(session, case_id)
    except AlreadyDecided:
        return _sent_again(session, case_id, verdict, by)
    if case_rules.is_taken_by_another(case.claimed_by, case.claimed_until, by=by, now=now):
        raise TakenByAnother(N_("Somebody else is working on this case."))
    matter = Matter.of(case)
    _not_about_oneself(session, matter.about, by)
    deed = Deed(matter=matter, verdict=verdict, by=by, now=now, tools=tools or Tools())
    first = queries.waiting_for_second(session, case.id)
    if first is not None:
        return _second(session, case, first, deed)
    if case.not_by == by:
        raise NeedsAnother(N_("You decided this before, so somebody else has to look at it now."))
    if case.kind is Kind.SECOND_LOOK:
        return _look_again(session, case, deed)
    again = _sent_a_moment_ago(session, queries.of_case(session, case.id), deed)
    if again is not None:
        return again
    handler = _handler(case.kind)
    found = rules.complaints(handler.claim(session, matter), verdict, today=now.date())
    if found:
        raise Refused(found)
    if _needs_another(session, deed):
        return _first(session, case, deed, handler)
    return _done(session, case, deed, handler)


def act_on_person(
    session: Session,
    practitioner_id: int,
    verdict: Verdict,
    *,
    by: int,
    now: datetime,
    kind: Kind = Kind.HOLD_REVIEW,
    tools: Tools | None = None,
) -> Decision:
    """Hold, release, suspend, revoke or restore a whole profile where no case asked for it.

    ``kind`` says under which kind it is written down. What needs a second person waits as a case. ``Conflict`` where
    the profile stands so already.
    """
    person = session.get(Practitioner, practitioner_id, with_for_update=True)
    if person is None:
        raise NotFound(N_("There is no such practitioner."))
    _not_about_oneself(session, practitioner_id, by)
    matter = Matter(kind=kind, subject=f"practitioner:{practitioner_id}", about=practitioner_id)
    deed = Deed(matter=matter, verdict=verdict, by=by, now=now, tools=tools or Tools())
    found = rules.complaints_on_person(verdict)
    if found:
        raise Refused(found)
    again = _sent_a_moment_ago(session, queries.of_subject(session, matter.subject), deed)
    if again is not None:
        return again
    _must_change_something(person, verdict.outcome)
    if _needs_another(session, deed):
        waiting = cases.open_for(
            session, Kind.APPEAL, matter.subject, about=practitioner_id, risk=Risk.HIGH, not_by=by, now=now
        )
        waiting = cases.locked(session, waiting.id)
        if queries.waiting_for_second(session, waiting.id) is not None:
            raise Conflict(N_("Somebody has begun this already, and it waits for a second person: look in the queue."))
        deed = replace(deed, matter=replace(matter, kind=waiting.kind, case_id=waiting.id))
        return _first(session, waiting, deed, PERSON)
    return _done(session, None, deed, PERSON)


# --- one step --------------------------------------------------------------------------------------------------------


def _done(
    session: Session,
    case: Case | None,
    deed: Deed,
    handler: Handler,
    *,
    second_of: Decision | None = None,
    took_seconds: int | None = None,
) -> Decision:
    """Let a verdict take effect and write it down."""
    verdict, matter = deed.verdict, deed.matter
    before = handler.state(session, matter)
    handler.apply(session, deed)
    after = handler.state(session, matter)
    draft = replace(_draft(deed), from_state=before, to_state=after)
    if second_of is not None:
        draft = replace(draft, second_of=second_of.id, agrees=True, took_seconds=took_seconds, note="")
    decision = service.append(session, draft, now=deed.now)
    if verdict.outcome in rules.OPENS and matter.about is not None:
        published = publishing.publish_when_ready(session, matter.about, now=deed.now)
        deed = replace(deed, published=published)
    if case is not None:
        _move_on(session, case, deed, decision)
    handler.afterwards(session, deed, decision)
    _have_it_looked_at_again(session, deed, decision)
    return decision


def _move_on(session: Session, case: Case, deed: Deed, decision: Decision) -> None:
    """Close the case, or leave it open for whoever comes next."""
    verdict = deed.verdict
    if verdict.outcome is Outcome.MORE_INFORMATION:
        questions = service.ask(session, decision, verdict.questions, now=deed.now)
        cases.wait_for_answer(session, case, now=deed.now)
        if decision.practitioner_id is not None:
            tell(session, decision.practitioner_id, letters.asked(len(questions)), deed)
    elif rules.is_settled(verdict.outcome, kind=deed.matter.kind, method=verdict.method):
        if case.state is State.OPEN:
            cases.end(session, case, now=deed.now)
    else:
        cases.release(session, case.id, by=deed.by)


def _first(session: Session, case: Case, deed: Deed, handler: Handler) -> Decision:
    """The first of two: nothing changes, and the case waits for somebody else."""
    state = handler.state(session, deed.matter)
    draft = replace(_draft(deed), takes_effect=False, from_state=state, to_state=state, proposed=deed.verdict)
    decision = service.append(session, draft, now=deed.now)
    case.not_by = deed.by
    session.flush()
    cases.release(session, case.id, by=deed.by)
    return decision


def _second(session: Session, case: Case, first: Decision, deed: Deed) -> Decision:
    """Somebody else says whether they agree with the first of two."""
    verdict = deed.verdict
    if first.decided_by == deed.by:
        if verdict.agrees is None and first.outcome is verdict.outcome and deed.now - first.decided_at < SENT_TWICE:
            return first
        raise NeedsAnother(N_("You decided this before, so somebody else has to look at it now."))
    if verdict.agrees is None:
        raise Refused({"agrees": N_("Please say whether you agree.")})
    if not verdict.agrees:
        return _disagree(session, case, first, deed)
    wanted = service.proposed(session, first)
    of_person = first.subject.startswith("practitioner:") and first.outcome in rules.ON_A_PERSON
    handler = PERSON if of_person else _handler(first.kind)
    matter = replace(deed.matter, kind=first.kind)
    if not of_person and rules.complaints(handler.claim(session, matter), wanted, today=deed.now.date()):
        raise Conflict(
            N_("What was claimed has changed since the first person looked. Please disagree, and decide anew.")
        )
    settled = replace(deed, matter=matter, verdict=wanted)
    return _done(session, case, settled, handler, second_of=first, took_seconds=verdict.took_seconds)


def _disagree(session: Session, case: Case, first: Decision, deed: Deed) -> Decision:
    """Everything stays as it was. A claim can be decided anew; what nobody claimed is over."""
    if not deed.verdict.note.strip():
        raise Refused({"note": N_("Please say why you do not agree.")})
    draft = Draft(
        kind=first.kind,
        subject=first.subject,
        case_id=case.id,
        practitioner_id=first.practitioner_id,
        outcome=first.outcome,
        reason_code=first.reason_code,
        by=deed.by,
        from_state=first.from_state,
        to_state=first.from_state,
        took_seconds=deed.verdict.took_seconds,
        takes_effect=False,
        second_of=first.id,
        agrees=False,
        note=deed.verdict.note,
    )
    decision = service.append(session, draft, now=deed.now)
    case.not_by = None
    session.flush()
    if first.subject.startswith("practitioner:") and first.outcome in rules.ON_A_PERSON:
        cases.end(session, case, now=deed.now)
    else:
        cases.release(session, case.id, by=deed.by)
    return decision


def _look_again(session: Session, case: Case, deed: Deed) -> Decision:
    """A second look at what was decided. Whoever disagrees opens the question anew, for somebody else than before."""
    looked_at = queries.decision(session, deed.matter.row_id)
    earlier = None if looked_at.second_of is None else queries.decision(session, looked_at.second_of)
    deciders = [looked_at.decided_by, None if earlier is None else earlier.decided_by]
    if not rules.may_look_again(deed.by, deciders):
        raise NeedsAnother(N_("You decided this before, so somebody else has to look at it now."))
    found = rules.complaints(Claim(kind=Kind.SECOND_LOOK), deed.verdict, today=deed.now.date())
    if found:
        raise Refused(found)
    draft = replace(_draft(deed), second_of=looked_at.id, agrees=deed.verdict.agrees)
    decision = service.append(session, draft, now=deed.now)
    cases.end(session, case, now=deed.now)
    if not deed.verdict.agrees:
        original = None if looked_at.case_id is None else session.get(Case, looked_at.case_id)
        cases.open_for(
            session,
            looked_at.kind,
            looked_at.subject,
            about=looked_at.practitioner_id,
            jurisdiction=None if original is None else original.jurisdiction,
            risk=Risk.HIGH,
            working_days=1,
            not_by=looked_at.decided_by,
            now=deed.now,
        )
    return decision


def _hold_whom_it_is_about(session: Session, case_id: int) -> None:
    """Practitioners change their papers with their own row held, and take the case after it: so does the desk."""
    about = session.scalar(select(Case.about).where(Case.id == case_id))
    if about is not None:
        session.get(Practitioner, about, with_for_update=True)


# --- who and how often -----------------------------------------------------------------------------------------------


def _not_about_oneself(session: Session, practitioner_id: int | None, by: int) -> None:
    person = None if practitioner_id is None else session.get(Practitioner, practitioner_id)
    if person is not None and person.account_id == by:
        raise OwnRecord(N_("This is about yourself. Two others have to decide it."))


def _needs_another(session: Session, deed: Deed) -> bool:
    matter = deed.matter
    person = None if matter.about is None else people.practitioner(session, matter.about)
    return rules.needs_another(
        deed.verdict,
        was_revoked=queries.was_revoked(session, subject=matter.subject, practitioner_id=matter.about),
        of_a_colleague=person is not None and queries.is_colleague(session, person.account_id),
    )


def _have_it_looked_at_again(session: Session, deed: Deed, decision: Decision) -> None:
    # Of what two people decided, only haste is a reason.
    draw = 1.0 if decision.second_of is not None else deed.verdict.draw
    if rules.comes_back(outcome=decision.outcome, draw=draw, took_seconds=decision.took_seconds):
        cases.open_for(
            session,
            Kind.SECOND_LOOK,
            f"decision:{decision.id}",
            about=decision.practitioner_id,
            not_by=deed.by,
            now=deed.now,
        )


def _must_change_something(person: Practitioner, outcome: Outcome) -> None:
    if outcome is Outcome.HELD and person.held_since is not None:
        raise Conflict(N_("This profile is held already."))
    if outcome is Outcome.RELEASED and person.held_since is None:
        raise Conflict(N_("This profile is not held."))


def _sent_again(session: Session, case_id: int, verdict: Verdict, by: int) -> Decision:
    """The decision that closed the case, where it is the same; ``AlreadyDecided`` otherwise."""
    newest = next(iter(queries.of_case(session, case_id)), None)
    if newest is None:
        raise AlreadyDecided(N_("What was asked has been taken back, so there is nothing to decide any more."))
    same = newest.outcome is verdict.outcome if newest.second_of is None else newest.agrees is verdict.agrees
    if newest.decided_by == by and same:
        return newest
    raise AlreadyDecided(N_("This has been decided already."))


def _sent_a_moment_ago(session: Session, earlier: Sequence[Decision], deed: Deed) -> Decision | None:
    """The same step of the same person, sent twice."""
    newest = next(iter(earlier), None)
    if newest is None or newest.decided_by != deed.by or deed.now - newest.decided_at >= SENT_TWICE:
        return None
    verdict = deed.verdict
    same = (newest.outcome, newest.method, newest.read_on) == (verdict.outcome, verdict.method, verdict.read_on)
    if same and newest.outcome is Outcome.MORE_INFORMATION:
        asked = {each.text_sealed for each in queries.questions_of_case(session, newest.case_id or 0)}
        same = {each.strip() for each in verdict.questions if each.strip()} <= asked
    return newest if same else None


def _handler(kind: Kind) -> Handler:
    return HANDLERS.get(kind, _ONLY_WRITTEN_DOWN)


_ONLY_WRITTEN_DOWN: Final = Handler()


def _draft(deed: Deed) -> Draft:
    matter, verdict = deed.matter, deed.verdict
    note = "\n\n".join(each.strip() for each in (verdict.note, verdict.name_reason) if each.strip())
    return Draft(
        kind=matter.kind,
        subject=matter.subject,
        case_id=matter.case_id,
        practitioner_id=matter.about,
        outcome=verdict.outcome,
        method=verdict.method,
        read_on=verdict.read_on,
        status_read=verdict.reading.status,
        raw_status=verdict.reading.raw_status,
        expires_read=verdict.reading.expires,
        name_read=verdict.reading.name,
        source=verdict.source,
        snapshot_hash=verdict.snapshot_hash,
        reason_code=verdict.reason_code,
        by=deed.by,
        took_seconds=verdict.took_seconds,
        note=note,
        words=verdict.words,
    )
