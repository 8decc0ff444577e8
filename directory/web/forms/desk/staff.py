"""The forms about people who work at the desk."""

from __future__ import annotations

from typing import Final

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from directory.accounts.terms import Role
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, lines, needed, shaped_like_email
from directory.web.forms.texts import cleaned

ROLES: Final = {
    Role.VERIFIER: _l("Verifier: reads what was sent in, and decides"),
    Role.ADMINISTRATOR: _l("Administrator: runs the site, its people and its switches"),
}


class InviteForm(PostedForm):
    """Whom to ask, and as what."""

    email = StringField(_l("Email address"), filters=[cleaned], render_kw={"type": "email", "autocomplete": "off"})
    role = RadioField(
        _l("As"),
        choices=[SelectChoice(each.value, said) for each, said in ROLES.items()],
        validators=[InputRequired(_l("Please choose one."))],
    )

    def validate_email(self, field: Field) -> None:
        """Given, and shaped like an address."""
        needed(field, _l("Please give an email address."), LONGEST_EMAIL)
        shaped_like_email(field)


class LeaveForm(PostedForm):
    """Who takes on what somebody leaves behind."""

    to = SelectField(_l("Give what was given to them to"), default="")


class ResetForm(PostedForm):
    """Why somebody's second proofs are taken away."""

    reason = TextAreaField(
        _l("How you made sure who asks"),
        description=_l("Ask them by another way than mail. What you write here is kept as a hash."),
        filters=[lines],
    )

    def validate_reason(self, field: Field) -> None:
        """Given, and not too long."""
        needed(field, _l("Please say how you made sure."), 1000)
