"""Words about a service, from the patient's link to the profile and the answer below them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from directory.accounts.terms import Role
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.cases.terms import State as CaseState
from directory.consultations.feedback.models import ServiceStory
from directory.consultations.terms import State
from directory.practitioners.models import PracticePlace
from tests.web import telling
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.telling import Asked

PROFILE = "/practitioners/juniper-underhill"
KIND = "Kind on the telephone, and on time."


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Asked]:
    with telling.site(tmp_path) as made:
        yield made


@pytest.fixture
def token(site: Asked) -> str:
    """The link of a patient who met the person and told us so."""
    made = site.link("maria@example.org")
    client = site.visitor()
    path = f"/outcome/{made}"
    page = client.follow(client.submit(client.get(path), path, {"contact": "reached"}))
    assert f"/feedback/{made}" in page.links()
    return made


def say(site: Asked, token: str, status: int = 303, **typed: str) -> Page:
    client, path = site.visitor(), f"/feedback/{token}"
    page = client.submit(client.get(path), path, typed, status)
    return client.follow(page) if status == 303 else page


def decide(site: Asked, outcome: str, **typed: str) -> str:
    """Decide the open case at the desk, by its page; what the page said of it."""
    desk = Client(site.app)
    sign_in(desk, email="vera@example.org", roles=[Role.VERIFIER])
    with site.rows() as session:
        case_id = session.scalars(select(Case.id).where(Case.kind == Kind.FEEDBACK, Case.state == CaseState.OPEN)).one()
    path = f"/desk/cases/{case_id}"
    page = desk.get(path)
    site.clock.now += timedelta(seconds=30)
    desk.submit(page, f"{path}/decision", {"outcome": outcome, **typed})
    return page.words()


def move_to(site: Asked, code: str) -> None:
    with site.rows() as session:
        session.execute(update(PracticePlace).values(jurisdiction=code))


def test_words_are_read_then_shown_apart_and_taken_back(site: Asked, token: str) -> None:
    said = say(site, token, listened="yes", price_first="no", words=KIND)
    assert "reads it before it is shown" in said.words()
    assert KIND not in site.visitor().get(PROFILE).words()
    told = decide(site, "verified")
    assert KIND in told
    assert "Juniper Underhill" in told
    profile = site.visitor().get(PROFILE).words()
    assert KIND in profile
    assert profile.index("Did not say the price before") < profile.index("Listened")
    assert "November 2026" in profile
    assert "it is not a rating" in profile
    client, path = site.visitor(), f"/feedback/{token}"
    gone = client.follow(client.submit(client.get(path), f"{path}/take-back"))
    assert "gone" in gone.words()
    assert KIND not in site.visitor().get(PROFILE).words()


@pytest.mark.parametrize(
    ("words", "meant"),
    [("My legs are quiet now.", "legs"), ("It cured me.", "cured"), ("See www.example.org", "links")],
)
def test_words_about_a_treatment_come_back_as_typed(site: Asked, token: str, words: str, meant: str) -> None:
    page = say(site, token, 422, words=words)
    assert meant in page.errors_at()["words"]
    assert words in page.text


def test_an_empty_form_and_a_long_text_are_asked_back(site: Asked, token: str) -> None:
    assert "words" in say(site, token, 422).errors_at()
    assert "300" in say(site, token, 422, words="on time " * 50).errors_at()["words"]


def test_who_met_nobody_has_no_such_page(site: Asked) -> None:
    lapsed = site.link("otto@example.org", state=State.LAPSED)
    client, path = site.visitor(), f"/outcome/{lapsed}"
    page = client.follow(client.submit(client.get(path), path, {"contact": "reached"}))
    assert f"/feedback/{lapsed}" not in page.links()
    client.get(f"/feedback/{lapsed}", 404)
    client.get("/feedback/none-of-ours", 404)


def test_where_the_law_forbids_it_there_is_no_page_and_nothing_stands_on_the_profile(site: Asked, token: str) -> None:
    say(site, token, words=KIND)
    decide(site, "verified")
    other = site.link("otto@example.org")
    client, path = site.visitor(), f"/outcome/{other}"
    client.submit(client.get(path), path, {"contact": "reached"})
    assert f"/feedback/{other}" in client.get(path).links()
    own = Client(site.app)
    sign_in(own, email="juniper@example.org")
    assert KIND in site.visitor().get(PROFILE).words()
    move_to(site, "AU")
    assert f"/feedback/{other}" not in client.get(path).links()
    client.get(f"/feedback/{other}", 404)
    assert "the law does not let this be shown" in own.get("/practice/feedback").words()
    # The licence of Oregon lists nobody in Australia; where they are not shown, nothing of them is.
    assert KIND not in site.visitor().get(PROFILE, 410).words()


def test_the_practitioner_answers_once_and_their_answer_is_read_first(site: Asked, token: str) -> None:
    say(site, token, words=KIND)
    own = Client(site.app)
    sign_in(own, email="juniper@example.org")
    assert "/practice/feedback" in own.get("/practice").links()
    assert "Nobody has said anything yet" in own.get("/practice/feedback").words()
    decide(site, "verified")
    assert KIND in own.get("/practice/preview").words()
    with site.rows() as session:
        story_id = session.scalars(select(ServiceStory.id)).one()
    path = f"/practice/feedback/{story_id}"
    page = own.get("/practice/feedback")
    refused = own.submit(page, path, {f"story-{story_id}-words": "My treatment works wonders."}, 422)
    assert "treatment works" in refused.text
    own.submit(refused, path, {f"story-{story_id}-words": "Thank you for coming."})
    assert "waits to be read" in own.get("/practice/feedback").words()
    assert "Thank you for coming." not in site.visitor().get(PROFILE).words()
    assert "Thank you for coming." in decide(site, "verified")
    assert "Thank you for coming." in site.visitor().get(PROFILE).words()
    own.submit(own.get("/practice/feedback"), f"{path}/take-back")
    assert "Thank you for coming." not in site.visitor().get(PROFILE).words()


def test_nobody_answers_words_about_somebody_else(site: Asked, token: str) -> None:
    say(site, token, words=KIND)
    decide(site, "verified")
    with site.rows() as session:
        story_id = session.scalars(select(ServiceStory.id)).one()
    own = Client(site.app)
    sign_in(own, email="juniper@example.org")
    page = own.get("/practice/feedback")
    other = f"/practice/feedback/{story_id + 1}"
    form = page.form(f"/practice/feedback/{story_id}")
    data = page.fields(form)
    assert own.inner.post(other, data=data, base_url=own.base).status_code == 404
    assert own.inner.post(f"/practice/feedback/{2**70}", data=data, base_url=own.base).status_code == 404


def test_a_profile_says_how_quickly_and_owns_up_when_too_few_were_asked(site: Asked) -> None:
    assert "too few so far to say" in site.visitor().get(PROFILE).words()
