"""Match for me: from what was told to one request to up to three people, and what is said after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session, undefer

from config import Config
from directory.app import DirectoryApp, create_app
from directory.consultations import queries
from directory.consultations.models import Consultation, ConsultationRequest, ConsultationSetting
from directory.consultations.rules import Told
from directory.consultations.terms import Order, State
from directory.credentials.models import Credential
from directory.crypto import keyring
from directory.mail.letters import Worded
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from directory.screening.terms import Concern, Condition
from tests.web import population, ready
from tests.web.client import Client, Page
from tests.web.conftest import Clock

HERE = "/search?place=97214"
TO_ONE = "/match?place=97214&who=whole-pregnancy"
FIELDS = {
    "name": "Maria",
    "email": "maria@example.org",
    "telephone": "503 555 0100",
    "talk": "phone",
    "first": "2026-11-25T10:30",
    "second": "2026-11-26T18:00",
    "words": "My legs keep me awake.",
    "of_age": "y",
    "consent": "y",
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("match")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def visitor(app: DirectoryApp) -> Client:
    return Client(app)


@pytest.fixture
def db(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


def told(client: Client, pregnancy: str, weeks: str = "") -> None:
    """Answer the pregnancy question above the list."""
    client.submit(client.get(HERE), "/search/about-you", {"pregnancy": pregnancy, "weeks": weeks, "due": ""})


def written(client: Client, *slugs: str) -> Page:
    """The form of a request to these people."""
    return client.get("/match/write?place=97214" + "".join(f"&who={slug}" for slug in slugs))


def sent(client: Client, *slugs: str, **fields: str) -> Page:
    """Send a request to these people, and read what comes next."""
    return client.follow(client.submit(written(client, *slugs), "/match/write", FIELDS | fields))


def requests(db: Session) -> list[ConsultationRequest]:
    db.rollback()
    return list(db.scalars(select(ConsultationRequest).order_by(ConsultationRequest.id)))


def asked(db: Session) -> list[tuple[str, State]]:
    """Who was asked, and where it stands."""
    db.rollback()
    rows = db.execute(select(Practitioner.slug, Consultation.state).join(Practitioner).order_by(Consultation.position))
    return [(slug, state) for slug, state in rows]


def nothing_sent(db: Session) -> bool:
    db.rollback()
    letters = db.scalar(select(func.count()).select_from(OutgoingLetter))
    return not requests(db) and not letters


# --- the way --------------------------------------------------------------------------------------------------------


def test_from_the_first_page_to_a_sent_request_are_five_screens(visitor: Client, db: Session) -> None:
    first = visitor.get("/")
    second = visitor.follow(visitor.submit(first, "/", {"place": "97214", "pregnancy": "no"}))
    third = visitor.get(next(each for each in second.links() if each.startswith("/match?")))
    who = [each.get("value", "") for each in third.all("input") if each.get("name") == "who"][:3]
    fourth = written(visitor, *who)
    fifth = visitor.follow(visitor.submit(fourth, "/match/write", FIELDS))
    assert "Your request is sent" in fifth.words()
    assert [state for _, state in asked(db)] == [State.ASKED] * 3


def test_the_shortlist_comes_first_and_is_ticked(visitor: Client) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get(HERE), "/shortlist/add", {"who": "practitioner-07"})
    page = visitor.get("/match?place=97214")
    boxes = [each for each in page.all("input") if each.get("name") == "who"]
    assert boxes[0].get("value") == "practitioner-07"
    assert [each.get("value") for each in boxes if each.get("checked") is not None] == ["practitioner-07"]
    assert len({each.get("value") for each in boxes}) == len(boxes) > 5


def test_the_button_of_a_card_and_of_a_profile_lead_to_the_same_form(visitor: Client) -> None:
    told(visitor, "no")
    listed = visitor.get(HERE)
    slug = listed.slugs()[0]
    card = next(each for each in listed.links() if each.endswith(f"who={slug}"))
    profile = next(each for each in visitor.get(f"/practitioners/{slug}").links() if each.startswith("/match"))
    placed = visitor.submit(visitor.get(profile), "/match", {"place": "97214"}, 200)
    for page in (visitor.get(card), placed):
        ticked = [each.get("value") for each in page.all("input") if each.get("checked") is not None]
        assert ticked == [slug]


def test_who_takes_no_requests_is_marked_and_cannot_be_asked(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    person = db.scalars(select(Practitioner).where(Practitioner.slug == "whole-pregnancy")).one()
    setting = ConsultationSetting(
        practitioner_id=person.id,
        most_open=5,
        most_a_week=None,
        phone=True,
        video=False,
        in_person=True,
        minutes=30,
        not_before=population.TODAY + timedelta(days=20),
        stated_at=population.NOW,
    )
    db.add(setting)
    db.commit()
    page = visitor.get(TO_ONE)
    assert "Takes no requests until December 13, 2026" in page.words()
    assert "whole-pregnancy" not in [each.get("value") for each in page.all("input")]
    refused = visitor.get("/match/write?place=97214&who=whole-pregnancy", 422)
    assert "cannot be asked now" in refused.words()


# --- what must be answered first ------------------------------------------------------------------------------------


def test_no_request_is_written_before_the_pregnancy_question_is_answered(visitor: Client, db: Session) -> None:
    page = visitor.get(TO_ONE)
    assert "Nothing is sent before you answer." in page.words()
    assert not [each for each in page.all("input") if each.get("name") == "who"]
    visitor.get("/match/write?place=97214&who=whole-pregnancy", 422)
    empty = visitor.submit(page, "/match/about-you", {}, 422)
    assert "pregnancy" in empty.errors_at()
    wrong = visitor.submit(page, "/match/about-you", {"pregnancy": "yes", "weeks": "500"}, 422)
    assert set(wrong.errors_at()) == {"weeks"}
    assert 'value="500"' in wrong.text
    answered = visitor.follow(visitor.submit(page, "/match/about-you", {"pregnancy": "yes", "weeks": "20"}))
    ticked = [each.get("value") for each in answered.all("input") if each.get("checked") is not None]
    assert ticked == ["whole-pregnancy"]


def test_an_answer_that_was_forgotten_meanwhile_stops_the_sending(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    page = written(visitor, "whole-pregnancy")
    visitor.inner.delete_cookie("about_you")
    assert "One question first" in visitor.submit(page, "/match/write", FIELDS, 422).words()
    assert nothing_sent(db)


def test_after_the_due_date_the_question_is_asked_again(visitor: Client, db: Session, clock: Clock) -> None:
    told(visitor, "yes", "39")
    clock.now = population.NOW + timedelta(hours=20)
    assert "Is this right?" in visitor.get(TO_ONE).words()
    told(visitor, "yes", "40")
    page = written(visitor, "whole-pregnancy")
    clock.now += timedelta(hours=23)
    refused = visitor.submit(page, "/match/write", FIELDS, 422)
    assert "Has your baby been born?" in refused.words()
    assert nothing_sent(db)


def test_a_warning_sign_stops_it(visitor: Client) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get("/about-you/2?place=97214"), "/about-you/2", {"signs": "fever"})
    page = visitor.get(TO_ONE)
    assert "Please get help now" in page.words()
    assert "911" in page.words()
    visitor.get("/match/write?place=97214&who=whole-pregnancy", 422)


# --- the form -------------------------------------------------------------------------------------------------------


def test_nothing_is_ticked_beforehand(visitor: Client) -> None:
    told(visitor, "yes", "20")
    page = written(visitor, "whole-pregnancy")
    ticked = [each.get("name") for each in page.all("input") if each.get("checked") is not None]
    assert ticked == []
    assert page.by_id("consent").get("checked") is None
    assert "What I said about pregnancy" in page.words()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Maria\u2028Bcc: all"),
        ("email", "maria"),
        ("talk", ""),
        ("talk", "telepathy"),
        ("telephone", ""),
        ("first", ""),
        ("first", "soon"),
        ("first", "2026-11-23T10:30"),
        ("first", "2027-11-25T10:30"),
        ("first", "2026-11-25T10:31"),
        ("second", "2026-11-25T10:30"),
        ("words", "x" * 1501),
        ("words", "http://a.example http://b.example http://c.example http://d.example http://e.example"),
        ("of_age", ""),
        ("consent", ""),
        ("website", "x"),
    ],
)
def test_what_cannot_be_used_comes_back_as_it_was_typed_and_nobody_is_asked(
    visitor: Client, db: Session, field: str, value: str
) -> None:
    told(visitor, "no")
    page = visitor.submit(written(visitor, "whole-pregnancy"), "/match/write", FIELDS | {field: value}, 422)
    assert field in page.errors_at() or field == "website"
    assert "My legs keep me awake." in page.text or field == "words"
    assert page.by_id("consent").get("checked") is None or field != "consent"
    assert nothing_sent(db)


def test_only_what_was_ticked_is_shared(visitor: Client, db: Session) -> None:
    told(visitor, "yes", "20")
    sent(visitor, "whole-pregnancy", telephone="1", shared="pregnancy")
    sent(visitor, "whole-pregnancy", email="bea@example.org", words="Another.")
    shown = []
    for each in requests(db):
        whole = queries.of_request(db, each.id)[0].request
        revealed = queries.revealed(whole)
        assert revealed is not None
        shown.append(revealed.told.pregnancy.value)
    assert shown == ["yes", "not_answered"]


def shared(db: Session) -> Told:
    """What the people asked see of the newest request."""
    found = queries.revealed(queries.of_request(db, requests(db)[-1].id)[0].request)
    assert found is not None
    return found.told


def test_a_concern_and_how_one_is_with_needles_are_offered_by_name_and_shared_when_ticked(
    visitor: Client, db: Session
) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get("/about-you/3?place=97214"), "/about-you/3", {"health": "cancer"})
    visitor.submit(visitor.get("/about-you/4?place=97214"), "/about-you/4", {"needles": "nervous"})
    page = written(visitor, "whole-pregnancy")
    assert "What else I ticked about my health (Cancer, now or before)" in page.words()
    assert "How I am with needles (Nervous of needles, or fainted once)" in page.words()
    boxes = [each for each in page.all("input") if each.get("name") == "shared"]
    assert [each.get("value") for each in boxes] == ["health", "needles"]
    assert not [each for each in boxes if each.get("checked") is not None]
    sent(visitor, "whole-pregnancy", shared="needles")
    assert shared(db) == Told(concerns=frozenset({Concern.NEEDLE_NERVES}))
    sent(visitor, "whole-pregnancy", words="Another.", shared="health")
    assert shared(db) == Told(concerns=frozenset({Concern.CANCER}))
    sent(visitor, "whole-pregnancy", words="And another.")
    assert shared(db) == Told()


def test_that_somebody_cannot_have_needles_can_be_shared(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get("/about-you/4?place=97214"), "/about-you/4", {"needles": "none"})
    assert "How I am with needles (No needles)" in written(visitor, "whole-pregnancy").words()
    sent(visitor, "whole-pregnancy", shared="needles")
    assert shared(db) == Told(conditions=frozenset({Condition.NEEDLE_PHOBIA}))


def test_what_was_ticked_about_a_pregnancy_has_a_tick_of_its_own(visitor: Client, db: Session) -> None:
    told(visitor, "yes", "20")
    visitor.submit(visitor.get("/about-you/3?place=97214"), "/about-you/3", {"health": "multiple_pregnancy"})
    boxes = [
        each.get("value") for each in written(visitor, "whole-pregnancy").all("input") if each.get("name") == "shared"
    ]
    assert boxes == ["pregnancy", "expecting"]
    sent(visitor, "whole-pregnancy", shared="pregnancy")
    assert shared(db).concerns == frozenset()
    sent(visitor, "whole-pregnancy", words="Another.", shared="expecting")
    assert shared(db) == Told(concerns=frozenset({Concern.TWINS_OR_MORE}))


def test_the_people_asked_offer_the_ways_to_talk(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    words = written(visitor, "whole-pregnancy").words()
    assert "By telephone" in words
    assert "By video" not in words


def test_one_after_another_asks_the_first_alone(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    page = sent(visitor, "whole-pregnancy", "under-order", order="in_order", limit_hours="24")
    assert asked(db) == [("whole-pregnancy", State.ASKED), ("under-order", State.QUEUED)]
    assert requests(db)[0].asking_order is Order.IN_ORDER
    assert "Whoever is asked has 24 hours" in page.words()


def test_under_age_a_guardian_sends_it(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get("/about-you/5?place=97214"), "/about-you/5", {"age_group": "younger", "years": "13"})
    whom = "whole-pregnancy"
    assert "does not take on people of your age" in visitor.get(TO_ONE).words()
    db.execute(update(Practitioner).where(Practitioner.slug == whom).values(min_patient_age=12))
    db.commit()
    refused = visitor.submit(written(visitor, whom), "/match/write", FIELDS, 422)
    assert "guardian" in refused.errors_at()
    assert nothing_sent(db)
    sent(visitor, whom, guardian="Rosa Alvarez")
    assert len(requests(db)) == 1


def test_a_form_sent_empty_says_everything_that_is_missing_at_once(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    empty = dict.fromkeys(FIELDS, "")
    refused = visitor.submit(written(visitor, "whole-pregnancy"), "/match/write", empty, 422)
    assert {"name", "email", "talk", "first", "of_age", "consent"} <= set(refused.errors_at())
    assert nothing_sent(db)


@pytest.mark.parametrize("query", ["", "&who=a&who=b&who=c&who=d", "&who=<b>"])
def test_none_and_more_than_three_are_refused(visitor: Client, query: str) -> None:
    told(visitor, "no")
    assert "Please choose" in visitor.get(f"/match/write?place=97214{query}", 422).words()


def lapse(db: Session, slug: str) -> None:
    """Have their papers end before today."""
    person = db.scalars(select(Practitioner.id).where(Practitioner.slug == slug)).one()
    expired = population.TODAY - timedelta(days=3)
    db.execute(update(Credential).where(Credential.practitioner_id == person).values(expires=expired))
    db.commit()


def asks_with_the_same_words(client: Client, refused: Page) -> Page:
    """What comes after the first button that asks somebody else with what was written."""
    button = next(each for each in refused.all("button") if each.get("formaction"))
    data = refused.fields(refused.form("/match/write"))
    data.setlist(button.get("name", ""), [button.get("value", "")])
    return client.post(button.get("formaction", ""), 200, data=data)


@pytest.mark.parametrize("chosen", [("whole-pregnancy", "under-order"), ("whole-pregnancy",)])
def test_who_lapsed_while_it_was_written_is_not_asked_and_what_was_written_can_go_to_others(
    visitor: Client, db: Session, chosen: tuple[str, ...]
) -> None:
    told(visitor, "no")
    page = written(visitor, *chosen)
    lapse(db, "whole-pregnancy")
    refused = visitor.submit(page, "/match/write", FIELDS, 422)
    assert "not listed any more" in refused.words()
    assert nothing_sent(db)
    again = asks_with_the_same_words(visitor, refused)
    assert nothing_sent(db), "whoever is asked is seen before anything is sent"
    kept = again.fields(again.form("/match/write"))
    assert {name: kept.get(name) for name in FIELDS} == FIELDS
    visitor.submit(again, "/match/write")
    [(slug, state)] = asked(db)
    assert (slug != "whole-pregnancy", state) == (True, State.ASKED)


def test_a_day_in_a_week_that_they_do_not_take_on_is_named(visitor: Client, db: Session) -> None:
    told(visitor, "yes", "38")
    page = visitor.get("/match?place=97214")
    whom = next(each.get("value") or "" for each in page.all("input") if "practitioner" in (each.get("value") or ""))
    late = {"first": "2026-12-21T10:30", "second": ""}
    refused = visitor.submit(written(visitor, whom), "/match/write", FIELDS | late, 422)
    assert "in the week of one of these times. Nothing was sent to anybody." in refused.words()
    assert nothing_sent(db)


def test_a_flood_from_one_mailbox_and_from_one_network_ends(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    for number in range(3):
        sent(visitor, "whole-pregnancy", words=f"Request {number}")
    page = written(visitor, "whole-pregnancy")
    full = visitor.submit(page, "/match/write", FIELDS | {"words": "Request 4"}, 429)
    assert "as many requests as one mailbox can send in a day" in full.words()
    assert "Request 4</textarea>" in full.text
    for number in range(8):
        visitor.inner.post(
            f"/match/write?place=97214&who=practitioner-0{number + 1}",
            data=dict(page.fields(page.form("/match/write"))) | FIELDS | {"email": f"maria{number}@example.org"},
        )
    last = visitor.submit(page, "/match/write", FIELDS | {"email": "x@example.org"}, 429)
    assert int(last.response.headers["Retry-After"]) > 0


def test_what_was_refused_counts_like_what_was_sent(visitor: Client, db: Session) -> None:
    told(visitor, "yes", "38")
    page = visitor.get("/match?place=97214")
    whom = next(each.get("value") or "" for each in page.all("input") if "practitioner" in (each.get("value") or ""))
    form, late = written(visitor, whom), FIELDS | {"first": "2026-12-21T10:30", "second": ""}
    for _ in range(10):
        visitor.submit(form, "/match/write", late, 422)
    assert "came from your network" in visitor.submit(form, "/match/write", late, 429).words()
    assert nothing_sent(db)


def test_times_are_meant_by_the_clock_of_the_place_or_by_the_one_that_was_chosen(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    page = written(visitor, "whole-pregnancy")
    assert page.fields(page.form("/match/write"))["timezone"] == "America/Los_Angeles"
    assert "it is" not in page.words(page.by_id("times-hint"))
    wrong = visitor.submit(page, "/match/write", FIELDS | {"timezone": "America/New_York", "first": ""}, 422)
    assert "When it is 12 noon for you, it is 9:00 AM" in wrong.words(wrong.by_id("times-hint"))
    assert wrong.fields(wrong.form("/match/write"))["timezone"] == "America/New_York"
    refused = visitor.submit(page, "/match/write", FIELDS | {"timezone": "Mars/Olympus"}, 422)
    assert set(refused.errors_at()) == {"timezone"}
    after = sent(visitor, "whole-pregnancy", timezone="America/New_York", first="2026-11-25T13:30", second="")
    assert "Wednesday, November 25, 2026, 1:30 PM (Eastern Standard Time)" in after.words()
    assert "Wednesday, November 25, 2026, 10:30 AM (Pacific Standard Time)" in after.words()
    assert [each.timezone for each in requests(db)] == ["America/New_York"]


def test_pressing_twice_sends_once(visitor: Client, db: Session) -> None:
    told(visitor, "no")
    page = written(visitor, "whole-pregnancy")
    for _ in range(2):
        visitor.submit(page, "/match/write", FIELDS)
    assert len(requests(db)) == 1


# --- after it -------------------------------------------------------------------------------------------------------


def test_the_page_after_it_says_what_comes_next_and_when(visitor: Client, db: Session) -> None:
    told(visitor, "yes", "20")
    page = sent(visitor, "whole-pregnancy")
    words = page.words()
    assert "Pregnant: yes, 20 weeks today." in page.words(page.by_id("made-for"))
    assert "Wednesday, November 25, 2026, 10:30" in words
    assert "Whole Pregnancy: an answer is due by Wednesday, November 25, 2026" in words
    assert "the others are told that it went elsewhere" in words
    assert "Open the letter we have just sent you" in words


def test_the_page_after_it_is_for_this_browser_and_an_hour(visitor: Client, app: DirectoryApp, clock: Clock) -> None:
    told(visitor, "no")
    sent(visitor, "whole-pregnancy")
    Client(app).get("/match/sent", 410)
    clock.now += timedelta(minutes=59)
    visitor.get("/match/sent")
    clock.now += timedelta(minutes=2)
    visitor.get("/match/sent", 410)


def test_the_anticoagulant_sentence_stands_in_the_request_and_its_confirmation(visitor: Client) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get("/about-you/3?place=97214"), "/about-you/3", {"health": "anticoagulant"})
    sentence = "Tell whoever manages your anticoagulant, and do not change the dose yourself."
    assert sentence in visitor.get(TO_ONE).words()
    assert sentence in written(visitor, "whole-pregnancy").words()
    assert sentence in sent(visitor, "whole-pregnancy").words()


def test_what_to_raise_about_a_concern_stands_in_the_request_and_its_confirmation(visitor: Client) -> None:
    told(visitor, "no")
    visitor.submit(visitor.get("/about-you/4?place=97214"), "/about-you/4", {"needles": "nervous"})
    sentence = "Say so before the first one."
    assert sentence in visitor.get(TO_ONE).words()
    assert sentence in written(visitor, "whole-pregnancy").words()
    assert sentence in sent(visitor, "whole-pregnancy").words()


def test_no_letter_names_a_health_fact(visitor: Client, db: Session) -> None:
    told(visitor, "yes", "20")
    sent(visitor, "practitioner-04", shared="pregnancy", words="canary-words")
    rows = db.scalars(select(OutgoingLetter).options(undefer(OutgoingLetter.text_sealed))).all()
    assert len(rows) == 1
    for row in rows:
        letter = Worded.from_json(row.text_sealed or "")
        said = " ".join([letter.subject, *letter.paragraphs, *letter.closing, letter.path]).lower()
        assert not [each for each in ("pregnan", "canary", "week", "legs") if each in said]


# --- what it costs --------------------------------------------------------------------------------------------------


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


BUDGETS = {
    "/": 0,
    HERE: 4,
    "/match?place=97214": 10,
    "/match/write?place=97214&who=whole-pregnancy&who=under-order&who=practitioner-07": 7,
    "/match/sent": 2,
    "/compare?place=97214": 4,
    "/saved/new?place=97214": 1,
}
"""Statements of each page, the shortlist holding three people."""


def test_every_page_of_the_way_keeps_to_its_budget(visitor: Client, app: DirectoryApp) -> None:
    told(visitor, "no")
    for slug in ("whole-pregnancy", "under-order", "practitioner-07"):
        visitor.submit(visitor.get(HERE), "/shortlist/add", {"who": slug})
    sent(visitor, "whole-pregnancy")
    spent = {}
    for address in BUDGETS:
        with counted(app.database.engine) as statements:
            visitor.get(address)
        spent[address] = len(statements)
    assert {urlsplit(each).path: spent[each] for each in spent if spent[each] > BUDGETS[each]} == {}, spent


def test_many_who_send_at_once_are_all_taken_and_nothing_is_lost(
    app: DirectoryApp, visitor: Client, db: Session
) -> None:
    told(visitor, "no")
    choosing = visitor.get("/match?place=97214")
    people = [each.get("value", "") for each in choosing.all("input") if each.get("name") == "who"][:4]
    page = written(visitor, people[0])
    typed = page.fields(page.form("/match/write")).to_dict() | FIELDS
    cookies = page.response.request.headers["Cookie"]
    together = threading.Barrier(12)

    def send(number: int) -> int:
        together.wait(60)
        return (
            app.test_client(use_cookies=False)
            .post(
                f"/match/write?place=97214&who={people[number % len(people)]}",
                data=typed | {"email": f"p{number}@example.org"},
                headers={"Cookie": cookies},
                environ_overrides={"REMOTE_ADDR": f"10.0.{number}.1"},
            )
            .status_code
        )

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(send, range(12)))
    assert answers == [303] * 12
    addresses = db.scalars(select(ConsultationRequest).options(undefer(ConsultationRequest.email_sealed)))
    assert sorted(str(each.email_sealed) for each in addresses) == sorted(f"p{each}@example.org" for each in range(12))
    whom = db.execute(select(Practitioner.slug, func.count()).join(Consultation).group_by(Practitioner.slug)).all()
    assert sorted(tuple(each) for each in whom) == [(slug, 3) for slug in sorted(people)]
    letters = db.scalar(
        select(func.count()).select_from(OutgoingLetter).where(OutgoingLetter.purpose == "talk_requested")
    )
    assert letters == 12
