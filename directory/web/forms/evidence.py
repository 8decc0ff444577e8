"""What somebody shows for a claim: a file, words they sign, or the address of a colleague; and a colleague's answer."""

from __future__ import annotations

from typing import Final

from wtforms import BooleanField, Field, FileField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, lines, needed, shaped_like_email, short
from directory.web.forms.texts import cleaned

LONGEST_NAME: Final = 120
LONGEST_WORDS: Final = 2000
ACCEPTED: Final = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic,image/heif"
PICTURES: Final = ".jpg,.jpeg,.png,.heic,.heif,image/jpeg,image/png,image/heic,image/heif"


class FileForm(PostedForm):
    """A file for a claim."""

    file = FileField(
        _l("Your file"),
        description=_l("PDF, JPEG, PNG or HEIC, up to 10 MB and 50 pages. A photo of the paper is fine."),
        render_kw={"accept": ACCEPTED},
    )
    no_patient = BooleanField(_l("There is no patient in this file"))

    def validate_no_patient(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please look through the file, and tick this box if no patient is in it."))


class PhotoForm(PostedForm):
    """A photo of oneself."""

    file = FileField(
        _l("Your photo"),
        description=_l("JPEG, PNG or HEIC, up to 10 MB. It is cut to a square around the middle."),
        render_kw={"accept": PICTURES},
    )
    only_me = BooleanField(_l("It shows me and nobody else, and I may publish it"))

    def validate_only_me(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if the photo shows only you and you may publish it."))


class StatementForm(PostedForm):
    """Words that somebody signs with their name."""

    words = TextAreaField(
        _l("Your statement"),
        description=_l("Numbers and years, in a sentence or two. Write about no patient: no names, dates or places."),
        filters=[lines],
        render_kw={"rows": 5, "maxlength": LONGEST_WORDS},
    )
    name = StringField(
        _l("Signed: your full name"),
        filters=[cleaned],
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME},
    )
    true = BooleanField(_l("This is true, and no patient can be recognised in it"))

    def validate_words(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please write your statement."), LONGEST_WORDS)

    def validate_name(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please sign with your full name."), LONGEST_NAME)

    def validate_true(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if it is so."))


class ColleagueForm(PostedForm):
    """Whom to ask, and what."""

    name = StringField(
        _l("Your colleague’s name"),
        description=_l("Somebody who knows your work: a supervisor, a doctor or midwife, somebody you practise with."),
        filters=[cleaned],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
    email = StringField(
        _l("Their email address"),
        description=_l("We write to them once. Our letter names neither you nor what it is about; the page does."),
        filters=[cleaned],
        render_kw={
            "type": "email",
            "autocomplete": "off",
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        },
    )
    words = TextAreaField(
        _l("What they are to confirm"),
        description=_l("Numbers and years only. Write about no patient."),
        filters=[lines],
        render_kw={"rows": 4, "maxlength": LONGEST_WORDS},
    )
    agreed = BooleanField(_l("They know that you will write to them"))

    def validate_name(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please give your colleague’s name."), LONGEST_NAME)

    def validate_email(self, field: Field) -> None:
        """Needed, and with the shape of an address."""
        needed(field, _l("Please give your colleague’s email address."), LONGEST_EMAIL)
        shaped_like_email(field)

    def validate_words(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please write what your colleague is to confirm."), LONGEST_WORDS)

    def validate_agreed(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please ask your colleague first, and tick this box when they have agreed."))


class AnswerForm(PostedForm):
    """A colleague's yes or no."""

    confirms = RadioField(
        _l("Is it so?"),
        choices=[SelectChoice("yes", _l("Yes, as far as I know")), SelectChoice("no", _l("No, or I cannot say"))],
        validate_choice=False,
    )
    name = StringField(
        _l("Your full name"), filters=[cleaned], render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME}
    )
    words = TextAreaField(
        _l("How you know, in a sentence"),
        description=_l("Write about no patient."),
        filters=[lines],
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )

    def validate_confirms(self, field: Field) -> None:
        """One of the two."""
        if field.data not in ("yes", "no"):
            raise ValidationError(_l("Please choose an answer."))

    def validate_name(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please give your name."), LONGEST_NAME)

    def validate_words(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST_WORDS)


class RemovalForm(PostedForm):
    """Nothing is asked: pressing the button is the answer."""
