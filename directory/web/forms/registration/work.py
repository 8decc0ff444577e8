"""How somebody works: what they ask for, what a visit is like, and what they do when legs will not keep still."""

from __future__ import annotations

from wtforms import Field, ValidationError

from directory.http.locale import lazy_gettext as _l
from directory.practitioners.drafts import WAY_NUMBERS, Way
from directory.web.forms.registration.answers import count, number, question, said
from directory.web.forms.registration.step import StepForm


class WorkForm(StepForm):
    """Nothing here is needed; what is left open is shown as not said."""

    asks_ferritin = question(
        _l("Do you ask whether ferritin was measured?"),
        _l("Low iron is a common cause of restless legs that a doctor can find and treat."),
    )
    reads_medicines = question(
        _l("Do you read the patient’s list of medicines?"),
        _l("Some make restless legs worse. Changing them is the doctor’s work."),
    )
    writes_to_doctors = question(_l("Do you write to the GP or midwife?"), _l("When the patient agrees."))
    may_move = question(_l("May patients move when the urge comes?"), _l("Or have the needles taken out at once."))
    seated_or_standing = question(_l("Can you needle somebody who sits or stands?"))
    single_use_needles = question(_l("Do you use sterile needles once only?"))
    visit_minutes = count(_l("How long a visit takes, in minutes"))
    needle_minutes = count(_l("How long the needles stay, in minutes"))
    visits_a_week = count(_l("Visits a week at first"))
    first_weeks = count(_l("For how many weeks"))
    review_after_visits = count(_l("You look together whether it helps after how many visits"))

    @property
    def way(self) -> Way:
        """What was said; only after ``validate`` said yes."""
        return Way(
            asks_ferritin=said(self.asks_ferritin.data),
            reads_medicines=said(self.reads_medicines.data),
            writes_to_doctors=said(self.writes_to_doctors.data),
            single_use_needles=said(self.single_use_needles.data),
            may_move=said(self.may_move.data),
            seated_or_standing=said(self.seated_or_standing.data),
            visit_minutes=_number(self.visit_minutes),
            needle_minutes=_number(self.needle_minutes),
            visits_a_week=_number(self.visits_a_week),
            first_weeks=_number(self.first_weeks),
            review_after_visits=_number(self.review_after_visits),
        )

    def _validate_count(self, field: Field) -> None:
        _number(field)

    validate_visit_minutes = validate_visits_a_week = validate_review_after_visits = _validate_count

    def validate_needle_minutes(self, field: Field) -> None:
        """Not longer than the visit."""
        needles, visit = _number(field), self.visit_minutes.data
        if needles is not None and visit.isascii() and visit.isdigit() and needles > int(visit):
            raise ValidationError(_l("The needles cannot stay longer than the visit lasts."))

    def validate_first_weeks(self, field: Field) -> None:
        """Together with how often."""
        if _number(field) is not None and not self.visits_a_week.data:
            raise ValidationError(_l("Please also say how many visits a week."))


def _number(field: Field) -> int | None:
    return number(field, *WAY_NUMBERS[field.name])
