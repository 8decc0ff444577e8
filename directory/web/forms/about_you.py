"""What a patient tells us about themselves, a screen each: nothing is required, and nothing says who they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from directory.guide import emergency
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.screening.rules import LAST_WEEK, TERM_DAYS, due_from_weeks
from directory.screening.terms import OF_PREGNANCY, Concern, Condition, PregnancyStatus, RedFlag, Stop
from directory.web.facts import OLDEST, Facts
from directory.web.forms.texts import cleaned

ADULT: Final = 18

_ANSWERS: Final = {
    PregnancyStatus.NO.value: _l("No"),
    PregnancyStatus.YES.value: _l("Yes"),
    PregnancyStatus.MAYBE.value: _l("Maybe, or trying"),
    PregnancyStatus.POSTPARTUM.value: _l("I gave birth a short while ago"),
}
_BORN: Final = {
    "born": _l("Yes, my baby is born"),
    "not_yet": _l("Not yet"),
    "other": _l("Neither, or I would not say"),
}

CONDITIONS: Final = {
    Condition.ANTICOAGULANT: _l("I take a medicine against blood clots (a blood thinner, or aspirin every day)"),
    Condition.BLEEDING_DISORDER: _l("I have a bleeding disorder, such as haemophilia"),
    Condition.ACTIVE_INFECTION: _l("I have an infection, a fever, an ulcer or broken skin now"),
    Condition.IMMUNE_SUPPRESSION: _l(
        "My immune system is weakened (chemotherapy, a transplant, some medicines), or a heart valve is damaged or new"
    ),
    Condition.PACEMAKER: _l("I have a pacemaker, a defibrillator, a nerve stimulator or a pump"),
    Concern.IMPLANT: _l("I have a new joint, a plate, a filler or another implant"),
    Condition.METAL_ALLERGY: _l("I am allergic to a metal, such as nickel"),
    Condition.LYMPHOEDEMA: _l("I have lymphoedema, or lymph nodes were removed"),
    Concern.CANCER: _l("I have or had cancer"),
    Concern.KIDNEY_FAILURE: _l("My kidneys fail, or I have dialysis"),
    Concern.NUMB_FEET: _l("I have diabetes, numb feet or poor circulation"),
    Condition.EPILEPSY: _l("I have epilepsy"),
    Concern.STATE_OF_MIND: _l("I live with bipolar disorder, psychosis or dementia"),
    Concern.DOPAMINE_URGES: _l(
        "On a dopamine medicine my legs got worse, or I have strong urges to gamble, buy or eat"
    ),
    Concern.DROWSY: _l("I take something that makes me drowsy, or drink alcohol on most days"),
    Concern.LOW_PLACENTA: _l("My placenta lies low (placenta praevia)"),
    Concern.CERVICAL_STITCH: _l("I have a stitch in the cervix"),
    Concern.EARLY_LABOUR_RISK: _l("I was told of a risk of birth before 37 weeks"),
    Concern.TWINS_OR_MORE: _l("I expect twins or more"),
    Concern.EARLIER_LOSS: _l("I lost a pregnancy before"),
    Concern.BOTH_LEGS_SWOLLEN: _l("Both my legs are swollen"),
}
"""What may make needling a question, as a patient says it."""

NERVOUS: Final = "nervous"
NO_NEEDLES: Final = "none"
_NEEDLES: Final = {
    "fine": _l("Needles are no trouble to me"),
    NERVOUS: _l("They make me nervous, or I have fainted"),
    NO_NEEDLES: _l("No needles at all: list only people with a way without them"),
}
_NEEDLE_FACTS: Final = (frozenset({Condition.NEEDLE_PHOBIA}), frozenset({Concern.NEEDLE_NERVES}))
_AGES: Final = {"adult": _l("18 or older"), "younger": _l("Younger than 18")}


class DayField(DateField):
    """A date whose complaint is ours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; ``ValueError`` with the complaint."""
        # What was typed is shown again as it is kept here.
        self.raw_data = [cleaned(each) for each in valuelist]
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_l("Please give a date, such as 2027-03-31."))) from error


class _Screen(FlaskForm):
    """One screen: what was typed, and nothing else. A file or a JSON value under a field's name is no answer."""

    class Meta(FlaskForm.Meta):
        """Where answers come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """What the caller says was sent; otherwise the body of a POST, and ``None`` for any other request."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if request.method == "POST" else None


def _radios(label: Any, answers: dict[str, Any], **kwargs: Any) -> Any:
    return RadioField(
        label,
        choices=[SelectChoice(*answer) for answer in answers.items()],
        validate_choice=False,
        default="",
        filters=[lambda value: value or ""],
        **kwargs,
    )


def _ticks(label: Any, **kwargs: Any) -> Any:
    return SelectMultipleField(
        label, choices=[], validate_choice=False, widget=ListWidget(), option_widget=CheckboxInput(), **kwargs
    )


class AboutYouForm(_Screen):
    """The pregnancy question. ``today`` is the day on which weeks and dates are understood."""

    pregnancy = _radios(_l("Are you pregnant?"), _ANSWERS)
    weeks = StringField(
        _l("Completed weeks of pregnancy"),
        description=_l("Only if you said yes. A whole number, such as 12. You may leave it empty."),
        filters=[cleaned],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3, "size": 4},
    )
    due = DayField(
        _l("Or the date your baby is due"),
        description=_l("Only if you said yes."),
        validators=[Optional()],
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_pregnancy(self, field: Field) -> None:
        """One of the answers, or none; and no maybe beside weeks or a due date, which would count less than they do."""
        if field.data and field.data not in _ANSWERS:
            raise ValidationError(_l("Please choose one of the answers, or leave the question unanswered."))
        if field.data == PregnancyStatus.MAYBE.value and (self.weeks.data or self.due.data):
            raise ValidationError(_l("You also gave weeks or a due date. Please choose yes, or empty those."))

    def validate_weeks(self, field: Field) -> None:
        """A whole number from 0 to 42.

        Zero is among them: obstetrics calls the first seven days week 0, a due date 280 days ahead is that same week,
        and the gate is no less careful in it.
        """
        text = field.data
        if text and not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= LAST_WEEK):
            raise ValidationError(_l("Please give completed weeks as a whole number from 0 to 42, such as 12."))

    def validate_due(self, field: Field) -> None:
        """Neither past nor further ahead than a pregnancy lasts, and in agreement with the weeks."""
        due: date | None = field.data
        if due is None:
            return
        if due < self.today:
            raise ValidationError(
                _l(
                    "That date has passed. If your baby is not born yet, please give the completed weeks instead; "
                    "otherwise choose that you gave birth."
                )
            )
        if due > self.today + timedelta(days=TERM_DAYS):
            raise ValidationError(_l("That date is more than 40 weeks ahead. Please check the year."))
        weeks = self.weeks.data
        if weeks and weeks.isdigit() and abs((due_from_weeks(int(weeks), today=self.today) - due).days) > 14:
            raise ValidationError(_l("The weeks and the due date do not agree. Please give only one of them."))

    def facts(self, before: Facts) -> Facts:
        """What was said before, with these answers in place of the earlier ones."""
        due = self._due()
        pregnancy = PregnancyStatus(self.pregnancy.data or PregnancyStatus.NOT_ANSWERED)
        if pregnancy is PregnancyStatus.NOT_ANSWERED and due is not None:
            pregnancy = PregnancyStatus.YES
        after = replace(before, pregnancy=pregnancy, due=None, still_on=None)
        if pregnancy is PregnancyStatus.YES and due is not None:
            # Whoever tells of week 41 has just said that the baby is not born.
            after = replace(after, due=due, still_on=self.today if due < self.today else None)
        return after if after.expecting else replace(after, concerns=after.concerns - frozenset(OF_PREGNANCY))

    def _due(self) -> date | None:
        if self.due.data is not None:
            due: date = self.due.data
            return due
        if self.weeks.data:
            return due_from_weeks(int(self.weeks.data), today=self.today)
        return None


def pregnancy_answered(told: Facts, *, today: date) -> dict[str, object]:
    """What the pregnancy question shows as already answered. Past the due date weeks are shown, as they may be sent."""
    if told.due is not None and told.due < today:
        weeks = (TERM_DAYS - (told.due - today).days) // 7
        return {"pregnancy": told.pregnancy.value, "weeks": str(weeks) if weeks <= LAST_WEEK else ""}
    answered = told.pregnancy is not PregnancyStatus.NOT_ANSWERED
    return {"pregnancy": told.pregnancy.value if answered else "", "due": told.due}


class BornForm(_Screen):
    """Asked when the due date has passed."""

    born = _radios(_l("Has your baby been born?"), _BORN)

    def validate_born(self, field: Field) -> None:
        """One of the answers."""
        if field.data not in _BORN:
            raise ValidationError(_l("Please choose one of the answers."))

    def facts(self, before: Facts, *, today: date) -> Facts:
        """What was said before, with this answer: born, still pregnant today, or a pregnancy question left open."""
        if self.born.data == "not_yet":
            return replace(before, still_on=today)
        state = PregnancyStatus.POSTPARTUM if self.born.data == "born" else PregnancyStatus.NOT_ANSWERED
        concerns = before.concerns - frozenset(OF_PREGNANCY)
        return replace(before, pregnancy=state, due=None, still_on=None, concerns=concerns)


class SignsForm(_Screen):
    """Signs that cannot wait; which of them were ticked is kept nowhere."""

    signs = _ticks(_l("Which of these do you have now?"), description=_l("You may tick more than one, or none."))

    def __init__(self, *args: Any, told: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signs.choices = [SelectChoice(code, sentence(emergency.SIGNS[code])) for code in signs_for(told)]

    def validate_signs(self, field: Field) -> None:
        """Signs we know."""
        _known(field, RedFlag)

    @property
    def ticked(self) -> frozenset[RedFlag]:
        """The signs that were ticked; only after ``validate`` said yes."""
        return frozenset(RedFlag(code) for code in self.signs.data or ())


_OF_THE_UNBORN: Final = ("fluid_leak", "regular_contractions_before_37w", "reduced_fetal_movement")


def signs_for(told: Facts) -> tuple[str, ...]:
    """The signs that concern this person, as codes."""
    if told.expecting:
        return tuple(emergency.SIGNS)
    if told.pregnancy is PregnancyStatus.POSTPARTUM:
        return tuple(code for code in emergency.SIGNS if code not in _OF_THE_UNBORN)
    return emergency.EVERYONE_SIGNS


def sentence(msgid: str) -> str:
    """A phrase that goes on from other words, begun with a capital so that it can stand alone."""
    said = str(gettext(msgid))
    return said[:1].upper() + said[1:]


class HealthForm(_Screen):
    """What makes needling a question."""

    health = _ticks(_l("Which of these are true for you?"), description=_l("You may tick more than one, or none."))

    def __init__(self, *args: Any, told: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [code for code in CONDITIONS if told.expecting or code not in OF_PREGNANCY]
        self.health.choices = [SelectChoice(code.value, CONDITIONS[code]) for code in asked]

    @staticmethod
    def answered(told: Facts) -> dict[str, object]:
        """What is already ticked."""
        return {"health": [code.value for code in CONDITIONS if code in told.conditions or code in told.concerns]}

    def validate_health(self, field: Field) -> None:
        """What we ask about."""
        _known(field, CONDITIONS)

    def facts(self, before: Facts) -> Facts:
        """What was said before, with these ticks in place of the earlier ones; needles are asked elsewhere."""
        codes = set(self.health.data or ())
        conditions = frozenset(code for code in Condition if code in CONDITIONS and code.value in codes)
        concerns = frozenset(code for code in Concern if code in CONDITIONS and code.value in codes)
        return replace(
            before,
            conditions=(before.conditions & _NEEDLE_FACTS[0]) | conditions,
            concerns=(before.concerns & _NEEDLE_FACTS[1]) | concerns,
        )


class NeedlesForm(_Screen):
    """How somebody is with needles."""

    needles = _radios(_l("How are you with needles?"), _NEEDLES)

    @staticmethod
    def answered(told: Facts) -> dict[str, object]:
        """What was answered; that needles are no trouble is kept as nothing at all."""
        if Condition.NEEDLE_PHOBIA in told.conditions:
            return {"needles": NO_NEEDLES}
        return {"needles": NERVOUS if Concern.NEEDLE_NERVES in told.concerns else ""}

    def validate_needles(self, field: Field) -> None:
        """One of the answers, or none."""
        if field.data and field.data not in _NEEDLES:
            raise ValidationError(_l("Please choose one of the answers offered."))

    def facts(self, before: Facts) -> Facts:
        """What was said before, with this answer."""
        phobia, nerves = _NEEDLE_FACTS
        return replace(
            before,
            conditions=before.conditions - phobia | (phobia if self.needles.data == NO_NEEDLES else frozenset()),
            concerns=before.concerns - nerves | (nerves if self.needles.data == NERVOUS else frozenset()),
        )


class AgeForm(_Screen):
    """Whether a guardian has to consent. A birth date is never asked for."""

    age_group = _radios(_l("How old are you?"), _AGES)
    years = StringField(
        _l("Your age in years"),
        description=_l("Only if you are younger than 18."),
        filters=[cleaned],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3, "size": 4},
    )

    @staticmethod
    def answered(told: Facts) -> dict[str, object]:
        """What was answered."""
        if told.age is not None:
            return {"age_group": "younger", "years": str(told.age)}
        return {"age_group": "adult" if told.adult else ""}

    def validate_age_group(self, field: Field) -> None:
        """One of the answers, or none."""
        if field.data and field.data not in _AGES:
            raise ValidationError(_l("Please choose one of the answers offered."))
        years = self._years()
        if field.data == "adult" and years is not None and years < ADULT:
            raise ValidationError(_l("You also gave an age under 18. Please choose one, or empty the other."))

    def validate_years(self, field: Field) -> None:
        """A whole number of years; asked for of whoever is younger than 18."""
        if field.data and self._years() is None:
            raise ValidationError(_l("Please give your age as a whole number of years, such as 16."))
        if not field.data and self.age_group.data == "younger":
            raise ValidationError(_l("Please give your age: practitioners take patients from different ages on."))

    def facts(self, before: Facts) -> Facts:
        """What was said before, with this answer; the years of a grown person are not kept."""
        years = self._years()
        adult = self.age_group.data == "adult" or (years is not None and years >= ADULT)
        return replace(before, adult=adult, age=None if adult else years)

    def _years(self) -> int | None:
        text = self.years.data or ""
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= OLDEST):
            return None
        return int(text)


def stopped(before: Facts, stop: Stop | None) -> Facts:
    """What was said before, and only whether the list is stopped now."""
    return replace(before, stopped=stop is not None)


def _known(field: Field, codes: Iterable[str]) -> None:
    field.data = list(dict.fromkeys(value for value in field.data or () if value))
    if not set(field.data) <= {str(code) for code in codes}:
        raise ValidationError(_l("Please choose from the answers offered."))
