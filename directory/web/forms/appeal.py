"""Saying that one does not agree with a decision."""

from __future__ import annotations

from wtforms import Field, RadioField, TextAreaField, ValidationError

from directory.complaints.rules import LONGEST_TEXT
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm, lines, needed


class AppealForm(PostedForm):
    """Which decision, and why not."""

    decision = RadioField(_l("Which decision is it about?"), validate_choice=False)
    text = TextAreaField(
        _l("Why do you not agree?"),
        description=_l("Please write nothing that tells who your patients are."),
        filters=[lines],
        render_kw={"rows": 6, "maxlength": LONGEST_TEXT},
    )

    def validate_decision(self, field: Field) -> None:
        """One of those on the page."""
        if field.data not in {str(choice.value) for choice in field.choices}:
            raise ValidationError(_l("Please choose one of these."))

    def validate_text(self, field: Field) -> None:
        """Needed."""
        needed(field, _l("Please write a few words."), LONGEST_TEXT)
