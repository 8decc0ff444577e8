"""Who somebody is: what patients see of them, and the number the national register gave them."""

from __future__ import annotations

import re
from typing import Final

from wtforms import Field, IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from directory.http.locale import lazy_gettext as _l
from directory.practitioners.rules import npi_is_valid
from directory.practitioners.terms import Gender, Profession
from directory.web.forms.posted import LONGEST_EMAIL, needed, shaped_like_email, short
from directory.web.forms.registration.step import StepForm
from directory.web.forms.texts import cleaned
from directory.web.presenters import labels

LONGEST_NAME: Final = 200
LONGEST_WEBSITE: Final = 500
OLDEST: Final = 120

_GENDERS: Final = (
    SelectChoice(Gender.UNSPECIFIED, _l("I would rather not say")),
    SelectChoice(Gender.FEMALE, _l("Woman")),
    SelectChoice(Gender.MALE, _l("Man")),
    SelectChoice(Gender.NON_BINARY, _l("Non-binary")),
)


def _website(value: str | None) -> str:
    text = cleaned(value)
    return f"https://{text}" if text and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text) else text


class WhoForm(StepForm):
    """The first step."""

    display_name = StringField(
        _l("Your name, as patients see it"),
        description=_l("The name you work under. If your papers bear another one, you can say so beside each paper."),
        filters=[cleaned],
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME, "dir": "auto"},
    )
    profession = RadioField(
        _l("Your profession"),
        description=_l("Dry needling alone is not listed: no register here counts it as acupuncture."),
        choices=[SelectChoice(each, labels.PROFESSIONS[each]) for each in Profession],
        default=Profession.ACUPUNCTURIST,
    )
    npi = StringField(
        _l("Your NPI, if you work in the United States"),
        description=_l("Ten digits, such as 1234567893. It helps us to find you in the national register."),
        filters=[cleaned, lambda value: re.sub(r"[\s-]", "", value)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20, "size": 12},
    )
    website = StringField(
        _l("Your website"),
        filters=[_website],
        render_kw={"type": "url", "autocomplete": "url", "spellcheck": "false", "maxlength": LONGEST_WEBSITE},
    )
    email = StringField(
        _l("An email address for patients"),
        description=_l("Shown on your page. The address you sign in with is never shown."),
        filters=[cleaned],
        render_kw={"type": "email", "autocomplete": "email", "spellcheck": "false", "maxlength": LONGEST_EMAIL},
    )
    gender = SelectField(
        _l("Gender"),
        description=_l("Some patients ask for a woman or a man. You need not say."),
        choices=[*_GENDERS],
    )
    min_patient_age = IntegerField(
        _l("Youngest age you see"),
        description=_l("In years. 18 means adults only."),
        default=18,
        validators=[Optional()],
        render_kw={"inputmode": "numeric", "min": 0, "max": OLDEST, "size": 4},
    )

    def validate_display_name(self, field: Field) -> None:
        """Needed, with a letter in it."""
        needed(field, _l("Please give your name."), LONGEST_NAME)
        if not any(sign.isalpha() for sign in field.data):
            raise ValidationError(_l("Please give your name in letters."))

    def validate_npi(self, field: Field) -> None:
        """A number whose check digit fits."""
        if field.data and not npi_is_valid(field.data):
            raise ValidationError(
                _l("That is not an NPI: it has ten digits, and its last one must fit the others. Please check it.")
            )

    def validate_website(self, field: Field) -> None:
        """A web address, and not a word that a browser would run."""
        short(field, LONGEST_WEBSITE)
        if field.data and not re.fullmatch(r"https?://[^\s/?#@]+\.[^\s@/?#]+([/?#]\S*)?", field.data, re.IGNORECASE):
            raise ValidationError(_l("That is not a web address. It has the form https://example.org."))

    def validate_email(self, field: Field) -> None:
        """With the shape of an address."""
        short(field, LONGEST_EMAIL)
        if field.data:
            shaped_like_email(field)

    def validate_min_patient_age(self, field: Field) -> None:
        """Within a life."""
        if field.data is None:
            field.data = 18
        if not 0 <= field.data <= OLDEST:
            raise ValidationError(_l("An age lies between 0 and 120."))
