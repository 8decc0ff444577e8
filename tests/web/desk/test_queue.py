"""The desk's queue: oldest and riskiest first, narrowed by its address, taken by one and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

import pytest
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from config import Config
from directory.accounts.terms import Role
from directory.app import DirectoryApp, create_app
from directory.cases import service as cases
from directory.cases.models import Case, Contact, DeskView
from directory.cases.terms import Kind, Risk
from directory.credentials import service as credentials
from directory.crypto import keyring
from directory.practitioners import service as practitioners
from directory.practitioners.premises import service as premises
from tests.factories import licence_draft, person_draft, place_draft, reference
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

NOW = population.NOW
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_tables(config.database_url)
    with Session(engine) as session:
        reference(session)
        session.commit()
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def session(app: DirectoryApp, clock: Clock) -> Iterator[Session]:
    """A desk with nothing on it."""
    clock.now = NOW
    with Session(app.database.engine) as session:
        session.execute(delete(Case))
        session.execute(delete(DeskView))
        session.commit()
        yield session


@pytest.fixture
def verifier(app: DirectoryApp, session: Session) -> Client:
    client = Client(app)
    sign_in(client, email="vera@example.org", roles=(Role.VERIFIER,))
    return client


@pytest.fixture
def colleague(app: DirectoryApp, session: Session) -> Client:
    client = Client(app)
    sign_in(client, email="colm@example.org", roles=(Role.VERIFIER,))
    return client


def licence_of(session: Session, name: str, *, number: str = "AC1234", jurisdiction: str = "US-OR") -> Case:
    """A licence of somebody new that waits to be looked at."""
    person = practitioners.register(session, person_draft(display_name=name), now=NOW)
    premises.add_place(session, place_draft(person.id))
    paper = credentials.record(
        session, licence_draft(person.id, number=number, jurisdiction=jurisdiction, check=None), now=NOW
    )
    case = cases.open_for(
        session, Kind.LICENCE, f"credential:{paper.id}", about=person.id, jurisdiction=jurisdiction, now=NOW
    )
    session.commit()
    return case


def opened(session: Session, kind: Kind, subject: str, **facts: object) -> Case:
    """A case with these columns."""
    case = cases.open_for(session, kind, subject, now=NOW)
    for name, value in facts.items():
        setattr(case, name, value)
    session.commit()
    return case


def listed(page: Page) -> list[int]:
    """The cases of the list, in its order."""
    return [
        int(each.get("id", "").removeprefix("case-")) for each in page.all("li") if each.get("data-line") is not None
    ]


def line(page: Page, case: Case) -> str:
    return page.words(page.by_id(f"case-{case.id}"))


def test_a_line_says_whom_what_since_when_how_late_and_why(verifier: Client, session: Session, clock: Clock) -> None:
    late = licence_of(session, "Zoë O’Neill-Ng", number="AC998877")
    harm = opened(session, Kind.HARM, "complaint:1", due=NOW + 5 * HOUR)
    asked = opened(session, Kind.LICENCE, "credential:999999", waiting_since=NOW - timedelta(days=20))
    soon = opened(session, Kind.PHOTO, "practitioner:999999", due=NOW + 60 * HOUR)
    late.due = NOW - 3 * HOUR
    session.commit()
    page = verifier.get("/desk")
    assert listed(page) == [harm.id, late.id, soon.id]
    words = line(page, late)
    for told in (
        "License Zoë O’Neill-Ng",
        "Oregon acupuncture license, number AC998877",
        "Portland, US",
        "Overdue by 3 hours",
        "since Nov 23",
        "Risk: Usual nobody is listed before it was checked",
    ):
        assert told in words, words
    assert "Risk: Urgent somebody may be hurt" in line(page, harm)
    assert "Due in 5 hours" in line(page, harm)
    assert "Due in 2 days" in line(page, soon)
    waiting = verifier.get("/desk?state=waiting")
    assert listed(waiting) == [asked.id]
    assert "Waiting for the practitioner since Nov 3" in line(waiting, asked)


def test_numbers_stand_beside_piles_and_kinds(verifier: Client, session: Session) -> None:
    for number in range(3):
        opened(session, Kind.PHOTO, f"practitioner:{number}")
    opened(session, Kind.LICENCE, "credential:1", due=NOW - HOUR)
    opened(session, Kind.LICENCE, "credential:2", waiting_since=NOW)
    opened(session, Kind.SECOND_LOOK, "decision:1", not_by=5)
    closed = opened(session, Kind.LICENCE, "credential:3")
    cases.end(session, closed, now=NOW - timedelta(days=3))
    session.commit()
    page = verifier.get("/desk")
    words = page.words(next(each for each in page.all("nav") if each.get("aria-label") == "Which cases"))
    assert words == ("To do 5 Overdue 1 Waiting for an answer 1 Taken by me 0 Given to me 0"
                     " For a second person 1 Decided lately 1")  # fmt: skip
    side = page.words(next(page.all("aside")))
    assert "License 1 Photo 3 Second look 1" in side
    assert "Complaint" not in side
    assert page.words(next(page.all("h1"))) == "To do"
    assert "5 cases" in page.words()
    narrow = verifier.get("/desk?state=open&risk=low")
    assert "To do 4 Overdue 0 Waiting for an answer 0" in narrow.words()
    decided = verifier.get("/desk?state=decided")
    assert listed(decided) == [closed.id]
    assert "Closed without a decision" in line(decided, closed)


def test_an_address_narrows_the_list(verifier: Client, session: Session) -> None:
    oregon = licence_of(session, "Juniper Underhill")
    york = licence_of(session, "Ash 100% Hillside", jurisdiction="US-NY")
    photo = opened(session, Kind.PHOTO, "practitioner:1", opened_at=NOW - timedelta(days=9), risk=Risk.HIGH)
    for query, expected in {
        "kind=photo": [photo],
        "kind=photo&kind=licence": [photo, oregon, york],
        "jurisdiction=US-NY": [york],
        "risk=high": [photo],
        "name=hill+juni": [oregon],
        "name=100%25": [york],
        "before=2026-11-20": [photo],
        "kind=licence&jurisdiction=US-OR&name=under": [oregon],
        "state=overdue": [],
        "state=open&kind=licence&jurisdiction=US-OR&risk=&name=&before=": [oregon],
    }.items():
        assert listed(verifier.get(f"/desk?{query}")) == [each.id for each in expected], query


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "kind=licence&kind=x", "jurisdiction=XX", "risk=9", "before=yesterday", "after=1-2", "name=%00",
     f"name={'a' * 101}", "after=9-1-1", "before=0001-01-01&after=0-1-999999999999999999"],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_told_and_the_rest_holds(verifier: Client, session: Session, query: str) -> None:
    case = licence_of(session, "Juniper Underhill")
    good = query.startswith("before=0001")
    page = verifier.get(f"/desk?{query}", 200 if good else 422)
    if not good:
        assert "Please check what you wrote" in page.words()
        assert listed(page) == [case.id]


def test_pages_follow_each_other_without_gap_or_repeat(verifier: Client, session: Session) -> None:
    made = [opened(session, Kind.PHOTO, f"practitioner:{number}", due=NOW + number % 7 * HOUR) for number in range(60)]
    page, seen = verifier.get("/desk?kind=photo&state=open"), []
    while True:
        seen += listed(page)
        if page.next_page() is None:
            break
        page = verifier.get(page.next_page() or "")
    assert seen == [case.id for case in sorted(made, key=lambda case: (case.due, case.id))]


def test_what_somebody_took_is_theirs_for_half_an_hour(
    verifier: Client, colleague: Client, session: Session, clock: Clock
) -> None:
    case = licence_of(session, "Juniper Underhill")
    page = colleague.get("/desk?state=open")
    verifier.follow(verifier.submit(verifier.get("/desk"), "/desk/take", {"case": str(case.id)}))
    mine = verifier.get("/desk?state=mine")
    assert listed(mine) == [case.id]
    assert "Yours until 20:30 UTC" in line(mine, case)
    refused = colleague.submit(page, "/desk/take", {"case": str(case.id)}, 409)
    assert "vera@example.org is working on this until 20:30 UTC. Nothing was taken." in refused.words()
    assert "With vera@example.org until 20:30 UTC" in line(refused, case)
    clock.now = NOW + timedelta(minutes=31)
    for client, email in ((verifier, "vera@example.org"), (colleague, "colm@example.org")):
        sign_in(client, email=email, roles=(Role.VERIFIER,))
    colleague.submit(page, "/desk/take", {"case": str(case.id)})
    assert listed(verifier.get("/desk?state=mine")) == []
    assert listed(colleague.get("/desk?state=mine")) == [case.id]
    colleague.submit(colleague.get("/desk?state=mine"), "/desk/release", {"case": str(case.id)})
    assert listed(colleague.get("/desk?state=mine")) == []


def test_of_several_those_are_taken_that_are_free(
    app: DirectoryApp, verifier: Client, colleague: Client, session: Session
) -> None:
    first, second, third = (opened(session, Kind.PHOTO, f"practitioner:{number}") for number in range(3))
    page = colleague.get("/desk?state=open")
    verifier.submit(verifier.get("/desk"), "/desk/take", {"case": str(second.id)})
    token = page.fields(page.by_id("ticked"))["csrf_token"]
    sent = {"csrf_token": token, "case": [str(each.id) for each in (first, second, third)]}
    answer = colleague.post("/desk/take?state=open", 303, data=sent)
    assert urlsplit(answer.response.headers["Location"]).path == "/desk"
    told = colleague.follow(answer)
    assert "1 case was left as it was" in told.words()
    assert listed(colleague.get("/desk?state=mine")) == [first.id, third.id]
    assert "No case was ticked" in colleague.post("/desk/take", 422, data={"csrf_token": token}).words()
    colleague.post("/desk/take", 422, data={"csrf_token": token, "case": "1" * 30})
    colleague.post("/desk/take", 404, data={"csrf_token": token, "case": "999999"})


def test_next_leads_through_a_filter_one_by_one(verifier: Client, colleague: Client, session: Session) -> None:
    oregon = [licence_of(session, f"Person {number}") for number in range(3)]
    licence_of(session, "Elsewhere", jurisdiction="US-NY")
    account = sign_in(verifier, email="vera@example.org", roles=(Role.VERIFIER,))
    own = opened(session, Kind.LICENCE, "credential:999", jurisdiction="US-OR", not_by=account)
    query = "state=open&kind=licence&jurisdiction=US-OR"
    page = verifier.get(f"/desk?{query}")
    assert own.id in listed(page)
    went = [verifier.submit(page, "/desk/next"), colleague.submit(colleague.get(f"/desk?{query}"), "/desk/next")]
    went += [verifier.submit(page, "/desk/next")]
    assert [each.response.headers["Location"] for each in went] == [f"/desk/cases/{case.id}?{query}" for case in oregon]
    nothing = verifier.submit(page, "/desk/next")
    assert "Nothing in this list is free" in verifier.follow(nothing).words()
    mine = verifier.get("/desk?state=mine")
    assert listed(mine) == [oregon[0].id, oregon[2].id]
    token = mine.fields(mine.by_id("ticked"))["csrf_token"]
    for behind, then in ((oregon[0], oregon[2]), (oregon[2], oregon[0])):
        sent = {"csrf_token": token, "behind": str(behind.id)}
        answer = verifier.post("/desk/next?state=mine", 303, data=sent)
        assert answer.response.headers["Location"] == f"/desk/cases/{then.id}?state=mine"


def test_nobody_is_led_to_a_case_about_themselves(app: DirectoryApp, session: Session) -> None:
    case = licence_of(session, "Juniper Underhill")
    client = Client(app)
    sign_in(client, email="both@example.org", roles=(Role.VERIFIER, Role.PRACTITIONER), practitioner_id=case.about)
    assert "said=nothing_free" in client.submit(client.get("/desk"), "/desk/next").response.headers["Location"]


def test_a_view_is_kept_named_opened_first_and_deleted(verifier: Client, colleague: Client, session: Session) -> None:
    case = licence_of(session, "Juniper Underhill")
    opened(session, Kind.PHOTO, "practitioner:1")
    page = verifier.get(f"/desk?kind=licence&jurisdiction=US-OR&name={quote('Juniper')}")
    kept = verifier.submit(page, "/desk/views", {"name": "  Oregon’s  licences "})
    assert kept.response.headers["Location"] == "/desk?state=open&kind=licence&jurisdiction=US-OR"
    assert verifier.follow(kept).words(next(verifier.follow(kept).all("h1"))) == "Oregon’s licences"
    again = verifier.submit(page, "/desk/views", {"name": "OREGON’S LICENCES"}, 422)
    assert again.errors_at() == {"view-new": "Error: You have a view of this name already."}
    views = verifier.get("/desk/views")
    assert "To do · License · Oregon" in views.words()
    view_id = session.query(DeskView).one().id
    verifier.submit(views, f"/desk/views/{view_id}", {"name": ""}, 422)
    verifier.submit(views, f"/desk/views/{view_id}", {"name": "Mornings"})
    first = verifier.post(
        f"/desk/views/{view_id}/first",
        303,
        data={"csrf_token": views.fields(views.form(f"/desk/views/{view_id}"))["csrf_token"], "wanted": "yes"},
    )
    assert "opens first" in verifier.get("/desk").words()
    assert listed(verifier.get("/desk")) == [case.id]
    assert len(listed(verifier.get("/desk?state=open"))) == 2
    assert first.response.headers["Location"] == "/desk/views"
    token = colleague.get("/desk")
    theirs = {"csrf_token": token.fields(token.form("/desk/next"))["csrf_token"], "name": "Mine now", "wanted": "yes"}
    for path in ("", "/first", "/delete"):
        colleague.post(f"/desk/views/{view_id}{path}", 404, data=theirs)
    verifier.submit(verifier.get("/desk/views"), f"/desk/views/{view_id}/delete")
    assert "You keep no views yet" in verifier.get("/desk/views").words()


@pytest.mark.parametrize("query", ["", "state=overdue", "state=decided", "kind=licence&jurisdiction=US-OR&name=person"])
def test_a_page_of_the_queue_asks_little_of_the_database(
    app: DirectoryApp, verifier: Client, session: Session, query: str
) -> None:
    for number in range(30):
        licence_of(session, f"Person {number}")
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(app.database.engine, "before_cursor_execute", note)
    try:
        verifier.get(f"/desk?{query}")
    finally:
        event.remove(app.database.engine, "before_cursor_execute", note)
    assert len(seen) <= 6, seen


def test_whoever_claims_from_outside_is_named_by_the_register(verifier: Client, session: Session) -> None:
    contact = Contact(name="Somebody", email="somebody@example.org")
    case = cases.open_case(session, Kind.PROFILE_CLAIM, "npi:2000000010", contact, now=NOW)
    session.commit()
    page = verifier.get("/desk")
    assert "Profile claim NPI 2000000010" in line(page, case)
    assert "somebody@example.org" not in page.text


def test_a_patient_finds_no_desk(app: DirectoryApp, session: Session) -> None:
    client = Client(app)
    sign_in(client, email="patient@example.org", roles=(Role.PATIENT,))
    client.get("/desk", 404)
    client.get("/desk/views", 404)


def test_the_filter_may_be_sent_with_every_field_empty(verifier: Client, session: Session) -> None:
    case = licence_of(session, "Juniper Underhill")
    page = verifier.get("/desk?state=open")
    form = next(each for each in page.all("form") if each.get("method") == "get" and each.get("action") == "/desk")
    query = urlencode({"state": "open"} | {name: "" for name in page.fields(form) if name not in ("state", "kind")})
    assert "before=" in query
    assert listed(verifier.get(f"/desk?{query}")) == [case.id]
