"""A FHIR search over everybody, against looking at every resource: the same ones are found, on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory import changes
from directory.api.fhir import entries, parameters, resources, searching
from directory.api.fhir.held import Held
from directory.api.fhir.kinds import Kind, Parameter
from directory.api.fhir.preferences import Handling
from directory.api.fhir.strings import folded
from directory.api.fhir.table import TABLE
from directory.cli.demo import populate
from directory.credentials.models import Credential
from directory.crypto import keyring, new_key
from directory.db import make_engine, writing
from directory.geo.distance import distance_km
from directory.practitioners.models import Payer, PracticePlace, Practitioner
from directory.search.loader import IndexHolder
from directory.search.shown import ShownHolder
from tests.databases import BOTH, Databases
from tests.db.search import people
from tests.db.search.conftest import counted
from tests.factories import NOW, TODAY

BASE = "https://directory.example/fhir"
SIZE = 130
"""People of the demonstration, who work in several countries."""
SAMPLE = 6
"""Values tried of each parameter."""


def fill(engine: Engine) -> None:
    """The demonstration, people at the edges of every rule, and names of several scripts."""
    with Session(engine) as session:
        writing(session)
        populate(session, size=SIZE, today=TODAY, now=NOW)
        session.add_all(Payer(code=code, country="US", name=code) for code in people.PAYERS)
        chance = random.Random(5)
        people.crowd(session, 40, chance)
        for number, name in enumerate(
            ("Zoë Müller-Strauß", "李 小龍", "د. سلمى المنصوري", "O’Neil", "Ana de la Cruz, LAc")
        ):
            added = people.add(session, f"named-{number}", place={"label": f"{name} 100% _\\ Praxis"})
            session.get_one(Practitioner, added).display_name = name
        session.commit()


@dataclass(frozen=True)
class World:
    """A database, and every resource in it that may be shown."""

    engine: Engine
    holder: IndexHolder
    shown: ShownHolder
    held: Held
    resources: dict[str, dict[int, dict[str, Any]]]

    def find(self, kind: str, *pairs: tuple[str, str], now: datetime = NOW) -> searching.Found:
        with Session(self.engine) as session:
            search = parameters.read(pairs, TABLE[kind], TABLE, base=BASE, handling=Handling.STRICT, now=now)
            shown = self.shown.current(session, self.holder, now=now)
            asked = searching.find(session, search, shown, now=now)
            known = searching.find(session, search, shown, self.held, now=now)
            # What is held says the same as the database.
            assert known.ids.tolist() == asked.ids.tolist()
            return known

    def ids(self, kind: str, *pairs: tuple[str, str]) -> set[int]:
        found = self.find(kind, *pairs).ids.tolist()
        assert len(found) == len(set(found))
        return set(found)


@pytest.fixture(scope="module", params=BOTH)
def world(request: pytest.FixtureRequest, databases: Databases) -> Iterator[World]:
    keyring.install([new_key()])
    url = databases.copy(request.param, fill)
    engine = make_engine(url)
    holder, shown = IndexHolder(), ShownHolder()
    with Session(engine) as session:
        everybody = shown.current(session, holder, now=NOW)
        read = entries.read(session, everybody.practitioners.tolist(), now=NOW, rules=everybody.rules)
        found: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in TABLE}
        for entry in read.values():
            for kind in TABLE:
                found[kind] |= {int(each["id"]): each for each in resources.plain(entry, kind, BASE)}
    yield World(engine, holder, shown, Held(), found)
    engine.dispose()
    databases.drop(url)


# --- looking at resources -----------------------------------------------------------------------------------------

SYSTEMS = {
    "Practitioner.gender": "http://hl7.org/fhir/administrative-gender",
    "Location.status": "http://hl7.org/fhir/location-status",
    "VerificationResult.status": "http://hl7.org/fhir/CodeSystem/status",
    **{
        f"{kind}.address.use": "http://hl7.org/fhir/address-use"
        for kind in ("Practitioner", "Location", "Organization")
    },
}


def values(resource: dict[str, Any], expression: str) -> list[Any]:
    """What stands in a resource where the expression points to."""
    found: list[Any] = [resource]
    for step in expression.split(".")[1:]:
        if step.startswith("extension("):
            name = step[len("extension(") : -1]
            found = [each for value in found for each in value.get("extension", []) if each["url"].endswith(name)]
        elif any("url" in value for value in found):
            found = [each for value in found for each in value.get("extension", []) if each["url"] == step]
        else:
            found = [each for value in found for each in listed(value.get(step))]
    return [each.get("valueCodeableConcept", each) if isinstance(each, dict) else each for each in found]


def listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = ("text", "family", "given", "prefix", "suffix", "line", "city", "state", "postalCode", "country")
    return [text for part in parts for text in listed(value.get(part))]


def codings(value: Any, expression: str) -> list[tuple[str, str]]:
    if isinstance(value, bool):
        return [("", str(value).lower())]
    if isinstance(value, str):
        return [(SYSTEMS.get(expression, ""), value)]
    if "code" in value:
        return [(value.get("system", ""), value["code"])]
    if "value" in value:
        return [(value.get("system", ""), value["value"])]
    return [(each.get("system", ""), each["code"]) for each in value.get("coding", [])]


def having(world: World, kind: str, test: Callable[[dict[str, Any]], bool]) -> set[int]:
    return {number for number, resource in world.resources[kind].items() if test(resource)}


def of_type(*types: str) -> list[Any]:
    return [
        pytest.param(kind, each, id=f"{name}-{each.name}")
        for name, kind in TABLE.items()
        for each in kind.parameters.values()
        if each.type in types
    ]


def escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\,|$" else sign for sign in text)


# --- every parameter ----------------------------------------------------------------------------------------------


def test_everybody_is_found_where_nothing_is_asked(world: World) -> None:
    for kind, known in world.resources.items():
        assert known
        assert world.ids(kind) == set(known)


@pytest.mark.parametrize(("kind", "parameter"), of_type("string"))
def test_a_string_finds_what_begins_so_holds_it_or_is_it(world: World, kind: Kind, parameter: Parameter) -> None:
    def texts(resource: dict[str, Any]) -> list[str]:
        return [each for value in values(resource, parameter.expression) for each in strings(value)]

    known = sorted({each for resource in world.resources[kind.name].values() for each in texts(resource)})
    chance = random.Random(parameter.name)
    odd = [each for each in known if not each.isascii()]
    for text in [*chance.sample(known, min(SAMPLE, len(known))), *odd[:5]]:
        start = text[: chance.randint(1, len(text))]
        middle = text[chance.randrange(len(text)) :]
        for written, test in (
            (text, lambda each, asked=text: fold(each).startswith(fold(asked))),
            (start.upper(), lambda each, asked=start: fold(each).startswith(fold(asked.upper()))),
        ):
            if fold(written):
                expected = having(world, kind.name, lambda each, test=test: any(map(test, texts(each))))
                assert world.ids(kind.name, (parameter.name, escaped(written))) == expected, written
        if asked := fold(middle):
            holding = having(
                world, kind.name, lambda each, asked=asked: any(asked in fold(text) for text in texts(each))
            )
            assert world.ids(kind.name, (f"{parameter.name}:contains", escaped(middle))) == holding, middle
        exact = having(world, kind.name, lambda each, asked=text: asked in texts(each))
        assert exact
        assert world.ids(kind.name, (f"{parameter.name}:exact", escaped(text))) == exact, text
    assert world.ids(kind.name, (f"{parameter.name}:exact", "nobody is called so")) == set()


def fold(text: str) -> str:
    return folded(text) or ""


@pytest.mark.parametrize(("kind", "parameter"), of_type("token"))
def test_a_token_finds_what_carries_the_code(world: World, kind: Kind, parameter: Parameter) -> None:
    def carried(resource: dict[str, Any]) -> set[tuple[str, str]]:
        found = values(resource, parameter.expression)
        return {each for value in found for each in codings(value, parameter.expression)}

    known = sorted({each for resource in world.resources[kind.name].values() for each in carried(resource)})
    for system, code in random.Random(parameter.name).sample(known, min(SAMPLE, len(known))):
        both = having(world, kind.name, lambda each, one=(system, code): one in carried(each))
        assert both
        assert world.ids(kind.name, (parameter.name, f"{system}|{code}")) == both
        alone = having(world, kind.name, lambda each, code=code: code in {found for _, found in carried(each)})
        assert world.ids(kind.name, (parameter.name, code)) == alone
        assert world.ids(kind.name, (parameter.name, f"no-such-code,{code}")) == alone
        assert world.ids(kind.name, (f"{parameter.name}:not", code)) == set(world.resources[kind.name]) - alone
        if system and parameter.name != "_id":
            whole = having(
                world, kind.name, lambda each, system=system: system in {found for found, _ in carried(each)}
            )
            assert world.ids(kind.name, (parameter.name, f"{system}|")) == whole
            assert world.ids(kind.name, (parameter.name, f"|{code}")) == set()
    assert world.ids(kind.name, (parameter.name, "no-such-code")) == set()


@pytest.mark.parametrize(("kind", "parameter"), of_type("reference"))
def test_a_reference_finds_what_refers_there(world: World, kind: Kind, parameter: Parameter) -> None:
    def referred(resource: dict[str, Any]) -> set[str]:
        return {each["reference"] for each in values(resource, parameter.expression)}

    known = sorted({each for resource in world.resources[kind.name].values() for each in referred(resource)})
    for reference in random.Random(parameter.name).sample(known, min(SAMPLE, len(known))):
        expected = having(world, kind.name, lambda each, asked=reference: asked in referred(each))
        target, _, number = reference.partition("/")
        assert expected
        for name, value in (
            (parameter.name, reference),
            (parameter.name, number),
            (parameter.name, f"{BASE}/{reference}"),
            (f"{parameter.name}:{target}", number),
            (parameter.name, f"{target}/0,{reference}"),
        ):
            assert world.ids(kind.name, (name, value)) == expected
    for nobody in (
        f"{parameter.target[0]}/{2**40}",
        "9" * 40,
        "https://elsewhere.example/fhir/Location/1",
        "no-number",
    ):
        assert world.ids(kind.name, (parameter.name, nobody)) == set()


@pytest.mark.parametrize(("kind", "parameter"), of_type("string", "token", "reference", "date", "uri"))
def test_what_is_missing_is_what_no_resource_says(world: World, kind: Kind, parameter: Parameter) -> None:
    if "missing" not in parameter.modifiers:
        assert parameter.name == "_id"
        return
    without = having(world, kind.name, lambda each: not values(each, parameter.expression))
    assert world.ids(kind.name, (f"{parameter.name}:missing", "true")) == without
    assert world.ids(kind.name, (f"{parameter.name}:missing", "false")) == set(world.resources[kind.name]) - without


@pytest.mark.parametrize("kind", TABLE)
def test_the_last_change_is_compared_by_its_prefix(world: World, kind: str) -> None:
    def at(resource: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(resource["meta"]["lastUpdated"])

    instants = sorted({at(each) for each in world.resources[kind].values()})
    for instant in (instants[0], instants[-1]):
        text = quote(instant.astimezone(UTC).isoformat().replace("+00:00", "Z"), safe=":")
        earlier = having(world, kind, lambda each, than=instant: at(each) < than)
        same = having(world, kind, lambda each, than=instant: at(each) == than)
        everybody = set(world.resources[kind])
        expected = {"lt": earlier, "le": earlier | same, "ge": everybody - earlier, "gt": everybody - earlier - same}
        expected |= {"eq": same, "ne": everybody - same}
        for prefix, numbers in expected.items():
            assert world.ids(kind, ("_lastUpdated", f"{prefix}{text}")) == numbers, prefix
    falling = world.find(kind, ("_sort", "-_lastUpdated")).ids.tolist()
    order = [(at(world.resources[kind][number]), number) for number in falling]
    assert order == sorted(order, reverse=True)


# --- near ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Location", "near"), ("PractitionerRole", "location.near"), ("HealthcareService", "location.near")],
)
def test_near_finds_every_place_within_the_distance_and_the_nearest_first(world: World, kind: str, name: str) -> None:
    positions = {number: each["position"] for number, each in world.resources["Location"].items()}
    chance = random.Random(3)
    for number in chance.sample(sorted(positions), 5):
        latitude, longitude = positions[number]["latitude"], positions[number]["longitude"]
        km = {
            other: distance_km(latitude, longitude, each["latitude"], each["longitude"])
            for other, each in positions.items()
        }
        radius = chance.choice([3.0, 30.0, 300.0, 20_000.0])
        found = world.find(kind, (name, f"{latitude}|{longitude}|{radius}|km"))
        assert set(found.ids.tolist()) == {other for other, away in km.items() if away <= radius}
        assert found.km is not None
        assert found.km.tolist() == pytest.approx([km[other] for other in found.ids.tolist()], abs=1e-6)
        assert found.km.tolist() == sorted(found.km.tolist())


# --- several at once ----------------------------------------------------------------------------------------------


def test_parameters_narrow_each_other_and_commas_widen(world: World) -> None:
    cities = sorted({each["address"]["city"] for each in world.resources["Location"].values()})
    one, other = cities[0], cities[-1]
    either = world.ids("Location", ("address-city:exact", f"{escaped(one)},{escaped(other)}"))
    first = world.ids("Location", ("address-city:exact", escaped(one)))
    assert either == first | world.ids("Location", ("address-city:exact", escaped(other)))
    assert world.ids("Location", ("address-city:exact", escaped(one)), ("address-city:exact", escaped(other))) == set()
    assert world.ids("Location", ("_id", str(min(first))), ("address-city:exact", escaped(one))) == {min(first)}


@pytest.mark.parametrize(
    ("kind", "parameter"),
    [
        pytest.param(kind, each, id=f"{name}-{each.name}")
        for name, kind in TABLE.items()
        for each in kind.parameters.values()
        if each.chains and not each.nobody_refers
    ],
)
def test_a_chain_finds_what_refers_to_what_is_found(world: World, kind: Kind, parameter: Parameter) -> None:
    target = TABLE[parameter.target[0]]
    for chain in parameter.chains:
        for text in sample(world, target, target.parameters[chain], 2):
            there = {f"{target.name}/{number}" for number in world.ids(target.name, (chain, escaped(text)))}
            expected = having(
                world,
                kind.name,
                lambda each, there=there: bool(
                    there & {found["reference"] for found in values(each, parameter.expression)}
                ),
            )
            assert world.ids(kind.name, (f"{parameter.name}.{chain}", escaped(text))) == expected, chain
            assert world.ids(kind.name, (f"{parameter.name}:{target.name}.{chain}", escaped(text))) == expected, chain


def sample(world: World, kind: Kind, parameter: Parameter, most: int) -> list[str]:
    """Values of the parameter that resources of this type have."""
    known: set[str] = set()
    for resource in world.resources[kind.name].values():
        for value in values(resource, parameter.expression):
            match parameter.type:
                case "string":
                    known.update(each for each in strings(value) if fold(each))
                case "token":
                    known.update(code for _, code in codings(value, parameter.expression))
                case "reference":
                    known.add(value["reference"])
                case "uri":
                    known.add(value)
                case "date":
                    known.add(f"ge{value}")
    return random.Random(parameter.name).sample(sorted(known), min(most, len(known)))


@pytest.mark.parametrize(
    ("kind", "source", "reference"),
    [
        pytest.param(kind, TABLE[way.partition(":")[0]], way.partition(":")[2], id=f"{kind.name}-{way}")
        for kind in TABLE.values()
        for way in kind.revincludes
        if way.partition(":")[0] in TABLE
    ],
)
def test_the_way_back_finds_what_is_referred_to_by_what_is_found(
    world: World, kind: Kind, source: Kind, reference: str
) -> None:
    def referred(numbers: set[int]) -> set[int]:
        found = (
            values(world.resources[source.name][each], source.parameters[reference].expression) for each in numbers
        )
        names = (value["reference"].partition("/") for each in found for value in each)
        return {int(number) for target, _, number in names if target == kind.name}

    way = f"_has:{source.name}:{reference}"
    for parameter in source.parameters.values():
        for text in sample(world, source, parameter, 1):
            asked = escaped(text)
            there = referred(world.ids(source.name, (parameter.name, asked)))
            assert world.ids(kind.name, (f"{way}:{parameter.name}", asked)) == there, parameter.name
            if "not" in parameter.modifiers:
                other = referred(world.ids(source.name, (f"{parameter.name}:not", asked)))
                assert world.ids(kind.name, (f"{way}:{parameter.name}:not", asked)) == other, parameter.name
            if "missing" in parameter.modifiers:
                lacking = referred(world.ids(source.name, (f"{parameter.name}:missing", "true")))
                assert world.ids(kind.name, (f"{way}:{parameter.name}:missing", "true")) == lacking, parameter.name
    if "location" in source.parameters:
        position = next(iter(world.resources["Location"].values()))["position"]
        near = f"{position['latitude']}|{position['longitude']}|60|km"
        there = referred(world.ids(source.name, ("location.near", near)))
        assert bool(there) is not source.parameters[reference].nobody_refers
        assert world.ids(kind.name, (f"{way}:location.near", near)) == there


def test_several_ways_back_narrow_each_other(world: World) -> None:
    one, other = (f"_has:PractitionerRole:practitioner:{each}" for each in ("new-patient", "location.address-city"))
    city = escaped(next(iter(world.resources["Location"].values()))["address"]["city"])
    either = world.ids("Practitioner", (one, "newpt")), world.ids("Practitioner", (other, city))
    assert world.ids("Practitioner", (one, "newpt"), (other, city)) == either[0] & either[1]
    assert world.ids("Practitioner", (one, "newpt"), ("_id", "1")) == either[0] & {1}


@pytest.mark.parametrize("kind", TABLE.values(), ids=lambda each: each.name)
def test_a_profile_finds_what_claims_it(world: World, kind: Kind) -> None:
    claimed = {each for resource in world.resources[kind.name].values() for each in resource["meta"]["profile"]}
    assert claimed
    for profile in claimed:
        expected = having(world, kind.name, lambda each, asked=profile: asked in each["meta"]["profile"])
        assert world.ids(kind.name, ("_profile", profile)) == expected
        assert world.ids(kind.name, ("_profile", f"http://example.org/other,{profile}")) == expected
    assert world.ids(kind.name, ("_profile", "http://example.org/other")) == set()


def test_whoever_lapses_is_not_found_the_next_day(world: World) -> None:
    before = world.ids("Practitioner")
    later = set(world.find("Practitioner", now=NOW + timedelta(days=400)).ids.tolist())
    assert later < before
    for way in ("_has:PractitionerRole:practitioner:active", "qualification-code:not", "address-use"):
        code = {"address-use": "work", "qualification-code:not": "no-such-code"}.get(way, "true")
        assert world.ids("Practitioner", (way, code)) == before
        assert set(world.find("Practitioner", (way, code), now=NOW + timedelta(days=400)).ids.tolist()) == later


def test_what_changed_after_strings_and_papers_were_held_is_found_as_it_is_now(world: World) -> None:
    with Session(world.engine) as session:
        first = session.get_one(Credential, min(world.ids("VerificationResult")))
        person_id = first.practitioner_id
        again = {each.key: getattr(first, each.key) for each in Credential.__table__.columns if each.key != "id"}
        place_id = session.scalars(
            select(PracticePlace.id).where(
                PracticePlace.practitioner_id == person_id, PracticePlace.id.in_(world.ids("Location"))
            )
        ).first()

    def become(name: str, town: str) -> tuple[str, str]:
        with Session(world.engine) as session:
            writing(session)
            person, place = session.get_one(Practitioner, person_id), session.get_one(PracticePlace, place_id)
            before = person.display_name, place.locality
            person.display_name, place.locality = name, town
            second = session.scalars(select(Credential).where(Credential.number == "Zzyx 2")).first()
            if second is None:
                session.add(Credential(**again | {"number": "Zzyx 2"}))
            else:
                session.delete(second)
            changes.record(session, person_id)
            session.commit()
        return before

    def found() -> tuple[set[int], set[int], int]:
        people, places = world.ids("Practitioner", ("name", "zzyx")), world.ids("Location", ("address-city", "zzyx"))
        return people, places, len(world.ids("VerificationResult"))

    nobody, nowhere, papers = found()
    assert (nobody, nowhere) == (set(), set())
    before = become("Zzyxwood Aldaine", "Zzyxford")
    try:
        assert found() == ({person_id}, {place_id}, papers + 1)
    finally:
        become(*before)
    assert found() == (set(), set(), papers)


@pytest.mark.parametrize("kind", TABLE)
def test_a_search_is_one_statement_behind_the_index(world: World, kind: str) -> None:
    with Session(world.engine) as session:
        shown = world.shown.current(session, world.holder, now=NOW)
        for pairs, most in (((), int(kind == "VerificationResult")), ((("_lastUpdated", "ge2000"),), 1)):
            search = parameters.read(pairs, TABLE[kind], TABLE, base=BASE, handling=Handling.STRICT, now=NOW)
            with counted(session) as sent:
                searching.find(session, search, shown, now=NOW)
            doubtful = entries.STATEMENTS if kind == "VerificationResult" else 0
            assert len(sent) <= most + doubtful
