"""Picking somebody for the shortlist, and taking them off again."""

from __future__ import annotations

from typing import Final

from wtforms import Field, StringField, ValidationError

from directory.http.locale import lazy_gettext as _l
from directory.web import picks
from directory.web.forms.posted import PostedForm
from directory.web.forms.texts import cleaned

FROM_PROFILE: Final = "profile"
FROM_COMPARISON: Final = "compare"


class PickForm(PostedForm):
    """Whom, and from which page the button was pressed: the list unless it says otherwise."""

    who = StringField(_l("Whom"), filters=[cleaned])
    page = StringField(_l("From which page"), filters=[cleaned])

    def validate_who(self, field: Field) -> None:
        """Somebody's public name in addresses."""
        if not picks.readable(field.data):
            raise ValidationError(_l("There is no practitioner of that name."))
