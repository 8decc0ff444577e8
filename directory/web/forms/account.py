"""Signing in and keeping an account."""

from __future__ import annotations

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField, ValidationError

from directory.accounts.models import LONGEST_EMAIL
from directory.web.forms.texts import cleaned
from directory.web.locale import lazy_gettext as _l


class _PostedForm(FlaskForm):
    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            return None if formdata is None or request.method != "POST" else request.form


class SignInForm(_PostedForm):
    """Address and password."""

    email = StringField(
        _l("Your email address"),
        filters=[cleaned],
        render_kw={
            "type": "email",
            "autocomplete": "username",
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        },
    )
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})

    def validate_email(self, field: Field) -> None:
        """Given."""
        if not field.data:
            raise ValidationError(_l("Please give your email address."))

    def validate_password(self, field: Field) -> None:
        """Given."""
        if not field.data:
            raise ValidationError(_l("Please give your password."))
