"""Did it work? A page with four buttons behind a link, where opening it does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from directory.accounts.rules import TRIES
from directory.accounts.terms import Action, Scope
from directory.complaints.models import Complaint
from directory.consultations.outcomes.models import ContactOutcome
from directory.consultations.outcomes.rules import ANSWERED_WITHIN
from directory.consultations.outcomes.terms import Contact
from directory.consultations.terms import State
from tests.web import telling
from tests.web.client import Client, Page
from tests.web.telling import Asked

BUTTONS = ["I reached them", "I got no answer", "The number or address is wrong", "They take no new patients"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Asked]:
    with telling.site(tmp_path) as made:
        yield made


def press(client: Client, token: str, contact: str, status: int = 303, **options: object) -> Page:
    path = f"/outcome/{token}"
    return client.submit(client.get(path), path, {"contact": contact}, status, **options)


def test_opening_the_page_tells_nothing_and_one_tap_tells_it(site: Asked) -> None:
    token = site.link("maria@example.org", state=State.LAPSED)
    client = site.visitor()
    page = client.get(f"/outcome/{token}")
    client.get(f"/outcome/{token}")
    assert [each for each in BUTTONS if each in page.words()] == BUTTONS
    assert "You asked for a talk with Juniper Underhill. Did you reach them?" in page.words()
    assert "no-store" in page.response.headers["Cache-Control"]
    with site.rows() as session:
        assert session.scalars(select(ContactOutcome.contact)).one() is None
    done = client.follow(press(client, token, "no_answer"))
    assert "You told us: I got no answer" in done.words()
    changed = client.follow(press(client, token, "reached"))
    assert "You told us: I reached them" in changed.words()
    with site.rows() as session:
        assert session.scalars(select(ContactOutcome.contact)).one() is Contact.REACHED


def test_what_is_no_button_is_asked_back(site: Asked) -> None:
    token = site.link("maria@example.org")
    page = press(site.visitor(), token, "excellent", 422)
    assert "Please choose one of these" in page.words()


def test_a_link_that_is_none_of_ours_is_not_there_and_an_old_one_says_so(site: Asked) -> None:
    token = site.link("maria@example.org")
    client = site.visitor()
    client.get(f"/outcome/{token}x", 404)
    page = client.get(f"/outcome/{token}")
    site.clock.now += ANSWERED_WITHIN + timedelta(seconds=1)
    assert "This link has ended" in client.get(f"/outcome/{token}").words()
    late = client.submit(page, f"/outcome/{token}", {"contact": "reached"}, 409)
    assert "This link has ended" in late.words()


def test_two_people_open_a_case_and_the_word_stands(site: Asked) -> None:
    for number, email in enumerate(("maria@example.org", "otto@example.org")):
        token = site.link(email, state=State.LAPSED)
        press(site.visitor(), token, "wrong_number", environ_base={"REMOTE_ADDR": f"203.0.113.{number}"})
    with site.rows() as session:
        assert len(session.scalars(select(Complaint)).all()) == 1
        slug = session.scalars(select(Complaint.practitioner_id)).one()
        assert slug == site.person.id
    visitor = site.visitor()
    assert "I reached them" not in visitor.get(f"/outcome/{token}").words()
    assert "juniper-underhill" in "".join(visitor.get("/practitioners?name=Juniper").links())


def test_one_network_taps_a_few_times_and_not_a_flood(site: Asked) -> None:
    token = site.link("maria@example.org")
    client = site.visitor()
    for number in range(TRIES[Action.REPORT, Scope.NETWORK].most):
        press(client, token, ("reached", "no_answer")[number % 2])
    answer = press(client, token, "wrong_number", 429)
    assert int(answer.response.headers["Retry-After"]) > 0


def test_the_accuracy_page_counts_them_apart_and_tells_no_share_of_few(site: Asked) -> None:
    for number in range(5):
        token = site.link(f"p{number}@example.org", state=State.LAPSED)
        told = site.visitor().get("/accuracy/figures.json").response.json
        assert told is not None
        assert told["patients"]["told"] == number
        assert told["patients"]["reached_share"] is None
        press(site.visitor(), token, "no_answer" if number == 1 else "reached")
    told = site.visitor().get("/accuracy/figures.json").response.json
    assert told is not None
    assert (told["patients"]["reached_share"], told["patients"]["no_answer_share"]) == (0.8, 0.2)
    assert "What patients told us" in site.visitor().get("/accuracy").words()
