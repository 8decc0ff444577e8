"""Closing somebody's profile, and opening it again."""

from __future__ import annotations

from typing import Final

from wtforms import BooleanField, DateField, Field, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from directory.http.locale import lazy_gettext as _l
from directory.practitioners.closing.terms import Closing
from directory.web.forms.posted import PostedForm, lines, needed

LONGEST_REASON: Final = 1000

WHY: Final = {
    Closing.RETIRED: _l("They have retired"),
    Closing.CLOSED: _l("They have closed their practice"),
    Closing.MOVED: _l("They have moved away and practise elsewhere"),
    Closing.DIED: _l("They have died"),
}


class CloseProfileForm(PostedForm):
    """Why, since when, and whether a letter goes to the account."""

    why = RadioField(
        _l("What has happened"),
        description=_l("Only the desk knows which it is. The page says that this person practises no longer."),
        choices=[SelectChoice(each.value, said) for each, said in WHY.items()],
        validators=[InputRequired(_l("Please choose one."))],
    )
    on = DateField(_l("Since which day"), validators=[InputRequired(_l("Please give a day, such as today."))])
    tell = BooleanField(
        _l("Write one neutral letter to the account"),
        description=_l("It names no reason and asks for nothing. After a death, leave it away unless the family asks."),
    )


class ReopenForm(PostedForm):
    """Why a closing was a mistake."""

    reason = TextAreaField(
        _l("Why it was a mistake"),
        description=_l("Somebody else of the desk reads it and has to agree."),
        filters=[lines],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )

    def validate_reason(self, field: Field) -> None:
        """Given, and not too long."""
        needed(field, _l("Please say why."), LONGEST_REASON)
