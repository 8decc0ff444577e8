"""A certifier's answer."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from directory.http.locale import lazy_gettext as _l
from directory.web.forms.posted import PostedForm


class CertifierAnswerForm(PostedForm):
    """Yes, or no."""

    confirms = RadioField(
        _l("Is that so?"),
        choices=[
            SelectChoice("yes", _l("Yes: we certify this person, and that is the address we have on file")),
            SelectChoice("no", _l("No, or we cannot say")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )
