"""Saving a search."""

from __future__ import annotations

from wtforms import BooleanField, Field, StringField, ValidationError

from directory.alerts.terms import FACTS_CONSENT_TEXT
from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import LONGEST_EMAIL, PostedForm, needed, shaped_like_email
from directory.web.forms.texts import cleaned


class SaveSearchForm(PostedForm):
    """Where to write, and whether what was told about oneself is kept with the search."""

    email = StringField(
        _l("Your email address"),
        description=_l("We send one letter to it first. Nothing more comes until you say yes there."),
        filters=[cleaned],
        render_kw={
            "type": "email",
            "autocomplete": "email",
            "spellcheck": "false",
            "autocapitalize": "none",
            "maxlength": LONGEST_EMAIL,
        },
    )
    keep_facts = BooleanField(_l(FACTS_CONSENT_TEXT))
    website = StringField(_l("Leave this field empty"), filters=[cleaned])
    """No person sees it; programs that fill in every field do."""

    def validate_email(self, field: Field) -> None:
        """Needed, and with the shape of an address."""
        needed(field, _l("Please give your email address."), LONGEST_EMAIL)
        shaped_like_email(field)

    def validate_website(self, field: Field) -> None:
        """Empty."""
        if field.data:
            raise ValidationError(_l("This field must stay empty. Please clear it and send the form again."))
