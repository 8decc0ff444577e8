"""An account from the first letter to a passkey, in Chromium with an authenticator of its own making."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect

from tests.browser.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext, Page

    from tests.browser.server import Site

PASSWORD = "four grey herons asleep"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(site: Site) -> Site:
    """The site under a name, because a passkey belongs to a name and never to a number."""
    return replace(site, origin=site.origin.replace("127.0.0.1", "localhost"))


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], named: Site) -> Iterator[Page]:
    """A visitor with a device that holds passkeys."""
    context = new_context(base_url=named.origin, viewport={"width": 390, "height": 844})
    watch = Watch(named.origin)
    watch.follow(context)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    assert watch.faults == []


def newest_letter(page: Page, email: str, subject: str) -> None:
    """Open the newest letter to somebody, as the mailbox of development shows it."""
    page.goto("/mailbox")
    letter = page.locator(".mailbox__letter").filter(has_text=email).filter(has_text=subject).first
    letter.get_by_role("link").click()


def register(page: Page, email: str) -> None:
    """From nothing to an account, and signed in."""
    page.goto("/account/register")
    page.get_by_label("I look for a practitioner").check()
    page.get_by_label("Your email address").fill(email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    newest_letter(page, email, "Finish making your account")
    page.get_by_role("link", name="Choose a password").click()
    page.get_by_label("New password").fill("too short")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("alert")).to_contain_text("15 characters")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")


def give_password(page: Page, email: str) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("Your email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def next_code(totp: TOTP, used: str) -> str:
    """The next code that was not used; codes change every thirty seconds, and the next one counts already."""
    now = time.time()
    return next(code for code in (totp.generate(now + step).token for step in (0, 30)) if code != used)


def test_from_registering_to_an_app_and_a_passkey(page: Page) -> None:
    email = "journey@example.org"
    register(page, email)

    page.get_by_role("link", name="App, passkeys and codes").click()
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="A square code")).to_be_visible()
    totp = TOTP(key=page.locator(".secret").inner_text(), format="base32")
    first = next_code(totp, "")
    page.get_by_label("Code", exact=True).fill(first)
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    codes = page.locator(".codes li").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()

    sign_out(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Your account")
    give_password(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("A second proof that it is you")
    page.get_by_label("Code", exact=True).fill(first)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("used already")
    page.get_by_label("Code", exact=True).fill(next_code(totp, first))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")

    page.goto("/account/passkeys/new")
    page.get_by_label("A name for it").fill("my phone")
    page.wait_for_load_state()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("App, passkeys and codes")
    expect(page.get_by_text("my phone", exact=True)).to_be_visible()

    sign_out(page)
    page.goto("/account/sign-in?next=/account/log")
    page.wait_for_load_state()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What happened to your account")
    expect(page.get_by_text("A passkey was added")).to_be_visible()

    sign_out(page)
    give_password(page, email)
    page.wait_for_load_state()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")

    sign_out(page)
    give_password(page, email)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_password_can_be_pasted_and_looked_at(page: Page) -> None:
    page.goto("/account/sign-in")
    field = page.get_by_label("Password", exact=True)
    long = "pasted " * 40
    field.focus()
    page.keyboard.insert_text(long)
    expect(field).to_have_value(long)
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide the password").click()
    expect(field).to_have_attribute("type", "password")
    assert field.get_attribute("maxlength") is None
    assert field.get_attribute("autocomplete") == "current-password"


def test_a_passkey_that_nobody_touches_is_told_and_can_be_tried_again(page: Page) -> None:
    page.goto("/account/sign-in")
    page.wait_for_load_state()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("No passkey was used. You can try again.")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_without_script_everything_but_passkeys_works(new_context: Callable[..., BrowserContext], site: Site) -> None:
    page = new_context(base_url=site.origin, java_script_enabled=False).new_page()
    register(page, "no-script@example.org")
    page.goto("/account/authenticator")
    totp = TOTP(key=page.locator(".secret").inner_text(), format="base32")
    page.get_by_label("Code", exact=True).fill(next_code(totp, ""))
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/account/passkeys/new")
    expect(page.get_by_role("button", name="Add the passkey")).to_be_hidden()
    page.goto("/account/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
