"""Every operation of version 1. To add one, add it here: it is then routed, checked, described and told on the page."""

from __future__ import annotations

from typing import Final

from directory.api.v1 import lookups, people, searching
from directory.api.v1.models.accuracy import AccuracyAnswer
from directory.api.v1.models.people import PracticePlaceAnswer, PractitionerAnswer
from directory.api.v1.models.places import JurisdictionAnswer, JurisdictionsAnswer, PlacesAnswer
from directory.api.v1.models.searches import LARGEST_PAGE, TOKEN_LENGTH, Search, SearchAnswer
from directory.api.v1.table import Operation, Parameter
from directory.practitioners.terms import Availability, Technique
from directory.search.criteria import Preset
from directory.web.forms.search import GENDERS, MODES, WISH_OF

_SEARCHING: Final = (
    Parameter(
        name="place",
        said="A postal code, a town with its state or county, or degrees as 45.51,-122.64.",
        needed=True,
        example="97214",
    ),
    Parameter(
        name="radius",
        said="How far, in the unit of that country: miles in US and GB, otherwise kilometres.",
        kind="number",
        least=0,
        most=500,
    ),
    Parameter(name="mode", said="How they meet.", codes=tuple(MODES)),
    Parameter(name="preset", said="What counts most.", codes=tuple(each.value for each in Preset)),
    Parameter(
        name="leaning",
        said="Instead of a preset: 0 is the nearest, 100 the most experienced.",
        kind="whole",
        least=0,
        most=100,
    ),
    Parameter(name="weights", said="Instead of both: own weights, as rls:40,distance:60."),
    Parameter(name="accepting", said="Takes new patients, confirmed within 30 days.", kind="flag"),
    Parameter(name="waitlist", said="Also people with a waiting list.", kind="flag"),
    Parameter(name="remote", said="Offers a first talk from a distance.", kind="flag"),
    Parameter(name="step_free", said="Step-free from street to table.", kind="flag"),
    Parameter(name="home_visit", said="Comes to the patient’s home.", kind="flag"),
    Parameter(name="language", said="Any of these languages (BCP 47).", several=True, longest=80),
    Parameter(
        name="technique",
        said="Any of these ways of working.",
        several=True,
        codes=tuple(each.value for each in Technique),
    ),
    Parameter(
        name="availability",
        said="Any of these times of the week.",
        several=True,
        codes=tuple(each.value for each in Availability),
    ),
    Parameter(name="payer", said="Any of these insurers, by the code an answer names.", several=True, longest=80),
    Parameter(name="gender", said="Who treats.", codes=tuple(each.value for each in GENDERS)),
    Parameter(
        name="max_price",
        said="Highest price of a visit, in the money of that country. Who states no price is left out.",
        kind="number",
        least=0,
        most=100_000,
    ),
    Parameter(
        name="nice",
        said="Which of the wishes are only nice to have: they count in the order and shut nobody out.",
        several=True,
        codes=tuple(WISH_OF),
    ),
    Parameter(
        name="limit",
        said="How many on a page; 20 unless told otherwise.",
        kind="whole",
        least=1,
        most=LARGEST_PAGE,
    ),
    Parameter(
        name="page",
        said="The token of a page, from the answer before. It fits that search only, for about a week.",
        longest=TOKEN_LENGTH,
    ),
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        name="search",
        method="GET",
        path="/search",
        group="search",
        summary="Search without health facts",
        said="The people whom a patient at this place would be shown, in the order of the page for people, each with "
        "the reasons. Pregnancy is not answered in such a search, and the answer says so. Health facts in an "
        "address are refused: send them with POST.",
        answer=SearchAnswer,
        view=searching.search,
        parameters=_SEARCHING,
        refuses=searching.health_in_address,
        example_path="/search?place=97214&limit=1",
    ),
    Operation(
        name="send_search",
        method="POST",
        path="/search",
        group="search",
        summary="Search with what a patient tells",
        said="The same, with pregnancy, age, conditions and signs in the body. They are used for this answer and are "
        "neither kept nor logged. With a sign that cannot wait there is no list, only whom to call.",
        answer=SearchAnswer,
        view=searching.send_search,
        body=Search,
        refusals={413: "The body is too large.", 415: "The body is not application/json."},
        example_path="/search",
        example_body={"place": "97214", "limit": 1, "about": {"pregnancy": "yes", "weeks": 20}},
    ),
    Operation(
        name="practitioner",
        method="GET",
        path="/practitioners/{slug}",
        group="people",
        summary="One practitioner",
        said="Everything a patient may know about somebody who is listed today: what was checked apart from what is "
        "their own word.",
        answer=PractitionerAnswer,
        view=people.practitioner,
        of_path=(Parameter(name="slug", said="The last part of the address of their page."),),
        dated=True,
        refusals={301: "Two profiles were made one: look there.", 410: "They are not listed now: take them out."},
        example_path="/practitioners/practitioner-01",
    ),
    Operation(
        name="practice_place",
        method="GET",
        path="/practice-places/{place_id}",
        group="people",
        summary="One place of practice",
        said="A place where somebody is listed today.",
        answer=PracticePlaceAnswer,
        view=people.practice_place,
        of_path=(Parameter(name="place_id", said="The number of the place.", kind="whole", least=0),),
        dated=True,
        refusals={410: "Nobody is listed there now: take it out."},
        example_path="/practice-places/1",
    ),
    Operation(
        name="places",
        method="GET",
        path="/places",
        group="places",
        summary="What a text means as a place",
        said="The place a text means, or those it may mean. The gazetteer is our own and asks nobody else.",
        answer=PlacesAnswer,
        view=lookups.places,
        parameters=(Parameter(name="text", said="A postal code or a town.", needed=True, example="Portland, OR"),),
        example_path="/places?text=Portland",
    ),
    Operation(
        name="jurisdictions",
        method="GET",
        path="/jurisdictions",
        group="places",
        summary="Whose rules hold where",
        said="Every place whose rules we know: who keeps the register, and whether we list anybody there.",
        answer=JurisdictionsAnswer,
        view=lookups.jurisdictions,
        example_path="/jurisdictions",
    ),
    Operation(
        name="jurisdiction",
        method="GET",
        path="/jurisdictions/{code}",
        group="places",
        summary="One jurisdiction",
        said="The rules of one place.",
        answer=JurisdictionAnswer,
        view=lookups.jurisdiction,
        of_path=(Parameter(name="code", said="Its code, such as US-OR.", longest=12),),
        example_path="/jurisdictions/US-OR",
    ),
    Operation(
        name="accuracy",
        method="GET",
        path="/accuracy",
        group="accuracy",
        summary="How true the directory is",
        said="What the directory measured of itself last, also where it is not flattering.",
        answer=AccuracyAnswer,
        view=lookups.accuracy,
        example_path="/accuracy",
    ),
)
