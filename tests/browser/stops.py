"""Every kind of page a visitor can stand on, and how they came there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from directory.accounts import demonstration
from directory.accounts.terms import Role
from tests.browser.asking import ASKING
from tests.browser.members import asked, kept, listed, newcomer, seated, verifier, with_a_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.server import Site

HERE = "/search?place=97214"
MAP = "/search/map?place=97214"
NOBODY = f"{HERE}&radius=5&max_price=1"
FAR = "/search?place=Nome, AK"
"""Nobody practises within a day's drive."""


def tell(page: Page, answer: str, weeks: str = "") -> None:
    """Answer the question above the list on which somebody stands."""
    form = page.locator("#about-you form").first
    if not form.is_visible():
        page.get_by_text("Change this answer").click()
    form.get_by_label(answer, exact=True).check()
    if weeks:
        if not form.get_by_label("Completed weeks").is_visible():
            form.locator("summary").click()
        form.get_by_label("Completed weeks").fill(weeks)
    form.get_by_role("button").click()
    expect(page.locator("#made-for")).to_contain_text(f"Pregnant: {answer.lower()}")


def _home(page: Page, site: Site) -> None:
    page.goto("/")


def _home_refused(page: Page, site: Site) -> None:
    page.goto("/")
    page.get_by_label("Where do you need someone?").fill("Portland")
    page.get_by_text("how many weeks, or when is it due?").click()
    page.get_by_label("Completed weeks").fill("99")
    page.get_by_role("button", name="Show people near me").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _list(page: Page, site: Site) -> None:
    page.goto(HERE)


def _list_not_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "No")


def _list_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "Yes", "12")


def _map(page: Page, site: Site) -> None:
    page.goto(MAP)
    expect(page.locator("#map[data-ready]")).to_be_visible()


def _list_with_map(page: Page, site: Site) -> None:
    page.goto(HERE)
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator("#map[data-ready]")).to_be_visible()


def _list_empty(page: Page, site: Site) -> None:
    page.goto(NOBODY)
    expect(page.get_by_role("heading", name="Nobody fits what you asked")).to_be_visible()
    expect(page.locator("[aria-labelledby=step-1] .card").first).to_be_visible()


def _list_refused(page: Page, site: Site) -> None:
    page.goto(f"{HERE}&radius=far&max_price=none&preset=best&gender=x&language=x")
    expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()


def _list_far(page: Page, site: Site) -> None:
    page.goto(FAR)
    expect(page.locator("#journey")).to_be_visible()


def _by_name(page: Page, site: Site) -> None:
    page.goto("/practitioners?name=an")
    expect(page.locator("ol.cards .card").first).to_be_visible()


def _by_name_nobody(page: Page, site: Site) -> None:
    page.goto("/practitioners?name=Xanthippe+Quux")
    expect(page.get_by_role("heading", name="We list nobody of this name")).to_be_visible()


def _by_name_refused(page: Page, site: Site) -> None:
    page.goto("/practitioners?name=a")
    expect(page.get_by_role("alert")).to_be_visible()


def _profile(page: Page, site: Site) -> None:
    page.goto(HERE)
    page.locator("ol.cards .card__title a").first.click()
    expect(page.get_by_role("heading", name="What we checked")).to_be_visible()


def _profile_while_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "Yes", "12")
    page.goto(f"/practitioners/{site.slug('published')}")
    expect(page.locator("article.profile")).to_be_visible()


def _gone(page: Page, site: Site) -> None:
    answer = page.goto(f"/practitioners/{site.slug('suspended_by_admin')}")
    assert answer is not None
    assert answer.status == 410


def _missing(page: Page, site: Site) -> None:
    answer = page.goto("/practitioners/nobody-of-this-name")
    assert answer is not None
    assert answer.status == 404


def _register(page: Page, site: Site) -> None:
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Are you an acupuncturist?").click()
    page.get_by_label("Or your family name").fill("Du")
    page.get_by_label("and the state").select_option("NY")
    page.get_by_role("button", name="Find my entry").click()
    expect(page.get_by_role("heading", name="Entries of this name")).to_be_visible()


def _register_entry(page: Page, site: Site) -> None:
    _register(page, site)
    page.get_by_role("link", name="Juan L Du").click()
    page.get_by_role("button", name="Remove me").click()
    expect(page.get_by_role("alert")).to_contain_text("Please tick this box")


def _register_claim(page: Page, site: Site) -> None:
    _register(page, site)
    page.get_by_role("link", name="Juan L Du").click()
    page.get_by_role("link", name="This is me").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _begun(page: Page, site: Site) -> None:
    """Come as a newcomer of whom nothing is written down but a name."""
    kept(page, site, "newcomer", lambda: newcomer(page, site))


def _settled(page: Page, site: Site) -> str:
    """Come as a newcomer who gave the address of one place; where its pin is."""

    def enter() -> None:
        with_a_place(page, site)
        expect(page.locator("#pin")).to_be_visible()

    return kept(page, site, "settled", enter).partition("#")[0]


def _on_the_list(page: Page, site: Site) -> None:
    """Come as somebody whom patients find."""
    kept(page, site, "listed", lambda: listed(page, site))


def _places(page: Page, site: Site) -> None:
    _settled(page, site)
    page.goto("/registration/places")


def _place_new_refused(page: Page, site: Site) -> None:
    with_a_place(page, site, **{"Town": "Xyzzyville", "ZIP code": ""})
    expect(page.locator("#pin[data-ready]")).to_be_visible()


def _place_pin(page: Page, site: Site) -> None:
    page.goto(_settled(page, site))
    expect(page.locator("#pin[data-ready]")).to_be_visible()


def _place_visits(page: Page, site: Site) -> None:
    page.goto(f"{_settled(page, site)}/visits")
    page.get_by_label("Saturday").fill("10-9")
    page.get_by_label("At patients’ homes").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _place_access(page: Page, site: Site) -> None:
    page.goto(f"{_settled(page, site)}/access")


def _evidence_claim(page: Page, site: Site) -> None:
    newcomer(page, site)
    page.goto("/evidence/for/rls:patients/statement")
    page.get_by_label("Your statement").fill("In the last 24 months I have seen twelve people with RLS.")
    page.get_by_label("Signed: your full name").fill("Juniper Underhill")
    page.get_by_label("This is true").check()
    page.get_by_role("button", name="Sign it today").click()
    expect(page.get_by_text("Waits to be looked at")).to_be_visible()


def _evidence_file_refused(page: Page, site: Site) -> None:
    _begun(page, site)
    page.goto("/evidence/for/rls:training/file")
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _evidence_ask_refused(page: Page, site: Site) -> None:
    _begun(page, site)
    page.goto("/evidence/for/rls:patients/colleague")
    page.get_by_role("button", name="Write to them").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)


def _photo(page: Page, site: Site) -> None:
    _begun(page, site)
    page.goto("/evidence/photo")


def _work(page: Page, site: Site) -> None:
    _begun(page, site)
    page.goto("/registration/work")


def _offers(page: Page, site: Site) -> None:
    _settled(page, site)
    page.goto("/registration/offers")


def _prices(page: Page, site: Site) -> None:
    _offers(page, site)
    page.get_by_role("main").get_by_role("link", name="Fern Rooms").click()
    page.get_by_label("First visit").fill("much")
    page.get_by_text("Insurers that have paid for visits here").first.click()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _sign_in_refused(page: Page, site: Site) -> None:
    page.goto("/account/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _account_refused(page: Page, site: Site) -> None:
    page.goto("/account/register")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def signed_in(page: Page) -> None:
    """Come as the fictional patient."""
    page.goto("/account/sign-in")
    page.get_by_label("Your email address").fill(demonstration.PATIENT.email)
    page.get_by_label("Password", exact=True).fill(demonstration.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def _account(page: Page, site: Site) -> None:
    signed_in(page)


def _own(path: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        kept(page, site, "patient", lambda: signed_in(page))
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _words(page: Page, site: Site) -> None:
    _begun(page, site)
    page.goto("/registration/words")
    page.get_by_label("In a sentence or two").press_sequentially("I treat RLS, and I guarantee that it helps.")
    expect(page.get_by_text("These words may not stand here:")).to_be_visible()


def _listed(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/listed")
    expect(page.get_by_role("heading", name="Where you are listed")).to_be_visible()


def _still_true(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/confirm")
    expect(page.get_by_role("button", name="Yes, all of it is still true")).to_be_visible()


def _away_refused(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/away")
    page.get_by_label("First day away").first.fill("2030-01-02")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _practice_begun(page: Page, site: Site) -> None:
    _begun(page, site)
    page.goto("/practice")
    expect(page.get_by_role("heading", name="Your registration is not finished")).to_be_visible()


def _practice(address: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        _on_the_list(page, site)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _requests(page: Page, site: Site) -> None:
    asked(page, site, "/practice/requests")
    expect(page.get_by_role("heading", name="What is agreed")).to_be_visible()


def _request(name: str, heading: str, button: str = "") -> Callable[[Page, Site], None]:
    """What one patient asked, and an answer that was sent as it was found."""

    def go(page: Page, site: Site) -> None:
        _requests(page, site)
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        if button:
            page.get_by_role("button", name=button).click()
            expect(page.get_by_role("alert")).to_be_visible()

    return go


def _service(page: Page, site: Site) -> None:
    asked(page, site, "/practice/feedback")
    expect(page.locator(".story").first).to_be_visible()


def _leave_refused(page: Page, site: Site) -> None:
    _on_the_list(page, site)
    page.goto("/practice/leave")
    page.get_by_role("button", name="Close my profile").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


def _about(which: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto("/")
        page.get_by_role("contentinfo").get_by_role("link", name=which).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _guide(path: str, heading: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)

    return go


def _plan_refused(page: Page, site: Site) -> None:
    page.goto("/care/plan")
    page.get_by_label("Later visits").fill("a lot")
    page.get_by_role("button", name="Add it up").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _plan_made(page: Page, site: Site) -> None:
    page.goto(HERE)
    page.locator(".card__title a").first.click()
    page.get_by_role("link", name="Plan visits").click()
    page.get_by_label("Day of the first visit").fill((datetime.now(UTC) + timedelta(days=7)).date().isoformat())
    page.get_by_label("Later visits").fill("87.50")
    page.get_by_role("button", name="Add it up").click()
    expect(page.get_by_role("heading", name="What it adds up to")).to_be_visible()


def _bring_refused(page: Page, site: Site) -> None:
    page.goto("/care/bring")
    page.get_by_label("Dose, and when").nth(1).fill("50 mg in the morning")
    page.get_by_role("button", name="Make the list").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)


def _bring_made(page: Page, site: Site) -> None:
    page.goto("/care/bring")
    for number, name in enumerate(("Sertraline", "Warfarin", "Magnesium")):
        page.get_by_label("Name", exact=True).nth(number).fill(name)
    page.get_by_label("A medicine for restless legs that acts like dopamine").check()
    page.get_by_role("button", name="Make the list").click()
    expect(page.locator(".medicine-asks")).to_have_count(4)


def _prepare_while_pregnant(page: Page, site: Site) -> None:
    page.goto(HERE)
    tell(page, "Yes", "34")
    page.goto("/care/prepare")
    expect(page.get_by_label("Take your maternity notes")).to_be_visible()


def _summary_seen(page: Page, site: Site) -> None:
    """What would be handed over, with one of everything that somebody can type for it."""
    page.goto("/care/summary")
    page.click("#add-medicines")
    page.locator("#medicines").get_by_label("Name").fill("Pramipexole")
    page.locator("#medicines").get_by_label("Hand this over").check()
    page.click("#add-answers")
    page.locator("#answers").get_by_label("Question").fill("May I stand up when my legs need to move?")
    page.locator("#answers").get_by_label("Hand this over").check()
    page.fill("#words", "I cannot lie still for half an hour.")
    page.check("#with-words")
    page.get_by_role("button", name="Show what would be handed over").click()
    expect(page.locator("#preview")).to_be_visible()


def _questions_made(page: Page, site: Site) -> None:
    page.goto("/care/questions")
    for which in ("First", "Second", "Third", "Fourth"):
        page.get_by_label(f"{which} person").fill("Anna von Berg")
    page.get_by_role("button", name="Make the page").click()
    expect(page.locator(".question-paper--4")).to_be_visible()


def _letter_refused(page: Page, site: Site) -> None:
    page.goto("/care/letter")
    page.get_by_role("button", name="Make the letter").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)


def _letter_made(page: Page, site: Site) -> None:
    page.goto("/care/letter")
    page.get_by_label("My midwife").check()
    page.get_by_label("Your name", exact=True).fill("Alex Marlow")
    page.get_by_role("button", name="Make the letter").click()
    expect(page.get_by_role("article", name="The letter")).to_contain_text("Dear midwife,")


def _after_refused(page: Page, site: Site) -> None:
    page.goto("/care/after")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Take them into my calendar").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _step(path: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        _begun(page, site)
        page.goto(f"/registration/{path}".rstrip("/"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def _queue(page: Page, site: Site) -> None:
    verifier(page, site, "/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("To do")
    page.goto("/desk?state=open&kind=photo")  # which no other test takes up
    page.locator("[data-line]").first.get_by_role("button", name="Take").click()
    expect(page.get_by_text("Yours until").first).to_be_visible()


def _queue_refused(page: Page, site: Site) -> None:
    seated(page, site, "/desk")
    page.goto("/desk?state=mine&risk=enormous&kind=nothing")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)


def _views(page: Page, site: Site) -> None:
    verifier(page, site, "/desk")
    page.goto("/desk?kind=licence&jurisdiction=US-CA")
    page.get_by_text("Keep this filter as a view").click()
    page.get_by_label("Name of the view").fill("Licences of California, one by one in the morning")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("link", name="Change views").click()
    page.get_by_label("Another name").fill("")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


def _case(kind: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        seated(page, site, f"/desk/cases/{site.case(kind)}")
        expect(page.get_by_role("heading", name="Registers", exact=True)).to_be_visible()

    return go


def _case_with_a_picture(page: Page, site: Site) -> None:
    seated(page, site, f"/desk/cases/{site.case('licence', 'image/jpeg')}")
    picture = page.locator("#evidence ~ .exhibit img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def _case_with_a_document(page: Page, site: Site) -> None:
    """The browser's own viewer opens the document inside the page: a frame that is refused never comes that far."""
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-extension:")):
        seated(page, site, f"/desk/cases/{site.case('indemnity', 'application/pdf')}")
        page.locator("iframe.exhibit__paper").first.scroll_into_view_if_needed()
    frames = [frame.url.partition("#")[0] for frame in page.frames]
    assert any(url.startswith(f"{site.origin}/evidence/view/") for url in frames)
    assert not any(url.startswith("chrome-error:") for url in frames)


def _refused(path: Callable[[Site], str], button: str) -> Callable[[Page, Site], None]:
    """A form of the desk that was sent as it was found."""

    def go(page: Page, site: Site) -> None:
        seated(page, site, path(site))
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()

    return go


def _of_a_case(kind: str, page: str = "") -> Callable[[Site], str]:
    return lambda site: f"/desk/cases/{site.case(kind)}{page}"


def _of_a_person(kind: str, page: str) -> Callable[[Site], str]:
    return lambda site: f"/desk/people/{site.about(site.case(kind))}/{page}"


def _desk(path: str, *, by: Role = Role.VERIFIER, button: str = "") -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        seated(page, site, path, by)
        expect(page.get_by_role("navigation", name="The desk").locator("[aria-current]")).to_be_visible()
        if button:
            page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()

    return go


def _duplicates(page: Page, site: Site) -> None:
    seated(page, site, f"/desk/duplicates/{site.case('duplicate')}")
    expect(page.get_by_role("heading", name="Why we ask")).to_be_visible()


def _colleague(page: Page, site: Site) -> None:
    seated(page, site, "/desk/staff", Role.ADMINISTRATOR)
    page.get_by_role("link", name=demonstration.COLLEAGUE.email).click()
    page.get_by_role("button", name="Take the second proofs away").click()
    expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()


def _harm_by(page: Page, site: Site) -> None:
    page.goto(f"/report/{site.slug('published')}/harm")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


def _harm_sent(page: Page, site: Site) -> None:
    page.goto("/report/harm/sent")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _accuracy(page: Page, site: Site) -> None:
    page.goto("/accuracy")
    expect(page.get_by_role("heading", level=1)).to_have_text("How true this directory is")


def _embed(page: Page, site: Site) -> None:
    page.goto("/embed?language=es&size=narrow")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Buscar acupuntor")


def _embed_refused(page: Page, site: Site) -> None:
    page.goto("/embed?language=xx")
    expect(page.get_by_role("alert")).to_be_visible()


def _data(page: Page, site: Site) -> None:
    page.goto("/data")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open data")


def _harm(page: Page, site: Site) -> None:
    page.goto("/report/harm")
    expect(page.get_by_role("heading", name="Somebody to talk to", exact=True)).to_be_visible()


def _report_refused(page: Page, site: Site) -> None:
    page.goto(f"/report/{site.slug('published')}")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()


SCREENS = "/about-you/{number}?place=97214"


def _told(page: Page, site: Site) -> None:
    """A list with chips, cautions, a plan that goes beyond somebody's weeks, and a wish that is only nice to have."""
    page.goto(f"{HERE}&language=es&nice=language")
    tell(page, "Yes", "34")
    page.goto(SCREENS.format(number=3))
    for words in ("I take a medicine against", "I have or had cancer", "I expect twins"):
        page.get_by_label(words).check()
    page.get_by_role("button", name="Keep this and show the list").click()
    expect(page.get_by_role("button", name="Cancer, now or before")).to_be_visible()
    page.locator(".to-ask summary").first.click()


def _about_you(page: Page, site: Site) -> None:
    page.goto(SCREENS.format(number=4))
    page.get_by_label("They make me nervous").check()
    page.get_by_role("button", name="Keep this and go on").click()
    page.goto("/about-you?place=97214")
    page.get_by_role("button", name="I am looking for someone else").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About the person you are looking for")


def _weeks_refused(page: Page, site: Site) -> None:
    page.goto(SCREENS.format(number=1))
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Completed weeks").fill("43")
    page.get_by_role("button", name="Keep this and go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _screen(number: int) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto(SCREENS.format(number=number))
        expect(page.get_by_text(f"Screen {number} of 6, all optional").first).to_be_visible()

    return go


def _sheet(page: Page, site: Site) -> None:
    page.goto("/about-you/sheet?place=97214")
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.locator(".sheet__person")).to_have_count(2)


def _urgent(sign: str, heading: str) -> Callable[[Page, Site], None]:
    def go(page: Page, site: Site) -> None:
        page.goto(SCREENS.format(number=2))
        page.get_by_label(sign).check()
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.get_by_role("button", name="I ticked this by mistake")).to_be_visible()

    return go


VISITORS: dict[str, Callable[[Page, Site], None]] = {
    "home": _home,
    "home-refused": _home_refused,
    "list": _list,
    "list-not-pregnant": _list_not_pregnant,
    "list-pregnant": _list_pregnant,
    "list-with-map": _list_with_map,
    "map": _map,
    "list-empty": _list_empty,
    "list-refused": _list_refused,
    "list-far": _list_far,
    "list-told": _told,
    "about-you": _about_you,
    "about-you-refused": _weeks_refused,
    "about-you-health": _screen(3),
    "about-you-wishes": _screen(6),
    "sheet": _sheet,
    "urgent": _urgent("Chest pain", "Please get help now"),
    "urgent-talk": _urgent("Thoughts of harming", "Please talk to somebody now"),
    "by-name": _by_name,
    "by-name-nobody": _by_name_nobody,
    "by-name-refused": _by_name_refused,
    "profile": _profile,
    "profile-while-pregnant": _profile_while_pregnant,
    "gone": _gone,
    "harm": _harm,
    "harm-by-refused": _harm_by,
    "harm-sent": _harm_sent,
    "accuracy": _accuracy,
    "embed": _embed,
    "embed-refused": _embed_refused,
    "data": _data,
    "report-refused": _report_refused,
    "missing": _missing,
    "register": _register,
    "register-entry": _register_entry,
    "register-claim": _register_claim,
    "sign-in-refused": _sign_in_refused,
    "account-refused": _account_refused,
    "about": _about("Who runs this"),
    "ranking": _about("How ranking works"),
    "privacy": _about("Privacy"),
    "terms": _about("Terms"),
    "accessibility": _about("Accessibility"),
    "guide": _guide("/guide", "The guide"),
    "guide-page": _guide("/guide/evidence", "What the evidence says"),
    "guide-reading": _guide("/guide/points?reading=1", "Points and their names"),
    "plan": _guide("/care/plan", "Plan visits"),
    "plan-refused": _plan_refused,
    "plan-made": _plan_made,
    "review-point": _guide("/care/review", "Go on, change, end, or see a doctor?"),
    "care": _guide("/care", "For your visits"),
    "care-bring-refused": _bring_refused,
    "care-bring-made": _bring_made,
    "care-prepare": _prepare_while_pregnant,
    "care-questions": _questions_made,
    "care-summary": _summary_seen,
    "care-letter-refused": _letter_refused,
    "care-letter-made": _letter_made,
    "care-superbill": _guide("/care/superbill", "What belongs on a superbill"),
    "care-after-refused": _after_refused,
    "api": _guide("/api", "For programs"),
    "guide-found": _guide("/guide/find?q=iron", "Look in the guide"),
    **ASKING,
}
"""Pages for everybody."""

MEMBERS: dict[str, Callable[[Page, Site], None]] = {
    "places": _places,
    "place-unknown": _place_new_refused,
    "place-pin": _place_pin,
    "place-visits": _place_visits,
    "place-access": _place_access,
    "evidence-claim": _evidence_claim,
    "evidence-file-refused": _evidence_file_refused,
    "evidence-ask-refused": _evidence_ask_refused,
    "photo": _photo,
    "work": _work,
    "offers": _offers,
    "prices": _prices,
    "account": _account,
    "account-password": _own("/account/password"),
    "account-proofs": _own("/account/second-factors"),
    "account-app": _own("/account/authenticator"),
    "account-sessions": _own("/account/sessions"),
    "words": _words,
    "listed": _listed,
    "still-true": _still_true,
    "away": _away_refused,
    "practice-begun": _practice_begun,
    "practice": _practice("/practice"),
    "practice-questions": _practice("/practice/questions"),
    "practice-preview": _practice("/practice/preview"),
    "practice-rank": _practice("/practice/rank?place=97214"),
    "practice-figures": _practice("/practice/figures"),
    "practice-export": _practice("/practice/export"),
    "practice-requests": _requests,
    "practice-request-refused": _request("Maribel Quintero", "Your answer", "Yes, at this time"),
    "practice-request-agreed": _request("Gideon Lachlan", "They would like to move it"),
    "practice-taking": _practice("/practice/requests/taking"),
    "practice-feedback": _service,
    "practice-leave-refused": _leave_refused,
    "practice-no-longer": _practice("/practice/no-longer"),
    "education": _step("education/new"),
    "licences": _step("licences"),
    "licence": _step("licences/new/US-OR/licence"),
    "cover": _step("licences/cover/new"),
    "rls": _step("rls"),
    "pregnancy": _step("pregnancy"),
    "registration": _step(""),
    "desk-queue": _queue,
    "desk-queue-refused": _queue_refused,
    "desk-views-refused": _views,
    "desk-case-picture": _case_with_a_picture,
    "desk-case-document": _case_with_a_document,
    "desk-case-refused": _refused(_of_a_case("control"), "Record the decision"),
    "desk-case-hold": _case("hold_review"),
    "desk-case-exclusion": _case("exclusion"),
    "desk-case-harm": _case("harm"),
    "desk-case-feedback": _case("feedback"),
    "desk-case-second-look": _case("second_look"),
    "desk-case-news": _case("register_news"),
    "desk-case-edit": _case("sensitive_edit"),
    "desk-duplicates": _duplicates,
    "desk-dispute-refused": _refused(lambda site: f"/desk/disputes/{site.case('dispute')}", "Say whose it is"),
    "desk-report-refused": _refused(lambda site: f"/desk/reports/{site.case('complaint')}", "Decide"),
    "desk-closing-refused": _refused(_of_a_person("closing", "closing"), "Close the profile"),
    "desk-person-refused": _refused(_of_a_person("complaint", "decision"), "Record the decision"),
    "desk-identity-refused": _refused(_of_a_case("control", "/identity"), "Put it on record"),
    "desk-certifier-refused": _refused(_of_a_case("control", "/certifier"), "Send the letter"),
    "desk-letter-refused": _refused(_of_a_case("control", "/letter"), "Make the letter"),
    "desk-telephone-refused": _refused(_of_a_case("control", "/telephone"), "Put the call on record"),
    "desk-rosters": _desk("/desk/rosters"),
    "desk-forecast": _desk("/desk/forecast"),
    "desk-figures": _desk("/desk/figures"),
    "desk-calls": _desk("/desk/calls"),
    "desk-staff-refused": _desk("/desk/staff", by=Role.ADMINISTRATOR, button="Send the invitation"),
    "desk-colleague-refused": _colleague,
    "desk-keys-refused": _desk("/desk/api-keys", by=Role.ADMINISTRATOR, button="Give the key"),
    "desk-jobs": _desk("/desk/jobs", by=Role.ADMINISTRATOR),
    "desk-log": _desk("/desk/log", by=Role.ADMINISTRATOR),
    "desk-jurisdictions": _desk("/desk/jurisdictions", by=Role.ADMINISTRATOR),
    "desk-jurisdiction-refused": _desk("/desk/jurisdictions/US-CA", by=Role.ADMINISTRATOR, button="Hide it now"),
}
"""Pages for people who have signed in: whoever only looks shares a seat, and whoever changes something is new."""

STOPS = VISITORS | MEMBERS

LIKE = {
    "home": "home-refused",
    "list": "list-told",
    "list-not-pregnant": "list-told",
    "list-pregnant": "list-told",
    "list-refused": "list-told",
    "list-far": "list-empty",
    "list-with-map": "map",
    "by-name-nobody": "by-name",
    "by-name-refused": "by-name",
    "profile": "profile-while-pregnant",
    "harm": "harm-by-refused",
    "embed-refused": "embed",
    "guide-reading": "guide-page",
    "plan": "plan-made",
    "plan-refused": "plan-made",
    "care-bring-refused": "care-bring-made",
    "care-letter-refused": "care-letter-made",
    "compare-empty": "compare",
    "match-question": "match",
    "visit-asked": "visit-refused",
    "visit-choose": "visit-refused",
    "visit-agreed": "visit-refused",
    "visit-over": "visit-refused",
    "place-pin": "place-unknown",
    "practice-begun": "practice",
    "practice-request-agreed": "practice-request-refused",
    "desk-queue-refused": "desk-queue",
    "desk-case-hold": "desk-case-refused",
    "desk-case-exclusion": "desk-case-refused",
    "desk-case-harm": "desk-case-refused",
    "desk-case-feedback": "desk-case-refused",
    "desk-case-second-look": "desk-case-refused",
    "desk-case-news": "desk-case-refused",
    "desk-case-edit": "desk-case-refused",
}
"""Pages made by the template of another, which holds more: with ``THOROUGH=1`` they are visited too."""

EVERY_DAY = [stop for stop in STOPS if stop not in LIKE]
"""One page of every template, or more where they share little but their frame."""
