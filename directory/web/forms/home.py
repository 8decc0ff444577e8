"""The first question: where are you, and are you pregnant?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from directory.web.forms.about_you import AboutYouForm
from directory.web.forms.texts import cleaned


class HomeForm(AboutYouForm):
    """Whether the place is known is asked of the gazetteer by the page, which can offer other names."""

    place = StringField(
        _l("Where do you need someone?"),
        description=_l("A postcode or ZIP code, or a town with its state or county."),
        filters=[cleaned],
        render_kw={"autocomplete": "postal-code", "autocapitalize": "words", "spellcheck": "false", "maxlength": 200},
    )
