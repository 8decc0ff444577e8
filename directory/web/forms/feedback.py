"""What a patient says about the service, and what a practitioner answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from directory.consultations.feedback.rules import LONGEST
from directory.consultations.feedback.terms import Aspect
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, needed, short

QUESTIONS: Final[Mapping[Aspect, Any]] = {
    Aspect.IN_TIME: _l("Did they answer in the time they name?"),
    Aspect.PRICE_FIRST: _l("Did they say the price before?"),
    Aspect.LISTENED: _l("Did they listen?"),
    Aspect.AS_DESCRIBED: _l("Was the room, or the call, as described?"),
    Aspect.WROTE_TO_DOCTOR: _l("Did they write to your doctor or midwife, where that was agreed?"),
}
SHOWN: Final[Mapping[tuple[Aspect, bool], Any]] = {
    (Aspect.IN_TIME, True): _l("Answered in the time they name"),
    (Aspect.IN_TIME, False): _l("Did not answer in the time they name"),
    (Aspect.PRICE_FIRST, True): _l("Said the price before"),
    (Aspect.PRICE_FIRST, False): _l("Did not say the price before"),
    (Aspect.LISTENED, True): _l("Listened"),
    (Aspect.LISTENED, False): _l("Did not listen"),
    (Aspect.AS_DESCRIBED, True): _l("Room or call as described"),
    (Aspect.AS_DESCRIBED, False): _l("Room or call not as described"),
    (Aspect.WROTE_TO_DOCTOR, True): _l("Wrote to the doctor or midwife as agreed"),
    (Aspect.WROTE_TO_DOCTOR, False): _l("Did not write to the doctor or midwife as agreed"),
}
"""Each answer as others read it."""
_ANSWERS: Final = {"yes": True, "no": False}


def _question(aspect: Aspect) -> RadioField:
    return RadioField(
        QUESTIONS[aspect],
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
            SelectChoice("", _l("I would rather not say")),
        ],
        default="",
        validate_choice=False,
    )


class FeedbackForm(PostedForm):
    """Five questions that may stay open, and a few words."""

    in_time = _question(Aspect.IN_TIME)
    price_first = _question(Aspect.PRICE_FIRST)
    listened = _question(Aspect.LISTENED)
    as_described = _question(Aspect.AS_DESCRIBED)
    wrote_to_doctor = _question(Aspect.WROTE_TO_DOCTOR)
    words = TextAreaField(
        _l("In your words"),
        description=_l("About the service only: nothing about your health, and not whether a treatment helped."),
        filters=[lines],
        render_kw={"rows": 4, "maxlength": LONGEST},
    )

    @property
    def answers(self) -> dict[Aspect, bool]:
        """The questions that were answered."""
        given = {each: self[each.value].data for each in Aspect}
        return {each: _ANSWERS[answer] for each, answer in given.items() if answer in _ANSWERS}

    def validate_words(self, field: Field) -> None:
        """Short enough."""
        short(field, LONGEST)


class ReplyForm(PostedForm):
    """A few words in answer."""

    words = TextAreaField(
        _l("Your answer"),
        description=_l("About the service only. It must not say who wrote this, or anything about them."),
        filters=[lines],
        render_kw={"rows": 3, "maxlength": LONGEST},
    )

    def validate_words(self, field: Field) -> None:
        """Needed."""
        if field.data is None:
            raise ValidationError(_l("Please write a few words."))
        needed(field, _l("Please write a few words."), LONGEST)
