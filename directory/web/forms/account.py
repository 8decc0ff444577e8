"""Signing in, registering and keeping an account."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from flask_security import MailUtil
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice

from directory.accounts.factors import LONGEST_NAME
from directory.accounts.models import LONGEST_EMAIL
from directory.accounts.terms import Role
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.signing import library
from directory.web.forms.texts import cleaned

LONGEST_CODE: Final = 40
_NO_ADDRESS: Final = _l("That is not an email address. It has the form name@example.org.")


class _PostedForm(FlaskForm):
    """A form that reads what was posted and nothing else: a file or a JSON value under a field's name is no answer."""

    class Meta(FlaskForm.Meta):
        """Where answers come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What was typed."""
            return None if formdata is None or request.method != "POST" else request.form


class _EmailField(StringField):
    def __init__(self, label: Any, *, autocomplete: str = "email", **options: Any) -> None:
        attributes = {
            "type": "email",
            "autocomplete": autocomplete,
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        }
        super().__init__(label, filters=[cleaned], render_kw=attributes, **options)


def _address(field: Field) -> None:
    """Given, and with the shape of an address to which mail can be sent."""
    if not field.data:
        raise ValidationError(_l("Please give your email address."))
    mail: MailUtil = library().mail_util
    try:
        field.data = mail.validate(field.data)
    except ValueError as error:
        raise ValidationError(_NO_ADDRESS) from error
    if len(field.data) > LONGEST_EMAIL:
        raise ValidationError(_NO_ADDRESS)


class SignInForm(_PostedForm):
    """Address and password."""

    email = _EmailField(_l("Your email address"), autocomplete="username")
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})

    def validate_email(self, field: Field) -> None:
        """Given; whether it can be an address is nobody's mistake here."""
        if not field.data:
            raise ValidationError(_l("Please give your email address."))

    def validate_password(self, field: Field) -> None:
        """Given."""
        _given(field)


class RegisterForm(_PostedForm):
    """What somebody comes as, and where to write to. The password is chosen when the letter has come."""

    role = RadioField(
        _l("How do you want to use this site?"),
        choices=[
            SelectChoice(Role.PATIENT.value, _l("I look for a practitioner, for myself or somebody else")),
            SelectChoice(Role.PRACTITIONER.value, _l("I am an acupuncturist and want to be found here")),
        ],
        validate_choice=False,
    )
    email = _EmailField(_l("Your email address"), description=_l("We send you a link with which you go on."))
    website = StringField(_l("Leave this field empty"), filters=[cleaned])
    """No person sees it; programs that fill in every field do."""

    def validate_role(self, field: Field) -> None:
        """One of the two."""
        if field.data not in (Role.PATIENT.value, Role.PRACTITIONER.value):
            raise ValidationError(_l("Please choose one of these."))

    def validate_email(self, field: Field) -> None:
        """An address."""
        _address(field)

    def validate_website(self, field: Field) -> None:
        """Empty."""
        if field.data:
            raise ValidationError(_l("This field must stay empty. Please clear it and send the form again."))


class RecoverForm(_PostedForm):
    """Where to write to."""

    email = _EmailField(_l("Your email address"), autocomplete="username")

    def validate_email(self, field: Field) -> None:
        """An address."""
        _address(field)


class NewPasswordForm(_PostedForm):
    """A new password, typed once: it can be looked at."""

    password = PasswordField(
        _l("New password"),
        description=_l(
            "At least 15 characters. Three or four words that do not belong together are a good password. A password"
            " manager can make one for you."
        ),
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *args: Any, context: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._context = context

    def validate_password(self, field: Field) -> None:
        """Long enough, and not one that is tried first."""
        _given(field)
        wrong, field.data = library().password_util.validate(field.data, False, context=self._context)
        if wrong:
            raise ValidationError(" ".join(str(gettext(each)) for each in wrong))


class ChangePasswordForm(NewPasswordForm):
    """The password that one has, and another."""

    current = PasswordField(_l("The password you have now"), render_kw={"autocomplete": "current-password"})

    def validate_current(self, field: Field) -> None:
        """Given; the page looks whether it is right."""
        _given(field)


class PasswordForm(_PostedForm):
    """The password, once more."""

    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})

    def validate_password(self, field: Field) -> None:
        """Given."""
        _given(field)


class CodeForm(_PostedForm):
    """A code of the app, or one of the recovery codes."""

    code = StringField(
        _l("Code"),
        filters=[cleaned],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": LONGEST_CODE,
        },
    )

    def validate_code(self, field: Field) -> None:
        """Given."""
        if not field.data:
            raise ValidationError(_l("Please type the code."))


class AuthenticatorForm(CodeForm):
    """The first code of an app that is being set up, with the secret it was shown, sealed."""

    secret = HiddenField()


class NewEmailForm(_PostedForm):
    """The address from which somebody wants to sign in."""

    email = _EmailField(_l("New email address"))

    def validate_email(self, field: Field) -> None:
        """An address."""
        _address(field)


class PasskeyForm(_PostedForm):
    """What a passkey answered, put in by the page's script."""

    credential = HiddenField()


class NewPasskeyForm(PasskeyForm):
    """A passkey that is being set up, and what its owner calls it."""

    name = StringField(
        _l("A name for it"),
        description=_l("So that you know it again, such as “my phone” or “blue key”."),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )

    def validate_name(self, field: Field) -> None:
        """Given, and short enough."""
        if not field.data:
            raise ValidationError(_l("Please give it a name."))
        if len(field.data) > LONGEST_NAME:
            raise ValidationError(_l("That is too long. There is room for %(number)s characters.", number=LONGEST_NAME))


class ConfirmForm(_PostedForm):
    """One button."""


def _given(field: Field) -> None:
    if not field.data:
        raise ValidationError(_l("Please give your password."))
