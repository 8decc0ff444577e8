"""Hiding a jurisdiction, or showing it again: why, and whether it is meant."""

from __future__ import annotations

from wtforms import BooleanField, Field, TextAreaField, ValidationError

from directory.http.locale import lazy_gettext as _l
from directory.jurisdictions.service import LONGEST_REASON
from directory.web.forms.posted import PostedForm, lines, needed


class SwitchForm(PostedForm):
    """One reason and one box, for both directions."""

    reason = TextAreaField(
        _l("Why"),
        description=_l("Only the desk reads it. The public reads no reason."),
        filters=[lines],
        render_kw={"rows": 3, "maxlength": LONGEST_REASON},
    )
    confirm = BooleanField(_l("Yes, at once and everywhere"))

    def validate_reason(self, field: Field) -> None:
        """Given, and not too long."""
        needed(field, _l("Please say why."), LONGEST_REASON)

    def validate_confirm(self, field: Field) -> None:
        """Ticked."""
        if not field.data:
            raise ValidationError(_l("Please tick this box if that is what you want."))
