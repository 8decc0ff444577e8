"""The one search, rule by rule, on small towns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.credentials.terms import ConditionCode, CredentialKind, CredentialStatus, Mode, Verification
from directory.practitioners.models import Practitioner, PractitionerDecline
from directory.practitioners.terms import Accepting, PointPrecision, Technique
from directory.screening.rules import Patient, Weeks
from directory.screening.terms import Condition, PregnancyStatus, RedFlag
from directory.search import service
from directory.search.criteria import Criteria, Page, Part, Point, Preset, Wishes
from directory.search.loader import IndexHolder
from directory.search.results import Match, Results, Step, Stop
from tests.db.search.conftest import counted
from tests.db.search.people import (
    NOW,
    PORTLAND,
    VANCOUVER,
    add,
    add_paper,
    add_place,
    day,
    here,
)

Find = Callable[..., Results]


@pytest.fixture
def find(town: Session, holder: IndexHolder) -> Find:
    """A search of the town."""

    def ask(criteria: Criteria | None = None, page: Page | None = None, now: datetime = NOW) -> Results:
        town.commit()
        return service.find(town, criteria or here(), page, now=now, holder=holder)

    return ask


def ids(found: Results) -> list[int]:
    return [each.practitioner_id for each in found.matches]


def km_north(km: float) -> dict[str, float]:
    return {"latitude": PORTLAND.latitude + km / 111.15}


# --- statements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("criteria", [here(), here(musts=Wishes(languages=frozenset({"vi"})))], ids=["found", "empty"])
def test_a_search_takes_a_probe_and_a_fetch(town: Session, holder: IndexHolder, find: Find, criteria: Criteria) -> None:
    for _ in range(4):
        add(town)
    find(criteria)
    with counted(town) as sent:
        service.find(town, criteria, now=NOW, holder=holder)
    assert len(sent) == 2
    assert sum("search_epoch" in each for each in sent) == 1


def test_a_search_after_an_edit_takes_three_statements(town: Session, holder: IndexHolder, find: Find) -> None:
    add(town)
    find()
    add(town)
    town.commit()
    with counted(town) as sent:
        assert service.find(town, here(), now=NOW, holder=holder).total == 2
    assert len(sent) == 3


def test_a_red_flag_stops_before_anybody_is_read(town: Session, holder: IndexHolder, find: Find) -> None:
    add(town, rls={"patients_24m": 40})
    find()
    for flag in (RedFlag.VAGINAL_BLEEDING, "a sign of tomorrow"):
        patient = Patient(pregnancy=PregnancyStatus.YES, red_flags=frozenset({flag}))
        with counted(town) as sent:
            found = service.find(town, here(patient=patient), now=NOW, holder=holder)
        assert found.interstitial
        assert (found.total, found.matches, found.newcomers, found.relaxations, found.facets) == (0, (), (), (), {})
        assert len(sent) == 1


# --- paging ----------------------------------------------------------------------------------------------------------


def fill(town: Session, size: int) -> list[int]:
    return [
        add(town, place=km_north(number % 7), rls={"patients_24m": number % 9} if number % 3 else None)
        for number in range(size)
    ]


def walk(find: Find, criteria: Criteria, *, between: Callable[[int, Results], datetime]) -> list[int]:
    """Every page of a list, with something happening before each next one."""
    found = find(criteria, Page(size=6))
    listed, number = ids(found), 0
    while found.next_key is not None:
        number += 1
        now = between(number, found)
        found = find(criteria, Page(day=found.day, after=found.next_key, size=6), now=now)
        listed += ids(found)
    return listed


def test_pages_neither_repeat_nor_skip_across_midnight(town: Session, find: Find) -> None:
    people = fill(town, 40)
    # Said thirty days ago: at midnight the soft wish is no longer met, and the list must not move.
    for number in range(10):
        said = {"accepting_confirmed_on": day(-30), **km_north(number % 4)}
        people.append(add(town, place=said, rls={"patients_24m": 8}))
    criteria = here(wishes=Wishes(accepting_confirmed=True))
    late = datetime(2026, 11, 24, 7, 50, tzinfo=UTC)
    listed = walk(find, criteria, between=lambda number, _: late + timedelta(minutes=8 * number))
    assert sorted(listed) == sorted(people)
    assert len(set(listed)) == len(listed)
    assert listed == walk(find, criteria, between=lambda *_: NOW)


def test_pages_neither_repeat_nor_skip_while_somebody_else_is_edited(town: Session, find: Find) -> None:
    people = fill(town, 40)
    edited = people[5]

    def edit(number: int, _: Results) -> datetime:
        town.execute(
            text("UPDATE rls_experience SET patients_24m = :n WHERE practitioner_id = :id"),
            {"n": number * 7, "id": edited},
        )
        town.execute(text("INSERT INTO search_change (practitioner_id) VALUES (:id)"), {"id": edited})
        return NOW

    listed = [each for each in walk(find, here(), between=edit) if each != edited]
    assert sorted(listed) == sorted(set(people) - {edited})


def test_the_days_list_turns_from_day_to_day_and_is_the_same_all_day(town: Session, find: Find) -> None:
    fill(town, 30)
    at_noon, at_night = find(page=Page(size=30)), find(page=Page(size=30), now=NOW + timedelta(hours=9))
    assert ids(at_noon) == ids(at_night)
    assert at_noon.day == date(2026, 11, 23)
    others = {tuple(ids(find(page=Page(size=30), now=NOW + timedelta(days=each)))) for each in range(1, 8)}
    assert len(others | {tuple(ids(at_noon))}) > 3


def test_a_page_emptied_at_the_fetch_leads_on(town: Session, find: Find) -> None:
    people = fill(town, 40)
    order = ids(find(page=Page(size=40)))
    for each in order[:15]:
        town.execute(text("UPDATE practitioner SET account_status = 'paused' WHERE id = :id"), {"id": each})
    listed = walk(find, here(), between=lambda *_: NOW)
    assert listed == order[15:]
    assert len(people) - 15 == len(listed)


# --- the fetch decides again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE credential SET status = 'revoked' WHERE practitioner_id = :id",
        "UPDATE credential SET expires = '2026-11-22' WHERE practitioner_id = :id",
        "UPDATE credential SET identity_match = false WHERE practitioner_id = :id",
        "DELETE FROM credential WHERE practitioner_id = :id",
        "UPDATE practitioner SET held_since = '2026-11-23 00:00:00' WHERE id = :id",
        "UPDATE practitioner SET account_status = 'suspended_by_admin' WHERE id = :id",
        "UPDATE practitioner SET holder_proved_on = NULL WHERE id = :id",
        "UPDATE practitioner SET min_patient_age = 60 WHERE id = :id",
        "UPDATE indemnity SET verified_on = NULL WHERE practitioner_id = :id",
        "DELETE FROM profile_attestation WHERE practitioner_id = :id",
        "UPDATE practice_place SET active = false WHERE practitioner_id = :id",
        "UPDATE practice_place SET accepting = 'closed' WHERE practitioner_id = :id",
        "UPDATE practice_place SET jurisdiction = 'US-WA' WHERE practitioner_id = :id",
        "UPDATE pregnancy_declaration SET written_consent = false WHERE practitioner_id = :id",
        "UPDATE pregnancy_declaration SET max_week = 20 WHERE practitioner_id = :id",
        "INSERT INTO practitioner_decline VALUES (:id, 'epilepsy')",
        "INSERT INTO credential_condition SELECT id, 'excludes_pregnancy' FROM credential WHERE practitioner_id = :id",
        "INSERT INTO credential_condition SELECT id, 'forbids_practice' FROM credential WHERE practitioner_id = :id",
        "DELETE FROM practitioner_technique WHERE practitioner_id = :id",
    ],
)
def test_what_changed_behind_the_index_is_dropped_at_the_fetch_and_counted_down(
    town: Session, find: Find, damage: str
) -> None:
    people = [add(town, pregnancy={}, techniques=(Technique.TEISHIN,)) for _ in range(3)]
    patient = Patient(
        pregnancy=PregnancyStatus.YES,
        weeks=Weeks(30, 31),
        age=40,
        conditions=frozenset({Condition.EPILEPSY, Condition.NEEDLE_PHOBIA}),
    )
    assert find(here(patient=patient)).total == 3
    town.execute(text(damage), {"id": people[1]})
    found = find(here(patient=patient))
    assert sorted(ids(found)) == [people[0], people[2]]
    assert found.total == 2
    assert people[1] not in [each.practitioner_id for each in found.newcomers]


def test_a_list_emptied_at_the_fetch_offers_what_an_empty_one_offers(town: Session, find: Find) -> None:
    gone, beyond = add(town), add(town, place=km_north(60))
    assert ids(find()) == [gone]
    town.execute(text("UPDATE credential SET status = 'suspended' WHERE practitioner_id = :id"), {"id": gone})
    found = find()
    assert found.total == 0
    assert [each.practitioner_id for plan in found.relaxations for each in plan.matches] == [beyond]


def test_what_the_session_holds_already_does_not_decide(town: Session, holder: IndexHolder, find: Find) -> None:
    person_id = add(town)
    find()
    held = town.get(Practitioner, person_id)
    assert held is not None
    assert held.held_since is None
    town.connection().exec_driver_sql(f"UPDATE practitioner SET held_since = '2026-11-23' WHERE id = {person_id}")
    assert service.find(town, here(), now=NOW, holder=holder).total == 0


# --- midnight --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "code", "point", "last_moment"),
    [
        ("Pacific/Honolulu", "US-HI", (21.3069, -157.8583), datetime(2026, 11, 24, 9, 59, 59, tzinfo=UTC)),
        ("America/Los_Angeles", "US-OR", (45.5145, -122.643), datetime(2026, 11, 24, 7, 59, 59, tzinfo=UTC)),
        ("Pacific/Auckland", "NZ", (-36.8485, 174.7633), datetime(2026, 11, 23, 10, 59, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", "NZ", (1.87, -157.4), datetime(2026, 11, 23, 9, 59, 59, tzinfo=UTC)),
        ("Pacific/Pago_Pago", "US-HI", (-14.28, -170.7), datetime(2026, 11, 24, 10, 59, 59, tzinfo=UTC)),
    ],
)
def test_expiry_flips_at_local_midnight_though_nothing_is_written(
    town: Session, holder: IndexHolder, zone: str, code: str, point: tuple[float, float], last_moment: datetime
) -> None:
    where = {"latitude": point[0], "longitude": point[1], "timezone": zone, "jurisdiction": code}
    add(town, place=where, licence={"jurisdiction": code, "expires": day(0)})
    begins = add(town, place=where, licence={"jurisdiction": code, "valid_from": day(1)})
    criteria = Criteria(point=Point(*point, code[:2], code, zone))
    for moment in (last_moment - timedelta(hours=30), last_moment, last_moment + timedelta(seconds=1)):
        found = service.find(town, criteria, now=moment, holder=holder)
        assert found.total == 1
        assert (ids(found) == [begins]) is (moment > last_moment)


def test_what_a_gap_takes_away_midnight_brings_back(town: Session, find: Find) -> None:
    person_id = add(town, licence={"expires": day(0)})
    add_paper(town, person_id, valid_from=day(3), expires=day(200))
    midnight = datetime(2026, 11, 23, 8, tzinfo=UTC)
    totals = [find(now=midnight + timedelta(days=each)).total for each in range(5)]
    assert totals == [1, 0, 0, 1, 1]


def test_somebody_who_attests_in_an_american_evening_stays_visible(town: Session, find: Find) -> None:
    evening = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    add(town, attested_at=evening, holder_proved_on=evening.date())
    assert find(now=evening + timedelta(minutes=1)).total == 1


# --- ways to meet ----------------------------------------------------------------------------------------------------


def test_a_home_visit_is_judged_where_the_patient_is(town: Session, find: Find) -> None:
    """From Portland to Vancouver is twelve kilometres and another state."""
    comes = {"home_visit_radius_km": 30.0, "in_person": False}
    oregon = add(town, place=comes)
    both = add(town, place=comes)
    add_paper(town, both, jurisdiction="US-WA")
    near = Criteria(point=VANCOUVER, radius_km=5)
    assert ids(find(near)) == [both]
    assert sorted(ids(find(here(radius_km=5)))) == sorted([oregon, both])
    (match,) = find(near).matches
    assert (match.mode, match.jurisdiction) == (Mode.HOME_VISIT, "US-WA")


def test_a_home_visit_reaches_as_far_as_the_practitioner_travels(town: Session, find: Find) -> None:
    reach = add(town, place={"home_visit_radius_km": 30.0, **km_north(29.8)})
    add(town, place={"home_visit_radius_km": 30.0, **km_north(30.4)})
    assert ids(find(here(radius_km=2))) == [reach]


def test_a_remote_consultation_knows_no_distance_and_only_the_patients_jurisdiction(town: Session, find: Find) -> None:
    far = {"latitude": 21.3, "longitude": -157.8, "jurisdiction": "US-HI", "timezone": "Pacific/Honolulu"}
    licensed = add(town, place=far | {"remote": ("US-OR",), "in_person": False})
    add(town, place=far | {"remote": ("US-OR",)}, licence={"jurisdiction": "US-HI"})
    add(town, place=far | {"remote": ("US-HI",)})
    found = find(here(mode=Mode.REMOTE, radius_km=1))
    assert ids(found) == [licensed]
    assert Part.DISTANCE not in dict(found.weights)
    assert find(here(radius_km=500)).total == 0


def test_two_places_give_one_result_at_the_best_eligible_one(town: Session, find: Find) -> None:
    person_id = add(town, place={**km_north(20), "label": "far"})
    add_place(town, person_id, **km_north(2), label="near", accepting=Accepting.CLOSED)
    middle = add_place(town, person_id, **km_north(8), label="middle", step_free=True)
    found = find()
    assert (found.total, ids(found)) == (1, [person_id])
    assert found.matches[0].place_id == middle
    assert find(here(waitlist_ok=True)).matches[0].place_label == "near"
    assert found.facets["step_free"][0].count == 1


def test_a_place_that_lost_its_listing_is_not_the_best_one(town: Session, find: Find) -> None:
    person_id = add(town, place={**km_north(1), "jurisdiction": "US-WA", "label": "unlicensed"})
    add_place(town, person_id, **km_north(12), label="licensed")
    assert [each.place_label for each in find().matches] == ["licensed"]


def test_a_hidden_home_is_known_by_its_area_alone(town: Session, find: Find) -> None:
    area = {"latitude": 45.52, "longitude": -122.65, "hidden_home": True, "point_precision": PointPrecision.AREA}
    add(town, place=area | {"address_sealed": None, "home_visit_radius_km": 20.0})
    (match,) = find().matches
    assert (match.latitude, match.longitude) == (45.52, -122.65)
    assert match.point_precision is PointPrecision.AREA
    assert not {name for name in Match.__dataclass_fields__ if "street" in name or "sealed" in name}


# --- whom it suits ---------------------------------------------------------------------------------------------------


def test_pregnancy_in_all_its_states(town: Session, find: Find) -> None:
    none = add(town)
    whole = add(town, pregnancy={})
    later = add(town, pregnancy={"min_week": 14})
    everybody = sorted([none, whole, later])

    def asking(status: PregnancyStatus, weeks: Weeks | None = None) -> list[int]:
        return sorted(ids(find(here(patient=Patient(pregnancy=status, weeks=weeks)))))

    for status in (PregnancyStatus.NO, PregnancyStatus.NOT_ANSWERED, PregnancyStatus.POSTPARTUM):
        assert asking(status) == everybody
    assert asking(PregnancyStatus.MAYBE) == [whole]
    assert asking(PregnancyStatus.YES) == [whole]
    assert asking(PregnancyStatus.YES, Weeks(13, 14)) == [whole]
    assert asking(PregnancyStatus.YES, Weeks(14, 15)) == [whole, later]


def test_what_the_pregnancy_gate_alone_leaves_out_is_counted(town: Session, find: Find) -> None:
    add(town)
    add(town, pregnancy={"min_week": 14})
    add(town, pregnancy={})
    add(town, place=km_north(200))
    add(town, licence={"status": CredentialStatus.DELINQUENT})
    assert find(here()).without_pregnancy is None
    pregnant = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(12, 13))
    found = find(here(patient=pregnant))
    assert (found.total, found.without_pregnancy) == (1, 2)
    price = Wishes(max_price=Decimal("0.01"), currency="USD")
    nobody = find(here(patient=pregnant, musts=price))
    assert (nobody.total, nobody.without_pregnancy) == (0, 0)


def test_no_widening_relaxes_pregnancy_licence_or_age(town: Session, find: Find) -> None:
    add(town, place=km_north(60))
    add(town, place=km_north(61), pregnancy={}, licence={"status": CredentialStatus.DELINQUENT})
    add(town, place=km_north(61), pregnancy={}, min_patient_age=50)
    add(town, pregnancy={"min_week": 20})
    good = add(town, place=km_north(70), pregnancy={})
    patient = Patient(pregnancy=PregnancyStatus.YES, weeks=Weeks(10, 11), age=30)
    found = find(here(patient=patient, radius_km=40))
    assert found.total == 0
    assert [plan.step for plan in found.relaxations] == [Step.RADIUS]
    assert [each.practitioner_id for each in found.relaxations[0].matches] == [good]
    assert found.relaxations[0].radius_km == 80


def test_an_empty_list_names_each_wish_that_would_help(town: Session, find: Find) -> None:
    priced = {"price_currency": "USD", "price_first_visit": Decimal(90)}
    person_id = add(town, place=priced | {"step_free": True})
    add(town, place=km_north(60) | {"step_free": True, "price_currency": "USD", "price_first_visit": Decimal(20)})
    found = find(here(musts=Wishes(max_price=Decimal(50), currency="USD", step_free=True)))
    assert found.total == 0
    steps = {(plan.step, plan.wish): ids_of(plan.matches) for plan in found.relaxations}
    assert steps[Step.MUST, "max_price"] == [person_id]
    assert (Step.RADIUS, None) in steps
    assert (Step.MUST, "step_free") not in steps


def ids_of(matches: tuple[Match, ...]) -> list[int]:
    return [each.practitioner_id for each in matches]


def test_a_price_in_another_currency_or_unknown_meets_no_cap(town: Session, find: Find) -> None:
    def priced(currency: str | None, first: int | None, follow_up: int | None = None) -> int:
        amounts = {"price_first_visit": first, "price_follow_up": follow_up}
        decimals = {name: None if amount is None else Decimal(amount) for name, amount in amounts.items()}
        return add(town, place={"price_currency": currency, **decimals})

    cheap, usual = priced("USD", 60), priced("USD", 120, 60)
    priced("CAD", 60)
    priced("USD", 60, 61)
    priced("USD", None)
    priced(None, None)
    capped = here(musts=Wishes(max_price=Decimal(60), currency="USD"))
    assert sorted(ids(find(capped))) == sorted([cheap, usual])
    assert find(replace(capped, musts=Wishes(max_price=Decimal(60), currency="EUR"))).total == 0
    assert find(replace(capped, musts=Wishes(max_price=Decimal(60)))).total == 0


def test_a_closed_list_passes_only_for_those_who_wait(town: Session, find: Find) -> None:
    closed = add(town, place={"accepting": Accepting.CLOSED, "accepting_confirmed_on": day(-1)})
    unknown = add(town, place={"accepting": Accepting.UNKNOWN})
    assert ids(find()) == [unknown]
    assert sorted(ids(find(here(waitlist_ok=True)))) == sorted([closed, unknown])
    assert find(here(musts=Wishes(accepting_confirmed=True), waitlist_ok=True)).total == 0


def test_needles_electricity_and_what_people_decline(town: Session, find: Find) -> None:
    manual = add(town)
    electro = add(town, techniques=(Technique.ELECTRO,))
    gentle = add(town, techniques=(Technique.MANUAL, Technique.ACUPRESSURE))
    declining = add(town, techniques=(Technique.TEISHIN,))
    town.add(PractitionerDecline(practitioner_id=declining, condition=Condition.PACEMAKER))
    forbidden = add(town, techniques=(Technique.ELECTRO,), licence={"codes": (ConditionCode.NO_ELECTRO,)})

    def asking(*conditions: Condition) -> set[int]:
        return set(ids(find(here(patient=Patient(conditions=frozenset(conditions))))))

    assert asking() == {manual, electro, gentle, declining}
    assert forbidden not in asking()
    assert asking(Condition.NEEDLE_PHOBIA) == {gentle, declining}
    assert asking(Condition.PACEMAKER) == {manual, gentle}
    assert asking(Condition.NEEDLE_PHOBIA, Condition.PACEMAKER) == {gentle}


@pytest.mark.parametrize(("age", "total"), [(None, 2), (15, 0), (16, 1), (17, 1), (18, 2)])
def test_age_and_conditions_against_minors(town: Session, find: Find, age: int | None, total: int) -> None:
    add(town, min_patient_age=16)
    add(town, min_patient_age=0, licence={"codes": (ConditionCode.EXCLUDES_MINORS,)})
    assert find(here(patient=Patient(age=age))).total == total


def test_a_closed_jurisdiction_says_so_and_offers_what_lies_beyond(town: Session, find: Find) -> None:
    birmingham = Point(33.52, -86.81, "US", "US-AL", "America/Chicago")
    atlanta = {"latitude": 33.749, "longitude": -84.388, "jurisdiction": "US-GA", "timezone": "America/New_York"}
    georgia = add(town, place=atlanta, licence={"jurisdiction": "US-GA"})
    alabama = {"latitude": 33.5, "longitude": -86.8, "jurisdiction": "US-AL", "timezone": "America/Chicago"}
    person_id = add(town, place=alabama, licence=None)
    add_paper(town, person_id, kind=CredentialKind.NATIONAL_CERTIFICATION, jurisdiction=None, body="NCBAHM")
    found = find(Criteria(point=birmingham))
    assert (found.total, found.stop) == (0, Stop.JURISDICTION_CLOSED)
    assert [ids_of(plan.matches) for plan in found.relaxations] == [[georgia]]
    nowhere = replace(birmingham, jurisdiction=None)
    assert find(Criteria(point=nowhere)).stop is Stop.JURISDICTION_UNKNOWN


def test_newcomers_stand_apart_from_the_rank_and_take_turns(town: Session, find: Find) -> None:
    for number in range(25):
        add(town, place=km_north(number % 3), rls={"patients_24m": 10 + number})
    new = {add(town, place=km_north(30 + number)) for number in range(6)}
    farther = add(town, place=km_north(39))
    shown: set[int] = set()
    for days in range(50):
        found = find(now=NOW + timedelta(days=days))
        strip = set(ids_of(found.newcomers))
        assert len(strip) == 2
        assert not strip & set(ids(found))
        shown |= strip
    assert shown == new
    assert farther not in shown
    later = find(page=Page(day=found.day, after=found.next_key))
    assert later.newcomers == ()


def test_confirmed_evidence_and_nearness_move_people_up(town: Session, find: Find) -> None:
    said = {"patients_24m": 30, "years": 6.0, "verification": Verification.SELF_ATTESTED}
    far = add(town, place=km_north(39), rls=said)
    near = add(town, place=km_north(3), rls=said)
    checked = add(town, place=km_north(3), rls=said | {"verification": Verification.DOCUMENT_CHECKED})
    assert ids(find()) == [checked, near, far]
    nearest = find(here(preset=Preset.NEAREST))
    assert ids(nearest) == [checked, near, far]


def test_a_probation_stands_below_an_equal_clean_record(town: Session, find: Find) -> None:
    under_order = add(town, licence={"status": CredentialStatus.PROBATION, "discipline": "order of 2025"})
    clean = add(town)
    for days in range(5):
        assert ids(find(now=NOW + timedelta(days=days))) == [clean, under_order]
    assert find().matches[1].permit.on_probation


def test_words_of_the_profile_do_not_count(town: Session, find: Find) -> None:
    loud: dict[str, Any] = {"words": "best " * 3000, "website": "https://example.org", "npi": "1234567893"}
    add(town)
    add(town, **loud)
    keys = [(each.key.band, each.key.turn) for each in find().matches]
    assert keys[0] == keys[1]
