"""What accounts write to their owners. Nobody's name or address stands in a letter that anybody could cause."""

from __future__ import annotations

from directory.mail.letters import N_, Letter, Link, say


def finish_registering(token: str) -> Letter:
    """To somebody who wants an account and has none."""
    return Letter(
        purpose="finish_registering",
        subject=N_("Finish making your account"),
        paragraphs=(
            N_("Somebody, most likely you, wants an account with this email address."),
            N_("Open the page below and choose a password. The link works once and for 24 hours."),
        ),
        link=Link(N_("Choose a password"), f"/account/welcome/{token}"),
        closing=(N_("If it was not you, do nothing: without this link there will be no account."),),
    )


def you_have_an_account() -> Letter:
    """To somebody who wants an account and has one."""
    return Letter(
        purpose="you_have_an_account",
        subject=N_("You already have an account"),
        paragraphs=(
            N_("Somebody, most likely you, wanted to make an account with this email address. You already have one."),
            N_("Sign in with it. If you do not know your password any more, you can choose a new one on that page."),
        ),
        link=Link(N_("Sign in"), "/account/sign-in"),
        closing=(N_("If it was not you, you need not do anything. Nobody was told that you have an account."),),
    )


def choose_new_password(token: str) -> Letter:
    """To somebody who has forgotten their password."""
    return Letter(
        purpose="choose_new_password",
        subject=N_("Choose a new password"),
        paragraphs=(
            N_("Somebody, most likely you, asked for a new password for the account with this email address."),
            N_("The link works once and for 30 minutes. Until you use it, the old password stays."),
        ),
        link=Link(N_("Choose a new password"), f"/account/recover/{token}"),
        closing=(N_("If it was not you, do nothing, and nothing changes."),),
    )


def password_changed() -> Letter:
    """To somebody whose password was changed."""
    return Letter(
        purpose="password_changed",
        subject=N_("Your password was changed"),
        paragraphs=(
            N_("The password of your account was changed just now, and other browsers were signed out."),
            N_("If it was not you, choose a new password at once."),
        ),
        link=Link(N_("Choose a new password"), "/account/recover"),
    )


def confirm_new_address(token: str) -> Letter:
    """To the address that somebody wants to sign in with from now on."""
    return Letter(
        purpose="confirm_new_address",
        subject=N_("Confirm your new email address"),
        paragraphs=(
            N_("Somebody, most likely you, wants to sign in with this email address from now on."),
            N_("Open the page below in a browser in which you are signed in. The link works once and for two hours."),
        ),
        link=Link(N_("Confirm this address"), f"/account/email/{token}"),
        closing=(N_("If it was not you, do nothing, and nothing changes."),),
    )


def email_change_asked() -> Letter:
    """To the address of an account for which another address was given."""
    return Letter(
        purpose="email_change_asked",
        subject=N_("Somebody asked to change your email address"),
        paragraphs=(
            N_("Somebody who is signed in to your account, most likely you, gave another email address for it."),
            N_("Until it is confirmed from there, nothing changes. If it was not you, choose a new password at once."),
        ),
        link=Link(N_("Choose a new password"), "/account/recover"),
    )


def email_changed(token: str) -> Letter:
    """To the address that an account had until now."""
    return Letter(
        purpose="email_changed",
        subject=N_("Your email address was changed"),
        paragraphs=(
            N_("Your account has another email address from now on, and letters go there."),
            N_("If it was not you, take it back. The link works once and for seven days."),
        ),
        link=Link(N_("This was not me"), f"/account/keep-email/{token}"),
    )


def invited(token: str) -> Letter:
    """To somebody who is asked to work here."""
    return Letter(
        purpose="invited",
        subject=N_("You are invited to work with us"),
        paragraphs=(
            N_("Somebody of our staff invites you to work at our desk."),
            N_("Open the page below and choose a password. The link works once and for two days."),
            N_("Before any page of the desk opens you set up a second proof: an authenticator app or a passkey."),
        ),
        link=Link(N_("Choose a password"), f"/account/welcome/{token}"),
        closing=(N_("If you did not expect this, do nothing: without this link there will be no account."),),
    )


def role_given() -> Letter:
    """To somebody whose account may do more from now on."""
    return Letter(
        purpose="role_given",
        subject=N_("Your account may do more now"),
        paragraphs=(
            N_("An administrator has given your account a role at our desk. It needs a second proof at each sign-in."),
        ),
        link=Link(N_("Sign in"), "/account/sign-in"),
        closing=(N_("If you did not expect this, please tell us."),),
    )


def glass_broken() -> Letter:
    """To everybody who works here."""
    return Letter(
        purpose="glass_broken",
        subject=N_("Somebody was made an administrator in an emergency"),
        paragraphs=(
            N_("At the machine itself somebody was made an administrator for four hours, as nobody else could act."),
            N_("The reason is written down in the audit log. If you know of no emergency, act at once."),
        ),
        link=Link(N_("Sign in"), "/account/sign-in"),
    )


def email_changed_here() -> Letter:
    """To the address that an account has from now on."""
    return Letter(
        purpose="email_changed_here",
        subject=N_("Your email address was changed"),
        paragraphs=(N_("From now on you sign in with this email address, and our letters come here."),),
    )


def new_device(browser: str) -> Letter:
    """To somebody who signed in with a browser that never did before."""
    return Letter(
        purpose="new_device",
        subject=N_("A new browser signed in to your account"),
        paragraphs=(
            say(
                N_("Somebody, most likely you, signed in to your account with a new browser: %(browser)s."),
                browser=browser,
            )
            if browser
            else N_("Somebody, most likely you, signed in to your account with a new browser."),
            N_("If it was not you, end what you do not know on the page below, and change your password."),
        ),
        link=Link(N_("See where I am signed in"), "/account/sessions"),
    )


def second_factor_changed() -> Letter:
    """To somebody whose second factors were changed."""
    return Letter(
        purpose="second_factor_changed",
        subject=N_("How you sign in was changed"),
        paragraphs=(
            N_("An authenticator app, a passkey or recovery codes were added to your account or taken away."),
            N_("If it was not you, choose a new password at once."),
        ),
        link=Link(N_("See how I sign in"), "/account/second-factors"),
    )
