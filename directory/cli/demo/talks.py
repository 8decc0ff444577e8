"""Talks of the demonstration: requests in every state, what came of them, and words about the service.

They went to whoever signs in as the practitioner, from people who do not exist, and everything goes the way it goes in
life: through the services, on the day on which it happened, with the letters that it brings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from directory.accounts import demonstration
from directory.cases import service as cases
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.cases.terms import State as CaseState
from directory.cli.demo import sign_ins
from directory.consultations import answering, choosing, consent, queries, rounds, rules, service
from directory.consultations.drafts import AskDraft, Whom
from directory.consultations.feedback import service as feedback
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.feedback.terms import Aspect
from directory.consultations.models import Consultation, ConsultationRequest
from directory.consultations.outcomes import service as outcomes
from directory.consultations.outcomes.terms import Contact
from directory.consultations.rules import Told
from directory.consultations.terms import Declining, Order, Shared, Talk
from directory.credentials.decisions.handling import Tools
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.rules import Verdict
from directory.credentials.decisions.terms import Outcome
from directory.credentials.edits import service as edits
from directory.credentials.evidence.store import Store
from directory.desk.deciding import decide
from directory.jurisdictions import queries as jurisdictions
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter
from directory.practitioners import queries as people
from directory.practitioners.models import PracticePlace, Practitioner
from directory.screening.terms import Concern, PregnancyStatus
from directory.search import listings

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_YOUNGEST_BEFORE: Final = 12
_YOUNGEST_NOW: Final = 16
"""Somebody of an age between the two asked, and then they took on nobody so young: that request is on hold."""
_LOOKED_AT: Final = 60
_WORDS: Final = {
    "kept": "Rang when she said she would, and told me the price before I asked.",
    "answered": "The rooms were hard to find, and nobody had told me about the back door.",
    "new": "Listened to all of it, and said plainly what it would cost.",
}
_REPLY: Final = "Thank you. There is a sign at the back door now, and the letter says where it is."
_NEW_REPLY: Final = "Thank you for saying so. Half an hour is what a first talk takes here."


@dataclass(frozen=True, slots=True)
class _Asker:
    """Somebody who asks, and what they say."""

    name: str
    words: str = ""
    talk: Talk = Talk.PHONE
    more: Mapping[str, Any] = field(default_factory=dict)

    def email(self, practitioner_id: int) -> str:
        """Nobody's; another one for each person who is asked, so that no mailbox seems to flood anybody."""
        return f"{self.name.lower().replace(' ', '.')}.{practitioner_id}@example.com"


@dataclass(slots=True)
class _Stage:
    """Whom the talks are with, and when it is."""

    session: Session
    secret: str
    person: Practitioner
    place: PracticePlace
    others: Sequence[Whom]
    now: datetime

    def at(self, days: int, hour: int = 10) -> datetime:
        """A full hour by the clock of the practice, so many days from today."""
        zone = ZoneInfo(self.place.timezone)
        day = (self.now + days * _DAY).astimezone(zone).date()
        return datetime.combine(day, time(hour), tzinfo=zone).astimezone(self.now.tzinfo)

    def ask(self, who: _Asker, starts: Sequence[datetime], *, ago: timedelta, besides: int = 0) -> Consultation:
        """Have somebody ask this person, and as many others."""
        email = who.email(self.person.id)
        standard: dict[str, Any] = {
            "people": (Whom(self.person.id, self.place.id), *self.others[:besides]),
            "talk": who.talk,
            "starts": tuple(starts),
            "name": who.name,
            "email": email,
            "mailbox": rules.mailbox(self.secret, email),
            "telephone": "+1 503 555 0142" if who.talk is Talk.PHONE else "",
            "words": who.words,
            "told": Told(pregnancy=PregnancyStatus.NO),
            "of_age": True,
            "timezone": self.place.timezone,
            "jurisdiction": self.place.jurisdiction,
            "point": (self.place.latitude, self.place.longitude),
            "consent": consent.CURRENT,
            "locale": "en_US",
        }
        asked = service.ask(self.session, AskDraft(**(standard | dict(who.more))), now=self.now - ago)
        theirs = queries.of_request(self.session, asked.request_id)
        return next(each for each in theirs if each.practitioner_id == self.person.id)

    def token(self, consultation: Consultation) -> str:
        """Of the link in the newest letter to whoever asked."""
        email = queries.one(self.session, consultation.id).request.email_sealed
        rows = self.session.scalars(
            select(OutgoingLetter)
            .options(undefer(OutgoingLetter.recipient_sealed), undefer(OutgoingLetter.text_sealed))
            .order_by(OutgoingLetter.id.desc())
        )
        letter = next(each for each in rows if each.recipient_sealed == email)
        return Worded.from_json(letter.text_sealed or "").path.rpartition("/")[2]

    def agree(self, who: _Asker, at: datetime, *, ago: timedelta, how: str = "") -> Consultation:
        """Have somebody ask, hear yes half a day later, and confirm the day after."""
        found = self.ask(who, [at], ago=ago)
        answering.accept(self.session, self.person.id, found.code, at, how=how, now=self.now - ago + 12 * _HOUR)
        choosing.confirm(self.session, self.token(found), found.code, at, now=self.now - ago + _DAY)
        return found


def fill(session: Session, person: Practitioner, *, secret: str, store: Store, now: datetime) -> int:
    """Put talks with this person into the database; how many requests. Flushes and never commits.

    The second verifier decides about words, so that the first one may look at it again. Where too few others are listed
    near them for a request to several, or they cannot be asked themselves, there are none.
    """
    stage = _stage(session, person, secret, now=now)
    if stage is None:
        return 0
    _over(stage)
    by = demonstration.make(session, now=now)[demonstration.COLLEAGUE].id
    _happened(stage, Tools(store=store), by)
    _agreed(stage)
    _on_hold(stage)
    _waiting(stage)
    return len(session.scalars(select(Consultation.id).where(Consultation.practitioner_id == stage.person.id)).all())


def clear(session: Session, *, now: datetime) -> None:
    """Take the requests to fictional people out again, before the people go; words that were decided stay decided."""
    ids = people.fictional_ids(session)
    subjects = [
        f"{kind}:{number}"
        for number in session.scalars(select(ServiceStory.id).where(ServiceStory.practitioner_id.in_(ids)))
        for kind in (feedback.STORY, feedback.REPLY)
    ]
    decided = set(session.scalars(select(Decision.case_id).where(Decision.case_id.is_not(None))))
    for case in session.scalars(select(Case).where(Case.kind == Kind.FEEDBACK, Case.subject.in_(subjects))).all():
        if case.id not in decided:
            session.delete(case)
        elif case.state is CaseState.OPEN:
            cases.end(session, case, now=now)
    sent = select(Consultation.request_id).where(Consultation.practitioner_id.in_(ids))
    session.execute(
        delete(ConsultationRequest)
        .where(ConsultationRequest.id.in_(session.scalars(sent).all()))
        .execution_options(synchronize_session=False)
    )
    session.flush()
    session.expire_all()


def _stage(session: Session, person: Practitioner, secret: str, *, now: datetime) -> _Stage | None:
    place = people.places_of(session, person.id)[0]
    near = session.scalars(
        select(PracticePlace.id)
        .where(PracticePlace.jurisdiction == place.jurisdiction, PracticePlace.country == "US")
        .order_by(PracticePlace.practitioner_id != person.id, PracticePlace.practitioner_id, PracticePlace.id)
        .limit(_LOOKED_AT)
    ).all()
    table = jurisdictions.all_rules(session)
    others = {
        each.practitioner.id: Whom(each.practitioner.id, each.place.id)
        for each in listings.read(session, place_ids=near)
        if sign_ins.can_be_asked(each, table, now=now)
    }
    if others.pop(person.id, None) is None or len(others) < sign_ins.OTHERS:
        return None
    return _Stage(session, secret, person, place, list(others.values())[: sign_ins.OTHERS], now)


# --- what came of it -------------------------------------------------------------------------------------------------


def _over(stage: _Stage) -> None:
    """A no, silence, one taken back, one that went elsewhere, and one that was called off."""
    session, now, person = stage.session, stage.now, stage.person
    no = stage.ask(_Asker("Ottilie Brandt", "I can only come in the evening."), [stage.at(-3)], ago=9 * _DAY)
    answering.decline(session, person.id, no.code, Declining.TIMES, now=now - 8 * _DAY)
    silent = stage.ask(_Asker("Desmond Achebe"), [stage.at(-2)], ago=9 * _DAY)
    rounds.step(session, silent.id, now=now - 2 * _DAY)
    back = stage.ask(_Asker("Wanda Kowalczyk", "My daughter would come with me."), [stage.at(2)], ago=5 * _DAY)
    choosing.withdraw(session, stage.token(back), now=now - 4 * _DAY)
    gone = stage.ask(_Asker("Rafael Ibarra"), [stage.at(3)], ago=5 * _DAY, besides=sign_ins.OTHERS)
    theirs = next(each for each in queries.of_request(session, gone.request_id) if each.id != gone.id)
    answering.accept(session, theirs.practitioner_id, theirs.code, stage.at(3), now=now - 4 * _DAY)
    choosing.confirm(session, stage.token(gone), theirs.code, stage.at(3), now=now - 3 * _DAY)
    off = stage.agree(_Asker("Imogen Strand"), stage.at(4), ago=4 * _DAY)
    choosing.cancel(session, stage.token(off), off.code, now=now - _DAY)


def _happened(stage: _Stage, tools: Tools, by: int) -> None:
    """Three talks are over, and the patients say something about the service: one waits to be read, one is shown and
    the answer to it waits, and one is shown with its answer."""
    names = {"answered": "Bettina Aldous", "kept": "Curtis Feng", "new": "Solveig Nakamura"}
    said = {
        name: _tell(stage, _Asker(names[name], "My legs keep me awake."), _WORDS[name], days)
        for name, days in (("answered", 12), ("kept", 10), ("new", 9))
    }
    for name, hours, reply in (("answered", 60, _REPLY), ("kept", 50, _NEW_REPLY)):
        _read(stage, feedback.STORY, said[name], tools, by, ago=hours * _HOUR)
        when = stage.now - (hours - 10) * _HOUR
        feedback.reply(stage.session, stage.person.id, said[name].id, reply, now=when)
    _read(stage, feedback.REPLY, said["answered"], tools, by, ago=30 * _HOUR)


def _tell(stage: _Stage, who: _Asker, words: str, days: int) -> ServiceStory:
    session = stage.session
    at = stage.at(-days + 4)
    talk = stage.agree(who, at, ago=days * _DAY, how="I ring you at ten.")
    rounds.step(session, talk.id, now=at + 2 * _HOUR)
    asked = at + _DAY + 2 * _HOUR
    outcomes.ask(session, talk.id, now=asked)
    told = outcomes.tell(session, stage.token(talk), Contact.REACHED, network=who.name, now=asked + _HOUR)
    answers = {Aspect.IN_TIME: True, Aspect.PRICE_FIRST: True, Aspect.LISTENED: True, Aspect.WROTE_TO_DOCTOR: False}
    law = jurisdictions.all_rules(session)
    return feedback.send(session, told, answers, words, law, now=asked + 2 * _HOUR)


def _read(stage: _Stage, kind: str, story: ServiceStory, tools: Tools, by: int, *, ago: timedelta) -> None:
    """Have somebody at the desk read the words, or the answer to them, and let them be shown."""
    case = stage.session.scalars(select(Case).where(Case.subject == f"{kind}:{story.id}")).one()
    verdict = Verdict(outcome=Outcome.VERIFIED, took_seconds=40)
    decide(stage.session, case.id, verdict, by=by, now=stage.now - ago, tools=tools)


# --- what goes on ----------------------------------------------------------------------------------------------------


def _agreed(stage: _Stage) -> None:
    """One talk to come, and one that the patient would like to move."""
    session, now, person = stage.session, stage.now, stage.person
    coming = stage.agree(
        _Asker("Priscilla Otieno", "May I stand up when my legs need to move?", Talk.IN_PERSON),
        stage.at(2, 14),
        ago=4 * _DAY,
        how="Ring the bell on the left; the rooms are up one flight of stairs.",
    )
    choosing.write(session, stage.token(coming), coming.code, "Is there a lift?", now=now - 2 * _DAY)
    answering.write(session, person.id, coming.code, "Yes, behind the second door.", now=now - _DAY)
    moved = stage.agree(_Asker("Gideon Lachlan"), stage.at(3, 16), ago=4 * _DAY, how="I ring you at four.")
    choosing.propose(session, stage.token(moved), moved.code, [stage.at(5, 11), stage.at(6, 11)], now=now - 5 * _HOUR)


def _on_hold(stage: _Stage) -> None:
    """A guardian asked for somebody young, and since then nobody so young is taken on."""
    session, now, person = stage.session, stage.now, stage.person
    edits.save_person(session, person.id, {"min_patient_age": _YOUNGEST_BEFORE}, now=now - 3 * _DAY)
    told = Told(pregnancy=PregnancyStatus.NO, age=_YOUNGEST_BEFORE + 2)
    young = _Asker(
        "Tobias Renner",
        "My son cannot sit still in the evening.",
        more={"told": told, "guardian": "Hanne Renner", "shared": frozenset({Shared.AGE})},
    )
    stage.ask(young, [stage.at(7)], ago=2 * _DAY)
    edits.save_person(session, person.id, {"min_patient_age": _YOUNGEST_NOW}, now=now - 5 * _HOUR)
    rounds.look_again(session, person.id, now=now - 5 * _HOUR)


def _waiting(stage: _Stage) -> None:
    """Two that wait for the practitioner, one who asks in order, and two yeses that the patients think about."""
    session, now, person = stage.session, stage.now, stage.person
    yes = stage.ask(_Asker("Leocadia Marsh"), [stage.at(3, 11)], ago=2 * _DAY)
    answering.accept(session, person.id, yes.code, stage.at(3, 11), how="I ring you.", now=now - 20 * _HOUR)
    offered = stage.ask(_Asker("Anselm Kaminski", "Evenings would be best."), [stage.at(2, 9)], ago=2 * _DAY)
    answering.offer(session, person.id, offered.code, [stage.at(4, 18), stage.at(5, 18)], now=now - 18 * _HOUR)
    order = {"order": Order.IN_ORDER, "limit_hours": 72}
    stage.ask(_Asker("Yusuf Demir", more=order), [stage.at(4, 15)], ago=30 * _HOUR, besides=sign_ins.OTHERS)
    far = {
        "told": Told(pregnancy=PregnancyStatus.NO, age=67, concerns=frozenset({Concern.NEEDLE_NERVES})),
        "shared": frozenset({Shared.AGE, Shared.NEEDLES}),
        "timezone": "America/New_York",
    }
    words = "My legs keep me awake since the spring. My ferritin was 40 in October; is that worth asking about again?"
    stage.ask(_Asker("Maribel Quintero", words, more=far), [stage.at(3, 9), stage.at(4, 9)], ago=3 * _HOUR)
