"""Where somebody learnt: schools and the clean needle technique course."""

from __future__ import annotations

from wtforms import Field

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import needed
from directory.web.forms.registration.fields import count, day, one_line
from directory.web.forms.registration.step import StepForm


class EducationListForm(StepForm):
    """The list itself asks nothing."""


class SchoolForm(StepForm):
    """One programme."""

    body = one_line(_l("School"), _l("Its name when you were there."), autocomplete="organization")
    title = one_line(_l("Programme or degree"), _l("Such as Master of Acupuncture, or Lic.Ac."))
    completed_year = count(_l("Year you finished"), maxlength=4)
    accredited_by = one_line(
        _l("Who accredited the programme then"),
        _l("Leave it empty if nobody did or you do not know. Start typing for suggestions, or write another name."),
        longest=120,
        list="accreditors",
    )
    name_on_record = one_line(_l("Name on the certificate, if it is another one"))

    def validate_body(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please name the school."), 200)


class NeedleForm(StepForm):
    """A clean needle technique course."""

    body = one_line(
        _l("Who held the course"),
        _l("In the United States this is the Council of Colleges of Acupuncture and Herbal Medicine (CCAHM)."),
        autocomplete="organization",
    )
    title = one_line(_l("Name of the course"))
    valid_from = day(_l("Day of the certificate"))
    number = one_line(_l("Number of the certificate"), longest=80)
    name_on_record = one_line(_l("Name on the certificate, if it is another one"))

    def validate_body(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please say who held the course."), 200)
