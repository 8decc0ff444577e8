"""Experience with restless legs syndrome, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import BooleanField, Field, RadioField, ValidationError
from wtforms.fields import SelectChoice

from directory.credentials.stating.declared import LARGEST_NUMBER, LONGEST_YEARS
from directory.credentials.terms import OutcomeTracking
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.registration.fields import amount, count, day, one_line, some_lines
from directory.web.forms.registration.step import StepForm

TRACKING: Final[Mapping[OutcomeTracking, Any]] = {
    OutcomeTracking.NONE: _l("I do not write it down in a set way"),
    OutcomeTracking.OWN_DIARY: _l("With a diary of my own, or the patient’s"),
    OutcomeTracking.VALIDATED_SCALE_ROUTINE: _l("With a recognised scale, for every such patient"),
    OutcomeTracking.AGGREGATE_REPORTED: _l("With a recognised scale, and I report results of all patients together"),
}
_WITH_A_SCALE: Final = frozenset({OutcomeTracking.VALIDATED_SCALE_ROUTINE, OutcomeTracking.AGGREGATE_REPORTED})


class RlsForm(StepForm):
    """Every item may be left empty: "none yet" is an honest answer and hides nobody."""

    patients_24m = count(
        _l("People with restless legs you have seen in the last 24 months"),
        _l("People, not visits. If you are not sure, give the number you are sure of. 0 if none yet."),
    )
    visits_per_week = count(
        _l("Visits of all your patients in a usual week"),
        _l("Not shown. It only helps us to understand a large number above."),
    )
    years = amount(
        _l("For how many years have you seen people with restless legs?"),
        _l("Years and halves, such as 2.5. Years in practice as such do not count here."),
    )
    training_hours = amount(
        _l("Hours of training about restless legs, sleep or neurology"),
        _l("Beyond your first training. What counts halves every five years, so the newest matters most."),
    )
    training_on = day(_l("Day it was finished"))
    training_provider = one_line(_l("Who held it"), autocomplete="organization")
    training_title = one_line(_l("Its title"))
    outcomes = RadioField(
        _l("How do you follow whether it helps?"),
        choices=[SelectChoice(each, TRACKING[each]) for each in OutcomeTracking],
        default=OutcomeTracking.NONE,
    )
    scale = one_line(_l("Which scale"), _l("Such as IRLS or RLS-6."), longest=120)
    scale_permitted = BooleanField(
        _l("I may use this scale: I have the permission or licence of whoever owns it"),
        description=_l("Most scales belong to somebody, IRLS and RLS-QoL too. Without permission it does not count."),
    )
    liaison = BooleanField(_l("I write to the patient’s doctor, neurologist or sleep clinic when the patient agrees"))
    liaison_with = one_line(
        _l("With whom, in general"),
        _l("Such as GPs, or the sleep clinic of a hospital. Never name a patient."),
    )
    publications = count(
        _l("Papers or courses of yours about restless legs"), _l("Published papers and courses you taught.")
    )
    publications_listed = some_lines(
        _l("Which ones"), _l("One on each line: a DOI, a link, or title, place and year."), rows=3
    )
    supervisor = one_line(
        _l("Your supervisor for this work, if you have one"),
        _l("Good to name when you are new to it. Ask them first: their name is shown on your page."),
        autocomplete="off",
    )
    supervisor_reach = one_line(
        _l("How we can ask them"), _l("An email address or a telephone number. It is never shown."), longest=254
    )
    attested = BooleanField(_l("What I say here about my work is true, and describes it as it is today."))

    def validate_patients_24m(self, field: Field) -> None:
        """Within what a number may be; a large one is asked about later and refused by nobody."""
        _within(field, LARGEST_NUMBER)

    def validate_years(self, field: Field) -> None:
        """Within a life."""
        _within(field, LONGEST_YEARS)

    def validate_training_on(self, field: Field) -> None:
        """Needed beside hours."""
        if self.training_hours.data and field.data is None and not field.errors:
            raise ValidationError(_l("Please say when it was finished: training counts less the longer ago it was."))

    def validate_outcomes(self, field: Field) -> None:
        """One of the answers."""
        if field.data not in tuple(OutcomeTracking):
            raise ValidationError(_l("Please choose one of the answers offered."))

    def validate_scale(self, field: Field) -> None:
        """Needed where one is used."""
        if self.outcomes.data in _WITH_A_SCALE and not field.data:
            raise ValidationError(_l("Please name the scale."))

    def validate_scale_permitted(self, field: Field) -> None:
        """Needed where one is used."""
        if self.outcomes.data in _WITH_A_SCALE and not field.data:
            raise ValidationError(
                _l("Recognised scales belong to somebody. Say that you may use this one, or choose the diary above.")
            )


def _within(field: Field, most: int) -> None:
    if field.data is not None and field.data > most:
        raise ValidationError(_l("Please check this number."))
