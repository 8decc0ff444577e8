"""People from the register: unclaimed, unchecked, found by nobody, and gone at a word of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, undefer

from config import Config
from directory.app import create_app
from directory.cases import service as cases
from directory.cases.models import Case, Contact
from directory.cases.terms import Kind
from directory.cli.import_nppes import take_in
from directory.crypto import keyring, new_key
from directory.practitioners.models import Practitioner
from directory.registries.models import RegistryEntry, RegistryRemoval
from tests import nppes
from tests.web import population, ready
from tests.web.client import Client, Page
from tests.web.conftest import Clock

ONE, OTHER_WORK, DEAD, TAKEN_OUT, LISTED, ABROAD, LONG, NAMESAKE = range(1, 9)
REMOVED, TWICE_REMOVED, CLAIMED, FLOODED, KEPT = range(20, 25)
STREET = "FERN WAY"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Iterator[Engine]:
    """A town with the population, in which a file of the register was taken, and then the one of the week after."""
    folder = tmp_path_factory.mktemp("register")
    keyring.install(config.encryption_keys)
    engine = ready.with_population(f"sqlite:///{folder / 'site.db'}")
    with Session(engine) as session:
        session.scalars(select(Practitioner).where(Practitioner.slug == "whole-pregnancy")).one().npi = nppes.npi(
            LISTED
        )
        session.commit()
    people = [
        nppes.person(ONE, middle="Q", suffix="JR"),
        *(nppes.person(each) for each in (OTHER_WORK, DEAD, TAKEN_OUT, LISTED)),
        nppes.person(ABROAD, last="MCALLISTER", first="MARY-ANN", city="TORONTO", state="ONTARIO", country="CA"),
        nppes.person(LONG, last="W" * 150, first="<script>alert(1)</script>", city="O'FALLON", state="MO"),
        nppes.person(NAMESAKE, last="UNDERHILL-LEE", first="ASH"),
        *(nppes.person(each, last="RIVERS") for each in (REMOVED, TWICE_REMOVED, CLAIMED, FLOODED, KEPT)),
    ]
    take(engine, folder / nppes.WEEK, people)
    take(
        engine,
        folder / nppes.NEXT_WEEK,
        [nppes.person(OTHER_WORK) | nppes.slot(1, nppes.MASSAGE), nppes.deactivated(DEAD)],
    )
    yield engine
    engine.dispose()


def take(engine: Engine, file: Path, rows: list[dict[str, str]]) -> None:
    nppes.write(file, rows)
    take_in(engine, file, reach=None, allow_older=False, now=population.NOW)


@pytest.fixture
def visitor(config: Config, engine: Engine) -> Client:
    return Client(create_app(config, engine=engine, clock=Clock()))


def address(number: int, more: str = "") -> str:
    return f"/registry/{nppes.npi(number)}{more}"


# --- the page --------------------------------------------------------------------------------------------------------


def test_an_entry_tells_a_name_a_town_where_it_is_from_and_that_nothing_was_checked(visitor: Client) -> None:
    words = visitor.get(address(ONE)).words()
    assert "Juniper Q Underhill Jr" in words
    assert "Portland, Oregon" in words
    assert "Not checked by us" in words
    assert "January 11, 2026" in words
    assert nppes.npi(ONE) in words
    assert "It does not show a license" in words
    assert "a search for an acupuncturist does not find them" in words


def test_an_entry_keeps_the_street_the_telephone_and_the_licence_number_to_itself(visitor: Client) -> None:
    page = visitor.get(address(ONE))
    for secret in (STREET, STREET.title(), "PO BOX", "5550142", "97214", "97207", "AC150001", "STE 4"):
        assert secret not in page.text, secret
    assert "503" not in page.words()
    assert "application/ld+json" not in page.text
    assert "itemscope" not in page.text


@pytest.mark.parametrize("path", ["", "/claim"])
def test_no_search_engine_keeps_these_pages(visitor: Client, path: str) -> None:
    page = visitor.get(address(ONE, path))
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text


@pytest.mark.parametrize("path", ["/registry", "/registry/removed", "/registry/claimed", "/registry/0000000000"])
def test_nor_those_around_them(visitor: Client, path: str) -> None:
    page = visitor.get(path, 404 if "000" in path else 200)
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex' in page.text


def test_a_name_abroad_is_written_as_people_write_it(visitor: Client) -> None:
    words = visitor.get(address(ABROAD)).words()
    assert "Mary-Ann McAllister" in words
    assert "Toronto, ONTARIO, Canada" in words


def test_a_name_of_150_signs_and_one_that_is_markup_are_text(visitor: Client) -> None:
    page = visitor.get(address(LONG))
    assert "<script>alert" not in page.text
    assert "O'Fallon, Missouri" in page.words()


@pytest.mark.parametrize(
    ("number", "why"),
    [(DEAD, "is not in use any more"), (OTHER_WORK, "does not name this person as an acupuncturist any more")],
)
def test_whoever_the_register_took_back_is_gone_in_plain_words(visitor: Client, number: int, why: str) -> None:
    page = visitor.get(address(number), 410)
    assert why in page.words()
    assert "Underhill" not in page.text
    assert "This is me" not in page.words()
    visitor.get(address(number, "/claim"), 404)


@pytest.mark.parametrize("number", ["1234567890", "123", "nobody", "%00", "x" * 3000, "٢٠٠٠٠٠٠٠٠٢", nppes.npi(999)])
def test_nobody_has_no_page(visitor: Client, number: str) -> None:
    visitor.get(f"/registry/{number}", 404)
    visitor.get(f"/registry/{number}/claim", 404)


def test_whoever_has_a_profile_of_ours_is_led_to_it(visitor: Client) -> None:
    page = visitor.get(address(LISTED), 302)
    assert page.response.headers["Location"] == "/practitioners/whole-pregnancy"


def test_a_page_is_shown_by_a_process_that_cannot_open_what_is_sealed(visitor: Client, config: Config) -> None:
    keyring.install([new_key()])
    try:
        visitor.get(address(ONE))
        visitor.get("/registry?name=Underhill&state=OR")
    finally:
        keyring.install(config.encryption_keys)


# --- never a match ---------------------------------------------------------------------------------------------------


def test_nobody_from_the_register_is_in_any_list(visitor: Client) -> None:
    with Session(engine_of(visitor)) as session:
        names = session.scalars(select(RegistryEntry.last_name)).all()
    assert names
    found = visitor.get("/search?place=97214&radius=200")
    people = "".join(visitor.get(f"/practitioners/{slug}").words() for slug in found.slugs())
    by_name = [
        visitor.get(f"/practitioners?name={name}").words().replace(name, "") for name in set(names) - {"W" * 150}
    ]
    for text in (found.text, people, *by_name):
        assert not re.search("underhill|rivers|/registry/[0-9]", text, re.I)


def engine_of(visitor: Client) -> Engine:
    return visitor.app.database.engine  # type: ignore[attr-defined, no-any-return]


# --- remove me -------------------------------------------------------------------------------------------------------


def remove(visitor: Client, number: int, status: int = 303, **fields: str) -> Page:
    return visitor.submit(visitor.get(address(number)), address(number, "/remove"), fields, status)


def test_a_page_is_taken_down_at_once_and_stays_down_when_the_register_is_read_again(
    visitor: Client, tmp_path: Path
) -> None:
    done = visitor.follow(remove(visitor, REMOVED, confirm="y"))
    assert "taken down" in done.words()
    gone = visitor.get(address(REMOVED), 410)
    assert "asked us to take this page down" in gone.words()
    assert "Rivers" not in gone.text
    take(engine_of(visitor), tmp_path / "npidata_pfile_20260119-20260125.csv", [nppes.person(REMOVED, last="RIVERS")])
    visitor.get(address(REMOVED), 410)
    with Session(engine_of(visitor)) as session:
        assert session.get(RegistryEntry, nppes.npi(REMOVED)) is None
        assert session.get(RegistryRemoval, nppes.npi(REMOVED)) is not None


def test_a_box_that_was_not_ticked_is_asked_about_and_nothing_happens(visitor: Client) -> None:
    page = remove(visitor, KEPT, 422)
    assert "tick this box" in page.errors_at()["confirm"]
    visitor.get(address(KEPT))


def test_removing_twice_is_removing_once(visitor: Client) -> None:
    page = visitor.get(address(TWICE_REMOVED))
    for _ in range(2):
        visitor.submit(page, address(TWICE_REMOVED, "/remove"), {"confirm": "y"})
    visitor.get(address(TWICE_REMOVED), 410)


def test_nobody_can_be_removed_who_is_not_there(visitor: Client) -> None:
    page = visitor.get(address(ONE))
    token = page.fields(page.form(address(ONE, "/remove")))["csrf_token"]
    for number in (nppes.npi(998), "1234567890", "x"):
        visitor.post(f"/registry/{number}/remove", 404, data={"confirm": "y", "csrf_token": token})
    with Session(engine_of(visitor)) as session:
        assert session.get(RegistryRemoval, nppes.npi(998)) is None


def test_a_removal_without_its_token_changes_nothing(visitor: Client) -> None:
    visitor.post(address(KEPT, "/remove"), 400, data={"confirm": "y"})
    visitor.get(address(KEPT))


# --- this is me ------------------------------------------------------------------------------------------------------

CLAIM = {"name": "Juniper Rivers", "email": "juniper@example.org", "reach": "503 555 0142", "note": "Line\r\ntwo"}


def send(visitor: Client, number: int, status: int = 303, **fields: str) -> Page:
    page = visitor.get(address(number, "/claim"))
    return visitor.submit(page, address(number, "/claim"), CLAIM | fields, status)


def cases_of(visitor: Client, number: int) -> list[Case]:
    with Session(engine_of(visitor)) as session:
        opened = select(Case).options(undefer(Case.contact_sealed))
        return list(session.scalars(opened.where(Case.subject == f"npi:{nppes.npi(number)}")))


def test_a_claim_opens_one_case_that_is_sealed_and_due(visitor: Client) -> None:
    done = visitor.follow(send(visitor, CLAIMED))
    assert "within 2 working days" in done.words()
    assert "An email address alone is never enough" in done.words()
    send(visitor, CLAIMED, email="JUNIPER@example.org")
    (case,) = cases_of(visitor, CLAIMED)
    assert case.kind is Kind.PROFILE_CLAIM
    assert case.opened_at == population.NOW
    assert case.due == population.NOW + timedelta(days=2)  # a Monday
    assert case.contact == Contact(
        name="Juniper Rivers", email="juniper@example.org", reach="503 555 0142", note="Line\ntwo"
    )
    with engine_of(visitor).connect() as connection:
        (stored,) = connection.exec_driver_sql(
            "SELECT contact_sealed FROM work_case WHERE id = ?", (case.id,)
        ).scalars()
        assert "juniper" not in stored.lower()
    assert "Not checked by us" in visitor.get(address(CLAIMED)).words()


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("name", " ", "Please give your name"),
        ("name", "x" * 121, "too long"),
        ("email", "", "Please give your email"),
        ("email", "juniper", "not an email address"),
        ("email", "a b@example.org", "not an email address"),
        ("email", "x" * 250 + "@example.org", "too long"),
        ("reach", "x" * 201, "too long"),
        ("note", "x" * 2001, "too long"),
        ("website", "https://example.org", "must stay empty"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_place_and_everything_typed_is_kept(
    visitor: Client, field: str, value: str, complaint: str
) -> None:
    page = send(visitor, KEPT, 422, **{field: value})
    assert list(page.errors_at()) == [field]
    assert complaint in page.errors_at()[field]
    kept = page.fields(page.form(address(KEPT, "/claim")))
    for name, typed in CLAIM.items():
        if name not in (field, "note"):
            assert kept[name] == typed
    if field != "note":
        assert "Line\ntwo</textarea>" in page.text
    assert cases_of(visitor, KEPT) == []


def test_a_flood_of_claims_is_held_back_and_what_was_typed_is_kept(visitor: Client) -> None:
    for number in range(cases.MOST_OF_ONE_SUBJECT):
        send(visitor, FLOODED, email=f"somebody{number}@example.org")
    page = send(visitor, FLOODED, 429, email="one-more@example.org")
    assert "Try tomorrow" in page.words()
    assert "one-more@example.org" in page.text
    assert len(cases_of(visitor, FLOODED)) == cases.MOST_OF_ONE_SUBJECT


def test_whoever_was_removed_may_say_that_it_was_not_them(visitor: Client) -> None:
    remove(visitor, TAKEN_OUT, confirm="y")
    page = visitor.get(address(TAKEN_OUT), 410)
    assert address(TAKEN_OUT, "/claim") in page.links()
    send(visitor, TAKEN_OUT)
    assert len(cases_of(visitor, TAKEN_OUT)) == 1
    visitor.get(address(TAKEN_OUT), 410)


# --- finding one's own -----------------------------------------------------------------------------------------------


def test_a_number_leads_to_its_entry_however_it_is_written(visitor: Client) -> None:
    number = nppes.npi(ONE)
    page = visitor.submit(visitor.get("/registry"), "/registry", {"npi": f" {number[:4]} {number[4:7]}-{number[7:]} "})
    assert page.response.headers["Location"] == address(ONE)


def test_a_family_name_and_a_state_find_people_with_the_exact_name_first(visitor: Client) -> None:
    page = visitor.submit(visitor.get("/registry"), "/registry", {"name": "underhill", "state": "OR"}, 200)
    found = [link for link in page.links() if re.fullmatch("/registry/[0-9]{10}", link)]
    assert found[-1] == address(NAMESAKE)
    assert address(ONE) in found
    assert address(DEAD) not in found
    assert "Juniper Q Underhill Jr, Portland, Oregon" in page.words()
    nobody = visitor.submit(visitor.get("/registry"), "/registry", {"name": "Underhill", "state": "WA"}, 200)
    assert "We have no entry for you" in nobody.words()


def test_a_long_list_is_cut_and_says_so(visitor: Client, engine: Engine, tmp_path: Path) -> None:
    people = [nppes.person(number, last="SAME", state="TX", city="") for number in range(1000, 1051)]
    take(engine, tmp_path / "npidata_pfile_20260126-20260201.csv", people)
    page = visitor.get("/registry?name=Same&state=TX")
    assert len([link for link in page.links() if re.fullmatch("/registry/[0-9]{10}", link)]) == 50
    assert "There are more people of this name" in page.words()


@pytest.mark.parametrize(
    ("query", "field", "complaint"),
    [
        ("npi=", "npi", "Please give your NPI"),
        ("npi=1234567890", "npi", "not an NPI"),
        ("npi=12345", "npi", "not an NPI"),
        ("npi=%00&name=Lee", "npi", "not an NPI"),
        ("name=Lee", "state", "choose the state"),
        ("name=Lee&state=ZZ", "state", "choose the state"),
        ("name=" + "x" * 200 + "&state=OR", "name", "too long"),
        ("name=--&state=OR", "name", "in letters"),
    ],
)
def test_a_question_that_cannot_be_answered_is_asked_again(
    visitor: Client, query: str, field: str, complaint: str
) -> None:
    page = visitor.get(f"/registry?{query}", 422)
    assert complaint in page.errors_at()[field]


@pytest.mark.parametrize("name", ["%", "_", "' OR 1=1 --", "李", "d'Arcy\\", "x" * 100])
def test_odd_names_find_nobody_and_break_nothing(visitor: Client, name: str) -> None:
    page = visitor.inner.get("/registry", query_string={"name": name, "state": "OR"}, base_url=visitor.base)
    assert page.status_code in (200, 422)
    assert "/registry/2" not in page.get_data(as_text=True)


def test_a_number_that_is_not_there_is_said_to_be_so(visitor: Client) -> None:
    assert "We have no entry for you" in visitor.get(f"/registry?npi={nppes.npi(997)}").words()


def test_before_any_file_was_taken_the_page_says_so(client: Client) -> None:
    assert "Nobody has been taken from the register yet" in client.get("/registry").words()


def test_every_page_leads_there(client: Client) -> None:
    assert "/registry" in client.get("/").links()


def test_claims_and_removals_are_the_only_things_written(visitor: Client) -> None:
    with Session(engine_of(visitor)) as session:
        before = session.scalar(select(func.count()).select_from(RegistryEntry))
    for path in (address(ONE), address(ONE, "/claim"), "/registry?name=Underhill&state=OR"):
        visitor.get(path)
    with Session(engine_of(visitor)) as session:
        assert session.scalar(select(func.count()).select_from(RegistryEntry)) == before
