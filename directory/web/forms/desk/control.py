"""Putting on record how somebody proved who they are. No field has room for the number of an identity paper."""

from __future__ import annotations

from typing import Final

from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional

from directory.credentials.control.rules import LONGEST_SAID, LONGEST_SOURCE
from directory.credentials.control.terms import Answer, Look, Origin, Paper
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, lines
from directory.web.forms.texts import cleaned

ORIGINS: Final = {
    Origin.NPPES: _l("NPPES: the number above"),
    Origin.REGISTER: _l("The register’s own page"),
    Origin.APPLICANT: _l("The applicant (it is put on record and proves nothing)"),
}
ANSWERS: Final = {
    Answer.THEMSELVES: _l("The person themselves: the registration is theirs"),
    Answer.NOT_THEIRS: _l("The person themselves: they know nothing of it"),
    Answer.SOMEBODY_ELSE: _l("Somebody else"),
    Answer.NO_ANSWER: _l("Nobody"),
}
PAPERS: Final = {
    Paper.PASSPORT: _l("A passport"),
    Paper.IDENTITY_CARD: _l("An identity card"),
    Paper.DRIVING_LICENCE: _l("A driving licence"),
    Paper.RESIDENCE_PERMIT: _l("A residence permit"),
}
LOOKS: Final = {
    Look.VIDEO: _l("In a video call"),
    Look.IN_PERSON: _l("In person"),
    Look.NOTARY: _l("A notary saw it and confirmed it to us"),
}
_CHOOSE: Final = _l("Please choose one.")


class _AtRegister(PostedForm):
    """Where something was read on a register's page."""

    source = StringField(
        _l("The register’s page"),
        description=_l("Only where you read it on the register’s own page. It begins with https://."),
        filters=[cleaned],
        render_kw={"maxlength": LONGEST_SOURCE, "inputmode": "url"},
    )
    read_on = DateField(_l("Read there on"), validators=[Optional()])


class CallForm(_AtRegister):
    """One call."""

    origin = RadioField(
        _l("Where the number comes from"),
        choices=[SelectChoice(each.value, said) for each, said in ORIGINS.items()],
        validators=[InputRequired(_CHOOSE)],
    )
    number = StringField(
        _l("The number you called"),
        description=_l("Leave it empty for NPPES’s number."),
        filters=[cleaned],
        render_kw={"maxlength": 40, "inputmode": "tel"},
    )
    answer = RadioField(
        _l("Who answered"),
        choices=[SelectChoice(each.value, said) for each, said in ANSWERS.items()],
        validators=[InputRequired(_l("Please say who answered."))],
    )
    said = TextAreaField(
        _l("What was said"),
        description=_l("Only the desk reads it, and the practitioner when they ask for everything about them."),
        filters=[lines],
        validators=[DataRequired(_l("Please write what was said."))],
        render_kw={"rows": 3, "maxlength": LONGEST_SAID},
    )


class PostForm(_AtRegister):
    """Where a letter goes, where NPPES has no address."""

    address = TextAreaField(
        _l("The address as the register prints it"),
        description=_l("One line below the other, the name first. Never an address that the applicant gave."),
        filters=[lines],
        render_kw={"rows": 5, "maxlength": 900},
    )


class NothingToType(PostedForm):
    """A button."""


class CertifierForm(PostedForm):
    """Whom to ask."""

    body = StringField(_l("The body that certifies them"), filters=[cleaned], render_kw={"maxlength": 200})
    page = StringField(
        _l("Its page on which you read the address"),
        description=_l("It begins with https://."),
        filters=[cleaned],
        render_kw={"maxlength": LONGEST_SOURCE, "inputmode": "url"},
    )
    to = StringField(
        _l("The address"),
        filters=[cleaned],
        render_kw={"maxlength": LONGEST_EMAIL, "type": "email", "autocomplete": "off"},
    )


class IdentityForm(PostedForm):
    """A look at an identity paper."""

    paper = RadioField(
        _l("What you saw"),
        description=_l("Never write down its number, and keep no picture of it."),
        choices=[SelectChoice(each.value, said) for each, said in PAPERS.items()],
        validators=[InputRequired(_l("Please say what kind of paper it was."))],
    )
    look = RadioField(
        _l("How you saw it"),
        choices=[SelectChoice(each.value, said) for each, said in LOOKS.items()],
        validators=[InputRequired(_l("Please say how you saw it."))],
    )
    seen_on = DateField(_l("When"), validators=[InputRequired(_l("Please give the day on which it was seen."))])
    is_them = RadioField(
        _l("Were the name and the face those of this person?"),
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
        validators=[InputRequired(_l("Please say whether it was this person."))],
    )
