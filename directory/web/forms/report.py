"""Reporting an entry, and telling that one was harmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from directory.complaints.rules import LONGEST_TEXT, LONGEST_WHOM
from directory.complaints.terms import Field as About
from directory.errors import InvalidInput
from directory.http.locale import lazy_gettext as _l
from directory.mail import outbox
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, lines, needed, short
from directory.web.forms.texts import cleaned

FIELDS: Final[Mapping[About, Any]] = {
    About.TELEPHONE: _l("Telephone"),
    About.ADDRESS: _l("Address or place on the map"),
    About.HOURS: _l("Opening hours"),
    About.PRICES: _l("Prices or insurance"),
    About.ACCEPTING: _l("Whether they take new patients"),
    About.ACCESS: _l("The way in was not as described (steps, doors, toilet)"),
    About.LANGUAGES: _l("Languages"),
    About.NAME: _l("Name"),
    About.PHOTO: _l("Photo"),
    About.LICENCE: _l("Licence, register or insurance cover"),
    About.WORDS: _l("What they write about their work"),
    About.CLAIMS: _l("They promise more than anybody can"),
    About.MEDICINE: _l("They told me to stop or change a medicine"),
    About.OTHER: _l("Something else"),
}
"""What can be reported, the everyday things first."""


class _ReportForm(PostedForm):
    """What both forms ask."""

    text = TextAreaField(_l("What is wrong?"), filters=[lines], render_kw={"rows": 5, "maxlength": LONGEST_TEXT})
    email = StringField(
        _l("Your email address"),
        description=_l("Only so that we can tell you what came of it."),
        filters=[cleaned],
        render_kw={
            "type": "email",
            "autocomplete": "email",
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        },
    )
    website = StringField(_l("Leave this field empty"), filters=[cleaned])
    """No person sees it; programs that fill in every field do."""

    def validate_text(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please write a few words."), LONGEST_TEXT)

    def validate_email(self, field: Field) -> None:
        """With the shape of an address to which a letter can go, where one is given."""
        if not field.data:
            return
        short(field, LONGEST_EMAIL)
        try:
            outbox.address(field.data)
        except InvalidInput as error:
            raise ValidationError(
                _l("That is not an email address. It has the form name@example.org. You can also leave it empty.")
            ) from error

    def validate_website(self, field: Field) -> None:
        """Empty."""
        if field.data:
            raise ValidationError(_l("This field must stay empty. Please clear it and send the form again."))


class EntryForm(_ReportForm):
    """What is wrong with an entry."""

    about = RadioField(
        _l("What is it about?"),
        choices=[SelectChoice(each.value, said) for each, said in FIELDS.items()],
        validate_choice=False,
    )

    def validate_about(self, field: Field) -> None:
        """One of these."""
        if field.data not in {each.value for each in FIELDS}:
            raise ValidationError(_l("Please choose one of these."))


class HarmForm(_ReportForm):
    """What happened, in the person's own words."""

    text = TextAreaField(
        _l("What happened?"),
        description=_l("A few words are enough. You need not write what you do not want to."),
        filters=[lines],
        render_kw={"rows": 6, "maxlength": LONGEST_TEXT},
    )
    whom = StringField(
        _l("Whom is it about?"),
        description=_l("A name, and the town or the practice, as far as you know."),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_WHOM},
    )

    def validate_whom(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_WHOM)
