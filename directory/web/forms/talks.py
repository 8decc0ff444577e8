"""What both sides of a talk fill in: one of the times on offer, and a few words."""

from __future__ import annotations

from datetime import datetime

from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice

from directory.consultations.rules import LONGEST_MESSAGE
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, needed


class ChoosingForm(PostedForm):
    """One of some times."""

    starts = RadioField(_l("Which time?"), validate_choice=False)

    def offer(self, times: list[tuple[str, str]]) -> None:
        """These are to be chosen from."""
        self.starts.choices = [SelectChoice(value, said) for value, said in times]

    def validate_starts(self, field: Field) -> None:
        """One of them."""
        if field.data not in {each.value for each in field.choices}:
            raise ValidationError(_l("Please choose one of these."))

    @property
    def chosen(self) -> datetime:
        """The instant."""
        return datetime.fromisoformat(self.starts.data)


class MessageForm(PostedForm):
    """A few words to the other side."""

    text = TextAreaField(
        _l("Your message"),
        description=_l("Kept encrypted, and erased some time after the talk. Please write no address or number here."),
        filters=[lines],
        render_kw={"rows": 4, "maxlength": LONGEST_MESSAGE},
    )

    def validate_text(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please write a few words."), LONGEST_MESSAGE)
