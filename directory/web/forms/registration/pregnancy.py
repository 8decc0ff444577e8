"""The declaration about work in pregnancy, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import BooleanField, Field, RadioField, SelectMultipleField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from directory.credentials.rules import LEAST_MATERNITY_HOURS
from directory.credentials.stating.declared import PregnancyStated
from directory.credentials.terms import Liaison, PointPolicy
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.registration.fields import amount, count, one_line, some_lines
from directory.web.forms.registration.step import StepForm

TRIMESTERS: Final[Mapping[str, tuple[int, int]]] = {"first": (0, 13), "second": (14, 27), "third": (28, 42)}
"""In completed weeks."""

_NAMES: Final = {
    "first": _l("First trimester: to the end of week 13"),
    "second": _l("Second trimester: weeks 14 to 27"),
    "third": _l("Third trimester: from week 28 on"),
}
POLICIES: Final[Mapping[PointPolicy, Any]] = {
    PointPolicy.AVOID_TRADITIONAL_LIST: _l("I avoid the traditional list of points before 37 weeks"),
    PointPolicy.RISK_BENEFIT_CONSENT: _l("I weigh each point with the patient, with written consent"),
    PointPolicy.NONE: _l("I have no written policy on points"),
}


class PregnancyForm(StepForm):
    """Who answers "no" is done. Unsigned, the rest is a draft."""

    treats = RadioField(
        _l("Do you see people who are pregnant?"),
        choices=[SelectChoice("no", _l("No")), SelectChoice("yes", _l("Yes"))],
        validate_choice=False,
    )
    trimesters = SelectMultipleField(
        _l("In which trimesters?"),
        choices=[SelectChoice(key, name) for key, name in _NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    min_week = count(
        _l("Not before week"), _l("Only if you begin later than the first trimester you ticked."), maxlength=2
    )
    max_week = count(_l("Not after week"), _l("Only if you end before the last trimester you ticked."), maxlength=2)
    training_provider = one_line(_l("Who held it"), autocomplete="organization")
    training_title = one_line(_l("Its title"))
    training_hours = amount(
        _l("Hours of maternity acupuncture training"),
        _l(
            "We ask for at least %(hours)s, with the certificate seen. This is our own rule; no regulator sets one.",
            hours=LEAST_MATERNITY_HOURS,
        ),
    )
    point_policy = RadioField(
        _l("What do you do about the points that many avoid in pregnancy?"),
        choices=[SelectChoice(key, name) for key, name in POLICIES.items()],
        default=PointPolicy.NONE,
        validate_choice=False,
    )
    point_policy_words = some_lines(_l("In your own words"), _l("If there is more to say."), rows=3)
    written_consent = BooleanField(_l("Every pregnant patient signs a consent that names pregnancy"))
    emergency_red_flags = BooleanField(_l("I ask about warning signs at every visit, from a written list"))
    emergency_contact = BooleanField(_l("I have the number of the patient’s maternity unit before I begin"))
    emergency_stops = BooleanField(_l("When a warning sign appears I stop, and they are seen the same day"))
    positions_adapted = BooleanField(
        _l("I treat lying on the side or half sitting, and nobody lies flat on their back for long late in pregnancy")
    )
    liaison = BooleanField(_l("I write to the midwife or obstetrician when the patient agrees"))
    not_offered_as_induction = BooleanField(_l("I do not offer acupuncture to start labour before term"))
    electro_and_moxa_policy = some_lines(
        _l("Electro-acupuncture and moxa in pregnancy: what is your policy?"), _l("Such as “neither”."), rows=2
    )
    adverse_event_log = BooleanField(_l("I keep a log of unwanted effects"))
    patients_24m = count(_l("Pregnant people you have seen in the last 24 months"), _l("People, not visits."))
    second_registration = one_line(
        _l("A second registration as midwife, nurse or doctor"),
        _l("Such as Midwife, NMC. A current one may count as the training once two of us agree."),
    )
    truth = BooleanField(_l("All of this is true. I know it is shown, and that it counts for twelve months."))
    signed_name = one_line(
        _l("Your full name, as a signature"),
        _l("As it stands on your profile. Leave it empty to keep a draft."),
        autocomplete="name",
    )

    def validate_treats(self, field: Field) -> None:
        """Answered."""
        if field.data not in ("no", "yes"):
            raise ValidationError(_l("Please say whether you see pregnant people. “No” is an answer."))

    def validate_trimesters(self, field: Field) -> None:
        """Known ones that follow each other."""
        if self.treats.data != "yes":
            return
        if any(each not in TRIMESTERS for each in field.data or ()):
            raise ValidationError(_l("Please choose from the answers offered."))
        if "first" in field.data and "third" in field.data and "second" not in field.data:
            raise ValidationError(_l("Please tick trimesters that follow each other."))
        if self.signed_name.data and not field.data:
            raise ValidationError(_l("Please say for which weeks, before you sign."))

    def validate_min_week(self, field: Field) -> None:
        """Within the trimesters ticked."""
        self._within_trimesters(field)

    def validate_max_week(self, field: Field) -> None:
        """Within the trimesters ticked, and not before the first."""
        self._within_trimesters(field)
        first = self.min_week.data
        if field.data is not None and first is not None and self.treats.data == "yes" and first > field.data:
            raise ValidationError(_l("The first week must not lie behind the last."))

    def validate_point_policy(self, field: Field) -> None:
        """One of the answers."""
        if field.data not in tuple(PointPolicy):
            raise ValidationError(_l("Please choose one of the answers offered."))

    def validate_signed_name(self, field: Field) -> None:
        """Together with the sentence above it."""
        if field.data and self.treats.data == "yes" and not self.truth.data:
            raise ValidationError(_l("Please tick the sentence above your name as well, or leave the name empty."))

    def _within_trimesters(self, field: Field) -> None:
        if field.data is None or self.treats.data != "yes":
            return
        window = self._ticked()
        if window is None:
            raise ValidationError(_l("Please tick the trimester this week lies in."))
        if not window[0] <= field.data <= window[1]:
            raise ValidationError(
                _l(
                    "This week lies outside the trimesters you ticked, which are weeks %(first)s to %(last)s.",
                    first=window[0],
                    last=window[1],
                )
            )

    def _ticked(self) -> tuple[int, int] | None:
        ticked = [TRIMESTERS[each] for each in self.trimesters.data or () if each in TRIMESTERS]
        return (min(first for first, _ in ticked), max(last for _, last in ticked)) if ticked else None

    def stated(self) -> PregnancyStated:
        """What was declared; only after ``validate`` said yes."""
        window = self._ticked()
        return PregnancyStated(
            treats=self.treats.data == "yes",
            min_week=None if window is None else _first(self.min_week.data, window[0]),
            max_week=None if window is None else _first(self.max_week.data, window[1]),
            training_provider=self.training_provider.data,
            training_title=self.training_title.data,
            training_hours=self.training_hours.data or 0.0,
            point_policy=PointPolicy(self.point_policy.data),
            point_policy_words=self.point_policy_words.data,
            written_consent=self.written_consent.data,
            emergency_red_flags=self.emergency_red_flags.data,
            emergency_contact=self.emergency_contact.data,
            emergency_stops=self.emergency_stops.data,
            positions_adapted=self.positions_adapted.data,
            liaison=Liaison.SELF_ATTESTED if self.liaison.data else Liaison.NONE,
            not_offered_as_induction=self.not_offered_as_induction.data,
            electro_and_moxa_policy=self.electro_and_moxa_policy.data,
            adverse_event_log=self.adverse_event_log.data,
            patients_24m=self.patients_24m.data or 0,
            second_registration=self.second_registration.data,
        )


def as_typed(said: PregnancyStated) -> dict[str, Any]:
    """The fields that would say this."""
    values: dict[str, Any] = {
        name: getattr(said, name) for name in PregnancyStated.__dataclass_fields__ if name not in _OTHERWISE
    }
    first, last = said.min_week, said.max_week
    ticked = [
        key for key, (a, b) in TRIMESTERS.items() if first is not None and last is not None and a <= last and first <= b
    ]
    starts = {a for a, _ in TRIMESTERS.values()}
    ends = {b for _, b in TRIMESTERS.values()}
    return values | {
        "treats": "yes" if said.treats else "no",
        "liaison": said.liaison is not Liaison.NONE,
        "trimesters": ticked,
        "min_week": None if first in starts else first,
        "max_week": None if last in ends or last == 43 else last,
    }


_OTHERWISE: Final = frozenset({"treats", "liaison", "min_week", "max_week"})


def _first(typed: int | None, otherwise: int) -> int:
    return otherwise if typed is None else typed
