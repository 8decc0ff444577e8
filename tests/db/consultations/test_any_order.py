"""Whatever the two do in whatever order: what is over stays over, and a time is taken as long as it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.consultations import answering, choosing, queries, rounds, rules, service
from directory.consultations.models import BookedQuarter, Consultation, ConsultationRequest
from directory.consultations.terms import Declining, Side, State
from directory.crypto import keyring, new_key
from directory.db import make_engine
from directory.errors import DomainError
from directory.migrations import models
from tests.consultations import draft, newest_link, reader
from tests.examples import examples
from tests.factories import NOW, Listed, reference


@dataclass
class World:
    """One request under way, and the clock."""

    session: Session
    person: Listed
    now: datetime
    code: str = ""
    seen: list[State] = field(default_factory=list)

    @property
    def one(self) -> Consultation:
        return self.session.scalars(select(Consultation).where(Consultation.code == self.code)).one()

    def time(self, side: Side) -> datetime:
        """The first time that this side named, or one that nobody did."""
        times = queries.times_for(queries.times_of(self.session, self.one.request_id), self.one, side)
        return times[0].starts_at if times else self.free()

    def free(self) -> datetime:
        """A time that can be agreed."""
        return (self.now + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)

    def link(self) -> str:
        return newest_link(self.session)


ACTS: dict[str, Callable[[World], object]] = {
    "accept": lambda w: answering.accept(w.session, w.person.id, w.code, w.time(Side.PATIENT), now=w.now),
    "offer": lambda w: answering.offer(w.session, w.person.id, w.code, [w.free()], now=w.now),
    "decline": lambda w: answering.decline(w.session, w.person.id, w.code, Declining.OTHER, now=w.now),
    "ask a question": lambda w: answering.write(w.session, w.person.id, w.code, "How are you?", now=w.now),
    "ask to move": lambda w: answering.propose_move(w.session, w.person.id, w.code, [w.free()], now=w.now),
    "move": lambda w: answering.answer_move(w.session, w.person.id, w.code, w.time(Side.PATIENT), now=w.now),
    "stay": lambda w: answering.answer_move(w.session, w.person.id, w.code, None, now=w.now),
    "call off": lambda w: answering.cancel(w.session, w.person.id, w.code, now=w.now),
    "confirm": lambda w: choosing.confirm(
        w.session, w.link(), w.code, w.one.starts_at or w.time(Side.PRACTITIONER), now=w.now
    ),
    "choose": lambda w: choosing.confirm(w.session, w.link(), w.code, w.time(Side.PRACTITIONER), now=w.now),
    "refuse": lambda w: choosing.refuse(w.session, w.link(), w.code, now=w.now),
    "propose": lambda w: choosing.propose(w.session, w.link(), w.code, [w.free()], now=w.now),
    "withdraw": lambda w: choosing.withdraw(w.session, w.link(), now=w.now),
    "cancel": lambda w: choosing.cancel(w.session, w.link(), w.code, now=w.now),
    "renew": lambda w: choosing.renew(w.session, w.link(), now=w.now),
    "erase": lambda w: choosing.erase(w.session, w.link(), now=w.now),
    "wait": lambda w: rounds.step(w.session, w.one.id, now=w.now),
}
BEGINNINGS = [[], [("accept", 1)], [("offer", 1), ("choose", 1)], [("accept", 1), ("confirm", 1)]]
WALKS = st.builds(
    lambda beginning, rest: [*beginning, *rest],
    st.sampled_from(BEGINNINGS),
    st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 12)), min_size=2, max_size=12),
)


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Engine, Listed]]:
    """A database in memory with one person, which every walk leaves as it was."""
    keyring.install([new_key()])
    engine = make_engine("sqlite://")
    models().create_all(engine)
    with Session(engine) as session:
        reference(session)
        person = reader(session)
        session.commit()
    yield engine, person
    engine.dispose()


@given(walk=WALKS)
@settings(max_examples=examples(100))
def test_any_walk(house: tuple[Engine, Listed], walk: list[tuple[str, int]]) -> None:
    engine, person = house
    keyring.install([new_key()])
    with Session(engine) as session:
        world = World(session, person, NOW)
        asked = service.ask(session, draft(person), now=NOW)
        world.code = queries.of_request(session, asked.request_id)[0].code
        for act, hours in walk:
            world.now += timedelta(hours=hours)
            before, sequence = world.one.state, world.one.sequence
            try:
                with session.begin_nested():
                    ACTS[act](world)
            except DomainError:
                assert world.one.state is before, "a refusal changes nothing"
            hold(world, before, sequence)
        event(world.one.state)
        session.rollback()


def hold(world: World, before: State, sequence: int) -> None:
    """What is so after every step."""
    one = world.one
    taken = set(world.session.scalars(select(BookedQuarter.starts_at)))
    assert one.state is before or rules.may_become(before, one.state)
    assert one.sequence >= sequence
    assert (one.closed_at is not None) is (one.state in rules.OVER)
    if one.state is State.CONFIRMED or (one.state is State.ACCEPTED and one.starts_at is not None):
        assert one.starts_at is not None
        assert taken == set(rules.quarters(one.starts_at, one.minutes))
    elif one.state in (State.ASKED, State.ACCEPTED) or (one.state in rules.OVER and one.state is not State.HAPPENED):
        assert taken == set()
    request = world.session.get_one(ConsultationRequest, one.request_id)
    if request.erased_at is not None:
        assert one.state in rules.OVER
        assert request.words_sealed is None
