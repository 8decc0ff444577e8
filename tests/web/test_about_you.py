"""The screens about a patient: each may be skipped, each refuses what cannot be and loses nothing, none tells an
address, and what is said for somebody else ends with them."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from directory.paths import PACKAGE
from directory.screening.terms import Concern, Condition, PregnancyStatus
from directory.web import facts
from directory.web.about_you.blueprint import STEPS
from directory.web.facts import Facts
from directory.web.forms.about_you import CONDITIONS
from tests.web.client import Client, Page
from tests.web.conftest import Clock
from tests.web.population import NOW, TODAY

QUERY = "?place=97214"
PATHS = {step: f"/about-you/{number}" for number, step in enumerate(STEPS, 1)}
"""No address says what a screen asks."""
HERE = f"/search{QUERY}"
TELLING = re.compile(
    r"pregnan|weeks|due|age=|yes=|maybe|condition|anticoagulant|needle|fact=|person=you", re.IGNORECASE
)


def screen(client: Client, step: str, query: str = QUERY) -> Page:
    """One of the screens."""
    return client.get(f"{PATHS[step]}{query}")


def send(client: Client, step: str, fields: dict[str, list[str]], status: int = 303, query: str = QUERY) -> Page:
    """Fill in one of the screens and send it."""
    page = screen(client, step, query)
    data = page.fields(page.form(PATHS[step]))
    for name, values in fields.items():
        data.setlist(name, values)
    return client.post(f"{PATHS[step]}{query}", status, data=data)


def told(client: Client, site: Flask) -> Facts:
    """What this visitor's browser would tell with its next request."""
    cookies = {
        name: cookie.value
        for name in (facts.COOKIE, facts.COOKIE_OF_SOMEONE_ELSE)
        if (cookie := client.inner.get_cookie(name)) is not None
    }
    with site.test_request_context(headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}):
        return facts.read()


# --- the way through -------------------------------------------------------------------------------------------------


def test_every_screen_leads_on_and_back_and_to_the_list(client: Client) -> None:
    overview = client.get(f"/about-you{QUERY}")
    before = f"/about-you{QUERY}"
    steps = list(STEPS)
    assert [href for href in overview.links() if href.startswith("/about-you/")][: len(steps)] == [
        f"{PATHS[step]}{QUERY}" for step in steps
    ]
    for number, step in enumerate(steps, 1):
        page = screen(client, step)
        onward = f"{PATHS[steps[number]]}{QUERY}" if number < len(steps) else HERE
        assert f"Screen {number} of 6" in page.words()
        assert {before, onward, HERE} <= set(page.links())
        before = f"{PATHS[step]}{QUERY}"


def test_every_screen_may_be_sent_empty(client: Client, site: Flask) -> None:
    for step in STEPS:
        send(client, step, {})
    assert told(client, site) == Facts()
    assert len(client.get(HERE).slugs()) == 20


def test_without_a_list_to_go_back_to_the_ways_lead_to_the_first_page(client: Client) -> None:
    page = screen(client, "pregnancy", "")
    assert "/" in page.links()
    sent = send(client, "age", {"age_group": ["adult"]}, query="")
    assert sent.response.headers["Location"] == PATHS["wishes"]


def test_answers_go_into_the_sealed_cookie_and_into_no_address(client: Client, site: Flask) -> None:
    sent = [
        send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]}),
        send(client, "health", {"health": ["anticoagulant", "multiple_pregnancy", "cancer"]}),
        send(client, "needles", {"needles": ["nervous"]}),
        send(client, "age", {"age_group": ["younger"], "years": ["16"]}),
    ]
    assert told(client, site) == Facts(
        pregnancy=PregnancyStatus.YES,
        due=TODAY + timedelta(days=140),
        age=16,
        conditions=frozenset({Condition.ANTICOAGULANT}),
        concerns=frozenset({Concern.TWINS_OR_MORE, Concern.CANCER, Concern.NEEDLE_NERVES}),
    )
    pages = [client.get(f"/about-you{QUERY}"), client.get(HERE), *(screen(client, step) for step in STEPS)]
    told_nothing = Client(site)
    for_everybody = {
        *told_nothing.get(HERE).links(),
        *(href for step in STEPS for href in screen(told_nothing, step).links()),
    }
    addresses = [each.response.headers["Location"] for each in sent]
    addresses += [href for page in pages for href in page.links()]
    addresses += [form.get("action", "") for page in pages for form in page.all("form")]
    sources = {link.get("href", ""): link.get("rel", "") for page in pages for link in page.all("a")}
    for address in addresses:
        if address.startswith("/guide/"):
            assert address in for_everybody, "whoever reads on tells nothing by it"
            continue
        if address.startswith("https://"):
            assert "noreferrer" in sources[address], "where a caution was read does not learn who asks"
            continue
        assert not TELLING.search(address), address
    for page in pages:
        assert page.response.headers["Cache-Control"] == "private, no-store"


def test_what_was_answered_stands_in_the_screens_again(client: Client) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    send(client, "health", {"health": ["anticoagulant", "cancer"]})
    send(client, "needles", {"needles": ["none"]})
    send(client, "age", {"age_group": ["younger"], "years": ["16"]})
    kept = {step: (page := screen(client, step)).fields(page.form(PATHS[step])) for step in STEPS}
    assert kept["pregnancy"]["pregnancy"] == "yes"
    assert kept["pregnancy"]["due"] == (TODAY + timedelta(days=140)).isoformat()
    assert set(kept["health"].getlist("health")) == {"anticoagulant", "cancer"}
    assert kept["needles"]["needles"] == "none"
    assert (kept["age"]["age_group"], kept["age"]["years"]) == ("younger", "16")


def test_a_button_leads_straight_to_the_list(client: Client) -> None:
    sent = send(client, "needles", {"needles": ["nervous"], "then": ["list"]})
    assert sent.response.headers["Location"] == HERE


@pytest.mark.parametrize(
    ("path", "most"),
    [("", 0), *((f"/{number}", 0) for number in range(1, 6)), ("/6", 1), ("/sheet", 3)],
)
def test_a_screen_asks_the_database_for_next_to_nothing(client: Client, town: Engine, path: str, most: int) -> None:
    client.get(f"/about-you{path}{QUERY}")
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            statements.append(statement)

    event.listen(town, "before_cursor_execute", note)
    try:
        client.get(f"/about-you{path}{QUERY}")
        assert client.get("/urgent").status == 200
    finally:
        event.remove(town, "before_cursor_execute", note)
    assert len(statements) <= most, statements


# --- pregnancy -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", ["43", "500", "abc", "-1", "4.5", "²", "1 2"])
def test_weeks_that_cannot_be_are_refused_at_their_field(client: Client, site: Flask, weeks: str) -> None:
    send(client, "needles", {"needles": ["nervous"]})
    page = send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": [weeks]}, 422)
    assert "from 0 to 42" in page.errors_at()["weeks"]
    typed = page.fields(page.form(PATHS["pregnancy"]))
    assert (typed["pregnancy"], typed["weeks"]) == ("yes", weeks)
    assert told(client, site) == Facts(concerns=frozenset({Concern.NEEDLE_NERVES}))


@pytest.mark.parametrize("weeks", ["0", "1", "42", "007"[1:]])
def test_weeks_from_0_to_42_are_understood(client: Client, site: Flask, weeks: str) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": [weeks]})
    assert told(client, site).due == TODAY + timedelta(days=280 - 7 * int(weeks))


@pytest.mark.parametrize(("days", "words"), [(-1, "has passed"), (-400, "has passed"), (281, "40 weeks ahead")])
def test_a_due_date_that_cannot_be_is_refused_at_its_field(client: Client, days: int, words: str) -> None:
    due = (TODAY + timedelta(days=days)).isoformat()
    page = send(client, "pregnancy", {"pregnancy": ["yes"], "due": [due]}, 422)
    assert words in page.errors_at()["due"]
    assert page.fields(page.form(PATHS["pregnancy"]))["due"] == due


def test_weeks_without_a_yes_are_a_yes(client: Client, site: Flask) -> None:
    send(client, "pregnancy", {"weeks": ["12"]})
    assert told(client, site).pregnancy is PregnancyStatus.YES


def test_a_maybe_beside_weeks_is_asked_about(client: Client) -> None:
    page = send(client, "pregnancy", {"pregnancy": ["maybe"], "weeks": ["20"]}, 422)
    assert "choose yes" in page.errors_at()["pregnancy"]


def test_after_a_birth_nothing_is_gated_and_pregnancy_concerns_are_gone(client: Client, site: Flask) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    send(client, "health", {"health": ["multiple_pregnancy", "cancer"]})
    send(client, "pregnancy", {"pregnancy": ["postpartum"], "due": [""]})
    assert told(client, site) == Facts(pregnancy=PregnancyStatus.POSTPARTUM, concerns=frozenset({Concern.CANCER}))
    page = client.get(HERE)
    assert "Pregnant: no, after a birth." in page.words()
    assert len(page.slugs()) == 20


def test_past_the_due_date_the_list_asks_whether_the_baby_is_born(
    client: Client, site: Flask, shared_clock: Clock
) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "due": [TODAY.isoformat()]})
    assert "Has your baby been born?" not in client.get(HERE).words()
    shared_clock.now = NOW + timedelta(hours=23)
    page = client.get(HERE)
    assert "The due date has passed. Has your baby been born?" in page.words()
    assert page.slugs() == ["whole-pregnancy"]
    waiting = client.follow(client.submit(page, "/about-you/born", {"born": "not_yet"}))
    assert "Has your baby been born?" not in waiting.words()
    assert waiting.slugs() == ["whole-pregnancy"]
    typed = screen(client, "pregnancy")
    assert typed.fields(typed.form(PATHS["pregnancy"]))["weeks"] == "40"
    client.submit(typed, PATHS["pregnancy"])
    assert told(client, site).pregnancy is PregnancyStatus.YES


@pytest.mark.parametrize(
    ("answer", "state"), [("born", PregnancyStatus.POSTPARTUM), ("other", PregnancyStatus.NOT_ANSWERED)]
)
def test_the_answer_to_it_changes_the_state(
    client: Client, site: Flask, shared_clock: Clock, answer: str, state: PregnancyStatus
) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "due": [TODAY.isoformat()]})
    shared_clock.now = NOW + timedelta(hours=23)
    client.submit(client.get(HERE), "/about-you/born", {"born": answer})
    assert told(client, site).pregnancy is state


def test_an_answer_to_it_that_was_not_offered_leads_to_the_question(client: Client) -> None:
    token = screen(client, "pregnancy").fields(screen(client, "pregnancy").form(PATHS["pregnancy"]))["csrf_token"]
    sent = client.post(f"/about-you/born{QUERY}", 303, data={"csrf_token": token, "born": "perhaps"})
    assert sent.response.headers["Location"] == f"{PATHS['pregnancy']}{QUERY}"


# --- the other screens -----------------------------------------------------------------------------------------------


def test_only_somebody_who_may_be_pregnant_is_asked_about_pregnancy_concerns(client: Client) -> None:
    assert "placenta" not in screen(client, "health").words()
    send(client, "pregnancy", {"pregnancy": ["maybe"]})
    assert "placenta" in screen(client, "health").words()


def test_everything_that_can_be_ticked_fits_into_the_cookie(client: Client, site: Flask) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["41"]})
    send(client, "health", {"health": [str(code) for code in CONDITIONS]})
    send(client, "needles", {"needles": ["none"]})
    send(client, "age", {"age_group": ["younger"], "years": ["17"]})
    assert told(client, site).conditions == frozenset(Condition) - {Condition.PREGNANCY}
    cookie = client.inner.get_cookie(facts.COOKIE)
    assert cookie is not None
    assert len(cookie.value) <= facts.LARGEST_BYTES


@pytest.mark.parametrize(
    ("step", "fields", "at"),
    [
        ("pregnancy", {"pregnancy": ["certainly"]}, "pregnancy"),
        ("signs", {"signs": ["a sign of tomorrow"]}, "signs"),
        ("health", {"health": ["anticoagulant", "plague"]}, "health"),
        ("health", {"health": ["needle_phobia"]}, "health"),
        ("needles", {"needles": ["<b>"]}, "needles"),
        ("age", {"age_group": ["old"]}, "age_group"),
        ("age", {"age_group": ["younger"]}, "years"),
        ("age", {"years": ["sixteen"]}, "years"),
        ("age", {"years": ["400"]}, "years"),
        ("age", {"age_group": ["adult"], "years": ["12"]}, "age_group"),
        ("wishes", {"language": ["xx"]}, "language"),
        ("wishes", {"availability": ["midnight"]}, "availability"),
        ("wishes", {"gender": ["unspecified"]}, "gender"),
        ("wishes", {"max_price": ["much"]}, "max_price"),
        ("wishes", {"max_price": ["0"]}, "max_price"),
        ("wishes", {"remote": ["perhaps"]}, "remote"),
        ("wishes", {"gender_how": ["perhaps"]}, "gender_how"),
    ],
)
def test_an_answer_that_means_nothing_is_refused_at_its_field(
    client: Client, site: Flask, step: str, fields: dict[str, list[str]], at: str
) -> None:
    page = send(client, step, fields, 422)
    assert page.errors_at()[at]
    assert told(client, site) == Facts()


def test_a_grown_person_is_kept_as_such_and_without_years(client: Client, site: Flask) -> None:
    send(client, "age", {"years": ["44"]})
    assert told(client, site) == Facts(adult=True)


def test_who_takes_nobody_so_young_leaves_the_list(client: Client) -> None:
    before = client.get(HERE)
    send(client, "age", {"age_group": ["younger"], "years": ["3"]})
    after = client.get(HERE)
    assert after.words(after.by_id("list")) != before.words(before.by_id("list"))
    assert "a parent or guardian has to consent" in after.words()
    assert "a parent or guardian has to consent" not in before.words()


def test_wishes_go_into_the_address_as_musts_or_as_nice_to_have(client: Client) -> None:
    sent = send(
        client,
        "wishes",
        {
            "language": ["es"],
            "language_how": ["nice"],
            "gender": ["female"],
            "gender_how": ["must"],
            "remote": ["nice"],
        },
    )
    address = sent.response.headers["Location"]
    assert address == f"{HERE}&remote=yes&language=es&gender=female&nice=remote&nice=language"
    page = client.follow(sent)
    assert "Spanish (nice to have)" in page.words()
    everybody = client.get(f"{HERE}&gender=female")
    assert page.words(page.by_id("list")) == everybody.words(everybody.by_id("list"))
    again = page.fields(next(each for each in page.all("form") if each.get("class") == "filters"))
    assert (again.getlist("nice"), again.getlist("language")) == (["language", "remote"], ["es"])
    back = screen(client, "wishes", address.removeprefix("/search"))
    kept = back.fields(back.form(PATHS["wishes"]))
    assert (kept["remote"], kept["language"], kept["language_how"]) == ("nice", "es", "nice")
    assert (kept["gender"], kept["gender_how"], kept["home_visit"]) == ("female", "must", "")


def test_a_wish_that_is_only_nice_to_have_counts_in_the_order(client: Client) -> None:
    plain, nice = client.get(f"{HERE}&preset=nearest"), client.get(f"{HERE}&preset=nearest&language=es&nice=language")
    assert plain.words(plain.by_id("list")) == nice.words(nice.by_id("list"))
    assert plain.slugs() != nice.slugs()
    assert "not met: language" in nice.words()
    assert "met: language" in nice.words()


def test_the_last_screen_asks_for_a_place_where_there_is_none(client: Client) -> None:
    page = send(client, "wishes", {"remote": ["must"]}, 422, query="")
    assert "say where" in page.errors_at()["place"]
    sent = send(client, "wishes", {"remote": ["must"], "place": ["97214"]}, query="")
    assert sent.response.headers["Location"] == f"{HERE}&remote=yes"


def test_no_screen_asks_for_insurance_identity_papers_or_where_somebody_was_born() -> None:
    asked = re.compile(
        r"insur|member(ship)?_?(no|number|id)|policy|medicare|medicaid|nhs_number|ssn|social_security|passport|"
        r"identity|id_(card|number)|visa|immigra|citizen|residen|nationality|birth_?(date|place)|race|ethnic|religion"
    )
    forms = [PACKAGE / "web" / "forms" / f"{name}.py" for name in ("about_you", "wishes", "home", "search")]
    names = {
        name
        for form in forms
        for name in re.findall(
            r"^    (\w+) = \w*(?:Field|_radios|_ticks|_how|_string|_flag|_several)\(", form.read_text(), re.M
        )
    }
    assert {"pregnancy", "years", "place", "payer", "language_how"} <= names
    assert not [name for name in names if asked.search(name)]


# --- chips -----------------------------------------------------------------------------------------------------------


def test_each_fact_is_a_chip_above_the_list_that_one_button_takes_back(client: Client, site: Flask) -> None:
    send(client, "health", {"health": ["anticoagulant", "cancer"]})
    send(client, "age", {"age_group": ["adult"]})
    page = client.get(HERE)
    removable = [each for each in page.all("button") if each.get("name") == "fact"]
    assert [each.get("value") for each in removable] == ["age", "cancer", "anticoagulant"]
    form = page.form("/about-you/remove")
    data = page.fields(form)
    data["fact"] = "cancer"
    back = client.post("/about-you/remove", 303, data=data)
    assert back.response.headers["Location"] == HERE
    assert told(client, site) == Facts(adult=True, conditions=frozenset({Condition.ANTICOAGULANT}))


@pytest.mark.parametrize("fact", ["", "nothing", "pregnancy", "age"])
def test_taking_back_what_was_not_told_changes_nothing(client: Client, site: Flask, fact: str) -> None:
    send(client, "health", {"health": ["cancer"]})
    page = client.get(f"/about-you{QUERY}")
    data = page.fields(page.form("/about-you/remove"))
    data["fact"] = fact
    sent = client.post("/about-you/remove", 303, data=data)
    assert sent.response.headers["Location"] == f"/about-you{QUERY}"
    assert told(client, site) == Facts(concerns=frozenset({Concern.CANCER}))


@pytest.mark.parametrize(
    "then",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/nowhere", "javascript:0", ""],
)
def test_a_button_leads_to_pages_of_ours_alone(client: Client, then: str) -> None:
    send(client, "health", {"health": ["cancer"]})
    page = client.get(f"/about-you{QUERY}")
    data = page.fields(page.form("/about-you/remove"))
    data["then"] = then
    assert client.post("/about-you/remove", 303, data=data).response.headers["Location"] == "/"


def test_an_address_opened_elsewhere_is_not_answered(client: Client, site: Flask) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    send(client, "health", {"health": ["cancer"]})
    page = Client(site).get(HERE)
    assert "Pregnant: not answered yet." in page.words()
    assert not [each for each in page.all("button") if each.get("name") == "fact"]


# --- what to ask -----------------------------------------------------------------------------------------------------


def test_each_card_says_what_to_raise_with_this_person(client: Client) -> None:
    assert "What to ask them" not in client.get(HERE).words()
    send(client, "health", {"health": ["anticoagulant"]})
    page = client.get(HERE)
    for card in list(page.all("article"))[:20]:
        words = page.words(card)
        assert "Tell whoever manages your anticoagulant, and do not change the dose yourself." in words
        assert "How do you work with people who bleed easily" in words


def test_a_profile_says_what_to_ask(client: Client) -> None:
    plain = client.get("/practitioners/whole-pregnancy")
    assert "Tell whoever manages your anticoagulant" not in plain.words()
    assert "What to ask" in plain.words()
    send(client, "health", {"health": ["anticoagulant"]})
    assert "Tell whoever manages your anticoagulant" in client.get("/practitioners/whole-pregnancy").words()


def test_a_card_says_until_when_somebody_pregnant_is_seen(client: Client) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    page = client.get(HERE)
    assert "Sees you until week 40, which is until April 18, 2027." in page.words()
    assert "Sees you until the birth." in page.words()
    assert "goes beyond that" not in page.words()
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["34"], "due": [""]})
    assert "A usual plan of six to ten visits goes beyond that." in client.get(HERE).words()


# --- for someone else ------------------------------------------------------------------------------------------------


def test_somebody_else_has_facts_of_their_own_until_the_next_person(client: Client, site: Flask) -> None:
    send(client, "health", {"health": ["cancer"]})
    own = told(client, site)
    page = client.get(f"/about-you{QUERY}")
    client.submit(page, "/about-you/someone-else")
    assert told(client, site) == Facts(someone_else=True)
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    listed = client.get(HERE)
    assert "For someone else. Pregnant: yes, 20 weeks today." in listed.words(listed.by_id("made-for"))
    assert "cancer" not in listed.words(listed.by_id("made-for")).lower()
    client.submit(listed, "/about-you/next-person")
    assert told(client, site) == Facts(someone_else=True)
    client.submit(client.get(HERE), "/about-you/myself")
    assert told(client, site) == own


def test_a_sheet_holds_the_people_chosen_and_nothing_that_was_told_stays(client: Client) -> None:
    client.submit(client.get(f"/about-you{QUERY}"), "/about-you/someone-else")
    send(client, "health", {"health": ["anticoagulant"]})
    slugs = client.get(HERE).slugs()[:2]
    choosing = client.get(f"/about-you/sheet{QUERY}")
    assert choosing.words(next(choosing.all("h1"))) == "Choose people for the sheet"
    page = client.get(f"/about-you/sheet{QUERY}&person={slugs[1]}&person={slugs[0]}&person=nobody-of-this-name")
    words = page.words()
    assert "For someone else. Pregnant: not answered yet." in words
    assert [href for href in page.links() if href.startswith("/practitioners/") and href != "/practitioners"] == [
        f"/practitioners/{slug}" for slug in slugs
    ]
    assert "Tell whoever manages your anticoagulant" in words
    assert "Which licence" in words or "Which license" in words
    assert "1 person you chose is not on this page of the list any more." in words
    after = client.follow(client.submit(page, "/about-you/next-person"))
    assert "anticoagulant" not in after.words()


def test_a_sheet_holds_four_people_at_most(client: Client) -> None:
    slugs = client.get(HERE).slugs()[:6]
    page = client.get(f"/about-you/sheet{QUERY}" + "".join(f"&person={slug}" for slug in slugs))
    assert len(list(page.all("article"))) == 4
    assert "at most 4 people" in page.words()


# --- in Spanish ------------------------------------------------------------------------------------------------------

ENGLISH = re.compile(
    r"\b(the|and|you|your|with|this|that|are|is|of|or|not|for|what|whom|please|have|has|any|one|it|we|who)\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"Read in English|Stillpoint|The Stillpoint demo|Crisis & Suicide|Suicide & Crisis Lifeline|"
    r"Pregnancy, Birth and Baby|need to talk\?|Whānau Āwhina|May not use electro-acupuncture|Order of 2025|"
    r"With Conditions|Oregon College of Oriental Medicine|I trained in Portland\.|I answer the telephone myself\."
)
"""Names and the words of registers, which are the same in every language, and the way back to English."""


def in_spanish(client: Client, path: str) -> Page:
    """A page of this visitor, who has asked for Spanish on it."""
    page = client.get(path)
    if page.root.get("lang") != "es":
        data = page.fields(page.form("/about-you/language")) | {"language": "es"}
        assert client.post("/about-you/language", 303, data=data).response.headers["Location"] == path
    return client.get(path)


def foreign(page: Page) -> list[str]:
    """Pieces of text with an English word in them; links to sources, names of people and what is marked as English are
    none."""
    found = []

    def read(element: Element) -> None:
        outside = element.tag == "a" and (element.get("rel") or "").startswith("noreferrer")
        marked = element is not page.root and (element.get("lang") or "").startswith("en")
        if outside or marked or element.tag in ("bdi", "script", "style"):
            texts = [element.tail]
        else:
            for child in element:
                read(child)
            texts = [element.text, element.tail]
        found.extend(text.strip() for text in texts if text and ENGLISH.search(NAMES.sub(" ", text)))

    read(page.root)
    return found


def test_every_screen_and_page_of_whom_to_call_is_there_in_spanish(client: Client) -> None:
    assert foreign(client.get(f"/about-you{QUERY}"))
    in_spanish(client, f"/about-you{QUERY}")
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    send(client, "health", {"health": [str(code) for code in CONDITIONS]})
    send(client, "needles", {"needles": ["nervous"]})
    send(client, "age", {"age_group": ["younger"], "years": ["16"]})
    addresses = [f"/about-you{QUERY}", *(f"{PATHS[step]}{QUERY}" for step in STEPS)]
    addresses += ["/", f"/urgent{QUERY}", f"/urgent/talk{QUERY}", "/urgent", "/urgent/talk", PATHS["wishes"]]
    pages = [in_spanish(client, address) for address in addresses]
    pages.append(send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["43"], "due": ["2020-01-01"]}, 422))
    pages.append(send(client, "age", {"age_group": ["younger"], "years": ["x"]}, 422))
    pages.append(client.follow(send(client, "signs", {"signs": ["fever"]})))
    pages.append(client.get(f"/urgent/talk{QUERY}"))
    for page in pages:
        assert page.root.get("lang") == "es"
        assert foreign(page) == []
        assert "Nadie que hable español con fluidez ha leído todavía esta traducción" in page.words()
        assert "Read in English" in page.words()


@pytest.mark.parametrize(
    "path", [HERE, f"{HERE}&radius=5&max_price=1", f"{HERE}&radius=far&gender=x", f"/search/map{QUERY}"]
)
def test_a_list_and_its_map_are_there_in_spanish(client: Client, path: str) -> None:
    in_spanish(client, f"/about-you{QUERY}")
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    send(client, "health", {"health": ["anticoagulant", "lymphoedema_limb"]})
    page = client.get(path, 422 if "far" in path else 200)
    assert page.root.get("lang") == "es"
    assert foreign(page) == []


def test_the_first_line_and_the_cautions_of_a_list_are_there_in_spanish(client: Client) -> None:
    send(client, "pregnancy", {"pregnancy": ["yes"], "weeks": ["20"]})
    send(client, "health", {"health": ["anticoagulant"]})
    page = in_spanish(client, HERE)
    assert "Embarazo: sí, hoy 20 semanas." in page.words(page.by_id("made-for"))
    assert "Dígaselo a quien controla su anticoagulante, y no cambie la dosis por su cuenta." in page.words()


def test_spanish_is_offered_and_left_again_and_spoken_only_where_it_is_offered(client: Client) -> None:
    page = in_spanish(client, f"/about-you{QUERY}")
    data = page.fields(page.form("/about-you/language")) | {"language": "en"}
    assert client.get("/about").root.get("lang") == "en-US"
    client.post("/about-you/language", 303, data=data)
    assert client.get(f"/about-you{QUERY}").root.get("lang") == "en-US"
    client.post("/about-you/language", 303, data=data | {"language": "xx"})
    assert client.get(f"/about-you{QUERY}").root.get("lang") == "en-US"


@pytest.mark.parametrize("query", ["", "?place=nowhere at all", "?place=97214&radius=far"])
def test_a_sheet_of_no_list_leads_to_the_list(client: Client, query: str) -> None:
    assert client.get(f"/about-you/sheet{query}", 303)
