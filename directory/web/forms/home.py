"""The first question: where are you, and are you pregnant?"""

from __future__ import annotations

from collections.abc import Iterator

from wtforms import Field, StringField

from directory.http.locale import lazy_gettext as _l
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

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page: the place comes first, also among complaints."""
        return iter(sorted(super().__iter__(), key=lambda field: field.name != "place"))
