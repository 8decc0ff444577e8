"""Saved searches: nothing without a yes, one letter a day about whoever is new, and nothing left when they end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, undefer

from config import Config
from directory import logs
from directory.alerts import queries, rules, service
from directory.alerts.models import SavedSearch
from directory.alerts.rules import Asked, Told
from directory.alerts.service import Draft
from directory.crypto import keyring, new_key
from directory.db import make_engine, writing
from directory.errors import Conflict, Gone, InvalidInput
from directory.jobs.runner import Work
from directory.jobs.table import JOBS
from directory.mail import suppression
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter, Why
from directory.screening.terms import Condition, PregnancyStatus
from directory.search import service as searching
from directory.search.loader import IndexHolder
from tests.db.search import people
from tests.db.search.people import NOW

SECRET = "s" * 40
DAY = timedelta(days=1)
PREGNANT = Told(
    pregnancy=PregnancyStatus.YES,
    due=NOW.date() + timedelta(days=140),
    conditions=frozenset({Condition.ANTICOAGULANT}),
)


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.install([new_key()])


@pytest.fixture
def town(session: Session) -> Session:
    people.reference(session)
    people.add(session, "already-there")
    session.flush()
    return session


def save(session: Session, *, email: str = "zoe@example.org", told: Told | None = None) -> SavedSearch | None:
    criteria = people.here()
    found = searching.fitting(session, criteria, known=(), most=0, now=NOW, holder=IndexHolder())
    draft = Draft(email=email, asked=Asked({"place": ("97214",)}, criteria), told=told, language="en_GB")
    return service.save(session, draft, secret=SECRET, known=found.everybody, now=NOW)


def token_of(session: Session, row: SavedSearch | None) -> str:
    assert row is not None
    return session.get_one(
        SavedSearch, row.id, options=[undefer(SavedSearch.token_sealed)], populate_existing=True
    ).token_sealed


def look(session: Session, row: SavedSearch | None, *, after: timedelta) -> int:
    assert row is not None
    done = service.look(session, row.id, holder=IndexHolder(), site_url="https://example.org", now=NOW + after)
    session.expire_all()
    return done


def letters(session: Session) -> list[Worded]:
    statement = select(OutgoingLetter).order_by(OutgoingLetter.id).options(undefer(OutgoingLetter.text_sealed))
    return [Worded.from_json(each.text_sealed or "") for each in session.scalars(statement)]


def test_nothing_is_sent_before_the_mailbox_said_yes(town: Session) -> None:
    row = save(town)
    people.add(town, "newcomer")
    assert look(town, row, after=DAY) == 0
    assert queries.to_look_at(town, now=NOW + DAY) == []
    (only,) = letters(town)
    assert only.path == f"/saved/{token_of(town, row)}"
    assert "97214" not in repr(only)


def test_whoever_is_new_is_named_once_and_at_most_daily(town: Session) -> None:
    row = save(town)
    service.confirm(town, token_of(town, row), now=NOW)
    assert look(town, row, after=DAY) == 0, "nobody is new"
    people.add(town, "newcomer")
    assert look(town, row, after=DAY + timedelta(hours=3)) == 0, "a day has not passed"
    assert queries.to_look_at(town, now=NOW + 2 * DAY) == [row.id if row else 0]
    assert look(town, row, after=2 * DAY) == 1
    assert look(town, row, after=2 * DAY) == 0, "a second run of the job finds nothing"
    assert look(town, row, after=4 * DAY) == 0
    said = letters(town)[-1]
    assert [each for each in said.paragraphs if "newcomer" in each]
    assert not [each for each in said.paragraphs if "already-there" in each]
    assert said.stop.endswith("/one-click")


def test_a_letter_names_ten_people_and_counts_the_others(town: Session) -> None:
    row = save(town)
    service.confirm(town, token_of(town, row), now=NOW)
    for number in range(rules.MOST_NAMED + 3):
        people.add(town, f"newcomer-{number}")
    assert look(town, row, after=DAY) == 1
    said = letters(town)[-1].paragraphs
    assert len([each for each in said if "newcomer" in each]) == rules.MOST_NAMED
    assert any("3 more" in each for each in said)
    assert look(town, row, after=3 * DAY) == 0


def test_what_was_kept_of_the_patient_shapes_the_letters_until_it_is_taken_back(town: Session) -> None:
    row = save(town, told=PREGNANT)
    token = token_of(town, row)
    service.confirm(town, token, now=NOW)
    people.add(town, "takes-nobody-pregnant")
    assert look(town, row, after=DAY) == 0
    service.forget_facts(town, token)
    assert look(town, row, after=2 * DAY) == 1
    assert any("is not kept with this search" in each for each in letters(town)[-1].paragraphs)
    kept = queries.by_token(town, token)
    assert (kept.facts_sealed, kept.facts_consent) == (None, None)


def test_a_stopped_search_leaves_nothing(town: Session) -> None:
    token = token_of(town, save(town))
    service.stop(town, token)
    service.stop(town, token)
    with pytest.raises(Gone):
        queries.by_token(town, token)
    with pytest.raises(Gone):
        service.confirm(town, token, now=NOW)
    assert town.scalar(select(func.count()).select_from(SavedSearch)) == 0


def test_what_nobody_said_yes_to_is_forgotten_after_seven_days(town: Session) -> None:
    save(town)
    assert service.forget(town, now=NOW + rules.UNCONFIRMED_KEPT - timedelta(seconds=1)) == 0
    assert service.forget(town, now=NOW + rules.UNCONFIRMED_KEPT) == 1


def test_after_a_year_it_is_asked_again_and_ends_without_an_answer(town: Session) -> None:
    silent, answered = save(town), save(town, email="bea@example.org")
    for each in (silent, answered):
        service.confirm(town, token_of(town, each), now=NOW)
        assert look(town, each, after=rules.ASK_AGAIN_AFTER) == 1
        assert look(town, each, after=rules.ASK_AGAIN_AFTER + 2 * DAY) == 0
    later = NOW + rules.ASK_AGAIN_AFTER + 3 * DAY
    service.confirm(town, token_of(town, answered), now=later)
    assert service.forget(town, now=later + rules.ANSWER_WITHIN) == 1
    assert answered is not None
    assert queries.by_token(town, token_of(town, answered)).confirmed_at == later


def test_a_mailbox_that_letters_do_not_reach_loses_its_searches(town: Session) -> None:
    row = save(town)
    service.confirm(town, token_of(town, row), now=NOW)
    save(town, email="bea@example.org")
    suppression.note(town, "Zoe@example.org", status="5.1.1", for_good=True, why=Why.BOUNCED, now=NOW)
    assert service.forget(town, now=NOW) == 1
    assert town.scalar(select(func.count()).select_from(SavedSearch)) == 1


def test_a_mailbox_is_asked_a_few_times_a_day_and_nobody_can_tell(town: Session) -> None:
    made = [save(town, email=each) for each in ("zoe@example.org", "ZOE@example.org", "zoe@Example.org")]
    assert all(made)
    assert save(town) is None
    assert len(letters(town)) == rules.MOST_UNCONFIRMED_A_DAY
    assert save(town, email="bea@example.org") is not None


def test_what_is_no_address_is_refused_at_its_field(town: Session) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(town, email="zoe@example.org\nBcc: bea@example.org")
    assert refused.value.field == "email"
    assert letters(town) == []


def test_everything_of_a_mailbox_is_erased_at_once(town: Session) -> None:
    save(town)
    save(town, email="bea@example.org")
    assert service.erase(town, {"zoe@example.org"}) == 1
    assert [each.email_sealed for each in queries.everything(town)] == ["bea@example.org"]


def test_no_column_tells_who_saved_what(town: Session) -> None:
    save(town, told=PREGNANT)
    (raw,) = town.execute(text("SELECT * FROM saved_search")).all()
    for value in map(str, raw):
        for canary in ("zoe", "97214", "Portland", "US-OR", "45.5", "yes", "anticoagulant"):
            assert canary not in value


def test_the_job_writes_once_however_often_it_runs(upgraded_database: str, tmp_path: Path) -> None:
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = make_engine(upgraded_database)
    job = next(each for each in JOBS if each.name == "saved_searches")
    work = Work(engine=engine, config=config, clock=lambda: NOW + 2 * DAY, stopping=lambda: False)
    with Session(engine) as session:
        writing(session)
        people.reference(session)
        row = save(session)
        service.confirm(session, token_of(session, row), now=NOW)
        people.add(session, "newcomer")
        session.commit()
    assert [job.run(work), job.run(work)] == [1, 0]
    with Session(engine) as session:
        assert any("newcomer" in each for each in letters(session)[-1].paragraphs)
    engine.dispose()


def test_a_search_that_fails_keeps_no_other_from_its_letter(
    upgraded_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config.from_environment({}, cwd=tmp_path)
    keyring.install(config.encryption_keys)
    engine = make_engine(upgraded_database)
    job = next(each for each in JOBS if each.name == "saved_searches")
    work = Work(engine=engine, config=config, clock=lambda: NOW + 2 * DAY, stopping=lambda: False)
    with Session(engine) as session:
        writing(session)
        people.reference(session)
        for name in ("canary", "second"):
            row = save(session, email=f"{name}@example.org")
            service.confirm(session, token_of(session, row), now=NOW)
        session.execute(
            update(SavedSearch)
            .where(SavedSearch.id == select(func.min(SavedSearch.id)).scalar_subquery())
            .values(search_sealed="damaged")
        )
        people.add(session, "newcomer")
        session.commit()
    logs.configure("info")
    try:
        with pytest.raises(Conflict, match="1 of 2 failed"):
            job.run(work)
    finally:
        logs.configure("error")
    with Session(engine) as session:
        assert sum(any("newcomer" in line for line in each.paragraphs) for each in letters(session)) == 1
    log = capsys.readouterr().err
    assert "one_failed" in log
    assert not [each for each in ("canary", "damaged", "97214") if each in log]
    engine.dispose()
